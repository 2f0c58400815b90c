"""The worked example of docs/how-to/add-a-device.md works."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from devices.errors import Unavailable
from devices.options import BadOption
from devices.registry import build_printer, drivers, options_type
from devices.values import PrinterCondition, PrintProof, ReceiptDocument, Text

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-device.md"


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.fixture
def acme(tmp_path, monkeypatch):
    """The example installed as a package of its own."""
    (tmp_path / "acme_paper.py").write_text(block("python"), encoding="utf-8")
    information = tmp_path / "acme_paper-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-paper\nVersion: 1.0\n")
    group, line = re.search(r'entry-points\."(.*?)"\]\n(.*)\n', block("toml")).groups()
    (information / "entry_points.txt").write_text(f"[{group}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("acme_paper", None)


def test_the_example_is_found_by_its_entry_point_and_prints(acme):
    assert "textfile" in drivers("printer")
    options = options_type("printer", "textfile")(path=str(acme / "receipts.txt"))
    printer = build_printer("textfile", options)
    assert printer.status(1.0).condition is PrinterCondition.READY
    document = ReceiptDocument((Text("SALE 120"), Text("茶")))
    assert printer.print(document, 1.0) is PrintProof.PROBABLE
    assert (acme / "receipts.txt").read_text() == "SALE 120\n[dots]\n\f"


def test_the_example_says_what_is_wrong_in_the_adapters_own_words(acme):
    options = options_type("printer", "textfile")
    with pytest.raises(BadOption):
        options(path="")
    printer = build_printer("textfile", options(path=str(acme / "no" / "receipts.txt")))
    assert printer.status(1.0).condition is PrinterCondition.UNREACHABLE
    with pytest.raises(Unavailable, match=r"check printer\.path"):
        printer.print(ReceiptDocument(()), 1.0)


def test_the_four_touches_name_files_that_exist():
    for name in re.findall(r"`((?:devices|tests)/[a-z_/]+\.py)`", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parents[2] / name).exists()
