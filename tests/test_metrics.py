"""The lane in numbers: what is counted, when, and that the page is what Prometheus reads."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from posd.board import Board
from posd.core.order import MoneyState, Order, PaperState
from posd.metrics import HELP, Histogram, Metrics, Tally
from posd.snapshot import DeviceView, GatewayView, LaneView, SaleView
from tests.core import lanes, orders

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "metrics.md"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
_SAMPLE = re.compile(rf"({_NAME})(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? (\S+)")


def read(text: str) -> Samples:
    """The samples of a page; fails where the format (version 0.0.4) is not kept."""
    samples: Samples = {}
    kinds: dict[str, str] = {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds
            kinds[name] = kind
            continue
        parts = _SAMPLE.fullmatch(line)
        assert parts is not None, line
        labels = tuple((m[1], unescaped(m[2])) for m in re.finditer(_LABEL, parts[2] or ""))
        key = (parts[1], labels)
        assert key not in samples, line
        samples[key] = float(parts[parts.re.groups])
        family = re.sub("_(bucket|sum|count)$", "", parts[1])
        kind = kinds.get(parts[1]) or kinds[family]
        assert (kind == "counter") is parts[1].endswith("_total")
        assert list(kinds)[-1] in (parts[1], family), "a family stands together"
    return samples


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), text)


class Counter:
    """A board with a tally on it, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.board = Board(lanes.RULES, action=lambda code: code)
        self.tally = Tally(lambda: self.now_s)
        self.board.subscribe(lambda: self.tally.look(self.board.view))
        self.free = 10**9
        self.metrics = Metrics(lambda: self.board.view, self.tally, lambda: self.free)
        self._live: dict[str, Order] = {}

    def shows(self, *changed: Order, after_s: float = 0.0) -> None:
        """The next view, in which these orders are so."""
        self.now_s += after_s
        for order in changed:
            if order.order_id not in self._live:
                self.board.remember(order, 1, lanes.BOOT_NS)
            self._live[order.order_id] = order
        views = {n: self.board.refresh(o, 1, lanes.BOOT_NS) for n, o in self._live.items()}
        self.board.publish(views, selling=None, seq=len(self._live), hindrances=())

    def forgets(self, order: Order) -> None:
        del self._live[order.order_id]

    def samples(self) -> Samples:
        return read(self.metrics.text())

    def value(self, name: str, **labels: str) -> float:
        return self.samples().get((name, tuple(labels.items())), 0.0)


def order(number: int, money: MoneyState, paper: PaperState = PaperState.NOTHING) -> Order:
    name = f"order-{number}"
    return replace(orders.money(money), order_id=name, sale_id=f"sale-{number}", paper=paper)


@pytest.fixture
def counter() -> Iterator[Counter]:
    counter = Counter()
    counter.shows()
    yield counter


def paid(counter: Counter) -> float:
    return counter.value("posd_payments_total", result="paid", currency="TWD")


def test_a_payment_is_counted_once_when_it_has_a_verdict(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.ARMED))
    counter.shows(order(1, MoneyState.SENT))
    assert paid(counter) == 0
    for _ in range(3):
        counter.shows(order(1, MoneyState.CONFIRMED))
    assert paid(counter) == 1


def test_a_payment_that_was_first_seen_paid_is_counted(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.CONFIRMED), order(2, MoneyState.NOT_PAID))
    assert paid(counter) == 1
    assert counter.value("posd_payments_total", result="not_paid", currency="TWD") == 1


def test_what_the_first_view_shows_was_counted_by_the_process_before() -> None:
    counter = Counter()
    counter.shows(order(1, MoneyState.CONFIRMED), order(2, MoneyState.UNKNOWN))
    assert paid(counter) == 0
    counter.shows(order(2, MoneyState.CONFIRMED))
    assert paid(counter) == 1


def test_an_old_order_that_is_called_back_is_not_counted_again(counter: Counter) -> None:
    old = order(1, MoneyState.CONFIRMED)
    counter.shows(old)
    counter.forgets(old)
    counter.shows(*(order(number, MoneyState.NOT_PAID) for number in range(2, 40)))
    assert paid(counter) == 1
    counter._live[old.order_id] = old  # called back: unfinished again, and not among the recent
    counter.shows()
    assert paid(counter) == 1


def test_a_payment_that_becomes_paid_after_doubt_is_counted_under_both(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.SENT))
    counter.shows(replace(order(1, MoneyState.UNKNOWN), overdue=True))
    counter.shows(order(1, MoneyState.CONFIRMED))
    told = {
        dict(labels)["result"]: value
        for (name, labels), value in counter.samples().items()
        if name == "posd_payments_total"
    }
    assert told == {"not_confirmed": 1, "paid": 1}


def test_approval_and_paper_are_timed_from_view_to_view(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.SENT))
    counter.shows(order(1, MoneyState.CONFIRMED, PaperState.PRINTING), after_s=0.7)
    counter.shows(order(1, MoneyState.CONFIRMED, PaperState.PRINTED), after_s=0.03)
    assert counter.value("posd_approval_seconds_sum") == 0.7
    assert counter.value("posd_approval_seconds_bucket", le="0.5") == 0
    assert counter.value("posd_approval_seconds_bucket", le="1.0") == 1
    assert counter.value("posd_approval_to_print_seconds_sum") == 0.03
    assert counter.value("posd_print_jobs_total", result="printed") == 1


def test_a_payment_that_was_never_seen_sent_has_no_approval_time(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.ARMED))
    counter.shows(order(1, MoneyState.CONFIRMED, PaperState.PRINTING), after_s=30)
    counter.shows(order(1, MoneyState.CONFIRMED, PaperState.PRINTED), after_s=0.02)
    assert counter.value("posd_approval_seconds_count") == 0
    assert counter.value("posd_approval_to_print_seconds_sum") == 0.02


def test_a_payment_that_was_kept_after_doubt_is_not_timed_from_its_request(
    counter: Counter,
) -> None:
    counter.shows(order(1, MoneyState.SENT))
    counter.shows(replace(order(1, MoneyState.UNKNOWN), overdue=True), after_s=60)
    counter.shows(order(1, MoneyState.CONFIRMED), after_s=900)
    assert counter.value("posd_approval_seconds_sum") == 60


def test_a_copy_counts_as_a_print_and_is_not_timed(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.SENT))
    done = order(1, MoneyState.CONFIRMED, PaperState.PRINTED)
    counter.shows(done)
    counter.shows(replace(done, copy=1), after_s=500)
    assert counter.value("posd_print_jobs_total", result="printed") == 2
    assert counter.value("posd_approval_to_print_seconds_count") == 1


def test_what_is_not_known_is_told_with_its_age(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.UNKNOWN), order(2, MoneyState.CONFIRMED))
    assert counter.value("posd_payments_unknown") == 1
    assert counter.value("posd_payments_unfinished") == 2
    assert counter.value("posd_unknown_age_seconds") > 0


def test_devices_and_gateway_are_up_or_down(counter: Counter) -> None:
    assert not any(name == "posd_gateway_up" for name, _ in counter.samples())
    counter.board.device(DeviceView("scanner", "serial", "connected", ready=True))
    counter.board.device(DeviceView("printer", "escpos", "paper_out"))
    counter.board.gateway(GatewayView("unreachable", "dns"))
    samples = counter.samples()
    up = {k[1][0][1]: v for k, v in samples.items() if k[0] == "posd_device_up"}
    assert up == {"scanner": 1, "printer": 0}
    assert samples["posd_gateway_up", ()] == 0


def test_why_no_sale_is_taken_is_told(counter: Counter) -> None:
    assert counter.value("posd_sales_taken") == 1
    counter.board.publish({}, selling=None, seq=1, hindrances=("disk_low",))
    assert counter.value("posd_sales_taken") == 0
    assert counter.value("posd_hindrance", reason="disk_low") == 1


def test_a_medium_that_does_not_answer_leaves_its_sample_out(counter: Counter) -> None:
    assert counter.value("posd_disk_free_bytes") == 10**9

    def gone() -> int:
        raise OSError

    page = Metrics(lambda: counter.board.view, counter.tally, gone).text()
    assert "posd_disk_free_bytes" not in page
    read(page)


def test_no_order_reference_or_amount_is_on_the_page(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.UNKNOWN), order(2, MoneyState.CONFIRMED))
    page = counter.metrics.text()
    sale: SaleView = counter.board.view.unfinished[0]
    for text in (sale.id, sale.order_id, sale.reference, sale.receipt_number):
        assert text not in page


def test_every_metric_has_a_line_in_the_reference_and_none_is_told_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `(posd_\w+)", REFERENCE.read_text("utf-8"), re.MULTILINE))
    assert told == set(HELP)


@given(st.text())
def test_any_name_of_a_shop_can_be_read_back(name: str) -> None:
    board = Board(lanes.RULES, action=lambda code: code)
    view: LaneView = replace(board.view, store=name)
    text = Metrics(lambda: view, Tally(), lambda: 1).text()
    lines = text.split("\n")
    (built,) = (line for line in lines if line.startswith("posd_build_info"))
    parts = _SAMPLE.fullmatch(built)
    assert parts is not None
    told = {m[1]: unescaped(m[2]) for m in re.finditer(_LABEL, parts[2])}
    assert told["store"] == name


@given(st.lists(st.floats(0, 100, allow_nan=False), max_size=30))
def test_a_histogram_counts_all_in_the_bucket_they_fit_in(seconds: list[float]) -> None:
    histogram = Histogram((0.5, 5.0, 50.0))
    for one in seconds:
        histogram.observe(one)
    samples = read("# TYPE h histogram\n" + "".join(f"{x}\n" for x in histogram.lines("h")))
    for bound in ("0.5", "5.0", "50.0", "+Inf"):
        below = sum(one <= float(bound) for one in seconds)
        assert samples["h_bucket", (("le", bound),)] == below
    assert samples["h_count", ()] == len(seconds)
    assert math.isclose(samples["h_sum", ()], sum(seconds), abs_tol=1e-4)


EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


def expressions() -> list[str]:
    rules = yaml.safe_load((EXAMPLES / "alerts.yaml").read_text("utf-8"))
    alerts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    panels = json.loads((EXAMPLES / "grafana-dashboard.json").read_text("utf-8"))["panels"]
    return alerts + [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_what_the_examples_ask_for_is_there(expression: str) -> None:
    named = set(re.findall(r"posd_\w+", expression))
    bare = {name for name in named if name not in HELP}
    assert {re.sub("_(bucket|sum|count)$", "", name) for name in named} <= set(HELP)
    assert all(name.endswith("_bucket") for name in bare)


def test_every_alert_says_what_to_do() -> None:
    rules = yaml.safe_load((EXAMPLES / "alerts.yaml").read_text("utf-8"))
    for rule in rules["groups"][0]["rules"]:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "action"}


def test_no_panel_of_the_dashboard_covers_another() -> None:
    panels = json.loads((EXAMPLES / "grafana-dashboard.json").read_text("utf-8"))["panels"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_takes_the_page_and_the_rules(counter: Counter) -> None:
    counter.shows(order(1, MoneyState.CONFIRMED))
    page = counter.metrics.text().encode()
    metrics = subprocess.run(["promtool", "check", "metrics"], input=page, check=False)
    rules = ["promtool", "check", "rules", str(EXAMPLES / "alerts.yaml")]
    assert (metrics.returncode, subprocess.run(rules, check=False).returncode) == (0, 0)
