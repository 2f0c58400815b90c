from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.records import OrderSettled, Record
from posd.journal.codec import KINDS, decode, encode
from posd.journal.errors import JournalDamaged, JournalTooNew

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text("utf-8"))


def values(hint: Any) -> st.SearchStrategy[Any]:
    if hint is int:
        return st.integers(-(2**63), 2**63 - 1)
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if is_dataclass(hint):
        return instances(hint)
    return st.from_type(hint)


def instances(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


@pytest.mark.parametrize("kind", get_args(Record))
@given(data=st.data())
def test_every_kind_comes_back_as_it_was(kind: Any, data: st.DataObject) -> None:
    record = data.draw(instances(kind))
    assert decode(*encode(record)) == record


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_golden_line(kind: str) -> None:
    assert kind in GOLDEN, f"add a line for {kind} to golden.json; never change one that is there"


@pytest.mark.parametrize("kind", GOLDEN)
def test_what_was_once_written_is_read_for_ever_and_no_field_is_renamed(kind: str) -> None:
    record = decode(kind, 1, json.dumps(GOLDEN[kind]))
    again = json.loads(encode(record)[2])
    assert type(record).__name__ == kind
    assert {name: again.get(name) for name in GOLDEN[kind]} == GOLDEN[kind]


def test_a_body_is_compact_json_with_the_fields_in_order() -> None:
    assert encode(OrderSettled("訂單")) == ("OrderSettled", 1, '{"order_id":"訂單"}'.encode())


def test_fields_of_a_later_release_are_ignored() -> None:
    body = '{"order_id": "o", "mood": "glad"}'
    assert decode("OrderSettled", 1, body) == OrderSettled("o")


@pytest.mark.parametrize(("kind", "version"), [("MoodChanged", 1), ("OrderSettled", 2)])
def test_a_kind_or_version_of_a_later_release_is_refused_by_name(kind: str, version: int) -> None:
    with pytest.raises(JournalTooNew, match=f"{kind} version {version}"):
        decode(kind, version, '{"order_id": "o"}')


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"order_id": 1}', b'{"order_id": "\xff"}'])
def test_a_body_that_cannot_be_completed_is_damage(body: str | bytes) -> None:
    with pytest.raises(JournalDamaged, match="OrderSettled"):
        decode("OrderSettled", 1, body)
