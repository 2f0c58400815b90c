"""The board on which the engine shows the lane, and what it remembers of recent sales.

Written by the engine's thread only; read by any: a reader takes the newest view, whole.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace

from posd import __version__
from posd.core.order import MoneyState, Order
from posd.core.rules import Rules
from posd.snapshot import (
    DeviceView,
    GatewayView,
    LaneView,
    NoticeView,
    SaleView,
    sale_view,
)

RECENT_LIMIT = 20
_NOT_MET = "unknown"
_QUIET = (MoneyState.ARMED, MoneyState.NOT_PAID)  # a denial waits for its sweep, not for people


class Board:
    """The newest LaneView and those who want to know when there is a newer one."""

    def __init__(self, rules: Rules, *, action: Callable[[str], str]) -> None:
        self.rules = rules
        self._action = action
        self._recent: OrderedDict[str, SaleView] = OrderedDict()
        self._listeners: tuple[Callable[[], None], ...] = ()
        waits = rules.waits
        self.view = LaneView(
            seq=0,
            version=__version__,
            test=rules.test,
            store=rules.store_id,
            store_name=rules.receipt.store_name,
            lane=rules.lane_id,
            country=rules.country,
            currency=rules.currency,
            language=rules.language,
            hindrances=("starting",),
            selling=None,
            last=None,
            unfinished=(),
            recent=(),
            scanner=DeviceView("scanner", "", _NOT_MET),
            printer=DeviceView("printer", "", _NOT_MET),
            gateway=GatewayView(),
            notice=None,
            waits_s={"verdict": waits.verdict_ns / 1e9, "key": waits.key_ns / 1e9},
        )

    @property
    def met_devices(self) -> bool:
        """Whether scanner, printer and gateway have each been tried once."""
        seen = (self.view.scanner, self.view.printer, self.view.gateway)
        return all(one.condition != _NOT_MET for one in seen)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each new view, on the engine's thread."""
        self._listeners = (*self._listeners, listener)

        def leave() -> None:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

        return leave

    def look(self, order: Order, seq: int, now_ns: int) -> SaleView:
        """The view of an order; nothing is remembered."""
        return sale_view(order, self.rules, seq=seq, now_ns=now_ns, action=self._action)

    def remember(self, order: Order, seq: int, now_ns: int) -> None:
        """Show this order as the newest of the recent ones."""
        self._recent.pop(order.order_id, None)
        self._recent[order.order_id] = self.look(order, seq, now_ns)
        while len(self._recent) > RECENT_LIMIT:
            self._recent.popitem(last=False)

    def refresh(self, order: Order, seq: int, now_ns: int) -> SaleView:
        """The view of an order as it is now, also among the recent ones if it is there."""
        view = self.look(order, seq, now_ns)
        if order.order_id in self._recent:
            self._recent[order.order_id] = view
        return view

    def device(self, device: DeviceView) -> None:
        """Show a device's condition with the next view."""
        match device.kind:
            case "scanner":
                self.view = replace(self.view, scanner=device)
            case "display":
                self.view = replace(self.view, display=device)
            case "drawer":
                self.view = replace(self.view, drawer=device)
            case _:
                self.view = replace(self.view, printer=device)

    def disable(self, kind: str) -> None:
        """Show that a device died too often and is not tried again."""
        known = {"scanner": self.view.scanner, "display": self.view.display}
        device = known.get(kind) or self.view.printer
        self.device(replace(device, kind=kind, condition="disabled", ready=False))

    def gateway(self, gateway: GatewayView) -> None:
        """Show the gateway's condition with the next view."""
        self.view = replace(self.view, gateway=gateway)

    def notice(self, code: str, details: dict[str, str]) -> None:
        """Show a passing message with the next view."""
        number = self.view.notice.number + 1 if self.view.notice else 1
        self.view = replace(self.view, notice=NoticeView(number, code, details))

    def publish(
        self,
        orders: Mapping[str, SaleView],
        *,
        selling: str | None,
        seq: int,
        hindrances: tuple[str, ...],
    ) -> None:
        """Make the new view, with these orders in memory, the newest and tell the listeners."""
        recent = tuple(reversed(self._recent.values()))
        at_counter = orders[selling] if selling else None
        self.view = replace(
            self.view,
            seq=seq,
            hindrances=hindrances,
            selling=at_counter,
            last=next((view for view in recent if view is not at_counter), None),
            unfinished=tuple(view for view in orders.values() if view.state not in _QUIET),
            recent=recent,
        )
        for listener in self._listeners:
            listener()
