"""Every page: its links lead somewhere, its paths exist, its commands are understood."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from devices import registry
from posd.cli import main as cli
from posd.config import load
from tests.docs import codes, options, receipts
from tests.docs.pages import (
    PAGES,
    ROOT,
    anchors,
    blocks,
    commands,
    links,
    name_of,
    paths,
    prose,
)

README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ADRS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
FORMED_LATER = {"config.yaml", "conf.d/*.yaml"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_to_a_file_and_its_heading(page: Path) -> None:
    for link in links(page.read_text("utf-8")):
        if re.match(r"https?:|mailto:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{link} is not there"
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), f"{link} has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    for path in set(paths(page.read_text("utf-8"))) - FORMED_LATER:
        there = (ROOT / path, page.parent / path)
        placeholder = "<" in path or "acme" in path
        assert placeholder or any(one.exists() for one in there), path


def test_every_module_that_the_architecture_names_for_short_exists() -> None:
    modules = {path.name for room in ("posd", "devices") for path in (ROOT / room).rglob("*.py")}
    assert set(re.findall(r"`([a-z_]+\.py)`", ARCHITECTURE)) <= modules


def test_the_architecture_names_files_of_every_room() -> None:
    named = set(paths(ARCHITECTURE))
    rooms = {path.name for path in (ROOT / "posd").iterdir() if (path / "__init__.py").exists()}
    assert {room for room in rooms if not any(f"posd/{room}/" in path for path in named)} == set()


def test_the_architecture_tells_the_contracts_of_pyproject() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = re.search(r"^layers = \[\n(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    assert layers is not None
    written = [line.strip() for line in blocks(ARCHITECTURE, "text")[0].splitlines()]
    assert written == re.findall(r'"(.+)"', layers[1])
    for number, name in re.findall(r'^name = "(\d) (.+)"', pyproject, re.MULTILINE):
        assert f"{number}. **{name}" in ARCHITECTURE


@pytest.mark.parametrize("adr", ADRS, ids=name_of)
def test_an_adr_has_its_parts_and_stands_in_the_index(adr: Path) -> None:
    text = adr.read_text("utf-8")
    title = re.match(rf"# {adr.name[:4]}\. (.+)\n\nStatus: (accepted|replaced by \d{{4}})\n", text)
    assert title is not None
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads == ["Context", "Decision", "Consequences"]
    index = (adr.parent / "README.md").read_text("utf-8")
    assert f"| {adr.name[:4]} | [{title[1]}]({adr.name}) |" in index


def test_adrs_are_numbered_without_a_gap() -> None:
    assert [int(adr.name[:4]) for adr in ADRS] == list(range(1, len(ADRS) + 1))


def test_the_readme_opens_with_the_two_commands_and_is_short() -> None:
    assert [line.split("#")[0].strip() for line in blocks(README, "sh")[0].splitlines()] == [
        "make demo",
        "make test",
    ]
    assert len(README.splitlines()) < 150
    assert "not affiliated" in README


def test_the_makefile_has_what_the_readme_makes() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"make ([a-z]+)", README)) <= set(targets)


def _configurations() -> list[tuple[str, str]]:
    return [
        (name_of(page), block)
        for page in PAGES
        for block in blocks(page.read_text("utf-8"), "yaml")
        if "store:" in block
    ]


@pytest.mark.parametrize(("page", "text"), _configurations(), ids=lambda value: value[:24])
def test_every_whole_configuration_on_a_page_loads(page: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    config = load(tmp_path / "config.yaml", drivers=registry, environ={})
    assert (config.store.id, config.linepay.api) == ("S001", "v4")


def _sections() -> list[str]:
    text = (ROOT / "docs" / "how-to" / "run-it.md").read_text("utf-8")
    return [block for block in blocks(text, "yaml") if "store:" not in block]


@pytest.mark.parametrize("section", _sections())
def test_every_section_of_the_how_to_fits_into_the_smallest_configuration(
    section: str, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").write_text(blocks(README, "yaml")[0], "utf-8")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "own.yaml").write_text(section, "utf-8")
    assert load(tmp_path / "config.yaml", drivers=registry, environ={}).lane.id == "L01"


def _posd_commands() -> list[str]:
    found = {line for page in PAGES for line in commands(page.read_text("utf-8"))}
    return sorted(line for line in found if line.startswith("posd "))


@pytest.mark.parametrize("line", _posd_commands())
def test_every_command_of_a_page_is_understood(line: str) -> None:
    arguments = shlex.split(line, comments=True)[1:]
    if "--help" not in arguments:
        assert callable(cli.parser().parse_args(arguments).run)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_verb_that_a_page_names_is_one_of_posd(page: Path) -> None:
    known = re.findall(r"^    ([a-z-]+)", cli.parser().format_help(), re.MULTILINE)
    named = re.findall(r"`(?:\.venv/bin/)?posd ([a-z-]+)", prose(page.read_text("utf-8")))
    assert set(named) <= set(known)


def test_the_codes_are_drawn_from_the_code() -> None:
    written = (ROOT / "docs" / "reference" / "codes.md").read_text("utf-8")
    again = "run: python -m tests.docs.codes > docs/reference/codes.md"
    assert written == codes.drawing(), again


def test_the_options_are_drawn_from_their_types() -> None:
    written = (ROOT / "docs" / "reference" / "config.md").read_text("utf-8")
    again = "run: python -m tests.docs.options > docs/reference/config.md"
    assert written == options.drawing(), again


def test_the_help_of_posd_tells_the_exit_codes_of_the_reference() -> None:
    epilog = cli.parser().epilog or ""
    assert [int(code) for code in re.findall(r"(?:^|[:,]) ?(\d+) [a-zC]", epilog)] == codes.exits()


def test_the_picture_shows_the_receipt_as_it_is_now() -> None:
    assert receipts.shown() == receipts.text(), "run: python -m tests.docs.receipts"
