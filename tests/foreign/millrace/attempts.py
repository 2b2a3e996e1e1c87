"""Which transports are tried, and how long each (PROTOCOL.md 1.11)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """Transports as the library takes them, and seconds to open in."""

    transports: list[str]
    within: float


Attempts = tuple[Attempt, ...]

WEBSOCKET = Attempt(["websocket"], within=2.5)
POLLING = Attempt(["polling"], within=10.0)
UPGRADE = Attempt(["polling", "websocket"], within=10.0)

ATTEMPTS: dict[str, Attempts] = {
    "websocket": (WEBSOCKET,),
    "polling": (POLLING,),
    "upgrade": (UPGRADE,),
    "any": (WEBSOCKET, POLLING),
}
