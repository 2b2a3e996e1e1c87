"""What the session says to messages in awkward orders."""

from __future__ import annotations

import unittest
from typing import Any

from millrace.session import Session

VIEW = "00000000000000aa"
START = 1795428040000


def frame(begin: int, to: int, value: int, **more: Any) -> dict[str, Any]:
    """One cell of the one series."""
    view = {
        "view": VIEW,
        "version": 1,
        "received": None,
        "watermark": None,
        "asOf": None,
        "start": START,
        "end": START + 60_000,
        "windows": [START],
        "at": [0],
        "series": [0],
        "values": [[value]],
        "partial": [],
    }
    return {"epoch": "e", "from": begin, "to": to, "views": [view | more]}


def answer(to: int, value: int) -> dict[str, Any]:
    """A snapshot."""
    members = [{"series": 0, "group": ["DE"]}]
    whole = frame(to, to, value, snapshot=True, members=members)
    return {"ok": True, "info": {"view": VIEW}, "frame": whole}


class Orders(unittest.TestCase):
    """Times are seconds."""

    def setUp(self) -> None:
        self.session = Session({"metric": "m"}, lambda _: None)

    def value(self) -> float | None:
        """What the view holds."""
        return self.session.view.contents()["DE"][str(START)][0]

    def ask(self, now: float = 0.0) -> int:
        """Connects; the number of the question."""
        [send] = self.session.connected(now)
        assert send.question is not None
        return send.question

    def test_a_frame_that_overtakes_its_answer_is_not_lost(self) -> None:
        question = self.ask()
        self.session.receive("frame", frame(5, 6, 2), 0.0)
        self.session.receive("answer", (question, answer(5, 1)), 0.0)
        self.assertEqual(self.value(), 2)

    def test_frames_in_the_wrong_order_end_in_a_question(self) -> None:
        self.session.receive("answer", (self.ask(), answer(5, 1)), 0.0)
        [again] = self.session.receive("frame", frame(6, 7, 3), 0.0)
        self.assertEqual(
            again.body["cursor"],
            {"epoch": "e", "offset": 5, "end": START + 60_000},
        )
        self.session.receive("frame", frame(5, 6, 2), 0.0)
        reply = answer(7, 3)
        self.session.receive("answer", (again.question, reply), 0.0)
        self.assertEqual(self.value(), 3)
        self.assertEqual(self.session.view.offset, 7)

    def test_an_answer_to_an_earlier_question_is_left_out(self) -> None:
        earlier = self.ask()
        later = self.ask()
        self.session.receive("answer", (earlier, answer(9, 9)), 0.0)
        self.assertEqual(self.session.view.contents(), {})
        self.session.receive("answer", (later, answer(5, 1)), 0.0)
        self.assertEqual(self.value(), 1)

    def test_a_question_without_an_answer_is_asked_again(self) -> None:
        self.ask()
        self.assertEqual(self.session.tick(19.0), [])
        [again] = self.session.tick(20.0)
        self.assertEqual(again.event, "subscribe")

    def test_what_was_applied_is_acknowledged_once_and_together(self) -> None:
        self.session.receive("answer", (self.ask(), answer(5, 1)), 0.0)
        self.session.receive("frame", frame(5, 6, 2), 0.1)
        self.assertEqual(self.session.tick(0.2), [])
        [ack] = self.session.tick(0.26)
        self.assertEqual((ack.event, ack.body), ("ack", {"to": 6}))
        self.assertEqual(self.session.tick(9.0), [])

    def test_silence_ends_a_connection(self) -> None:
        self.ask(now=100.0)
        self.session.receive("beat", {"offset": 1}, 103.0)
        self.assertFalse(self.session.dead(109.0))
        self.assertTrue(self.session.dead(109.1))

    def test_a_notice_says_when_to_leave(self) -> None:
        self.ask()
        notice = {"code": "shutting_down", "retry": True, "after": 1500}
        self.session.receive("notice", notice, 1.0)
        self.assertFalse(self.session.dead(2.4))
        self.assertTrue(self.session.dead(2.5))
        self.assertAlmostEqual(self.session.told_to_wait(2.0), 0.5)

    def test_a_refusal_is_asked_again_only_where_that_can_help(self) -> None:
        for retry, asked in ((True, 1), (False, 0)):
            refusal = {"ok": False, "error": {"retry": retry}}
            self.session.receive("answer", (self.ask(), refusal), 0.0)
            self.assertEqual(self.session.over, not retry)
            self.assertEqual(len(self.session.tick(2.0)), asked)


if __name__ == "__main__":
    unittest.main()
