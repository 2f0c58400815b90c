"""The handlers of /v1: each reads its request, asks once, and tells what came of it.

The one rule: no handler waits for a device. A sale is opened with 202 and told by its verdict.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from devices.values import ReceiptDocument
from posd.api.asking import Desk
from posd.api.news import News
from posd.api.parameters import (
    after_seq,
    idempotency_key,
    last_event_id,
    limit,
    sales_wanted,
    seen_seq,
    wait_s,
)
from posd.api.problems import Problem, encode
from posd.api.schema import plain_digest, read_sale
from posd.api.settings import ApiSettings
from posd.door import CancelSale, Door, KeepSale, PlainAsk, PrintAgain
from posd.metrics import CONTENT_TYPE

_Made = TypeVar("_Made")

DRAWER_S: Final = 5.0  # a print that runs is waited for, not longer


@dataclass(frozen=True, slots=True)
class Counter:
    """What every handler has at hand, as `request.app.state.counter`."""

    door: Door
    settings: ApiSettings
    news: News
    desk: Desk
    typesetting: asyncio.Lock = field(default_factory=asyncio.Lock)
    listing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time, as with pictures
    inquiring: asyncio.Lock = field(default_factory=asyncio.Lock)
    identifying: asyncio.Lock = field(default_factory=asyncio.Lock)


def counter(request: Request) -> Counter:
    """The counter of the app that the request came to."""
    found: Counter = request.app.state.counter
    return found


def as_json(content: object, status: int = 200) -> Response:
    """Views and plain data as JSON."""
    return Response(encode(content), status, media_type="application/json")


# ---- sales ----------------------------------------------------------------------------------


async def open_sale(request: Request) -> Response:
    """Open a sale, or tell the one that this Idempotency-Key opened before."""
    here = counter(request)
    key, timeout_s = idempotency_key(request), wait_s(request)
    currency = here.door.lane().currency
    ask = read_sale(await request.body(), currency=currency, idempotency_key=key)
    sale = await here.desk.ask(ask)
    if timeout_s:
        sale = await here.desk.at_verdict(sale.id, timeout_s=timeout_s)
    return as_json(sale, 202)


async def show_sale(request: Request) -> Response:
    """One sale, where `wait` is given at its verdict."""
    sale_id = request.path_params["sale_id"]
    return as_json(await counter(request).desk.at_verdict(sale_id, timeout_s=wait_s(request)))


async def show_order(request: Request) -> Response:
    """The sale of one order id, and of nothing else."""
    order_id = request.path_params["order_id"]
    sale = await counter(request).desk.sale(order_id)
    if sale.order_id != order_id:
        raise Problem(404, "no_such_sale", "give the order id as LINE Pay knows it")
    return as_json(sale)


async def list_sales(request: Request) -> Response:
    """Sales of the whole journal, newest first: of a day, a reference, a verdict."""
    here, wanted = counter(request), sales_wanted(request)
    async with here.listing:
        return as_json(await asyncio.to_thread(here.door.sales, wanted))


async def show_history(request: Request) -> Response:
    """Each sale that changed after a `seq`, as it is now."""
    here, after, most = counter(request), after_seq(request), limit(request)
    async with here.listing:
        return as_json(await asyncio.to_thread(here.door.changed, after, most))


async def inquire(request: Request) -> Response:
    """The order as LINE Pay sees it now, beside the journal's view, and where they differ."""
    here = counter(request)
    async with here.inquiring:  # one question at a time, however many ask
        order_id = request.path_params["order_id"]
        found = await asyncio.to_thread(here.door.inquire, order_id)
    if found is None:
        raise Problem(404, "no_such_sale", "give a sale id, an order id or a receipt number")
    return as_json(found)


async def cancel_sale(request: Request) -> Response:
    """End a sale for which no key was sent."""
    return await _act(request, "cancel", CancelSale)


async def keep_sale(request: Request) -> Response:
    """Keep a payment that was learned late."""
    return await _act(request, "keep", KeepSale)


async def print_receipt(request: Request) -> Response:
    """Print the receipt again."""
    return await _act(request, "print", PrintAgain)


async def _act(request: Request, word: str, verb: type[PlainAsk]) -> Response:
    here = counter(request)
    key, seen = idempotency_key(request), seen_seq(request)
    sale = await here.desk.sale(request.path_params["sale_id"])
    digest = plain_digest(word, sale.order_id)
    return as_json(await here.desk.ask(verb(sale.id, key, digest, seen)))


# ---- receipts -------------------------------------------------------------------------------


async def receipt_png(request: Request) -> Response:
    """The receipt as it is typeset for the paper."""
    picture = await _typeset(request, counter(request).settings.preview)
    return Response(picture, media_type="image/png")


async def receipt_text(request: Request) -> Response:
    """The receipt as plain text."""
    text = await _typeset(request, counter(request).settings.text_preview)
    return Response(text, media_type="text/plain")


async def _typeset(request: Request, setter: Callable[[ReceiptDocument], _Made]) -> _Made:
    here = counter(request)
    sale = await here.desk.sale(request.path_params["sale_id"])
    document = await asyncio.to_thread(here.door.receipt, sale.id)
    if document is None:
        raise Problem(404, "no_receipt", f"the sale is {sale.verdict}", sale=sale)
    async with here.typesetting:  # one at a time: it is work for a whole core
        return await asyncio.to_thread(setter, document)


# ---- the lane -------------------------------------------------------------------------------


async def show_lane(request: Request) -> Response:
    """The whole snapshot."""
    return Response(counter(request).news.lane_json(), media_type="application/json")


async def show_devices(request: Request) -> Response:
    """Scanner, printer, gateway, the customer's display and the cash drawer as last met."""
    lane = counter(request).door.lane()
    kinds = ("scanner", "printer", "gateway", "display", "drawer")
    return as_json({kind: getattr(lane, kind) for kind in kinds})


async def open_drawer(request: Request) -> Response:
    """Open the cash drawer."""
    kicked = asyncio.wrap_future(counter(request).door.open_drawer())
    try:
        told = await asyncio.wait_for(asyncio.shield(kicked), DRAWER_S)
    except TimeoutError:
        told = "the printer is busy"
    if told:
        raise Problem(503, "drawer_shut", told)
    return as_json({"opened": True})


async def show_words(request: Request) -> Response:
    """The catalogue of one language."""
    language = request.path_params["language"]
    try:
        return as_json(counter(request).settings.words(language))
    except ValueError as error:
        raise Problem(404, "no_such_language", str(error)) from error


async def events(request: Request) -> Response:
    """Server-sent events of the lane; `Last-Event-ID` says where a broken stream ended."""
    news, last_seen = counter(request).news, last_event_id(request)
    news.take_seat()
    return _EventStream(news, last_seen)


class _EventStream(StreamingResponse):
    """Gives its seat back whatever ends it."""

    def __init__(self, news: News, last_seen: int | None) -> None:
        super().__init__(news.frames(last_seen), media_type="text/event-stream")
        self._news = news

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._news.leave_seat()


# ---- health ---------------------------------------------------------------------------------


async def healthz(request: Request) -> Response:
    """200 while engine and journal prove alive."""
    here = counter(request)
    alive = here.door.alive()
    body = {"alive": alive, "version": here.settings.version}
    return as_json(body, 200 if _lives(here) else 503)


async def readyz(request: Request) -> Response:
    """200 while a sale would be taken; else 503 with the hindrances, worst first."""
    here = counter(request)
    hindrances = list(here.door.lane().hindrances)
    ready = not hindrances and _lives(here)
    return as_json({"ready": ready, "hindrances": hindrances}, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """The lane in numbers, for Prometheus."""
    page = await asyncio.to_thread(counter(request).settings.metrics)  # it asks the medium
    return Response(page, media_type=CONTENT_TYPE)


def _lives(here: Counter) -> bool:
    alive = here.door.alive()
    return alive.get("engine", True) and alive.get("journal", True)
