"""Certificates for loopback, a client whose connection is closed, a payment to ask for."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from posd.core.money import Money
from posd.linepay.client import Account, Client, Timeouts
from posd.linepay.messages import OneTimeKeyPayment

KEY = "381234567890123456"
SECRET = "a-secret-0123456789abcdef"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate: servers show it, clients that name its file trust it."""

    file: str
    server: ssl.SSLContext


def _certificate(folder: Path, names: str) -> Certificate:
    if shutil.which("openssl") is None:  # .ci/run installs it
        pytest.skip("openssl is not installed")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    options = ["-subj", "/CN=test", "-addext", f"subjectAltName={names}"]
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *options, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return Certificate(str(cert), context)


@pytest.fixture(scope="session")
def loopback_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return _certificate(tmp_path_factory.mktemp("loopback"), "IP:127.0.0.1,DNS:localhost")


@pytest.fixture(scope="session")
def other_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return _certificate(tmp_path_factory.mktemp("other"), "DNS:other.example")


@pytest.fixture
def payment() -> OneTimeKeyPayment:
    return OneTimeKeyPayment(
        order_id="S1-L1-01", one_time_key=KEY, amount=Money(100, "TWD"), product_name="Coffee"
    )


ClientFor = Callable[..., Client]


@pytest.fixture
def client_for() -> Iterator[ClientFor]:
    """`client_for(url, timeouts=..., dialect=..., ca_file=..., proxy=...)`, closed at the end."""
    clients: list[Client] = []

    def make(url: str, timeouts: Timeouts | None = None, **account: str) -> Client:
        values = {
            "channel_id": "1234567890",
            "channel_secret": SECRET,
            "dialect": "v4",
            "device_profile_id": "LANE-1",
            "device_type": "POS",
        }
        patient = Timeouts(connect_s=15.0, idle_s=60.0)
        clients.append(Client(Account(base_url=url, **(values | account)), timeouts or patient))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
