"""The session over the asyncio client of python-socketio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import socketio

from .attempts import Attempt, Attempts
from .backoff import Backoff
from .session import Send, Session

MESSAGES = ("frame", "beat", "notice", "tail")
Inbox = asyncio.Queue[tuple[str, Any]]


async def follow(url: str, attempts: Attempts, session: Session) -> None:
    """Connects, and connects again, until the session is over."""
    backoff = Backoff(first=0.5, most=15.0)
    while not session.over:
        for attempt in attempts:
            if await _try(url, attempt, session, backoff) or session.over:
                break
        if not session.over:
            told = session.told_to_wait(time.monotonic())
            await asyncio.sleep(max(backoff.wait(), told))


async def _try(
    url: str, attempt: Attempt, session: Session, backoff: Backoff
) -> bool:
    """One connection from its beginning to its end; False if none opened."""
    inbox: Inbox = asyncio.Queue(maxsize=1000)
    client = _client(inbox)
    opened = False
    try:
        await asyncio.wait_for(
            client.connect(
                url,
                auth=session.auth,
                transports=attempt.transports,
                wait_timeout=attempt.within,
            ),
            timeout=attempt.within,
        )
        opened = True
        await _talk(client, inbox, session, backoff)
    except (socketio.exceptions.SocketIOError, asyncio.TimeoutError):
        # Another attempt follows, unless the entry was refused for good.
        while not opened and not inbox.empty():
            name, body = inbox.get_nowait()
            session.receive(name, body, time.monotonic())
    finally:
        await client.disconnect()
    return opened


def _client(inbox: Inbox) -> socketio.AsyncClient:
    client = socketio.AsyncClient(reconnection=False)

    def forward(name: str) -> None:
        async def handle(*args: Any) -> None:
            await inbox.put((name, args and args[0]))

        client.on(name, handle)

    for name in (*MESSAGES, "disconnect", "connect_error"):
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
