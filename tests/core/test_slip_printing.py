"""Stories of slips: when (s), what became true (=), what to do (!). A slip moves no money."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.values import PrintProof
from posd.core import events, lane
from posd.core.commands import PrintReceipt, PrintSlip, SendCheck
from posd.core.errors import Contradiction
from posd.core.rules import Rules
from posd.core.slip_records import SlipEnded, SlipHeld, SlipStarted
from posd.core.slips import SlipKind
from tests.core.beginnings import AUTHORIZING, an_authorized_order, an_unknown_order, from_here
from tests.core.lanes import COMPLETE, DECLINED, FAIL, RULES, Lane, details, paid, refunded


def with_slips(rules: Rules = RULES) -> Rules:
    return replace(rules, receipt=replace(rules.receipt, slips=frozenset(SlipKind)))


def printed(told: Lane, number: int, proof: PrintProof = PrintProof.PROVED) -> Lane:
    return told.happens(events.SlipPrinted(told.at, "A", number, proof))


def not_printed(told: Lane, number: int) -> Lane:
    return told.happens(events.SlipNotStarted(told.at, "A", number, "paper_out"))


def a_doubt() -> Lane:
    """60 s without a verdict; the slip is on its way."""
    told = Lane(with_slips()).start().sent().after(45).pay_lost()
    return from_here(told.wait_answering(20, None))


def a_paid_order() -> Lane:
    return from_here(Lane(with_slips()).start().sent().after(1).pay(paid()).printed())


# ---- which there are -------------------------------------------------------------------------


def test_a_verdict_that_is_not_reached_is_told_on_paper() -> None:
    told = Lane(with_slips()).start().sent().after(45).pay_lost().wait_answering(10, None)
    from_here(told).wait_answering(10, None)
    assert [sent.kind for sent in told.of(SlipStarted)] == ["unknown"]
    (job,) = told.of(PrintSlip)
    assert (job.order_id, job.number) == ("A", 1)
    assert told.of(PrintReceipt) == []


def test_goods_handed_over_unconfirmed_are_told_on_paper() -> None:
    told = printed(a_doubt(), 1).accept()
    assert [sent.kind for sent in told.of(SlipStarted)] == ["unknown", "accepted"]


@pytest.mark.parametrize("amount", [None, 20])
def test_what_was_given_back_is_told_on_paper(amount: int | None) -> None:
    told = a_paid_order().refund(amount).after(1).reversed(refunded())
    assert [sent.kind for sent in told.of(SlipStarted)] == ["refunded"]
    assert not told.order().settled
    assert printed(told, 1).order().settled


def test_what_was_released_is_told_on_paper() -> None:
    told = an_authorized_order(with_slips(AUTHORIZING)).refund().after(1).reversed(refunded())
    assert [sent.kind for sent in told.of(SlipStarted)] == ["voided"]


def test_a_shop_that_wants_none_gets_none() -> None:
    told = an_unknown_order().accept()
    assert told.of(SlipStarted) == []


def test_a_payment_that_is_given_back_by_itself_prints_nothing_for_nobody() -> None:
    told = printed(a_doubt(), 1).abandon().check(COMPLETE).reversed(refunded())
    assert told.verdict() == "REFUNDED"
    assert [sent.kind for sent in told.of(SlipStarted)] == ["unknown"]


def test_what_may_have_said_paid_is_revoked_on_paper_whoever_asked() -> None:
    told = Lane(with_slips()).start().sent().pay(paid()).print_lost()
    told.refund().reversal_lost().wait(600)
    told.check(details(120, ("r1", 120)))
    assert [sent.kind for sent in told.of(SlipStarted)] == ["refunded"]


def test_a_refund_that_is_found_long_after_prints_nothing_for_nobody() -> None:
    told = (
        a_paid_order().refund().after(20).reversal_lost().wait(600).check(details(120, ("r1", 120)))
    )
    assert told.verdict() == "REFUNDED"
    assert told.of(SlipStarted) == []


def test_a_verdict_that_is_overdue_by_a_night_prints_nothing_for_nobody() -> None:
    told = Lane(with_slips()).start().sent().reboot().wait(0)
    assert told.verdict() == "NOT_CONFIRMED"
    assert told.of(SlipStarted) == []


# ---- what becomes of one ---------------------------------------------------------------------


@pytest.mark.parametrize("proof", list(PrintProof))
def test_one_that_was_printed_is_over(proof: PrintProof) -> None:
    told = printed(a_doubt(), 1, proof)
    assert told.of(SlipEnded) == [SlipEnded("A", 1, proof)]
    assert told.order().slips == ()


def test_one_of_which_bytes_were_sent_is_never_sent_again() -> None:
    told = a_doubt()
    told.happens(events.SlipUnanswered(told.at, "A", 1, "reset")).printer_ready()
    assert told.of(SlipEnded) == [SlipEnded("A", 1, "unknown")]
    assert len(told.of(PrintSlip)) == 1


def test_one_of_which_no_byte_was_sent_waits_for_paper() -> None:
    told = not_printed(a_doubt(), 1)
    assert told.of(SlipHeld) == [SlipHeld("A", 1, "paper_out")]
    told.after(30).printer_ready()
    first, again = told.of(PrintSlip)
    assert again == first
    assert printed(told, 1).order().slips == ()


def test_one_that_is_on_its_way_is_not_sent_because_the_printer_is_ready() -> None:
    assert len(a_doubt().printer_ready().of(PrintSlip)) == 1


def test_one_that_waited_until_it_was_no_longer_true_is_dropped() -> None:
    told = not_printed(a_doubt(), 1).check(FAIL).printer_ready()
    assert told.of(SlipEnded) == [SlipEnded("A", 1, "stale")]
    assert len(told.of(PrintSlip)) == 1


def test_one_that_waited_for_ten_minutes_is_dropped() -> None:
    told = a_paid_order().refund().after(1).reversed(refunded())
    not_printed(told, 1).after(600).printer_ready()
    assert len(told.of(PrintSlip)) == 2
    not_printed(told, 1).after(1).printer_ready()
    assert told.of(SlipEnded) == [SlipEnded("A", 1, "stale")]
    assert told.order().settled


def test_a_restart_ends_them_all() -> None:
    told = a_doubt().restart()
    assert told.of(SlipEnded) == [SlipEnded("A", 1, "restart")]
    assert len(told.of(PrintSlip)) == 1


def test_a_late_word_about_one_that_is_over_says_nothing() -> None:
    told = printed(a_doubt(), 1)
    before = len(told.records)
    not_printed(printed(told, 1), 1)
    assert len(told.records) == before


def test_each_has_its_own_number() -> None:
    told = printed(a_doubt(), 1).accept()
    assert [job.number for job in told.of(PrintSlip)] == [1, 2]


@pytest.mark.parametrize("record", [SlipHeld("A", 1, "paper_out"), SlipEnded("A", 1, "proved")])
def test_a_record_of_one_that_never_began_is_a_contradiction(record) -> None:
    told = Lane().sent()
    with pytest.raises(Contradiction, match="of slip 1"):
        lane.apply(told.state, record)


# ---- its barcode, later ----------------------------------------------------------------------


def scanned(told: Lane) -> Lane:
    return told.happens(events.SlipScanned(told.at, "A"))


def test_scanned_again_it_has_line_pay_asked_at_once() -> None:
    told = an_unknown_order().after(4)
    asked = len(told.of(SendCheck))
    scanned(told)
    assert len(told.of(SendCheck)) == asked + 1
    assert told.check(COMPLETE).verdict() == "PAID"


def test_scanned_twice_it_asks_once_and_a_question_that_is_out_is_enough() -> None:
    told = an_unknown_order().after(4)
    asked = len(told.of(SendCheck))
    scanned(scanned(told))
    scanned(told.no_check().after(1))
    assert len(told.of(SendCheck)) == asked + 1


def test_scanned_when_all_is_known_it_asks_nothing() -> None:
    told = a_paid_order()
    before = len(told.records)
    assert len(scanned(told).records) == before


def test_a_decline_is_told_on_paper_where_the_shop_wants_it_and_other_denials_are_not() -> None:
    told = Lane(with_slips()).start().sent().pay(DECLINED).wait(0).check(FAIL)
    assert [sent.kind for sent in told.of(SlipStarted)] == ["declined"]
    told = Lane(with_slips()).start().sent().pay_lost().wait(0).check(FAIL)
    assert told.of(SlipStarted) == []
