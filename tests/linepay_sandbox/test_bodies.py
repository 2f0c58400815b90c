from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import Money
from posd.linepay.sandbox.bodies import order_id_of, read_object, read_purchase
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect

from .client import encode, fresh_key, pay_body

PRODUCT = {"name": "tea", "quantity": 2, "price": 50}
PACKAGE = {"id": "1", "amount": 100, "products": [PRODUCT]}


def code_of(dialect, **changes):
    """The result code of a body; 0000 if it is taken."""
    try:
        read_purchase(read_object(encode(pay_body(dialect, **changes))), Dialect(dialect))
    except Refused as refused:
        return refused.code
    return "0000"


EVERY_DIALECT = [
    ("0000", {}),
    ("0000", {"orderId": "x" * 100}),
    ("0000", {"amount": 1}),
    ("0000", {"currency": "THB", "amount": Decimal("49.50")}),
    ("0000", {"currency": "THB", "amount": 49}),
    ("0000", {"currency": "USD", "amount": Decimal("0.01")}),
    ("2101", {"orderId": None}),
    ("2101", {"orderId": ""}),
    ("2101", {"orderId": 7}),
    ("2101", {"orderId": "x" * 101}),
    ("2101", {"amount": None}),
    ("2101", {"amount": "100"}),
    ("2101", {"amount": True}),
    ("2101", {"amount": 0}),
    ("2101", {"amount": -100}),
    ("1184", {"amount": 10**13}),
    ("1184", {"amount": 10**40}),
    ("1124", {"amount": Decimal("100.0")}),
    ("1124", {"amount": Decimal("100.5")}),
    ("1124", {"amount": Decimal("1E+2")}),
    ("1124", {"currency": "THB", "amount": Decimal("49.505")}),
    ("2101", {"currency": None}),
    ("2101", {"currency": 1}),
    ("1178", {"currency": "JPY"}),
    ("1178", {"currency": "twd"}),
    ("2101", {"oneTimeKey": None}),
    ("2101", {"oneTimeKey": ""}),
    ("2101", {"oneTimeKey": 381234567890123456}),
    ("1133", {"oneTimeKey": "38" + "1" * 15}),
    ("1133", {"oneTimeKey": "38" + "1" * 17}),
    ("1133", {"oneTimeKey": "38" + "a" * 16}),
    ("1133", {"oneTimeKey": "38" + "٣" * 16}),
    ("1178", {"oneTimeKey": fresh_key("TH")}),
    ("1178", {"currency": "THB", "oneTimeKey": fresh_key("TW")}),
]
FLAT = [
    ("0000", {"capture": True, "extras": {"branchName": "Corner Tea", "branchId": "S001"}}),
    ("0000", {"extras": {"promotionRestriction": {"useLimit": 10, "rewardLimit": 0}}}),
    ("2101", {"productName": None}),
    ("2101", {"productName": ""}),
    ("2101", {"productName": "x" * 4001}),
    ("2101", {"capture": "true"}),
    ("0000", {"capture": False}),
    ("0000", {"extras": {"events": [{"code": "E1", "totalAmount": 100}]}}),
    ("2101", {"extras": {"events": [{"code": "x" * 31, "totalAmount": 100}]}}),
    ("2101", {"extras": {"events": [{"code": "E1"}]}}),
    ("2101", {"extras": {"events": [{"code": "E1", "totalAmount": 1, "productQuantity": 1}]}}),
    ("2101", {"extras": {"events": [{"code": "E1", "productQuantity": 0}]}}),
    ("2103", {"packages": [PACKAGE]}),
    ("2103", {"options": {}}),
    ("2101", {"extras": []}),
    ("2101", {"extras": {"branchName": 1}}),
    ("1124", {"extras": {"promotionRestriction": {"useLimit": Decimal("0.5")}}}),
]
PACKAGES = [
    ("0000", {"packages": [PACKAGE]}),
    ("0000", {"packages": [PACKAGE | {"name": "x" * 100}, PACKAGE | {"id": "2"}], "amount": 200}),
    ("0000", {"options": {"payment": {"capture": True}, "extra": {"branchId": "x" * 40}}}),
    ("2101", {"packages": None}),
    ("2101", {"packages": []}),
    ("2101", {"packages": {}}),
    ("2101", {"packages": [1]}),
    ("1124", {"packages": [PACKAGE, PACKAGE]}),
    ("1124", {"packages": [PACKAGE | {"amount": 99}]}),
    ("1124", {"packages": [PACKAGE | {"products": [PRODUCT | {"quantity": 1}]}]}),
    ("1124", {"packages": [PACKAGE | {"products": [PRODUCT | {"price": Decimal("50.0")}]}]}),
    ("2101", {"packages": [PACKAGE | {"id": ""}]}),
    ("2101", {"packages": [PACKAGE | {"id": "x" * 51}]}),
    ("2101", {"packages": [PACKAGE | {"name": "x" * 101}]}),
    ("2101", {"packages": [PACKAGE | {"products": []}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"name": ""}]}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"quantity": 0}]}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"quantity": True}]}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"price": -50}]}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"imageUrl": "x" * 501}]}]}),
    ("2101", {"packages": [PACKAGE | {"products": [PRODUCT | {"originalPrice": "60"}]}]}),
    ("0000", {"options": {"payment": {"capture": False}}}),
    ("2101", {"options": {"payment": {"capture": "no"}}}),
    ("2101", {"options": {"events": [{"code": "E1"}]}}),
    ("2101", {"options": {"extra": {"branchName": "x" * 201}}}),
]


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize(("code", "changes"), EVERY_DIALECT)
def test_every_version_judges_the_common_members(dialect, code, changes):
    assert code_of(dialect, **changes) == code


@pytest.mark.parametrize("dialect", ["v2", "v2.4"])
@pytest.mark.parametrize(("code", "changes"), FLAT)
def test_v2_and_v2_4_take_the_flat_body(dialect, code, changes):
    assert code_of(dialect, **changes) == code


@pytest.mark.parametrize(("code", "changes"), PACKAGES)
def test_v4_takes_packages_that_add_up(code, changes):
    assert code_of("v4", **changes) == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "2101"),
        (b"  ", "2101"),
        (b"{", "2102"),
        (b"[]", "2102"),
        (b"1", "2102"),
        (b'{"amount": NaN}', "2102"),
        (b'{"amount": 1e99999999999999999999}', "2102"),
        (b'{"orderId": "\xff"}', "2102"),
        (b"[" * 100_000, "2102"),
    ],
)
def test_what_is_no_json_object_is_refused(body, code):
    with pytest.raises(Refused) as caught:
        read_purchase(read_object(body), Dialect.V2)
    assert caught.value.code == code
    assert order_id_of(body) is None


def test_an_amount_is_read_exactly():
    body = encode(pay_body("v4", currency="THB", amount=Decimal("0.29")))
    assert read_purchase(read_object(body), Dialect.V4).money == Money(29, "THB")


def test_a_purchase_does_not_show_its_key():
    body = pay_body("v2")
    assert body["oneTimeKey"] not in repr(read_purchase(read_object(encode(body)), Dialect.V2))


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(max_size=8)
JSON = st.recursive(
    SCALARS | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=200), st.sampled_from(list(Dialect)))
def test_no_bytes_do_more_than_be_refused(body, dialect):
    with pytest.raises(Refused):
        read_purchase(read_object(body), dialect)


@given(st.sampled_from(list(Dialect)), st.data())
def test_no_member_of_any_type_does_more_than_be_refused(dialect, data):
    body = pay_body(dialect)
    name = data.draw(st.sampled_from([*body, "capture", "extras", "options"]))
    try:
        read_purchase(read_object(encode(body | {name: data.draw(JSON)})), dialect)
    except Refused as refused:
        assert refused.code in {"2101", "2102", "2103", "1124", "1133", "1178", "1184"}
