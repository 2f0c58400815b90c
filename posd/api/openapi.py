"""The OpenAPI 3.1 document, made from the operations and the types themselves.

The one rule: nothing is described here that a handler does not do; the test walks both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from posd.api.operations import Operation
from posd.api.parameters import LINE, LISTED, MAX_LISTED, MAX_SEQ
from posd.api.schema import AbandonBody, ActBody, CaptureBody, RefundBody, SaleBody, SettleBody
from posd.core.order import Verdict
from posd.door import HistoryView, SalesView
from posd.inquiry import InquiryView
from posd.snapshot import LaneView, SaleView

_REF: Final = "#/components/schemas/{name}"
_SEQ: Final = {"type": "integer", "minimum": 0, "maximum": MAX_SEQ}
_HEADERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Idempotency-Key": (
        "1 to 255 printable ASCII characters; the same key never acts twice.",
        {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
    ),
    "If-Match": (
        "The `seq` of the sale as it was seen; 412 where it has changed.",
        {"type": "string", "pattern": '^("[0-9]{1,18}"|[0-9]{1,18})$'},
    ),
    "Last-Event-ID": (
        "The id of the last event that a broken stream got.",
        {"type": "string", "pattern": "^[0-9]{1,18}$"},
    ),
}
_QUERY: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "wait": (
        "Seconds, 0 to 60: answer at a verdict, or when they are over.",
        {"type": "string", "pattern": r"^([0-5]?[0-9](\.[0-9]{1,3})?|60(\.0{1,3})?)$"},
    ),
    "after": ("What changed after this `seq`; 0 where it is left out.", _SEQ),
    "before": ("`next_before` of the answer before: what is older.", _SEQ),
    "date": (
        "The day of the opening on the lane's calendar, such as 2026-11-24.",
        {"type": "string", "format": "date"},
    ),
    "limit": (
        f"How many sales at most; {LISTED} where it is left out.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LISTED},
    ),
    "reference": ("The till's name of the basket.", {"type": "string", "pattern": LINE}),
    "verdict": ("The verdict that the sales have now.", {"enum": list(Verdict)}),
    "token": ("The token of api.token_file.", {"type": "string"}),
}
_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457, with a stable code and the next action.",
    "required": ["type", "title", "status", "detail", "code", "next_action", "details"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "next_action": {"type": "string"},
        "details": {"type": "object", "additionalProperties": {"type": "string"}},
        "sale": {"$ref": "#/components/schemas/SaleView"},
    },
}


def document(operations: Iterable[Operation], *, version: str) -> dict[str, Any]:
    """The whole document as plain data."""
    acts = [ActBody, RefundBody, CaptureBody, AbandonBody, SettleBody]
    told = [SaleBody, *acts, SaleView, SalesView, HistoryView, LaneView, InquiryView]
    _, schemas = msgspec.json.schema_components(told, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "posd", "version": version, "summary": "LINE Pay at one shop counter."},
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": getattr(operation.handler, "__name__", operation.path),
        "summary": operation.summary,
        "security": [] if operation.open else [{"token": []}],
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): {"description": "Done.", "content": _content(operation.gives)},
            "default": {
                "description": "Refused; the code says why.",
                "content": {"application/problem+json": {"schema": _ref("Problem")}},
            },
        },
    }
    if operation.takes is not None:
        needed = any(field.required for field in msgspec.structs.fields(operation.takes))
        content = _content(operation.takes)
        described["requestBody"] = {"required": needed, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    in_path = re.findall(r"\{(\w+)\}", operation.path)
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in in_path
    ]
    for name in (*operation.headers, *operation.may_send):
        required = name in operation.headers
        found.append(_parameter(name, "header", _HEADERS[name], required=required))
    found += (_parameter(name, "query", _QUERY[name], required=False) for name in operation.query)
    return found


def _parameter(
    name: str, place: str, about: tuple[str, dict[str, Any]], *, required: bool
) -> dict[str, Any]:
    told = {"description": about[0], "required": required, "schema": about[1]}
    return {"name": name, "in": place, **told}


def _content(gives: type | str) -> dict[str, Any]:
    if isinstance(gives, str):
        return {gives: {}}
    return {"application/json": {"schema": _ref(gives.__name__)}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}
