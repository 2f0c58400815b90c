"""The engine's side of the door: asks go into the inbox, reads come from board and journal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

import pytest

from devices.values import Barcode, Text
from posd.board import Board
from posd.door import CancelSale
from posd.front_door import FrontDoor, Reach
from posd.inbox import Asked, Inbox
from posd.linepay import Account
from posd.snapshot import SaleView
from posd.workers.inquirer import Inquirer
from tests.core import lanes, orders
from tests.journal import samples

ACCOUNT = Account("http://127.0.0.1:9", "1234567890", "secret", "v4", "L01", "POS")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def board() -> Board:
    return Board(lanes.RULES, action=lambda code: code)


@pytest.fixture
def door(tmp_path: Path, inbox: Inbox, board: Board) -> FrontDoor:
    samples.write(tmp_path, samples.paid(1), [samples.opened(2), samples.sent(2)])
    return FrontDoor(
        inbox=inbox,
        board=board,
        journal_directory=tmp_path,
        reach=Reach(
            inquirer=Inquirer(cast(Any, None), ACCOUNT),
            alive=lambda: {"engine": True},
            open_drawer=Future,
        ),
    )


def test_an_ask_goes_into_the_inbox_and_its_future_is_the_one_that_is_answered(
    door: FrontDoor, inbox: Inbox
) -> None:
    future = door.ask(CancelSale("sale-1"))
    assert not future.done()
    message = inbox.get(timeout=1)
    assert isinstance(message, Asked)
    assert (message.ask, message.reply is future) == (CancelSale("sale-1"), True)


@pytest.mark.parametrize(
    "name", ["sale-1", samples.order_id(1), "R00000001"], ids=["sale", "order", "receipt"]
)
def test_a_finished_sale_is_found_in_the_journal_by_each_of_its_names(
    door: FrontDoor, name: str
) -> None:
    sale = door.sale(name)
    assert sale is not None
    assert (sale.order_id, sale.verdict, sale.receipt) == (samples.order_id(1), "PAID", "PRINTED")
    assert sale.seq == 8


def test_a_sale_on_the_board_is_told_as_it_stands_there(door: FrontDoor, board: Board) -> None:
    order = orders.money(orders.MoneyState.SENT)
    board.remember(order, 99, lanes.BOOT_NS)
    board.publish({}, selling=None, seq=99, hindrances=())
    for name in ("sale-A", "A", "R000001"):
        told = door.sale(name)
        assert told is board.view.recent[0]


def test_an_unfinished_sale_is_told_from_the_board_also_when_it_is_not_recent(
    door: FrontDoor, board: Board
) -> None:
    view: SaleView = board.refresh(orders.money(orders.MoneyState.UNKNOWN), 5, lanes.BOOT_NS)
    board.publish({"A": view}, selling=None, seq=5, hindrances=())
    assert door.sale("A") is view


@pytest.mark.parametrize("read", [FrontDoor.sale, FrontDoor.receipt])
def test_a_name_that_nobody_has_finds_nothing(
    door: FrontDoor, read: Callable[[FrontDoor, str], object]
) -> None:
    for name in ("nobody", "", "x' OR 1=1 --", "\0"):
        assert read(door, name) is None


def test_the_receipt_of_a_paid_sale_is_the_one_that_was_printed(door: FrontDoor) -> None:
    document = door.receipt("sale-1")
    assert document is not None
    assert Barcode("R00000001") in document.elements
    texts = [element.text for element in document.elements if isinstance(element, Text)]
    assert samples.order_id(1) in texts


def test_there_is_no_receipt_before_the_payment_is_confirmed(door: FrontDoor) -> None:
    assert door.receipt("sale-2") is None


def test_lane_listeners_and_life_are_handed_through(door: FrontDoor, board: Board) -> None:
    assert door.lane() is board.view
    heard: list[int] = []
    leave = door.subscribe(lambda: heard.append(1))
    board.publish({}, selling=None, seq=1, hindrances=())
    leave()
    board.publish({}, selling=None, seq=2, hindrances=())
    assert heard == [1]
    assert door.alive() == {"engine": True}


def test_an_inquiry_sets_line_pays_answers_beside_the_journal(door: FrontDoor) -> None:
    found = door.inquire("sale-1")
    assert found is not None
    assert found.sale.verdict == "PAID"
    assert [(told.operation, told.outcome, told.reason) for told in found.told] == [
        ("check", "not_sent", "account_not_configured")
    ]
    assert door.inquire("nobody") is None
