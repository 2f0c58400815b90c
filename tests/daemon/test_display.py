"""The customer's display of a whole lane: what it says of a sale, and that it stops nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.simulated.display import VirtualDisplay

from .sandbox import Sandbox
from .shop import Shop
from .waiting import PATIENCE_S, eventually


@pytest.fixture
def display(shop: Shop) -> Iterator[VirtualDisplay]:
    with VirtualDisplay(link=str(shop.folder / "display")) as display:
        shop.settings["display"] = {"driver": "line_display", "port": display.port}
        yield display


def shown_until(display: VirtualDisplay, lines: tuple[str, str]) -> None:
    """Wait until it shows these lines."""
    while (shown := display.shown.get(timeout=PATIENCE_S)) != lines:
        assert shown is not None


def test_a_customer_sees_the_amount_and_that_it_was_paid(
    shop: Shop, sandbox: Sandbox, display: VirtualDisplay
) -> None:
    posd = shop.start()
    shown_until(display, ("TEST Corner Tea", "Welcome"))
    sale = posd.open("1280")
    shown_until(display, ("TEST TWD 1280", "Show LINE Pay code"))
    posd.scan("4710088412348")
    shown_until(display, ("TEST This is a produ", "Open LINE Pay MyCode"))
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    shown_until(display, ("TEST PAID", "TWD 1280"))
    devices = posd.api.devices()
    assert devices["display"]["condition"] == "connected"
    said = posd.cli("devices").out
    assert "Customer display ready" in said
    posd.terminate()
    shown_until(display, ("", ""))


def test_a_display_that_is_pulled_or_hangs_stops_no_sale(
    shop: Shop, sandbox: Sandbox, display: VirtualDisplay
) -> None:
    posd = shop.start()
    shown_until(display, ("TEST Corner Tea", "Welcome"))
    display.unplug()
    assert posd.sell(sandbox.key(), "120")["verdict"] == "PAID"
    eventually(lambda: posd.api.devices()["display"]["condition"] == "lost")
    assert posd.cli("devices").code == 4
    display.replug()
    shown_until(display, ("TEST PAID", "TWD 120"))
    display.command("hang on")
    assert posd.sell(sandbox.key(), "130", "basket-2")["verdict"] == "PAID"
    display.command("hang off")
    shown_until(display, ("TEST PAID", "TWD 130"))
