from __future__ import annotations

import json
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from posd.journal.chain import BEFORE_THE_FIRST, Entry, Epoch, Head, Walk, breach, epoch_head, seal

NUMBERS = st.integers(-(2**63), 2**63 - 1)
COLUMNS = st.tuples(
    NUMBERS,
    NUMBERS,
    st.none() | st.text(),
    st.text(),
    NUMBERS,
    st.text(),
    NUMBERS,
    NUMBERS,
    st.text(),
    st.none() | st.sampled_from([0, 1]),
    st.text(),
)
HASHES = st.binary(min_size=32, max_size=32)


@given(COLUMNS, HASHES)
def test_a_record_is_sealed_as_the_reference_says(columns: tuple, prev_hash: bytes) -> None:
    text = json.dumps([*columns, prev_hash.hex()], ensure_ascii=False, separators=(",", ":"))
    assert seal(columns, prev_hash) == sha256(text.encode()).digest()


@given(COLUMNS, HASHES)
def test_a_sealed_record_follows_its_head(columns: tuple, prev_hash: bytes) -> None:
    entry = Entry(*columns, prev_hash, seal(columns, prev_hash))
    assert breach(entry, Head(entry.seq - 1, prev_hash)) is None


@given(COLUMNS, HASHES, st.integers(0, 10), st.data())
def test_any_changed_column_breaks_the_seal(
    columns: tuple, prev_hash: bytes, column: int, data: st.DataObject
) -> None:
    other = data.draw(COLUMNS)
    changed = (*columns[:column], other[column], *columns[column + 1 :])
    entry = Entry(*changed, prev_hash, seal(columns, prev_hash))
    assert (breach(entry, Head(entry.seq - 1, prev_hash)) is None) == (changed == columns)


def test_a_gap_and_a_foreign_predecessor_are_told_apart() -> None:
    columns = (1, 5, None, "K", 1, "{}", 0, 0, "b", None, "")
    entry = Entry(*columns, b"p" * 32, seal(columns, b"p" * 32))
    assert breach(entry, Head(3, b"p" * 32)) == "seq 5 follows 3"
    assert breach(entry, Head(4, b"q" * 32)) == "it does not seal the record before it"


def test_an_epoch_is_sealed_with_its_lane_and_machine() -> None:
    epoch = Epoch(1, "ab", 0, b"", "S001", "L01", "m", 7, "moved")
    text = '[1,"ab",0,"","S001","L01","m",7,"moved"]'
    assert epoch_head(epoch) == Head(0, sha256(text.encode()).digest())
    assert epoch_head(epoch._replace(machine_id="n")) != epoch_head(epoch)


def test_a_sealed_record_of_an_epoch_that_is_over_is_a_breach() -> None:
    first = Epoch(1, "ab", 0, b"", "S001", "L01", "m", 7)
    second = first._replace(epoch=2, id="cd", parent_hash=epoch_head(first).hash)
    walk = Walk([first, second])
    told = []
    for number in (2, 1, 2):
        columns = (number, walk.head.seq + 1, None, "K", 1, "{}", 0, 0, "b", None, "")
        prev_hash = walk.head.hash if walk.head != BEFORE_THE_FIRST else epoch_head(second).hash
        told.append(walk.follow(Entry(*columns, prev_hash, seal(columns, prev_hash))))
    assert told == [None, "it belongs to epoch 1, and 2 has begun", None]
