"""What a printer's bytes say, and what they never say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.answers import MOST_BYTES, hear
from devices.printers.proof import Listener
from devices.printers.status import MUTE, RUBBISH, answers_of, ask, ask_one, judge, proofs
from devices.values import PrinterCondition

C = PrinterCondition
READY = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}
IDLE_REPORT = b"\x14\x00\x00\x00"


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        # the four states measured on an emulated TM-T20III
        ({1: 0x16, 2: 0x12, 4: 0x12}, C.READY),
        ({1: 0x16, 2: 0x12, 4: 0x1E}, C.PAPER_NEAR_END),
        ({1: 0x1E, 2: 0x32, 4: 0x7E}, C.PAPER_OUT),
        ({1: 0x1E, 2: 0x16, 4: 0x12}, C.COVER_OPEN),
        ({1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}, C.CUTTER_ERROR),
        ({1: 0x1E, 2: 0x52, 3: 0x32, 4: 0x12}, C.UNRECOVERABLE_ERROR),
        ({1: 0x1E, 2: 0x52, 3: 0x52, 4: 0x12}, C.AUTO_RECOVERABLE_ERROR),
        ({1: 0x3E, 2: 0x52, 3: 0x16, 4: 0x12}, C.WAITING_TO_RECOVER),
        ({1: 0x3E, 2: 0x12, 4: 0x12}, C.WAITING_TO_RECOVER),
        ({1: 0x1E, 2: 0x52, 3: 0x16, 4: 0x12}, C.ERROR),
        ({1: 0x1E, 2: 0x52, 4: 0x12}, C.ERROR),
        ({1: 0x1E, 2: 0x12, 4: 0x12}, C.OFFLINE),
        ({1: 0x16}, C.READY),
    ],
)
def test_the_worst_condition_in_the_answers_is_the_printers(answers, condition):
    assert judge(answers).condition is condition


@pytest.mark.parametrize(
    ("report", "condition"),
    [
        # the first three as an emulated TM-T20III pushed them
        (IDLE_REPORT, C.READY),
        (b"\x1c\x00\x0f\x00", C.PAPER_OUT),
        (b"\x14\x00\x03\x00", C.PAPER_NEAR_END),
        (b"\x3c\x00\x00\x00", C.COVER_OPEN),
        (b"\x1c\x08\x00\x00", C.CUTTER_ERROR),
        (b"\x1c\x20\x00\x00", C.UNRECOVERABLE_ERROR),
        (b"\x1c\x40\x00\x00", C.AUTO_RECOVERABLE_ERROR),
        (b"\x1c\x01\x00\x00", C.WAITING_TO_RECOVER),
        (b"\x1c\x04\x00\x00", C.ERROR),
        (b"\x1c\x00\x00\x00", C.OFFLINE),
    ],
)
def test_a_status_sent_back_by_itself_says_the_same_as_answers(report, condition):
    assert judge(answers_of(report)).condition is condition


class Script:
    """A line that answers each question from a table, with noise before and behind it."""

    def __init__(self, answers, before=b"", behind=b"") -> None:
        self.answers = answers
        self.before = before
        self.behind = behind
        self.asked = []
        self.waiting = []

    def send(self, data, until_s):
        self.asked.append(data[2])
        self.waiting += [self.before] if self.before else []
        if data[2] in self.answers:
            self.waiting.append(bytes((self.answers[data[2]],)) + self.behind)

    def receive(self, until_s):
        return self.waiting.pop(0) if self.waiting else b""


def test_questions_are_asked_one_after_the_other_and_the_third_only_on_an_error():
    line = Script(READY)
    assert ask(line, 0.0).condition is C.READY
    assert line.asked == [1, 2, 4]
    # also of one that forgets to say in its second answer that there is a third
    line = Script({1: 0x1E, 2: 0x12, 3: 0x1A, 4: 0x12})
    assert ask(line, 0.0).condition is C.CUTTER_ERROR
    line = Script({1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}, before=b"\x11")
    assert ask(line, 0.0).condition is C.CUTTER_ERROR
    assert line.asked == [1, 2, 4, 3]


@pytest.mark.parametrize("before", [b"", IDLE_REPORT, b"\x1c\x00\x0f\x00", b"\x13\x11", b"\x00"])
@pytest.mark.parametrize("behind", [b"", IDLE_REPORT, b"\x14\x00", b"\x11"])
def test_what_comes_unasked_between_the_answers_changes_nothing(before, behind):
    if behind == b"\x14\x00":
        before = b"\x00\x00" + before  # the rest of the report that was cut
    assert ask(Script(READY, before, behind), 0.0).condition is C.READY
    assert ask(Script({**READY, 4: 0x7E}, before, behind), 0.0).condition is C.PAPER_OUT


def test_a_printer_that_does_not_answer_the_first_question_is_silent():
    line = Script({})
    assert ask(line, 0.0) == MUTE
    assert line.asked == [1]


def test_a_printer_that_only_reports_by_itself_is_judged_by_its_last_report():
    line = Script({}, before=IDLE_REPORT + b"\x1c\x00\x0f\x00")
    assert ask(line, 0.0).condition is C.PAPER_OUT


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"login: ",
        b"\x10\x04\x01\x16",  # an echo of the question before an answer
        b"\x16\x16",  # two answers to one question
        b"\xff\xfb\x01\x16",  # telnet
    ],
)
def test_what_talks_like_no_printer_is_never_ready(said):
    line = Script({}, before=said)
    assert ask(line, 0.0) == RUBBISH
    assert ask_one(Script({}, before=said), 1, 0.0) is None


@given(st.lists(st.binary(min_size=1, max_size=6), max_size=8))
def test_ready_needs_an_answer_or_a_report_and_nothing_odd(pieces):
    class Pieces:
        said = b""

        def send(self, data, until_s): ...

        def receive(self, until_s):
            piece = pieces.pop(0) if pieces else b""
            self.said += piece
            return piece

    line = Pieces()
    if ask(line, 0.0).condition is C.READY:
        heard = hear(line.said)
        assert not heard.rubbish
        assert heard.answers or heard.reports


def test_one_that_never_stops_talking_is_rubbish_and_soon_left():
    class Endless:
        pieces = 0

        def send(self, data, until_s): ...

        def receive(self, until_s):
            self.pieces += 1
            return b"\x00" * 4096

    line = Endless()
    assert ask(line, 0.0) == RUBBISH
    assert line.pieces == 1


def test_of_one_that_never_stops_talking_little_is_kept():
    class Endless:
        def send(self, data, until_s): ...

        def receive(self, until_s):
            return b"\x0c" * 4096

    listener = Listener(Endless(), 1)
    for _ in range(100):
        listener.receive(0.0)
    assert len(listener._heard) <= MOST_BYTES + 1
    assert not listener.proved


def test_one_question_can_be_asked_alone():
    line = Script({1: 0x12}, before=IDLE_REPORT)
    assert ask_one(line, 1, 0.0) == 0x12
    assert line.asked == [1]


def test_a_proof_with_paper_counts_and_one_without_does_not():
    assert proofs(b"\x00") == proofs(b"\x03") == 1
    assert proofs(b"\x0c") == proofs(b"\x0f") == 0


def test_neither_reports_nor_answers_nor_letters_are_proofs():
    assert proofs(IDLE_REPORT + b"\x16\x12\x11\x13") == 0
    assert proofs(b"\x14\x00\x0f\x00\x00") == 1
    assert proofs(b"hello\x00") == proofs(b"\x10\x04\x01\x1dr\x00") == 0


@given(st.binary(max_size=64))
def test_a_later_byte_takes_no_proof_away(data):
    found = [proofs(data[:end]) for end in range(len(data) + 1)]
    assert found == sorted(found)


@given(st.binary(max_size=64))
def test_any_bytes_are_heard_without_an_error_and_each_once(data):
    heard = hear(data)
    sorted_bytes = len(heard.answers) + len(heard.sensors) + 4 * len(heard.reports)
    assert sorted_bytes <= len(data)
    assert all(answer & 0x93 == 0x12 for answer in heard.answers)
    assert all(report[0] & 0x93 == 0x10 for report in heard.reports)
