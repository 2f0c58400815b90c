"""uvicorn's connection with the two time limits that it lacks.

The one rule: who sends no request, or reads no answer, loses the connection. A stalled page must
not hold memory, and a dropped stream is made anew by the page itself.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S: Final = 10.0  # from a head's first byte, or the connection, until it is whole
STALL_TIMEOUT_S: Final = 10.0  # while the other side takes no byte of what is waiting


class BoundedConnection(H11Protocol):
    """An HTTP/1.1 connection that ends when the other side is too slow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first request."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Stop the clock once a request is there; bytes that make none start it anew.

        Those of a next head count, and those of a body that nobody wants.
        """
        super().data_received(data)
        if self._answers():
            self._stop_awaiting()
        elif self._head is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both clocks."""
        self._stop_awaiting()
        if self._stall is not None:
            self._stall.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the clock for the reader."""
        super().pause_writing()
        self._stall = self.loop.call_later(STALL_TIMEOUT_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has caught up."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()

    def _answers(self) -> bool:
        """Whether a request is being answered."""
        # Its type hides that `cycle` is None until the first one.
        cycle = getattr(self, "cycle", None)
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_TIMEOUT_S, self._end_without_request)

    def _stop_awaiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _end_without_request(self) -> None:
        if not self._answers():
            self.transport.abort()
