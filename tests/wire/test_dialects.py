"""The older dialects of the API meet the same wire: paid, checked, released and given back once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.daemon.sandbox import Sandbox

from .conftest import made_lane, upstream
from .faults import HTTP_503, lost_request, lost_response, truncated_body
from .lane import Lane, Sale
from .proxy import Proxy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["v2", "v2.4"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def paying(sandbox: Sandbox, dialect: str) -> Iterator[Lane]:
    """A lane that takes money at once."""
    with speaking(sandbox, api=dialect) as lane:
        yield lane


@pytest.fixture(scope="module")
def authorizing(sandbox: Sandbox, dialect: str) -> Iterator[Lane]:
    """A lane that only authorizes."""
    with speaking(sandbox, api=dialect, capture=False) as lane:
        yield lane


@contextmanager
def speaking(sandbox: Sandbox, **linepay: object) -> Iterator[Lane]:
    with Proxy(upstream(sandbox)) as proxy, made_lane(sandbox, proxy) as lane:
        lane.shop.settings["linepay"] |= linepay
        lane.supervised()
        lane.shop.start()
        yield lane


def spoken(lane: Lane, sale: Sale) -> set[str]:
    """The dialects in which posd spoke of this sale."""
    sent = [one.raw for one in lane.proxy.sent if one.order_id == sale["order_id"]]
    assert all(b"X-LINE-ChannelSecret: " in raw for raw in sent), "not signed as before v4"
    return {raw.split(b"/", 2)[1].decode() for raw in sent}


def test_a_payment_whose_answer_was_lost_is_found_by_a_check_and_printed_once(
    paying: Lane, dialect: str
) -> None:
    paying.proxy.arm("pay", lost_response, count=1)
    sale = paying.sale()
    paying.ends_paid(sale)
    assert len(paying.proxy.sent_for("check", sale["order_id"])) >= 1
    assert spoken(paying, sale) == {dialect}


def test_a_check_whose_answer_was_cut_short_proves_nothing_and_the_next_one_finds_the_charge(
    paying: Lane,
) -> None:
    paying.proxy.arm("pay", lost_response, count=1)
    paying.proxy.arm("check", truncated_body, count=1)
    sale = paying.sale()
    paying.ends_paid(sale)
    assert len(paying.proxy.sent_for("check", sale["order_id"])) > 1


def test_a_payment_that_never_arrived_is_asked_about_and_never_sent_again(paying: Lane) -> None:
    paying.proxy.arm("pay", lost_request, count=1)
    sale = paying.doubted()
    assert len(paying.proxy.sent_for("check", sale["order_id"])) > 1
    assert len(paying.proxy.sent_for("pay", sale["order_id"])) == 1
    assert paying.judged(sale) == {"pay_requests": 0}


def test_a_whole_refund_that_never_arrived_is_sent_again_after_a_read(
    paying: Lane, dialect: str
) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", lost_request, count=1)
    paying.lin(sale, "refunds")
    paying.posd.sale_when(sale, verdict="REFUNDED")
    assert len(paying.proxy.sent_for("details", sale["order_id"])) >= 1
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 2
    assert paying.sandbox.refunds(sale["order_id"]) == [sale["amount"]]
    assert spoken(paying, sale) == {dialect}
    paying.judged(sale)


def test_a_part_whose_answer_was_lost_is_read_and_never_sent_again(paying: Lane) -> None:
    sale = paying.sale()
    paying.ends_paid(sale)
    paying.proxy.arm("refund", lost_response, count=1)
    paying.lin(sale, "refunds", amount="20")
    paying.posd.sale_when(sale, verdict="PAID", refunded="20")
    assert len(paying.proxy.sent_for("refund", sale["order_id"])) == 1
    assert paying.sandbox.refunds(sale["order_id"]) == ["20"]
    paying.judged(sale)


def test_an_authorization_whose_answer_was_lost_is_read_and_never_called_paid(
    authorizing: Lane, dialect: str
) -> None:
    authorizing.proxy.arm("pay", lost_response, count=1)
    authorizing.proxy.arm("authorizations", HTTP_503.fault, count=1)
    sale = authorizing.sale()
    found = authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    assert found["receipt"] == "NOTHING"
    assert len(authorizing.proxy.sent_for("authorizations", sale["order_id"])) > 1
    assert spoken(authorizing, sale) == {dialect}
    authorizing.judged(sale)


@pytest.mark.parametrize("fault", [lost_request, lost_response])
def test_a_void_that_was_lost_on_either_way_releases_once(
    authorizing: Lane, dialect: str, fault: object
) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("void", fault, count=1)  # type: ignore[arg-type]
    authorizing.lin(sale, "void")
    authorizing.posd.sale_when(sale, verdict="VOIDED")
    assert authorizing.judged(sale)["stage"] == "voided"
    assert spoken(authorizing, sale) == {dialect}


def test_a_capture_whose_answer_was_lost_is_read_and_never_sent_again(authorizing: Lane) -> None:
    sale = authorizing.sale()
    authorizing.posd.sale_when(sale, verdict="AUTHORIZED")
    authorizing.proxy.arm("capture", lost_response)
    authorizing.lin(sale, "capture", amount="90")
    authorizing.posd.sale_when(sale, verdict="PAID", receipt="PRINTED", captured="90")
    assert authorizing.printer.paper().says(sale["order_id"], "90 TWD")
    authorizing.proxy.heal()
    assert len(authorizing.proxy.sent_for("capture", sale["order_id"])) == 1
    assert authorizing.judged(sale)["captured"] == "90"
