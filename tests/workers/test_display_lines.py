"""What the customer reads: two lines that fit, in every language, of every verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.board import Board
from posd.core.order import MoneyState, Verdict
from posd.display_lines import (
    COLUMNS,
    PASSING,
    Scene,
    Sight,
    columns,
    cut,
    display_lines,
    plain,
    scene,
    sight,
)
from posd.snapshot import LaneView, NoticeView, SaleView
from posd.words import LANGUAGES, catalogue
from tests.core import lanes, orders

LANE = replace(
    Board(lanes.RULES, action=lambda code: "new_code").view,
    store_name="Corner Tea",
    test=False,
    language="en",
)
ORDER = orders.money(MoneyState.ARMED)
SALE = Board(lanes.RULES, action=lambda code: "new_code").look(ORDER, 1, lanes.BOOT_NS)
REASONS = ("declined", "absent", "cancelled", "failed", "restart", "cashier", "no_key", "gateway")
ACTIONS = ("new_code", "other_tender", "technician", "supervisor", "wait")


def sale(verdict: Verdict, **changes: Any) -> SaleView:
    return replace(SALE, verdict=verdict, amount="120", currency="TWD", **changes)


def told(verdict: Verdict, language: str = "en", **changes: Any) -> tuple[str, str]:
    return display_lines(LANE, Scene(sale(verdict, **changes)), catalogue(language))


def test_nobody_at_the_counter_is_welcomed_by_the_shop() -> None:
    assert display_lines(LANE, Scene(), catalogue("en")) == ("Corner Tea", "Welcome")


@pytest.mark.parametrize(
    ("verdict", "lines"),
    [
        (Verdict.WAITING, ("TWD 120", "Show LINE Pay code")),
        (Verdict.WORKING, ("TWD 120", "Please wait")),
        (Verdict.PAID, ("PAID", "TWD 120")),
        (Verdict.PAID_LATE, ("TWD 120", "Please ask our staff")),
        (Verdict.NOT_CONFIRMED, ("TWD 120", "Please ask our staff")),
        (Verdict.CALL_SUPERVISOR, ("TWD 120", "Please ask our staff")),
        (Verdict.VOIDED, ("CANCELLED", "TWD 120")),
        (Verdict.REFUNDED, ("REFUNDED", "TWD 120")),
        (Verdict.REFUND_OWED, ("TWD 120", "Refund on its way")),
        (Verdict.AUTHORIZED, ("TWD 120", "Reserved")),
    ],
)
def test_each_verdict_has_its_lines(verdict: Verdict, lines: tuple[str, str]) -> None:
    assert told(verdict) == lines


@pytest.mark.parametrize(
    ("because", "action", "reason"),
    [
        ("declined", "new_code", "Refresh your code"),
        ("declined", "other_tender", "Pay another way"),
        ("declined", "technician", "Ask our staff"),
        ("cashier", "new_sale", "Cancelled"),
        ("no_key", "new_sale", "No code was shown"),
        ("something new", "new_sale", ""),
    ],
)
def test_not_paid_says_what_to_do_and_never_why_line_pay_declined(
    because: str, action: str, reason: str
) -> None:
    lines = told(Verdict.NOT_PAID, because=because, next_action=action, code="1142")
    assert lines == ("NOT PAID", reason)


def test_a_customer_who_must_confirm_is_told_so() -> None:
    assert told(Verdict.WORKING, awaiting_customer=True) == ("TWD 120", "Confirm in LINE app")


@pytest.mark.parametrize("verdict", [*Verdict])
def test_a_test_says_so_on_every_screen(verdict: Verdict) -> None:
    lane = replace(LANE, test=True)
    for now in (Scene(), Scene(sale(verdict))):
        assert display_lines(lane, now, catalogue("en"))[0].startswith("TEST ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_display_fits_on_its_line(language: str) -> None:
    for key, text in catalogue(language).items():
        if key.startswith(("display.line.", "display.reason.", "display.next.", "display.code.")):
            assert columns(text) <= COLUMNS, key


def test_every_word_of_the_display_has_plain_english() -> None:
    for key, text in catalogue("en").items():
        assert not key.startswith("display.") or text.isascii(), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", [*Verdict])
def test_every_verdict_is_told_in_every_language(verdict: Verdict, language: str) -> None:
    for because in REASONS:
        for action in ACTIONS:
            lines = told(verdict, language, because=because, next_action=action)
            assert all(line and columns(line) <= COLUMNS for line in lines)


@given(st.text(max_size=100))
def test_a_line_is_cut_to_its_columns_and_is_the_beginning_of_the_text(text: str) -> None:
    line = cut(text)
    assert columns(line) <= COLUMNS
    assert text.startswith(line)


def test_a_full_width_character_takes_two_columns_and_a_thai_mark_one() -> None:
    assert (columns("茶"), columns("ｱ"), columns("กี่")) == (2, 1, 3)


def test_a_shop_whose_name_is_not_ascii_is_line_pay_in_plain_words() -> None:
    assert plain(LANE) == LANE
    lines = display_lines(plain(replace(LANE, store_name="角落茶")), Scene(), catalogue("en"))
    assert lines == ("LINE Pay", "Welcome")


# ---- which sale is told ------------------------------------------------------------------------


def seen(*views: LaneView) -> Sight:
    now: Sight | None = None
    for view in views:
        now = sight(now, view)
    assert now is not None
    return now


WAITING = replace(LANE, selling=sale(Verdict.WAITING))
PAID = replace(LANE, last=sale(Verdict.PAID))


def noticed(view: LaneView, number: int, code: str = "key_product_code") -> LaneView:
    return replace(view, notice=NoticeView(number, code))


def test_a_sale_is_told_while_it_is_at_the_counter_and_after() -> None:
    assert scene(seen(LANE)) == Scene()
    assert scene(seen(LANE, WAITING)) == Scene(WAITING.selling)
    assert scene(seen(LANE, WAITING, PAID)) == Scene(PAID.last)


def test_a_sale_that_was_never_at_the_counter_is_not_told() -> None:
    assert scene(seen(PAID)) == Scene()


@pytest.mark.parametrize("place", ["last", "unfinished", "recent"])
def test_a_sale_that_left_the_counter_is_found_wherever_it_went(place: str) -> None:
    doubt = sale(Verdict.NOT_CONFIRMED)
    view = replace(LANE, **{place: doubt if place == "last" else (doubt,)})
    assert scene(seen(WAITING, view)) == Scene(doubt)


def test_a_sale_that_is_forgotten_is_told_no_more() -> None:
    assert scene(seen(WAITING, LANE)) == Scene()


def test_what_was_scanned_instead_is_told_while_the_code_is_awaited() -> None:
    now = scene(seen(noticed(LANE, 4), noticed(WAITING, 4), noticed(WAITING, 5)))
    assert now == Scene(WAITING.selling, "key_product_code")
    lines = display_lines(LANE, now, catalogue("en"))
    assert lines == ("This is a product", "Open LINE Pay MyCode")


def test_a_notice_from_before_the_sale_is_not_about_it() -> None:
    assert scene(seen(noticed(LANE, 4), noticed(WAITING, 4))) == Scene(WAITING.selling)
    assert scene(seen(noticed(WAITING, 4), noticed(WAITING, 4))) == Scene(WAITING.selling)


def test_a_notice_without_a_word_for_the_customer_leaves_the_amount() -> None:
    now = Scene(sale(Verdict.WAITING), "sale_open")
    assert display_lines(LANE, now, catalogue("en"))[0] == "TWD 120"


def test_a_wrong_code_is_forgotten_once_the_right_one_came() -> None:
    working = replace(LANE, selling=sale(Verdict.WORKING))
    assert scene(seen(noticed(WAITING, 4), noticed(working, 5))) == Scene(working.selling)


def test_doubt_never_passes_by_itself() -> None:
    assert set(PASSING).isdisjoint(
        {Verdict.NOT_CONFIRMED, Verdict.CALL_SUPERVISOR, Verdict.PAID_LATE, Verdict.REFUND_OWED}
    )
