"""What was written, with its places: leaves, lists and tables, before any type is known.

Later sources win key by key; a table that names another `driver` replaces the whole section,
because the options of one driver mean nothing to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posd.config.problems import Place

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar: its value as YAML reads it and its text as it was written.

    `loose` marks text from the environment, which has no quotes to tell "1650" from 1650.
    """

    place: Place
    value: Scalar
    text: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; `place` is that of the key it stands under, `keys` the places of its own keys."""

    place: Place
    entries: Mapping[str, Tree]
    keys: Mapping[str, Place]


Tree = Leaf | Items | Table


def merged(base: Table, over: Table) -> Table:
    """`base` with what `over` says put over it."""
    entries = dict(base.entries)
    for key, new in over.entries.items():
        old = entries.get(key)
        both = isinstance(old, Table) and isinstance(new, Table)
        entries[key] = merged(old, new) if both and _same_driver(old, new) else new  # type: ignore[arg-type]
    return Table(base.place, entries, {**base.keys, **over.keys})


def _same_driver(old: Tree | None, new: Tree) -> bool:
    before, after = _driver(old), _driver(new)
    return after is None or before is None or before == after


def _driver(tree: Tree | None) -> Scalar:
    leaf = tree.entries.get("driver") if isinstance(tree, Table) else None
    return leaf.value if isinstance(leaf, Leaf) else None
