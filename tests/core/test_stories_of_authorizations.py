"""Stories of authorizations: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Most begin with order A authorized for a day, at 0 s.
"""

from __future__ import annotations

import pytest

from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.records import PaymentConfirmed, PrintStarted
from posd.core.reversal_records import CaptureSent
from tests.core.beginnings import AUTHORIZING, an_authorized_order, an_unknown_order, from_here
from tests.core.lanes import (
    ABSENT,
    AUTH_READY,
    Lane,
    authorization,
    details,
    paid,
    said,
)

HOUR = 3600
DAY = 24 * HOUR
HELD = authorization()
TAKEN = authorization("CAPTURE")

# ---- captured --------------------------------------------------------------------------------


def test_captured_whole() -> None:
    told = an_authorized_order()
    told.capture().after(1).captured(paid()).after(1).printed()
    told.told("""
        0.0  CaptureRequested A
             = CaptureSent A a reason
             ! SendCapture A
        1.0  CaptureAnswered A 0000
             = PaymentConfirmed A
             = PrintStarted A 0
             ! PrintReceipt A 0
        2.0  PrintSucceeded A 0 proved
             = PrintFinished A 0 proved
             = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_a_part_is_captured() -> None:
    told = an_authorized_order()
    told.capture(40).captured(paid(amount=40)).printed()
    assert (told.order().captured_minor, told.order().left_minor) == (40, 40)
    told.refund(41)
    assert told.refusals == ["more_than_left"]


@pytest.mark.parametrize("amount", [0, 121])
def test_never_more_than_was_authorized(amount: int) -> None:
    told = an_authorized_order().capture(amount)
    assert told.refusals == ["more_than_left"]
    assert told.of(CaptureSent) == []


def test_what_is_authorized_is_never_printed_or_shown_as_paid() -> None:
    told = an_authorized_order().printer_ready().reprint()
    assert told.refusals == ["not_paid"]
    assert told.verdict() == "AUTHORIZED"
    assert told.of(PrintStarted) == []


def test_a_check_is_no_evidence_of_an_authorization_its_status_is() -> None:
    told = an_unknown_order(AUTHORIZING)
    told.wait(15).check(AUTH_READY)
    told.wait(10).check(HELD)
    told.told("""
         5.0  TimePassed
              = CheckSent A 6 authorizations
              ! SendCheck A 6 authorizations
        15.0  CheckAnswered A 6 0000 AUTH_READY
              = CheckReported A 6 unclear 0000
        15.0  TimePassed
              = CheckSent A 7 authorizations
              ! SendCheck A 7 authorizations
        25.0  CheckAnswered A 7 0000 AUTHORIZATION
              = CheckReported A 7 authorized 0000
              = PaymentAuthorized A
    """)
    assert told.verdict() == "AUTHORIZED"


# ---- the answer is lost ----------------------------------------------------------------------


def test_a_lost_capture_that_was_carried_out() -> None:
    told = an_authorized_order()
    told.capture().after(20).capture_lost()
    told.wait(0).after(1).check(TAKEN)
    told.told("""
         0.0  CaptureRequested A
              = CaptureSent A a reason
              ! SendCapture A
        20.0  CaptureUnanswered A timeout
              = CaptureUnknown A timeout
        20.0  TimePassed
              = CheckSent A 1 authorizations
              ! SendCheck A 1 authorizations
        21.0  CheckAnswered A 1 0000 CAPTURE
              = CheckReported A 1 complete 0000
              = PaymentConfirmed A
              = PrintStarted A 0
              ! PrintReceipt A 0
    """)


def test_a_lost_capture_that_only_details_show() -> None:
    told = an_authorized_order()
    told.capture().capture_lost().wait(0).check(ABSENT)
    told.wait(2).check(details())
    assert told.verdict() == "NOT_CONFIRMED"
    told.wait(3).check(ABSENT)
    told.wait(10).check(details(status="CAPTURE"))
    assert told.verdict() == "PAID"


def test_a_lost_capture_that_was_not_carried_out_is_believed_once_it_cannot_travel() -> None:
    told = an_authorized_order()
    told.capture().after(20).capture_lost()
    told.wait_answering(60, HELD)
    assert told.order().money == "CAPTURE_UNKNOWN"
    told.wait_answering(100, HELD).capture()
    told.told("""
          0.0  CaptureRequested A
               = CaptureSent A a reason
               ! SendCapture A
         20.0  CaptureUnanswered A timeout
               = CaptureUnknown A timeout
               ... 60 s, 5 checks, 0000 AUTHORIZATION: CheckSent, CheckReported
               ... 100 s, 2 checks, 0000 AUTHORIZATION: CheckSent, CheckReported, CaptureFailed
        180.0  CaptureRequested A
               = CaptureSent A a reason
               ! SendCapture A
    """)


def test_a_lost_part_of_a_capture_that_was_not_carried_out() -> None:
    told = an_authorized_order().capture(40).capture_lost()
    told.wait_answering(300, HELD)
    assert told.verdict() == "AUTHORIZED"
    told.capture(40)
    assert [sent.amount_minor for sent in told.of(CaptureSent)] == [40, 40]


def test_a_lost_capture_that_took_another_amount_is_not_believed() -> None:
    told = an_authorized_order().capture(40).capture_lost()
    told.wait_answering(300, authorization("CAPTURE", 41))
    assert told.verdict() == "NOT_CONFIRMED"


def test_a_lost_capture_without_any_word_is_flagged_after_a_day() -> None:
    told = an_authorized_order().capture().capture_lost()
    told.wait_answering(DAY - 1, None)
    assert told.order().attention == frozenset()
    told.wait_answering(DAY, None)
    assert told.order().attention == {Attention.ESCALATED}
    assert len(told.of(CaptureSent)) == 1


def test_a_refused_capture_is_read_before_it_is_believed() -> None:
    told = an_authorized_order()
    told.capture().captured(said(Proof.NO_MONEY_MOVED, "1281"))
    told.wait(0).check(authorization("EXPIRED_AUTHORIZATION"))
    told.told("""
        0.0  CaptureRequested A
             = CaptureSent A a reason
             ! SendCapture A
        0.0  CaptureAnswered A 1281
             = CaptureUnknown A answer 1281
        0.0  TimePassed
             = CheckSent A 1 authorizations
             ! SendCheck A 1 authorizations
        0.0  CheckAnswered A 1 0000 EXPIRED_AUTHORIZATION
             = CheckReported A 1 expired 0000
             = PaymentNotPaid A expired 1281
    """)
    assert told.verdict() == "NOT_PAID"


def test_a_capture_that_answers_with_another_amount_is_read() -> None:
    told = an_authorized_order().capture(40).captured(paid(amount=41)).wait(0)
    assert told.order().money == "CAPTURE_UNKNOWN"
    assert told.of(PaymentConfirmed) == []


def test_a_capture_of_which_no_byte_left() -> None:
    told = an_authorized_order().capture().capture_not_sent()
    assert told.verdict() == "AUTHORIZED"
    told.capture()
    assert len(told.of(CaptureSent)) == 2


@pytest.mark.parametrize("word", ["VOIDED_AUTHORIZATION", "EXPIRED_AUTHORIZATION"])
def test_a_lost_capture_of_what_is_not_held_any_more(word: str) -> None:
    told = an_authorized_order().capture().capture_lost().wait(0)
    told.check(authorization(word))
    assert told.verdict() == "NOT_PAID"


def test_nothing_else_while_a_capture_is_out() -> None:
    told = an_authorized_order().capture()
    told.capture().refund().cancel().keep().abandon().accept().settle(given_back=True)
    assert told.refusals == [*["capture_running"] * 6, "nothing_owed"]


# ---- it ends ---------------------------------------------------------------------------------


def test_an_hour_before_it_ends_somebody_is_told_and_it_is_watched() -> None:
    told = an_authorized_order()
    told.wait(23 * HOUR - 1)
    assert told.order().attention == frozenset()
    told.wait(1)
    assert told.order().attention == {Attention.EXPIRING}
    from_here(told).after(1).check(HELD)
    told.wait(900).no_check().wait(900)
    told.check(authorization("EXPIRED_AUTHORIZATION"))
    told.told("""
           1.0  CheckAnswered A 1 0000 AUTHORIZATION
                = CheckReported A 1 authorized 0000
         900.0  TimePassed
                = CheckSent A 2 authorizations
                ! SendCheck A 2 authorizations
         901.0  CheckUnanswered A 2 timeout
                = CheckReported A 2 no_answer timeout
        1800.0  TimePassed
                = CheckSent A 3 authorizations
                ! SendCheck A 3 authorizations
        1801.0  CheckAnswered A 3 0000 EXPIRED_AUTHORIZATION
                = CheckReported A 3 expired 0000
                = PaymentNotPaid A expired
    """)
    assert (told.verdict(), told.order().because) == ("NOT_PAID", "expired")


def test_without_a_stated_end_it_is_looked_at_after_a_day() -> None:
    told = from_here(Lane(AUTHORIZING).start().sent().pay(authorization()))
    told.wait(DAY - 1)
    assert told.order().attention == frozenset()
    told.wait(1)
    assert told.order().attention == {Attention.EXPIRING}


@pytest.mark.parametrize("years", [-10, 10])
def test_a_wall_clock_that_is_wrong_by_years_hides_no_end(years: int) -> None:
    told = Lane(AUTHORIZING).start().sent()
    true_ms = told.wall_ms
    told.wall_ms += years * 365 * 86_400_000
    told.pay(authorization(expires_ms=true_ms + 30 * 86_400_000))
    told.wait_answering(30 * DAY, HELD)
    assert told.verdict() == "AUTHORIZED"
    told.wait_answering(2 * HOUR, authorization("EXPIRED_AUTHORIZATION"))
    assert (told.verdict(), told.order().because) == ("NOT_PAID", "expired")


def test_an_end_that_is_a_month_away_disturbs_nobody_before() -> None:
    told = Lane(AUTHORIZING).start().sent()
    told.pay(authorization(expires_ms=told.wall_ms + 30 * 86_400_000))
    told.wait_answering(29 * DAY, HELD)
    assert told.order().attention == frozenset()
    told.wait_answering(DAY - 1, HELD)
    assert told.order().attention == {Attention.EXPIRING}


def test_captured_by_somebody_else() -> None:
    told = an_authorized_order().wait(23 * HOUR).check(TAKEN)
    assert told.verdict() == "PAID"
    assert told.order().attention == frozenset()


def test_an_older_read_of_an_authorization_says_nothing() -> None:
    told = an_authorized_order().wait(23 * HOUR).no_check().wait(900)
    told.check(authorization("EXPIRED_AUTHORIZATION"), number=1)
    assert told.verdict() == "AUTHORIZED"


# ---- restarts --------------------------------------------------------------------------------


def test_killed_while_a_capture_is_out() -> None:
    told = an_authorized_order()
    told.capture().restart(2).wait(0).check(TAKEN)
    told.told("""
        0.0  CaptureRequested A
             = CaptureSent A a reason
             ! SendCapture A
        2.0  ProcessStarted
             = LaneStarted
             = CaptureUnknown A restart
        2.0  TimePassed
             = CheckSent A 1 authorizations
             ! SendCheck A 1 authorizations
        2.0  CheckAnswered A 1 0000 CAPTURE
             = CheckReported A 1 complete 0000
             = PaymentConfirmed A
             = PrintStarted A 0
             ! PrintReceipt A 0
    """)


def test_the_machine_goes_off_while_a_capture_is_out() -> None:
    told = an_authorized_order()
    told.capture().reboot(HOUR).wait_answering(300, HELD)
    assert told.verdict() == "AUTHORIZED"
    assert len(told.of(CaptureSent)) == 1


def test_a_reboot_looks_at_what_is_authorized_and_leaves_it() -> None:
    told = an_authorized_order()
    told.reboot(HOUR).wait(HOUR).check(HELD)
    assert told.verdict() == "AUTHORIZED"
    told.capture().captured(paid())
    assert told.verdict() == "PAID"


def test_the_answer_that_comes_after_a_part_was_captured_contradicts_nothing() -> None:
    told = Lane(AUTHORIZING).start().sent().wait(15).check(authorization())
    told.capture(40).pay(authorization()).captured(paid(amount=40)).pay(authorization())
    assert (told.verdict(), told.order().attention) == ("PAID", frozenset())
