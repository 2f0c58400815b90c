"""Environment overrides: POSD_SECTION__KEY=value, put over what the files say.

The value is text and takes the type of its key; a list is written as YAML: [a, b]. A key at the
top, such as POSD_COUNTRY, has no section; other names without `__` are not for the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from posd.config.problems import Place, Problem, problem_at
from posd.config.tree import Items, Leaf, Table, Tree, merged
from posd.config.yaml_source import parse_table

PREFIX: Final = "POSD_"
TOP_KEYS: Final = ("country", "currency", "language", "state_dir")


def overrides(environ: Mapping[str, str], problems: list[Problem]) -> Table:
    """A table of all overrides, in the order of their names."""
    place = Place("environment")
    whole = Table(place, {}, {})
    for name in sorted(environ):
        path = _path(name)
        if path:
            whole = merged(whole, _nested(path, environ[name], name, problems))
    return whole


def _path(name: str) -> list[str]:
    if not name.startswith(PREFIX):
        return []
    path = name.removeprefix(PREFIX).lower().split("__")
    return path if len(path) > 1 or path[0] in TOP_KEYS else []


def _nested(path: list[str], text: str, name: str, problems: list[Problem]) -> Table:
    place = Place(f"environment {name}")
    inner: Tree = Leaf(place, text, text, loose=True)
    if text.startswith("["):
        inner = Items(place, _items(text, place, ".".join(path), problems))
    *sections, last = path
    table = Table(place, {last: inner}, {last: place})
    for key in reversed(sections):
        table = Table(place, {key: table}, {key: place})
    return table


def _items(text: str, place: Place, key: str, problems: list[Problem]) -> tuple[Tree, ...]:
    mistakes: list[Problem] = []
    table = parse_table(f"list: {text}", place.file, mistakes)
    problems += [problem_at(place, key, mistake.message) for mistake in mistakes]
    tree = table.entries.get("list") if table else None
    return tuple(_loosened(item, place) for item in tree.items) if isinstance(tree, Items) else ()


def _loosened(item: Tree, place: Place) -> Tree:
    if isinstance(item, Leaf):
        return Leaf(place, item.text, item.text, loose=True)
    return replace(item, place=place)
