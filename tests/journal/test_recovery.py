"""The whole way back, with the real daemon: a lost journal, a refusal, an adoption, the money."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.printer import EpsonPrinter
from tests.daemon.sandbox import Sandbox
from tests.daemon.shop import Shop


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Shop]:
    folder = Path(tempfile.mkdtemp(prefix="posd-"))  # short: a socket's path has 107 bytes
    with EpsonPrinter() as printer:
        shop = Shop(folder, sandbox, printer.address)
        yield shop
        shop.close()
    shutil.rmtree(folder)


def adopt(shop: Shop) -> str:
    words = ["journal", "adopt", "-c", str(shop.config), "--reason", "the disk died", "--yes"]
    command = [sys.executable, "-m", "posd", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_after_its_journal_was_lost_posd_asks_about_every_payment_and_finds_the_money(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sales = [posd.sell(sandbox.key(), reference=f"basket-{number}") for number in range(2)]
    posd.kill()
    for path in shop.state.glob("journal.db*"):
        path.unlink()

    refused = shop.launch()
    assert refused.exit_code() == 78
    assert "the sent log names 2 payment(s)" in refused.said()
    assert "2 payment(s) will be asked about" in adopt(shop)

    posd = shop.start()
    for sale in sales:
        lost = {"id": sale["order_id"]}  # the sale's own id went with the journal
        found = posd.sale_when(lost, verdict="PAID_LATE")
        assert "recovered" in found["attention"]
        assert found["amount"] == sale["amount"]
        assert found["receipt_number"] == sale["receipt_number"]
        assert sandbox.order(sale["order_id"])["pay_requests"] == 1
    assert posd.sell(sandbox.key(), reference="basket-9")["verdict"] == "PAID"
