"""From a scan or an ask to an event: what the core cannot see is looked up in the journal."""

from __future__ import annotations

from devices.values import Scan
from posd.core.events import (
    Item,
)
from posd.core.instant import Instant
from posd.core.money import Money
from posd.core.records import PaymentNotPaid, PaySent, SaleCancelled, SaleOpened
from posd.door import OpenSale
from posd.intake import Intake
from tests.core.orders import CONFIRMED, NOT_PAID, OPENED, SENT, UNKNOWN
from tests.engine_world import RULES, MemoryJournal

AT = Instant(1_795_500_000_120, 5_000)
KEY = "381234567890123456"
ASK = OpenSale(
    reference="basket-1",
    amount=Money(120, "TWD"),
    idempotency_key="till-7",
    body_sha256="ab",
    items=(Item("Tea", 1, Money(120, "TWD")),),
    cashier="Lin",
    another_customer=True,
)


def intake(*records: object, hindrances: tuple[str, ...] = ()) -> Intake:
    journal = MemoryJournal([])
    journal.records.extend(records)  # type: ignore[arg-type]
    return Intake(
        rules=RULES,
        journal=journal,
        fingerprint_key=b"k" * 32,
        hindrances=lambda: hindrances,
    )


def opened(**changes: object) -> SaleOpened:
    return SaleOpened(**{**{name: getattr(OPENED, name) for name in OPENED.__slots__}, **changes})


# ---- scans ----------------------------------------------------------------------------------


def test_a_scan_becomes_an_event_without_the_code() -> None:
    event = intake().code(Scan(KEY, "", 11, 22), AT)
    assert (event.finding, event.length, event.used_by) == ("key", 18, None)
    assert (event.first_byte_ns, event.last_byte_ns, event.at) == (11, 22, AT)
    assert KEY not in repr(event)


def test_the_same_code_has_the_same_fingerprint_and_another_has_another() -> None:
    door = intake()
    first, again = door.code(Scan(KEY, "", 1, 2), AT), door.code(Scan(KEY, "", 3, 4), AT)
    other = door.code(Scan(KEY[:-1] + "7", "", 5, 6), AT)
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_code_that_paid_before_names_its_order() -> None:
    fingerprint = intake().code(Scan(KEY, "", 1, 2), AT).fingerprint
    sent = PaySent(**{**{n: getattr(SENT, n) for n in SENT.__slots__}, "fingerprint": fingerprint})
    assert intake(OPENED, sent).code(Scan(KEY, "", 1, 2), AT).used_by == "A"


def test_what_the_scanner_says_of_the_code_is_believed() -> None:
    assert intake().code(Scan(KEY, "]E0", 1, 2), AT).finding == "product_code"
    assert intake().code(Scan("R2611240600001", "", 1, 2), AT).finding == "not_digits"
    assert intake().code(Scan("R26112406000012", "", 1, 2), AT).finding == "receipt_number"


def test_what_a_fresh_key_may_be_besides_goes_with_it_and_nothing_else_has_a_doubt() -> None:
    wallet, carrier = "289431869362714645", "/U.5+A33"
    event = intake().code(Scan(wallet, "", 1, 2), AT)
    assert (event.finding, event.doubt) == ("key", "line_pay_or_wallet")
    for text, finding in ((KEY, "key"), (carrier, "einvoice_carrier")):
        plain = intake().code(Scan(text, "", 1, 2), AT)
        assert (plain.finding, plain.doubt) == (finding, None)
    used = PaySent(
        **{**{n: getattr(SENT, n) for n in SENT.__slots__}, "fingerprint": event.fingerprint}
    )
    assert intake(OPENED, used).code(Scan(wallet, "", 1, 2), AT).doubt is None


# ---- sales ----------------------------------------------------------------------------------


def test_a_wanted_sale_has_fresh_ids_and_all_that_was_asked() -> None:
    event = intake(hindrances=("disk_low",)).sale(ASK, AT)
    assert event.order_id == f"S001-L01-{event.sale_id}"
    assert event.receipt_number == "R26112406000012"
    assert (event.reference, event.idempotency_key, event.body_sha256) == (
        "basket-1",
        "till-7",
        "ab",
    )
    assert (event.amount, event.items, event.cashier) == (ASK.amount, ASK.items, "Lin")
    assert (event.another_customer, event.hindrances) == (True, ("disk_low",))
    assert (event.repeat_of, event.reference_held_by) == (None, None)


def test_a_repeat_names_its_order_and_whether_it_asks_for_the_same() -> None:
    before = opened(idempotency_key="till-7", body_sha256="ab", reference="basket-1")
    same = intake(before).sale(ASK, AT)
    assert (same.repeat_of, same.same_body, same.reference_held_by) == ("A", True, None)
    other = intake(opened(idempotency_key="till-7", body_sha256="cd")).sale(ASK, AT)
    assert (other.repeat_of, other.same_body) == ("A", False)


def test_a_reference_is_held_by_an_order_that_is_live_or_paid_and_by_no_other() -> None:
    first = opened(reference="basket-1")
    for held in ((), (SENT,), (SENT, UNKNOWN), (SENT, CONFIRMED)):
        assert intake(first, *held).sale(ASK, AT).reference_held_by == "A"
    for free in ((SaleCancelled("A", "cashier"),), (SENT, NOT_PAID)):
        assert intake(first, *free).sale(ASK, AT).reference_held_by is None
    assert intake(opened(reference="basket-2")).sale(ASK, AT).reference_held_by is None


def test_of_many_attempts_at_a_reference_the_live_one_holds_it() -> None:
    lost = (opened(reference="basket-1"), SENT, PaymentNotPaid("A", "declined", "1142"))
    live = opened(order_id="B", sale_id="sale-B", receipt_number="R000002", reference="basket-1")
    assert intake(*lost, live).sale(ASK, AT).reference_held_by == "B"


def test_a_receipt_number_that_is_taken_is_not_given_again() -> None:
    taken = opened(receipt_number="R26112406000012")
    assert intake(taken).sale(ASK, AT).receipt_number == "R26112406000013"
