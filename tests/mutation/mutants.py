"""All mutants of a file, and a seeded sample of them.

The one rule: what no test could or should notice is left out here, by kind of syntax, never one by
one: docstrings, annotations, decorators, assertions, logging, f-strings, the words of exceptions,
and what only a person reads of an object (`__repr__`, `__str__`).
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.mutation.changes import Change, changes_of

_FOR_PEOPLE = {"__repr__", "__str__"}
_LOGS = {"log", "logger", "logging", "warnings"}
_NEVER = (
    *(ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr, ast.arg, ast.pattern),
    *(ast.Global, ast.Nonlocal),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to the file `path`: bytes `start` to `end` become `new`."""

    path: str
    line: int
    column: int
    kind: str
    told: str
    start: int
    end: int
    new: str
    source_digest: str

    @property
    def name(self) -> str:
        """Where and what, the same in every run over the same file."""
        return f"{self.path}:{self.line}:{self.column} {self.kind}: {self.told}"

    def applied(self, source: bytes) -> bytes:
        """The file with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def sample(files: Iterable[Path], *, root: Path, size: int, seed: int) -> list[Mutant]:
    """`size` mutants drawn from all those of `files`; fewer where there are not as many."""
    found = [mutant for path in sorted(files) for mutant in mutants_of(path, root)]
    random.Random(seed).shuffle(found)
    return found[:size]


def mutants_of(path: Path, root: Path) -> list[Mutant]:
    """All mutants of one file, in the order of its lines."""
    source = path.read_bytes()
    name, digest = path.relative_to(root).as_posix(), sha256(source).hexdigest()
    places = _Places(source)
    found = (
        Mutant(
            *(name, places.line(change.at), places.column(change.at), change.kind),
            *(" ".join(change.told.split()), *places.span(change.node), change.new, digest),
        )
        for change in _changes(ast.parse(source))
    )
    return sorted(found, key=lambda mutant: (mutant.line, mutant.column, mutant.name))


class _Places:
    """Nodes to byte offsets; ast counts columns in bytes of UTF-8."""

    def __init__(self, source: bytes) -> None:
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def line(self, node: ast.AST) -> int:
        return int(node.lineno)  # type: ignore[attr-defined]

    def column(self, node: ast.AST) -> int:
        return int(node.col_offset) + 1  # type: ignore[attr-defined]

    def span(self, node: ast.AST) -> tuple[int, int]:
        start = self._starts[self.line(node) - 1] + self.column(node) - 1
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from changes_of(node)
    for part in _parts(node):
        if not isinstance(part, _NEVER) and not _is_for_people(part):
            yield from _changes(part)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """Those parts of a node in which a change can be noticed."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
        case ast.ClassDef():
            return node.body
        case ast.AnnAssign():
            return [node.value] if node.value else []
        case ast.Raise():
            return []
        case ast.Assign(value=ast.BinOp()) if _is_union(node.value):
            return []
    return ast.iter_child_nodes(node)


def _is_for_people(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef(name=name):
            return name in _FOR_PEOPLE
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name.lower().strip("_") in _LOGS
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _is_union(node: ast.AST) -> bool:
    """A union of types under a name, such as `Record = SaleOpened | PaySent`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _is_union(node.left) and _is_union(node.right)
    return isinstance(node, ast.Name)
