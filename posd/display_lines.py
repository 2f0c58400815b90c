"""What the customer display says: two lines of at most twenty columns. Pure.

The one rule: the customer is told a verdict, an amount and what to do, and never why LINE Pay
declined: who stands behind can read it too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from posd.core.order import Verdict
from posd.snapshot import LaneView, SaleView

COLUMNS = 20
PASSING = (Verdict.PAID, Verdict.NOT_PAID, Verdict.VOIDED, Verdict.REFUNDED, Verdict.AUTHORIZED)

_PLAIN_SHOP = "LINE Pay"  # for a shop whose name a display of ASCII cannot show

Lines = tuple[str, str]
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen last: the lane, the last sale at its counter, the notices from before it."""

    lane: LaneView
    watched: str = ""
    seen_notice: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes on at the counter: the sale, and the code of what was scanned in its place."""

    sale: SaleView | None = None
    wrong_code: str = ""


def sight(before: Sight | None, lane: LaneView) -> Sight:
    """The next sight, after a newer view of the lane."""
    watched = before.watched if before else ""
    if before and lane.selling and lane.selling.id == watched:
        return replace(before, lane=lane)
    seen_notice = lane.notice.number if lane.notice else 0
    return Sight(lane, lane.selling.id if lane.selling else watched, seen_notice)


def scene(seen: Sight) -> Scene:
    """What to tell the customer: of the watched sale also after it has left the counter."""
    lane = seen.lane
    known = (lane.selling, lane.last, *lane.unfinished, *lane.recent)
    sale = next((one for one in known if one and one.id == seen.watched), None)
    if sale is None or sale.verdict != Verdict.WAITING:
        return Scene(sale)
    fresh = lane.notice is not None and lane.notice.number > seen.seen_notice
    return Scene(sale, lane.notice.code if lane.notice and fresh else "")


def display_lines(lane: LaneView, now: Scene, words: Words) -> Lines:
    """The two lines of `now` in the language of the catalogue `words`; TEST goes before them."""
    if now.sale is None:
        upper, lower = lane.store_name, words["display.line.welcome"]
    else:
        upper, lower = _of_sale(now.sale, now.wrong_code, words)
    return cut(f"TEST {upper}" if lane.test else upper), cut(lower)


def plain(lane: LaneView) -> LaneView:
    """The lane with a shop name that every display can show."""
    return lane if lane.store_name.isascii() else replace(lane, store_name=_PLAIN_SHOP)


def columns(text: str) -> int:
    """How many places the text takes; a full-width character two, each mark of Thai one."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str) -> str:
    """The beginning of `text` that has room on a line."""
    while columns(text) > COLUMNS:
        text = text[:-1]
    return text.rstrip()


def _of_sale(sale: SaleView, wrong_code: str, words: Words) -> Lines:
    amount = f"{sale.currency} {sale.amount}"
    told = words[f"display.line.{sale.verdict}"]
    match sale.verdict:
        case Verdict.WAITING:
            coached = words.get(f"display.code.{wrong_code}")
            return (coached, words["display.code.ask"]) if coached else (amount, told)
        case Verdict.WORKING if sale.awaiting_customer:
            return amount, words["display.line.confirm"]
        case Verdict.NOT_PAID:
            return told, _reason(sale, words)
        case Verdict.PAID | Verdict.VOIDED | Verdict.REFUNDED:
            return told, amount
        case _:
            return amount, told


def _reason(sale: SaleView, words: Words) -> str:
    """What to do, where that is for the customer to do; else why."""
    if sale.because == "declined":
        known = words.get(f"display.next.{sale.next_action}")
        return known or words["display.reason.declined"]
    return words.get(f"display.reason.{sale.because}", "")
