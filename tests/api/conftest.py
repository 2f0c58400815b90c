"""One server a module, on a free port of loopback, in front of a lane in memory."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from posd.api.app import create_app
from posd.api.server import ApiServer
from posd.api.settings import ApiSettings, hosts_for
from posd.core.people import Actor, Role
from posd.people.errors import LockedOut, PeopleError, UnknownPerson, WrongPin
from posd.words import catalogue
from tests.api.fakes import DecliningDoor

TOKEN = "canary-token-0123456789"
PNG = b"\x89PNG\r\n\x1a\n-a-receipt"


PINS = {"ann": Role.CASHIER, "lin": Role.SUPERVISOR}
PIN = "4711"


def identify(name: str, pin: str) -> Actor:
    """Two people with one PIN; `loud` is locked out, `nolist` has no list to be in."""
    if name == "loud":
        raise LockedOut("loud is locked out", 299.2)
    if name == "nolist":
        raise PeopleError("people.json:3: not JSON; mend it")
    if name not in PINS:
        raise UnknownPerson(f"there is no {name}")
    if pin != PIN:
        raise WrongPin("4 tries left")
    return Actor(name, PINS[name])


def settings(**changes: Any) -> ApiSettings:
    chosen: dict[str, Any] = {
        "hosts": hosts_for("127.0.0.1:0"),
        "token": TOKEN,
        "open_page": False,
        "words": catalogue,
        "preview": lambda _document: PNG,
        "text_preview": lambda document: f"receipt of {len(document.elements)} elements",
        "version": "0.0.0",
        "identify": identify,
    }
    return ApiSettings(**{**chosen, **changes})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Running:
    """A server with its lane; `call` speaks to it as a till with the token would."""

    address: str
    door: DecliningDoor
    fresh: Callable[[], str] = field(default=lambda: "")

    @property
    def host_port(self) -> tuple[str, int]:
        host, _, port = self.address.rpartition(":")
        return host, int(port)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"Authorization": f"Bearer {TOKEN}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        link = http.client.HTTPConnection(*self.host_port, timeout=30)
        try:
            link.request(method, path, data, {k: v for k, v in sent.items() if v != ""})
            answer = link.getresponse()
            read = answer.read()
            headers_read = {k.lower(): v for k, v in answer.getheaders()}
            return Answer(answer.status, headers_read, read)
        finally:
            link.close()

    def sell(self, amount: str = "120", **members: Any) -> Answer:
        key = self.fresh()
        body = {"reference": f"basket-{key}", "amount": amount, "currency": "TWD", **members}
        return self.call("POST", "/v1/sales", body, Idempotency_Key=key)

    def act(self, sale_id: str, verb: str, **headers: str) -> Answer:
        headers.setdefault("Idempotency_Key", self.fresh())
        return self.call("POST", f"/v1/sales/{sale_id}/{verb}", **headers)


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Running]]:
    """Start servers that end with the module."""
    servers: list[ApiServer] = []
    numbers = iter(range(1, 10_000))

    def start(door: DecliningDoor | None = None, **changes: Any) -> Running:
        chosen = door or DecliningDoor()
        server = ApiServer(create_app(chosen, settings(**changes)), listen="127.0.0.1:0")
        servers.append(server)
        return Running(server.start(), chosen, lambda: f"key-{next(numbers)}")

    yield start
    for server in servers:
        server.stop(10)
        assert not server.alive()


@pytest.fixture(scope="module")
def shared(serve: Callable[..., Running]) -> Running:
    return serve()


@pytest.fixture
def api(shared: Running) -> Iterator[Running]:
    """The module's server, its counter empty before and after."""
    yield shared
    door = shared.door
    door.silent, door.hindrances = False, ()
    selling = door.lane().selling
    if selling is not None:
        if selling.verdict == "WAITING":
            shared.act(selling.id, "cancel")
        else:
            door.pay_succeeds()
