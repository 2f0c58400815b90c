"""A template and its values -> the elements of a document.

The one rule: whether a copy or a test is marked is never the template's to decide; its lines
`[copy]` and `[test]` say only where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from devices.values import Align, Barcode, Blank, Columns, Element, QrCode, Rule, Text
from posd.core.template.nodes import (
    Block,
    Code,
    CodeLine,
    ColumnsLine,
    Mark,
    Node,
    Part,
    Pieces,
    Placeholder,
    Style,
    Template,
    TextLine,
    Word,
)

Entry = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Values:
    """What a template is filled in with.

    `texts` by placeholder, `lists` by the name of an `[each]`, each entry with its own
    placeholders; `word` gives the text of a key. `copy_marks` are the lines of a copy, none for
    an original; `test_mark` is empty where money moves.
    """

    texts: Mapping[str, str]
    word: Callable[[str], str]
    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    copy_marks: tuple[str, ...] = ()
    test_mark: str = ""


def elements(template: Template, values: Values) -> tuple[Element, ...]:
    """The lines of the paper, top to bottom."""
    return tuple(_all(template.nodes, values))


def _all(nodes: Iterable[Node], values: Values) -> Iterator[Element]:
    for node in nodes:
        match node:
            case Part():
                yield from _part(node, values)
            case Mark():
                yield from _marked(node, values)
            case CodeLine():
                yield from _code(node, values)
            case _:
                yield from _line(node, values)


def _part(part: Part, values: Values) -> Iterator[Element]:
    if part.block is Block.EACH:
        for entry in values.lists.get(part.name, ()):
            yield from _all(part.nodes, replace(values, texts={**values.texts, **entry}))
    elif values.texts.get(part.name) or values.lists.get(part.name):
        yield from _all(part.nodes, values)


def _marked(mark: Mark, values: Values) -> Iterator[Element]:
    match mark:
        case Mark.RULE:
            yield Rule()
        case Mark.BLANK:
            yield Blank()
        case Mark.COPY:
            for line in values.copy_marks:
                yield Text(line, Align.CENTER, double=True)
        case Mark.TEST if values.test_mark:
            yield Text(values.test_mark, Align.CENTER, bold=True)
        case _:
            pass  # money moves, so nothing is marked


def _code(node: CodeLine, values: Values) -> Iterator[Element]:
    data = _text(node.pieces, values)
    if data:
        yield QrCode(data) if node.code is Code.QR else Barcode(data)


def _line(node: TextLine | ColumnsLine, values: Values) -> Iterator[Element]:
    sides = (node.pieces,) if isinstance(node, TextLine) else (node.left, node.right)
    if node.style.optional and _lacks(sides, values):
        return
    style = node.style
    texts = [_text(side, values) for side in sides]
    if len(texts) > 1:
        yield Columns(texts[0], texts[1], bold=style.bold, double=style.big)
    else:
        yield _placed(texts[0], style)


def _placed(text: str, style: Style) -> Text:
    return Text(text, style.align, bold=style.bold, double=style.big)


def _lacks(sides: Iterable[Pieces], values: Values) -> bool:
    names = [piece.name for side in sides for piece in side if isinstance(piece, Placeholder)]
    return not all(values.texts.get(name) for name in names)


def _text(pieces: Pieces, values: Values) -> str:
    return "".join(_said(piece, values) for piece in pieces)


def _said(piece: str | Placeholder | Word, values: Values) -> str:
    match piece:
        case Placeholder(name):
            return values.texts.get(name, "")
        case Word(key):
            return values.word(key)
        case _:
            return piece
