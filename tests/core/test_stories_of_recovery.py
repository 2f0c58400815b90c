"""Stories of what only the second copy knows: when (s), what became true (=), what to do (!).

An order that the journal lost is taken in as UNKNOWN, asked about, and never sent again.
"""

from __future__ import annotations

from posd.core import lane
from posd.core.commands import SendPay
from posd.core.order import Attention
from posd.core.records import OrderRecovered, PrintStarted
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import from_here
from tests.core.lanes import ABSENT, COMPLETE, FAIL, WALL_MS, Lane, complete, refunded

HOUR = 3600


def of_the_second_copy(amount: int = 120, order_id: str = "A") -> OrderRecovered:
    return OrderRecovered(
        order_id=order_id,
        receipt_number="R000001",
        amount_minor=amount,
        currency="TWD",
        fingerprint="key-1",
        host="pay.test",
        channel_id="1234567890",
        dialect="v4",
        capture=True,
        sent_ms=WALL_MS,
    )


def a_recovered_order(amount: int = 120) -> Lane:
    """The lane has never heard of it, and is about to start."""
    record = of_the_second_copy(amount)
    told = Lane()
    told.state = lane.apply(told.state, record)
    told.records.append(record)
    told.opened = 1
    return from_here(told)


def test_it_is_asked_about_at_once_and_what_is_found_is_for_a_person() -> None:
    told = a_recovered_order()
    told.start().wait(0).after(1).check(COMPLETE)
    told.told("""
        0.0  ProcessStarted
             = LaneStarted
             = PaymentUnknown A restart
        0.0  TimePassed
             = CheckSent A 1 check
             ! SendCheck A 1 check
        1.0  CheckAnswered A 1 0000 COMPLETE
             = CheckReported A 1 complete 0000
             = PaymentConfirmed A late
    """)
    assert told.verdict() == "PAID_LATE"
    assert told.of(SendPay) == []
    assert told.of(PrintStarted) == []


def test_it_may_be_given_back() -> None:
    told = a_recovered_order().start().wait(0).check(COMPLETE)
    told.abandon().reversed(refunded())
    assert told.verdict() == "REFUNDED"


def test_it_is_denied_and_swept() -> None:
    told = a_recovered_order().start().wait(0).check(FAIL)
    assert told.verdict() == "NOT_PAID"
    assert not told.order().settled


def test_where_the_copy_did_not_say_the_amount_what_line_pay_took_is_it() -> None:
    told = a_recovered_order(amount=0).start().wait(0).check(complete(75))
    assert told.order().captured_minor == 75
    told.abandon()
    assert [sent.amount_minor for sent in told.of(ReversalSent)] == [75]


def test_it_counts_anew_at_every_start() -> None:
    told = a_recovered_order().start().wait_answering(HOUR, None)
    from_here(told).restart(2).wait(0)
    told.told("""
        2.0  ProcessStarted
             = LaneStarted
             = PaymentUnknown A restart
        2.0  TimePassed
             = CheckSent A 141 check
             ! SendCheck A 141 check
    """)
    assert Attention.RECOVERED in told.order().attention


def test_an_older_journal_in_which_the_sale_still_waits_cancels_nothing_that_was_sent() -> None:
    told = from_here(Lane().sale().after(5))
    told.start(of_the_second_copy()).wait(0).after(1).check(COMPLETE)
    told.told("""
        0.0  ProcessStarted
             = OrderRecovered A
             = LaneStarted
             = PaymentUnknown A restart
        0.0  TimePassed
             = CheckSent A 1 check
             ! SendCheck A 1 check
        1.0  CheckAnswered A 1 0000 COMPLETE
             = CheckReported A 1 complete 0000
             = PaymentConfirmed A late
    """)
    order = told.order()
    assert (order.sale_id, order.reference, order.amount.minor) == ("sale-A", "till-A", 120)
    assert told.verdict() == "PAID_LATE"


def test_its_absence_is_believed_no_sooner_than_that_of_any_other() -> None:
    told = Lane().sale().after(5).start(of_the_second_copy()).wait_answering(20 * 60, ABSENT)
    assert told.verdict() == "NOT_CONFIRMED"
    told.wait_answering(5 * 60, ABSENT)
    assert told.verdict() == "NOT_PAID"


def test_what_the_journal_knows_as_sent_or_does_not_know_is_not_recovered_at_a_start() -> None:
    told = Lane().sent().pay_lost().after(5)
    told.start(of_the_second_copy(), of_the_second_copy(order_id="Z"))
    assert told.of(OrderRecovered) == []


def test_a_sale_that_waits_and_was_not_sent_is_cancelled_as_ever() -> None:
    told = Lane().sale().after(5).start(of_the_second_copy(order_id="Z"))
    assert told.order().because == "restart"
