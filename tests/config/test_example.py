"""config.example.yaml is right, says every option there is, and every option has a sentence."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import msgspec
import pytest

from devices import registry
from posd.config import Config, DriverConfig, load
from posd.config.shapes import bare, fields_of, is_section

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
SECTIONS = {field.name: bare(field.type) for field in fields_of(Config) if is_section(field.type)}
OTHER_DRIVERS = (
    "tcp|line|hid|shared|cups"  # their lines in the example begin so, and stay commented out
)
DEVICES = [
    (kind, driver)
    for kind in ("scanner", "printer", "display")
    for driver in registry.drivers(kind)
]


def section_of_example(name: str) -> dict[str, str]:
    """Key -> sentence of each option in a section, whether commented out or not."""
    text = EXAMPLE.read_text()
    match = re.search(rf"^(?:# )?{name}:\n((?:(?:  |  # | {{20,}}).*\n)+)", text, re.MULTILINE)
    assert match, f"no section {name}"
    found = re.findall(r"^  (?:# )?([a-z_]+):[^\n]*? # (\S[^\n]+)$", match[1], re.MULTILINE)
    return dict(found)


def test_the_example_loads():
    config = load(EXAMPLE, drivers=registry, environ={})
    assert config.store.id == "S001"
    assert config.linepay.base_url == "https://sandbox-api-pay.line.me"


def test_the_example_with_every_option_switched_on_loads(tmp_path):
    option = rf"^( *)# (?!.* # (?:{OTHER_DRIVERS}): )([a-z_]+: ?(?:\S|$))"
    text = re.sub(option, r"\1\2", EXAMPLE.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^# ([a-z_]+:)$", r"\1", text, flags=re.MULTILINE)
    (tmp_path / "own-ca.pem").write_text("-")
    (tmp_path / "config.yaml").write_text(text)
    config = load(tmp_path / "config.yaml", drivers=registry, environ={})
    assert config.receipt.header == ("Welcome",)
    assert config.printer.options.fonts == (str(tmp_path / "own.ttf"),)
    assert config.log == load(EXAMPLE, drivers=registry, environ={}).log


@pytest.mark.parametrize("name", [n for n, kind in SECTIONS.items() if kind is not DriverConfig])
def test_every_option_of_a_section_is_in_the_example_with_a_sentence(name):
    assert set(section_of_example(name)) == {field.name for field in fields_of(SECTIONS[name])}


@pytest.mark.parametrize("name", [f.name for f in fields_of(Config) if not is_section(f.type)])
def test_every_option_at_the_top_is_in_the_example_with_a_sentence(name):
    assert re.search(rf"^(# )?{name}: .* # \S", EXAMPLE.read_text(), re.MULTILINE)


@pytest.mark.parametrize(("kind", "driver"), DEVICES)
def test_every_option_of_a_driver_is_in_the_example_with_a_sentence(kind, driver):
    told = set(section_of_example(kind))
    assert {field.name for field in fields_of(registry.options_type(kind, driver))} <= told


@pytest.mark.parametrize("kind", [Config, *SECTIONS.values()])
def test_every_field_of_the_types_has_a_sentence(kind):
    if kind is DriverConfig:
        return  # its own two fields are told in its docstring
    for field in msgspec.structs.fields(kind):
        (meta, *_) = field.type.__metadata__
        assert meta.description.endswith("."), field.name


@pytest.mark.parametrize(("kind", "driver"), DEVICES)
def test_every_option_of_a_driver_has_a_sentence(kind, driver):
    for field in dataclasses.fields(registry.options_type(kind, driver)):
        assert field.metadata["help"].endswith("."), field.name


@pytest.mark.parametrize(("kind", "driver"), DEVICES)
def test_the_defaults_that_the_example_names_are_the_defaults(kind, driver):
    text = EXAMPLE.read_text()
    for field in dataclasses.fields(registry.options_type(kind, driver)):
        if isinstance(field.default, (int, float)) and not isinstance(field.default, bool):
            assert re.search(rf"^  (# )?{field.name}: {field.default:g}0?\b", text, re.MULTILINE)
