"""The clock and the way to LINE Pay; no request ever leaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from posd import clock
from posd.cli.doctor.findings import Mark
from posd.cli.doctor.outside import certificate
from posd.core.instant import Instant
from tests.linepay.conftest import Certificate, loopback_certificate

from .conftest import NOW_MS, Lane

__all__ = ["loopback_certificate"]  # a fixture


@contextmanager
def server(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Takes one connection, says `answer`, and keeps what it hears until the other side ends."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, suppress(ConnectionError):
                connection.sendall(answer)
                while data := connection.recv(4096):
                    heard.append(data)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(20)
        assert not thread.is_alive()


@contextmanager
def tls_server(certificate: Certificate) -> Iterator[tuple[int, list[bytes]]]:
    """Takes one connection with TLS and keeps what is said behind the handshake, to its end."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            connection.settimeout(20)
            context = certificate.server
            with (
                connection,
                suppress(OSError),
                context.wrap_socket(connection, server_side=True) as secure,
            ):
                heard.append(secure.recv(4096))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(20)
        assert not thread.is_alive()


def test_a_way_that_is_open_is_told_and_no_byte_is_sent(lane: Lane) -> None:
    with server(b"") as (port, heard):
        lane.settings["linepay"]["base_url"] = f"http://127.0.0.1:{port}"
        found = lane.finding("linepay")
    assert found.mark is Mark.OK
    assert "TCP open, no TLS" in found.words
    assert heard == []


def test_what_speaks_no_tls_is_told_with_what_to_check(lane: Lane) -> None:
    with server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, _):
        lane.settings["linepay"]["base_url"] = f"https://127.0.0.1:{port}"
        found = lane.finding("linepay")
    assert found.mark is Mark.FAIL
    assert "TLS failed" in found.words
    assert "ca_file" in found.next


def test_tls_is_agreed_on_and_a_certificate_that_ends_soon_is_told(
    lane: Lane, loopback_certificate: Certificate
) -> None:
    with tls_server(loopback_certificate) as (port, heard):
        address = {"base_url": f"https://127.0.0.1:{port}", "ca_file": loopback_certificate.file}
        lane.settings["linepay"] |= address
        found = {one.topic: one for one in lane.examined(now=clock.now).findings}
    assert found["linepay"].mark is Mark.OK
    assert "TLSv1.3 agreed" in found["linepay"].words
    assert found["certificate"].mark is Mark.WARN
    assert heard == [b""]


def test_a_certificate_that_nobody_vouches_for_is_broken(
    lane: Lane, loopback_certificate: Certificate
) -> None:
    with tls_server(loopback_certificate) as (port, heard):
        lane.settings["linepay"]["base_url"] = f"https://127.0.0.1:{port}"
        found = lane.finding("linepay")
    assert found.mark is Mark.FAIL
    assert "certificate is not trusted" in found.words
    assert heard == []


def test_a_server_that_refuses_is_told(lane: Lane) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    lane.settings["linepay"]["base_url"] = f"http://127.0.0.1:{port}"
    found = lane.finding("linepay")
    assert found.mark is Mark.FAIL
    assert "refused the connection" in found.words


def test_the_secret_is_on_no_wire(lane: Lane) -> None:
    with server(b"") as (port, heard):
        lane.settings["linepay"] |= {"base_url": f"http://127.0.0.1:{port}", "api": "v2"}
        lane.finding("linepay")
    assert heard == []


def test_a_clock_that_was_never_set_is_broken(lane: Lane) -> None:
    assert lane.finding("clock", now=lambda: Instant(1_000, 1)).mark is Mark.FAIL


@pytest.mark.parametrize(("state", "mark"), [(0, Mark.OK), (5, Mark.WARN), (-1, Mark.OK)])
def test_a_clock_that_nothing_keeps_right_is_told(lane: Lane, state: int, mark: Mark) -> None:
    assert lane.finding("clock", clock_state=lambda: state).mark is mark


def test_receipts_that_would_show_the_time_of_another_country_are_told(lane: Lane) -> None:
    assert lane.findings("time_zone") == []
    lane.settings |= {"country": "TH", "currency": "THB"}
    found = lane.finding("time_zone")
    assert found.mark is Mark.WARN
    assert found.words == "receipts show UTC+8, and TH has UTC+7"


@pytest.mark.parametrize(("days", "told"), [(13, True), (15, False), (-1, True)])
def test_a_certificate_that_ends_soon_is_told(days: int, told: bool) -> None:
    until = "Nov 24 05:20:00 2026 GMT"
    end_ms = 1_795_497_600_000
    found = list(certificate({"notAfter": until}, end_ms - days * 86_400_000))
    assert bool(found) is told


def test_a_certificate_that_tells_nothing_is_no_finding() -> None:
    assert list(certificate({}, NOW_MS)) == []
