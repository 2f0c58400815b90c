"""A receipt as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)
from posd.receipt_text import WIDTH, columns, receipt_text

PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=WIDTH)


def lines(*elements: object, width: int = WIDTH) -> list[str]:
    text = receipt_text(ReceiptDocument(tuple(elements)), width)  # type: ignore[arg-type]
    assert text.endswith("\n")
    return text[:-1].split("\n")


def test_every_element_is_one_line_of_the_text() -> None:
    assert lines(
        Text("left"),
        Text("right", Align.RIGHT),
        Text("mid", Align.CENTER),
        Columns("Total", "120 TWD"),
        Rule(),
        Blank(),
        QrCode("O-1"),
        Barcode("R12"),
        width=17,
    ) == [
        "left",
        "            right",
        "       mid",
        "Total     120 TWD",
        "-----------------",
        "",
        "    [QR O-1]",
        "  [BARCODE R12]",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("永康店", 6), ("ขอบคุณค่ะ", 7), ("e\u0301", 1), ("ﾃｽﾄ", 3), ("\u200b", 0), ("", 0)],
)
def test_wide_characters_take_two_columns_and_combining_ones_none(text: str, count: int) -> None:
    assert columns(text) == count


def test_chinese_is_set_right_by_its_columns() -> None:
    assert lines(Text("永康店", Align.RIGHT), Columns("總計", "120"), width=12) == [
        "      永康店",
        "總計     120",
    ]


@given(PLAIN, st.sampled_from(Align))
def test_a_text_that_fits_stays_within_the_width(text: str, align: Align) -> None:
    (line,) = lines(Text(text, align))
    assert len(line) <= WIDTH
    assert line.strip() == text


@given(PLAIN, PLAIN)
def test_two_columns_are_never_run_together_and_nothing_is_lost(left: str, right: str) -> None:
    told = lines(Columns(left, right))
    assert told[0].startswith(left)
    assert told[-1].endswith(right)
    assert {len(line) for line in told} == {WIDTH}
    assert len(told) == (1 if len(left) + 1 + len(right) <= WIDTH else 2)


def test_a_text_wider_than_the_paper_goes_on_below_as_it_does_in_print() -> None:
    assert lines(Text("to ask again, scan the code", Align.CENTER), width=12) == [
        "   to ask",
        "again, scan",
        "  the code",
    ]
    assert lines(Text("x" * 60, Align.CENTER)) == ["x" * 48, " " * 18 + "x" * 12]
    assert lines(Columns("總計總計", "120 TWD"), width=12) == ["總計總計    ", "     120 TWD"]
