"""A lane that has sold for months: its memory is the journal, not the process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from posd import ids, secrets
from posd.core.records import PaySent, Record
from tests.journal.samples import order_id, paid

from .sandbox import Sandbox
from .shop import Posd, Shop

OLD_KEY = "380000000000000001"
SALES = 10_000
AT_ONCE = 1_000
MEBIBYTE = 1 << 20


def sold(shop: Shop) -> Iterator[list[Record]]:
    secret = secrets.fingerprint_key(str(shop.state))
    for start in range(1, SALES + 1, AT_ONCE):
        batch: list[Record] = []
        for number in range(start, start + AT_ONCE):
            batch += paid(number)
        yield [with_key(record, secret) for record in batch]


def with_key(record: Record, secret: bytes) -> Record:
    if isinstance(record, PaySent) and record.order_id == order_id(1):
        return replace(record, fingerprint=ids.fingerprint(secret, OLD_KEY))
    return record


def resident_bytes(posd: Posd) -> int:
    with open(f"/proc/{posd.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_a_key_of_ten_thousand_sales_ago_is_refused_and_memory_does_not_know_them(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    young_bytes = resident_bytes(posd)
    posd.kill()
    shop.seed(*sold(shop))
    posd = shop.start()
    sale = posd.open(reference="basket-of-today")
    posd.scan(OLD_KEY)
    assert posd.notice("key_used")["details"]["order_id"] == order_id(1)
    assert posd.api.sale(sale["id"])["verdict"] == "WAITING"
    assert sandbox.order(sale["order_id"])["pay_requests"] == 0
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    assert posd.api.sale(order_id(1))["verdict"] == "PAID"
    assert resident_bytes(posd) - young_bytes < 16 * MEBIBYTE
