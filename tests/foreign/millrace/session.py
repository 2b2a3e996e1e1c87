"""What a client says and does, whatever carries its messages.

No sockets, threads or clocks: messages and times (seconds, of any steady
clock) come in as arguments, messages to send come out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .backoff import Backoff
from .credit import Credit
from .view import View

ANSWER_WITHIN = 20.0
SILENCE = 6.0
KEY_IS_OVER = ("revoked_key", "expired_key")


@dataclass
class Send:
    """A message to send. Only a question is acknowledged: by its number."""

    event: str
    body: dict[str, Any]
    question: int | None = None


class Session:
    """One view, over as many connections as it takes.

    `tell` hears of everything that happens, as JSON objects with a `kind`.
    """

    def __init__(
        self,
        request: dict[str, Any],
        tell: Callable[[dict[str, Any]], None],
        key: str | None = None,
    ) -> None:
        self.auth = {} if key is None else {"key": key}
        self.view = View()
        self.over = False
        self.leave_at = math.inf
        self._request = request
        self._tell = tell
        self._id: str | None = None
        self._question = 0
        self._open = False
        self._ask_at = math.inf
        self._aside: list[dict[str, Any]] = []
        self._refusals = Backoff(first=1.0, most=30.0)
        self._credit = Credit()
        self._heard_at = 0.0

    def connected(self, now: float) -> list[Send]:
        """On every new connection: ask, with the cursor if there is one."""
        self.leave_at = math.inf
        self._heard_at = now
        self._credit = Credit()
        return [self._ask(now)]

    def dead(self, now: float) -> bool:
        """True when the connection is to be left."""
        return now - self._heard_at > SILENCE or now >= self.leave_at

    def told_to_wait(self, now: float) -> float:
        """Seconds that the server asked to be left alone for."""
        if self.leave_at == math.inf:
            return 0.0
        return max(0.0, self.leave_at - now)

    def receive(self, name: str, body: Any, now: float) -> list[Send]:
        """A message; `answer` is that to a question: (number, reply)."""
        self._heard_at = now
        if name == "answer":
            question, reply = body
            return self._answered(question, reply, now)
        if name == "frame":
            return self._framed(body, now)
        if name == "beat":
            self._tell({"kind": "beat", "offset": body["offset"]})
        elif name == "notice":
            self._noticed(body, now)
        elif name == "connect_error":
            self._kept_out(body, now)
        return []

    def tick(self, now: float) -> list[Send]:
        """What is due; to be called several times a second."""
        sends = [self._ask(now)] if now >= self._ask_at else []
        to = self._credit.take(now)
        return sends if to is None else [*sends, Send("ack", {"to": to})]

    def _ask(self, now: float) -> Send:
        message: dict[str, Any] = {"request": self._request}
        cursor = self.view.cursor()
        if cursor is not None:
            message |= {"cursor": cursor, "version": self.view.version}
        self._question += 1
        self._open = True
        self._aside = []
        self._ask_at = now + ANSWER_WITHIN
        self._tell({"kind": "asked", "cursor": cursor})
        return Send("subscribe", message, self._question)

    def _answered(
        self, question: int, reply: dict[str, Any], now: float
    ) -> list[Send]:
        if question != self._question:
            return []
        if not reply["ok"]:
            self._refused(reply["error"], now)
            return []
        self._open = False
        self._ask_at = math.inf
        self._refusals.reset()
        self._id = reply["info"]["view"]
        sends = self._take("answer", reply["frame"], now)
        for frame in self._aside:
            sends += self._framed(frame, now)
        return sends

    def _framed(self, frame: dict[str, Any], now: float) -> list[Send]:
        # A frame may overtake the answer that it follows on the wire, since
        # the synchronous library handles each message in its own thread.
        if self._open:
            self._aside.append(frame)
            return []
        return self._take("frame", frame, now)

    def _take(
        self, kind: str, frame: dict[str, Any], now: float
    ) -> list[Send]:
        self._credit.received(frame["to"], now)
        for change in frame["views"]:
            if change["view"] != self._id:
                continue
            outcome = self.view.apply(frame, change)
            self._tell(
                {
                    "kind": kind,
                    "outcome": outcome,
                    "snapshot": change.get("snapshot", False),
                    "cursor": self.view.cursor(),
                    "contents": self.view.contents(),
                }
            )
            if outcome == "behind" and not self._open:
                return [self._ask(now)]
        return []

    def _noticed(self, notice: dict[str, Any], now: float) -> None:
        self._tell({"kind": "notice", "notice": notice})
        if notice.get("view") is not None:
            if notice["view"] == self._id:
                self._refused(notice, now)
        elif notice.get("after") is not None:
            self.leave_at = now + notice["after"] / 1000
        elif notice["code"] in KEY_IS_OVER:
            self._refused(notice, now)

    def _kept_out(self, error: Any, now: float) -> None:
        # A refused entry comes with a refusal, a lost network with words.
        refusal = error.get("data") if isinstance(error, dict) else None
        if isinstance(refusal, dict) and not refusal["retry"]:
            self._refused(refusal, now)

    def _refused(self, refusal: dict[str, Any], now: float) -> None:
        self._tell({"kind": "refused", "refusal": refusal})
        self.over = not refusal["retry"]
        wait = self._refusals.wait() if refusal["retry"] else math.inf
        self._ask_at = now + wait
