"""Stories of abandoning: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Most begin with order A in doubt, 66 s after its sale was opened.
"""

from __future__ import annotations

from dataclasses import replace

from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.records import PrintStarted
from posd.core.reversal_records import ReversalSent, SaleAbandoned
from tests.core.beginnings import AUTHORIZING, an_unknown_order, from_here
from tests.core.lanes import (
    ABSENT,
    ANN,
    COMPLETE,
    FAIL,
    LIN,
    RULES,
    Lane,
    authorization,
    paid,
    refunded,
    said,
)

HOUR = 3600

# ---- given up, then paid ---------------------------------------------------------------------


def test_given_up_and_found_paid_is_given_back_by_itself() -> None:
    told = an_unknown_order()
    told.abandon("paid_otherwise")
    told.wait(15).check(COMPLETE).after(1).reversed(refunded())
    told.told("""
         0.0  AbandonRequested A paid_otherwise
              = SaleAbandoned A paid_otherwise a reason
         5.0  TimePassed
              = CheckSent A 6 check
              ! SendCheck A 6 check
        15.0  CheckAnswered A 6 0000 COMPLETE
              = CheckReported A 6 complete 0000
              = PaymentConfirmed A late
              = ReversalSent A 1 refund abandoned: paid_otherwise
              ! SendReversal A 1 refund
        16.0  ReversalAnswered A 1 0000
              = PaymentReversed A 1
              = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"
    assert told.of(PrintStarted) == []


def test_given_up_while_the_request_is_out_and_the_answer_says_paid() -> None:
    told = from_here(Lane().start().sent())
    told.after(5).abandon("goods_kept")
    told.after(1).pay(paid()).after(1).reversed(refunded())
    told.told("""
        5.0  AbandonRequested A goods_kept
             = SaleAbandoned A goods_kept a reason
        6.0  PayAnswered A 0000
             = PaymentConfirmed A late
             = ReversalSent A 1 refund abandoned: goods_kept
             ! SendReversal A 1 refund
        7.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
             = OrderSettled A
    """)


def test_given_up_and_denied_is_simply_not_paid() -> None:
    told = an_unknown_order().abandon()
    told.wait(15).check(FAIL)
    assert told.verdict() == "NOT_PAID"
    assert told.of(ReversalSent) == []


def test_given_up_denied_and_found_paid_by_the_sweep() -> None:
    told = an_unknown_order()
    told.abandon().wait(15).check(FAIL)
    told.wait(6 * HOUR).check(COMPLETE)
    told.told("""
            0.0  AbandonRequested A paid_otherwise
                 = SaleAbandoned A paid_otherwise a reason
            5.0  TimePassed
                 = CheckSent A 6 check
                 ! SendCheck A 6 check
           15.0  CheckAnswered A 6 0000 FAIL
                 = CheckReported A 6 failed 0000
                 = PaymentNotPaid A failed 0000
        21535.0  TimePassed
                 = CheckSent A 7 check
                 ! SendCheck A 7 check
        21615.0  CheckAnswered A 7 0000 COMPLETE
                 = PaymentConfirmed A late
                 = ReversalSent A 1 refund abandoned: paid_otherwise
                 ! SendReversal A 1 refund
    """)


def test_given_up_and_found_paid_after_a_reboot() -> None:
    told = an_unknown_order().abandon()
    from_here(told).reboot(HOUR).wait(2).check(COMPLETE)
    told.told("""
        0.0  ProcessStarted
             = LaneStarted
             = PaymentUnknown A restart
        0.0  TimePassed
             = CheckSent A 6 check
             ! SendCheck A 6 check
        2.0  CheckAnswered A 6 0000 COMPLETE
             = CheckReported A 6 complete 0000
             = PaymentConfirmed A late
             = ReversalSent A 1 refund abandoned: paid_otherwise
             ! SendReversal A 1 refund
    """)


def test_what_is_given_up_and_owed_stays_in_sight() -> None:
    told = an_unknown_order().abandon().wait(15).check(COMPLETE)
    told.reversed(said(Proof.NO_MONEY_MOVED, "1163"))
    assert told.verdict() == "REFUND_OWED"
    assert Attention.OWED in told.order().attention


def test_given_up_and_authorized_is_released_by_itself() -> None:
    told = an_unknown_order(AUTHORIZING).abandon()
    from_here(told).wait(15).check(authorization())
    told.after(1).reversed(refunded())
    told.told("""
         5.0  TimePassed
              = CheckSent A 6 authorizations
              ! SendCheck A 6 authorizations
        15.0  CheckAnswered A 6 0000 AUTHORIZATION
              = CheckReported A 6 authorized 0000
              = PaymentAuthorized A
              = ReversalSent A 1 void abandoned: paid_otherwise
              ! SendReversal A 1 void
        16.0  ReversalAnswered A 1 0000
              = PaymentReversed A 1
              = OrderSettled A
    """)
    assert told.verdict() == "VOIDED"


def test_what_a_supervisor_kept_after_all_is_not_given_back_again() -> None:
    told = an_unknown_order().abandon().wait(15).check(COMPLETE).reversal_lost()
    from_here(told).settle(given_back=False).after(1).keep()
    told.told("""
        0.0  SettlementRequested A
             = ReversalGivenUp A 1 a reason
        1.0  KeepRequested A
             = PaymentKept A
             = PrintStarted A 0
             ! PrintReceipt A 0
    """)
    assert told.verdict() == "PAID"


# ---- the goods are gone ----------------------------------------------------------------------


def test_goods_that_are_gone_keep_their_money() -> None:
    told = an_unknown_order()
    told.abandon("goods_gone", actor=LIN)
    told.wait(15).check(COMPLETE)
    assert told.verdict() == "PAID_LATE"
    told.after(1).keep()
    told.told("""
         0.0  AbandonRequested A goods_gone
              = SaleAbandoned A goods_gone a reason
         5.0  TimePassed
              = CheckSent A 6 check
              ! SendCheck A 6 check
        15.0  CheckAnswered A 6 0000 COMPLETE
              = CheckReported A 6 complete 0000
              = PaymentConfirmed A late
        16.0  KeepRequested A
              = PaymentKept A
              = PrintStarted A 0
              ! PrintReceipt A 0
    """)


def test_goods_gone_is_a_supervisors_word_to_say_and_to_take_back() -> None:
    told = an_unknown_order()
    told.abandon("goods_gone", actor=ANN).abandon("goods_gone", actor=LIN)
    told.abandon("paid_otherwise", actor=ANN)
    assert told.refusals == ["needs_supervisor", "needs_supervisor"]
    assert told.order().wish_because == "goods_gone"
    told.abandon("goods_kept", actor=LIN)
    assert told.order().wish_because == "goods_kept"


# ---- who may, and when -----------------------------------------------------------------------


def test_above_the_cap_a_supervisor_abandons() -> None:
    told = an_unknown_order(replace(RULES, abandon_cap_minor=119))
    told.abandon(actor=ANN)
    assert told.refusals == ["needs_supervisor"]
    told.abandon(actor=LIN)
    assert told.verdict() == "NOT_CONFIRMED"


def test_up_to_the_cap_a_cashier_abandons() -> None:
    told = an_unknown_order(replace(RULES, abandon_cap_minor=120)).abandon(actor=ANN)
    assert told.refusals == []


def test_asked_twice_is_asked_once() -> None:
    told = an_unknown_order().abandon().abandon()
    assert len(told.of(SaleAbandoned)) == 1
    assert told.refusals == []


def test_only_a_known_reason_counts() -> None:
    told = an_unknown_order().abandon("changed my mind")
    assert told.refusals == ["bad_reason"]


def test_before_a_key_was_sent_a_sale_is_cancelled_instead() -> None:
    told = Lane().start().sale().abandon().accept()
    assert told.refusals == ["cancel_instead", "cancel_instead"]


def test_the_verdict_came_first() -> None:
    told = Lane().start().sent().pay(paid()).abandon().accept().printed().abandon()
    assert told.refusals == ["already_paid", "already_paid", "already_paid"]
    told = Lane().start().sent().pay_not_sent().abandon().accept()
    assert told.refusals == ["not_paid", "not_paid"]


def test_what_was_sent_cannot_be_cancelled_only_given_up() -> None:
    told = an_unknown_order().cancel().refund().capture().settle(given_back=True).keep()
    assert told.refusals == [
        "already_sent",
        "abandon_instead",
        "not_authorized",
        "nothing_owed",
        "not_paid",
    ]


# ---- the counter -----------------------------------------------------------------------------


def test_an_order_in_doubt_holds_its_amount_until_it_is_given_up() -> None:
    told = from_here(an_unknown_order())
    told.sale().sale(50).cancel()
    told.abandon(order_id="A").sale()
    told.told("""
        0.0  SaleRequested B
             x same_amount_unresolved
        0.0  SaleRequested B
             = SaleOpened B
             ! WarmConnection
             ! PrepareReceipt
        0.0  CancelRequested B
             = SaleCancelled B cashier
             = OrderSettled B
        0.0  AbandonRequested A paid_otherwise
             = SaleAbandoned A paid_otherwise a reason
        0.0  SaleRequested C
             = SaleOpened C
             ! WarmConnection
             ! PrepareReceipt
    """)


def test_goods_that_are_gone_still_hold_their_amount() -> None:
    told = an_unknown_order().abandon("goods_gone", actor=LIN).sale()
    assert told.refusals == ["same_amount_unresolved"]
    told.sale(another_customer=True)
    assert told.verdict("B") == "WAITING"


def test_giving_up_frees_the_counter() -> None:
    told = Lane().start().sent()
    told.sale().abandon().sale()
    assert told.refusals == ["sale_open"]
    assert told.state.selling == "B"


def test_others_are_served_while_one_is_in_doubt() -> None:
    told = an_unknown_order()
    told.sent(50).pay(paid("B", 50)).printed()
    told.wait_answering(HOUR, ABSENT)
    assert (told.verdict("A"), told.verdict("B")) == ("NOT_PAID", "PAID")
