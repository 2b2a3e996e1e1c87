"""A view as a client holds it, and the rule by which frames change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Group = tuple[str, ...]
Values = list[float | None]
Outcome = Literal["applied", "ignored", "behind"]


@dataclass
class View:
    """Cells are kept by group: series numbers are one gateway's own."""

    epoch: str | None = None
    offset: int = 0
    version: int = 0
    start: int = 0
    end: int = 0
    watermark: int | None = None
    as_of: int | None = None
    groups: dict[int, Group] = field(default_factory=dict)
    cells: dict[Group, dict[int, Values]] = field(default_factory=dict)
    partial: set[int] = field(default_factory=set)

    def cursor(self) -> dict[str, Any] | None:
        """What to resume with; None before the first snapshot."""
        if self.epoch is None:
            return None
        return {"epoch": self.epoch, "offset": self.offset, "end": self.end}

    def apply(self, frame: dict[str, Any], change: dict[str, Any]) -> Outcome:
        """The rule of PROTOCOL.md 1.4, for one view of a frame."""
        if change.get("snapshot"):
            self.groups, self.cells, self.partial = {}, {}, set()
        else:
            known = (self.epoch, self.version)
            if known != (frame["epoch"], change["version"]):
                return "behind"
            if frame["to"] < self.offset:
                return "ignored"
            if frame["to"] == self.offset and "members" not in change:
                return "ignored"
            if frame["from"] > self.offset:
                return "behind"
        if "members" in change:
            self._set_members(change["members"])
        self._set_cells(change)
        self._trim(change["start"])
        self.epoch, self.offset = frame["epoch"], frame["to"]
        self.version = change["version"]
        self.start, self.end = change["start"], change["end"]
        self.watermark, self.as_of = change["watermark"], change["asOf"]
        return "applied"

    def contents(self) -> dict[str, dict[str, Values]]:
        """Group, its values joined by commas -> window start -> values."""
        return {
            ",".join(group): {str(start): cell for start, cell in row.items()}
            for group, row in self.cells.items()
        }

    def _set_members(self, members: list[dict[str, Any]]) -> None:
        self.groups = {m["series"]: tuple(m["group"]) for m in members}
        listed = self.groups.values()
        self.cells = {group: self.cells.get(group, {}) for group in listed}

    def _set_cells(self, change: dict[str, Any]) -> None:
        windows = change["windows"]
        self.partial.difference_update(windows)
        self.partial.update(change["partial"])
        columns = change["values"]
        for i, (at, series) in enumerate(zip(change["at"], change["series"])):
            row = self.cells[self.groups[series]]
            values = [column[i] for column in columns]
            if all(value is None for value in values):
                row.pop(windows[at], None)
            else:
                row[windows[at]] = values

    def _trim(self, start: int) -> None:
        self.partial = {mark for mark in self.partial if mark >= start}
        for group, row in self.cells.items():
            kept = {at: cell for at, cell in row.items() if at >= start}
            self.cells[group] = kept
