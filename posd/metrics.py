"""What a monitoring system may know of the lane, in Prometheus' text format (version 0.0.4).

The one rule: nothing is measured for it on a payment's way: counts and times are read off the views
that the board publishes anyway, and rendered when somebody asks. No label names an order.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from posd.core.order import MoneyState, PaperState, Verdict
from posd.snapshot import LaneView, SaleView

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
APPROVAL_BUCKETS_S: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0)
PAPER_BUCKETS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PASSING: Final = frozenset({Verdict.WAITING, Verdict.WORKING})
_AT_WORK: Final = frozenset({PaperState.NOTHING, PaperState.PRINTING})
_OUT: Final = frozenset({PaperState.PRINTED, PaperState.PROBABLE})
_UNKNOWN: Final = frozenset(
    {MoneyState.UNKNOWN, MoneyState.CAPTURE_UNKNOWN, MoneyState.REVERSAL_UNKNOWN}
)

Labels = Mapping[str, str]


@dataclass(slots=True)
class Histogram:
    """Seconds counted into buckets; `bounds_s` are their upper ends, included."""

    bounds_s: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    sum_s: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds_s) + 1)

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.bounds_s, seconds)] += 1
        self.sum_s += seconds

    def lines(self, name: str) -> Iterator[str]:
        """Its samples; buckets include those below them."""
        below = 0
        for bound_s, count in zip((*map(str, self.bounds_s), "+Inf"), self.counts, strict=True):
            below += count
            yield _sample(f"{name}_bucket", {"le": bound_s}, below)
        yield _sample(f"{name}_sum", {}, round(self.sum_s, 6))
        yield _sample(f"{name}_count", {}, below)


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a sale was when it was looked at last: verdict, receipt with its copies.

    `sent_s` is when it was first seen sent, `paid_s` when it was first seen PAID, until its paper.
    """

    verdict: str
    paper: tuple[str, int]
    view: SaleView | None = None
    sent_s: float | None = None
    paid_s: float | None = None


_OPENED: Final = _Seen(Verdict.WAITING, (PaperState.NOTHING, 0))


class Tally:
    """Counts what sales come to, from one view to the next; the first view only says what was."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()  # the engine counts, the API's thread reads
        self._seen: dict[str, _Seen] | None = None
        self._payments: Counter[tuple[str, str]] = Counter()
        self._papers: Counter[str] = Counter()
        self._approval = Histogram(APPROVAL_BUCKETS_S)
        self._to_paper = Histogram(PAPER_BUCKETS_S)

    def look(self, view: LaneView) -> None:
        """Count what changed since the view before; on the engine's thread."""
        at_s = self._clock_s()
        with self._lock:
            known = self._seen or {}
            # Only what this process opened comes anew among the recent ones; an order that was
            # called back for an act on it is known from then on, and was counted in its own time.
            fresh = {sale.order_id for sale in view.recent} if self._seen is not None else set()
            sales = {sale.order_id: sale for sale in (*view.unfinished, *view.recent)}
            seen = {}
            for name, sale in sales.items():
                was = known.get(name) or (_OPENED if name in fresh else _as_it_is(sale))
                # The board shows the same view again where nothing happened to a sale.
                seen[name] = was if was.view is sale else self._counted(sale, was, at_s)
            self._seen = seen

    def lines(self) -> list[str]:
        """The samples of all that was counted."""
        with self._lock:
            payments = [
                _sample("posd_payments_total", {"result": result, "currency": currency}, count)
                for (result, currency), count in sorted(self._payments.items())
            ]
            papers = [
                _sample("posd_print_jobs_total", {"result": result}, count)
                for result, count in sorted(self._papers.items())
            ]
            return [
                *_family("posd_payments_total", "counter", payments),
                *_family("posd_print_jobs_total", "counter", papers),
                *_histogram("posd_approval_seconds", self._approval),
                *_histogram("posd_approval_to_print_seconds", self._to_paper),
            ]

    def _counted(self, sale: SaleView, was: _Seen, at_s: float) -> _Seen:
        now = _as_it_is(sale)
        has_left = was.sent_s is None and sale.state == MoneyState.SENT
        sent_s, paid_s = at_s if has_left else was.sent_s, was.paid_s
        if now.verdict != was.verdict and now.verdict not in _PASSING:
            self._payments[now.verdict.lower(), sale.currency] += 1
            paid_s = at_s if now.verdict == Verdict.PAID else None
            if sent_s is not None and was.verdict in _PASSING:
                self._approval.observe(at_s - sent_s)
        if now.paper != was.paper and now.paper[0] not in _AT_WORK:
            self._papers[now.paper[0].lower()] += 1
            if paid_s is not None and now.paper[0] in _OUT:
                self._to_paper.observe(at_s - paid_s)
            paid_s = None
        return replace(now, sent_s=sent_s, paid_s=paid_s)


def _as_it_is(sale: SaleView) -> _Seen:
    return _Seen(sale.verdict, (sale.receipt, sale.copies), sale)


class Metrics:
    """The whole page: the newest view, the tally, the room on the disk."""

    def __init__(
        self, lane: Callable[[], LaneView], tally: Tally, free_bytes: Callable[[], int]
    ) -> None:
        self._lane, self._tally, self._free_bytes = lane, tally, free_bytes

    def text(self) -> str:
        """All samples as they are now; may be called by any thread."""
        view = self._lane()
        lines = [*_families(view, time.time()), *self._tally.lines(), *self._disk()]
        return "".join(f"{line}\n" for line in lines)

    def _disk(self) -> Iterator[str]:
        try:
            free = self._free_bytes()
        except OSError:
            return  # a medium that does not answer has no number; its sample is missing
        yield from _gauge("posd_disk_free_bytes", [_sample("posd_disk_free_bytes", {}, free)])


def _families(view: LaneView, wall_s: float) -> Iterator[str]:
    built = {"version": view.version, "store": view.store, "lane": view.lane}
    test = {"test": "1" if view.test else "0"}
    yield from _one("posd_build_info", 1, **built, **test)
    yield from _one("posd_journal_seq", view.seq)
    yield from _one("posd_payments_unfinished", len(view.unfinished))
    unknown = [sale for sale in view.unfinished if sale.state in _UNKNOWN]
    yield from _one("posd_payments_unknown", len(unknown))
    yield from _one("posd_unknown_age_seconds", _oldest_s(unknown, wall_s))
    waiting = sum(bool(sale.attention) for sale in view.unfinished)
    yield from _one("posd_orders_with_attention", waiting)
    yield from _one("posd_sales_taken", int(not view.hindrances))
    blocked = [_sample("posd_hindrance", {"reason": reason}, 1) for reason in view.hindrances]
    yield from _gauge("posd_hindrance", blocked)
    yield from _gauge("posd_device_up", list(_devices(view)))
    if view.gateway.condition != "unknown":
        yield from _one("posd_gateway_up", int(view.gateway.condition == "reachable"))


def _devices(view: LaneView) -> Iterator[str]:
    for device in (view.scanner, view.printer, view.display):
        if device is not None and device.driver:
            labels = {"kind": device.kind, "driver": device.driver}
            yield _sample("posd_device_up", labels, int(device.ready))


def _oldest_s(sales: Iterable[SaleView], wall_s: float) -> float:
    """Seconds since the oldest was opened, by the wall clock; 0 where there is none."""
    opened_s = (datetime.fromisoformat(sale.opened_at).timestamp() for sale in sales)
    return round(max(0.0, wall_s - min(opened_s, default=wall_s)), 3)


# ---- the format (prometheus.io/docs/instrumenting/exposition_formats) ------------------------

HELP: Final = {
    "posd_build_info": "Which posd this is; always 1.",
    "posd_journal_seq": "Sequence of the newest record of the journal.",
    "posd_payments_unfinished": "Orders that are not at their end.",
    "posd_payments_unknown": "Orders of which it is not known where the money is.",
    "posd_unknown_age_seconds": "Time since the oldest of them was opened.",
    "posd_orders_with_attention": "Unfinished orders that a person should look at.",
    "posd_sales_taken": "1 while a sale would be taken.",
    "posd_hindrance": "1 for each reason for which no sale is taken.",
    "posd_device_up": "1 while the device is ready.",
    "posd_gateway_up": "1 while LINE Pay was reachable when last met; absent before.",
    "posd_disk_free_bytes": "Room on the medium of the journal.",
    "posd_payments_total": "Verdicts that orders came to since posd started.",
    "posd_print_jobs_total": "How prints of receipts ended since posd started.",
    "posd_approval_seconds": "From the request to LINE Pay until a verdict.",
    "posd_approval_to_print_seconds": "From PAID until the receipt is out.",
}


def _one(name: str, value: float, **labels: str) -> list[str]:
    return _gauge(name, [_sample(name, labels, value)])


def _gauge(name: str, samples: list[str]) -> list[str]:
    return _family(name, "gauge", samples)


def _histogram(name: str, histogram: Histogram) -> list[str]:
    return _family(name, "histogram", list(histogram.lines(name)))


def _family(name: str, kind: str, samples: list[str]) -> list[str]:
    return [f"# HELP {name} {HELP[name]}", f"# TYPE {name} {kind}", *samples]


def _sample(name: str, labels: Labels, value: float) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
