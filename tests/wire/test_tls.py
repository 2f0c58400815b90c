"""TLS fails: before a request nothing has left; after it, the charge is asked about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.daemon.sandbox import Sandbox
from tests.daemon.waiting import eventually
from tests.linepay.conftest import Certificate, _certificate

from .conftest import made_lane, upstream
from .faults import lost_request, no_tls, slow_drip, tls_garbage
from .lane import Lane
from .proxy import Fault, Proxy


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return _certificate(tmp_path_factory.mktemp("ours"), "IP:127.0.0.1")


@pytest.fixture(scope="module")
def certificate_of_another_name(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return _certificate(tmp_path_factory.mktemp("other"), "DNS:other.example")


@pytest.fixture
def secure_lane(sandbox: Sandbox, certificate: Certificate) -> Iterator[Lane]:
    with Proxy(upstream(sandbox), certificate.server) as proxy, made_lane(sandbox, proxy) as lane:
        lane.shop.settings["linepay"]["ca_file"] = certificate.file
        yield lane


@pytest.mark.parametrize(
    "fault", [tls_garbage, pytest.param(slow_drip, marks=pytest.mark.slow)], ids=["garbage", "drip"]
)
def test_tls_that_breaks_after_the_request_leaves_a_charge_that_is_found_once(
    secure_lane: Lane, fault: Fault
) -> None:
    secure_lane.shop.start()
    secure_lane.proxy.arm("pay", fault, count=1)
    secure_lane.proxy.arm("check", fault)
    sale = secure_lane.doubted()
    secure_lane.proxy.heal()
    secure_lane.ends_paid(sale)


@pytest.mark.parametrize("fault", [no_tls, lost_request], ids=["no_tls", "closed"])
def test_a_handshake_that_fails_while_the_code_was_awaited_sends_nothing(
    secure_lane: Lane, fault: Fault
) -> None:
    secure_lane.shop.start()
    sale = secure_lane.opened()
    secure_lane.proxy.arm("handshake", fault)
    secure_lane.proxy.hang_up()
    secure_lane.posd.scan(secure_lane.sandbox.key())
    secure_lane.ends_unpaid(sale, "absent")
    assert secure_lane.proxy.sent == []


def test_a_certificate_of_another_name_is_never_sold_to(
    sandbox: Sandbox, certificate_of_another_name: Certificate
) -> None:
    other = certificate_of_another_name
    with Proxy(upstream(sandbox), other.server) as proxy, made_lane(sandbox, proxy) as lane:
        lane.shop.settings["linepay"]["ca_file"] = other.file
        lane.shop.start()
        eventually(lambda: lane.posd.api.lane()["hindrances"] == ["gateway_unreachable"])
        assert lane.proxy.sent == []


def test_a_certificate_that_nobody_vouches_for_is_never_sold_to(
    secure_lane: Lane, certificate_of_another_name: Certificate
) -> None:
    secure_lane.shop.settings["linepay"]["ca_file"] = certificate_of_another_name.file
    secure_lane.shop.start()
    eventually(lambda: secure_lane.posd.api.lane()["hindrances"] == ["gateway_unreachable"])
    assert secure_lane.proxy.sent == []
