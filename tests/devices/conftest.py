"""Virtual hardware for the tests."""

from __future__ import annotations

import pytest
from sharing import PaperPrinter, Shop

from devices.simulated.printer import VirtualPrinter
from devices.simulated.scanner import VirtualScanner


@pytest.fixture
def virtual_scanner(tmp_path):
    with VirtualScanner(link=str(tmp_path / "scanner")) as scanner:
        yield scanner


@pytest.fixture
def virtual_printer():
    with VirtualPrinter() as printer:
        yield printer


@pytest.fixture
def printer():
    return PaperPrinter()


@pytest.fixture
def shop_of(tmp_path):
    """Makes owners that share a printer; they stop with the test."""
    shops = []

    def make(printer, **options) -> Shop:
        shops.append(Shop(printer, tmp_path / "printer-token", **options))
        return shops[-1]

    yield make
    for shop in shops:
        shop.share.stop()


@pytest.fixture
def shop(shop_of, printer):
    return shop_of(printer)
