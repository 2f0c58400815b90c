"""docs/linepay.md says what the client does."""

from __future__ import annotations

import re

import pytest

from posd.linepay import Operation
from posd.linepay.result_codes import CODES
from tests.docs import linepay_table
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "linepay.md").read_text("utf-8")


def test_the_page_is_drawn_from_the_client() -> None:
    again = "run: python -m tests.docs.linepay_table > docs/linepay.md"
    assert linepay_table.drawing() == PAGE, again


def test_the_page_has_every_operation_and_every_code() -> None:
    assert set(re.findall(r"^\| ([a-z]+) \| `", PAGE, re.MULTILINE)) >= set(Operation)
    assert set(re.findall(r"^\| (\d{4}) \| ", PAGE, re.MULTILINE)) == set(CODES)


@pytest.mark.parametrize("wire", ["payInfo[].amount", "refundList[].refundAmount", "payStatus"])
def test_a_member_that_decides_is_bold(wire: str) -> None:
    assert f"| **`{wire}`** |" in PAGE


def test_every_member_is_read_into_a_name() -> None:
    read = PAGE.split("## What is read")[1].split("## Result codes")[0]
    rows = re.findall(r"^\| \**`([^`]+)`\** \| (.*?) \|", read, re.MULTILINE)
    assert len(rows) > 40
    assert [wire for wire, names in rows if not names] == []
