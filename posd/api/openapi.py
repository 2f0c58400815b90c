"""The OpenAPI 3.1 document, made from the operations and the types themselves.

The one rule: nothing is described here that a handler does not do; the test walks both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from posd.api.operations import Operation
from posd.api.schema import AbandonBody, ActBody, CaptureBody, RefundBody, SaleBody, SettleBody
from posd.door import HistoryView, SalesView
from posd.inquiry import InquiryView
from posd.snapshot import LaneView, SaleView

_REF: Final = "#/components/schemas/{name}"
_HEADERS: Final = {
    "Idempotency-Key": "1 to 255 printable ASCII characters; the same key never acts twice.",
    "Last-Event-ID": "The id of the last event that a broken stream got.",
    "If-Match": "The `seq` of the sale as it was seen; 412 where it has changed.",
}
_QUERY: Final = {
    "wait": "Seconds, 0 to 60: answer at a verdict, or when they are over.",
    "after": "A `seq`: what changed after it; 0 where it is left out.",
    "before": "`next_before` of the answer before: what is older.",
    "date": "The day of the opening on the lane's calendar, such as 2026-11-24.",
    "limit": "How many sales at most, 1 to 200; 50 where it is left out.",
    "reference": "The till's name of the basket.",
    "verdict": "The verdict that the sales have now.",
    "token": "The token of api.token_file.",
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
        content = _content(operation.takes)
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    in_path = re.findall(r"\{(\w+)\}", operation.path)
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in in_path
    ]
    for place, names, told in (
        ("header", operation.headers, _HEADERS),
        ("query", operation.query, _QUERY),
    ):
        for name in names:
            required = name == "Idempotency-Key"
            about = {"description": told[name], "required": required, "schema": text}
            found.append({"name": name, "in": place, **about})
    return found


def _content(gives: type | str) -> dict[str, Any]:
    if isinstance(gives, str):
        return {gives: {}}
    return {"application/json": {"schema": _ref(gives.__name__)}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}
