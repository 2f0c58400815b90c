"""A YAML file -> a tree with places. Bounded in size, depth and number of nodes.

Only the composer of PyYAML's SafeLoader runs: nothing is ever constructed from a tag. Aliases
are allowed and count as often as they are used, so that a small file cannot grow without end.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import yaml

from posd.config.problems import Place, Problem, problem_at
from posd.config.tree import Items, Leaf, Scalar, Table, Tree

MAX_BYTES: Final = 1 << 20
MAX_NODES: Final = 5_000
MAX_DEPTH: Final = 16
MAX_NUMBER_DIGITS: Final = 64

_TAG: Final = "tag:yaml.org,2002:"
_TEXT_TAGS: Final = {"str", "timestamp", "value", "merge"}  # 2026-01-01 and = are taken as text


class _Unreadable(Exception):  # noqa: N818 - a state of the file
    """The file as a whole cannot be used."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.problem = problem_at(place, "", message)


def read_table(path: Path, problems: list[Problem]) -> Table | None:
    """The top mapping of the file, None if it is empty or unreadable; problems are appended."""
    try:
        return parse_table(_text_of(path), str(path), problems)
    except _Unreadable as error:
        problems.append(error.problem)
        return None


def parse_table(text: str, file: str, problems: list[Problem]) -> Table | None:
    """Like `read_table`, from text that `file` names."""
    top = Place(file, 1, 1)
    try:
        node = _compose(text, file)
        if node is None:
            return None
        tree = _Grower(file, problems).grow(node, top, ())
    except _Unreadable as error:
        problems.append(error.problem)
        return None
    if isinstance(tree, Table):
        return tree
    kind = "a list" if isinstance(tree, Items) else "a single value"
    problems.append(problem_at(top, "", f"holds {kind}; write `section: ...` lines instead"))
    return None


def _text_of(path: Path) -> str:
    place = Place(str(path))
    try:
        if not path.is_file():
            raise _Unreadable(place, f"{_absence(path)}; name another with --config FILE")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _Unreadable(
            place, f"cannot be read: {error.strerror}; check its owner and mode"
        ) from error
    if len(data) > MAX_BYTES:
        raise _Unreadable(place, f"is larger than {MAX_BYTES} bytes; this is no configuration")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise _Unreadable(
            Place(str(path), line, column), "is not UTF-8 here; save the file as UTF-8"
        ) from error


def _absence(path: Path) -> str:
    return "is not a regular file" if path.exists() else "does not exist"


class _BoundedLoader(yaml.SafeLoader):
    """SafeLoader that stops at too many or too deep nodes instead of exhausting the machine."""

    nodes = 0
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, counted."""
        self.nodes += 1
        self.depth += 1
        if self.nodes > MAX_NODES or self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"more than {MAX_NODES} values or {MAX_DEPTH} levels",
                problem_mark=self.peek_event().start_mark,  # type: ignore[no-untyped-call]
            )
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, file: str) -> yaml.Node | None:
    try:
        loader = _BoundedLoader(text)
    except yaml.reader.ReaderError as error:
        raise _Unreadable(
            _place_in(text, error.position, file), "holds a control character; remove it"
        ) from error
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _Unreadable(_mark(error, file), _sentence(error)) from error
    except (ValueError, OverflowError) as error:  # PyYAML trusts "\\UFFFFFFFF" to be a character
        mark = loader.get_mark()
        place = Place(file, mark.line + 1, mark.column + 1)
        raise _Unreadable(
            place, "is not valid YAML: a number in an escape or directive is too large"
        ) from error


def _place_in(text: str, position: int, file: str) -> Place:
    before = text[:position]
    return Place(file, before.count("\n") + 1, position - before.rfind("\n"))


def _mark(error: yaml.MarkedYAMLError, file: str) -> Place:
    mark = error.problem_mark or error.context_mark
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    if "\\t" in problem:
        return "a tab stands here; YAML is indented with spaces"
    if "another document" in problem:
        return "a second document begins here; keep one, without `---`"
    return f"is not valid YAML: {', '.join(filter(None, (error.context, problem)))}"


class _Grower:
    """Turns nodes into trees, each use of an alias counted anew."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._grown = 0

    def grow(self, node: yaml.Node, under: Place, path: tuple[str, ...]) -> Tree:
        """The tree of `node` at `path`; a table stands at `under`, the place of its key."""
        self._grown += 1
        place = self._place(node)
        if self._grown > MAX_NODES or len(path) > MAX_DEPTH:
            raise _Unreadable(place, "aliases make the file too large or endless; write it out")
        if isinstance(node, yaml.MappingNode):
            return self._table(node, under, path)
        if isinstance(node, yaml.SequenceNode):
            return Items(place, tuple(self.grow(item, place, (*path, "-")) for item in node.value))
        assert isinstance(node, yaml.ScalarNode)
        return Leaf(place, self._scalar(node, ".".join(path)), node.value)

    def _table(self, node: yaml.MappingNode, under: Place, path: tuple[str, ...]) -> Table:
        entries: dict[str, Tree] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            place, key = self._place(key_node), key_node.value
            if not isinstance(key, str):
                self._problem(place, ".".join(path), "a key must be plain text")
            elif key in keys:
                message = f"stands here again (first in line {keys[key].line}); keep one"
                self._problem(place, ".".join((*path, key)), message)
            else:
                keys[key] = place
                entries[key] = self.grow(value_node, place, (*path, key))
        return Table(under, entries, keys)

    def _scalar(self, node: yaml.ScalarNode, key: str) -> Scalar:
        text: str = node.value
        match str(node.tag).removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return text.lower() in {"yes", "true", "on"}
            case "int" | "float" as kind:
                return self._number(node, kind, key)
            case kind if kind in _TEXT_TAGS:
                return text
        self._problem(self._place(node), key, f"the tag {node.tag} is not used here; remove it")
        return text

    def _number(self, node: yaml.ScalarNode, kind: str, key: str) -> Scalar:
        text = re.sub(r"\s", "", node.value)
        if len(text) > MAX_NUMBER_DIGITS:
            self._problem(self._place(node), key, "this number is too long")
            return 0
        read = yaml.SafeLoader.yaml_constructors[f"{_TAG}{kind}"]
        try:
            return read(yaml.SafeLoader(""), node)  # type: ignore[no-any-return]
        except (ValueError, IndexError):  # IndexError: PyYAML does not expect `!!int ""`
            return text

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _problem(self, place: Place, key: str, message: str) -> None:
        self._problems.append(problem_at(place, key, message))
