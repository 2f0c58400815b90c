"""What is asked of LINE Pay and what it answers: one set of names for three dialects.

One rule: no number passes through a float, and no transaction id is a number. A member that
decides about money must have its documented type or there is no answer at all; one that only
decorates becomes None. Unknown members and unknown values are kept or passed over, never fatal.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from posd.core.money import Money

TEXT_LIMIT = 500  # characters kept of a text that only decorates
LARGEST_AMOUNT = 10**12  # with MOST_DECIMALS it keeps a sum of amounts exact in a Decimal
MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Product:
    """One line of the basket: `price` is for one piece."""

    name: str
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class OneTimeKeyPayment:
    """A payment to ask for (reference, sections 3.1 and 3.2).

    Raises ValueError, naming the field and never its value, where LINE Pay could not take it.
    Names longer than LINE Pay takes are cut when the request is written.
    """

    order_id: str
    one_time_key: str = field(repr=False)
    amount: Money
    product_name: str
    products: tuple[Product, ...] = ()
    branch_id: str = ""
    branch_name: str = ""
    capture: bool = True

    def __post_init__(self) -> None:
        require_order_id(self.order_id)
        if not _KEY.fullmatch(self.one_time_key):
            raise ValueError("one_time_key must be 1 to 64 ASCII letters or digits")
        if not self.product_name.strip():
            raise ValueError("product_name must not be empty")


@dataclass(frozen=True, slots=True)
class PayMethod:
    """One part of a payment: BALANCE, CREDIT_CARD, POINT, or a method not known yet."""

    method: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """One envelope of pay, check or details, in either spelling (reference, section 4).

    `code` is LINE Pay's four characters. `paid` is the sum over `methods`, or None where LINE Pay
    stated no payInfo. `status` is check's alone, kept as it came. Dates are text as it came.
    Of details, which answers with a list, this is the first payment; none leaves all of it None.
    """

    code: str
    message: str
    order_id: str | None
    transaction_id: str | None
    transaction_date: str | None
    status: str | None
    paid: Decimal | None
    currency: str | None
    methods: tuple[PayMethod, ...]
    masked_card: str | None
    balance: Decimal | None
    payment_provider: str | None
    authorization_expire_date: str | None
    fail_code: str | None
    fail_message: str | None


class NotAnAnswer(ValueError):  # noqa: N818
    """The bytes are no envelope of LINE Pay; `reason` is not_json, no_code or malformed."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def require_order_id(order_id: str) -> None:
    """Raise ValueError unless LINE Pay could take this order id (and a path could carry it)."""
    if not _ORDER_ID.fullmatch(order_id) or not order_id.strip("."):
        raise ValueError("order_id must be 1 to 100 printable characters, and not only dots")


def parse_answer(data: bytes) -> Answer:
    """Read the body of an answer to pay or check; raises NotAnAnswer.

    The caller bounds the length of `data`; its depth is bounded here.
    """
    envelope = _object(_decode(data), "the body")
    return _answer(envelope, envelope.get("info"))


def parse_list(data: bytes) -> Answer:
    """Read the body of an answer to details, whose info is a list; raises NotAnAnswer."""
    envelope = _object(_decode(data), "the body")
    payments = envelope.get("info") or []
    if not isinstance(payments, list):
        raise NotAnAnswer("malformed", "info is not a list")
    return _answer(envelope, payments[0] if payments else None)


def _answer(envelope: dict[str, Any], stated: object) -> Answer:
    info = _object(stated or {}, "info")
    parts = _parts(info)
    methods = tuple(_method(part) for part in parts)
    return Answer(
        code=_code(envelope),
        message=_decoration(_either(envelope, "returnMessage", "statusMessage")) or "",
        order_id=_identifier(info, "orderId"),
        transaction_id=_identifier(info, "transactionId"),
        transaction_date=_decoration(info.get("transactionDate")),
        status=_word(info, "status"),
        paid=sum((method.amount for method in methods), Decimal(0)) if methods else None,
        currency=_word(info, "currency"),
        methods=methods,
        masked_card=_masked_card(parts),
        balance=_amount(info.get("balance")),
        payment_provider=_decoration(info.get("paymentProvider")),
        authorization_expire_date=_decoration(info.get("authorizationExpireDate")),
        fail_code=_decoration(info.get("failReturnCode")),
        fail_message=_decoration(info.get("failReturnMessage")),
    )


_ORDER_ID = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}")
_KEY = re.compile(r"[A-Za-z0-9]{1,64}")
_CODE = re.compile(r"[0-9A-Za-z]{4}")
_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def _decode(data: bytes) -> object:
    # msgspec: DecodeError and ValidationError; text that is not UTF-8; a number like 1E+10^20;
    # brackets nested without end. Their texts quote the body, so none of them is passed on.
    try:
        value = _DECODER.decode(data)
        # A second reading: msgspec keeps the last of two members of one name, and tells nobody.
        json.loads(data, object_pairs_hook=_refuse_duplicates)
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise NotAnAnswer("not_json", "the body is not JSON in UTF-8") from None
    return value


def _refuse_duplicates(members: list[tuple[str, object]]) -> None:
    if len(dict(members)) != len(members):
        raise NotAnAnswer("malformed", "a JSON object has two members of one name")


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotAnAnswer("malformed", f"{name} is not a JSON object")
    return value


def _either(envelope: dict[str, Any], name: str, other_name: str) -> object:
    """Official samples of errors spell the envelope in another way (reference, section 4.1)."""
    return envelope.get(name, envelope.get(other_name))


def _code(envelope: dict[str, Any]) -> str:
    code = _either(envelope, "returnCode", "resultCode")
    if isinstance(code, int) and not isinstance(code, bool):
        code = f"{code:04d}"
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise NotAnAnswer("no_code", "the envelope has no result code of four characters")
    return code


def _identifier(info: dict[str, Any], name: str) -> str | None:
    value = info.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _word(info, name)


def _word(info: dict[str, Any], name: str) -> str | None:
    value = info.get(name)
    if value is not None and not isinstance(value, str):
        raise NotAnAnswer("malformed", f"{name} is not a text")
    return value


def _decoration(value: object) -> str | None:
    return value[:TEXT_LIMIT] if isinstance(value, str) else None


def _parts(info: dict[str, Any]) -> list[dict[str, Any]]:
    parts = info.get("payInfo") or []
    if not isinstance(parts, list):
        raise NotAnAnswer("malformed", "payInfo is not a list")
    return [_object(part, "an entry of payInfo") for part in parts]


def _method(part: dict[str, Any]) -> PayMethod:
    amount = _amount(part.get("amount"))
    if amount is None:
        raise NotAnAnswer("malformed", "an entry of payInfo has no amount")
    return PayMethod(method=_decoration(part.get("method")) or "", amount=amount)


def _amount(value: object) -> Decimal | None:
    """A number, or the text of one; None for anything else and for what no shop ever charged."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str) and not _PLAIN_DECIMAL.fullmatch(value):
        return None
    amount = Decimal(value)
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS or abs(amount) > LARGEST_AMOUNT:
        return None
    return amount


def _masked_card(parts: list[dict[str, Any]]) -> str | None:
    cards = (_decoration(part.get("maskedCreditCardNumber")) for part in parts)
    return next((card for card in cards if card), None)
