"""The money machine beyond payment: authorized money that is captured, and money given back.

The rows of `payment.DECISIONS`, `REFUSED` and `NEXT` for these states. Their rules stand in
`capturing` and `reversing`; what people may ask for in `asking`.
"""

from __future__ import annotations

from posd.core.events import (
    CancelRequested,
    CheckAnswered,
    CheckUnanswered,
    CodeScanned,
    GatewayUnreachable,
    KeepRequested,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
    ProcessStarted,
    TimePassed,
)
from posd.core.order import MoneyState
from posd.core.records import (
    AmountVerified,
    AttentionRaised,
    CheckReported,
    CheckSent,
    OrderSettled,
    PaymentConfirmed,
    PaymentLate,
    PaymentNotPaid,
)
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    CaptureAnswered,
    CaptureNotSent,
    CaptureRequested,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalRequested,
    ReversalUnanswered,
    SettlementRequested,
)
from posd.core.reversal_records import (
    CaptureFailed,
    CaptureSent,
    CaptureUnknown,
    PaymentPartlyRefunded,
    PaymentReversed,
    RefundOwed,
    ReversalGivenUp,
    ReversalSent,
    ReversalUnknown,
    VoidGivenUp,
)

AUTHORIZED, CAPTURING = MoneyState.AUTHORIZED, MoneyState.CAPTURING
CAPTURE_UNKNOWN = MoneyState.CAPTURE_UNKNOWN
REVERSING, REVERSAL_UNKNOWN = MoneyState.REVERSING, MoneyState.REVERSAL_UNKNOWN
REFUND_OWED, REVERSED = MoneyState.REFUND_OWED, MoneyState.REVERSED
CONFIRMED, NOT_PAID = MoneyState.CONFIRMED, MoneyState.NOT_PAID

# A payment's own answers, and checks that were under way, may still come in any of these states.
_LATE_WORD: dict[type, str] = {
    CodeScanned: "ignore_same_scan",
    GatewayUnreachable: "ignore",
    TimePassed: "ignore",
    ProcessStarted: "ignore",
    PayAnswered: "compare_with_success",
    PayNotSent: "flag_conflict",
    PayUnanswered: "ignore",
    CheckAnswered: "ignore",
    CheckUnanswered: "ignore",
}

DECISIONS: dict[MoneyState, dict[type, str]] = {
    AUTHORIZED: {
        **_LATE_WORD,
        TimePassed: "watch_authorization",
        CheckAnswered: "weigh_authorization",
        CheckUnanswered: "note_read_silence",
        CaptureRequested: "capture",
        ReversalRequested: "void",
    },
    CAPTURING: {
        **_LATE_WORD,
        ProcessStarted: "doubt_capture_after_restart",
        CaptureAnswered: "judge_capture",
        CaptureNotSent: "fail_capture",
        CaptureUnanswered: "doubt_capture",
    },
    CAPTURE_UNKNOWN: {
        **_LATE_WORD,
        TimePassed: "read_capture",
        CheckAnswered: "weigh_capture",
        CheckUnanswered: "note_read_silence",
    },
    REVERSING: {
        **_LATE_WORD,
        ProcessStarted: "doubt_reversal_after_restart",
        ReversalAnswered: "judge_reversal",
        ReversalNotSent: "owe_unsent",
        ReversalUnanswered: "doubt_reversal",
    },
    REVERSAL_UNKNOWN: {
        **_LATE_WORD,
        TimePassed: "read_reversal",
        ProcessStarted: "ask_if_old",
        CheckAnswered: "weigh_reversal",
        CheckUnanswered: "note_read_silence",
        SettlementRequested: "settle",
    },
    REFUND_OWED: {
        **_LATE_WORD,
        ProcessStarted: "ask_if_old",
        TimePassed: "read_reversal",
        CheckAnswered: "weigh_reversal",
        CheckUnanswered: "note_read_silence",
        SettlementRequested: "settle",
    },
    REVERSED: {
        **_LATE_WORD,
        TimePassed: "verify_amount",
        CheckAnswered: "weigh_leftover",
        CheckUnanswered: "note_read_silence",
    },
}


def _refusing(because: str, reversal: str, settlement: str = "nothing_owed") -> dict[type, str]:
    """Nothing can be cancelled, kept, abandoned or accepted; why nothing can be given back."""
    return {
        CancelRequested: because,
        KeepRequested: because,
        AbandonRequested: because,
        AcceptRequested: because,
        CaptureRequested: because,
        ReversalRequested: reversal,
        SettlementRequested: settlement,
    }


def _without(row: dict[type, str], *kinds: type) -> dict[type, str]:
    return {kind: code for kind, code in row.items() if kind not in kinds}


_RUNNING = _refusing("being_reversed", "reversal_running")
REFUSED: dict[MoneyState, dict[type, str]] = {
    AUTHORIZED: _without(
        _refusing("void_instead", "") | {KeepRequested: "not_paid"},
        CaptureRequested,
        ReversalRequested,
    ),
    CAPTURING: _refusing("capture_running", "capture_running"),
    CAPTURE_UNKNOWN: _refusing("capture_running", "capture_running"),
    REVERSING: _RUNNING | {SettlementRequested: "reversal_running"},
    REVERSAL_UNKNOWN: _without(_RUNNING, SettlementRequested),
    REFUND_OWED: _without(_RUNNING, SettlementRequested),
    REVERSED: _refusing("already_reversed", "already_reversed"),
}


def _staying(state: MoneyState) -> dict[type, MoneyState]:
    return {CheckSent: state, CheckReported: state, AttentionRaised: state}


def _ending() -> dict[type, MoneyState]:
    """How a reversal ends: by LINE Pay's word, or by a person's."""
    return {
        PaymentReversed: REVERSED,
        PaymentPartlyRefunded: CONFIRMED,
        ReversalGivenUp: CONFIRMED,
        VoidGivenUp: AUTHORIZED,
    }


NEXT: dict[MoneyState, dict[type, MoneyState]] = {
    AUTHORIZED: {
        **_staying(AUTHORIZED),
        CaptureSent: CAPTURING,
        ReversalSent: REVERSING,
        PaymentConfirmed: CONFIRMED,
        PaymentNotPaid: NOT_PAID,
    },
    CAPTURING: {
        PaymentConfirmed: CONFIRMED,
        CaptureFailed: AUTHORIZED,
        CaptureUnknown: CAPTURE_UNKNOWN,
        AttentionRaised: CAPTURING,
    },
    CAPTURE_UNKNOWN: {
        **_staying(CAPTURE_UNKNOWN),
        PaymentConfirmed: CONFIRMED,
        PaymentNotPaid: NOT_PAID,
        CaptureFailed: AUTHORIZED,
    },
    REVERSING: {
        PaymentReversed: REVERSED,
        PaymentPartlyRefunded: CONFIRMED,
        ReversalUnknown: REVERSAL_UNKNOWN,
        RefundOwed: REFUND_OWED,
        AttentionRaised: REVERSING,
    },
    REVERSAL_UNKNOWN: {
        **_staying(REVERSAL_UNKNOWN),
        **_ending(),
        ReversalSent: REVERSING,
        RefundOwed: REFUND_OWED,
        PaymentLate: REVERSAL_UNKNOWN,
    },
    REFUND_OWED: {
        **_staying(REFUND_OWED),
        PaymentLate: REFUND_OWED,
        **_ending(),
        ReversalSent: REVERSING,
    },
    REVERSED: {**_staying(REVERSED), AmountVerified: REVERSED, OrderSettled: REVERSED},
}
