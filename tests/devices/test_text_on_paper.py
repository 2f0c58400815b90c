"""Foreign text: nothing in it acts on the printer, nothing visible is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.text import clean, clusters, pair, wrap


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("x\x1b@\x1dV\x00y", "x@Vy"),
        ("a\tb\nc\u00a0d", "a b c d"),
        ("e\u0301", "é"),
        ("\u202eabc\u200b\ufeff", "abc"),
        ("\ud800x", "\ufffdx"),
        ("\x7f\x85\x9fok", "ok"),
        ("😀", "😀"),
        ("☕\ufe0f 葛\U000e0100城", "☕ 葛城"),
        ("a\u2003b\u202fc\u3000d", "a b c\u3000d"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\U0001f469"),
    ],
)
def test_control_characters_go_and_letters_stay(given_text, cleaned):
    assert clean(given_text) == cleaned


@given(st.text(max_size=60))
def test_clean_text_has_no_control_byte_in_any_encoding(text):
    cleaned = clean(text)
    assert all(ord(char) >= 0x20 and not 0x7F <= ord(char) <= 0x9F for char in cleaned)
    assert clean(cleaned) == cleaned


def test_a_thai_letter_is_never_parted_from_its_marks_and_vowels():
    assert list(clusters("น้ำที่ใช้")) == ["น้ำ", "ที่", "ใช้"]
    assert list(clusters("อะไรๆ ชาเ茶เ ")) == ["อะ", "ไรๆ", " ", "ชา", "เ", "茶", "เ", " "]


def test_lines_break_at_blanks_and_between_han_but_not_before_a_full_stop():
    assert wrap("one two three", 8, len) == ["one two", "three"]
    assert wrap("珍珠奶茶，大杯", 4, len) == ["珍珠奶", "茶，大杯"]
    assert wrap("x" * 10, 4, len) == ["xxxx", "xxxx", "xx"]
    assert wrap("", 4, len) == [""]


@given(st.text("ab 珍珠，ทำที่", max_size=40), st.integers(2, 12))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_limit(text, limit):
    lines = wrap(text, limit, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= limit or len(list(clusters(line))) == 1 for line in lines)


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("珍珠「奶茶」", 3, ["珍珠", "「奶", "茶」"]),
        ("合計（税込）", 3, ["合計", "（税", "込）"]),
        ("サービスショップ", 5, ["サービス", "ショップ"]),
        ("共NT$120（元）", 8, ["共NT$120", "（元）"]),
        ("お茶ッッッ", 3, ["お", "茶ッッ", "ッ"]),
        ("ab 茶cd", 4, ["ab 茶", "cd"]),
        (" abcdefg", 4, [" abc", "defg"]),
    ],
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text, limit, lines):
    assert wrap(text, limit, len) == lines


@given(st.text("กขเโที่ป้ำๆ ปู่ัๅ", max_size=40), st.integers(3, 9))
def test_no_cluster_of_thai_is_divided(text, limit):
    def parts(line):
        return [part for part in clusters(line) if part != " "]

    assert [part for line in wrap(text, limit, len) for part in parts(line)] == parts(text)


def test_two_texts_share_a_line_when_they_fit():
    assert pair("tea", "120", limit=8, gap=1, width_of=len) == [("tea", "120")]
    assert pair("milk tea", "120", limit=8, gap=1, width_of=len) == [("milk tea", ""), ("", "120")]
    assert pair("big milk tea", "120", limit=8, gap=1, width_of=len) == [
        ("big milk", ""),
        ("tea", "120"),
    ]
    assert pair("", "120", limit=8, gap=1, width_of=len) == [("", "120")]
