"""Answers as LINE Pay gives them, and as it should not."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import Money
from posd.linepay.messages import (
    Answer,
    NotAnAnswer,
    OneTimeKeyPayment,
    PayMethod,
    parse_answer,
    parse_list,
    require_order_id,
)

FULL = b"""{"returnCode": "0000", "returnMessage": "OK", "info": {
  "transactionId": 2026112412345678901, "orderId": "O-1", "status": "COMPLETE",
  "transactionDate": "2026-11-24T01:01:00Z", "currency": "THB", "balance": 12.5,
  "paymentProvider": "EPI", "authorizationExpireDate": "2026-12-24T01:01:00Z",
  "payInfo": [{"method": "POINT", "amount": 0.1},
    {"method": "CREDIT_CARD", "amount": 49.40, "maskedCreditCardNumber": "****-1234"}],
  "failReturnCode": "1142", "failReturnMessage": "low", "new": {"member": [1]}}, "more": null}"""


def info(**members: object) -> bytes:
    return json.dumps({"returnCode": "0000", "returnMessage": "OK", "info": members}).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(NotAnAnswer) as caught:
        parse_answer(data)
    return caught.value.reason


def test_every_member_has_its_field() -> None:
    assert parse_answer(FULL) == Answer(
        code="0000",
        message="OK",
        order_id="O-1",
        transaction_id="2026112412345678901",
        transaction_date="2026-11-24T01:01:00Z",
        status="COMPLETE",
        paid=Decimal("49.50"),
        currency="THB",
        methods=(
            PayMethod("POINT", Decimal("0.1")),
            PayMethod("CREDIT_CARD", Decimal("49.40"), masked_card="****-1234"),
        ),
        masked_card="****-1234",
        balance=Decimal("12.5"),
        payment_provider="EPI",
        authorization_expire_date="2026-12-24T01:01:00Z",
        fail_code="1142",
        fail_message="low",
    )


@pytest.mark.parametrize(
    ("envelope", "code", "message"),
    [
        (b'{"returnCode":"1142","returnMessage":"-"}', "1142", "-"),
        (b'{"resultCode":1104,"statusMessage":"merchant"}', "1104", "merchant"),
        (b'{"resultCode":0}', "0000", ""),
        (b'{"returnCode":"1142","info":null}', "1142", ""),
    ],
)
def test_both_spellings_of_the_envelope_are_read(envelope: bytes, code: str, message: str) -> None:
    answer = parse_answer(envelope)
    assert (answer.code, answer.message) == (code, message)
    assert (answer.order_id, answer.paid, answer.methods) == (None, None, ())


def test_absent_and_empty_pay_info_state_no_amount() -> None:
    assert parse_answer(info(orderId="O-1")).paid is None
    assert parse_answer(info(payInfo=[])).paid is None
    assert parse_answer(info(payInfo=[{"method": "BALANCE", "amount": 0}])).paid == 0


@pytest.mark.parametrize("identifier", [7, 10**18, 12345678901234567, 10**29, "abc", "2026" * 9])
def test_a_transaction_id_is_text_of_any_length(identifier: int | str) -> None:
    assert parse_answer(info(transactionId=identifier)).transaction_id == str(identifier)


def test_unknown_values_are_kept_as_they_came() -> None:
    answer = parse_answer(info(status="REFUND", payInfo=[{"method": "CRYPTO", "amount": 1}]))
    assert (answer.status, answer.methods) == ("REFUND", (PayMethod("CRYPTO", Decimal(1)),))


def test_what_decorates_may_be_of_any_kind() -> None:
    answer = parse_answer(
        info(transactionDate=5, balance="unknown", paymentProvider=None, failReturnCode=[])
    )
    assert (answer.transaction_date, answer.balance, answer.payment_provider) == (None, None, None)


def test_an_amount_may_be_a_number_or_the_text_of_one() -> None:
    parts = [{"amount": 100}, {"amount": "49.50"}, {"amount": -1}]
    assert parse_answer(info(payInfo=parts)).paid == Decimal("148.50")


@pytest.mark.parametrize("amount", [None, True, [], {}, "1e3", "", "١", 1e300, 10**13, 1e-12])
def test_a_part_without_a_believable_amount_is_no_answer(amount: object) -> None:
    assert refusal(info(payInfo=[{"method": "BALANCE", "amount": amount}])) == "malformed"


def test_an_amount_beyond_every_decimal_is_no_answer() -> None:
    body = b'{"returnCode":"0000","info":{"payInfo":[{"method":"BALANCE","amount":1E999999999}]}}'
    assert refusal(body) == "malformed"


@pytest.mark.parametrize(
    "members",
    [
        {"orderId": ["O-1"]},
        {"transactionId": True},
        {"transactionId": 1.5},
        {"status": 3},
        {"currency": {}},
        {"payInfo": {"amount": 1}},
        {"payInfo": ["BALANCE"]},
    ],
)
def test_what_decides_about_money_must_have_its_type(members: dict[str, object]) -> None:
    assert refusal(info(**members)) == "malformed"


@pytest.mark.parametrize("body", [b"[]", b'"0000"', b"0", b"null", b'{"info":[1]}'])
def test_what_is_no_object_is_no_answer(body: bytes) -> None:
    assert refusal(body) == "malformed"


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"returnCode":null}',
        b'{"returnCode":""}',
        b'{"returnCode":"00000"}',
        b'{"returnCode":"0 00"}',
        b'{"returnCode":true}',
        b'{"returnCode":0.0}',
        b'{"resultCode":-1}',
        b'{"returnCode":["0000"]}',
    ],
)
def test_an_envelope_without_a_code_of_four_characters_is_no_answer(body: bytes) -> None:
    assert refusal(body) == "no_code"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>login</html>",
        FULL[:-1],
        FULL + b"x",
        b'\xef\xbb\xbf{"returnCode":"0000"}',
        '{"returnCode":"0000"}'.encode("utf-16"),
        '{"returnCode":"0000","returnMessage":"餘額"}'.encode("big5"),
        b'{"returnCode":"0000","a":NaN}',
        b'{"returnCode":"0000","a":1E99999999999999999999}',
        b'{"returnCode":"0000","a":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_not_json_in_utf8_is_no_answer(body: bytes) -> None:
    assert refusal(body) == "not_json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"returnCode":"1142","returnCode":"0000"}',
        b'{"returnCode":"0000","info":{"orderId":"O-1","orderId":"O-2"}}',
        b'{"returnCode":"0000","info":{"payInfo":[{"amount":1,"amount":100}]}}',
    ],
)
def test_two_members_of_one_name_are_no_answer(body: bytes) -> None:
    assert refusal(body) == "malformed"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["orderId", "transactionId", "status", "currency", "payInfo", "balance", "transactionDate"]
)


def test_nesting_is_read_or_refused_at_every_depth() -> None:
    reasons = set()
    for depth in range(1, 1500, 7):
        body = b'{"returnCode":"0000","x":' + b"[" * depth + b"]" * depth + b"}"
        try:
            parse_answer(body)
        except NotAnAnswer as error:
            reasons.add(error.reason)
    assert reasons == {"not_json"}


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_none(data: bytes) -> None:
    try:
        assert len(parse_answer(data).code) == 4
    except NotAnAnswer as error:
        assert error.reason in {"not_json", "no_code", "malformed"}


@given(st.dictionaries(_NAMES, _VALUES), st.sampled_from(["0000", "1142", 1104]))
def test_any_members_are_an_answer_or_none(members: dict[str, object], code: object) -> None:
    data = json.dumps({"returnCode": code, "info": members}).encode()
    try:
        answer = parse_answer(data)
    except NotAnAnswer as error:
        assert error.reason in {"not_json", "malformed"}
    else:
        assert isinstance(answer.order_id, str | None)
        assert answer.paid is None or answer.paid == sum(part.amount for part in answer.methods)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=6))
def test_the_sum_of_satang_is_exact(minors: list[int]) -> None:
    parts = b",".join(b'{"amount":%d.%02d}' % divmod(minor, 100) for minor in minors)
    answer = parse_answer(b'{"returnCode":"0000","info":{"payInfo":[' + parts + b"]}}")
    assert answer.paid == Decimal(sum(minors)).scaleb(-2)


def asked(**fields: object) -> OneTimeKeyPayment:
    values: dict[str, object] = {
        "order_id": "O-1",
        "one_time_key": "381234567890123456",
        "amount": Money(100, "TWD"),
        "product_name": "Coffee",
    }
    return OneTimeKeyPayment(**(values | fields))  # type: ignore[arg-type]


def test_a_payment_hides_its_key() -> None:
    assert "381234567890123456" not in repr(asked())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order_id", ""),
        ("order_id", "x" * 101),
        ("order_id", ".."),
        ("order_id", "a\nb"),
        ("order_id", "\ud800"),
        ("one_time_key", ""),
        ("one_time_key", "12 34"),
        ("one_time_key", "9" * 65),
        ("product_name", " "),
    ],
)
def test_what_line_pay_could_not_take_is_refused_by_name_without_its_value(
    name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        asked(**{name: value})
    assert len(value) < 3 or value not in str(caught.value)


def test_an_order_id_of_a_hundred_characters_is_taken() -> None:
    require_order_id("x" * 100)


def test_details_answers_with_a_list_of_which_the_first_payment_counts() -> None:
    first = b'{"orderId":"O-1","transactionId":1,"payInfo":[{"method":"BALANCE","amount":5}]}'
    answer = parse_list(b'{"returnCode":"0000","returnMessage":"","info":[' + first + b",{}]}")
    assert (answer.order_id, answer.transaction_id, answer.paid) == ("O-1", "1", Decimal(5))


@pytest.mark.parametrize("info", [b"[]", b"null"])
def test_a_list_without_a_payment_states_nothing(info: bytes) -> None:
    answer = parse_list(b'{"returnCode":"0000","returnMessage":"","info":' + info + b"}")
    assert (answer.order_id, answer.transaction_id, answer.paid) == (None, None, None)


def test_details_without_a_list_are_no_answer() -> None:
    with pytest.raises(NotAnAnswer, match="not a list"):
        parse_list(b'{"returnCode":"0000","returnMessage":"","info":{"orderId":"O-1"}}')
