"""The handlers that move or give up money: who asks is checked, then the engine is asked, once.

The one rule: each needs an Idempotency-Key, and the `seq` that the asker saw; the key is kept in
the journal, so that a repeat, even after a restart, tells the sale as it is and does nothing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from posd.api.actors import identified
from posd.api.parameters import idempotency_key, required_seq
from posd.api.routes import as_json, counter
from posd.api.schema import (
    AbandonBody,
    ActBody,
    CaptureBody,
    RefundBody,
    SettleBody,
    act_amount,
    act_digest,
    read_act,
)
from posd.core.reversal_events import Asking
from posd.door import AbandonSale, AcceptSale, CaptureSale, MoneyAsk, ReverseSale, SettleRefund


async def abandon(request: Request) -> Response:
    """Stop waiting for a payment; what comes late is given back, unless the goods are gone."""
    act = read_act(await request.body(), AbandonBody)
    sale_id, asking, seq = await _asking(request, act, "abandon")
    return await _told(request, AbandonSale(sale_id, act.because, asking, seq))


async def accept(request: Request) -> Response:
    """Hand over the goods although the payment is not confirmed."""
    act = read_act(await request.body(), ActBody)
    sale_id, asking, seq = await _asking(request, act, "accept")
    return await _told(request, AcceptSale(sale_id, asking, seq))


async def void(request: Request) -> Response:
    """Give back all that is left: void before capture, refund after."""
    act = read_act(await request.body(), ActBody)
    sale_id, asking, seq = await _asking(request, act, "void")
    return await _told(request, ReverseSale(sale_id, None, asking, seq))


async def refund(request: Request) -> Response:
    """Give back all that is left, or a part."""
    act = read_act(await request.body(), RefundBody)
    amount = act_amount(act, counter(request).door.lane().currency)
    sale_id, asking, seq = await _asking(request, act, "refund")
    return await _told(request, ReverseSale(sale_id, amount, asking, seq))


async def capture(request: Request) -> Response:
    """Take what was authorized, or a part of it."""
    act = read_act(await request.body(), CaptureBody)
    amount = act_amount(act, counter(request).door.lane().currency)
    sale_id, asking, seq = await _asking(request, act, "capture")
    return await _told(request, CaptureSale(sale_id, amount, asking, seq))


async def settle(request: Request) -> Response:
    """Say how an owed or unproved refund ended."""
    act = read_act(await request.body(), SettleBody)
    sale_id, asking, seq = await _asking(request, act, "settle")
    return await _told(request, SettleRefund(sale_id, act.given_back, asking, seq))


async def _asking(request: Request, act: ActBody, verb: str) -> tuple[str, Asking, int]:
    key, seq = idempotency_key(request), required_seq(request)
    sale = await counter(request).desk.sale(request.path_params["sale_id"])
    actor = await identified(request, act)
    digest = act_digest(act, f"{verb} {sale.order_id}")
    return sale.id, Asking(actor, act.reason, key, digest), seq


async def _told(request: Request, ask: MoneyAsk) -> Response:
    return as_json(await counter(request).desk.ask(ask), 202)
