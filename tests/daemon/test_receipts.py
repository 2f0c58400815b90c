"""The receipt of a sale from the command line: as text, as a picture, on paper again; kept late."""

from __future__ import annotations

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop


def test_a_receipt_is_shown_drawn_and_printed_again(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    assert printer.paper().says(sale["order_id"])
    shown = posd.cli("receipt", "show", sale["receipt_number"])
    assert (shown.code, sale["order_id"] in shown.out) == (0, True)
    picture = shop.folder / "receipt.png"
    assert posd.cli("receipt", "png", sale["id"], str(picture)).code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert posd.cli("receipt", "png", sale["id"], str(shop.folder / "no" / "way")).code == 77
    again = posd.cli("receipt", "print", sale["order_id"], "--json")
    assert (again.code, again.json["copies"]) == (0, 1)
    assert printer.paper().is_copy
    unknown = posd.cli("receipt", "show", "R000000")
    assert (unknown.code, "no_such_sale" in unknown.out + unknown.err) == (1, True)


def test_a_payment_that_came_late_is_kept_from_the_command_line(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    sandbox.arm("check", "http:503")
    sale = posd.open()
    posd.scan(sandbox.key("close"))
    posd.sale_when(sale, state="UNKNOWN")
    posd.kill()
    sandbox.disarm()
    shop.hurry(sale)
    posd = shop.start()
    posd.sale_when(sale, verdict="PAID_LATE")
    kept = posd.cli("keep", sale["id"], "--json")
    assert (kept.code, kept.json["verdict"]) == (0, "PAID")
    assert printer.paper().says(sale["order_id"])
