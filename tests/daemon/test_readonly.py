"""A journal that can be read and not written: nothing is sold, and nothing is called paid."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from posd.api_client.errors import ClientError, Refused

from .mounts import needs_mounts, read_only
from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Posd, Shop
from .waiting import eventually

pytestmark = needs_mounts


@pytest.fixture
def dark(shop: Shop, sandbox: Sandbox) -> tuple[Posd, dict[str, object]]:
    """A lane that was killed with a payment in doubt, back on a medium that became read-only."""
    posd = shop.start()
    sale = posd.open()
    sandbox.arm("check", "http:503")
    posd.scan(sandbox.key("close"))
    posd.sale_when(sale, state="UNKNOWN")
    posd.kill()
    sandbox.disarm()
    back = shop.launch(before=read_only(shop.state))
    back.told()
    return back, sale


def made_writable(posd: Posd, directory: Path) -> None:
    command = ["nsenter", "-t", str(posd.process.pid), "-m", "mount", "-o", "remount,bind,rw"]
    subprocess.run([*command, str(directory)], check=True)


def test_what_line_pay_took_is_shown_as_not_recorded_and_never_as_paid(dark, printer) -> None:
    posd, sale = dark
    assert "READ-ONLY" in posd.said()
    found = posd.sale_when(sale, attention=["paid_not_recorded"])
    assert (found["verdict"], found["next_action"]) == ("CALL_SUPERVISOR", "supervisor")
    assert posd.api.lane()["hindrances"] == ["journal_unwritable"]
    assert printer.rest() == []


def test_no_sale_is_taken_and_the_reason_is_told(dark, printer: EpsonPrinter) -> None:
    posd, sale = dark
    with pytest.raises(Refused) as refused:
        posd.open(reference="basket-2")
    assert refused.value.code == "journal_unwritable"
    with pytest.raises(Refused):
        posd.api.cancel(sale["id"], idempotency_key="cancel-1")
    posd.terminate()
    assert posd.exit_code() == 0


def test_once_it_can_be_written_again_the_payment_is_found_and_recorded(
    dark, shop: Shop, sandbox: Sandbox
) -> None:
    posd, sale = dark
    made_writable(posd, shop.state)
    found = eventually(lambda: _recorded(posd, sale))
    assert found["transaction_id"]
    assert sandbox.order(str(sale["order_id"]))["pay_requests"] == 1


def _recorded(posd: Posd, sale: dict[str, object]) -> dict[str, object] | None:
    try:
        found = posd.api.sale(str(sale["id"]))
    except ClientError:  # between the two lanes nobody listens
        return None
    return found if found["verdict"] in ("PAID", "PAID_LATE") else None
