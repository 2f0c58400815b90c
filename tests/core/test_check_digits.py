"""Check digits of products' numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.check_digits import gtin_8_holds, gtin_13_with_add_on_holds, gtin_holds

GTINS = ["96385074", "036000291452", "4006381333931", "9780306406157", "14710088430271"]
UPC_ES = {  # by how it leaves zeros out: the UPC-A that it stands for
    "04252614": "042100005264",
    "01234558": "012345000058",
    "01234505": "012000003455",
    "01234531": "012300000451",
    "01234543": "012340000053",
}


@pytest.mark.parametrize("number", GTINS)
def test_a_real_number_holds(number: str) -> None:
    assert gtin_holds(number)


@given(st.sampled_from(GTINS), st.data())
def test_one_wrong_digit_is_always_found(number: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {number[at]})))
    assert not gtin_holds(number[:at] + wrong + number[at + 1 :])


@given(st.text(max_size=20))
def test_only_digits_hold(text: str) -> None:
    assert gtin_holds(text) is False or (text.isascii() and text.isdigit())


@pytest.mark.parametrize(("upc_e", "upc_a"), UPC_ES.items())
def test_a_upc_e_has_the_check_digit_of_its_upc_a(upc_e: str, upc_a: str) -> None:
    assert gtin_holds(upc_a)
    assert gtin_8_holds(upc_e)
    assert not gtin_8_holds(upc_e[:-1] + str((int(upc_e[-1]) + 5) % 10))


def test_a_book_holds_with_any_add_on() -> None:
    assert gtin_13_with_add_on_holds("978030640615750499")
    assert gtin_13_with_add_on_holds("978030640615751299")
    assert not gtin_13_with_add_on_holds("978030640615850499")
