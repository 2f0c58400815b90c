"""Money that goes back: from the command line to LINE Pay's books, and through a crash."""

from __future__ import annotations

from typing import Any

import pytest

from posd.core.people import Role
from posd.people import pins
from posd.people.store import PeopleStore, Person

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Ended, Posd, Shop
from .waiting import eventually

PIN = "4711"


@pytest.fixture(scope="session")
def pin_hash() -> str:
    return pins.hashed(PIN)


@pytest.fixture
def posd(shop: Shop, pin_hash: str) -> Posd:
    shop.state.mkdir(mode=0o700)
    PeopleStore(shop.state / "people.json").put(Person("lin", Role.SUPERVISOR, pin_hash))
    shop.settings["timing"]["scale"] = 0.02
    return shop.start()


def act(posd: Posd, verb: str, sale: Any, *words: str) -> Ended:
    """`posd VERB ID`, the PIN on stdin."""
    command = (verb, sale["id"], *words, "--actor", "lin", "--reason", "test", "--yes", "--json")
    return posd.cli(*command, said=f"{PIN}\n")


def test_a_whole_payment_is_given_back_and_both_books_say_so(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    ended = act(posd, "refund", sale)
    assert (ended.code, ended.json["verdict"], ended.json["refunded"]) == (0, "REFUNDED", "120")
    assert len(sandbox.refunds(sale["order_id"])) == 1
    again = act(posd, "refund", sale)
    assert (again.code, again.json["code"]) == (1, "already_reversed")
    agreed = posd.cli("inquire", sale["order_id"], "--json")
    assert (agreed.code, agreed.json["differences"]) == (0, [])


def test_two_parts_are_given_back_and_no_more_than_was_taken(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    first = act(posd, "refund", sale, "20")
    assert (first.code, first.json["verdict"], first.json["refunded"]) == (0, "PAID", "20")
    refused = act(posd, "refund", sale, "101")
    assert (refused.code, refused.json["code"]) == (1, "more_than_left")
    rest = act(posd, "refund", sale)
    assert (rest.code, rest.json["verdict"], rest.json["refunded"]) == (0, "REFUNDED", "120")
    assert len(sandbox.refunds(sale["order_id"])) == 2


def test_a_lost_answer_to_a_partial_refund_is_read_and_never_sent_again(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    sandbox.arm("refund", "close:after", count=1)
    act(posd, "refund", sale, "20")
    found = posd.sale_when(sale, verdict="PAID", refunded="20")
    assert found["state"] == "CONFIRMED"
    assert len(sandbox.refunds(sale["order_id"])) == 1


def test_a_full_refund_that_never_arrived_is_sent_again_after_a_read(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    sandbox.arm("refund", "close:before", count=1)
    ended = act(posd, "refund", sale)
    assert (ended.code, ended.json["verdict"]) == (3, "REFUND_OWED")
    posd.sale_when(sale, verdict="REFUNDED")
    assert len(sandbox.refunds(sale["order_id"])) == 1
    sent = [name for name in posd.shop.records(sale["order_id"]) if name == "ReversalSent"]
    assert len(sent) == 2


def test_posd_killed_while_a_refund_is_out_reads_before_anything_else(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    sandbox.arm("refund", "no-answer:after")
    body = {"actor": "lin", "pin": PIN, "amount": "20"}
    now = posd.api.sale(sale["id"])
    posd.api.act(now, "refunds", body, idempotency_key="refund-1")
    posd.sale_when(sale, state="REVERSING")
    eventually(lambda: sandbox.refunds(sale["order_id"]))
    posd.kill()
    again = posd.shop.start()
    again.sale_when(sale, verdict="PAID", refunded="20")
    repeated = again.api.act(now, "refunds", body, idempotency_key="refund-1")
    assert (repeated["verdict"], repeated["refunded"]) == ("PAID", "20")
    assert len(sandbox.refunds(sale["order_id"])) == 1


def test_a_payment_that_was_abandoned_and_comes_late_is_given_back_by_itself(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.open()
    posd.scan(sandbox.key("lost-late:4"))
    doubted = posd.sale_when(sale, verdict="NOT_CONFIRMED")
    ended = posd.cli("abandon", doubted["id"], "--because", "paid_otherwise", "--yes", "--json")
    assert (ended.code, ended.json["wish"]) == (0, "ABANDONED")
    other = posd.sell(sandbox.key())
    assert other["verdict"] == "PAID"
    found = posd.sale_when(sale, verdict="REFUNDED")
    assert found["receipt"] == "NOTHING"
    assert len(sandbox.refunds(sale["order_id"])) == 1
    assert printer.paper().says("RESULT UNKNOWN", sale["order_id"])
    assert printer.paper().says(other["order_id"])
    assert printer.rest() == []


def test_a_till_without_a_person_gives_nothing_back(
    posd: Posd, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = posd.sell(sandbox.key())
    refused = posd.cli("refund", sale["id"], "--yes", "--json")
    assert (refused.code, refused.json["code"]) == (1, "above_cap")
    wrong = posd.cli("refund", sale["id"], "--actor", "lin", "--yes", "--json", said="0000\n")
    assert (wrong.code, wrong.json["code"]) == (1, "wrong_pin")
    assert sandbox.refunds(sale["order_id"]) == []


def test_an_authorization_is_captured_in_part_and_only_then_printed(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    shop.settings["linepay"]["capture"] = False
    posd = shop.start()
    sale = posd.sell(sandbox.key())
    assert (sale["verdict"], sale["receipt"]) == ("AUTHORIZED", "NOTHING")
    ended = posd.cli("capture", sale["id"], "100", "--yes", "--json")
    assert (ended.code, ended.json["verdict"], ended.json["captured"]) == (0, "PAID", "100")
    posd.sale_when(sale, receipt="PRINTED")
    assert printer.paper().says(sale["order_id"], "100 TWD")


def test_an_authorization_is_voided(
    posd: Posd, shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd.terminate()
    posd.exit_code()
    shop.settings["linepay"]["capture"] = False
    posd = shop.start()
    sale = posd.sell(sandbox.key())
    ended = act(posd, "void", sale)
    assert (ended.code, ended.json["verdict"]) == (0, "VOIDED")
    assert printer.paper().says("VOID", sale["order_id"])
    assert printer.rest() == []
