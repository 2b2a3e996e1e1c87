"""Acknowledging what was applied (PROTOCOL.md 1.7)."""

from __future__ import annotations

FRAMES = 4
WITHIN = 0.25


class Credit:
    """Collects a few frames for one acknowledgement. Times in seconds."""

    def __init__(self) -> None:
        self._highest = -1
        self._waiting = 0
        self._due = 0.0

    def received(self, to: int, now: float) -> None:
        """A frame or an answer up to this offset has been applied."""
        self._highest = max(self._highest, to)
        if self._waiting == 0:
            self._due = now + WITHIN
        self._waiting += 1

    def take(self, now: float) -> int | None:
        """The offset to acknowledge now, if it is time."""
        if self._waiting == 0:
            return None
        if self._waiting < FRAMES and now < self._due:
            return None
        self._waiting = 0
        return self._highest
