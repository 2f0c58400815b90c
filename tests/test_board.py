"""What the board shows, how much of it, and to whom."""

from __future__ import annotations

from dataclasses import replace

from posd.board import RECENT_LIMIT, Board
from posd.core.order import MoneyState, Order
from posd.snapshot import DeviceView, GatewayView, SaleView
from tests.core import lanes, orders

NOW_NS = lanes.BOOT_NS


def board() -> Board:
    return Board(lanes.RULES, action=lambda code: f"action_for_{code}")


def order(number: int, money: MoneyState = MoneyState.CONFIRMED) -> Order:
    name = f"order-{number}"
    return replace(orders.money(money), order_id=name, sale_id=f"sale-{number}")


def publish(
    shown: Board, *known: Order, selling: str | None = None, hindrances: tuple[str, ...] = ()
) -> None:
    views: dict[str, SaleView] = {
        one.order_id: shown.refresh(one, seq, NOW_NS) for seq, one in enumerate(known, 1)
    }
    shown.publish(views, selling=selling, seq=len(known), hindrances=hindrances)


def test_before_anything_is_known_it_takes_no_sale_and_says_so() -> None:
    view = board().view
    assert (view.hindrances, view.selling, view.last, view.recent) == (
        ("starting",),
        None,
        None,
        (),
    )
    assert (view.scanner.condition, view.printer.condition) == ("unknown", "unknown")
    assert (view.gateway.condition, view.notice, view.seq) == ("unknown", None, 0)
    assert view.waits_s == {"verdict": 60.0, "key": 120.0}


def test_it_has_met_its_devices_when_all_three_have_spoken() -> None:
    shown = board()
    shown.device(DeviceView("scanner", "serial", "lost"))
    shown.device(DeviceView("printer", "escpos", "silent", ready=True))
    assert not shown.met_devices
    shown.gateway(GatewayView("unreachable"))
    assert shown.met_devices


def test_it_remembers_the_newest_and_no_more() -> None:
    shown = board()
    for number in range(RECENT_LIMIT + 5):
        shown.remember(order(number), number, NOW_NS)
    publish(shown)
    ids = [one.id for one in shown.view.recent]
    assert ids == [f"sale-{number}" for number in range(RECENT_LIMIT + 4, 4, -1)]


def test_what_becomes_of_a_sale_is_shown_in_its_place() -> None:
    shown = board()
    for number in range(3):
        shown.remember(order(number, MoneyState.SENT), number, NOW_NS)
    shown.refresh(order(1), 7, NOW_NS)
    publish(shown)
    assert [(one.id, one.state) for one in shown.view.recent] == [
        ("sale-2", "SENT"),
        ("sale-1", "CONFIRMED"),
        ("sale-0", "SENT"),
    ]
    assert shown.view.recent[1].seq == 7


def test_a_sale_that_is_not_among_the_recent_ones_is_not_put_there_by_news_of_it() -> None:
    shown = board()
    shown.remember(order(1), 1, NOW_NS)
    assert shown.refresh(order(0), 2, NOW_NS).id == "sale-0"
    publish(shown)
    assert [one.id for one in shown.view.recent] == ["sale-1"]


def test_the_sale_at_the_counter_is_not_the_last_one() -> None:
    shown = board()
    paid, waiting = order(1), order(2, MoneyState.ARMED)
    shown.remember(paid, 1, NOW_NS)
    shown.remember(waiting, 2, NOW_NS)
    publish(shown, waiting, selling="order-2")
    assert shown.view.selling is not None
    assert shown.view.last is not None
    assert (shown.view.selling.id, shown.view.last.id) == ("sale-2", "sale-1")
    assert shown.view.unfinished == ()


def test_every_sent_sale_in_memory_is_unfinished_also_when_it_is_not_recent() -> None:
    shown = board()
    doubts = [order(number, MoneyState.UNKNOWN) for number in range(RECENT_LIMIT + 10)]
    for number, one in enumerate(doubts):
        shown.remember(one, number, NOW_NS)
    publish(shown, *doubts)
    assert [one.seq for one in shown.view.unfinished] == list(range(1, RECENT_LIMIT + 11))


def test_each_notice_has_a_higher_number_than_the_one_before() -> None:
    shown = board()
    for code in ("scan_not_armed", "scan_not_armed", "key_used"):
        shown.notice(code, {"got": "13"})
    publish(shown)
    assert shown.view.notice is not None
    assert (shown.view.notice.number, shown.view.notice.code) == (3, "key_used")
    assert shown.view.notice.details == {"got": "13"}


def test_a_device_that_was_given_up_is_shown_so_and_not_ready() -> None:
    shown = board()
    shown.device(DeviceView("printer", "escpos", "ready", ready=True))
    shown.disable("printer")
    shown.disable("scanner")
    assert (shown.view.printer.condition, shown.view.printer.ready) == ("disabled", False)
    assert (shown.view.scanner.kind, shown.view.scanner.condition) == ("scanner", "disabled")


def test_listeners_are_told_of_each_new_view_until_they_leave() -> None:
    shown, seen = board(), []
    leave = shown.subscribe(lambda: seen.append(shown.view.seq))
    other = shown.subscribe(lambda: seen.append(-1))
    publish(shown, order(1))
    leave()
    leave()
    publish(shown, order(1), order(2))
    other()
    publish(shown)
    assert seen == [1, -1, -1]


def test_a_reader_keeps_the_view_that_it_took() -> None:
    shown = board()
    shown.remember(order(1), 1, NOW_NS)
    publish(shown)
    taken = shown.view
    shown.remember(order(2), 2, NOW_NS)
    publish(shown, hindrances=("stopping",))
    assert [one.id for one in taken.recent] == ["sale-1"]
    assert taken.hindrances == ()
    assert shown.view.hindrances == ("stopping",)


def test_an_action_for_a_decline_is_asked_from_its_code() -> None:
    declined = replace(order(1, MoneyState.NOT_PAID), because="declined", code="1142")
    assert board().look(declined, 1, NOW_NS).next_action == "action_for_1142"


def test_a_lane_without_a_customer_display_shows_none() -> None:
    shown = board()
    assert shown.view.display is None
    seen = DeviceView("display", "line_display", "lost")
    shown.device(seen)
    assert shown.view.display == seen
    assert shown.view.printer.condition == "unknown"
    shown.disable("display")
    assert shown.view.display == DeviceView("display", "line_display", "disabled")
