"""Environment overrides: POSD_SECTION__KEY=value, put over what the files say.

The value is text and takes the type of its key; a list is written as YAML: [a, b]. A key at the
top, such as POSD_COUNTRY, has no section; other names without `__` are not for the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from posd.config.problems import Place, Problem
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
    tree: Tree = _value(text, place, problems)
    for key in reversed(path):
        tree = Table(place, {key: tree}, {key: place})
    assert isinstance(tree, Table)
    return tree


def _value(text: str, place: Place, problems: list[Problem]) -> Leaf | Items:
    if text.startswith("["):
        table = parse_table(f"list: {text}", place.file, problems)
        tree = table.entries.get("list") if table else None
        if isinstance(tree, Items):
            return Items(place, tuple(_loosened(item, place) for item in tree.items))
    return Leaf(place, text, text, loose=True)


def _loosened(item: Tree, place: Place) -> Tree:
    if isinstance(item, Leaf):
        return Leaf(place, item.text, item.text, loose=True)
    return replace(item, place=place)
