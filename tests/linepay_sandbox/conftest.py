import random
import threading

import pytest

from posd.linepay.sandbox.armed import ArmedFaults
from posd.linepay.sandbox.assumptions import assume
from posd.linepay.sandbox.gateway import Ledger
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.server import Server
from posd.linepay.sandbox.verify import Credentials, Door

from .client import CHANNEL_ID, PATIENCE_S, SECRET, Client

NOON_S = 1_784_376_000.0  # 2026-07-18T12:00:00Z


class Clock:
    """Time that moves only when a test says so."""

    def __init__(self):
        self.now_s = NOON_S

    def __call__(self):
        return self.now_s

    def advance(self, seconds_s):
        self.now_s += seconds_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    return make_ledger(clock, assume([]))


def make_ledger(clock, assumptions):
    chance = random.Random(7)
    keys = KeyRing(
        clock_s=clock,
        digits=lambda n: "".join(chance.choices("0123456789", k=n)),
        spent_code=assumptions["spent-key"],
    )
    return Ledger(OrderBook(clock, assumptions=assumptions), keys, ArmedFaults(chance))


@pytest.fixture
def serve():
    """Start a stand-in on a ledger; ended with the test."""
    before, servers = set(threading.enumerate()), []

    def start(ledger, allowed=()):
        door = Door(Credentials(CHANNEL_ID, SECRET), allowed)
        server = Server(door, ledger, port=0, tls=None)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "stop() left a thread behind"


@pytest.fixture
def server(serve, ledger):
    return serve(ledger)


@pytest.fixture
def client(server):
    return Client(server.port)


@pytest.fixture
def assuming(serve, clock):
    """A client of a stand-in that assumes otherwise."""
    return lambda *texts: Client(serve(make_ledger(clock, assume(texts))).port)
