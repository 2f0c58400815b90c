"""What the daemon tells the API at its start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.routing import BaseRoute

from devices.values import ReceiptDocument
from posd.core.people import Actor

UNIX_HOST: Final = "localhost"


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Who may ask, and what only the daemon can make.

    `hosts` are the Host values taken, with their port; port 0 stands for the one that was bound.
    `token` None asks for none: a Unix socket, whose mode is its lock. `open_page` lets whoever
    opens the page sell. `preview` gives a PNG; `identify` gives the
    person of a name and a PIN, or raises a PeopleError. `extra_routes` are mounted first (the
    demo's). `metrics` gives the samples of /metrics.
    """

    hosts: tuple[str, ...]
    token: str | None
    open_page: bool
    words: Callable[[str], Mapping[str, str]]
    preview: Callable[[ReceiptDocument], bytes]
    text_preview: Callable[[ReceiptDocument], str]
    version: str
    identify: Callable[[str, str], Actor]
    extra_routes: Sequence[BaseRoute] = ()
    metrics: Callable[[], str] = lambda: ""


def hosts_for(listen: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """The Host values for an address to listen on; `more` names get its port where they lack one.

    `127.0.0.1:8377` gives itself and `localhost:8377`; a Unix socket gives `localhost`.
    """
    if listen.startswith(("unix:", "/")):
        return (UNIX_HOST, *more)
    port = listen.rpartition(":")[2]
    named = [name if ":" in name else f"{name}:{port}" for name in more]
    return tuple(dict.fromkeys([listen.lower(), f"localhost:{port}", *map(str.lower, named)]))
