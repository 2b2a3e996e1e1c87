"""The worked example of docs/PROTOCOL.md, taken from its text."""

from __future__ import annotations

import json
import re
import unittest
from pathlib import Path

from millrace.view import View

TEXT = Path(__file__).parents[2].joinpath("docs/PROTOCOL.md").read_text()
EXAMPLE = re.compile(
    r"^```json ([a-z-]+)(?: ([a-z]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


class WorkedExample(unittest.TestCase):
    """Every frame does what the text says, in the order of the text."""

    def test_frames(self) -> None:
        view = View()
        compared = 0
        for kind, expected, text in EXAMPLE.findall(TEXT):
            body = json.loads(text)
            if kind == "contents":
                self.assertEqual(view.contents(), body)
                compared += 1
            if kind == "subscribe-reply" and body["ok"]:
                body, kind = body["frame"], "frame"
            if kind == "frame":
                outcome = view.apply(body, body["views"][0])
                self.assertEqual(outcome, expected or "applied")
        self.assertEqual(compared, 3)
        self.assertEqual(view.partial, {1795428060000})


if __name__ == "__main__":
    unittest.main()
