"""The bodies that the API takes: strict types, unknown members refused with their neighbour.

The one rule: an amount is a decimal string. A JSON number has been a float somewhere on its way.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, NoReturn, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from posd.api.problems import Problem
from posd.core.events import Item
from posd.core.money import DECIMALS, BadAmount, Money, parse_money
from posd.door import OpenSale

MAX_ITEMS: Final = 200
_Body = TypeVar("_Body", bound=Struct)
AMOUNT_EXAMPLE: Final = 'write it as a string such as "120" or "49.50"'

# What is only described, since it is refused by words of its own: see _money and _refuse_control.
_PLAIN: Final = {"pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$"}
_DECIMAL: Final = {"pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"}
_CURRENCY: Final = {"enum": list(DECIMALS)}

_Line = Annotated[str, Meta(min_length=1, max_length=100, extra_json_schema=_PLAIN)]
_Amount = Annotated[
    str,
    Meta(min_length=1, max_length=32, examples=["120", "49.50"], extra_json_schema=_DECIMAL),
]


class ItemBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the basket; `price` is for one piece, as a decimal string."""

    name: _Line
    quantity: Annotated[int, Meta(ge=1, le=9999)] = 1
    price: _Amount


class SaleBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What POST /v1/sales takes. `currency` left out is the lane's."""

    reference: _Line
    amount: _Amount
    currency: (
        Annotated[str, Meta(min_length=3, max_length=3, extra_json_schema=_CURRENCY)] | UnsetType
    ) = UNSET
    items: Annotated[tuple[ItemBody, ...], Meta(max_length=MAX_ITEMS)] = ()
    cashier: Annotated[str, Meta(max_length=100, extra_json_schema=_PLAIN)] = ""
    another_customer: bool = False


class ActBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who acts on the money of a sale, and why. Without an actor it is the till, as a cashier."""

    actor: Annotated[str, Meta(max_length=40, extra_json_schema=_PLAIN)] = ""
    pin: Annotated[str, Meta(max_length=12)] = ""
    reason: Annotated[str, Meta(max_length=200, extra_json_schema=_PLAIN)] = ""


class RefundBody(ActBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`amount` left out is all that is left."""

    amount: _Amount | UnsetType = UNSET


class CaptureBody(ActBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`amount` left out is all that was authorized."""

    amount: _Amount | UnsetType = UNSET


class AbandonBody(ActBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nobody waits any more; late success is reversed unless the goods are gone."""

    because: Literal["paid_otherwise", "goods_kept", "goods_gone"]


class SettleBody(ActBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the customer has the money back."""

    given_back: bool


_Act = TypeVar("_Act", bound=ActBody)


def read_act(body: bytes, kind: type[_Act]) -> _Act:
    """The body of an act on money; an empty one is `{}`. Raises Problem."""
    members = _object(body or b"{}")
    _refuse_unknown(members, kind, "")
    _refuse_numbers(members)
    act = _converted(members, kind)
    for where, text in (("actor", act.actor), ("reason", act.reason)):
        _refuse_control(where, text)
    return act


def act_amount(act: RefundBody | CaptureBody, currency: str) -> Money | None:
    """The amount of the body in the lane's currency; None where it is left out."""
    return None if act.amount is UNSET else _money(act.amount, currency, "amount")


def act_digest(act: ActBody, verb: str) -> str:
    """What the body means; the PIN is left out, so that it is nowhere kept."""
    meaning = msgspec.structs.replace(act, pin="")
    return hashlib.sha256(verb.encode() + b" " + msgspec.json.encode(meaning)).hexdigest()


def plain_digest(verb: str, order_id: str) -> str:
    """What an ask without a body means."""
    return hashlib.sha256(f"{verb} {order_id}".encode()).hexdigest()


def read_sale(body: bytes, *, currency: str, idempotency_key: str) -> OpenSale:
    """The ask that the body stands for; raises Problem, which says what would do."""
    members = _members(body)
    _refuse_numbers(members)
    sale = _converted(members, SaleBody)
    unit = currency if sale.currency is UNSET else sale.currency
    amount = _money(sale.amount, unit, "amount")
    items = tuple(_item(item, unit, f"items[{at}]") for at, item in enumerate(sale.items))
    texts = {"reference": sale.reference, "cashier": sale.cashier}
    texts |= {f"items[{at}].name": item.name for at, item in enumerate(sale.items)}
    for where, text in texts.items():
        _refuse_control(where, text)
    return OpenSale(
        reference=sale.reference,
        amount=amount,
        idempotency_key=idempotency_key,
        body_sha256=_digest(sale, amount),
        items=items,
        cashier=sale.cashier,
        another_customer=sale.another_customer,
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        members = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad_json", f"{error}; send one JSON object") from error
    if not isinstance(members, dict):
        raise Problem(400, "bad_json", "send one JSON object, such as {...}")
    return members


def _members(body: bytes) -> dict[str, Any]:
    members = _object(body)
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


def _converted(members: Mapping[str, Any], body: type[_Body]) -> _Body:
    try:
        return msgspec.convert(members, body)
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


def _refuse_control(where: str, text: str) -> None:
    """Foreign text reaches the printer: no control byte, no line end may be in it."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        _wrong(f"{where} holds a control character; send one line of plain text")


def _wrong(detail: str) -> NoReturn:
    raise Problem(422, "wrong_member", detail)


def _digest(sale: SaleBody, amount: Money) -> str:
    """What the body means, so that another spelling of the same sale is the same sale."""
    meaning = msgspec.structs.replace(sale, amount=amount.text, currency=amount.currency)
    return hashlib.sha256(msgspec.json.encode(meaning)).hexdigest()
