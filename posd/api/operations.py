"""Every address of the API, once: the routes and the OpenAPI document are both made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from posd.api import acts, pages, routes
from posd.api.schema import AbandonBody, ActBody, CaptureBody, RefundBody, SaleBody, SettleBody
from posd.door import HistoryView, SalesView
from posd.inquiry import InquiryView
from posd.snapshot import LaneView, SaleView

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. `gives` is a view, or the media type of what it sends.

    `headers` must be sent, `may_send` may.
    """

    method: str
    path: str
    handler: Handler
    gives: type | str
    takes: type | None = None
    status: int = 200
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    open: bool = False
    may_send: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The handler's own first sentence."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]


_KEY: Final = ("Idempotency-Key",)
_ACT: Final = ("Idempotency-Key", "If-Match")
_SEEN: Final = ("If-Match",)
_LISTED: Final = ("date", "reference", "verdict", "limit", "before")
_RESUME: Final = ("Last-Event-ID",)
_JSON: Final = "application/json"
_SALE: Final = "/v1/sales/{sale_id}"


def _plain(verb: str, handler: Handler) -> Operation:
    path = f"{_SALE}/{verb}"
    return Operation("POST", path, handler, SaleView, headers=_KEY, may_send=_SEEN)


# fmt: off
OPERATIONS: Final = (
    Operation("POST", "/v1/sales", routes.open_sale, SaleView, SaleBody, 202, _KEY, ("wait",)),
    Operation("GET", "/v1/sales", routes.list_sales, SalesView, query=_LISTED),
    Operation("GET", "/v1/history", routes.show_history, HistoryView, query=("after", "limit")),
    Operation("GET", _SALE, routes.show_sale, SaleView, query=("wait",)),
    _plain("cancel", routes.cancel_sale),
    _plain("keep", routes.keep_sale),
    Operation("POST", f"{_SALE}/abandon", acts.abandon, SaleView, AbandonBody, 202, _ACT),
    Operation("POST", f"{_SALE}/accept", acts.accept, SaleView, ActBody, 202, _ACT),
    Operation("POST", f"{_SALE}/void", acts.void, SaleView, ActBody, 202, _ACT),
    Operation("POST", f"{_SALE}/refunds", acts.refund, SaleView, RefundBody, 202, _ACT),
    Operation("POST", f"{_SALE}/capture", acts.capture, SaleView, CaptureBody, 202, _ACT),
    Operation("POST", f"{_SALE}/settle", acts.settle, SaleView, SettleBody, 202, _ACT),
    _plain("receipt/print", routes.print_receipt),
    Operation("GET", f"{_SALE}/receipt.png", routes.receipt_png, "image/png"),
    Operation("GET", f"{_SALE}/receipt.txt", routes.receipt_text, "text/plain"),
    Operation("GET", "/v1/orders/{order_id}", routes.show_order, SaleView),
    Operation("GET", "/v1/orders/{order_id}/inquiry", routes.inquire, InquiryView),
    Operation("GET", "/v1/lane", routes.show_lane, LaneView),
    Operation("GET", "/v1/devices", routes.show_devices, _JSON),
    Operation("POST", "/v1/devices/drawer", routes.open_drawer, _JSON),
    Operation("GET", "/v1/words/{language}", routes.show_words, _JSON),
    Operation("GET", "/v1/events", routes.events, "text/event-stream", may_send=_RESUME),
    Operation("GET", "/healthz", routes.healthz, _JSON, open=True),
    Operation("GET", "/readyz", routes.readyz, _JSON, open=True),
    Operation("GET", "/metrics", routes.metrics, "text/plain"),
    Operation("GET", "/login", pages.login, "text/html", status=303, query=("token",), open=True),
    Operation("GET", "/", pages.page, "text/html", open=True),
)
# fmt: on
