"""The tables of the money machine: every cell, against what is expected here as data."""

from __future__ import annotations

from itertools import chain, product
from typing import get_args

import pytest

from posd.core import applying, lane, payment, printing, slip_printing
from posd.core.decision import NOTHING
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import MoneyEvent
from posd.core.order import MoneyState
from posd.core.records import LaneStarted, OrderRecord, OrderRecovered, Record, SaleOpened
from tests.core import lanes, orders
from tests.core.tables import CONTRADICTION, NO_WAY, cells

PAYING_DECISIONS = cells("""
                     ARMED                  SENT                UNKNOWN             CONFIRMED            NOT_PAID
 CancelRequested     cancel                 409:already_sent    409:already_sent    409:already_paid     ignore
 CodeScanned         send_pay               ignore_same_scan    ignore_same_scan    ignore_same_scan     ignore_same_scan
 TimePassed          cancel_without_key     keep_asking         keep_asking         verify_amount        sweep
 ProcessStarted      cancel_at_restart      doubt_after_restart doubt_after_restart ask_if_old           ignore
 GatewayUnreachable  cancel_without_gateway ignore              ignore              ignore               ignore
 PayAnswered         !                      judge_pay           judge_pay           compare_with_success learn_late_from_pay
 PayNotSent          !                      close_as_absent     close_as_absent     flag_conflict        ignore
 PayUnanswered       !                      doubt               doubt               ignore               ignore
 CheckAnswered       !                      weigh_check         weigh_check         weigh_amount         learn_late_from_check
 CheckUnanswered     !                      note_silence        note_silence        note_read_silence    note_read_silence
 KeepRequested       409:not_paid           409:not_paid        409:not_paid        keep                 409:not_paid
 AbandonRequested    409:cancel_instead     abandon             abandon             abandon_late         409:not_paid
 AcceptRequested     409:cancel_instead     accept              accept              409:already_paid     409:not_paid
 ReversalRequested   409:not_paid           409:abandon_instead 409:abandon_instead refund               409:not_paid
 CaptureRequested    409:not_authorized     409:not_authorized  409:not_authorized  409:already_paid     409:not_paid
 SettlementRequested 409:nothing_owed       409:nothing_owed    409:nothing_owed    409:nothing_owed     409:nothing_owed
 CaptureAnswered     !                      !                   !                   !                    !
 CaptureNotSent      !                      !                   !                   !                    !
 CaptureUnanswered   !                      !                   !                   !                    !
 ReversalAnswered    !                      !                   !                   !                    !
 ReversalNotSent     !                      !                   !                   !                    !
 ReversalUnanswered  !                      !                   !                   !                    !
""")  # noqa: E501 - one row an event, to be read beside the design

CAPTURE_DECISIONS = cells("""
                     AUTHORIZED           CAPTURING                   CAPTURE_UNKNOWN
 CancelRequested     409:void_instead     409:capture_running         409:capture_running
 CodeScanned         ignore_same_scan     ignore_same_scan            ignore_same_scan
 TimePassed          watch_authorization  ignore                      read_capture
 ProcessStarted      ignore               doubt_capture_after_restart ignore
 GatewayUnreachable  ignore               ignore                      ignore
 PayAnswered         compare_with_success compare_with_success        compare_with_success
 PayNotSent          flag_conflict        flag_conflict               flag_conflict
 PayUnanswered       ignore               ignore                      ignore
 CheckAnswered       weigh_authorization  ignore                      weigh_capture
 CheckUnanswered     note_read_silence    ignore                      note_read_silence
 KeepRequested       409:not_paid         409:capture_running         409:capture_running
 AbandonRequested    409:void_instead     409:capture_running         409:capture_running
 AcceptRequested     409:void_instead     409:capture_running         409:capture_running
 ReversalRequested   void                 409:capture_running         409:capture_running
 CaptureRequested    capture              409:capture_running         409:capture_running
 SettlementRequested 409:nothing_owed     409:nothing_owed            409:nothing_owed
 CaptureAnswered     !                    judge_capture               !
 CaptureNotSent      !                    fail_capture                !
 CaptureUnanswered   !                    doubt_capture               !
 ReversalAnswered    !                    !                           !
 ReversalNotSent     !                    !                           !
 ReversalUnanswered  !                    !                           !
""")

REVERSAL_DECISIONS = cells("""
                     REVERSING                    REVERSAL_UNKNOWN     REFUND_OWED          REVERSED
 CancelRequested     409:being_reversed           409:being_reversed   409:being_reversed   409:already_reversed
 CodeScanned         ignore_same_scan             ignore_same_scan     ignore_same_scan     ignore_same_scan
 TimePassed          ignore                       read_reversal        read_reversal        verify_amount
 ProcessStarted      doubt_reversal_after_restart ask_if_old           ask_if_old           ignore
 GatewayUnreachable  ignore                       ignore               ignore               ignore
 PayAnswered         compare_with_success         compare_with_success compare_with_success compare_with_success
 PayNotSent          flag_conflict                flag_conflict        flag_conflict        flag_conflict
 PayUnanswered       ignore                       ignore               ignore               ignore
 CheckAnswered       ignore                       weigh_reversal       weigh_reversal       weigh_leftover
 CheckUnanswered     ignore                       note_read_silence    note_read_silence    note_read_silence
 KeepRequested       409:being_reversed           409:being_reversed   409:being_reversed   409:already_reversed
 AbandonRequested    409:being_reversed           409:being_reversed   409:being_reversed   409:already_reversed
 AcceptRequested     409:being_reversed           409:being_reversed   409:being_reversed   409:already_reversed
 ReversalRequested   409:reversal_running         409:reversal_running 409:reversal_running 409:already_reversed
 CaptureRequested    409:being_reversed           409:being_reversed   409:being_reversed   409:already_reversed
 SettlementRequested 409:reversal_running         settle               settle               409:nothing_owed
 CaptureAnswered     !                            !                    !                    !
 CaptureNotSent      !                            !                    !                    !
 CaptureUnanswered   !                            !                    !                    !
 ReversalAnswered    judge_reversal               !                    !                    !
 ReversalNotSent     owe_unsent                   !                    !                    !
 ReversalUnanswered  doubt_reversal               !                    !                    !
""")  # noqa: E501 - one row an event, to be read beside the design

DECISIONS = PAYING_DECISIONS | CAPTURE_DECISIONS | REVERSAL_DECISIONS

PAYING_NEXT = cells("""
                       ARMED    SENT       UNKNOWN    CONFIRMED NOT_PAID
 SaleCancelled         NOT_PAID -          -          -         -
 PaySent               SENT     -          -          -         -
 DeclineReported       -        UNKNOWN    UNKNOWN    -         -
 PaymentUnknown        -        UNKNOWN    UNKNOWN    -         -
 MismatchSeen          -        UNKNOWN    UNKNOWN    -         -
 AttentionRaised       -        SENT       UNKNOWN    CONFIRMED NOT_PAID
 VerdictOverdue        -        UNKNOWN    UNKNOWN    -         -
 CheckSent             -        SENT       UNKNOWN    CONFIRMED NOT_PAID
 CheckReported         -        SENT       UNKNOWN    CONFIRMED NOT_PAID
 PaymentConfirmed      -        CONFIRMED  CONFIRMED  -         CONFIRMED
 PaymentNotPaid        -        NOT_PAID   NOT_PAID   -         -
 PaymentLate           -        -          -          CONFIRMED -
 PaymentKept           -        -          -          CONFIRMED -
 AmountVerified        -        -          -          CONFIRMED -
 MismatchProved        -        CONFIRMED  CONFIRMED  CONFIRMED -
 SweepAnswered         -        -          -          -         NOT_PAID
 SaleAbandoned         -        SENT       UNKNOWN    CONFIRMED -
 SaleAccepted          -        SENT       UNKNOWN    -         -
 PaymentAuthorized     -        AUTHORIZED AUTHORIZED -         AUTHORIZED
 CaptureSent           -        -          -          -         -
 CaptureUnknown        -        -          -          -         -
 CaptureFailed         -        -          -          -         -
 ReversalSent          -        -          -          REVERSING -
 ReversalUnknown       -        -          -          -         -
 RefundOwed            -        -          -          -         -
 PaymentReversed       -        -          -          -         -
 PaymentPartlyRefunded -        -          -          -         -
 ReversalGivenUp       -        -          -          -         -
 VoidGivenUp           -        -          -          -         -
 OrderSettled          -        -          -          CONFIRMED NOT_PAID
""")

REVERSAL_NEXT = cells("""
                       AUTHORIZED CAPTURING       CAPTURE_UNKNOWN REVERSING        REVERSAL_UNKNOWN REFUND_OWED REVERSED
 SaleCancelled         -          -               -               -                -                -           -
 PaySent               -          -               -               -                -                -           -
 DeclineReported       -          -               -               -                -                -           -
 PaymentUnknown        -          -               -               -                -                -           -
 MismatchSeen          -          -               -               -                -                -           -
 AttentionRaised       AUTHORIZED CAPTURING       CAPTURE_UNKNOWN REVERSING        REVERSAL_UNKNOWN REFUND_OWED REVERSED
 VerdictOverdue        -          -               -               -                -                -           -
 CheckSent             AUTHORIZED -               CAPTURE_UNKNOWN -                REVERSAL_UNKNOWN REFUND_OWED REVERSED
 CheckReported         AUTHORIZED -               CAPTURE_UNKNOWN -                REVERSAL_UNKNOWN REFUND_OWED REVERSED
 PaymentConfirmed      CONFIRMED  CONFIRMED       CONFIRMED       -                -                -           -
 PaymentNotPaid        NOT_PAID   -               NOT_PAID        -                -                -           -
 PaymentLate           -          -               -               -                REVERSAL_UNKNOWN REFUND_OWED -
 PaymentKept           -          -               -               -                -                -           -
 AmountVerified        -          -               -               -                -                -           REVERSED
 MismatchProved        -          -               -               -                -                -           -
 SweepAnswered         -          -               -               -                -                -           -
 SaleAbandoned         -          -               -               -                -                -           -
 SaleAccepted          -          -               -               -                -                -           -
 PaymentAuthorized     -          -               -               -                -                -           -
 CaptureSent           CAPTURING  -               -               -                -                -           -
 CaptureUnknown        -          CAPTURE_UNKNOWN -               -                -                -           -
 CaptureFailed         -          AUTHORIZED      AUTHORIZED      -                -                -           -
 ReversalSent          REVERSING  -               -               -                REVERSING        REVERSING   -
 ReversalUnknown       -          -               -               REVERSAL_UNKNOWN -                -           -
 RefundOwed            -          -               -               REFUND_OWED      REFUND_OWED                -           -
 PaymentReversed       -          -               -               REVERSED         REVERSED         REVERSED    -
 PaymentPartlyRefunded -          -               -               CONFIRMED        CONFIRMED        CONFIRMED   -
 ReversalGivenUp       -          -               -               -                CONFIRMED        CONFIRMED   -
 VoidGivenUp           -          -               -               -                AUTHORIZED       AUTHORIZED  -
 OrderSettled          -          -               -               -                -                -           REVERSED
""")  # noqa: E501 - one row an event, to be read beside the design

NEXT = PAYING_NEXT | REVERSAL_NEXT

OPENINGS = {SaleOpened, OrderRecovered}
PAPER_RECORDS = {*printing.EFFECTS, *slip_printing.EFFECTS}
MONEY_EVENTS = {kind.__name__ for kind in get_args(MoneyEvent)}
MONEY_RECORDS = {
    kind.__name__ for kind in get_args(OrderRecord) if kind not in {*OPENINGS, *PAPER_RECORDS}
}


def _name(cell: tuple[str, str]) -> str:
    return "-".join(cell)


# ---- the tables -----------------------------------------------------------------------------


def test_the_expected_tables_are_the_full_products() -> None:
    assert set(DECISIONS) == set(product(MoneyState, MONEY_EVENTS))
    assert set(NEXT) == set(product(MoneyState, MONEY_RECORDS))


@pytest.mark.parametrize("cell", DECISIONS, ids=_name)
def test_each_event_in_each_state_is_answered_by_the_rule_of_its_cell(
    cell: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, event = MoneyState(cell[0]), orders.EVENTS[cell[1]]
    order, expected = orders.money(state), DECISIONS[cell]
    asked: list[str] = []
    for rule in payment.RULES:
        monkeypatch.setitem(
            payment.RULES, rule, lambda *_, rule=rule: asked.append(rule) or NOTHING
        )
    if expected == CONTRADICTION:
        with pytest.raises(Contradiction, match=f"{cell[1]} arrived while the order is {state}"):
            payment.decide(order, event, lanes.RULES)
    elif expected.startswith("409:"):
        with pytest.raises(NotAllowed) as refusal:
            payment.decide(order, event, lanes.RULES)
        assert refusal.value.code == expected.removeprefix("409:")
        assert refusal.value.details == {"order_id": "A"}
    else:
        payment.decide(order, event, lanes.RULES)
    assert asked == ([] if expected[:3] in ("!", "409") else [expected])


@pytest.mark.parametrize("cell", NEXT, ids=_name)
def test_each_record_in_each_state_leads_where_its_cell_says(cell: tuple[str, str]) -> None:
    before = orders.state_after(orders.TO_MONEY[cell[0]])
    record, expected = orders.RECORDS[cell[1]], NEXT[cell]
    if expected == NO_WAY:
        with pytest.raises(Contradiction, match=f"{cell[1]} while the order is {cell[0]}"):
            lane.apply(before, record)
    else:
        assert lane.apply(before, record).orders["A"].money == expected


@pytest.mark.parametrize("cell", DECISIONS, ids=_name)
def test_what_any_cell_decides_can_be_applied(cell: tuple[str, str]) -> None:
    state, event = orders.state_after(orders.TO_MONEY[cell[0]]), orders.EVENTS[cell[1]]
    try:
        decision = lane.step(state, event)
    except NotAllowed:
        return
    lane.replay(state, decision.records)


def test_every_state_has_a_row_in_every_table() -> None:
    for table in (payment.DECISIONS, payment.REFUSED, payment.NEXT):
        assert set(table) == set(MoneyState)


def test_no_event_is_both_decided_and_refused() -> None:
    for state in MoneyState:
        assert not set(payment.DECISIONS[state]) & set(payment.REFUSED[state])


def test_the_tables_know_no_other_event_and_no_other_record() -> None:
    for state in MoneyState:
        known = {kind.__name__ for kind in (*payment.DECISIONS[state], *payment.REFUSED[state])}
        assert known <= MONEY_EVENTS
        assert {kind.__name__ for kind in payment.NEXT[state]} <= MONEY_RECORDS


def test_every_rule_named_in_the_table_exists_and_every_rule_is_named() -> None:
    named = {rule for row in payment.DECISIONS.values() for rule in row.values()}
    assert named == set(payment.RULES)


def test_every_record_has_exactly_one_effect() -> None:
    kinds = set(get_args(Record)) - {LaneStarted, *OPENINGS}
    tables = (applying.EFFECTS, printing.EFFECTS, slip_printing.EFFECTS)
    assert sorted(kind.__name__ for kind in chain(*tables)) == sorted(k.__name__ for k in kinds)
