"""What some invariants notice: each is shown a history that breaks it, and one that does not."""

from __future__ import annotations

from typing import Any

import pytest

from devices.values import ReceiptDocument
from posd.core.commands import PrintSlip, SendReversal
from posd.core.instant import Instant
from posd.core.money import Money
from posd.core.records import (
    LaneStarted,
    MismatchProved,
    PaymentConfirmed,
    PaymentKept,
    PaymentNotPaid,
    PaySent,
    Record,
    SaleOpened,
)
from posd.core.reversal_records import (
    ReversalGivenUp,
    ReversalSent,
    SaleAbandoned,
    SaleAccepted,
)
from posd.core.rules import SECOND
from posd.core.slip_records import SlipStarted
from tests.model.at_commands import is_written_before_it_is_done
from tests.model.lateness import waits_for_a_person
from tests.model.roles import nobody_does_what_they_may_not
from tests.model.secrecy import no_key_is_shown, no_key_is_written, no_key_leaves_in
from tests.model.story import Aim, Move
from tests.model.world import RULES, World

CODE = "380000000000000007"
SCANNED_NS = 2_000 * SECOND
WHO = {"reason": "a reason", "idempotency_key": "k", "body_sha256": "b"}


@pytest.fixture
def world() -> World:
    return World(1)


def has(world: World, *records: Record, after_s: float = 0, boot_id: str = "boot-1") -> World:
    """The same world, in whose journal these were written so long after the scan."""
    at = Instant(world.wall_ms, SCANNED_NS + int(after_s * SECOND))
    world.journal.append(records, at=at, boot_id=boot_id)
    return world


def opened(order_id: str = "A", amount_minor: int = 120) -> SaleOpened:
    return SaleOpened(
        order_id=order_id,
        sale_id=order_id,
        receipt_number=f"R{order_id}",
        reference=order_id,
        idempotency_key=order_id,
        body_sha256="b",
        amount_minor=amount_minor,
        currency="TWD",
        items=(),
        cashier="",
        another_customer=True,
        opened_ns=SCANNED_NS,
        opened_ms=0,
    )


def sent(order_id: str = "A") -> PaySent:
    account = RULES.account
    return PaySent(
        order_id=order_id,
        fingerprint=order_id,
        host=account.host,
        channel_id=account.channel_id,
        dialect=account.dialect,
        currency="TWD",
        capture=True,
        scan_ns=SCANNED_NS,
        scan_ms=0,
        not_after_ns=SCANNED_NS,
    )


def confirmed(order_id: str = "A") -> PaymentConfirmed:
    return PaymentConfirmed(order_id, "t", "", (), "", "check", False, True, 0, 120)


def reversal(order_id: str = "A", actor: str = "till", **changes: Any) -> ReversalSent:
    asked = {**WHO, **changes}
    amount_minor = asked.pop("amount_minor", 120)
    return ReversalSent(
        order_id, 1, "refund", amount_minor, True, (), 1, SCANNED_NS, actor=actor, **asked
    )


def started(boot_id: str = "boot-1") -> LaneStarted:
    return LaneStarted(boot_id, SCANNED_NS, 0, "posd")


# ---- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        SaleAccepted("A", "till", **WHO),
        SaleAbandoned("A", "goods_gone", "till", **WHO),
        ReversalGivenUp("A", 1, "till", **WHO),
        reversal(),
    ],
)
def test_a_cashier_who_did_what_a_supervisor_may_is_noticed(world: World, record: Record) -> None:
    has(world, opened(), record)
    with pytest.raises(AssertionError, match="a cashier did what only a supervisor may"):
        nobody_does_what_they_may_not(world)


@pytest.mark.parametrize(
    "record",
    [
        SaleAccepted("A", "lin", **WHO),
        SaleAbandoned("A", "goods_gone", "boss", **WHO),
        SaleAbandoned("A", "goods_kept", "till", **WHO),
        ReversalGivenUp("A", 1, "lin", **WHO),
        reversal(actor="lin"),
        reversal(actor="posd"),
    ],
)
def test_who_may_is_left_alone(world: World, record: Record) -> None:
    nobody_does_what_they_may_not(has(world, opened(amount_minor=50), record))


def test_a_cashier_who_takes_back_that_the_goods_are_gone_is_noticed(world: World) -> None:
    gone = SaleAbandoned("A", "goods_gone", "lin", **WHO)
    has(world, opened(amount_minor=50), gone, SaleAbandoned("A", "goods_kept", "till", **WHO))
    with pytest.raises(AssertionError, match="SaleAbandoned"):
        nobody_does_what_they_may_not(world)


def test_a_settlement_without_a_reason_is_noticed(world: World) -> None:
    has(world, opened(), ReversalGivenUp("A", 1, "lin", **{**WHO, "reason": " "}))
    with pytest.raises(AssertionError, match="ReversalGivenUp"):
        nobody_does_what_they_may_not(world)


# ---- the late limit ---------------------------------------------------------------------------


def test_a_payment_learned_in_time_waits_for_nobody(world: World) -> None:
    has(world, opened(), sent())
    assert not waits_for_a_person(has(world, confirmed(), after_s=180), "A")


@pytest.mark.parametrize(("after_s", "boot_id"), [(180.1, "boot-1"), (1, "boot-2")])
def test_a_payment_learned_late_or_after_a_reboot_waits_until_it_is_kept(
    world: World, after_s: float, boot_id: str
) -> None:
    has(world, opened(), sent())
    assert waits_for_a_person(has(world, confirmed(), after_s=after_s, boot_id=boot_id), "A")
    assert not waits_for_a_person(has(world, PaymentKept("A")), "A")


def test_a_payment_whose_denial_was_taken_back_waits_for_a_person(world: World) -> None:
    denied = PaymentNotPaid("A", "declined", "1142")
    assert waits_for_a_person(has(world, opened(), sent(), denied, confirmed()), "A")


def test_a_paid_order_without_paper_waits_for_a_person_after_a_late_start(world: World) -> None:
    has(world, opened(), sent(), confirmed())
    assert not waits_for_a_person(has(world, started(), after_s=60), "A")
    assert waits_for_a_person(has(world, started(), after_s=181), "A")


# ---- a second mismatch ------------------------------------------------------------------------


def test_a_second_mismatch_that_is_given_back_without_a_person_is_noticed(world: World) -> None:
    command = SendReversal("B", 1, "refund", Money(121, "TWD"), RULES.account)
    back = reversal("B", "posd", reason="mismatch")
    has(world, opened("B"), sent("B"), MismatchProved("B", "t", 121, "TWD", 0), back)
    is_written_before_it_is_done(world, command)
    has(world, MismatchProved("A", "t", 121, "TWD", 0))
    with pytest.raises(AssertionError, match="a second mismatch"):
        is_written_before_it_is_done(world, command)


# ---- slips ------------------------------------------------------------------------------------


def test_a_slip_that_tells_what_is_not_in_the_journal_is_noticed(world: World) -> None:
    command = PrintSlip("A", 1, ReceiptDocument((), "en"))
    has(world, opened(), sent())
    with pytest.raises(AssertionError, match="a slip without a durable SlipStarted"):
        is_written_before_it_is_done(world, command)
    has(world, SlipStarted("A", 1, "declined", 0, 0))
    with pytest.raises(AssertionError, match="a slip tells what is not in the journal: declined"):
        is_written_before_it_is_done(world, command)


def test_a_slip_that_tells_what_is_in_the_journal_is_left_alone(world: World) -> None:
    has(world, opened(), sent(), PaymentNotPaid("A", "declined", "1142"))
    has(world, SlipStarted("A", 1, "declined", 0, 0))
    is_written_before_it_is_done(world, PrintSlip("A", 1, ReceiptDocument((), "en")))


# ---- keys -------------------------------------------------------------------------------------


def test_a_key_in_a_record_is_noticed(world: World) -> None:
    world.people.codes.append(CODE)
    no_key_is_written(world)
    has(world, SaleAbandoned("A", "goods_kept", "lin", f"code {CODE}", "k", "b"))
    with pytest.raises(AssertionError, match="a one-time key is in a record: SaleAbandoned"):
        no_key_is_written(world)


def test_a_key_in_a_command_is_noticed(world: World) -> None:
    command = SendReversal(CODE, 1, "refund", Money(121, "TWD"), RULES.account)
    no_key_leaves_in(world, command)
    world.people.codes.append(CODE)
    with pytest.raises(AssertionError, match="a one-time key is in a command: SendReversal"):
        no_key_leaves_in(world, command)


def test_a_key_on_the_board_is_noticed(world: World) -> None:
    world.makes(Move("people.opens", 1, Aim.NEWEST))
    no_key_is_shown(world)
    world.people.codes.append(world.board.view.store)
    with pytest.raises(AssertionError, match="a one-time key is in what people see"):
        no_key_is_shown(world)
