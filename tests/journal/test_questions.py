"""Questions about acts, transactions and mismatches; those about sales are in test_lookups.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posd.core.records import MismatchProved, OrderRecovered
from posd.core.reversal_records import PaymentAuthorized, ReversalSent, SaleAbandoned
from posd.journal.errors import JournalDamaged
from posd.journal.reader import JournalReader

from .samples import opened, order_id, paid, sent, tamper, write

WHO = {"actor": "lin", "reason": "broken cup", "idempotency_key": "act-1", "body_sha256": "11" * 32}
TRANSACTION = "2019123112345678910"
ONE, OTHER, LOST = order_id(1), order_id(2), order_id(3)
RECOVERED = OrderRecovered(
    LOST, "R00000003", 120, "TWD", "fingerprint-3", "pay.test", "1650000000", "v4", True, 7
)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[JournalReader]:
    write(
        tmp_path,
        paid(1),
        [ReversalSent(ONE, 1, "refund", 120, True, (), 1, 8, **WHO)],
        [opened(2), sent(2), SaleAbandoned(OTHER, "goods_kept", "ann", "left", "act-2", "")],
        [PaymentAuthorized(OTHER, "777", "pay", 0, 0, True)],
        [RECOVERED],
        [MismatchProved(OTHER, "777", 121, "TWD", 9)],
    )
    with JournalReader(tmp_path) as reader:
        yield reader


def test_an_act_names_its_order_and_the_body_it_came_with(reader: JournalReader) -> None:
    assert reader.order_of_act("act-1") == (ONE, "11" * 32)
    assert reader.order_of_act("act-2") == (OTHER, "")
    assert reader.order_of_act("act-9") is None
    assert reader.order_of_act("") is None


def test_a_transaction_names_its_order_be_it_paid_or_authorized(reader: JournalReader) -> None:
    assert reader.order_of_transaction(TRANSACTION) == ONE
    assert reader.order_of_transaction("777") == OTHER
    assert reader.order_of_transaction("778") is None


def test_what_only_the_sent_log_knew_is_found_by_its_key_and_its_receipt(
    reader: JournalReader,
) -> None:
    assert reader.order_of_key("fingerprint-3") == LOST
    assert reader.order_of_receipt("R00000003") == LOST


def test_proved_mismatches_are_counted(reader: JournalReader) -> None:
    assert reader.mismatches() == 1


def test_orders_of_which_there_is_no_record_and_those_never_sent_are_told_apart(
    reader: JournalReader,
) -> None:
    write(reader._path.parent, [opened(4)])
    asked = ["nobody", order_id(4), LOST, ONE]
    assert reader.unknown_orders(asked) == ["nobody"]
    assert reader.unsent_orders(asked) == ["nobody", order_id(4)]


def test_a_journal_without_an_epoch_is_damaged(tmp_path: Path) -> None:
    write(tmp_path, [opened(1)])
    tamper(tmp_path, "PRAGMA foreign_keys = OFF; DELETE FROM epoch")
    with JournalReader(tmp_path) as reader, pytest.raises(JournalDamaged, match="it has no epoch"):
        reader.identity()
