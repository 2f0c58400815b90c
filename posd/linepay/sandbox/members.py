"""The members that each request body may have, and what happens to others.

The rule: an unknown member is logged and taken, or refused with 2103: which of both LINE Pay does
is not confirmed (assumptions.py, `unknown-members`). Sources: reference, 3.1 to 3.3.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from posd.linepay.sandbox.assumptions import Assumptions
from posd.linepay.sandbox.fields import Members
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect, Operation

LOG = logging.getLogger("posd.linepay.sandbox")

Shape = dict[str, Any]

_RESTRICTION: Shape = {"useLimit": None, "rewardLimit": None}
_EVENTS: Shape = {"code": None, "totalAmount": None, "productQuantity": None}
_EXTRA: Shape = {"branchName": None, "branchId": None, "promotionRestriction": _RESTRICTION}
_PURCHASE: Shape = {"amount": None, "currency": None, "oneTimeKey": None, "orderId": None}
_FLAT = _PURCHASE | {
    "productName": None,
    "capture": None,
    "extras": _EXTRA | {"events": _EVENTS, "addFriends": {"type": None, "idList": None}},
}
_PRODUCT: Shape = dict.fromkeys(("id", "name", "imageUrl", "quantity", "price", "originalPrice"))
_PACKAGE: Shape = {"id": None, "amount": None, "name": None, "products": _PRODUCT}
_V4 = _PURCHASE | {
    "packages": _PACKAGE,
    "options": {"payment": {"capture": None}, "extra": _EXTRA, "events": _EVENTS},
}
_CAPTURE: Shape = {
    "amount": None,
    "currency": None,
    "promotionRestriction": _RESTRICTION,
    "extras": {"promotionRestriction": _RESTRICTION},  # the official example nests it (3.3)
}
_SHAPES: dict[Operation, Shape] = {
    Operation.CAPTURE: _CAPTURE,
    Operation.VOID: {},
    Operation.REFUND: {"refundAmount": None, "promotionRestriction": _RESTRICTION},
}


def judge_unknown(
    members: Members, operation: Operation, dialect: Dialect, assumptions: Assumptions
) -> None:
    """Log members that no source names; raise Refused with 2103 if so assumed."""
    paid = _V4 if dialect is Dialect.V4 else _FLAT
    for name in _unknown(members, _SHAPES.get(operation, paid), ""):
        why = f"{name[:80]} is no member of {operation} in {dialect}"
        if assumptions["unknown-members"] == "2103":
            raise Refused("2103", why)
        LOG.info("%s; it is taken", why)


def _unknown(value: object, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(value, list):
        # Lists in lists are for the strict readers to refuse; following them would be unbounded.
        for entry in filter(_is_object, value):
            yield from _unknown(entry, shape, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in shape:
                yield path + name
            elif shape[name] is not None:
                yield from _unknown(inner, shape[name], f"{path}{name}.")


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
