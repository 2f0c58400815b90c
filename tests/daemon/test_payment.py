"""A customer shows a code, and is charged once: real processes, real sockets, a real pty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .foreign import ForeignGateway
from .printer import EpsonPrinter, SinkPrinter
from .sandbox import Sandbox
from .shop import Gateway, Shop

KEY = "381234567890123456"


@pytest.mark.parametrize("api", ["v4", "v2.4", "v2"])
def test_a_scan_is_paid_once_and_printed_once(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter, api: str
) -> None:
    shop.settings["linepay"]["api"] = api
    posd = shop.start()
    sale = posd.sell(sandbox.key(), "1280")
    assert (sale["verdict"], sale["amount"], sale["currency"]) == ("PAID", "1280", "TWD")
    booked = sandbox.order(sale["order_id"])
    assert (booked["status"], booked["amount"], booked["pay_requests"]) == ("COMPLETE", "1280", 1)
    assert sale["transaction_id"] == booked["transaction_id"]
    paper = printer.paper()
    assert paper.says("TEST", sale["order_id"], sale["transaction_id"], "1280 TWD")
    assert not paper.is_copy
    assert posd.sale_when(sale, receipt="PRINTED")["attention"] == []
    assert printer.rest() == []


@pytest.fixture(params=["HTTP/1.1", "HTTP/1.0"])
def protocol_gateway(request: pytest.FixtureRequest) -> Iterator[ForeignGateway]:
    with ForeignGateway(request.param) as gateway:
        yield gateway


def test_a_gateway_of_foreign_make_sees_one_whole_request_with_the_device_headers(
    shop_of: Callable[[Gateway], Shop], protocol_gateway: ForeignGateway, printer: EpsonPrinter
) -> None:
    gateway = protocol_gateway
    gateway.on_pay = gateway.ledger.charge  # the answer is lost: checks follow
    posd = shop_of(gateway).start()
    sale = posd.sell(KEY)
    assert sale["verdict"] == "PAID"
    (pay,) = gateway.ledger.pay_requests
    assert pay.line == "POST /v4/payments/oneTimeKeys/pay HTTP/1.1"
    assert pay.json["orderId"] == sale["order_id"]
    assert (pay.json["amount"], pay.json["currency"], pay.json["oneTimeKey"]) == (120, "TWD", KEY)
    (check, *_) = gateway.ledger.other_requests
    assert check.line == f"GET /v4/payments/orders/{sale['order_id']}/check HTTP/1.1"
    for request in (pay, check):
        assert request.headers["X-LINE-MerchantDeviceProfileId"] == "L01-0001"
        assert request.headers["X-LINE-MerchantDeviceType"] == "POS"
        assert request.headers["X-LINE-ChannelId"] == gateway.channel_id
    assert printer.paper().says(sale["order_id"], sale["transaction_id"])


def test_a_printer_that_never_answers_still_prints_and_the_receipt_is_called_probable(
    folder: Path, sandbox: Sandbox
) -> None:
    with SinkPrinter() as sink:
        shop = Shop(folder, sandbox, sink.address)
        posd = shop.start()
        sale = posd.sell(sandbox.key())
        assert sink.paper().says(sale["order_id"], sale["transaction_id"])
        assert posd.sale_when(sale, receipt="PROBABLE")["verdict"] == "PAID"
        assert sink.rest() == []
        shop.close()


def test_twelve_customers_in_a_row_are_twelve_charges_and_twelve_receipts(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    before = sandbox.stats()["charges"]
    sales = [posd.sell(sandbox.key(), "35", f"basket-{number}") for number in range(12)]
    assert [sale["verdict"] for sale in sales] == ["PAID"] * 12
    assert sandbox.stats()["charges"] == before + 12
    papers = [printer.paper() for _ in sales]
    for sale in sales:
        assert len([paper for paper in papers if paper.says(sale["order_id"])]) == 1
