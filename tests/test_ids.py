"""Names that are given once."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from posd import ids
from posd.core import keys
from posd.core.code_kinds import CodeKind

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST_MS = (1 << 48) - 1
TIMES = st.integers(0, LAST_MS)
LABELS_MS = st.integers(0, 4_000_000_000_000)


def value(ulid: str) -> int:
    total = 0
    for character in ulid:
        total = total * 32 + CROCKFORD.index(character)
    return total


@given(TIMES)
def test_a_ulid_is_26_characters_that_hold_its_time(wall_ms: int) -> None:
    assert re.fullmatch(f"[{CROCKFORD}]{{26}}", ids.ulid(wall_ms))
    assert value(ids.ulid(wall_ms)) >> 80 == wall_ms


@given(TIMES, TIMES)
def test_ulids_sort_by_time(one_ms: int, other_ms: int) -> None:
    if one_ms < other_ms:
        assert ids.ulid(one_ms) < ids.ulid(other_ms)


def test_a_thousand_ulids_of_one_moment_are_a_thousand() -> None:
    assert len({ids.ulid(1) for _ in range(1000)}) == 1000


def test_an_order_id_is_what_line_pay_takes_also_for_the_longest_names() -> None:
    longest = ids.order_id("S" * 32, "L" * 32, ids.ulid(1))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,100}", longest)
    assert ids.order_id("S001", "L01", "X").startswith("S001-L01-")


@given(LABELS_MS)
def test_a_receipt_number_is_known_as_one_and_is_no_key_of_any_country(wall_ms: int) -> None:
    number = ids.receipt_number(wall_ms)
    assert len(number) == 15
    for length in (12, 18):
        assert keys.classify(number, aim_id="", key_length=length) == CodeKind.RECEIPT_NUMBER


@given(LABELS_MS)
def test_receipt_numbers_of_different_hundredths_differ(wall_ms: int) -> None:
    assert ids.receipt_number(wall_ms) != ids.receipt_number(wall_ms + 10)


def test_a_receipt_number_is_the_utc_time_to_a_hundredth_of_a_second() -> None:
    assert ids.receipt_number(1_795_500_000_129) == "R26112406000012"


def test_a_fingerprint_is_hmac_sha256() -> None:
    """Test case 2 of RFC 4231."""
    told = ids.fingerprint(b"Jefe", "what do ya want for nothing?")
    assert told == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_codes_have_two_fingerprints_in_which_neither_stands(one: str, other: str) -> None:
    first, second = ids.fingerprint(b"k" * 32, one), ids.fingerprint(b"k" * 32, other)
    assert (first == second) is (one == other)
    assert len(one) < 6 or one not in first
