"""The result codes of LINE Pay as data: what each proves about the money, and what to do next.

One rule: the list of proofs is a whitelist. A code says "no money moved" only where the table
classes it as a decline, a configuration fault or a bug *for that operation*; every other code,
unknown ones included, is UNCERTAIN. Source: reference, section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from posd.linepay.next_actions import (
    NextAction,
    SupervisorAction,
    TechnicianAction,
    supervisor_action,
    technician_action,
)


class Operation(StrEnum):
    """The seven operations of the Offline API."""

    PAY = "pay"
    CHECK = "check"
    AUTHORIZATIONS = "authorizations"
    CAPTURE = "capture"
    VOID = "void"
    DETAILS = "details"
    REFUND = "refund"


class Class(StrEnum):
    """How the reference classes a code for one operation."""

    SUCCESS = "success"
    FINAL_DECLINE = "FD"  # another tender, or a new order with a new code
    RETRY_SAFE = "RS"  # the same request may be sent again
    UNCERTAIN = "UM"  # ask by order id before anything else
    CONFIGURATION = "CE"
    BUG = "BUG"  # our request was wrong
    ALREADY_DONE = "AD"


class Proves(StrEnum):
    """What a code proves about the operation it answers."""

    SUCCESS = "success"
    NO_MONEY_MOVED = "no_money_moved"  # this operation was not carried out
    NO_SUCH_TRANSACTION = "no_such_transaction"  # now; right after a pay it may just be early
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One row of the table; for an operation absent from `classes` the code proves nothing."""

    code: str
    meaning: str
    classes: Mapping[Operation, Class]
    next_action: NextAction

    @property
    def operations(self) -> frozenset[Operation]:
        """The operations that are known to answer with it."""
        return frozenset(self.classes)

    @property
    def supervisor_action(self) -> SupervisorAction:
        """What a supervisor does next."""
        return supervisor_action(self.code, self.next_action)

    @property
    def technician_action(self) -> TechnicianAction:
        """What a technician does next."""
        return technician_action(self.code, self.next_action)

    @property
    def words(self) -> str:
        """The key into the catalogues of words."""
        return f"linepay.{self.code if self.code in CODES else 'unknown'}"


def entry(code: str) -> CodeEntry:
    """The row of `code`; for a code nobody wrote down, a row that proves nothing."""
    return CODES.get(code) or CodeEntry(code, "unknown code", {}, NextAction.WAIT)


def judge(code: str, operation: Operation) -> Class:
    """How the reference classes `code` for this operation; UNCERTAIN where it says nothing.

    RETRY_SAFE means the same body again, never a partial refund: that has no idempotency key.
    ALREADY_DONE answers a full refund; after a partial one it is UNCERTAIN (read the payment).
    """
    return entry(code).classes.get(operation, Class.UNCERTAIN)


def proves(code: str, operation: Operation) -> Proves:
    """What `code`, as the answer to `operation`, proves about the money.

    For pay, capture, void and refund NO_MONEY_MOVED means: this request was not carried out. The
    reads (check, authorizations, details) prove by their content or by 1150 alone: a code that
    declines a payment is no answer to a question.
    """
    if code == "0000":
        return Proves.SUCCESS
    if code == "1150" and operation is not Operation.PAY:
        return Proves.NO_SUCH_TRANSACTION
    if operation in _READS:
        return Proves.UNCERTAIN
    if entry(code).classes.get(operation) in _PROOFS:
        return Proves.NO_MONEY_MOVED
    return Proves.UNCERTAIN


_READS = frozenset({Operation.CHECK, Operation.AUTHORIZATIONS, Operation.DETAILS})
_PROOFS = frozenset({Class.FINAL_DECLINE, Class.CONFIGURATION, Class.BUG})

_FD, _RS, _UM = Class.FINAL_DECLINE, Class.RETRY_SAFE, Class.UNCERTAIN
_CE, _BUG, _AD = Class.CONFIGURATION, Class.BUG, Class.ALREADY_DONE
_PAY, _CHECK, _CAPTURE = Operation.PAY, Operation.CHECK, Operation.CAPTURE
_VOID, _DETAILS, _REFUND = Operation.VOID, Operation.DETAILS, Operation.REFUND
_AUTHORIZATIONS = Operation.AUTHORIZATIONS

_NEW_CODE, _OTHER, _WAIT = NextAction.NEW_CODE, NextAction.OTHER_TENDER, NextAction.WAIT
_TECHNICIAN, _SUPERVISOR = NextAction.TECHNICIAN, NextAction.SUPERVISOR


def _all(one: Class) -> dict[Operation, Class]:
    return dict.fromkeys(Operation, one)


def _on(one: Class, *operations: Operation) -> dict[Operation, Class]:
    return dict.fromkeys(operations, one)


_TEMPORARY = _all(_RS) | {_PAY: _UM, _CAPTURE: _UM}

_ROWS: tuple[tuple[str, str, dict[Operation, Class], NextAction], ...] = (
    ("0000", "success", _all(Class.SUCCESS), NextAction.NONE),
    ("1101", "customer is not a LINE Pay user", _on(_FD, _PAY, _VOID, _REFUND), _OTHER),
    ("1102", "customer cannot transact now", _on(_FD, _PAY, _VOID, _REFUND), _OTHER),
    ("1104", "merchant unknown: wrong channel id or host", _all(_CE), _TECHNICIAN),
    ("1105", "merchant may not use LINE Pay now", _all(_CE), _TECHNICIAN),
    ("1106", "header error: signature, header or address list", _all(_CE), _TECHNICIAN),
    ("1110", "this card cannot be used", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1115", "partial refund impossible, refund in full", _on(_FD, _REFUND), _SUPERVISOR),
    ("1124", "amount error", _on(_BUG, _PAY, _CAPTURE, _REFUND), _TECHNICIAN),
    ("1133", "invalid code", _on(_FD, _PAY), _NEW_CODE),
    ("1141", "account status problem", _on(_FD, _PAY), _OTHER),
    ("1142", "balance too low", _on(_FD, _PAY), _OTHER),
    ("1145", "payment in progress", _on(_UM, _PAY), _WAIT),
    (
        "1150",
        "no such transaction",
        _on(_UM, _CHECK, _AUTHORIZATIONS, _DETAILS) | _on(_BUG, _CAPTURE, _VOID, _REFUND),
        _WAIT,
    ),
    ("1152", "same transaction exists", _on(_UM, _PAY), _WAIT),
    ("1153", "amount differs from the request", _on(_BUG, _CAPTURE), _TECHNICIAN),
    ("1155", "unsuitable transaction id", _on(_BUG, _VOID, _REFUND), _TECHNICIAN),
    ("1159", "no payment request information", _on(_UM, _PAY, _CHECK), _WAIT),
    ("1163", "refund period over", _on(_FD, _REFUND), _SUPERVISOR),
    ("1164", "more than the refundable amount", _on(_UM, _REFUND), _SUPERVISOR),
    # A full refund is done, a partial one is not known to be: only a read can tell.
    ("1165", "already refunded or voided", _on(_AD, _REFUND, _VOID) | _on(_UM, _PAY), _SUPERVISOR),
    ("1169", "customer must confirm in LINE", _on(_UM, _PAY), _WAIT),
    ("1170", "customer's balance changed", _on(_UM, _PAY, _VOID), _WAIT),
    ("1172", "order id already used", _on(_UM, _PAY), _WAIT),
    ("1177", "more than 100 transactions asked", _on(_BUG, _DETAILS), _TECHNICIAN),
    ("1178", "currency not supported for the merchant", _on(_CE, _PAY, _CAPTURE), _TECHNICIAN),
    ("1179", "cannot be processed in this state", _on(_UM, _REFUND, _CAPTURE), _SUPERVISOR),
    ("1183", "below the minimum amount", _on(_FD, _PAY), _OTHER),
    ("1184", "above the maximum amount", _on(_FD, _PAY), _OTHER),
    ("1198", "duplicated call", _on(_UM, _PAY, _VOID, _REFUND), _WAIT),
    ("1199", "internal error", _all(_UM), _WAIT),
    ("1280", "temporary card error", _on(_UM, _PAY, _CAPTURE), _WAIT),
    ("1281", "card payment error", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1282", "card authorization error", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1283", "suspected fraud", _on(_FD, _PAY, _CAPTURE), _OTHER),
    ("1284", "card payments suspended", _on(_FD, _PAY, _CAPTURE), _OTHER),
    ("1285", "card data missing", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1286", "card data wrong", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1287", "card expired", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1288", "card funds too low", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1289", "card limit exceeded", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1290", "card limit per transaction exceeded", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1291", "card reported stolen", _on(_FD, _PAY, _CAPTURE), _OTHER),
    ("1292", "card suspended", _on(_FD, _PAY, _CAPTURE), _OTHER),
    ("1293", "card verification number wrong", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1294", "card on a black list", _on(_FD, _PAY, _CAPTURE), _OTHER),
    ("1295", "card number wrong", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1296", "card cannot pay this amount", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1298", "card refused", _on(_FD, _PAY, _CAPTURE), _NEW_CODE),
    ("1900", "temporary error", _TEMPORARY, _WAIT),
    ("1901", "temporary error", _TEMPORARY, _WAIT),
    ("1902", "temporary error", _TEMPORARY, _WAIT),
    ("1903", "temporary error", _TEMPORARY, _WAIT),
    ("1999", "differs from the earlier request", _on(_UM, _PAY, _VOID, _REFUND), _WAIT),
    ("2020", "limit could not be reserved", _on(_FD, _PAY), _OTHER),
    ("2021", "customer's account is restricted", _on(_FD, _PAY), _OTHER),
    ("2022", "customer's limit exceeded", _on(_FD, _PAY), _OTHER),
    ("2023", "customer's limit at this merchant exceeded", _on(_FD, _PAY), _OTHER),
    ("2024", "merchant's own receiving limit exceeded", _on(_FD, _PAY), _OTHER),
    ("2042", "merchant's reserve for refunds too small", _on(_CE, _REFUND), _SUPERVISOR),
    ("2101", "parameter error", _all(_BUG), _TECHNICIAN),
    ("2102", "malformed JSON", _all(_BUG), _TECHNICIAN),
    ("2103", "parameter not allowed", _all(_BUG), _TECHNICIAN),
    ("2104", "invalid request", _all(_BUG), _TECHNICIAN),
    ("9000", "internal error", _all(_UM), _WAIT),
)

CODES: Mapping[str, CodeEntry] = {row[0]: CodeEntry(*row) for row in _ROWS}
