"""Everything that the core says no with has words in every language."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from unicodedata import east_asian_width

import pytest

import posd.core
from posd.core import payment, printing
from posd.core.code_kinds import CodeKind
from posd.core.code_shapes import DOUBTFUL
from posd.core.template import builtin

FOLDER = Path(posd.core.__file__).parent
CATALOGUES = sorted((FOLDER.parent / "words").glob("*.json"))
FINDINGS = set(CodeKind) - {CodeKind.KEY}


def codes() -> set[str]:
    """The codes of all refusals: literal ones, those of the tables, and the shapes of codes."""
    found = {f"key_{finding}" for finding in FINDINGS}
    for table in (payment.REFUSED, printing.REFUSED):
        found |= {code for row in table.values() for code in row.values()}
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotAllowed":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(first.value)
    return found


def receipt_words() -> set[str]:
    """What the built-in templates and the code that fills them in ask the catalogues for."""
    found = {"balance", "credit_card", "point"}
    for file in ("receipt.py", "receipt_values.py", "trial_page.py"):
        for node in ast.walk(ast.parse((FOLDER / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "word":
                word = node.args[1]
                if isinstance(word, ast.Constant):
                    found.add(word.value)
    texts = [text for name, text in vars(builtin).items() if name.endswith("_TEXT")]
    return found | set(re.findall(r"\{word:(\w+)\}", "".join(texts)))


def test_the_codes_are_found() -> None:
    assert {"scan_not_armed", "already_sent", "printing_now", "key_not_digits"} <= codes()
    assert {"total", "copy", "test", "tax_id", "paid_with", "merchant_copy"} <= receipt_words()
    assert len(CATALOGUES) == 4


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_refusal_has_words(catalogue: Path) -> None:
    words = json.loads(catalogue.read_text(encoding="utf-8"))
    assert {f"notice.{code}" for code in codes()} <= set(words)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_doubt_about_a_key_has_words(catalogue: Path) -> None:
    words = json.loads(catalogue.read_text(encoding="utf-8"))
    assert {f"notice.doubt_{shape.kind}" for shape in DOUBTFUL} <= set(words)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_the_customer_is_told_of_every_wrong_code_in_twenty_columns(catalogue: Path) -> None:
    words = json.loads(catalogue.read_text(encoding="utf-8"))
    for code in ("ask", *(f"key_{kind}" for kind in FINDINGS)):
        line = words[f"display.code.{code}"]
        assert sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) <= 20, line


def test_the_page_on_wrong_codes_tells_of_every_kind_and_no_other() -> None:
    page = FOLDER.parents[1] / "docs" / "explanation" / "wrong-codes.md"
    what_is_named = page.read_text(encoding="utf-8").split("## What is named")[1]
    rows = [row.split("|") for row in what_is_named.splitlines() if row.startswith("|")]
    named = {
        name for row in rows for cell in row[2:] for name in re.findall(r"`([a-z_0-9]+)`", cell)
    }
    assert named == FINDINGS


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_no_two_wrong_codes_are_told_to_the_cashier_in_the_same_words(catalogue: Path) -> None:
    words = json.loads(catalogue.read_text(encoding="utf-8"))
    assert len({words[f"notice.key_{kind}"] for kind in FINDINGS}) == len(FINDINGS)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_line_of_a_receipt_has_words(catalogue: Path) -> None:
    words = json.loads(catalogue.read_text(encoding="utf-8"))
    assert {f"receipt.{word}" for word in receipt_words()} <= set(words)
