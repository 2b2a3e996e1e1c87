"""Waiting between attempts."""

from __future__ import annotations

import random


class Backoff:
    """Random between 0 and a bound that doubles with each failure."""

    def __init__(self, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._failures = 0

    def wait(self) -> float:
        """Seconds to wait after one more failure."""
        bound = min(self._most, self._first * 2 ** min(self._failures, 30))
        self._failures += 1
        return random.uniform(0, bound)

    def reset(self) -> None:
        """It works again."""
        self._failures = 0
