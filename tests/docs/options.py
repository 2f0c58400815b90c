"""docs/reference/config.md, drawn from the types of the configuration and of the drivers.

python -m tests.docs.options > docs/reference/config.md
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from devices import registry
from posd.config import Config, DriverConfig
from posd.config.shapes import (
    Field,
    bare,
    choices,
    entry_type,
    fields_of,
    is_section,
    item_type,
)
from tests.docs.drawing import table

INTRODUCTION = """\
# Configuration

Every option of `config.yaml`. Drawn from the types under `posd/config/` and `devices/` by
`python -m tests.docs.options > docs/reference/config.md`; a test fails when they differ. Do not
edit it. A file with every option in place is [config.example.yaml](../../config.example.yaml).

- **Which file**: `-c FILE`; else `$XDG_CONFIG_HOME/posd/config.yaml` (or
  `~/.config/posd/config.yaml`) where it exists, else `/etc/posd/config.yaml`.
- **Over it**: `conf.d/*.yaml` beside it in the order of their names, then the environment:
  `POSD_SECTION__KEY`, such as `POSD_LINEPAY__API=v2.4` (`POSD_COUNTRY` for a key at the top). A
  drop-in that names another `driver` replaces that device's whole section.
- **Paths** start at the folder of the file. No secret stands in it: see `channel_secret_file`.
- `posd check-config` tells every mistake at once, with file, line, column and key; exit code 78.
- `linepay.base_url` is LINE Pay's sandbox host or a loopback address. The production host is
  refused by this version.
"""

Row = list[str]


def drawing() -> str:
    """The whole page."""
    sections = [field for field in fields_of(Config) if is_section(field.type)]
    plain = [field for field in fields_of(Config) if not is_section(field.type)]
    parts = [INTRODUCTION, "## At the top\n", _table(_model_row(field) for field in plain)]
    for field in sections:
        parts += _device(field) if bare(field.type) is DriverConfig else _section(field)
    return "\n".join(parts)


def _section(field: Field) -> list[str]:
    kind = bare(field.type)
    rows = (_model_row(item) for item in fields_of(kind))
    return [f"## {field.name}\n", f"{_first(kind.__doc__)}\n", _table(rows)]


def _device(field: Field) -> list[str]:
    """A section for each driver of this kind that posd brings along."""
    parts = [f"## {field.name}\n", f"{_sentence(field.type)}\n"]
    for name in registry.drivers(field.name):
        options = registry.options_type(field.name, name)
        parts += [f"### driver: {name}\n", f"{_first(options.__doc__)}\n"]
        parts.append(_table(_driver_rows(options)))
    return parts


def _driver_rows(options: type) -> Iterator[Row]:
    helps = {item.name: item.metadata["help"] for item in dataclasses.fields(options)}
    for field in fields_of(options):
        yield _row(field, helps[field.name])


def _model_row(field: Field) -> Row:
    return _row(field, _sentence(field.type))


def _row(field: Field, sentence: str) -> Row:
    return [f"`{field.name}`", _kind(field.type), _default(field), sentence.replace("|", "\\|")]


def _sentence(annotated: Any) -> str:
    return str(annotated.__metadata__[0].description)


def _kind(annotated: Any) -> str:
    words = choices(annotated)
    if words:
        return ", ".join(f"`{word}`" for word in words)
    if item_type(annotated) is not None:
        return "list of text"
    if entry_type(annotated) is not None:
        return "texts by key"
    kinds = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    plain = bare(annotated)
    (kind,) = {one for one in get_args(plain) or (plain,) if one is not type(None)}
    return kinds[kind] + _bounds(annotated)


def _bounds(annotated: Any) -> str:
    metas = get_args(annotated)[1:] if get_origin(annotated) is not None else ()
    ends = [
        f"{word} {getattr(meta, name):g}"
        for meta in metas
        for name, word in (("gt", "above"), ("ge", "from"), ("le", "to"))
        if getattr(meta, name, None) is not None
    ]
    return f", {' '.join(ends)}" if ends else ""


def _default(field: Field) -> str:
    if field.default is None:
        return "**required**"
    value = field.default()
    if field.name == "language" and value:
        return "by country"
    if value in (None, "", (), {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _first(doc: str | None) -> str:
    return (doc or "").splitlines()[0]


def _table(rows: Iterable[Row]) -> str:
    return table(["key", "value", "default", "meaning"], rows)


if __name__ == "__main__":
    sys.stdout.write(drawing())
