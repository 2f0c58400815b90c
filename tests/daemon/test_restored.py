"""A backup of the journal, made while a sale waited for its key, is put back after it was paid."""

from __future__ import annotations

from pathlib import Path

import apsw

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop


def backed_up(database: Path, copy: Path) -> None:
    source = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)
    target = apsw.Connection(str(copy))
    with target.backup("main", source, "main") as backup:
        backup.step()
    target.close()
    source.close()


def put_back(copy: Path, database: Path) -> None:
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    copy.chmod(0o600)
    copy.replace(database)


def test_a_payment_that_the_restored_journal_shows_as_waiting_is_found_and_not_cancelled(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    sale = posd.open()
    database, copy = shop.state / "journal.db", shop.folder / "backup.db"
    backed_up(database, copy)
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    posd.sale_when(sale, receipt="PRINTED")
    posd.kill()
    assert printer.paper().says(str(sale["order_id"]))
    put_back(copy, database)
    posd = shop.start()
    found = posd.sale_when(sale, state="CONFIRMED")
    assert (found["verdict"], found["attention"]) == ("PAID_LATE", ["late", "recovered"])
    assert (found["reference"], found["amount"]) == ("basket-1", "120")
    assert sandbox.order(str(sale["order_id"]))["pay_requests"] == 1
    assert printer.rest() == []
