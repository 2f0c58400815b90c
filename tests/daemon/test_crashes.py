"""posd is killed at the worst moments; started again, it neither charges twice nor loses money."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .foreign import ForeignGateway
from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Posd, Shop
from .waiting import eventually

KEY = "381234567890123456"


def killed_while_the_answer_is_out(posd: Posd, foreign: ForeignGateway) -> dict[str, object]:
    foreign.hold()
    sale = posd.open()
    posd.scan(KEY)
    foreign.pay_request()
    posd.kill()
    foreign.release()
    return sale


def test_killed_between_request_and_answer_the_payment_is_found_and_printed_once(
    foreign_shop: Shop, foreign: ForeignGateway, printer: EpsonPrinter
) -> None:
    sale = killed_while_the_answer_is_out(foreign_shop.start(), foreign)
    assert printer.rest() == []
    found = foreign_shop.start().verdict(sale)
    assert (found["verdict"], found["order_id"]) == ("PAID", sale["order_id"])
    assert printer.paper().says(found["order_id"], found["transaction_id"], "120 TWD")
    again = foreign_shop.runs[-1].sale_when(sale, receipt="PRINTED")
    assert again["attention"] == []
    assert len(foreign.ledger.pay_requests) == len(foreign.ledger.charged) == 1
    assert printer.rest() == []


def test_found_too_late_a_payment_waits_for_a_person_before_its_one_receipt(
    foreign_shop: Shop, foreign: ForeignGateway, printer: EpsonPrinter
) -> None:
    sale = killed_while_the_answer_is_out(foreign_shop.start(), foreign)
    foreign_shop.hurry(sale)
    posd = foreign_shop.start()
    late = posd.sale_when(sale, verdict="PAID_LATE")
    assert (late["attention"], late["next_action"]) == (["late"], "keep_or_reverse")
    assert (late["receipt"], printer.rest()) == ("NOTHING", [])
    kept = posd.api.keep(late["id"], idempotency_key="keep-1")
    assert kept["verdict"] == "PAID"
    assert posd.api.keep(late["id"], idempotency_key="keep-1")["verdict"] == "PAID"
    assert printer.paper().says(sale["order_id"])
    posd.sale_when(sale, receipt="PRINTED")
    assert len(foreign.ledger.pay_requests) == len(foreign.ledger.charged) == 1
    assert printer.rest() == []


@pytest.fixture
def jammed(shop: Shop) -> Path:
    """A FIFO that is full, where the second copy of PaySent goes: the engine waits there."""
    shop.state.mkdir()
    fifo = shop.state / "sent.log"
    os.mkfifo(fifo)
    return fifo


def test_killed_after_the_record_and_before_the_request_nothing_is_ever_sent(
    shop: Shop, sandbox: Sandbox, jammed: Path, printer: EpsonPrinter
) -> None:
    end = os.open(jammed, os.O_RDWR | os.O_NONBLOCK)
    try:
        while True:
            os.write(end, b"\0" * 4096)
    except BlockingIOError:
        pass
    posd = shop.start()
    sale = posd.open()
    posd.scan(sandbox.key())
    eventually(lambda: "PaySent" in shop.records(sale["order_id"]))
    posd.kill()
    os.close(end)
    jammed.unlink()
    shop.hurry(sale)
    posd = shop.start()
    found = posd.sale_when(sale, verdict="NOT_PAID")  # past the horizon, by three questions
    assert (found["because"], found["next_action"]) == ("absent", "new_code")
    assert sandbox.order(sale["order_id"])["pay_requests"] == 0
    assert printer.rest() == []


def test_killed_before_the_first_byte_of_a_receipt_that_was_begun_no_second_original_comes(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    shop.settings["printer"]["precheck_timeout_s"] = 5.0
    posd = shop.start()
    sale = posd.open()
    printer.mute = True
    printer.asked.clear()
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    assert printer.asked.wait(20)
    posd.kill()
    printer.mute = False
    must_be_printed_as_copies_only(shop, sale, printer)
    assert sandbox.order(str(sale["order_id"]))["pay_requests"] == 1


def test_killed_while_the_printer_hangs_no_second_original_comes(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    printer.hang()
    sale = posd.sell(sandbox.key())
    assert (sale["verdict"], sale["receipt"]) == ("PAID", "PRINTING")
    eventually(lambda: printer.has_begun)
    posd.kill()
    printer.go_on()
    cut_off = printer.paper()
    assert not cut_off.is_copy
    must_be_printed_as_copies_only(shop, sale, printer)
    assert sandbox.order(str(sale["order_id"]))["pay_requests"] == 1


def must_be_printed_as_copies_only(
    shop: Shop, sale: dict[str, object], printer: EpsonPrinter
) -> None:
    posd = shop.start()
    found = posd.sale_when(sale, receipt="UNKNOWN")
    assert (found["verdict"], found["attention"]) == ("PAID", ["print_unknown"])
    assert printer.rest() == []
    posd.api.print_receipt(found["id"], idempotency_key="again")
    copy = printer.paper()
    assert copy.says("COPY 1", str(sale["order_id"]))
    assert posd.sale_when(sale, receipt="PRINTED")["copies"] == 1
    assert printer.rest() == []


def test_killed_before_the_code_was_shown_the_sale_is_over_and_says_why(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sale = posd.open(idempotency_key="till-7")
    posd.kill()
    posd = shop.start()
    found = posd.verdict(sale)
    assert (found["verdict"], found["because"]) == ("NOT_PAID", "restart")
    assert found["next_action"] == "new_sale"
    assert posd.open(idempotency_key="till-7")["order_id"] == sale["order_id"]
    assert sandbox.order(sale["order_id"])["pay_requests"] == 0
