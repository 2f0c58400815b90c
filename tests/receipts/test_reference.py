"""The pages on templates: drawn from the code, and tried as a shopkeeper would."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from devices import registry
from posd.cli.main import main
from posd.config import load
from tests.docs.pages import blocks
from tests.receipts import reference
from tests.receipts.drawing import PICTURES, ROOT

PAGE = ROOT / "docs" / "how-to" / "edit-a-receipt.md"
TEXT = PAGE.read_text("utf-8")
STEP = re.compile(r"^```(sh|text|diff)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_reference_is_drawn_from_the_vocabulary() -> None:
    written = (ROOT / "docs" / "reference" / "receipt-template.md").read_text("utf-8")
    again = "run: python -m tests.receipts.reference > docs/reference/receipt-template.md"
    assert written == reference.drawing(), again


def test_the_pictures_of_the_page_are_there() -> None:
    shown = re.findall(r"\]\(\.\./images/receipts/(.+?)\)", TEXT)
    assert shown
    assert {name for name in shown if not (PICTURES / name).exists()} == set()


def the_configuration(folder: Path) -> None:
    """The smallest one of the README, and what the page puts over it."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (folder / "config.yaml").write_text(blocks(readme, "yaml")[0], "utf-8")
    (folder / "secret.txt").write_text("s" * 32)
    (folder / "secret.txt").chmod(0o600)
    (folder / "conf.d").mkdir()
    over = "linepay: {channel_secret_file: secret.txt}\n"
    (folder / "conf.d" / "1.yaml").write_text(over)
    (folder / "conf.d" / "2.yaml").write_text(blocks(TEXT, "yaml")[1])


def edit(diff: str) -> None:
    """Replace the one line that the diff takes away."""
    old = [line[1:] for line in diff.splitlines() if line.startswith("-")]
    new = [line[1:] for line in diff.splitlines() if line.startswith("+")]
    lines = Path("receipt.txt").read_text("utf-8").splitlines()
    assert lines.count(old[0]) == len(old) == 1
    at = lines.index(old[0])
    lines[at : at + 1] = new
    Path("receipt.txt").write_text("\n".join(lines) + "\n", "utf-8")


def test_the_page_leads_a_shopkeeper_through_two_mistakes_to_an_own_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    the_configuration(tmp_path)
    told, codes = [], []
    steps = STEP.findall(TEXT)
    for (kind, body), following in zip(steps, [*steps[1:], ("", "")], strict=True):
        if kind == "diff":
            edit(body)
        elif kind == "sh":
            codes.append(main(shlex.split(body)[1:]))
            told.append(capsys.readouterr())
            if following[0] == "text":
                assert told[-1].err == following[1]
    assert codes == [0, 0, 78, 78, 0, 0]
    assert "Come back with number R26112406353846" in told[4].out
    assert "Mei" not in told[4].out
    assert Path("receipt.png").exists()


def test_what_the_page_says_of_the_configuration_is_understood(tmp_path: Path) -> None:
    the_configuration(tmp_path)
    (tmp_path / "conf.d" / "2.yaml").write_text(blocks(TEXT, "yaml")[0], "utf-8")
    config = load(tmp_path / "config.yaml", drivers=registry, environ={})
    assert config.receipt.words == {"paid_with": "Paid by phone"}


def test_a_template_is_never_written_over_a_file(tmp_path: Path, capsys) -> None:
    mine = tmp_path / "receipt.txt"
    mine.write_text("mine", "utf-8")
    assert main(["receipt", "template", "-o", str(mine)]) == 77
    assert capsys.readouterr().err == f"{mine}: cannot be written: File exists\n"
    assert mine.read_text("utf-8") == "mine"
