"""Addresses that lead nowhere."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

FILLERS = 8  # connections that fill the queue of a listener with room for one


@contextmanager
def swallowing(port: int) -> Iterator[None]:
    """While it lasts, who connects to the port hears nothing at all, as behind a firewall.

    Nobody accepts from a queue that is full: Linux drops the next SYN (listen(2), tcp(7)).
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        for _ in range(FILLERS):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield
