"""The session over the synchronous client of python-socketio."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable
from typing import Any

import socketio

from .attempts import Attempt, Attempts
from .backoff import Backoff
from .session import Send, Session

MESSAGES = ("frame", "beat", "notice", "tail")
Inbox = queue.Queue[tuple[str, Any]]


def follow(url: str, attempts: Attempts, session: Session) -> None:
    """Connects, and connects again, until the session is over."""
    backoff = Backoff(first=0.5, most=15.0)
    while not session.over:
        for attempt in attempts:
            if _try(url, attempt, session, backoff) or session.over:
                break
        if not session.over:
            told = session.told_to_wait(time.monotonic())
            time.sleep(max(backoff.wait(), told))


def _try(
    url: str, attempt: Attempt, session: Session, backoff: Backoff
) -> bool:
    """One connection from its beginning to its end; False if none opened."""
    inbox: Inbox = queue.Queue(maxsize=1000)
    client = _client(inbox, attempt.within)
    opened = False
    try:
        client.connect(
            url,
            auth=session.auth,
            transports=attempt.transports,
            wait_timeout=attempt.within,
        )
        opened = True
        _talk(client, inbox, session, backoff)
    except socketio.exceptions.SocketIOError:
        # Another attempt follows, unless the entry was refused for good.
        while not opened and not inbox.empty():
            name, body = inbox.get_nowait()
            session.receive(name, body, time.monotonic())
    finally:
        client.disconnect()
    return opened


def _client(inbox: Inbox, within: float) -> socketio.Client:
    client = socketio.Client(reconnection=False, request_timeout=within)

    def forward(name: str) -> None:
        client.on(name, lambda *args: inbox.put((name, args and args[0])))

    for name in (*MESSAGES, "disconnect", "connect_error"):
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
