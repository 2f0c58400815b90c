"""The paper machine: every cell of its tables, then each rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from devices.values import PrintProof
from posd.core import lane, printing
from posd.core.commands import PrintReceipt
from posd.core.decision import NOTHING
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import PaperEvent
from posd.core.order import Attention, MoneyState, PaperState, Verdict
from posd.core.records import PrintFinished, PrintHeld, PrintStarted, PrintUnknown
from tests.core import lanes, orders
from tests.core.lanes import Lane
from tests.core.tables import CONTRADICTION, NO_WAY, cells

DECISIONS = cells("""
                    NOTHING         PRINTING               HELD            PRINTED     PROBABLE    UNKNOWN
 ReprintRequested   print_original  409:printing_now       print_held_now  print_copy  print_copy  print_copy
 PrinterReady       ignore          ignore                 print_held      ignore      ignore      ignore
 ProcessStarted     ignore          lose_sight_at_restart  ignore          ignore      ignore      ignore
 PrintSucceeded     !               finish                 !               !           !           !
 PrintNotStarted    !               hold                   !               !           !           !
 PrintUnanswered    !               lose_sight             !               !           !           !
""")  # noqa: E501 - one row an event, to be read beside the design

NEXT = cells("""
                NOTHING   PRINTING          HELD      PRINTED   PROBABLE  UNKNOWN
 PrintStarted   PRINTING  -                 PRINTING  PRINTING  PRINTING  PRINTING
 PrintFinished  -         PRINTED|PROBABLE  -         -         -         -
 PrintHeld      -         HELD              HELD      -         -         -
 PrintUnknown   -         UNKNOWN           -         -         -         -
""")


def _name(cell: tuple[str, str]) -> str:
    return "-".join(cell)


def printing_lane() -> Lane:
    return Lane().start().sent().after(2).pay(lanes.paid())


# ---- the tables -----------------------------------------------------------------------------


def test_the_expected_tables_are_the_full_products() -> None:
    events = {kind.__name__ for kind in get_args(PaperEvent)}
    records = {kind.__name__ for kind in printing.EFFECTS}
    assert set(DECISIONS) == set(product(PaperState, events))
    assert set(NEXT) == set(product(PaperState, records))


@pytest.mark.parametrize("cell", DECISIONS, ids=_name)
def test_each_event_in_each_state_is_answered_by_the_rule_of_its_cell(
    cell: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, event = PaperState(cell[0]), orders.EVENTS[cell[1]]
    order, expected = orders.paper(state), DECISIONS[cell]
    asked: list[str] = []
    for rule in printing._RULES:
        monkeypatch.setitem(
            printing._RULES, rule, lambda *_, rule=rule: asked.append(rule) or NOTHING
        )
    if expected == CONTRADICTION:
        with pytest.raises(Contradiction, match=f"{cell[1]} arrived while the paper is {state}"):
            printing.decide(order, event, lanes.RULES)
    elif expected.startswith("409:"):
        with pytest.raises(NotAllowed) as refusal:
            printing.decide(order, event, lanes.RULES)
        assert refusal.value.code == expected.removeprefix("409:")
    else:
        printing.decide(order, event, lanes.RULES)
    assert asked == ([] if expected[:3] in ("!", "409") else [expected])


@pytest.mark.parametrize("cell", NEXT, ids=_name)
def test_each_record_in_each_state_leads_where_its_cell_says(cell: tuple[str, str]) -> None:
    before, record = orders.state_after(orders.TO_PAPER[cell[0]]), orders.RECORDS[cell[1]]
    if NEXT[cell] == NO_WAY:
        with pytest.raises(Contradiction, match=f"{cell[1]} while .* its paper {cell[0]}"):
            lane.apply(before, record)
        return
    found = lane.apply(before, record).orders["A"].paper
    assert found in NEXT[cell].split("|")
    assert printing.NEXT[PaperState(cell[0])][type(record)] == tuple(NEXT[cell].split("|"))


def test_every_state_has_a_row_in_every_table() -> None:
    assert set(printing.DECISIONS) == set(printing.NEXT) == set(PaperState)
    assert set(printing.REFUSED) <= set(PaperState)


def test_no_event_is_both_decided_and_refused() -> None:
    for state, refused in printing.REFUSED.items():
        assert not set(printing.DECISIONS[state]) & set(refused)


def test_every_rule_named_in_the_table_exists_and_every_rule_is_named() -> None:
    named = {rule for row in printing.DECISIONS.values() for rule in row.values()}
    assert named == set(printing._RULES)


@pytest.mark.parametrize("money", ["ARMED", "SENT", "UNKNOWN", "NOT_PAID"])
def test_no_paper_begins_before_the_money_is_confirmed(money: str) -> None:
    state = orders.state_after(orders.TO_MONEY[money])
    with pytest.raises(Contradiction, match=f"PrintStarted while the order is {money}"):
        lane.apply(state, PrintStarted("A", 0))


# ---- the rules ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proof", "paper"),
    [(PrintProof.PROVED, PaperState.PRINTED), (PrintProof.PROBABLE, PaperState.PROBABLE)],
)
def test_what_the_printer_proved_is_kept(proof: PrintProof, paper: PaperState) -> None:
    told = printing_lane().printed(proof)
    assert told.order().paper is paper
    assert told.order().settled
    assert told.of(PrintFinished) == [PrintFinished("A", 0, proof)]


def test_a_job_of_which_no_byte_was_sent_goes_again_as_the_original() -> None:
    told = printing_lane().not_printed().after(60).printer_ready()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 0]
    assert told.of(PrintHeld) == [PrintHeld("A", 0, "paper_out")]
    assert told.order().paper is PaperState.PRINTING


def test_an_empty_roll_moves_no_money_and_settles_nothing() -> None:
    told = printing_lane().not_printed()
    assert told.verdict() is Verdict.PAID
    assert not told.order().settled
    assert told.order().paper_because == "paper_out"


def test_a_held_copy_keeps_its_number() -> None:
    told = printing_lane().printed().reprint().not_printed().printer_ready()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 1, 1]


def test_after_an_unknown_outcome_every_print_is_a_copy_with_its_number() -> None:
    told = printing_lane().print_lost()
    assert told.order().attention == {Attention.PRINT_UNKNOWN}
    told.reprint().printed().reprint().printed()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 1, 2]
    assert told.order().attention == set()


def test_a_copy_says_that_it_is_one() -> None:
    told = printing_lane().printed().reprint()
    original, copy = told.of(PrintReceipt)
    marks = [str(element) for element in copy.document.elements if "copy" in str(element)]
    assert len(marks) == 1
    assert "copy" not in str(original.document)


def test_a_print_under_way_at_a_restart_is_unknown_and_never_repeated_by_itself() -> None:
    told = printing_lane().restart().printer_ready()
    assert told.of(PrintUnknown) == [PrintUnknown("A", 0, "restart")]
    assert len(told.of(PrintReceipt)) == 1


def test_a_held_job_survives_a_restart_and_waits_for_the_printer() -> None:
    told = printing_lane().not_printed().restart()
    assert told.order().paper is PaperState.HELD
    assert told.printer_ready().of(PrintReceipt)[-1].copy == 0


def test_a_held_job_that_became_late_waits_for_a_person() -> None:
    told = printing_lane().not_printed().restart(400).printer_ready()
    assert told.order().paper is PaperState.HELD
    assert told.reprint().refusals == ["not_paid"]
    assert [job.copy for job in told.keep().of(PrintReceipt)] == [0, 0]


def test_somebody_may_ask_for_a_held_job_without_waiting() -> None:
    told = printing_lane().not_printed().reprint()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 0]


def test_while_a_receipt_prints_a_reprint_is_refused() -> None:
    assert printing_lane().reprint().refusals == ["printing_now"]


@pytest.mark.parametrize("verb", [Lane.printed, Lane.not_printed, Lane.print_lost])
def test_an_answer_of_an_earlier_job_does_not_end_this_one(verb) -> None:
    told = printing_lane().print_lost().reprint()
    verb(told, copy=0)
    assert told.order().paper is PaperState.PRINTING
    assert Attention.CONFLICT in told.order().attention
    assert len(told.of(PrintReceipt)) == 2


def test_an_answer_without_a_job_is_a_conflict_for_a_person() -> None:
    told = printing_lane().printed().printed()
    assert told.order().attention == {Attention.CONFLICT}
    assert told.order().paper is PaperState.PRINTED


@pytest.mark.parametrize("money", ["ARMED", "SENT", "UNKNOWN", "NOT_PAID"])
def test_what_is_not_paid_is_not_printed(money: str) -> None:
    order = orders.money(MoneyState(money))
    with pytest.raises(NotAllowed) as refusal:
        printing.decide(order, orders.EVENTS["ReprintRequested"], lanes.RULES)
    assert refusal.value.code == "not_paid"


def test_a_late_payment_without_paper_prints_its_original_when_kept_or_never() -> None:
    told = Lane().sent().after(200).pay(lanes.paid()).reprint()
    assert told.refusals == ["not_paid"]
    assert [job.copy for job in told.keep().of(PrintReceipt)] == [0]


def test_a_paid_order_whose_print_was_never_begun_prints_its_original_when_asked() -> None:
    decision = printing.decide(
        orders.paper(PaperState.NOTHING), orders.EVENTS["ReprintRequested"], lanes.RULES
    )
    assert decision.records == (PrintStarted("A", 0),)


def test_a_receipt_that_waited_ten_minutes_for_paper_is_printed_only_if_somebody_asks() -> None:
    told = Lane().sent().pay(lanes.paid()).not_printed().after(600).printer_ready()
    assert len(told.of(PrintReceipt)) == 2
    told.not_printed().after(1).printer_ready()
    assert told.of(PrintHeld)[-1] == PrintHeld("A", 0, "stale")
    assert told.order().settled
    told.printer_ready()
    assert len(told.of(PrintReceipt)) == 2
    told.reprint()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 0, 0]
    assert told.printed().order().paper == PaperState.PRINTED


# ---- the merchant's own sheet ------------------------------------------------------------------

BOTH = replace(lanes.RULES, receipt=replace(lanes.RULES.receipt, merchant_copy=True))


def test_behind_the_original_comes_the_merchants_copy_and_no_other() -> None:
    told = Lane(BOTH).sent().pay(lanes.paid()).printed()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 1]
    told.printed()
    assert [job.copy for job in told.of(PrintReceipt)] == [0, 1]
    assert told.order().settled
    assert [job.copy for job in told.reprint().of(PrintReceipt)] == [0, 1, 2]


def test_a_merchants_copy_that_waits_for_paper_stays_one() -> None:
    told = Lane(BOTH).sent().pay(lanes.paid()).printed().not_printed().printer_ready()
    jobs = told.of(PrintReceipt)
    assert jobs[2] == jobs[1] != jobs[0]


def test_an_original_whose_fate_is_unknown_has_no_merchants_copy() -> None:
    told = Lane(BOTH).sent().pay(lanes.paid()).print_lost()
    assert [job.copy for job in told.of(PrintReceipt)] == [0]
