"""`posd receipt`: what it draws, of what, and what it says of a template that will not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from posd.cli.main import main
from posd.cli.receipt import KINDS, SAMPLES
from posd.core.template.builtin import SALE_TEXT

CONFIG = """\
store: {{id: S001, name: Pineapple Tea}}
lane: {{id: L07}}
country: TW
currency: TWD
language: en
linepay:
  base_url: https://sandbox-api-pay.line.me
  channel_id: "1650000000"
  device_profile_id: L01-0001
  device_type: POS
scanner: {{driver: serial, port: /dev/null}}
printer: {printer}
receipt: {receipt}
state_dir: state
"""
ESCPOS = "{driver: escpos, transport: file, path: /dev/null, dots: 384}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    return main(["receipt", *arguments])


def write_config(receipt: str = "{}", printer: str = ESCPOS) -> None:
    Path("config.yaml").write_text(CONFIG.format(receipt=receipt, printer=printer), "utf-8")


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_drawn_as_text_without_any_configuration(sample: str, capsys) -> None:
    assert run("preview", "--sample", sample) == 0
    told = capsys.readouterr()
    assert "[BARCODE R26112406353846]" in told.out
    assert told.err == ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_on_both_widths(kind: str, capsys) -> None:
    for dots, columns in (("576", 48), ("384", 32)):
        assert run("preview", "--kind", kind, "--dots", dots) == 0
        lines = capsys.readouterr().out.splitlines()
        assert "-" * columns in lines


def test_picture_and_bytes_go_to_their_files_and_nothing_to_stdout(folder: Path, capsys) -> None:
    assert run("preview", "--png", "a.png", "--escpos", "a.bin") == 0
    assert capsys.readouterr().out == ""
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "a.bin").read_bytes().startswith(b"\x1b@")
    assert run("preview", "--png", "a.png", "--text") == 0
    assert "SALE" in capsys.readouterr().out


def test_a_copy_says_so(capsys) -> None:
    assert run("preview", "--copy", "3") == 0
    assert "COPY 3" in capsys.readouterr().out


def test_the_built_in_template_is_the_place_to_begin(folder: Path, capsys) -> None:
    assert run("preview", "--sample", "mixed") == 0
    before = capsys.readouterr().out
    assert run("template") == 0
    written = capsys.readouterr().out
    assert written == SALE_TEXT
    (folder / "receipt.txt").write_text(written, "utf-8")
    assert run("preview", "--sample", "mixed", "--template", "receipt.txt") == 0
    assert capsys.readouterr().out == before


def test_the_shops_own_name_lane_width_and_words_come_from_its_configuration(
    folder: Path, capsys
) -> None:
    write_config('{words: {sale: "HELLO"}, footer: ["See you"]}')
    assert run("preview", "-c", "config.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].strip() == "Pineapple Tea"
    assert {"HELLO", "See you", "TEST - NOT VALID"} <= {line.strip() for line in lines}
    assert "L07".rjust(28) in " ".join(lines)
    assert "-" * 32 in lines
    assert run("preview", "-c", "config.yaml", "--sample", "th", "--dots", "576") == 0
    thai = capsys.readouterr().out
    assert "รวมทั้งสิ้น" in thai
    assert "Pineapple Tea" in thai
    assert "-" * 48 in thai


@pytest.mark.parametrize(
    ("printer", "columns"),
    [
        ("{driver: cups, queue: till, dots: 512}", 42),
        ('{driver: shared, address: "192.0.2.7:9180", token_file: token}', 48),
    ],
)
def test_the_paper_is_known_however_the_printer_is_reached(
    folder: Path, capsys, printer: str, columns: int
) -> None:
    write_config(printer=printer)
    assert run("preview", "-c", "config.yaml") == 0
    assert "-" * columns in capsys.readouterr().out.splitlines()


def test_the_template_of_the_configuration_is_drawn_unless_another_is_named(
    folder: Path, capsys
) -> None:
    write_config("{template: mine.txt}")
    (folder / "mine.txt").write_text("[copy]\n[test]\nmine\n", "utf-8")
    (folder / "other.txt").write_text("[copy]\n[test]\nother\n", "utf-8")
    assert run("preview", "-c", "config.yaml") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["mine"]
    assert run("preview", "-c", "config.yaml", "--template", "other.txt") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["other"]


def test_what_is_wrong_with_a_template_is_told_by_its_places_and_nothing_is_drawn(
    folder: Path, capsys
) -> None:
    (folder / "receipt.txt").write_text("[copy]\n[test]\n{totl}\n[bald] x\n", "utf-8")
    assert run("preview", "--template", "receipt.txt", "--png", "a.png") == 78
    assert capsys.readouterr().err.splitlines() == [
        "receipt.txt:3:1: {totl} is no placeholder; did you mean total?",
        "receipt.txt:4:2: bald is no mark; did you mean bold?",
    ]
    assert not (folder / "a.png").exists()


def test_what_prints_badly_is_drawn_and_told(folder: Path, capsys) -> None:
    wide = "[copy]\n[test]\n# \U0001f600 in a note\n[big] seventeen letters!\nsmile \U0001f600\n"
    (folder / "receipt.txt").write_text(wide, "utf-8")
    assert run("preview", "--template", "receipt.txt", "--dots", "384") == 6
    told = capsys.readouterr()
    assert "seventeen letters!" in told.out
    assert told.err.splitlines() == [
        "receipt.txt:4:1: needs 36 columns, and the paper has 32",
        "receipt.txt:5:7: no font has \U0001f600 (U+1F600), so it prints as a box;"
        " add a font to printer.fonts",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--template", "none.txt"], 78, "none.txt: cannot be read: no such file or directory"),
        (["--dots", "100"], 78, "printer.dots: 100 is not within 192 to 1024"),
        (["-c", "none.yaml"], 78, "none.yaml"),
        (["--png", "no/such/folder.png"], 77, "no/such/folder.png: cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_code(
    folder: Path, capsys, arguments: list[str], code: int, told: str
) -> None:
    assert run("preview", *arguments) == code
    captured = capsys.readouterr()
    assert captured.err.startswith(told)
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [["--sample", "fr"], ["--kind", "x"], ["--dots", "-1"]])
def test_what_is_not_understood_is_a_matter_of_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("preview", *arguments)
    assert ended.value.code == 2
