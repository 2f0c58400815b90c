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
from tests.core.lanes import COMPLETE, FAIL, WALL_MS, Lane, complete, refunded

HOUR = 3600


def a_recovered_order(amount: int = 120) -> Lane:
    """The lane has never heard of it, and is about to start."""
    record = OrderRecovered(
        order_id="A",
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
