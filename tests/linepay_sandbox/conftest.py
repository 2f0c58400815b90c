import random
import threading

import pytest

from posd.linepay.sandbox.faults import ArmedFaults
from posd.linepay.sandbox.gateway import Ledger
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.server import Server
from posd.linepay.sandbox.verify import Credentials

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
    chance = random.Random(7)
    keys = KeyRing(clock_s=clock, digits=lambda n: "".join(chance.choices("0123456789", k=n)))
    return Ledger(OrderBook(clock), keys, ArmedFaults())


@pytest.fixture
def server(ledger):
    before = set(threading.enumerate())
    server = Server(Credentials(CHANNEL_ID, SECRET), ledger, port=0, tls=None)
    server.start()
    yield server
    server.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "stop() left a thread behind"


@pytest.fixture
def client(server):
    return Client(server.port)
