"""The wire fails under money that goes back: no part is ever sent twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.daemon.sandbox import Sandbox
from tests.daemon.waiting import eventually

from .conftest import made_lane, upstream
from .faults import (
    ROWS,
    Row,
    duplicate_first_told,
    duplicate_second_told,
    late_delivery,
    lost_request,
    lost_response,
)
from .lane import Lane
from .proxy import Fault, Proxy

TWICE = (duplicate_first_told, duplicate_second_told)  # LINE takes each refund for a new one
ALL = [row for row in ROWS if row.fault not in TWICE and row.fault is not late_delivery]
QUICK: tuple[Fault, ...] = (lost_request, lost_response)
READS = 3

some_by_default = pytest.mark.parametrize(
    "row",
    [
        row if row.fault in QUICK else pytest.param(row, marks=pytest.mark.slow, id=row.name)
        for row in ALL
    ],
    ids=lambda row: getattr(row, "name", None),
)
delivered_twice = pytest.mark.parametrize("fault", TWICE, ids=["first_told", "second_told"])


@pytest.fixture(scope="module")
def lanes(sandbox: Sandbox) -> Iterator[dict[bool, Lane]]:
    """A lane that takes money at once (True), and one that only authorizes."""
    with (
        Proxy(upstream(sandbox)) as one,
        Proxy(upstream(sandbox)) as other,
        made_lane(sandbox, one) as paying,
        made_lane(sandbox, other) as authorizing,
    ):
        authorizing.shop.settings["linepay"]["capture"] = False
        for lane in (paying, authorizing):
            lane.supervised()
            lane.shop.start()
        yield {True: paying, False: authorizing}


@pytest.fixture
def paying(lanes: dict[bool, Lane]) -> Iterator[Lane]:
    yield lanes[True]
    lanes[True].proxy.heal()


@pytest.fixture
def authorizing(lanes: dict[bool, Lane]) -> Iterator[Lane]:
    yield lanes[False]
    lanes[False].proxy.heal()


@some_by_default
def test_a_part_is_given_back_by_one_request_whatever_happens_to_it(paying: Lane, row: Row) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", row.fault)
    paying.lin(sale, "refunds", amount="20")
    if row.arrives:
        paying.posd.sale_when(sale, refunded="20")
    else:
        eventually(lambda: len(paying.proxy.sent_for("details", sale["order_id"])) >= READS)
        assert paying.posd.api.sale(sale["id"])["refunded"] in (None, "0")
    paying.proxy.heal()
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 1
    assert paying.sandbox.refunds(sale["order_id"]) == (["20"] if row.arrives else [])
    paying.judged(sale)


@some_by_default
def test_all_of_it_is_given_back_once_in_the_end(paying: Lane, row: Row) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", row.fault, count=1)
    paying.lin(sale, "refunds")
    found = paying.posd.sale_when(sale, verdict="REFUNDED")
    assert found["refunded"] == sale["amount"]
    assert paying.sandbox.refunds(sale["order_id"]) == [sale["amount"]]
    asked = len(paying.proxy.sent_for("refund", sale["order_id"]))
    assert asked == (1 if row.arrives else 2)
    paying.judged(sale)


@some_by_default
def test_an_authorization_is_released_once_in_the_end(authorizing: Lane, row: Row) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("void", row.fault, count=1)
    authorizing.lin(sale, "void")
    authorizing.posd.sale_when(sale, verdict="VOIDED")
    assert authorizing.judged(sale)["stage"] == "voided"


@some_by_default
def test_an_authorization_is_captured_once_whatever_happens_to_the_request(
    authorizing: Lane, row: Row
) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("capture", row.fault)
    authorizing.lin(sale, "capture", amount="90")
    if row.arrives:
        authorizing.posd.sale_when(sale, verdict="PAID", receipt="PRINTED", captured="90")
        assert authorizing.printer.paper().says(sale["order_id"], "90 TWD")
    else:
        reads = ("authorizations", sale["order_id"])
        eventually(lambda: len(authorizing.proxy.sent_for(*reads)) >= READS)
        assert authorizing.posd.api.sale(sale["id"])["receipt"] == "NOTHING"
    authorizing.proxy.heal()
    assert len(authorizing.proxy.sent_for("capture", sale["order_id"])) == 1
    assert authorizing.judged(sale)["captured"] == ("90" if row.arrives else "0")


# ---- a proxy delivers it twice


@delivered_twice
def test_all_of_it_delivered_twice_is_given_back_once(paying: Lane, fault: Fault) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", fault, count=1)
    paying.lin(sale, "refunds")
    found = paying.posd.sale_when(sale, verdict="REFUNDED")
    assert found["refunded"] == sale["amount"]
    assert paying.sandbox.refunds(sale["order_id"]) == [sale["amount"]]
    paying.judged(sale)


@delivered_twice
def test_a_part_delivered_twice_is_one_request_and_a_difference_that_inquiry_shows(
    paying: Lane, fault: Fault
) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", fault, count=1)
    paying.lin(sale, "refunds", amount="20")
    paying.posd.sale_when(sale, refunded="20")
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 1
    assert paying.sandbox.refunds(sale["order_id"]) == ["20", "20"]
    (shown,) = paying.posd.api.inquire(sale["order_id"])["differences"]
    assert (shown["field"], shown["journal"], shown["linepay"]) == ("refunded", "20", "40")
    paying.judged(sale)


def test_the_rest_behind_a_part_delivered_twice_is_refused_once_and_goes_to_a_person(
    paying: Lane,
) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", duplicate_first_told, count=1)
    paying.lin(sale, "refunds", amount="20")
    paying.posd.sale_when(sale, refunded="20")
    paying.lin(sale, "refunds")
    paying.posd.sale_when(sale, state="REFUND_OWED", attention=["owed"])
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 2
    assert paying.sandbox.refunds(sale["order_id"]) == ["20", "20"]
    paying.judged(sale)


def test_a_part_whose_second_delivery_was_refused_is_found_and_booked_once(paying: Lane) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    most = str(int(sale["amount"]) - 10)
    paying.proxy.arm("refund", duplicate_second_told, count=1)
    paying.lin(sale, "refunds", amount=most)
    found = paying.posd.sale_when(sale, verdict="PAID", refunded=most)
    assert found["state"] == "CONFIRMED"
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 1
    assert paying.sandbox.refunds(sale["order_id"]) == [most]
    paying.judged(sale)


@delivered_twice
def test_a_void_delivered_twice_releases_once(authorizing: Lane, fault: Fault) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("void", fault, count=1)
    authorizing.lin(sale, "void")
    authorizing.posd.sale_when(sale, verdict="VOIDED")
    assert len(authorizing.proxy.sent_for("void", sale["order_id"])) == 1
    assert authorizing.judged(sale)["stage"] == "voided"


@delivered_twice
def test_a_capture_delivered_twice_takes_once(authorizing: Lane, fault: Fault) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("capture", fault, count=1)
    authorizing.lin(sale, "capture", amount="90")
    authorizing.posd.sale_when(sale, verdict="PAID", receipt="PRINTED", captured="90")
    assert authorizing.printer.paper().says(sale["order_id"], "90 TWD")
    assert len(authorizing.proxy.sent_for("capture", sale["order_id"])) == 1
    assert authorizing.judged(sale)["captured"] == "90"
