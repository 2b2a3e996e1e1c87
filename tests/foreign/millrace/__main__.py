"""Follows a view, or reads it once: one JSON object a line.

A key is read from MILLRACE_KEY.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from typing import Any

from . import async_client, sync_client
from .attempts import ATTEMPTS
from .series import contents_of, read_series
from .session import Session


def main() -> int:
    """Ends with 1 when the view or the key was refused for good."""
    options = _parse()
    request = json.loads(options.request)
    # Arguments can be seen by every user of the machine.
    key = os.environ.get("MILLRACE_KEY")
    if options.client == "http":
        answer = read_series(options.url, request, key)
        _tell({"kind": "series", "contents": contents_of(answer)})
        return 0
    session = Session(request, _tell, key)
    attempts = ATTEMPTS[options.transport]
    if options.client == "sync":
        sync_client.follow(options.url, attempts, session)
    else:
        asyncio.run(async_client.follow(options.url, attempts, session))
    return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="millrace", description=__doc__)
    parser.add_argument("url", help="such as http://127.0.0.1:8080")
    parser.add_argument("request", help='such as {"metric": "checkouts"}')
    parser.add_argument("--client", choices=("sync", "asyncio", "http"))
    parser.add_argument("--transport", choices=tuple(ATTEMPTS))
    parser.set_defaults(client="sync", transport="any")
    return parser.parse_args()


def _tell(news: dict[str, Any]) -> None:
    print(json.dumps(news), flush=True)


if __name__ == "__main__":
    sys.exit(main())
