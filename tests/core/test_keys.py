"""What a scanned code is, by its shape alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core import keys
from posd.core.keys import classify

TAIWAN, THAILAND = "380123456789012345", "391234567890"


@pytest.mark.parametrize(
    ("text", "aim_id", "length", "found"),
    [
        (TAIWAN, "", 18, keys.KEY),
        (TAIWAN, "]Q1", 18, keys.KEY),
        (TAIWAN, "]C0", 18, keys.KEY),
        (THAILAND, "", 12, keys.KEY),
        (THAILAND, "", 18, keys.WRONG_LENGTH),
        (TAIWAN, "", 12, keys.WRONG_LENGTH),
        ("4710088410016", "", 18, keys.PRODUCT_CODE),
        ("4710088430274", "", 18, keys.PRODUCT_CODE),  # EAN-13
        ("4710088430275", "", 18, keys.WRONG_LENGTH),  # EAN-13 with a wrong check digit
        ("96385074", "", 12, keys.PRODUCT_CODE),  # EAN-8
        ("036000291452", "", 18, keys.WRONG_LENGTH),  # a UPC may be a Thai key: not named
        (THAILAND, "]E0", 12, keys.PRODUCT_CODE),
        (THAILAND, "]e0", 12, keys.PRODUCT_CODE),
        (THAILAND, "]I1", 12, keys.PRODUCT_CODE),
        (TAIWAN, "]C1", 18, keys.PRODUCT_CODE),
        ("https://line.me/pay", "", 18, keys.NOT_DIGITS),
        ("", "", 18, keys.NOT_DIGITS),
        ("38012345678901234５", "", 18, keys.NOT_DIGITS),
        ("38012345678901234²", "", 18, keys.NOT_DIGITS),
        ("R000123", "", 18, keys.RECEIPT_NUMBER),
        ("R000123", "]C1", 18, keys.RECEIPT_NUMBER),
        ("R00012", "", 18, keys.NOT_DIGITS),
        ("R0123", "", 18, keys.NOT_DIGITS),
        ("r000123", "", 18, keys.NOT_DIGITS),
        ("R" + "0" * 22, "", 18, keys.NOT_DIGITS),
    ],
)
def test_a_code_is_named_by_its_shape(text: str, aim_id: str, length: int, found: str) -> None:
    assert classify(text, aim_id=aim_id, key_length=length) == found


@given(st.text(max_size=40), st.sampled_from(["", "]Q1", "]E0", "]C1", "]"]), st.integers(1, 30))
def test_only_digits_of_the_right_length_are_ever_a_key(
    text: str, aim_id: str, length: int
) -> None:
    found = classify(text, aim_id=aim_id, key_length=length)
    plain = len(text) == length and set(text) <= set("0123456789")
    assert (found == keys.KEY) == (plain and aim_id not in ("]E0", "]C1"))


@given(st.integers(0, 10**18).map(str))
def test_no_receipt_number_can_be_taken_for_a_key_and_no_key_for_a_receipt(digits: str) -> None:
    number = "R" + digits.zfill(6 + len(digits) % 2)
    for length in (12, 18):
        assert classify(number, aim_id="", key_length=length) != keys.KEY
        assert classify(digits, aim_id="", key_length=length) != keys.RECEIPT_NUMBER
