"""sd_notify, heard on real datagram sockets."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from posd.notify import Notifier, watchdog_interval_s


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(10)
        yield listener


def test_every_message_is_one_datagram(tmp_path):
    address = str(tmp_path / "notify")
    with listening(address) as listener:
        notifier = Notifier({"NOTIFY_SOCKET": address})
        notifier.ready("selling")
        notifier.watchdog()
        notifier.status("printer\nhas  no paper")
        notifier.stopping("one payment in flight")
        heard = [listener.recv(1024) for _ in range(4)]
    assert heard == [
        b"READY=1\nSTATUS=selling",
        b"WATCHDOG=1",
        b"STATUS=printer has no paper",
        b"STOPPING=1\nSTATUS=one payment in flight",
    ]


def test_an_abstract_socket_is_reached():
    name = f"posd-test-{secrets.token_hex(8)}"
    with listening(f"\0{name}") as listener:
        Notifier({"NOTIFY_SOCKET": f"@{name}"}).watchdog()
        assert listener.recv(1024) == b"WATCHDOG=1"


def test_without_a_supervisor_nothing_happens():
    Notifier({}).ready("selling")


def test_a_supervisor_that_is_gone_does_no_harm(tmp_path):
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready("selling")


def test_a_supervisor_that_does_not_read_never_blocks(tmp_path):
    address = str(tmp_path / "notify")
    with listening(address):
        notifier = Notifier({"NOTIFY_SOCKET": address})
        for _ in range(2000):  # far more than the kernel queues
            notifier.watchdog()


@pytest.mark.parametrize(
    ("environ", "interval_s"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_asked(environ, interval_s):
    assert watchdog_interval_s(environ) == interval_s
