"""A printer pulled, or without power, inside the receipt of a real sale, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulated.decoder import Paper
from devices.simulated.printer import VirtualPrinter

from .sandbox import Sandbox
from .shop import Posd, Shop
from .waiting import PATIENCE_S, eventually


@pytest.fixture
def virtual() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as printer:
        yield printer


@pytest.fixture
def posd(folder: Path, sandbox: Sandbox, virtual: VirtualPrinter) -> Iterator[Posd]:
    shop = Shop(folder, sandbox, virtual.address)
    yield shop.start()
    shop.close()


def papers_until(virtual: VirtualPrinter, order_id: str) -> list[str]:
    """All that came out, up to and with the receipt of that order."""
    papers: list[str] = []
    while not papers or order_id not in papers[-1]:
        paper = virtual.papers.get(timeout=PATIENCE_S)
        assert isinstance(paper, Paper)
        papers.append("\n".join(paper.text))
    return papers


def pulled_behind(count: int, posd: Posd, sandbox: Sandbox, virtual: VirtualPrinter) -> None:
    """One sale whose printer goes behind that byte of its receipt, and one after it."""
    virtual.command(f"unplug-after {count}")
    sale = posd.sell(sandbox.key(), reference=f"pulled-{count}")
    assert sale["verdict"] == "PAID"
    assert posd.sale_when(sale, receipt="UNKNOWN")["copies"] == 0
    eventually(lambda: posd.api.devices()["printer"]["condition"] == "unreachable")
    virtual.command("replug" if count % 2 else "power off")
    virtual.command("power on")
    eventually(lambda: posd.api.devices()["printer"]["ready"])
    following = posd.sell(sandbox.key(), reference=f"after-{count}")
    posd.sale_when(following, receipt="PRINTED")
    papers = papers_until(virtual, following["order_id"])
    # its own paper, whole; of the one before there is at most one, and it was charged once
    assert "Corner Tea" in papers[-1]
    assert sale["order_id"] not in papers[-1]
    assert sum(sale["order_id"] in paper for paper in papers) <= 1
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1


def test_a_printer_pulled_inside_a_receipt_loses_no_payment_and_prints_no_second_original(
    posd: Posd, sandbox: Sandbox, virtual: VirtualPrinter
) -> None:
    for count in (0, 701):
        pulled_behind(count, posd, sandbox, virtual)


@pytest.mark.slow
def test_so_it_is_behind_any_byte(posd: Posd, sandbox: Sandbox, virtual: VirtualPrinter) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    virtual.papers.get(timeout=PATIENCE_S)
    length = len(virtual.received)
    for count in range(0, length, length // 60):
        pulled_behind(count, posd, sandbox, virtual)
