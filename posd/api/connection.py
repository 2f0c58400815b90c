"""uvicorn's connection with the two time limits that it lacks.

The one rule: who sends no request, or reads no answer, loses the connection. A stalled page must
not hold memory, and a dropped stream is made anew by the page itself.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S: Final = 10.0  # until the first request's head is whole
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
        self._head = self.loop.call_later(HEAD_TIMEOUT_S, self._end_without_request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both clocks."""
        for timer in (self._head, self._stall):
            if timer is not None:
                timer.cancel()
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

    def _end_without_request(self) -> None:
        # Once it had a request, uvicorn's own limit for kept connections holds. Its type hides
        # that `scope` is None until then.
        if getattr(self, "scope", None) is None:
            self.transport.abort()
