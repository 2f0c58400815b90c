"""Scan to request, approval to print, and what the daemon uses after a thousand sales.

Rule: posd and the bare loop take turns, sale by sale, at the same gateway.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from bench.children import Child
from bench.counter import PAUSE_S, BareCounter, Counter, Times, bare_counter, counter
from bench.daemon import Daemon
from bench.figures import Figure, median, p99
from bench.plan import Plan

FOOTER = (
    "謝謝光臨,歡迎再來",
    "七天內憑收據退換貨",
    "營業時間 每日上午十時至晚上十時",
    "本店使用LINE Pay付款享點數回饋",
    "ขอบคุณที่ใช้บริการ",
    "โปรดเก็บใบเสร็จไว้เป็นหลักฐาน",
    "เปลี่ยนสินค้าได้ภายในเจ็ดวัน",
    "ありがとうございました",
    "またのご来店をお待ちしております",
    "永康街12巷5號1樓",
)
_NAMES = ("珍珠奶茶", "ชาไทยเย็น", "抹茶ラテ", "芋頭西米露", "ข้าวเหนียวมะม่วง")
_WARM_UP = 20
_LINES = 10


def sales(plan: Plan, place: Path) -> Iterator[Figure]:
    """The plain daemon with bitmaps on every receipt, against the bare kept-alive loop."""
    with (
        Child("bench.gateway") as gateway,
        counter(place / "sales", gateway, footer=FOOTER) as posd,
        bare_counter(gateway) as bare,
    ):
        yield _cpu_per_sale(posd, plan)
        ours, theirs = _take_turns(posd, bare, plan.sales)
        rested, bare_rested = _take_turns(posd, bare, plan.sales, pause_s=PAUSE_S)
        posd.prove_paid()
        scan = [times.scan_to_request for times in ours]
        after_pause = [times.scan_to_request for times in rested]
        notes = {"p99": p99(after_pause), "bare_ms": median(bare_rested)}
        yield Figure("scan_to_request_rested_ms", median(after_pause), "ms", notes)
        yield Figure("scan_to_request_ms_median", median(scan), "ms", {"least": min(scan)})
        yield Figure("scan_to_request_ms_p99", p99(scan), "ms", {"most": max(scan)})
        yield _ratio("ratio_plain", scan, theirs)
        yield _approval("approval_to_print_footer_ms", rested)
        yield from _idle(posd.daemon, plan.idle_s)


def tls(plan: Plan, place: Path) -> Iterator[Figure]:
    """The daemon over TLS, against a loop that connects for each sale."""
    with (
        Child("bench.gateway", "--tls") as gateway,
        counter(place / "tls", gateway) as posd,
        bare_counter(gateway) as bare,
    ):
        _warm_up(posd, _WARM_UP)
        ours, theirs = _take_turns(posd, bare, plan.sales)
        posd.prove_paid()
        yield _ratio("ratio_tls_connect", [times.scan_to_request for times in ours], theirs)


def printing(plan: Plan, place: Path) -> Iterator[Figure]:
    """Receipts in plain ASCII (with QR code and barcode), and with ten lines never seen before."""
    with Child("bench.gateway") as gateway, counter(place / "printing", gateway) as posd:
        _warm_up(posd, _WARM_UP)
        text, lines = [], []
        for number in range(plan.sales):
            text.append(posd.sell(pause_s=PAUSE_S))
            lines.append(posd.sell(_fresh_basket(number), PAUSE_S))
        posd.prove_paid()
        yield _approval("approval_to_print_text_ms", text)
        yield _approval("approval_to_print_lines_ms", lines)


def _warm_up(posd: Counter, sales: int) -> None:
    for _ in range(sales):
        posd.sell()


def _take_turns(
    posd: Counter, bare: BareCounter, sales: int, *, pause_s: float = 0.0
) -> tuple[list[Times], list[float]]:
    for _ in range(_WARM_UP):
        bare.sell()
    turns = [(posd.sell(pause_s=pause_s), bare.sell(pause_s)) for _ in range(sales)]
    return [ours for ours, _ in turns], [theirs for _, theirs in turns]


def _fresh_basket(number: int) -> list[dict[str, str]]:
    """Ten lines that no receipt had before, so that each is drawn anew."""
    names = itertools.islice(itertools.cycle(_NAMES), _LINES)
    return [{"name": f"{name} {number}-{at}", "price": "1"} for at, name in enumerate(names)]


def _ratio(key: str, ours: list[float], theirs: list[float]) -> Figure:
    notes = {"posd_ms": median(ours), "bare_ms": median(theirs), "sales": len(ours)}
    return Figure(key, median(ours) / median(theirs), "times", notes)


def _approval(key: str, sold: list[Times]) -> Figure:
    job = [times.approval_to_print for times in sold]
    first = median([times.approval_to_first_byte for times in sold])
    return Figure(key, median(job), "ms", {"p99": p99(job), "first_byte_ms": first})


def _cpu_per_sale(posd: Counter, plan: Plan) -> Figure:
    before_s = posd.daemon.cpu_s()
    _warm_up(posd, plan.sales_before)
    used_ms = (posd.daemon.cpu_s() - before_s) * 1000
    return Figure("cpu_per_sale_ms", used_ms / plan.sales_before, "ms")


def _idle(daemon: Daemon, idle_s: float) -> Iterator[Figure]:
    time.sleep(1.0)  # what the last sale left to do
    before_s, at_s = daemon.cpu_s(), time.monotonic()
    time.sleep(idle_s)
    share = (daemon.cpu_s() - before_s) / (time.monotonic() - at_s)
    yield Figure("rss_mb", daemon.rss_mb(), "MiB")
    yield Figure("idle_cpu_pct", share * 100, "% of a core", {"seconds": idle_s})
