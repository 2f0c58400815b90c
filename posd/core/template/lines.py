"""One line of a template: its marks, and the pieces of its text.

The one rule: reading goes on after a fault, so that all faults of a line are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posd.core.template.nodes import Fault, Piece, Pieces, Placeholder, Word
from posd.core.template.vocabulary import Vocabulary, nearest

_MARKED = re.compile(r"(\s*\[)([^\[\]]*)(\]?) ?(.*)")
_WORD = re.compile(r"\S+")
_PARTS = re.compile(r"\{\{|\}\}|\|\||\{[^{}|]*\}|[{}|]|[^{}|]+")
_TWICE = {"{{": "{", "}}": "}", "||": "|"}


@dataclass(slots=True)
class Line:
    """A line under reading: `marks` with their columns, then `text` from column `text_at`."""

    number: int
    marks: list[tuple[str, int]]
    text: str
    text_at: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: int, message: str) -> None:
        """Note something to mend."""
        self.faults.append(Fault(self.number, column, message))


def split(raw: str, number: int) -> Line:
    """The marks before the text, and the text without blanks at its end."""
    match = _MARKED.fullmatch(raw)
    if match is None:
        return Line(number, [], raw.rstrip(), 1)
    opened, inside, closed, text = match.groups()
    begins = len(opened)
    marks = [(word[0], begins + word.start() + 1) for word in _WORD.finditer(inside)]
    line = Line(number, marks, text.rstrip(), match.start(4) + 1)
    if not closed:
        line.fault(begins, "[ is not closed; write ] behind the marks")
        line.marks, line.text = [], ""
    elif not marks:
        line.fault(begins, "[ ] holds no mark; to print it, write [left] before it")
    return line


def sides(line: Line, vocabulary: Vocabulary, within: Sequence[str]) -> list[Pieces]:
    """The texts of the line, divided at `|`; `within` are the blocks that are repeated here."""
    found: list[list[Piece]] = [[]]
    known = _known(vocabulary, within)
    for part in _PARTS.finditer(line.text):
        column = line.text_at + part.start()
        if part[0] == "|":
            found.append([])
            if len(found) > 2:
                line.fault(column, "a line has two columns at most; write || to print a |")
        else:
            _add(found[-1], _piece(part[0], column, line, (vocabulary, known)))
    return [_trimmed(side) for side in found] if len(found) > 1 else [tuple(found[0])]


def _known(vocabulary: Vocabulary, within: Sequence[str]) -> Mapping[str, str]:
    known = dict(vocabulary.names)
    for name in within:
        known |= vocabulary.blocks.get(name, {})
    return known


def _piece(
    part: str, column: int, line: Line, names: tuple[Vocabulary, Mapping[str, str]]
) -> Piece:
    if part in ("{", "}"):
        hint = "{ is not closed" if part == "{" else "} has no { before it"
        line.fault(column, f"{hint}; write {part * 2} to print a {part}")
        return ""
    if not part.startswith("{") or part in _TWICE:
        return _TWICE.get(part, part)
    name = part[1:-1].strip()
    prefix, colon, key = name.partition(":")
    if colon and prefix == "word":
        return _word(key, column, line, names[0])
    if name not in names[1]:
        line.fault(column, _unknown(name, *names))
    return Placeholder(name)


def _word(key: str, column: int, line: Line, vocabulary: Vocabulary) -> Piece:
    if vocabulary.words is not None and key not in vocabulary.words:
        line.fault(column, f"{{word:{key}}} is no word{nearest(key, vocabulary.words)}")
    return Word(key)


def _unknown(name: str, vocabulary: Vocabulary, known: Mapping[str, str]) -> str:
    for block, own in vocabulary.blocks.items():
        if name in own:
            return f"{{{name}}} stands only between [each {block}] and its [end]"
    return f"{{{name}}} is no placeholder{nearest(name, known)}"


def _add(side: list[Piece], piece: Piece) -> None:
    last = side[-1] if side else None
    if isinstance(piece, str) and isinstance(last, str):
        side[-1] = last + piece
    elif piece:
        side.append(piece)


def _trimmed(side: list[Piece]) -> Pieces:
    """Without the blanks beside `|`, which are there for the eye."""
    if side and isinstance(side[0], str):
        side[0] = side[0].lstrip(" ")
    if side and isinstance(side[-1], str):
        side[-1] = side[-1].rstrip(" ")
    return tuple(piece for piece in side if piece)
