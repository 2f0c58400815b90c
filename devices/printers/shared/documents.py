"""Receipt documents, proofs and failures as JSON.

The one rule: what is read back equals what was written, and anything else is refused, never
printed in part.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from devices.errors import DeviceError, NoAnswer, Refused, Unavailable
from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    Element,
    PrinterCondition,
    PrinterStatus,
    PrintProof,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)

_KINDS: dict[str, type[Element]] = {
    "text": Text,
    "columns": Columns,
    "rule": Rule,
    "blank": Blank,
    "qr_code": QrCode,
    "barcode": Barcode,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_TYPES: dict[str, type] = {"bold": bool, "double": bool, "align": str}


class NotUnderstood(ValueError):  # noqa: N818 - what was said, not what failed
    """The other side says what this version does not know; the text tells what."""


def document_json(document: ReceiptDocument) -> dict[str, Any]:
    """`document` as JSON."""
    elements = [{"kind": _NAMES[type(one)], **asdict(one)} for one in document.elements]
    return {"language": document.language, "elements": elements}


def document_from(told: Any) -> ReceiptDocument:
    """The document that `document_json` wrote; raises NotUnderstood."""
    if not isinstance(told, dict) or not isinstance(told.get("language"), str):
        raise NotUnderstood("a document without a language")
    elements = told.get("elements")
    if not isinstance(elements, list):
        raise NotUnderstood("a document without elements")
    return ReceiptDocument(tuple(map(_element, elements)), told["language"])


def status_json(status: PrinterStatus) -> dict[str, Any]:
    """`status` as JSON."""
    return {"condition": str(status.condition), "detail": status.detail}


def status_from(told: dict[str, Any]) -> PrinterStatus:
    """The status; a condition that this version does not know is unknown: SILENT."""
    try:
        condition = PrinterCondition(str(told.get("condition")))
    except ValueError:
        condition = PrinterCondition.SILENT
    return PrinterStatus(condition, str(told.get("detail", "")))


def failure_json(failure: DeviceError) -> dict[str, Any]:
    """A failed act as JSON."""
    kinds = {Unavailable: "unavailable", Refused: "refused"}
    told: dict[str, Any] = {"failed": kinds.get(type(failure), "no_answer")}
    if isinstance(failure, Refused):
        told |= status_json(failure.status)
    return told | {"message": str(failure)}


def proof_from(told: dict[str, Any]) -> PrintProof:
    """The proof in an outcome; raises the failure in it, and NotUnderstood."""
    raise_failure(told)
    try:
        return PrintProof(str(told.get("printed")))
    except ValueError as error:
        raise NotUnderstood("an outcome that is none") from error


def raise_failure(told: dict[str, Any]) -> None:
    """Raise the failure that an answer tells, if it tells one; raises NotUnderstood too."""
    message = str(told.get("message", ""))
    match told.get("failed"):
        case None:
            return
        case "unavailable":
            raise Unavailable(message)
        case "refused":
            raise Refused(message, status_from(told))
        case "no_answer":
            raise NoAnswer(message)
        case other:
            raise NotUnderstood(f"a failure {other!r}")


def _element(told: Any) -> Element:
    kind = _KINDS.get(str(told.get("kind"))) if isinstance(told, dict) else None
    if kind is None:
        raise NotUnderstood(f"an element {str(told)[:40]}")
    values = {name: value for name, value in told.items() if name != "kind"}
    if set(values) != {field.name for field in fields(kind)}:
        raise NotUnderstood(f"a {told['kind']} with other members")
    for name, value in values.items():
        if not isinstance(value, _TYPES.get(name, str)):
            raise NotUnderstood(f"a {told['kind']} whose {name} is no {_TYPES.get(name, str)}")
    if "align" in values:
        values["align"] = _align(values["align"])
    return kind(**values)


def _align(name: str) -> Align:
    try:
        return Align(name)
    except ValueError as error:
        raise NotUnderstood(f"an alignment {name!r}") from error
