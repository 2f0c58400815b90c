"""A disk that fills up: no new sale, and the running payment's outcome is kept."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from posd.journal.reader import JournalReader

from .foreign import ForeignGateway
from .mounts import needs_mounts, on_tmpfs, seen_by
from .printer import EpsonPrinter
from .shop import Shop

pytestmark = needs_mounts
KEY = "381234567890123456"


def fill(directory: Path) -> None:
    with suppress(OSError), (directory / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1 << 20))
    with suppress(OSError), (directory / "last").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(256))


def test_below_its_floor_no_sale_is_taken_and_it_says_why(
    foreign_shop: Shop, foreign: ForeignGateway
) -> None:
    foreign_shop.state.mkdir()
    posd = foreign_shop.start(before=on_tmpfs(foreign_shop.state, "size=48m"))
    ended = posd.cli("sale", "120")
    assert (ended.code, "(disk_low)" in ended.out) == (1, True)
    assert posd.api.lane()["hindrances"] == ["disk_low"]
    assert foreign.ledger.pay_requests == []


def test_a_disk_that_fills_while_the_answer_is_out_still_keeps_the_outcome(
    foreign_shop: Shop, foreign: ForeignGateway, printer: EpsonPrinter
) -> None:
    foreign_shop.state.mkdir()
    posd = foreign_shop.start(before=on_tmpfs(foreign_shop.state, "size=96m"))
    foreign.hold()
    sale = posd.open()
    posd.scan(KEY)
    foreign.pay_request()
    state = seen_by(posd.process.pid, foreign_shop.state)
    fill(state)
    foreign.release()
    paid = posd.verdict(sale)
    assert paid["verdict"] == "PAID"
    posd.sale_when(sale, receipt="PRINTED")
    copy = shutil.copytree(state, foreign_shop.folder / "copy", ignore=lambda *_: ["filler"])
    with JournalReader(Path(copy)) as reader:
        kept = [type(record).__name__ for _, record in reader.order(sale["order_id"])]
    assert kept[-4:] == ["PaymentConfirmed", "PrintStarted", "PrintFinished", "OrderSettled"]
    assert printer.paper().says(paid["transaction_id"])
    assert len(foreign.ledger.pay_requests) == 1
