"""The OpenAPI document of the control interface, drawn from its table.

`python -m posd.linepay.sandbox.openapi > docs/reference/sandbox-control.json` writes it anew; a
test fails when the file differs.

The rule: nothing is described here that control_schema.py does not say.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from posd.linepay.sandbox.control_schema import CALLS, CallRow

_REF = "#/components/schemas/{name}"
_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string", "description": "what is wrong, in a sentence"}},
    "required": ["error"],
}


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    types = [kind for row in CALLS for kind in (row.asks, row.tells) if kind is not None]
    _, schemas = msgspec.json.schema_components(types, ref_template=_REF)
    paths: dict[str, Any] = {}
    for row in CALLS:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "posd sandbox: control interface",
            "version": "1",
            "description": "Plain HTTP on loopback, on the port of the stand-in; no part of LINE "
            "Pay. Faults and their arguments: `posd sandbox --help`.",
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items())) | {"Error": _ERROR}},
    }


def _operation(row: CallRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": row.says,
        "operationId": _name(row),
        "responses": {
            "200": _content(row.tells.__name__, "done"),
            "400": _content("Error", "the call cannot be done"),
            "403": _content("Error", "a web page of another origin"),
            "404": _content("Error", "there is no such thing"),
        },
    }
    if row.asks is not None:
        told["requestBody"] = {"required": True} | _json(row.asks.__name__)
    if row.query:
        number = {"type": "integer", "minimum": 0}
        told["parameters"] = [{"name": row.query, "in": "query", "schema": number}]
    if "{order_id}" in row.path:
        place = {"name": "order_id", "in": "path", "required": True, "schema": {"type": "string"}}
        told["parameters"] = [place]
    return told


def _name(row: CallRow) -> str:
    return row.asks.__name__ if row.asks else row.method.capitalize() + row.tells.__name__


def _content(name: str, says: str) -> dict[str, Any]:
    return {"description": says} | _json(name)


def _json(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": _REF.format(name=name)}}}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=2) + "\n")
