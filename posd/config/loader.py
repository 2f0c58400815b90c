"""The file, its conf.d and the environment -> one checked Config, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from posd.config.environment import overrides
from posd.config.model import LANGUAGE_OF, Config
from posd.config.problems import ConfigError, Place, Problem, problem_at
from posd.config.reader import Drivers, Reader
from posd.config.rules import judge
from posd.config.tree import Leaf, Table, merged
from posd.config.yaml_source import read_table

SYSTEM_PATH: Final = Path("/etc/posd/config.yaml")
MAX_DROP_INS: Final = 100


def load(path: Path, *, drivers: Drivers, environ: Mapping[str, str]) -> Config:
    """Read `path`, `conf.d/*.yaml` beside it in the order of names, then POSD_SECTION__KEY.

    Later wins. Relative paths are taken from the folder of `path`. Raises ConfigError, which
    lists all problems.
    """
    problems: list[Problem] = []
    tree = _written(path, environ, problems)
    if tree is None:
        raise ConfigError(problems)
    reader = Reader(path.parent.absolute(), drivers, problems)
    config = reader.section(Config, _with_language(tree), "")
    judge(reader)
    if problems:
        raise ConfigError(problems)
    return cast(Config, config)


def default_path(environ: Mapping[str, str]) -> Path:
    """The user's own config.yaml (XDG) where there is one, else /etc/posd/config.yaml."""
    home = environ.get("XDG_CONFIG_HOME") or f"{environ.get('HOME', '')}/.config"
    own = Path(home) / "posd" / "config.yaml"
    return own if own.is_absolute() and own.is_file() else SYSTEM_PATH


def _written(path: Path, environ: Mapping[str, str], problems: list[Problem]) -> Table | None:
    tree = read_table(path, problems)
    if tree is None:
        if not problems:
            problems.append(problem_at(Place(str(path), 1, 1), "", _EMPTY))
        return None
    for drop_in in _drop_ins(path.parent / "conf.d", problems):
        over = read_table(drop_in, problems)
        tree = merged(tree, over) if over else tree
    return merged(tree, overrides(environ, problems))


_EMPTY: Final = "is empty; begin with a copy of config.example.yaml"


def _drop_ins(folder: Path, problems: list[Problem]) -> list[Path]:
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    shown = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in shown:
        if entry.suffix == ".yml":
            problems.append(problem_at(Place(str(entry)), "", "is not read; name it .yaml"))
    found = [entry for entry in shown if entry.suffix == ".yaml"]
    if len(found) > MAX_DROP_INS:
        message = f"holds more than {MAX_DROP_INS} files; join them"
        problems.append(problem_at(Place(str(folder)), "", message))
    return found[:MAX_DROP_INS]


def _with_language(tree: Table) -> Table:
    if "language" in tree.entries:
        return tree
    country = tree.entries.get("country")
    code = country.value if isinstance(country, Leaf) else None
    language = LANGUAGE_OF.get(str(code), "en")
    leaf = Leaf(tree.place, language, language)
    return Table(tree.place, {**tree.entries, "language": leaf}, tree.keys)
