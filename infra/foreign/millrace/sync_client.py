"""The session over the synchronous client of python-socketio."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable
from typing import Any

import socketio

from .backoff import Backoff
from .session import Send, Session

MESSAGES = ("frame", "beat", "notice", "tail")
Inbox = queue.Queue[tuple[str, Any]]


def follow(url: str, transports: list[str], session: Session) -> None:
    """Connects, and connects again, until the session is over."""
    backoff = Backoff(first=0.5, most=15.0)
    while not session.over:
        inbox: Inbox = queue.Queue(maxsize=1000)
        client = _client(inbox)
        try:
            client.connect(url, transports=transports, wait_timeout=10)
            _talk(client, inbox, session, backoff)
        except socketio.exceptions.SocketIOError:
            pass  # Another attempt follows.
        finally:
            client.disconnect()
        if not session.over:
            told = session.leave_at - time.monotonic()
            wait = backoff.wait()
            time.sleep(max(wait, told) if told < 3600 else wait)


def _client(inbox: Inbox) -> socketio.Client:
    client = socketio.Client(reconnection=False)

    def forward(name: str) -> None:
        client.on(name, lambda *args: inbox.put((name, args and args[0])))

    for name in (*MESSAGES, "disconnect"):
        forward(name)
    return client


def _talk(
    client: socketio.Client, inbox: Inbox, session: Session, backoff: Backoff
) -> None:
    _send(client, inbox, session.connected(time.monotonic()))
    while not session.over and not session.dead(time.monotonic()):
        try:
            name, body = inbox.get(timeout=0.1)
        except queue.Empty:
            _send(client, inbox, session.tick(time.monotonic()))
            continue
        if name == "disconnect":
            return
        backoff.reset()
        now = time.monotonic()
        _send(client, inbox, session.receive(name, body, now))
        _send(client, inbox, session.tick(now))


def _send(
    client: socketio.Client, inbox: Inbox, sends: Iterable[Send]
) -> None:
    for send in sends:
        if send.question is None:
            client.emit(send.event, send.body)
            continue

        def answered(reply: Any, number: int = send.question) -> None:
            inbox.put(("answer", (number, reply)))

        client.emit(send.event, send.body, callback=answered)
