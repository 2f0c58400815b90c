"""Two lanes, one printer: the second prints through the first, and sells without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop
from .waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def second(tmp_path: Path, sandbox: Sandbox, printer: EpsonPrinter) -> Iterator[Shop]:
    shop = Shop(tmp_path, sandbox, printer.address)
    shop.settings["lane"]["id"] = "L02"
    yield shop
    shop.close()


def shared_at(shop: Shop) -> str:
    """Where the running daemon of this shop shares its printer."""

    def look() -> str | None:
        for line in shop.runs[-1].said().splitlines():
            if "printer_shared" in line:
                return str(json.loads(line)["listen"])
        return None

    return eventually(look)


def test_a_second_lane_prints_on_the_printer_of_the_first(
    shop: Shop, second: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    shop.settings["printer_share"] = {"listen": "127.0.0.1:0", "token_file": "printer-token"}
    first = shop.start()
    token_file = shop.folder / "printer-token"
    second.settings["printer"] = {
        "driver": "shared",
        "address": shared_at(shop),
        "token_file": str(token_file),
    }
    other = second.start()
    eventually(lambda: other.api.devices()["printer"]["ready"])
    for posd in (first, other):
        sale = posd.sell(sandbox.key())
        assert sale["verdict"] == "PAID"
        assert printer.paper().says(sale["order_id"])
        posd.sale_when(sale, receipt="PRINTED")
    token = token_file.read_text().strip()
    assert token
    assert token not in first.said() + other.said()

    first.terminate()
    first.exit_code()
    sale = other.sell(sandbox.key(), "130", "basket-2")
    assert sale["verdict"] == "PAID"
    other.sale_when(sale, receipt="HELD")
    eventually(lambda: other.api.devices()["printer"]["condition"] == "unreachable")
