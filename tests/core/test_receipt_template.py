"""What a template may say, what is wrong with one, and what is printed of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.values import Align, Barcode, Blank, Columns, Element, QrCode, Rule, Text
from posd.core.template import builtin, parsing
from posd.core.template.nodes import BadTemplate
from posd.core.template.parsing import MAX_DEPTH, MAX_FAULTS, MAX_LINE, MAX_LINES, parse
from posd.core.template.setting import Values, elements
from posd.core.template.vocabulary import SALE
from posd.core.template.widths import columns_of, too_wide

WORDS = {"total": "TOTAL", "sale": "SALE"}
FREE = replace(SALE, required=(), words=frozenset(WORDS))
VALUES = Values(
    texts={"total": "120 TWD", "cashier": "", "order_id": "O-1", "card": ""},
    word=lambda key: WORDS.get(key, key),
    lists={
        "item": (
            {"item.name": "Tea", "item.sum": "90"},
            {"item.name": "Cake", "item.sum": ""},
        ),
        "part": (),
    },
    copy_marks=("COPY 1",),
    test_mark="TEST",
)


def printed(text: str, values: Values = VALUES) -> list[Element]:
    return list(elements(parse(text, FREE), values))


def faults(text: str) -> list[str]:
    with pytest.raises(BadTemplate) as caught:
        parse(text, FREE)
    assert str(caught.value).splitlines() == [
        f"{fault.line}:{fault.column}: {fault.message}" for fault in caught.value.faults
    ]
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("line", "element"),
    [
        ("Welcome", Text("Welcome")),
        ("  indented  ", Text("  indented")),
        ("[center] Welcome", Text("Welcome", Align.CENTER)),
        ("[centre bold] Welcome", Text("Welcome", Align.CENTER, bold=True)),
        ("[right big]Welcome", Text("Welcome", Align.RIGHT, double=True)),
        ("   [ bold   right ] Welcome", Text("Welcome", Align.RIGHT, bold=True)),
        ("[left] # 1 shop", Text("# 1 shop")),
        ("[left] [sic]", Text("[sic]")),
        ("see [1] below", Text("see [1] below")),
        ("{word:total}: {total}", Text("TOTAL: 120 TWD")),
        ("{ total }", Text("120 TWD")),
        ("{{x}} || y", Text("{x} | y")),
        ("{word:total} | {total}", Columns("TOTAL", "120 TWD")),
        ("[bold big] a|b", Columns("a", "b", bold=True, double=True)),
        ("{word:total} |", Columns("TOTAL", "")),
        ("| {total}", Columns("", "120 TWD")),
        ("a || b | c", Columns("a | b", "c")),
        ("[rule]", Rule()),
        ("[blank]", Blank()),
        ("[qr] {order_id}", QrCode("O-1")),
        ("[barcode] R{order_id}", Barcode("RO-1")),
        ("[copy]", Text("COPY 1", Align.CENTER, double=True)),
        ("[test]", Text("TEST", Align.CENTER, bold=True)),
        ("{cashier}", Text("")),
    ],
)
def test_a_line_of_a_template_is_a_line_of_the_paper(line: str, element: Element) -> None:
    assert printed(line) == [element]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "# a note {of} [what]",
        "  # a note",
        "[optional] {cashier}",
        "[optional] {total} {cashier}",
        "[optional bold] {total} | {cashier}",
        "[qr] {cashier}",
        "[barcode] {card}",
        "[if cashier]\nx\n[end]",
        "[if part]\nx\n[end]",
        "[each part]\nx\n[end]",
    ],
)
def test_what_is_empty_is_not_printed(line: str) -> None:
    assert printed(line) == []


def test_an_optional_line_without_placeholders_is_always_there() -> None:
    assert printed("[optional] {word:total}") == [Text("TOTAL")]


def test_the_lines_of_each_stand_once_for_every_entry_with_its_own_values() -> None:
    text = (
        "[if item]\n[each item]\n[optional] {item.name} | {item.sum}\n{total}\n[end]\n[rule]\n[end]"
    )
    assert printed(text) == [Columns("Tea", "90"), Text("120 TWD"), Text("120 TWD"), Rule()]


def test_a_condition_may_ask_for_what_belongs_to_the_entry() -> None:
    text = "[each item]\n[if item.sum]\n{item.name}\n[end]\n[end]"
    assert printed(text) == [Text("Tea")]


def test_an_original_has_no_mark_of_a_copy_and_a_sale_none_of_a_test() -> None:
    assert printed("[copy]\n[test]", replace(VALUES, copy_marks=(), test_mark="")) == []


def test_a_file_of_windows_with_its_byte_order_mark_reads_the_same() -> None:
    assert printed("\ufeff[rule]\r\n{total}\r\n") == [Rule(), Text("120 TWD")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{totl}", "1:1: {totl} is no placeholder; did you mean total?"),
        ("ab {qqqqqqq}", "1:4: {qqqqqqq} is no placeholder; known: address, amount,"),
        ("{}", "1:1: {} is no placeholder; known: "),
        ("{word:totl}", "1:1: {word:totl} is no word; did you mean total?"),
        ("{item.name}", "1:1: {item.name} stands only between [each item] and its [end]"),
        ("[if item]\n{item.name}\n[end]", "2:1: {item.name} stands only between [each item]"),
        ("a {total", "1:3: { is not closed; write {{ to print a {"),
        ("total} b", "1:6: } has no { before it; write }} to print a }"),
        ("[bold]  {totl", "1:9: { is not closed"),
        ("[center Welcome", "1:1: [ is not closed; write ] behind the marks"),
        ("[] x", "1:1: [ ] holds no mark"),
        ("[rigth] x", "1:2: rigth is no mark; did you mean right?"),
        ("[zzzzzz] x", "1:2: zzzzzz is no mark; known: barcode, big, blank,"),
        ("[bold rule]", "1:7: rule stands alone: [rule]"),
        ("[rule bold]", "1:7: bold does not go with [rule]"),
        ("[rule] x", "1:8: [rule] has no text behind it"),
        ("[qr bold] {order_id}", "1:5: bold does not go with [qr]"),
        ("[qr]", "1:5: [qr] takes one text, such as {order_id}"),
        ("[barcode] a | b", "1:11: [barcode] takes one text"),
        ("a | b | c", "1:7: a line has two columns at most; write || to print a |"),
        ("[bold right] a | b", "1:7: right does not go with two columns"),
        ("Thank [bold] you", "1:7: [bold] stands only where a line begins"),
        ("[center] x [end]", "1:12: [end] stands only where a line begins"),
        ("[each itm]\n[end]", "1:7: [each itm] is not known; did you mean item?"),
        ("[if nobody]\n[end]", "1:5: [if nobody] is not known; known: "),
        ("[each]\n[end]", "1:2: [each] of what? Write [each footer]"),
        ("[if]\n[end]", "1:2: [if] of what? Write [if address]"),
        ("[each item bold]\n[end]", "1:12: bold does not go with [each]"),
        ("[end]", "1:2: [end] ends nothing; no [if] or [each] is open here"),
        ("x\n [each item]\n", "2:3: [each item] has no [end]"),
        ("a\tb", "1:2: here is a tab; write blanks"),
        ("ab\x1b@", "1:3: here is a control character (U+001B)"),
        ("\u2028", "1:1: here is a control character (U+2028)"),
        ("# \x07", "1:3: here is a control character (U+0007)"),
        ("x" * (MAX_LINE + 1), f"1:{MAX_LINE + 1}: a line has {MAX_LINE} characters at most"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_remedy(text: str, told: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith(told)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "[each item]\n{item.nam} {totl}\n[bald] x\n{total"
    assert [fault.partition(": ")[0] for fault in faults(text)] == [
        "1:2",
        "2:1",
        "2:12",
        "3:2",
        "4:1",
    ]


def test_a_template_is_short_enough_to_be_read() -> None:
    assert len(printed("\n".join(["x"] * MAX_LINES))) == MAX_LINES
    assert faults("\n".join(["x"] * (MAX_LINES + 1))) == [
        f"{MAX_LINES + 1}:1: is more than {MAX_LINES} lines"
    ]
    assert len(faults("{x}\n" * MAX_LINES)) == MAX_FAULTS


def test_blocks_do_not_stand_in_one_another_without_end() -> None:
    def nested(depth: int) -> str:
        return "[if item]\n" * depth + "x\n" + "[end]\n" * depth

    assert printed(nested(MAX_DEPTH)) == [Text("x")]
    assert faults(nested(MAX_DEPTH + 1)) == [
        f"{MAX_DEPTH + 1}:5: blocks stand in one another {MAX_DEPTH} deep at most"
    ]


@pytest.mark.parametrize("mark", ["copy", "test"])
@pytest.mark.parametrize("hidden", ["", "# [{}]", "[if item]\n[{}]\n[end]", "{{{{{}}}}}"])
def test_no_template_hides_a_copy_or_a_test(mark: str, hidden: str) -> None:
    other = {"copy": "[test]", "test": "[copy]"}[mark]
    with pytest.raises(BadTemplate) as caught:
        parse(f"{hidden.format(mark)}\n{other}", SALE)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (1, 1)
    assert fault.message.startswith(f"has no line [{mark}] outside of blocks; without it a {mark}")


@given(
    st.text(alphabet="[]{}|# abceq.:\n\r\tword total item each if end bold qr copy", max_size=80)
)
def test_any_text_is_a_template_or_has_faults_inside_of_it(text: str) -> None:
    try:
        template = parse(text, FREE)
    except BadTemplate as error:
        lines = text.split("\n")
        assert error.faults
        for fault in error.faults:
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
    else:
        elements(template, VALUES)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60))
def test_text_whose_signs_are_doubled_is_printed_as_it_stands(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}").replace("|", "||")
    try:
        (element,) = printed(f"[left] {doubled}")
    except BadTemplate as error:
        assert all("stands only where" in fault.message for fault in error.faults)
    else:
        assert element == Text(text.rstrip())


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("x" * 33, 33),
        ("{total}" + "y" * 40, 40),
        ("[big] " + "x" * 17, 34),
        ("a" * 20 + " | " + "b" * 12, 33),
        ("永" * 17, 34),
        ("[if item]\n" + "x" * 50 + "\n[end]", 50),
    ],
)
def test_fixed_text_wider_than_the_paper_is_told(line: str, needed: int) -> None:
    template = parse(line, FREE)
    (fault,) = too_wide(template, 32)
    assert fault.message == f"needs {needed} columns, and the paper has 32"
    assert too_wide(template, needed) == ()


def test_marks_that_combine_take_no_column() -> None:
    assert (columns_of("ที่นี่"), columns_of("永康"), columns_of("e\u0301")) == (2, 4, 1)


def test_every_mark_of_the_grammar_is_one_of_the_tables() -> None:
    assert set(parsing.MARKS) == {
        *("left", "center", "centre", "right", "bold", "big", "optional"),
        *("rule", "blank", "copy", "test", "qr", "barcode", "if", "each", "end"),
    }


def test_the_built_in_templates_fit_58_mm_paper() -> None:
    templates = [value for name, value in vars(builtin).items() if "_TEMPLATE" in name]
    assert len(templates) == 7
    assert [too_wide(template, 32) for template in templates] == [()] * 7
