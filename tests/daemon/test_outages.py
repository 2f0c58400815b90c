"""Gateway, printer and scanner go away and come back."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from .foreign import ForeignGateway
from .printer import EpsonPrinter, PrinterSwitchedOff
from .sandbox import Sandbox
from .shop import Gateway, Shop, until_armed
from .waiting import eventually

KEY = "381234567890123456"


def test_an_unreachable_gateway_takes_no_code_and_ends_with_5(
    shop_of: Callable[[Gateway], Shop], foreign: ForeignGateway
) -> None:
    shop = shop_of(foreign)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        port = nobody.getsockname()[1]
        shop.settings["linepay"]["base_url"] = f"http://127.0.0.1:{port}"
        posd = shop.start()
        assert posd.api.lane()["hindrances"] == ["gateway_unreachable"]
        ended = posd.cli("sale", "120")
        assert (ended.code, "(gateway_unreachable)" in ended.out) == (5, True)
        assert "Nothing was charged" in ended.out
        assert posd.api.lane()["recent"] == []


def test_a_gateway_that_goes_while_the_code_is_awaited_is_charged_nothing_and_ends_with_5(
    shop_of: Callable[[Gateway], Shop], printer: EpsonPrinter
) -> None:
    with ForeignGateway() as gateway:
        posd = shop_of(gateway).start()
        with posd.cli_started("sale", "120", "--json") as sale:
            until_armed(sale)
            gateway.close()
            posd.scan(KEY)
            out, _ = sale.communicate(timeout=20)
        assert sale.returncode == 5
        assert '"verdict": "NOT_PAID"' in out
        assert gateway.ledger.pay_requests == []
    assert printer.rest() == []


def test_a_printer_that_is_not_there_holds_the_receipt_and_prints_it_once_when_it_appears(
    folder: Path, sandbox: Sandbox
) -> None:
    with PrinterSwitchedOff() as printer:
        shop = Shop(folder, sandbox, printer.address)
        posd = shop.start()
        sale = posd.sell(sandbox.key())
        assert sale["verdict"] == "PAID"
        held = posd.sale_when(sale, receipt="HELD")
        assert held["receipt_because"] == "unreachable"
        assert posd.cli("devices").code == 4
        printer.switch_on()
        assert printer.paper().says(sale["order_id"], sale["transaction_id"])
        assert posd.sale_when(sale, receipt="PRINTED")["copies"] == 0
        assert posd.cli("devices").code == 0
        assert printer.rest() == []
        shop.close()


def test_a_held_receipt_survives_a_kill_and_is_printed_once(folder: Path, sandbox: Sandbox) -> None:
    with PrinterSwitchedOff() as printer:
        shop = Shop(folder, sandbox, printer.address)
        posd = shop.start()
        sale = posd.sell(sandbox.key())
        posd.sale_when(sale, receipt="HELD")
        posd.kill()
        printer.switch_on()
        posd = shop.start()
        paper = printer.paper()
        assert paper.says(sale["order_id"])
        assert not paper.is_copy
        posd.sale_when(sale, receipt="PRINTED")
        assert printer.rest() == []
        shop.close()


def test_a_receipt_that_was_held_too_long_waits_for_a_person_before_it_is_printed(
    folder: Path, sandbox: Sandbox
) -> None:
    with PrinterSwitchedOff() as printer:
        shop = Shop(folder, sandbox, printer.address)
        posd = shop.start()
        sale = posd.sell(sandbox.key())
        posd.sale_when(sale, receipt="HELD")
        posd.kill()
        shop.hurry(sale)
        printer.switch_on()
        posd = shop.start()
        posd.sale_when(sale, verdict="PAID_LATE", receipt="HELD")
        eventually(lambda: posd.api.devices()["printer"]["ready"])
        assert printer.rest() == []
        posd.api.keep(sale["id"], idempotency_key="keep-1")
        assert printer.paper().says(sale["order_id"])
        assert posd.sale_when(sale, receipt="PRINTED")["copies"] == 0
        assert printer.rest() == []
        shop.close()


def test_out_of_paper_the_sale_is_paid_and_the_receipt_comes_with_the_new_roll(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    printer.out_of_paper = True
    sale = posd.sell(sandbox.key())
    assert sale["verdict"] == "PAID"
    assert posd.sale_when(sale, receipt="HELD")["receipt_because"] == "paper_out"
    assert printer.rest() == []
    printer.out_of_paper = False
    assert printer.paper().says(sale["order_id"])
    posd.sale_when(sale, receipt="PRINTED")
    assert printer.rest() == []


def test_a_scanner_pulled_in_the_middle_of_a_scan_is_back_for_the_same_sale(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sale = posd.open()
    shop.scanner.type("3812345", end="")
    shop.scanner.unplug()
    eventually(lambda: posd.api.devices()["scanner"]["condition"] == "lost")
    assert posd.cli("devices").code == 4
    shop.scanner.plug()
    eventually(lambda: posd.api.devices()["scanner"]["ready"])
    assert posd.api.sale(sale["id"])["verdict"] == "WAITING"
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1
