"""docs/linepay.md, drawn from the client: what it sends, reads and waits for.

python -m tests.docs.linepay_table > docs/linepay.md

Fields are not listed by hand: requests are written out with every field set, and an answer's
members are left out one at a time to see what changes.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from posd.core.money import DECIMALS, MAX_MINOR, Money
from posd.linepay import Dialect, Operation, PromotionRestriction, Proves, Timeouts, judge, proves
from posd.linepay.dialects import (
    NOTHING,
    RULES,
    capture_body,
    list_path,
    pay_body,
    pay_path,
    refund_body,
    refund_rest_body,
)
from posd.linepay.reading import parse_answer, parse_payments, parse_refund
from posd.linepay.result_codes import CODES, Class, CodeEntry
from tests.docs.drawing import table
from tests.docs.linepay_texts import (
    ANSWERS,
    AUTHENTICATION,
    CODES_TEXT,
    INTRODUCTION,
    OPEN,
    OPERATIONS,
    REQUESTS,
    UNCONFIRMED,
)
from tests.linepay.samples import INFOS, envelope, full_payment

Parse = Callable[[bytes], Any]
PARSERS: dict[Operation, Parse] = dict.fromkeys(Operation, parse_answer) | {
    Operation.AUTHORIZATIONS: parse_payments,
    Operation.DETAILS: parse_payments,
    Operation.REFUND: parse_refund,
}
NAMES = {parse_answer: "Answer", parse_payments: "PaymentDetails", parse_refund: "Refund"}
READS = (Operation.CHECK, Operation.AUTHORIZATIONS, Operation.DETAILS)
IN_PATH = (Operation.CHECK, Operation.CAPTURE, Operation.VOID, Operation.REFUND)
DECIDING = {
    *("orderId", "transactionId", "originalTransactionId", "refundTransactionId"),
    *("status", "currency", "payInfo[].amount", "transactionType", "payStatus"),
    *("refundList[].refundTransactionId", "refundList[].transactionType"),
    "refundList[].refundAmount",
}

# The source of a field by the last part of its name; B where none is written.
REQUEST_SOURCES = {
    "amount": "A",
    "currency": "A",
    "orderId": "A",
    "oneTimeKey": "A",
    "productName": "A",
    "capture": "A; in v4 J",
    "refundAmount": "A",
    "type": "D",
    "idList[]": "D",
    "packages[].amount": "B; required C",
    "promotionRestriction.rewardLimit": "A; B",
    "promotionRestriction.useLimit": "A; B",
}
ANSWER_SOURCES = {
    "method": "A",
    "failReturnCode": "D, v2",
    "failReturnMessage": "D, v2",
    "balance": "B in v2, else U",
    "paymentProvider": "A, not in v2",
    "cardType": "B, C",
    "cardId": "B, C",
}
SEEN_IN_A = {  # answers whose members stand on an official page that was read
    Operation.DETAILS: "transactionId orderId transactionDate transactionType productName currency"
    " payInfo[].amount",
    Operation.REFUND: "refundTransactionId refundTransactionDate",
}
LENGTHS = {
    "oneTimeKey": "18 (TW), 12 (TH, Global); 1 to 64 letters or digits are taken",
    "orderId": "100",
    "productName": "4000, cut",
    "products[].name": "4000, cut",
    "packages[].name": "100, cut",
    "products[].id": "50",
    "products[].imageUrl": "500",
    "branchId": "32, cut",
    "branchName": "100, cut",
    "events[].code": "30",
    "currency": ", ".join(DECIMALS),
}


def drawing() -> str:
    """The whole page."""
    return "\n".join(
        [
            INTRODUCTION,
            OPERATIONS,
            table(["operation", "call", "request", "read, total (s)"], map(_operation, Operation)),
            REQUESTS,
            table(["", *Dialect], [["authentication", *map(_authentication, Dialect)]]),
            AUTHENTICATION,
            table([*Dialect, "length", "source"], _pay_rows()),
            table(["operation", "field", "length", "source"], _other_rows()),
            amounts(),
            ANSWERS,
            *(_answer_table(parse, name) for parse, name in NAMES.items()),
            "Void states nothing but its code (B).\n",
            CODES_TEXT,
            table(
                ["code", "meaning", *Operation, "cashier", "supervisor", "technician"],
                map(_code, CODES.values()),
            ),
            UNCONFIRMED,
            table(["open", "what posd does"], map(list, OPEN)),
        ]
    )


def amounts() -> str:
    """The rules of each currency."""
    rules = ", ".join(f"{name} {decimals}" for name, decimals in DECIMALS.items())
    return (
        f"Amounts are integers of minor units up to {MAX_MINOR} and never a float. Decimals:"
        f" {rules} (J). A whole amount leaves as an integer: `100`, never"
        " `100.0`, which gives 1124 (D).\n"
    )


def _operation(operation: Operation) -> list[str]:
    calls = {
        Operation.DETAILS: "`payments`, `details`",
        Operation.REFUND: "`refund`, `refund_rest`",
    }
    timeouts = Timeouts()
    waits = (timeouts.read_s, timeouts.total_s)
    if operation is Operation.PAY:
        waits = (timeouts.pay_read_s, timeouts.pay_total_s)
    method = "GET" if operation in READS else "POST"
    return [
        operation,
        calls.get(operation, f"`{operation}`"),
        f"{method} `{_path(operation)}`",
        ", ".join(f"{wait_s:g}" for wait_s in waits),
    ]


def _path(operation: Operation) -> str:
    if operation is Operation.PAY:
        return pay_path(Dialect.V4).replace("v4", "{version}")
    if operation in IN_PATH:
        return f"/{{version}}/payments/orders/{{orderId}}/{operation}"
    return list_path(Dialect.V4, operation).replace("v4", "{version}")


def _authentication(dialect: Dialect) -> str:
    headers = RULES[dialect].authentication("secret").headers("/", b"")
    return ", ".join(f"`{name}`" for name in sorted(headers))


def _pay_rows() -> Iterator[list[str]]:
    friends = {dialect: () if RULES[dialect].lacks else ("@shop",) for dialect in Dialect}
    sent = {
        dialect: list(leaves(pay_body(dialect, full_payment(add_friends=friends[dialect]))))
        for dialect in Dialect
    }
    rows: dict[str, dict[Dialect, str]] = {}
    for dialect, names in sent.items():
        for name in names:
            rows.setdefault(_meaning(name), {})[dialect] = name
    for row in rows.values():
        name = next(iter(row.values()))
        places = [f"`{row[dialect]}`" if dialect in row else "-" for dialect in Dialect]
        yield [
            *places,
            _by_end(LENGTHS, name, ""),
            _by_end(REQUEST_SOURCES, name, "B"),
        ]


def _meaning(name: str) -> str:
    """The same for a field whichever object the dialect keeps it in."""
    for place in ("extras.", "options.extra.", "options.payment.", "options."):
        name = name.removeprefix(place)
    return name


def _other_rows() -> Iterator[list[str]]:
    limit = PromotionRestriction(Money(1, "TWD"), Money(1, "TWD"))
    bodies = {
        "capture": capture_body(Money(1, "TWD"), limit),
        "void": NOTHING,
        "refund": refund_body(Money(1, "TWD")),
        "refund, of the rest": refund_rest_body(limit),
    }
    yield ["check", "`orderId` in the path", "100", "A"]
    for operation in ("authorizations", "details"):
        yield [operation, "`orderId` or `transactionId` in the query", "100", "A"]
    for operation, body in bodies.items():
        for name in list(leaves(body)) or ["an empty object"]:
            shown = f"`{name}`" if body != NOTHING else name
            source = "J" if body == NOTHING else _by_end(REQUEST_SOURCES, name, "B")
            yield [operation, shown, _by_end(LENGTHS, name, ""), source]


def leaves(body: bytes) -> Iterator[str]:
    """The names of all members that hold no object, each once, in their order."""
    seen: dict[str, None] = {}
    for path in _paths(json.loads(body)):
        seen.setdefault(_name(path), None)
    yield from seen


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in entries:
            yield from _paths(inner, (*path, key))
    else:
        yield path


def _name(path: Iterable[str | int]) -> str:
    return "".join("[]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def _by_end(known: dict[str, str], name: str, otherwise: str) -> str:
    """The entry whose key ends `name`, the longest first."""
    ends = [key for key in known if f".{name}".endswith(f".{key}")]
    return known[max(ends, key=len)] if ends else otherwise


def _answer_table(parse: Parse, name: str) -> str:
    found: dict[str, dict[Operation, list[str]]] = {}
    for operation, info in INFOS.items():
        if PARSERS[operation] is parse and info is not None:
            for member, changed in _members(parse, info):
                found.setdefault(member, {}).setdefault(operation, changed)
    rows = (_answer_row(member, where) for member, where in found.items())
    return table(["member", f"`{name}`", "operations", "source"], rows)


def _members(parse: Parse, info: Any) -> Iterator[tuple[str, list[str]]]:
    whole = parse(envelope(info))
    for path in _paths(info):
        changed = list(differing(whole, parse(envelope(_odd(info, path)))))
        yield _name(path).removeprefix("[]."), changed


def _answer_row(member: str, where: dict[Operation, list[str]]) -> list[str]:
    mark = "**" if member in DECIDING else ""
    names = dict.fromkeys(name for changed in where.values() for name in changed)
    official = [op for op in where if member in SEEN_IN_A.get(op, "").split()]
    source = f"A in {official[0]}, else B" if official and len(where) > 1 else "B"
    source = "A" if official and len(where) == 1 else source
    if member == "currency" and Operation.PAY in where:
        source = "U"
    return [
        f"{mark}`{member}`{mark}",
        ", ".join(f"`{name}`" for name in names),
        ", ".join(where),
        _by_end(ANSWER_SOURCES, member, source),
    ]


def _odd(info: Any, path: tuple[str | int, ...]) -> Any:
    """The same with one member of another value of its own type."""
    changed = copy.deepcopy(info)
    place = changed
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = old + 1 if isinstance(old, int) else f"{old}0"
    return changed


def differing(one: Any, other: Any, name: str = "") -> Iterator[str]:
    """The attributes, in dotted form, in which two values of the client differ."""
    if is_dataclass(one):
        for field in fields(one):
            inner = f"{name}.{field.name}".lstrip(".").removeprefix("content[].")
            yield from differing(getattr(one, field.name), getattr(other, field.name), inner)
    elif isinstance(one, tuple):
        for left, right in zip(one, other, strict=True):
            yield from differing(left, right, f"{name}[]")
    elif one != other:
        yield name.removeprefix("content.").removeprefix("content[].")


def _code(row: CodeEntry) -> list[str]:
    return [
        row.code,
        row.meaning,
        *(_class(row, operation) for operation in Operation),
        f"`{row.next_action}`",
        f"`{row.supervisor_action}`",
        f"`{row.technician_action}`",
    ]


def _class(row: CodeEntry, operation: Operation) -> str:
    if operation not in row.classes:
        return ""
    found = judge(row.code, operation)
    if found is Class.SUCCESS:
        return "success"
    proved = proves(row.code, operation) is Proves.NO_MONEY_MOVED
    return f"**{found}**" if proved else found


if __name__ == "__main__":
    sys.stdout.write(drawing())
