"""Where the API listens, and what it says when it cannot."""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posd.api.app import create_app
from posd.api.operations import OPERATIONS
from posd.api.server import REVIVE_AFTER_S, ApiServer, ApiUnavailable
from posd.api.settings import hosts_for
from tests.api.conftest import Running, settings
from tests.api.fakes import DecliningDoor


def on_socket(path: Path) -> ApiServer:
    chosen = settings(hosts=hosts_for(f"unix:{path}"), token=None)
    return ApiServer(create_app(DecliningDoor(), chosen), listen=f"unix:{path}")


def ask_over(path: Path, host: str = "localhost") -> int:
    link = http.client.HTTPConnection(host, timeout=30)
    link.sock = socket.socket(socket.AF_UNIX)
    link.sock.settimeout(30)
    link.sock.connect(str(path))
    try:
        link.request("GET", "/v1/lane")
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()


def test_port_0_gives_the_port_that_was_bound(api: Running) -> None:
    assert api.host_port[1] > 0
    assert api.call("GET", "/healthz").status == 200


def test_a_taken_port_is_said_in_words(api: Running) -> None:
    server = ApiServer(create_app(DecliningDoor(), settings()), listen=api.address)
    with pytest.raises(ApiUnavailable, match=r"taken.*api\.listen to another port"):
        server.start()


def test_an_address_that_is_not_here_is_said_in_words() -> None:
    server = ApiServer(create_app(DecliningDoor(), settings()), listen="192.0.2.1:8377")
    with pytest.raises(ApiUnavailable, match=r"cannot listen on 192\.0\.2\.1:8377"):
        server.start()


def test_a_unix_socket_needs_no_token_and_has_a_mode_that_is_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "posd.sock"
    server = on_socket(path)
    assert server.start() == f"unix:{path}"
    try:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
        assert ask_over(path) == 200
        assert ask_over(path, "evil.example") == 421
    finally:
        server.stop(30)
    assert not path.exists()


def test_an_api_that_ended_by_itself_is_started_again_on_its_port() -> None:
    chosen = settings(hosts=hosts_for("127.0.0.1:0"))
    server = ApiServer(create_app(DecliningDoor(), chosen), listen="127.0.0.1:0")
    running = Running(server.start(), DecliningDoor())
    assert server._server is not None
    assert server._thread is not None
    server._server.should_exit = True
    server._thread.join(30)
    assert not server.alive()
    server.revive()
    assert not server.alive()  # not in the same breath: a broken one must not spin
    server._launched_at -= REVIVE_AFTER_S
    server.revive()
    assert server._server.serving.wait(30)
    assert running.call("GET", "/v1/lane").status == 200
    server.stop(10)
    server.revive()
    assert not server.alive()


def test_a_socket_file_left_over_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "posd.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    server = on_socket(path)
    server.start()
    try:
        assert ask_over(path) == 200
    finally:
        server.stop(30)


def test_a_socket_that_somebody_serves_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "posd.sock"
    first = on_socket(path)
    first.start()
    try:
        with pytest.raises(ApiUnavailable, match="taken"):
            on_socket(path).start()
        assert ask_over(path) == 200
    finally:
        first.stop(30)


def test_a_file_in_the_place_of_the_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "posd.sock"
    path.write_text("mine")
    with pytest.raises(ApiUnavailable):
        on_socket(path).start()
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("listen", "more", "hosts"),
    [
        ("127.0.0.1:8377", (), ("127.0.0.1:8377", "localhost:8377")),
        ("[::1]:80", ("till.local",), ("[::1]:80", "localhost:80", "till.local:80")),
        ("127.0.0.1:0", ("Till:99",), ("127.0.0.1:0", "localhost:0", "till:99")),
        ("unix:/run/posd/posd.sock", (), ("localhost",)),
    ],
)
def test_the_hosts_of_an_address(
    listen: str, more: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    assert hosts_for(listen, more) == hosts


# ---- health, words, devices, the description of itself --------------------------------------


def test_health_fails_with_the_engine_alone(serve: Callable[..., Running]) -> None:
    api = serve()
    api.door.lives = {"engine": True, "journal": True, "printer": False}
    assert api.call("GET", "/healthz").status == 200
    api.door.lives = {"engine": False}
    assert api.call("GET", "/healthz").status == 503
    assert api.call("GET", "/readyz").status == 503


def test_readiness_tells_its_hindrances(serve: Callable[..., Running]) -> None:
    api = serve()
    assert api.call("GET", "/readyz").json == {"ready": True, "hindrances": []}
    api.door.hindrances = ("disk_low", "not_selling")
    api.door.publish()
    answer = api.call("GET", "/readyz")
    assert (answer.status, answer.json["hindrances"]) == (503, ["disk_low", "not_selling"])


def test_an_engine_that_is_silent_is_504_and_the_ask_is_not_withdrawn(
    serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posd.api.asking.ASK_TIMEOUT_S", 0.05)
    api = serve()
    api.door.silent = True
    answer = api.sell()
    assert (answer.status, answer.json["code"]) == (504, "engine_silent")
    assert not api.door.unanswered[0].cancelled()
    api.door.unanswered[0].set_exception(RuntimeError("too late"))  # and nobody minds


def test_the_devices_are_told(api: Running) -> None:
    devices = api.call("GET", "/v1/devices").json
    assert devices["printer"]["condition"] == "ready"
    assert devices["scanner"]["ready"] is True


def test_the_drawer_is_opened_or_the_reason_is_told(api: Running) -> None:
    assert api.call("POST", "/v1/devices/drawer").json == {"opened": True}
    api.door.drawer_says = "printer 192.0.2.9:9100 has no drawer: set drawer_pin"
    answer = api.call("POST", "/v1/devices/drawer")
    assert (answer.status, answer.json["code"]) == (503, "drawer_shut")
    assert "set drawer_pin" in answer.json["detail"]


@pytest.mark.parametrize(("language", "status"), [("zh-TW", 200), ("en", 200), ("xx", 404)])
def test_the_words_of_a_language(api: Running, language: str, status: int) -> None:
    answer = api.call("GET", f"/v1/words/{language}")
    assert answer.status == status
    if status == 200:
        assert "verdict.PAID.title" in answer.json


def test_the_description_names_every_operation_and_nothing_else(api: Running) -> None:
    described = api.call("GET", "/openapi.json").json
    assert described["openapi"] == "3.1.0"
    told = {(method, path) for path, item in described["paths"].items() for method in item}
    assert told == {(each.method.lower(), each.path) for each in OPERATIONS}


def test_every_reference_of_the_description_leads_somewhere(api: Running) -> None:
    described = api.call("GET", "/openapi.json").json
    refs = set(_refs(described))
    names = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert refs and refs <= names


def _refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in _refs(inner)]
    if isinstance(value, list):
        return [ref for inner in value for ref in _refs(inner)]
    return []


def test_what_a_sale_answers_has_exactly_the_members_that_are_described(api: Running) -> None:
    described = api.call("GET", "/openapi.json").json
    members = described["components"]["schemas"]["SaleView"]["properties"]
    assert set(api.sell().json) == set(members)


def test_no_answer_holds_the_token(api: Running) -> None:
    for each in OPERATIONS:
        if each.method == "GET" and each.path not in ("/v1/events",):
            path = each.path.replace("{sale_id}", "x").replace("{order_id}", "x")
            answer = api.call("GET", path.replace("{language}", "en"))
            told = answer.body + json.dumps(dict(answer.headers)).encode()
            assert b"canary-token" not in told
