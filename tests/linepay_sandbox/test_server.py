import contextlib
import http.client
import socket

import pytest

from posd.linepay.sandbox.armed import ArmedFaults
from posd.linepay.sandbox.gateway import Ledger
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.server import Server
from posd.linepay.sandbox.verify import Credentials, Door

from .client import CHANNEL_ID, SECRET, Client


def broken_clock():
    raise RuntimeError("no time")


def test_a_mistake_of_its_own_costs_one_connection_and_is_logged(caplog):
    keys = KeyRing(clock_s=broken_clock, digits=lambda count: "1" * count)
    ledger = Ledger(OrderBook(broken_clock), keys, ArmedFaults())
    server = Server(Door(Credentials(CHANNEL_ID, SECRET)), ledger, port=0, tls=None)
    server.start()
    client = Client(server.port)
    with contextlib.ExitStack() as ending:
        ending.callback(server.stop)
        with pytest.raises(http.client.RemoteDisconnected):
            client.pay()
        assert client.control("GET", "stats")[1]["pay_requests"] == 1
    assert "no time" in caplog.text
    assert "the stand-in itself failed" in caplog.text


def test_it_listens_on_loopback_only(server):
    with socket.socket() as other:
        other.bind(("127.0.0.2", server.port))  # refused if it listened on every address


def test_after_the_end_nobody_answers(server):
    client = Client(server.port)
    connection = client.keep()
    assert client.pay(connection=connection)["returnCode"] == "0000"
    server.stop()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        client.pay(connection=connection)
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        client.control("GET", "stats")
