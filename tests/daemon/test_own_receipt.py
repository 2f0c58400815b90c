"""A shop prints by its own template; one that is broken stops no sale."""

from __future__ import annotations

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop

MINE = "[test]\n[copy]\nOur own receipt\n{word:total} | {total}\n{order_id}\n"


def test_a_sale_is_printed_by_the_shops_own_template_and_not_the_built_in_one(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    (shop.folder / "receipt.txt").write_text(MINE, "utf-8")
    shop.settings["receipt"] = {"template": "receipt.txt", "words": {"total": "In all"}}
    posd = shop.start()
    sale = posd.sell(sandbox.key(), "1280")
    paper = printer.paper()
    assert paper.says("TEST", "Our own receipt", "In all", "1280 TWD", sale["order_id"])
    assert not paper.is_copy
    assert not paper.says("Cashier")


def test_a_broken_template_stops_no_sale_and_the_paper_says_so(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    (shop.folder / "receipt.txt").write_text(f"{MINE}{{totl}}\n", "utf-8")
    shop.settings["receipt"] = {"template": "receipt.txt"}
    posd = shop.start()
    sale = posd.sell(sandbox.key(), "1280")
    assert sale["verdict"] == "PAID"
    paper = printer.paper()
    assert paper.says("TOTAL", "1280 TWD", "Standard layout: the shop's own is broken")
    assert not paper.says("Our own receipt")
    said = posd.said()
    assert "receipt_template_broken" in said
    assert "{totl} is no placeholder; did you mean total?" in said
