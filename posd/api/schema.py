"""The bodies that the API takes: strict types, unknown members refused with their neighbour.

The one rule: an amount is a decimal string. A JSON number has been a float somewhere on its way.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, NoReturn

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from posd.api.problems import Problem
from posd.core.events import Item
from posd.core.money import DECIMALS, BadAmount, Money, parse_money
from posd.door import OpenSale

MAX_ITEMS: Final = 200
AMOUNT_EXAMPLE: Final = 'write it as a string such as "120" or "49.50"'

_Line = Annotated[str, Meta(min_length=1, max_length=100)]
_Amount = Annotated[str, Meta(min_length=1, max_length=32, examples=["120", "49.50"])]


class ItemBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the basket; `price` is for one piece, as a decimal string."""

    name: _Line
    quantity: Annotated[int, Meta(ge=1, le=9999)] = 1
    price: _Amount


class SaleBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What POST /v1/sales takes. `currency` left out is the lane's."""

    reference: _Line
    amount: _Amount
    currency: Annotated[str, Meta(min_length=3, max_length=3)] | UnsetType = UNSET
    items: Annotated[tuple[ItemBody, ...], Meta(max_length=MAX_ITEMS)] = ()
    cashier: Annotated[str, Meta(max_length=100)] = ""
    another_customer: bool = False


def read_sale(body: bytes, *, currency: str, idempotency_key: str) -> OpenSale:
    """The ask that the body stands for; raises Problem, which says what would do."""
    members = _members(body)
    _refuse_numbers(members)
    sale = _converted(members)
    unit = currency if sale.currency is UNSET else sale.currency
    amount = _money(sale.amount, unit, "amount")
    items = tuple(_item(item, unit, f"items[{at}]") for at, item in enumerate(sale.items))
    _refuse_control(sale)
    return OpenSale(
        reference=sale.reference,
        amount=amount,
        idempotency_key=idempotency_key,
        body_sha256=_digest(sale, amount),
        items=items,
        cashier=sale.cashier,
        another_customer=sale.another_customer,
    )


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad_json", f"{error}; send one JSON object") from error
    if not isinstance(members, dict):
        raise Problem(400, "bad_json", "send one JSON object, such as {...}")
    _refuse_unknown(members, SaleBody, "")
    items = members.get("items")
    for at, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            _refuse_unknown(item, ItemBody, f"items[{at}].")
    return members


def _refuse_unknown(members: Mapping[str, Any], body: type[Struct], where: str) -> None:
    known = body.__struct_fields__
    for name in members:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise Problem(422, "unknown_member", f"{where}{name[:64]} is not known; {hint}")


def _refuse_numbers(members: Mapping[str, Any]) -> None:
    if "amount" in members and not isinstance(members["amount"], str):
        kind = type(members["amount"]).__name__
        raise Problem(422, "amount", f"amount is of type {kind}; {AMOUNT_EXAMPLE}")


def _converted(members: Mapping[str, Any]) -> SaleBody:
    try:
        return msgspec.convert(members, SaleBody)
    except msgspec.ValidationError as error:
        code = "missing_member" if "missing required" in str(error) else "wrong_member"
        raise Problem(422, code, str(error)) from error


def _item(item: ItemBody, currency: str, where: str) -> Item:
    return Item(item.name, item.quantity, _money(item.price, currency, f"{where}.price"))


def _money(text: str, currency: str, where: str) -> Money:
    if currency not in DECIMALS:
        expected = ", ".join(DECIMALS)
        details = {"expected": expected, "got": currency}
        raise Problem(422, "currency", f"currency must be one of {expected}", details)
    try:
        return parse_money(text, currency)
    except BadAmount as error:
        detail = str(error) if where == "amount" else f"{where}: {error}"
        raise Problem(422, "amount", f"{detail}; {AMOUNT_EXAMPLE}") from error


def _refuse_control(sale: SaleBody) -> None:
    """Foreign text reaches the printer: no control byte, no line end may be in it."""
    texts = {"reference": sale.reference, "cashier": sale.cashier}
    texts |= {f"items[{at}].name": item.name for at, item in enumerate(sale.items)}
    for where, text in texts.items():
        if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
            _wrong(f"{where} holds a control character; send one line of plain text")


def _wrong(detail: str) -> NoReturn:
    raise Problem(422, "wrong_member", detail)


def _digest(sale: SaleBody, amount: Money) -> str:
    """What the body means, so that another spelling of the same sale is the same sale."""
    meaning = msgspec.structs.replace(sale, amount=amount.text, currency=amount.currency)
    return hashlib.sha256(msgspec.json.encode(meaning)).hexdigest()
