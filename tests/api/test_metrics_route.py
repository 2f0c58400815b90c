"""`GET /metrics`: whose page it is, and who may read it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from posd.api.app import create_app
from posd.api.server import ApiServer
from posd.metrics import CONTENT_TYPE
from tests.api.conftest import TOKEN, settings
from tests.api.fakes import DecliningDoor

PAGE = 'posd_build_info{version="0.0.0"} 1\n'


@pytest.fixture
def address() -> Iterator[str]:
    app = create_app(DecliningDoor(), settings(metrics=lambda: PAGE))
    server = ApiServer(app, listen="127.0.0.1:0")
    yield server.start()
    server.stop(5.0)


def asked(address: str, **headers: str) -> tuple[int, str | None, str]:
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request("GET", "/metrics", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("content-type"), answer.read().decode()
    finally:
        connection.close()


def test_who_has_the_token_reads_the_page_in_the_format_of_prometheus(address: str) -> None:
    told = asked(address, Authorization=f"Bearer {TOKEN}")
    assert told == (200, CONTENT_TYPE, PAGE)


def test_without_the_token_nothing_is_told(address: str) -> None:
    status, _, body = asked(address)
    assert status == 401
    assert "posd_build_info" not in body
