"""The public names: what they load, what they may hold."""

from __future__ import annotations

import ast
import subprocess
import sys
import typing
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import posd.linepay
from posd.core.money import Money
from posd.linepay import Client

SOURCES = sorted(Path(posd.linepay.__file__).parent.glob("*.py"))


def test_every_public_name_is_there_once_and_no_other_is() -> None:
    assert len(set(posd.linepay.__all__)) == len(posd.linepay.__all__)
    for name in posd.linepay.__all__:
        assert getattr(posd.linepay, name) is not None
    assert set(posd.linepay.__all__) == set(posd.linepay._HOME_OF)
    with pytest.raises(AttributeError, match="has no Sorcery"):
        _ = posd.linepay.Sorcery


@pytest.mark.parametrize("module", ["result_codes", "messages", "payment", "answers", "reading"])
def test_what_knows_no_network_loads_no_network(module: str) -> None:
    program = f"import sys, posd.linepay.{module}; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {"requests", "urllib3", "ssl", "http.client"} & set(shown.stdout.split())


def types_in(hint: object) -> set[object]:
    inner = typing.get_args(hint)
    return {hint}.union(*(types_in(one) for one in inner)) if inner else {hint}


VALUES = [getattr(posd.linepay, name) for name in posd.linepay.__all__]
DATA = [one for one in [*VALUES, Money] if isinstance(one, type) and is_dataclass(one)]


@pytest.mark.parametrize("kind", DATA, ids=lambda kind: kind.__name__)
def test_no_value_holds_a_float(kind: type) -> None:
    for name, hint in typing.get_type_hints(kind).items():
        unit = "s" if name.endswith("_s") else ""
        assert unit == "s" or float not in types_in(hint), name


def test_nothing_of_the_client_takes_or_gives_a_float() -> None:
    public = [value for name, value in vars(Client).items() if not name.startswith("_")]
    assert len(public) > 9
    for method in public:
        for hint in typing.get_type_hints(method).values():
            assert float not in types_in(hint), method


def test_a_float_is_written_in_the_source_for_seconds_only() -> None:
    """No call of `float`, and no number with a point outside the modules that wait."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            assert not (called and node.func.id == "float"), source.name
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                assert source.name in {"account.py", "connection.py", "wire.py"}, source.name
