"""The section `receipt`: own words, own language, own template, taxes; and what is wrong in it."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from devices import registry
from posd.board import Board
from posd.cli import check_config
from posd.config import Config, ConfigError, load
from posd.config.receipt_template import MAX_BYTES, read_template
from posd.core.template.builtin import SALE_TEMPLATE, SALE_TEMPLATE_IN_NEED, SALE_TEXT
from posd.lane_rules import lane_rules

from .desk import SMALLEST, Desk

REAL = SMALLEST.replace("driver: wand, port: /dev/wand", "driver: serial, port: /dev/null").replace(
    "driver: press", "driver: escpos, transport: file, path: /dev/null, dots: 384"
)
MINE = "[copy]\n[test]\n{word:total} | {total}\n"


def section(text: str) -> str:
    return f"{SMALLEST}receipt: {text}\n"


def real(folder: Path, receipt: str, *, secret: bool = True) -> Path:
    """A configuration with posd's own drivers."""
    path = folder / "config.yaml"
    text = REAL
    if secret:
        (folder / "secret.txt").write_text("s" * 32)
        (folder / "secret.txt").chmod(0o600)
        text = REAL.replace("  device_type", "  channel_secret_file: secret.txt\n  device_type")
    path.write_text(f"{text}receipt: {receipt}\n", "utf-8")
    return path


def loaded(folder: Path, receipt: str) -> Config:
    return load(real(folder, receipt), drivers=registry, environ={})


def test_own_words_are_by_their_keys(desk: Desk) -> None:
    config = desk.load(section('{words: {paid_with: "By LINE Pay", copy: "Again {number}"}}'))
    assert config.receipt.words == {"paid_with": "By LINE Pay", "copy": "Again {number}"}
    assert desk.load(SMALLEST).receipt.words == {}


def test_an_own_word_may_come_from_the_environment(desk: Desk) -> None:
    config = desk.load(SMALLEST, POSD_RECEIPT__WORDS__SALE="HELLO")
    assert config.receipt.words == {"sale": "HELLO"}


@pytest.mark.parametrize(
    ("words", "key", "told"),
    [
        (
            "{paid_wiht: x}",
            "words.paid_wiht",
            "is not a key of receipt.words; did you mean paid_with?",
        ),
        ("{copy: Again}", "words", "copy needs {number} in its text"),
        ('{sale: "Sale {number}"}', "words", "sale needs no placeholder in its text"),
        ('{test: ""}', "words", "test says nothing; write a text or remove the line"),
        ('{copy: "  "}', "words", "copy says nothing"),
        ('{sale: "a\\tb"}', "words.sale", "holds a control character or line break; remove it"),
        ("{sale: 12}", "words.sale", "YAML reads 12 as a number"),
        ("{sale: [a]}", "words.sale", "takes one value, not a list or a section"),
        ("HELLO", "words", "takes keys with a text each: write {key: text}"),
    ],
)
def test_a_word_that_will_not_do_is_told(desk: Desk, words: str, key: str, told: str) -> None:
    problem = desk.problem(section(f"{{words: {words}}}"))
    assert problem.key == f"receipt.{key}"
    assert problem.message.startswith(told)
    assert problem.line == len(SMALLEST.splitlines()) + 1


def test_an_unknown_word_is_told_with_its_column(desk: Desk) -> None:
    problem = desk.problem(f"{SMALLEST}receipt:\n  words:\n    sale: A\n    sole: B\n")
    assert (problem.line, problem.column) == (len(SMALLEST.splitlines()) + 4, 5)


@pytest.mark.parametrize("language", ["fr", "TH"])
def test_the_paper_speaks_one_of_four_languages(desk: Desk, language: str) -> None:
    assert desk.problem(section(f"{{language: {language}}}")).message.startswith(
        f"'{language}' is not one of en, zh-TW, th, ja"
    )


@pytest.mark.parametrize("rate", ['"five"', '"100"', '"5.255"', '"-1"', '""'])
def test_a_tax_rate_is_a_percentage(desk: Desk, rate: str) -> None:
    assert desk.problem(section(f"{{tax_rate: {rate}}}")).message.endswith(
        'will not do; write a percentage in quotes, such as "5" or "7.25"'
    )


@pytest.mark.parametrize(("rate", "hundredths"), [("5", 500), ("7.25", 725), ("0", 0)])
def test_the_lane_knows_the_tax_in_hundredths_of_a_percent(
    tmp_path: Path, rate: str, hundredths: int
) -> None:
    rules = lane_rules(loaded(tmp_path, f'{{tax_rate: "{rate}"}}'))
    assert rules.receipt.tax_rate_hundredths == hundredths


def test_the_paper_speaks_the_language_of_the_screens_unless_told(tmp_path: Path) -> None:
    assert lane_rules(loaded(tmp_path, "{}")).receipt.language == "zh-TW"
    rules = lane_rules(loaded(tmp_path, "{language: en, words: {sale: HELLO}}"))
    told = rules.receipt
    assert told.language == "en"
    assert Board(rules, action=str).view.language == "zh-TW"
    assert (told.words["receipt.sale"], told.words["receipt.total"]) == ("HELLO", "TOTAL")


def test_the_lane_prints_by_the_shops_own_template(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(MINE, "utf-8")
    rules = lane_rules(loaded(tmp_path, "{template: mine.txt}"))
    assert rules.receipt.template == read_template(tmp_path / "mine.txt")
    assert lane_rules(loaded(tmp_path, "{}")).receipt.template is SALE_TEMPLATE


@pytest.mark.parametrize("text", [None, "{totl}", b"\xff"])
def test_a_broken_template_stops_no_lane_and_the_paper_and_the_log_say_so(
    tmp_path: Path, text: str | bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if text is not None:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "mine.txt").write_bytes(data)
    with caplog.at_level(logging.WARNING, "posd"):
        rules = lane_rules(loaded(tmp_path, "{template: mine.txt}"))
    assert rules.receipt.template is SALE_TEMPLATE_IN_NEED
    (record,) = caplog.records
    assert record.getMessage() == "receipt_template_broken"
    fields = record.fields  # type: ignore[attr-defined]
    assert fields["path"] == str(tmp_path / "mine.txt")
    assert fields["detail"].startswith(str(tmp_path / "mine.txt"))
    assert "left_out" not in fields


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_template(folder / "mine.txt")
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("烏龍\n茶茶{".encode() + b"\xe7", "mine.txt:2:4: is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfeT\0", "mine.txt:1:1: is not UTF-8; save the file as UTF-8"),
        (b"#" * (MAX_BYTES + 1), "mine.txt: is longer than 64 KiB"),
    ],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "mine.txt").write_bytes(data)
    assert problems(tmp_path) == [told]


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["mine.txt: cannot be read: no such file or directory"]
    (tmp_path / "mine.txt").mkdir()
    assert problems(tmp_path) == ["mine.txt: cannot be read: is a directory"]


def test_words_of_a_template_are_known(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(f"{MINE}{{word:totl}}\n{{word:copy}}\n", "utf-8")
    first, second = problems(tmp_path)
    assert first == "mine.txt:4:1: {word:totl} is no word; did you mean total?"
    assert second.startswith("mine.txt:5:1: {word:copy} is no word")  # it needs a number


def test_the_built_in_template_can_be_the_shops_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(SALE_TEXT, "utf-8")
    assert read_template(tmp_path / "mine.txt") == SALE_TEMPLATE


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    arguments = ["--config", str(path), "--json"]
    parser = check_config.argparse.ArgumentParser()
    check_config.add_parser(parser.add_subparsers())
    code = check_config.run(parser.parse_args(["check-config", *arguments]))
    found = json.loads(capsys.readouterr().out)["problems"]
    return code, [f"{p['line']}:{p['column']}: {p['key']}: {p['message']}" for p in found]


def test_check_config_tells_everything_that_is_wrong_with_the_template(tmp_path, capsys) -> None:
    (tmp_path / "mine.txt").write_text(f"{MINE}{{totl}}\n[end]\n", "utf-8")
    code, told = check(real(tmp_path, "{template: mine.txt}"), capsys)
    assert code == 78
    assert told == [
        "4:1: : {totl} is no placeholder; did you mean total?",
        "5:2: : [end] ends nothing; no [if] or [each] is open here",
    ]


def test_check_config_tells_what_does_not_fit_and_what_no_font_has(tmp_path, capsys) -> None:
    (tmp_path / "mine.txt").write_text(f"{MINE}[big] seventeen letters\n\U0001f600\n", "utf-8")
    receipt = '{template: mine.txt, header: ["Hi \U0001f600"]}'
    code, told = check(real(tmp_path, receipt), capsys)
    box = "no font has \U0001f600 (U+1F600), so it prints as a box; add a font to printer.fonts"
    assert code == 78
    assert told == [
        "4:1: : needs 34 columns, and the paper has 32",
        f"5:1: : {box}",
        f"{len(REAL.splitlines()) + 2}:44: receipt.header: {box}",
    ]


def test_a_box_that_comes_from_a_drop_in_has_no_place_in_the_file(tmp_path, capsys) -> None:
    path = real(tmp_path, "{}")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "own.yaml").write_text("store: {branch: \U0001f600}", "utf-8")
    code, (told,) = check(path, capsys)
    assert code == 78
    assert told.startswith("0:0: store.branch: no font has \U0001f600")


def test_check_config_is_content_with_a_good_template(tmp_path, capsys) -> None:
    (tmp_path / "mine.txt").write_text(SALE_TEXT, "utf-8")
    receipt = '{template: mine.txt, header: ["謝謝"], words: {sale: "ขาย"}}'
    assert check(real(tmp_path, receipt), capsys) == (0, [])
