"""The session over the asyncio client of python-socketio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import socketio

from .backoff import Backoff
from .session import Send, Session

MESSAGES = ("frame", "beat", "notice", "tail")
Inbox = asyncio.Queue[tuple[str, Any]]


async def follow(url: str, transports: list[str], session: Session) -> None:
    """Connects, and connects again, until the session is over."""
    backoff = Backoff(first=0.5, most=15.0)
    while not session.over:
        inbox: Inbox = asyncio.Queue(maxsize=1000)
        client = _client(inbox)
        try:
            await client.connect(url, transports=transports, wait_timeout=10)
            await _talk(client, inbox, session, backoff)
        except socketio.exceptions.SocketIOError:
            pass  # Another attempt follows.
        finally:
            await client.disconnect()
        if not session.over:
            told = session.leave_at - time.monotonic()
            wait = backoff.wait()
            await asyncio.sleep(max(wait, told) if told < 3600 else wait)


def _client(inbox: Inbox) -> socketio.AsyncClient:
    client = socketio.AsyncClient(reconnection=False)

    def forward(name: str) -> None:
        async def handle(*args: Any) -> None:
            await inbox.put((name, args and args[0]))

        client.on(name, handle)

    for name in (*MESSAGES, "disconnect"):
        forward(name)
    return client


async def _talk(
    client: socketio.AsyncClient,
    inbox: Inbox,
    session: Session,
    backoff: Backoff,
) -> None:
    await _send(client, inbox, session.connected(time.monotonic()))
    while not session.over and not session.dead(time.monotonic()):
        try:
            name, body = await asyncio.wait_for(inbox.get(), timeout=0.1)
        except asyncio.TimeoutError:
            await _send(client, inbox, session.tick(time.monotonic()))
            continue
        if name == "disconnect":
            return
        backoff.reset()
        now = time.monotonic()
        await _send(client, inbox, session.receive(name, body, now))
        await _send(client, inbox, session.tick(now))


async def _send(
    client: socketio.AsyncClient, inbox: Inbox, sends: Iterable[Send]
) -> None:
    for send in sends:
        if send.question is None:
            await client.emit(send.event, send.body)
            continue

        async def answered(reply: Any, number: int = send.question) -> None:
            await inbox.put(("answer", (number, reply)))

        await client.emit(send.event, send.body, callback=answered)
