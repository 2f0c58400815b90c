"""The text of a template -> a Template, or everything that is wrong with it at once.

The grammar, line by line (docs/reference/receipt-template.md has it for shopkeepers):

    file   = line*
    line   = "" | "#" note | "[" mark+ "]" [text] | text
    text   = (letters | "{" name "}" | "{word:" key "}" | "{{" | "}}" | "||")* ["|" text]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from devices.values import Align
from posd.core.template.lines import Line, sides, split
from posd.core.template.nodes import (
    BadTemplate,
    Block,
    Code,
    CodeLine,
    ColumnsLine,
    Fault,
    Mark,
    Node,
    Part,
    Pieces,
    Style,
    Template,
    TextLine,
)
from posd.core.template.vocabulary import Vocabulary, nearest

MAX_LINES = 300
MAX_LINE = 400  # characters
MAX_DEPTH = 4
MAX_FAULTS = 50
END = "end"
STYLES: dict[str, Callable[[Style], Style]] = {
    "left": lambda style: replace(style, align=Align.LEFT),
    "center": lambda style: replace(style, align=Align.CENTER),
    "centre": lambda style: replace(style, align=Align.CENTER),
    "right": lambda style: replace(style, align=Align.RIGHT),
    "bold": lambda style: replace(style, bold=True),
    "big": lambda style: replace(style, big=True),
    "optional": lambda style: replace(style, optional=True),
}
MARKS = (*STYLES, *Mark, *Code, *Block, END)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_INSIDE = re.compile(rf"\[(?:{'|'.join(MARKS)})(?: [^\]]*)?\]")


def parse(text: str, vocabulary: Vocabulary) -> Template:
    """The template that `text` is; raises BadTemplate with all faults (MAX_FAULTS at most)."""
    reading = _Reading(vocabulary)
    lines = text.removeprefix("\ufeff").removesuffix("\n").split("\n")
    for number, raw in enumerate(lines[:MAX_LINES], 1):
        reading.take(raw.removesuffix("\r"), number)
    if len(lines) > MAX_LINES:
        reading.fault(MAX_LINES + 1, 1, f"is more than {MAX_LINES} lines")
    reading.finish()
    if reading.faults:
        raise BadTemplate(sorted(reading.faults)[:MAX_FAULTS])
    return Template(tuple(reading.open[0].nodes))


@dataclass(slots=True)
class _Open:
    """A block that waits for its `[end]`; the outermost is the file."""

    line: int = 0
    column: int = 0
    block: Block = Block.IF
    name: str = ""
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """Takes line after line; `open` are the blocks that are not closed yet."""

    vocabulary: Vocabulary
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=lambda: [_Open()])

    def fault(self, line: int, column: int, message: str) -> None:
        self.faults.append(Fault(line, column, message))

    def take(self, raw: str, number: int) -> None:
        """Read one line."""
        control = _CONTROL.search(raw)
        if control:
            sign = f"U+{ord(control[0]):04X}"
            what = "a tab; write blanks" if control[0] == "\t" else f"a control character ({sign})"
            self.fault(number, control.start() + 1, f"here is {what}")
        elif len(raw) > MAX_LINE:
            self.fault(number, MAX_LINE + 1, f"a line has {MAX_LINE} characters at most")
        elif raw.strip() and not raw.lstrip().startswith("#"):
            line = split(raw, number)
            self._line(line)
            self.faults += line.faults

    def finish(self) -> None:
        """Everything is read."""
        for block in self.open[1:]:
            opened = f"[{block.block} {block.name}]"
            self.fault(block.line, block.column, f"{opened} has no [end]")
        for mark in self.vocabulary.required:
            if mark not in self.open[0].nodes:
                self.fault(1, 1, f"has no line [{mark}] outside of blocks; {_WITHOUT[mark]}")

    def _line(self, line: Line) -> None:
        first = line.marks[0] if line.marks else ("", 0)
        if first[0] == END:
            self._bare(line, marks=1)
            self._close(line)
        elif first[0] in list(Block):
            self._bare(line, marks=2)
            self._open(line, Block(first[0]))
        elif first[0] in list(Mark):
            self._bare(line, marks=1)
            self.open[-1].nodes.append(Mark(first[0]))
        elif first[0] in list(Code):
            self._code(line, Code(first[0]))
        else:
            self._text(line)

    def _bare(self, line: Line, *, marks: int) -> None:
        for word, column in line.marks[marks:]:
            line.fault(column, f"{word} does not go with [{line.marks[0][0]}]")
        if line.text:
            line.fault(line.text_at, f"[{line.marks[0][0]}] has no text behind it")

    def _open(self, line: Line, block: Block) -> None:
        names = self.vocabulary.blocks if block is Block.EACH else self._conditions()
        name, column = line.marks[1] if len(line.marks) > 1 else ("", line.marks[0][1])
        if not name:
            line.fault(column, f"[{block}] of what? Write [{block} {min(names)}]")
        elif name not in names:
            line.fault(column, f"[{block} {name}] is not known{nearest(name, names)}")
        if len(self.open) > MAX_DEPTH:
            line.fault(column, f"blocks stand in one another {MAX_DEPTH} deep at most")
        self.open.append(_Open(line.number, line.marks[0][1], block, name))

    def _conditions(self) -> list[str]:
        own = [name for block in self._within() for name in self.vocabulary.blocks.get(block, {})]
        return [*self.vocabulary.names, *self.vocabulary.blocks, *own]

    def _within(self) -> list[str]:
        return [block.name for block in self.open if block.block is Block.EACH]

    def _close(self, line: Line) -> None:
        if len(self.open) == 1:
            line.fault(line.marks[0][1], "[end] ends nothing; no [if] or [each] is open here")
            return
        block = self.open.pop()
        self.open[-1].nodes.append(Part(block.block, block.name, tuple(block.nodes)))

    def _code(self, line: Line, code: Code) -> None:
        for word, column in line.marks[1:]:
            line.fault(column, f"{word} does not go with [{code}]")
        texts = self._sides(line)
        if len(texts) > 1 or not texts[0]:
            line.fault(line.text_at, f"[{code}] takes one text, such as {{order_id}}")
        self.open[-1].nodes.append(CodeLine(code, texts[0]))

    def _text(self, line: Line) -> None:
        style = self._style(line)
        texts = self._sides(line)
        if len(texts) == 1:
            self.open[-1].nodes.append(TextLine(line.number, style, texts[0]))
            return
        for word, column in line.marks:
            if word in ("left", "center", "centre", "right"):
                line.fault(column, f"{word} does not go with two columns")
        self.open[-1].nodes.append(ColumnsLine(line.number, style, texts[0], texts[1]))

    def _style(self, line: Line) -> Style:
        style = Style()
        for word, column in line.marks:
            if word in STYLES:
                style = STYLES[word](style)
            elif word in MARKS:
                line.fault(column, f"{word} stands alone: [{word}]")
            else:
                line.fault(column, f"{word} is no mark{nearest(word, MARKS)}")
        return style

    def _sides(self, line: Line) -> list[Pieces]:
        for mark in _INSIDE.finditer(line.text):
            line.fault(line.text_at + mark.start(), f"{mark[0]} stands only where a line begins")
        return sides(line, self.vocabulary, self._within())


_WITHOUT = {
    Mark.COPY: "without it a copy would look like the original",
    Mark.TEST: "without it a test would look like a sale",
}
