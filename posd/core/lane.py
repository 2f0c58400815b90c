"""The whole checkout lane: one step at a time, from event to decision, from record to state.

`step(state, event)` decides and changes nothing. `apply(state, record)` is the only way state
changes, live and in replay. Between the two the caller makes the records durable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from posd.core import applying, payment, printing, reading, reversing
from posd.core.commands import Command, PrepareReceipt, WarmConnection
from posd.core.decision import NOTHING, Decision
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import (
    CodeScanned,
    Event,
    GatewayUnreachable,
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    ProcessStarted,
    ReprintRequested,
    SaleRequested,
    TimePassed,
)
from posd.core.order import (
    Attention,
    MoneyState,
    Order,
    PaperState,
    Verdict,
    Wish,
    holds_its_sale,
    is_given_up,
    verdict,
)
from posd.core.receipt import receipt
from posd.core.records import (
    AttentionRaised,
    LaneStarted,
    OrderRecovered,
    OrderSettled,
    PaymentKept,
    Record,
    SaleOpened,
    SoldItem,
)
from posd.core.rules import Rules

MAX_UNFINISHED = 1000  # a lane with more open cases than this needs a person, not another sale


@dataclass(frozen=True, slots=True)
class LaneState:
    """The lane's unfinished orders. `selling` is the order at the counter, if there is one."""

    rules: Rules
    orders: Mapping[str, Order] = field(default_factory=dict)
    selling: str | None = None
    boot_id: str = ""


# ---- step: decide ---------------------------------------------------------------------------


def step(state: LaneState, event: Event) -> Decision:
    """Records and commands that follow from the event; raises NotAllowed.

    A report that contradicts the state becomes a record that asks for a person: nothing that
    the world says is dropped, and nothing is guessed from it.
    """
    try:
        decision = _route(state, event)
    except Contradiction as contradiction:
        decision = _flag(state, contradiction)
    return _couple(state, decision, event.at.boot_ns)


def next_deadline_ns(state: LaneState) -> int | None:
    """The boot-clock time at which TimePassed is next worth putting in; None where never."""
    times = (payment.deadline_ns(order, state.rules) for order in state.orders.values())
    return min((time for time in times if time is not None), default=None)


def _route(state: LaneState, event: Event) -> Decision:
    match event:
        case SaleRequested():
            return _open_sale(state, event)
        case CodeScanned():
            return _take_code(state, event)
        case ProcessStarted():
            return _start(state, event)
        case TimePassed() | GatewayUnreachable() | PrinterReady():
            return _tell_all(state, event)
        case PrintSucceeded() | PrintNotStarted() | PrintUnanswered() | ReprintRequested():
            return printing.decide(_order(state, event.order_id), event, state.rules)
    return payment.decide(_order(state, event.order_id), event, state.rules)


def _order(state: LaneState, order_id: str) -> Order:
    order = state.orders.get(order_id)
    if order is None:
        raise NotAllowed("no_such_sale", order_id=order_id)
    return order


def _tell_all(state: LaneState, event: TimePassed | GatewayUnreachable | PrinterReady) -> Decision:
    decisions = []
    for order in state.orders.values():
        if isinstance(event, PrinterReady):
            decisions.append(printing.decide(order, event, state.rules))
        else:
            decisions.append(payment.decide(order, event, state.rules))
    return _join(decisions)


def _start(state: LaneState, event: ProcessStarted) -> Decision:
    at = event.at
    started = LaneStarted(event.boot_id, at.boot_ns, at.wall_ms, event.program)
    after = apply(state, started)
    decisions = [Decision((started,))]
    for order in after.orders.values():
        decisions.append(payment.decide(order, event, state.rules))
        decisions.append(printing.decide(order, event, state.rules))
    return _join(decisions)


def _join(decisions: Iterable[Decision]) -> Decision:
    records: list[Record] = []
    commands: list[Command] = []
    for decision in decisions:
        records.extend(decision.records)
        commands.extend(decision.commands)
    return Decision(tuple(records), tuple(commands))


# ---- opening a sale -------------------------------------------------------------------------


def _open_sale(state: LaneState, event: SaleRequested) -> Decision:
    if event.repeat_of is not None:
        if not event.same_body:
            raise NotAllowed("idempotency_conflict", order_id=event.repeat_of)
        return Decision(subject=event.repeat_of)
    _must_be_free(state, event)
    record = SaleOpened(
        order_id=event.order_id,
        sale_id=event.sale_id,
        receipt_number=event.receipt_number,
        reference=event.reference,
        idempotency_key=event.idempotency_key,
        body_sha256=event.body_sha256,
        amount_minor=event.amount.minor,
        currency=event.amount.currency,
        items=tuple(SoldItem(i.name, i.quantity, i.price.minor) for i in event.items),
        cashier=event.cashier,
        another_customer=event.another_customer,
        opened_ns=event.at.boot_ns,
        opened_ms=event.at.wall_ms,
    )
    # Both while the customer looks for the code: nobody waits for them later.
    likely = receipt(applying.opened(record), state.rules, copy=0)
    return Decision((record,), (WarmConnection(), PrepareReceipt(likely)), event.order_id)


def _must_be_free(state: LaneState, event: SaleRequested) -> None:
    if event.amount.currency != state.rules.currency:
        raise NotAllowed("currency", expected=state.rules.currency, got=event.amount.currency)
    if event.hindrances:
        raise NotAllowed(event.hindrances[0])
    if event.reference_held_by is not None:
        raise NotAllowed("reference_live", order_id=event.reference_held_by)
    if state.selling is not None:
        raise NotAllowed("sale_open", order_id=state.selling)
    open_cases = (o for o in state.orders.values() if o.money is not MoneyState.NOT_PAID)
    if sum(1 for _ in open_cases) >= MAX_UNFINISHED:
        raise NotAllowed("too_many_unfinished")
    twin = None if event.another_customer else _unresolved_twin(state, event)
    if twin is not None:
        raise NotAllowed("same_amount_unresolved", order_id=twin)


def _unresolved_twin(state: LaneState, event: SaleRequested) -> str | None:
    """An unresolved order of the same amount: perhaps this very basket, about to be paid twice."""
    for order in state.orders.values():
        unresolved = order.money in (MoneyState.SENT, MoneyState.UNKNOWN)
        if unresolved and holds_its_sale(order) and order.amount == event.amount:
            return order.order_id
    return None


def _take_code(state: LaneState, event: CodeScanned) -> Decision:
    if state.selling is not None:
        return payment.decide(state.orders[state.selling], event, state.rules)
    if event.used_by is not None and event.used_by in state.orders:
        return payment.decide(state.orders[event.used_by], event, state.rules)
    raise NotAllowed("scan_not_armed")


# ---- coupling the machines ------------------------------------------------------------------


def _couple(state: LaneState, decision: Decision, now_ns: int) -> Decision:
    """What one machine's records make another do: paid is printed, given up is given back."""
    if not decision.records:
        return decision
    after = replay(state, decision.records)
    touched = dict.fromkeys(getattr(record, "order_id", "") for record in decision.records)
    kept = {record.order_id for record in decision.records if isinstance(record, PaymentKept)}
    follow = [
        _follow(after.orders[order_id], state.rules, now_ns, kept)
        for order_id in touched
        if order_id in after.orders
    ]
    joined = _join([decision, *follow])
    return replace(joined, subject=decision.subject)


def _follow(order: Order, rules: Rules, now_ns: int, kept: Collection[str]) -> Decision:
    held = order.money in (MoneyState.CONFIRMED, MoneyState.AUTHORIZED)
    # What was taken is read first where no answer has stated it: all of it goes back.
    known = not reading.is_verifying(order)
    if held and known and is_given_up(order) and order.reversal is None:
        return reversing.by_itself(order, now_ns, f"abandoned: {order.wish_because}")
    if _prints_now(order, kept):
        return printing.start(order, rules, copy=order.copy)
    if _is_a_loss(order):
        what = "accepted by the store, and never paid"
        return _join(
            [Decision((AttentionRaised(order.order_id, Attention.LOSS, what),)), _end(order, rules)]
        )
    return _end(order, rules)


def _prints_now(order: Order, kept: Collection[str]) -> bool:
    if verdict(order) is not Verdict.PAID or order.wish is Wish.ACCEPTED:
        return False
    fresh = order.paper is PaperState.NOTHING and not order.refunded_minor
    return fresh or (order.paper is PaperState.HELD and order.order_id in kept)


def _is_a_loss(order: Order) -> bool:
    lost = order.money is MoneyState.NOT_PAID and order.wish is Wish.ACCEPTED
    return lost and Attention.LOSS not in order.attention


def _end(order: Order, rules: Rules) -> Decision:
    if _is_finished(order, rules) and not order.settled:
        return Decision((OrderSettled(order.order_id),))
    return NOTHING


def _is_finished(order: Order, rules: Rules) -> bool:
    if order.money is MoneyState.NOT_PAID:
        return not reading.is_swept(order, rules.waits)
    if order.paper is PaperState.PRINTING or reading.is_verifying(order):
        return False
    if order.money is MoneyState.REVERSED:
        return True
    unprinted = order.paper in (PaperState.NOTHING, PaperState.HELD)
    waits_for_paper = unprinted and not order.refunded_minor and order.wish is not Wish.ACCEPTED
    return verdict(order) is Verdict.PAID and not waits_for_paper


def _flag(state: LaneState, contradiction: Contradiction) -> Decision:
    order = state.orders[contradiction.order_id]
    if order.money is MoneyState.ARMED:  # not sent: there is no money to look at
        raise NotAllowed("contradiction", order_id=order.order_id) from contradiction
    record = AttentionRaised(order.order_id, Attention.CONFLICT, contradiction.what)
    return Decision((record,), (), order.order_id)


# ---- apply: the only way state changes ------------------------------------------------------


def replay(state: LaneState, records: Iterable[Record]) -> LaneState:
    """The state after these records."""
    for record in records:
        state = apply(state, record)
    return state


def apply(state: LaneState, record: Record) -> LaneState:
    """The state after one record; raises Contradiction where no row leads on."""
    if isinstance(record, LaneStarted):
        return _restarted(state, record)
    if isinstance(record, SaleOpened):
        order = applying.opened(record)
    elif isinstance(record, OrderRecovered):
        order = applying.recovered(record)
    else:
        order = _settled(_moved(_known(state, record.order_id), record), record)
    orders = {**state.orders, order.order_id: order}
    return replace(state, orders=orders, selling=_selling(state, order))


def recalled(state: LaneState, order: Order) -> LaneState:
    """The state with a finished order back in memory, rebuilt from its own records."""
    return replace(state, orders={**state.orders, order.order_id: order})


def without_settled(state: LaneState) -> LaneState:
    """The state without the orders that are finished: they live on in the journal."""
    kept = {key: order for key, order in state.orders.items() if not order.settled}
    return state if len(kept) == len(state.orders) else replace(state, orders=kept)


def _known(state: LaneState, order_id: str) -> Order:
    order = state.orders.get(order_id)
    if order is None:
        raise Contradiction(order_id, "a record for an order that was never opened")
    return order


def _moved(order: Order, record: Record) -> Order:
    if isinstance(record, printing.PaperRecord):
        return printing.moved(order, record)
    kind = type(record)
    money = payment.NEXT[order.money].get(kind)
    if money is None:
        raise Contradiction(order.order_id, f"{kind.__name__} while the order is {order.money}")
    after = applying.EFFECTS[kind](order, record)
    return after if after.money is money else replace(after, money=money)


def _settled(order: Order, record: Record) -> Order:
    """Whatever happens to a settled order unsettles it; `step` settles it again."""
    settled = isinstance(record, OrderSettled)
    return order if order.settled is settled else replace(order, settled=settled)


def _selling(state: LaneState, order: Order) -> str | None:
    at_counter = verdict(order) in (Verdict.WAITING, Verdict.WORKING)
    if at_counter and (state.selling is None or order.money is MoneyState.ARMED):
        return order.order_id
    return None if state.selling == order.order_id and not at_counter else state.selling


def _restarted(state: LaneState, record: LaneStarted) -> LaneState:
    rebooted = bool(state.boot_id) and state.boot_id != record.boot_id
    orders = {
        key: applying.restarted(order, record, rebooted=rebooted)
        for key, order in state.orders.items()
    }
    return replace(state, orders=orders, boot_id=record.boot_id)
