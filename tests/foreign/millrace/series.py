"""The contents of a view, read once over HTTP (PROTOCOL.md 2.3)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from .view import Values


def read_series(
    url: str, request: dict[str, Any], key: str | None
) -> dict[str, Any]:
    """Asks for the series of the view that the request means."""
    given = {k: v for k, v in request.items() if k != "metric"}
    if "groupBy" in given:
        given["groupBy"] = ",".join(given["groupBy"])
    if "where" in given:
        given["where"] = json.dumps(given["where"])
    metric = quote(request["metric"], safe="")
    path = f"{url}/v1/metrics/{metric}/series?{urlencode(given)}"
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with urlopen(Request(path, headers=headers), timeout=30) as answer:
        body: dict[str, Any] = json.load(answer)
    return body


def contents_of(answer: dict[str, Any]) -> dict[str, dict[str, Values]]:
    """The form of `View.contents`; empty windows that mean zero are zero."""
    columns: dict[str, list[Values]] = {}
    for series in answer["series"]:
        group = ",".join(series["group"].values())
        columns.setdefault(group, []).append(series["values"])
    contents: dict[str, dict[str, Values]] = {}
    for group, outputs in columns.items():
        for start, *values in zip(answer["panes"], *outputs):
            if any(value is not None for value in values):
                contents.setdefault(group, {})[str(start)] = values
    return contents
