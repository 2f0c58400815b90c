"""QR codes of other payment systems: known by their own checksum, and nothing else is."""

from __future__ import annotations

from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.payment_qr import is_promptpay, is_shop_qr, is_transfer_slip
from tests.core.test_keys import PROMPTPAY, SHOP, SLIP


def signed(text: str) -> str:
    """The text with the CRC that belongs to it."""
    return f"{text}{crc_hqx(text.encode(), 0xFFFF):04X}"


def test_the_crc_is_the_one_of_the_specification() -> None:
    assert crc_hqx(b"123456789", 0xFFFF) == 0x29B1  # the check value of CRC-16/CCITT-FALSE


def test_promptpay_is_told_from_another_shops_code() -> None:
    assert is_shop_qr(PROMPTPAY) and is_promptpay(PROMPTPAY)
    assert is_shop_qr(SHOP) and not is_promptpay(SHOP)
    assert not is_shop_qr(SLIP)


def test_a_bill_by_promptpay_and_a_name_that_is_not_ascii_are_known() -> None:
    bill = "00020101021230390016A00000067701011201150994000000000006304"
    assert is_promptpay(signed(bill))
    named = signed("000201010211" + "5906ร้านชา" + "6304")
    assert is_shop_qr(named) and not is_promptpay(named)


@pytest.mark.parametrize(
    "text",
    [
        "00020101021105220016A000000677010111",  # in a card scheme's account
        "000201010211290A0016A000000677010111",  # with a length that is none
        "0002010102112937",  # cut off
    ],
)
def test_promptpays_id_in_the_wrong_place_is_not_promptpay(text: str) -> None:
    assert is_shop_qr(signed(text + "6304"))
    assert not is_promptpay(signed(text + "6304"))


def test_a_slip_is_known_in_both_cases_of_its_hex_digits() -> None:
    assert is_transfer_slip(SLIP) and is_transfer_slip(SLIP[:-4] + SLIP[-4:].lower())
    assert not is_transfer_slip(PROMPTPAY)


@given(st.sampled_from([PROMPTPAY, SHOP, SLIP]), st.data())
def test_one_wrong_sign_is_always_found(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    sign = data.draw(st.characters(codec="ascii", exclude_characters=code[at]))
    wrong = code[:at] + sign + code[at + 1 :]
    if wrong.upper() != code.upper():
        assert not (is_shop_qr(wrong) or is_promptpay(wrong) or is_transfer_slip(wrong))


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_answered(text: str) -> None:
    for front in ("", "000201", "00410006000001"):
        for one in (is_shop_qr, is_promptpay, is_transfer_slip):
            assert one(front + text + "6304FFFF") in (True, False)
