"""A tree -> the sections of a Config, field by field, so that every problem is found at once.

Beside the typed sections it keeps each good value under its dotted key, defaults included: the
rules between keys judge these, even where another part of the file is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from posd.config import shapes
from posd.config.model import DriverConfig
from posd.config.problems import Place, Problem, did_you_mean, problem_at
from posd.config.scalars import Unfit, fit
from posd.config.tree import Items, Leaf, Table, Tree

FAILED: Final = object()  # told by a problem already; no value of a configuration
PATH_OPTIONS: Final = {"fonts", "token_file"}  # options of drivers that name files
SECRET_KEYS: Final = {"channel_secret", "secret"}


class Drivers(Protocol):
    """What the loader must know of devices; the module `devices.registry` keeps it."""

    def options_type(self, kind: str, driver: str) -> type:
        """The Options dataclass of a driver."""

    def drivers(self, kind: str) -> tuple[str, ...]:
        """The names of all drivers of a kind: "scanner", "printer" or "display"."""


@dataclass(slots=True)
class Reader:
    """Reads one tree; what it finds is in `problems`, `values` and `places`."""

    folder: Path
    drivers: Drivers
    problems: list[Problem]
    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def section(self, kind: type, table: Table, key: str) -> object:
        """An instance of `kind` from `table`, or FAILED."""
        fields = shapes.fields_of(kind)
        before = len(self.problems)
        self._refuse_unknown(table, [item.name for item in fields], key)
        self.places[key] = table.place
        given = {item.name: self._field(item, table, _join(key, item.name)) for item in fields}
        if len(self.problems) > before:
            return FAILED
        return self._built(kind, given, key)

    def _built(self, kind: type, given: dict[str, object], key: str) -> object:
        try:
            return kind(**given)
        except ValueError as error:  # a driver's Options judge themselves
            option = _join(key, getattr(error, "key", ""))
            self._problem(self.place_of(option), option, getattr(error, "message", str(error)))
            return FAILED

    def _field(self, item: shapes.Field, table: Table, key: str) -> object:
        tree = table.entries.get(item.name)
        if tree is not None:
            self.places[key] = tree.place
            return self._kept(key, self._value(item.type, tree, key))
        if item.default is None:
            self._problem(table.place, key, "is missing; add it")
            return FAILED
        default = item.default()
        if default is not None and shapes.is_section(item.type):
            return self.section(shapes.bare(item.type), Table(table.place, {}, {}), key)
        return self._kept(key, default)

    def _kept(self, key: str, value: object) -> object:
        if value is not FAILED:
            self.values[key] = value
        return value

    def _value(self, annotated: Any, tree: Tree, key: str) -> object:
        if shapes.is_section(annotated):
            return self._subsection(shapes.bare(annotated), tree, key)
        item = shapes.item_type(annotated)
        if item is not None:
            return self._list(item, tree, key)
        if shapes.entry_type(annotated) is not None:
            return self._mapping(annotated, tree, key)
        if not isinstance(tree, Leaf):
            return self._fail(tree, key, "takes one value, not a list or a section")
        try:
            return self._option_path(key, fit(annotated, tree, self.folder))
        except Unfit as error:
            return self._fail(tree, key, str(error))

    def _subsection(self, kind: type, tree: Tree, key: str) -> object:
        if not isinstance(tree, Table):
            return self._fail(tree, key, "is a section: write its keys under it")
        return self._device(tree, key) if kind is DriverConfig else self.section(kind, tree, key)

    def _list(self, item: Any, tree: Tree, key: str) -> object:
        if not isinstance(tree, Items):
            return self._fail(tree, key, "takes a list: write [a, b] or lines that begin with -")
        values = [
            self._option_path(key, self._value(item, entry, f"{key}[{index}]"))
            for index, entry in enumerate(tree.items)
        ]
        return FAILED if FAILED in values else tuple(values)

    def _mapping(self, annotated: Any, tree: Tree, key: str) -> object:
        if not isinstance(tree, Table):
            return self._fail(tree, key, "takes keys with a text each: write {key: text}")
        known = shapes.extra(annotated)["keys"]()
        self._refuse_unknown(tree, list(known), key)
        kind = shapes.entry_type(annotated)
        values = {
            name: self._value(kind, entry, _join(key, name))
            for name, entry in tree.entries.items()
            if name in known
        }
        return FAILED if FAILED in values.values() else values

    def _option_path(self, key: str, value: object) -> object:
        is_path = key.rpartition(".")[2] in PATH_OPTIONS and isinstance(value, str) and value
        return str(self.folder / str(value)) if is_path else value

    def _device(self, table: Table, key: str) -> object:
        self.places[key] = table.place
        leaf = table.entries.get("driver")
        known = self.drivers.drivers(key)
        if leaf is None:
            return self._fail(table, f"{key}.driver", f"is missing; one of {', '.join(known)}")
        name = leaf.value if isinstance(leaf, Leaf) else None
        if not isinstance(name, str) or name not in known:
            hint = did_you_mean(str(name), known)
            return self._fail(leaf, f"{key}.driver", f"{name!r} is not a {key} driver{hint}")
        rest = {k: v for k, v in table.entries.items() if k != "driver"}
        options_type = self.drivers.options_type(key, name)
        options = self.section(options_type, Table(table.place, rest, table.keys), key)
        return FAILED if options is FAILED else DriverConfig(driver=name, options=options)

    def _refuse_unknown(self, table: Table, known: list[str], key: str) -> None:
        for name in table.entries:
            if name not in known:
                message = f"is not a key of {key or 'the configuration'}{did_you_mean(name, known)}"
                if name in SECRET_KEYS:
                    message = "no secret stands in the configuration; use channel_secret_file"
                self._problem(table.keys[name], _join(key, name), message)

    def place_of(self, key: str) -> Place:
        """Where `key` was written, or the nearest section around it."""
        while key and key not in self.places:
            key = key.rpartition(".")[0]
        return self.places[key]

    def _fail(self, tree: Tree, key: str, message: str) -> object:
        self._problem(tree.place, key, message)
        return FAILED

    def _problem(self, place: Place, key: str, message: str) -> None:
        self.problems.append(problem_at(place, key, message))


def _join(key: str, name: str) -> str:
    return ".".join(filter(None, (key, name)))
