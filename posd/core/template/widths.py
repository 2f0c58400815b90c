"""How wide the fixed texts of a template are, in columns of a printer's font A.

Wide characters take two columns and combining ones none; a Thai letter takes about one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from posd.core.template.nodes import (
    ColumnsLine,
    Fault,
    Node,
    Part,
    Pieces,
    Template,
    TextLine,
)


def too_wide(template: Template, columns: int) -> tuple[Fault, ...]:
    """The lines whose fixed text alone does not fit on paper of so many columns."""
    faults = []
    for node in _lines(template.nodes):
        texts = (node.pieces,) if isinstance(node, TextLine) else (node.left, node.right)
        needed = sum(map(_fixed, texts)) + len(texts) - 1
        needed *= 2 if node.style.big else 1
        if needed > columns:
            faults.append(
                Fault(node.line, 1, f"needs {needed} columns, and the paper has {columns}")
            )
    return tuple(faults)


def columns_of(text: str) -> int:
    """How many columns `text` takes."""
    return sum(map(_width, text))


def _lines(nodes: Iterable[Node]) -> Iterator[TextLine | ColumnsLine]:
    for node in nodes:
        if isinstance(node, Part):
            yield from _lines(node.nodes)
        elif isinstance(node, TextLine | ColumnsLine):
            yield node


def _fixed(pieces: Pieces) -> int:
    return sum(columns_of(piece) for piece in pieces if isinstance(piece, str))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
