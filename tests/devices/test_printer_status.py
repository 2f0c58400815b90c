"""What a printer's answers say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.status import ask, judge, proofs, realtime_answer
from devices.values import PrinterCondition

C = PrinterCondition


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        # the four states measured on an emulated TM-T20III
        ({1: 0x16, 2: 0x12, 4: 0x12}, C.READY),
        ({1: 0x16, 2: 0x12, 4: 0x1E}, C.PAPER_NEAR_END),
        ({1: 0x1E, 2: 0x32, 4: 0x7E}, C.PAPER_OUT),
        ({1: 0x1E, 2: 0x16, 4: 0x12}, C.COVER_OPEN),
        ({1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}, C.CUTTER_ERROR),
        ({1: 0x1E, 2: 0x52, 3: 0x32, 4: 0x12}, C.ERROR),
        ({1: 0x1E, 2: 0x52, 4: 0x12}, C.ERROR),
        ({1: 0x1E, 2: 0x12, 4: 0x12}, C.OFFLINE),
        ({1: 0x16}, C.READY),
    ],
)
def test_the_worst_condition_in_the_answers_is_the_printers(answers, condition):
    assert judge(answers).condition is condition


class Script:
    """A line that answers each question from a table, with noise before it."""

    def __init__(self, answers, noise=b"") -> None:
        self.answers = answers
        self.noise = noise
        self.asked = []
        self.waiting = []

    def send(self, data, until_s):
        self.asked.append(data[2])
        if data[2] in self.answers:
            self.waiting += [self.noise, bytes((self.answers[data[2]],))]

    def receive(self, until_s):
        return self.waiting.pop(0) if self.waiting else b""


def test_questions_are_asked_one_after_the_other_and_the_third_only_on_an_error():
    line = Script({1: 0x16, 2: 0x12, 4: 0x12}, noise=b"\x14\x00\x00\x00")
    assert ask(line, 0.0).condition is C.READY
    assert line.asked == [1, 2, 4]
    line = Script({1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}, noise=b"\x11")
    assert ask(line, 0.0).condition is C.CUTTER_ERROR
    assert line.asked == [1, 2, 4, 3]


def test_a_printer_that_does_not_answer_the_first_question_is_silent():
    line = Script({})
    assert ask(line, 0.0).condition is C.SILENT
    assert line.asked == [1]


def test_status_sent_back_by_itself_and_flow_control_are_no_answers():
    assert realtime_answer(b"\x14\x00\x00\x00\x11\x13") is None
    assert realtime_answer(b"\x14\x00\x00\x00\x16") == 0x16
    assert proofs(b"\x14\x00\x00\x00\x16\x12\x11\x13") == 0
    assert proofs(b"\x14\x00\x0f\x00\x00") == 1


def test_a_proof_with_paper_counts_and_one_without_does_not():
    assert proofs(b"\x00") == proofs(b"\x03") == 1
    assert proofs(b"\x0c") == proofs(b"\x0f") == 0


@given(st.binary(max_size=64))
def test_any_bytes_are_judged_without_an_error(data):
    answer = realtime_answer(data)
    assert answer is None or answer & 0x93 == 0x12
    assert 0 <= proofs(data) <= len(data)
