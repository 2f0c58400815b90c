"""What a record or an order says where nothing was said."""

from __future__ import annotations

from posd.core import applying
from posd.core.commands import SendPay
from posd.core.money import Money
from posd.core.order import Checks, MoneyState, Order, PaperState, Reversal, Wish
from posd.core.records import PaymentConfirmed, PaySent
from tests.core import lanes, orders


def test_a_request_of_an_older_release_states_no_amount() -> None:
    sent = PaySent("A", "key-1", "pay.test", "1", "v4", "TWD", True, 3, 4, 5)
    assert (sent.amount_minor, sent.receipt_number) == (0, "")


def test_a_success_of_an_older_release_took_the_amount_of_the_order() -> None:
    record = PaymentConfirmed("A", "1", "", (), "", "pay", False, True, 7)
    assert record.captured_minor == 0
    order = applying.EFFECTS[PaymentConfirmed](orders.money(MoneyState.SENT), record)
    assert order.captured_minor == 120


def test_a_request_takes_the_money_at_once_unless_it_says_otherwise() -> None:
    assert SendPay("A", "key-1", Money(120, "TWD"), (), lanes.ACCOUNT, 5).capture


def test_a_reversal_is_tried_once_and_by_the_machine_unless_it_says_otherwise() -> None:
    reversal = Reversal(1, "refund", 120, True, (), 5)
    assert (reversal.attempt, reversal.for_person) == (1, False)


def test_nothing_was_asked_about_an_order_that_was_just_opened() -> None:
    assert applying.opened(orders.OPENED).checks == Checks(
        number=0,
        in_flight=False,
        operation="check",
        since_ns=0,
        made_since=0,
        made_past=0,
        sent_ns=0,
        sent_past=False,
        absent_ns=(),
        awaiting_customer=False,
    )


def test_nothing_was_sent_taken_given_back_or_printed_for_an_order_that_was_just_opened() -> None:
    opened = orders.OPENED
    assert applying.opened(opened) == Order(
        order_id="A",
        sale_id="sale-A",
        receipt_number="R000001",
        reference="till-A",
        amount=Money(120, "TWD"),
        items=(),
        cashier="Lin",
        opened_ns=opened.opened_ns,
        opened_ms=opened.opened_ms,
        money=MoneyState.ARMED,
        account=None,
        fingerprint="",
        scan_ns=None,
        scan_ms=0,
        reboots=0,
        overdue=False,
        declined_code="",
        declined_after=0,
        because="",
        code="",
        checks=Checks(),
        transaction_id="",
        parts=(),
        masked_card="",
        confirmed_ms=0,
        captures=True,
        captured_minor=0,
        expires_ms=0,
        alert_ns=0,
        capture_minor=0,
        refunded_minor=0,
        refunds=(),
        reversal=None,
        wish=Wish.WANTED,
        wish_because="",
        sweeps=0,
        late=False,
        paper=PaperState.NOTHING,
        paper_because="",
        copy=0,
        attention=frozenset(),
        settled=False,
    )
