"""The core touches nothing: no clock, chance, threads, logging, files or network, and no floats."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest

import posd.core
from posd.core import commands, events, records

FOLDER = Path(posd.core.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
INSIDE = pkgutil.walk_packages([str(FOLDER)], "posd.core.")
NAMES = ["posd.core", *(info.name for info in INSIDE)]
FORBIDDEN = frozenset(
    {
        *("serial", "requests", "escpos", "apsw", "msgspec", "urllib3", "yaml"),
        *("threading", "queue", "asyncio", "subprocess", "multiprocessing", "signal"),
        *("time", "random", "uuid", "secrets"),
        *("logging", "socket", "os", "io", "pathlib", "sqlite3"),
    }
)


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_a_file_of_the_core_imports_only_the_core_the_devices_values_and_pure_parts(
    file: Path,
) -> None:
    for name in _imports(file):
        top = name.partition(".")[0]
        ours = name == "posd.core" or name.startswith("posd.core.") or name == "devices.values"
        pure = top in sys.stdlib_module_names and top not in FORBIDDEN
        assert ours or pure, f"{file.name} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_a_file_of_the_core_reads_no_clock_and_opens_nothing(file: Path) -> None:
    called = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not called & {"open", "print", "input", "exec", "eval", "datetime.now", "date.today"}
    assert not any(name.endswith((".now", ".utcnow", ".today")) for name in called)


def test_loading_the_core_loads_no_adapter_and_no_other_room() -> None:
    program = f"import sys, {', '.join(NAMES)}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    heavy = {"serial", "requests", "escpos", "apsw", "msgspec", "asyncio", "logging", "urllib3"}
    assert not loaded & heavy
    ours = {name for name in loaded if name.split(".")[0] in ("posd", "devices")}
    assert ours <= {*NAMES, "posd", "devices", "devices.values"}


def _callables(module: types.ModuleType) -> list[tuple[str, typing.Any]]:
    found = []
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        found.append((name, thing))
        if inspect.isclass(thing):
            found += [(f"{name}.{key}", value) for key, value in vars(thing).items()]
    return found


def _mentions_float(hint: object) -> bool:
    return hint is float or any(_mentions_float(part) for part in typing.get_args(hint))


def test_no_type_of_the_core_is_a_float_but_the_scale_of_its_waits() -> None:
    floats = set()
    seen = 0
    for module in map(importlib.import_module, NAMES):
        for name, thing in _callables(module):
            target = thing.fget if isinstance(thing, property) else thing
            if not (inspect.isclass(target) or inspect.isfunction(target)):
                continue
            for argument, hint in typing.get_type_hints(target).items():
                seen += 1
                if _mentions_float(hint):
                    floats.add(f"{module.__name__}.{name}({argument})")
    assert seen > 300
    assert floats == {"posd.core.rules.Waits.scaled(scale)"}


@pytest.mark.parametrize("module", [events, records, commands], ids=lambda module: module.__name__)
def test_what_happens_what_is_true_and_what_to_do_are_frozen_and_slotted(module) -> None:
    kinds = [thing for _, thing in _callables(module) if inspect.isclass(thing)]
    assert len(kinds) > 4
    for kind in kinds:
        assert kind.__dataclass_params__.frozen
        assert "__slots__" in vars(kind)
