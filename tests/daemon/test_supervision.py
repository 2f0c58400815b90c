"""posd and its supervisor: readiness, proof of life, an end that loses nothing."""

from __future__ import annotations

import signal

import pytest

from posd.api_client import Refused

from .foreign import ForeignGateway
from .printer import EpsonPrinter
from .shop import Shop
from .waiting import eventually

KEY = "381234567890123456"


def test_sigterm_while_a_payment_is_in_flight_lets_it_finish_and_ends_with_0(
    foreign_shop: Shop, foreign: ForeignGateway, printer: EpsonPrinter
) -> None:
    posd = foreign_shop.start()
    foreign.hold()
    sale = posd.open()
    posd.scan(KEY)
    foreign.pay_request()
    posd.terminate()
    eventually(lambda: posd.api.lane()["hindrances"] == ["stopping"])
    with pytest.raises(Refused) as refused:
        posd.open("55", "basket-2")
    assert refused.value.code == "stopping"
    assert posd.process.poll() is None
    foreign.release()
    assert posd.exit_code() == 0
    kept = foreign_shop.records(sale["order_id"])
    assert kept[-4:] == ["PaymentConfirmed", "PrintStarted", "PrintFinished", "OrderSettled"]
    assert printer.paper().says(sale["order_id"])
    assert len(foreign.ledger.pay_requests) == 1
    assert foreign_shop.start().api.sale(sale["id"])["verdict"] == "PAID"
    assert printer.rest() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_code_is_awaited_cancels_the_sale_and_ends_with_0(
    foreign_shop: Shop, number: signal.Signals
) -> None:
    posd = foreign_shop.start()
    sale = posd.open()
    posd.process.send_signal(number)
    assert posd.exit_code() == 0
    assert foreign_shop.records(sale["order_id"])[-2:] == ["SaleCancelled", "OrderSettled"]
    assert not foreign_shop.socket.exists()


def test_the_supervisor_is_told_ready_alive_and_stopping(foreign_shop: Shop) -> None:
    posd = foreign_shop.launch(environ={"WATCHDOG_USEC": "20000000"})
    ready = posd.told()
    assert ready.startswith("READY=1\nSTATUS=TEST lane L01: scanner ")
    assert posd.told() == "WATCHDOG=1"
    assert posd.told().startswith("STATUS=TEST lane L01: ")
    posd.terminate()
    assert posd.exit_code() == 0
    assert any(word.startswith("STOPPING=1") for word in posd.heard())


def test_without_a_watchdog_no_proof_of_life_is_sent(foreign_shop: Shop) -> None:
    posd = foreign_shop.start()
    posd.terminate()
    assert posd.exit_code() == 0
    assert "WATCHDOG=1" not in posd.heard()
