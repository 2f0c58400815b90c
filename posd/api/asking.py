"""From a handler to the engine and back: asks with a deadline, sales by any of their names.

The one rule: we may stop waiting, but an ask is never withdrawn; its outcome is then unknown.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Final

from posd.api.news import News
from posd.api.problems import Problem, refused
from posd.door import Ask, Door, Refusal, Reply
from posd.snapshot import SaleView

ASK_TIMEOUT_S: Final = 5.0
OPEN_VERDICTS: Final = frozenset({"WAITING", "WORKING"})


class Desk:
    """Asks the engine for the handlers."""

    def __init__(self, door: Door, news: News) -> None:
        self._door = door
        self._news = news

    async def ask(self, ask: Ask) -> SaleView:
        """The sale that the engine answers with; raises Problem."""
        return await self._reply(self._door.ask(ask))

    async def sale(self, sale_id: str) -> SaleView:
        """A sale by its id, its order id or its receipt number; raises Problem."""
        # The journal may have to be read for a finished one: not on the event loop.
        found = await asyncio.to_thread(self._door.sale, sale_id)
        if found is None:
            detail = "give a sale id, an order id or a receipt number of this lane"
            raise Problem(404, "no_such_sale", detail)
        return found

    async def at_verdict(self, sale_id: str, *, timeout_s: float) -> SaleView:
        """The sale as soon as it has a verdict, or as it is after `timeout_s`."""
        clock = asyncio.get_running_loop().time
        deadline_s = clock() + timeout_s
        while True:
            changed = self._news.changed
            sale = await self.sale(sale_id)
            left_s = deadline_s - clock()
            if sale.verdict not in OPEN_VERDICTS or left_s <= 0 or self._news.ended:
                return sale
            await self._news.change(changed, left_s)

    async def _reply(self, future: Future[Reply]) -> SaleView:
        wrapped = asyncio.wrap_future(future)
        # asyncio.wait, unlike wait_for, does not cancel what it waited for.
        await asyncio.wait({wrapped}, timeout=ASK_TIMEOUT_S)
        if not wrapped.done():
            wrapped.add_done_callback(_seen)
            raise Problem(504, "engine_silent", f"no reply within {ASK_TIMEOUT_S:g} s; look it up")
        if wrapped.cancelled() or wrapped.exception() is not None:
            raise Problem(504, "engine_silent", "posd is going down; look the sale up afterwards")
        reply = wrapped.result()
        if isinstance(reply, Refusal):
            raise refused(reply)
        return reply


def _seen(future: asyncio.Future[Reply]) -> None:
    """A reply that comes too late is no unhandled error."""
    if not future.cancelled():
        future.exception()
