"""What a scanned code is, by its shape alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.code_kinds import CodeKind
from posd.core.code_shapes import DOUBTFUL, NAMED, PROVED
from posd.core.keys import KEY, classify, doubt

TAIWAN, THAILAND = "380123456789012345", "391234567890"
PROMPTPAY = "00020101021129370016A0000006770101110113006681234567853037645802TH6304823E"
SHOP = "00020101021252044131153137210116372101160123456789ABCDE6010Phnom Penh5913Merchant Shop58"
SHOP += "02KH540510.005303840622501081234567802090124444446304A0BA"
SLIP = "004100060000010103014022000111222233344ABCD125102TH910417DF"
EINVOICE_LEFT = (
    "AB112233441020523999900000144000001540000000001234567"
    "ydXZt4LAN1UHN/j1juVcRA==:**********:3:3:0:乾電池:1:105:"
)
ORDER = "S001-L01-01KAV5ZJ5N3M6Q8R9T0V2W4X6Y"
WALLET_QR = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0"

EXAMPLES = [
    # taken
    (TAIWAN, "", 18, CodeKind.KEY),
    (TAIWAN, "]Q1", 18, CodeKind.KEY),
    (TAIWAN, "]C0", 18, CodeKind.KEY),
    (THAILAND, "", 12, CodeKind.KEY),
    ("036000291452", "", 12, CodeKind.KEY),  # a UPC as well: the lane's country decides
    ("135112298638468293", "", 18, CodeKind.KEY),  # WeChat Pay's shape as well
    ("289431869362714645", "", 18, CodeKind.KEY),  # Alipay's shape as well
    ("978030640615750499", "", 18, CodeKind.KEY),  # a book with its price as well
    # proved to be something else
    (THAILAND, "]E0", 12, CodeKind.PRODUCT_CODE),
    ("036000291452", "]E0", 12, CodeKind.PRODUCT_CODE),
    (THAILAND, "]I1", 12, CodeKind.PRODUCT_CODE),
    (TAIWAN, "]C1", 18, CodeKind.GS1_CODE),
    (THAILAND, "]e0", 12, CodeKind.GS1_CODE),
    (TAIWAN, "]Q3", 18, CodeKind.GS1_CODE),
    (TAIWAN, "]d2", 18, CodeKind.GS1_CODE),
    ("978030640615750499", "]E3", 18, CodeKind.BOOK_CODE),
    # this shop's own paper
    ("R000123", "", 18, CodeKind.RECEIPT_NUMBER),
    ("R26112406000012", "]C0", 12, CodeKind.RECEIPT_NUMBER),
    ("R00012", "", 18, CodeKind.NOT_DIGITS),
    ("R0123", "", 18, CodeKind.NOT_DIGITS),
    ("r000123", "", 18, CodeKind.NOT_DIGITS),
    ("R" + "0" * 22, "", 18, CodeKind.NOT_DIGITS),
    (ORDER, "", 18, CodeKind.ORDER_ID),
    (ORDER.lower(), "", 18, CodeKind.NOT_DIGITS),
    # Taiwan's e-invoice
    ("/U.5+A33", "", 18, CodeKind.EINVOICE_CARRIER),
    ("/ABC-123", "]A0", 12, CodeKind.EINVOICE_CARRIER),
    ("/abc+123", "", 18, CodeKind.NOT_DIGITS),
    ("/ABC1234X", "", 18, CodeKind.NOT_DIGITS),
    ("AA12345678901234", "", 18, CodeKind.CITIZEN_CARRIER),
    ("A112345678901234", "", 18, CodeKind.NOT_DIGITS),
    ("001", "", 18, CodeKind.DONATION_CODE),
    ("8455000", "", 18, CodeKind.DONATION_CODE),
    ("001", "", 12, CodeKind.TOO_SHORT),  # Thailand has no such codes
    ("12", "", 18, CodeKind.TOO_SHORT),
    ("96385075", "", 18, CodeKind.TOO_SHORT),  # eight digits: neither a donation nor an EAN-8
    ("11412AB123456789999", "", 18, CodeKind.EINVOICE),
    (EINVOICE_LEFT, "]Q1", 18, CodeKind.EINVOICE),
    (EINVOICE_LEFT[:76], "", 18, CodeKind.NOT_DIGITS),
    ("**口罩:1:210:牛奶:1:25", "", 18, CodeKind.EINVOICE),
    ("**", "", 18, CodeKind.EINVOICE),
    # goods
    ("4710088410016", "", 18, CodeKind.PRODUCT_CODE),
    ("4710088430274", "", 12, CodeKind.PRODUCT_CODE),
    ("4710088430275", "", 18, CodeKind.TOO_SHORT),  # a wrong check digit
    ("4710088430274", "]C0", 18, CodeKind.TOO_SHORT),  # no EAN, says the scanner
    ("96385074", "", 12, CodeKind.PRODUCT_CODE),  # EAN-8
    ("04252614", "", 18, CodeKind.PRODUCT_CODE),  # UPC-E
    ("14710088430271", "", 18, CodeKind.PRODUCT_CODE),  # a carton
    ("9780306406157", "", 18, CodeKind.BOOK_CODE),
    ("9790260000438", "", 12, CodeKind.BOOK_CODE),  # music
    ("9771234567003", "", 18, CodeKind.MAGAZINE_CODE),
    ("9771234567003", "]E0", 18, CodeKind.MAGAZINE_CODE),
    ("2012345000001", "", 18, CodeKind.SHOP_CODE),
    ("2012345000001", "]E0", 18, CodeKind.SHOP_CODE),
    ("0212345000007", "", 18, CodeKind.SHOP_CODE),
    ("9901234567899", "", 18, CodeKind.COUPON_CODE),
    ("9801234567892", "]E0", 18, CodeKind.COUPON_CODE),
    ("8018987654321098765432", "]C1", 18, CodeKind.MEMBERSHIP_CODE),
    ("010471008843027410ABC", "]d2", 18, CodeKind.PRODUCT_CODE),
    ("00347100884302741234", "]C1", 18, CodeKind.GS1_CODE),
    ("010471008843027410ABC\x1d21X", "", 18, CodeKind.GS1_CODE),
    # payment codes of others
    ("TWQRP://個人轉帳/158/02/V1?D1=10000&D5=004", "", 18, CodeKind.TWQR),
    ("TWQRP%3A%2F%2F004NTTransfer%2F158%2F02%2FV1", "", 12, CodeKind.TWQR),
    (PROMPTPAY, "", 12, CodeKind.PROMPTPAY_QR),
    (PROMPTPAY[:-1] + "F", "", 12, CodeKind.NOT_DIGITS),
    (SHOP, "", 18, CodeKind.SHOP_QR),
    (SLIP, "", 12, CodeKind.TRANSFER_SLIP),
    (SLIP[:-1] + "0", "", 12, CodeKind.NOT_DIGITS),
    (WALLET_QR, "", 18, CodeKind.WALLET_QR),
    ("2812345678901234", "", 18, CodeKind.ALIPAY_CODE),
    ("301234567890123456789012", "", 12, CodeKind.ALIPAY_CODE),
    ("6212345678901234567", "", 18, CodeKind.UNIONPAY_CODE),
    # LINE Pay, but not here
    (THAILAND, "", 18, CodeKind.LINE_PAY_ABROAD),
    (TAIWAN, "", 12, CodeKind.LINE_PAY_ABROAD),
    ("036000291452", "]C0", 18, CodeKind.LINE_PAY_ABROAD),  # no UPC, says the scanner
    ("036000291452", "", 18, CodeKind.LINE_PAY_OR_PRODUCT),
    ("978030640615750499", "", 12, CodeKind.LINE_PAY_OR_PRODUCT),
    ("135112298638468293", "", 12, CodeKind.LINE_PAY_OR_WALLET),
    ("160112298638468293", "", 12, CodeKind.LINE_PAY_OR_WALLET),
    ("289431869362714645", "]Q1", 12, CodeKind.LINE_PAY_OR_WALLET),
    ("161112298638468293", "", 12, CodeKind.LINE_PAY_ABROAD),
    ("https://line.me/R/pay/generateQR", "", 18, CodeKind.LINE_PAY_LINK),
    ("line://pay/payment/abc", "", 18, CodeKind.LINE_PAY_LINK),
    ("https://sandbox-web-pay.line.me/web/payment/wait?x=1", "", 18, CodeKind.LINE_PAY_LINK),
    # what phones scan
    ("line://ti/p/@shop", "", 18, CodeKind.LINE_LINK),
    ("https://line.me/R/ti/p/%40shop", "", 12, CodeKind.LINE_LINK),
    ("https://liff.line.me/1653458183-YelprGZ5", "", 12, CodeKind.LINE_LINK),
    ("https://lin.ee/abcdefg", "", 18, CodeKind.LINE_LINK),
    ("https://notline.me/", "", 18, CodeKind.WEB_ADDRESS),
    ("https://line.me.example.com/R/pay", "", 18, CodeKind.WEB_ADDRESS),
    ("HTTP://EXAMPLE.COM/", "", 18, CodeKind.WEB_ADDRESS),
    ("www.example.com", "", 18, CodeKind.WEB_ADDRESS),
    ("weixin://wxpay/bizpayurl?pr=abc", "", 18, CodeKind.WEB_ADDRESS),
    ("WIFI:T:WPA;S=tea;P=secret;;", "", 18, CodeKind.WIFI_CODE),
    ("BEGIN:VCARD", "", 18, CodeKind.CONTACT_CODE),
    ("MECARD:N:Lin;TEL:0912345678;;", "", 18, CodeKind.CONTACT_CODE),
    ("mailto:lin@example.com", "", 18, CodeKind.CONTACT_CODE),
    ("lin@mail.example.com", "", 18, CodeKind.CONTACT_CODE),
    ("lin@example", "", 18, CodeKind.NOT_DIGITS),
    # no shape that posd knows
    ("38012345678901234", "", 18, CodeKind.TOO_SHORT),  # 17: a digit was lost
    ("3801234567890123456", "", 18, CodeKind.TOO_LONG),
    ("1234567890123456", "", 12, CodeKind.TOO_LONG),
    ("", "", 18, CodeKind.NOT_DIGITS),
    ("38012345678901234５", "", 18, CodeKind.NOT_DIGITS),
    ("38012345678901234²", "", 18, CodeKind.NOT_DIGITS),
    (" " + TAIWAN, "", 18, CodeKind.NOT_DIGITS),
    ("\x00\x9f\x1b\x07", "", 18, CodeKind.BINARY),
    ("ABC-123", "", 18, CodeKind.NOT_DIGITS),
]
AIM_IDS = [
    "",
    "]A0",
    "]C0",
    "]C1",
    "]E0",
    "]E4",
    "]I1",
    "]Q1",
    "]Q3",
    "]X0",
    "]d1",
    "]d2",
    "]e0",
    "]",
]
PROVING = ("]E", "]I", "]C1", "]Q3", "]J1", "]d2", "]e")


@pytest.mark.parametrize(("text", "aim_id", "length", "kind"), EXAMPLES)
def test_a_code_is_named_by_its_shape(text: str, aim_id: str, length: int, kind: CodeKind) -> None:
    assert classify(text, aim_id=aim_id, key_length=length) is kind


def test_every_kind_has_an_example_and_every_shape_is_some_examples_first_fit() -> None:
    assert {kind for *_, kind in EXAMPLES} == set(CodeKind)
    for table in (PROVED, DOUBTFUL + NAMED):
        fits = [[s for s in table if s.fits(text, aim_id)] for text, aim_id, *_ in EXAMPLES]
        assert set(table) - {found[0] for found in fits if found} == set()


@given(st.sampled_from([12, 18]), st.sampled_from(AIM_IDS), st.data())
def test_digits_of_the_lanes_length_are_a_key_unless_the_scanner_proves_otherwise(
    length: int, aim_id: str, data: st.DataObject
) -> None:
    text = data.draw(st.text("0123456789", min_size=length, max_size=length))
    found = classify(text, aim_id=aim_id, key_length=length)
    assert (found is KEY) is not aim_id.startswith(PROVING)


@given(
    st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode("latin-1")),
    st.sampled_from(AIM_IDS) | st.text(max_size=3),
    st.sampled_from([12, 18]),
)
def test_any_text_has_a_kind_and_only_digits_of_the_right_length_are_a_key(
    text: str, aim_id: str, length: int
) -> None:
    found = classify(text, aim_id=aim_id, key_length=length)
    plain = len(text) == length and set(text) <= set("0123456789")
    assert found in CodeKind
    assert found is not KEY or plain


@given(st.integers(0, 10**18).map(str))
def test_no_receipt_number_can_be_taken_for_a_key_and_no_key_for_a_receipt(digits: str) -> None:
    number = "R" + digits.zfill(6 + len(digits) % 2)
    for length in (12, 18):
        assert classify(number, aim_id="", key_length=length) is not KEY
        assert classify(digits, aim_id="", key_length=length) is not CodeKind.RECEIPT_NUMBER


@given(st.sampled_from("0a1.@/:-* \x1d\x00RA"), st.integers(1, 4096))
def test_the_longest_frame_of_one_sign_is_named_too(sign: str, length: int) -> None:
    for aim_id in ("", "]E0", "]C1"):
        assert classify(sign * length, aim_id=aim_id, key_length=18) in CodeKind


@pytest.mark.parametrize(
    ("text", "aim_id", "also"),
    [
        (TAIWAN, "", None),
        (THAILAND, "", None),
        ("036000291452", "", CodeKind.LINE_PAY_OR_PRODUCT),
        ("036000291452", "]C0", None),  # no UPC, says the scanner
        ("978030640615750499", "", CodeKind.LINE_PAY_OR_PRODUCT),
        ("978030640615850499", "", None),
        ("135112298638468293", "]Q1", CodeKind.LINE_PAY_OR_WALLET),
        ("289431869362714645", "", CodeKind.LINE_PAY_OR_WALLET),
    ],
)
def test_what_a_key_may_be_besides_is_known(text: str, aim_id: str, also: CodeKind | None) -> None:
    assert classify(text, aim_id=aim_id, key_length=len(text)) is KEY
    assert doubt(text, aim_id=aim_id) is also
