"""The whole checkout lane: one step at a time, from event to decision, from record to state.

`step(state, event)` decides and changes nothing. `apply(state, record)` is the only way state
changes, live and in replay. Between the two the caller makes the records durable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from posd.core import applying, checking, coupling, payment, printing, slip_printing
from posd.core.commands import PrepareReceipt, WarmConnection
from posd.core.decision import Decision, join
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
    SlipNotStarted,
    SlipPrinted,
    SlipScanned,
    SlipUnanswered,
    TimePassed,
)
from posd.core.instant import Instant
from posd.core.order import (
    Attention,
    MoneyState,
    Order,
    Verdict,
    holds_its_sale,
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
from posd.core.slip_records import SlipRecord

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
        return _couple(state, _route(state, event), event.at)
    except Contradiction as contradiction:
        return _couple(state, _flag(state, contradiction), event.at)


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
        case SlipScanned():
            order = _order(state, event.order_id)
            return checking.again(order, event.at.boot_ns, state.rules.waits)
        case TimePassed() | GatewayUnreachable() | PrinterReady():
            return _tell_all(state, event)
        case PrintSucceeded() | PrintNotStarted() | PrintUnanswered() | ReprintRequested():
            decide: Callable[[Order, Any, Rules], Decision] = printing.decide
        case SlipPrinted() | SlipNotStarted() | SlipUnanswered():
            decide = slip_printing.decide
        case _:
            decide = payment.decide
    return decide(_order(state, event.order_id), event, state.rules)


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
            decisions.append(slip_printing.decide(order, event, state.rules))
        else:
            decisions.append(payment.decide(order, event, state.rules))
    return join(decisions)


def _start(state: LaneState, event: ProcessStarted) -> Decision:
    at = event.at
    started = LaneStarted(event.boot_id, at.boot_ns, at.wall_ms, event.program)
    first: tuple[Record, ...] = (*_sent_after_all(state, event), started)
    after = replay(state, first)
    decisions = [Decision(first)]
    for order in after.orders.values():
        decisions.append(payment.decide(order, event, state.rules))
        decisions.append(printing.decide(order, event, state.rules))
        decisions.append(slip_printing.decide(order, event, state.rules))
    return join(decisions)


def _sent_after_all(state: LaneState, event: ProcessStarted) -> Iterable[OrderRecovered]:
    """What the second copy knows as sent and the journal as waiting: it is asked about.

    A crash between the two leaves it so, when nothing was sent yet; an older journal that was
    put back leaves it so too, and then the request may have gone.
    """
    for record in event.sent:
        order = state.orders.get(record.order_id)
        if order is not None and order.money is MoneyState.ARMED:
            yield record


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


def _couple(state: LaneState, decision: Decision, at: Instant) -> Decision:
    """What one machine's records make another do: paid is printed, given up is given back."""
    if not decision.records:
        return decision
    subject = decision.subject
    decision = join([decision, *_slips(state, decision, at)])
    after = replay(state, decision.records)
    touched = dict.fromkeys(getattr(record, "order_id", "") for record in decision.records)
    kept = {record.order_id for record in decision.records if isinstance(record, PaymentKept)}
    follow = [
        coupling.follow(after.orders[order_id], state.rules, at.boot_ns, kept)
        for order_id in touched
        if order_id in after.orders
    ]
    joined = join([decision, *follow])
    return replace(joined, subject=subject)


def _slips(state: LaneState, decision: Decision, at: Instant) -> Iterable[Decision]:
    """The papers that follow from records alone, such as the one that says `result unknown`."""
    causes = [record for record in decision.records if type(record) in slip_printing.CAUSES]
    after = replay(state, decision.records) if causes else state
    for record in causes:
        order = _known(after, getattr(record, "order_id", ""))
        yield slip_printing.begin(order, record, state.rules, at)


def _flag(state: LaneState, contradiction: Contradiction) -> Decision:
    order = state.orders.get(contradiction.order_id)
    if order is None or order.money is MoneyState.ARMED:  # not sent: there is no money to look at
        raise NotAllowed("contradiction", order_id=contradiction.order_id) from contradiction
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
        order = applying.recovered(record, state.orders.get(record.order_id))
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
    if isinstance(record, SlipRecord):
        return slip_printing.moved(order, record)
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
