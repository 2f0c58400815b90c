"""What reaches no handler: other names, other pages, strangers, bodies too big or too slow."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from posd.api import guard
from posd.api.access import Access
from tests.api.conftest import TOKEN, Running

BODY = {"reference": "guarded", "amount": "1"}


def raw(api: Running, request: bytes) -> bytes:
    """Send bytes as they are; gives all that comes back until the connection closes."""
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(request)
        return _rest(link)


def _rest(link: socket.socket) -> bytes:
    received = b""
    while chunk := link.recv(65536):
        received += chunk
    return received


def head(api: Running, method: str = "GET", path: str = "/v1/lane", *lines: str) -> bytes:
    host, port = api.host_port
    standard = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
    authorization = f"Authorization: Bearer {TOKEN}"
    return "\r\n".join([*standard, authorization, *lines, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "localhost:0", "127.0.0.1:0", ""],
)
def test_a_host_that_is_not_ours_is_misdirected(api: Running, host: str) -> None:
    request = head(api).replace(b"Host: %s:%d" % (api.host_port[0].encode(), api.host_port[1]), b"")
    answer = raw(api, request.replace(b"\r\n\r\n", f"\r\nHost: {host}\r\n\r\n".encode(), 1))
    assert status(answer) == 421
    assert b"application/problem+json" in answer


def test_localhost_with_the_bound_port_is_ours(api: Running) -> None:
    answer = api.call("GET", "/v1/lane", Host=f"LOCALHOST:{api.host_port[1]}")
    assert answer.status == 200


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_without_host_is_bad(api: Running, version: str) -> None:
    assert status(raw(api, f"GET /v1/lane HTTP/{version}\r\n\r\n".encode())) == 400


def test_two_hosts_are_bad(api: Running) -> None:
    assert status(raw(api, head(api, "GET", "/v1/lane", "Host: evil.example"))) == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", "file://"])
def test_a_post_of_another_origin_is_refused(api: Running, origin: str) -> None:
    answer = api.call("POST", "/v1/sales", BODY, Origin=origin, Idempotency_Key="k")
    assert (answer.status, answer.json["code"]) == (403, "origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_that_a_browser_calls_foreign_is_refused(api: Running, site: str) -> None:
    answer = api.call("POST", "/v1/sales", BODY, Sec_Fetch_Site=site, Idempotency_Key="k")
    assert (answer.status, answer.json["code"]) == (403, "origin")


def test_a_post_of_our_own_page_goes_through(api: Running) -> None:
    host, port = api.host_port
    answer = api.call(
        "POST",
        "/v1/sales",
        {**BODY, "reference": "own-page"},
        Origin=f"http://{host}:{port}",
        Sec_Fetch_Site="same-origin",
        Idempotency_Key=api.fresh(),
    )
    assert answer.status == 202


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/lane"), ("POST", "/v1/sales"), ("GET", "/v1/events"), ("GET", "/nowhere")],
)
def test_without_the_token_nothing_is_told(
    api: Running, authorization: str, method: str, path: str
) -> None:
    answer = api.call(method, path, Authorization=authorization)
    assert (answer.status, answer.json["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/openapi.json", "/static/app.js"])
def test_what_holds_no_money_needs_no_token(api: Running, path: str) -> None:
    assert api.call("GET", path, Authorization="").status == 200


def test_login_trades_the_token_for_a_cookie_that_is_not_the_token(api: Running) -> None:
    answer = api.call("GET", f"/login?token={TOKEN}", Authorization="")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    pair = cookie.partition(";")[0]
    assert api.call("GET", "/v1/lane", Authorization="", Cookie=pair).status == 200


def test_a_cookie_of_another_token_lets_nobody_in(api: Running) -> None:
    pair = (Access("another token").cookie() or "").partition(";")[0]
    assert api.call("GET", "/v1/lane", Authorization="", Cookie=pair).status == 401


@pytest.mark.parametrize("token", ["", "wrong", "caf%C3%A9"])
def test_login_without_the_token_sets_no_cookie(api: Running, token: str) -> None:
    answer = api.call("GET", f"/login?token={token}", Authorization="")
    assert answer.status == 401
    assert "set-cookie" not in answer.headers


def test_the_page_gets_no_cookie_unasked(api: Running) -> None:
    assert "set-cookie" not in api.call("GET", "/", Authorization="").headers


def test_an_open_page_lets_whoever_opens_it_in(serve: Callable[..., Running]) -> None:
    api = serve(open_page=True)
    pair = api.call("GET", "/", Authorization="").headers["set-cookie"].partition(";")[0]
    assert api.call("GET", "/v1/lane", Authorization="", Cookie=pair).status == 200
    assert api.call("GET", "/v1/lane", Authorization="").status == 401


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]
)
def test_a_body_that_is_not_json_is_refused(api: Running, kind: str) -> None:
    answer = api.call("POST", "/v1/sales", b"{}", Content_Type=kind, Idempotency_Key="k")
    assert (answer.status, answer.json["code"]) == (415, "not_json")


def test_a_form_without_a_body_is_refused(api: Running) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = api.call("POST", "/v1/sales/x/cancel", Content_Type=kind, Idempotency_Key="k")
    assert answer.status == 415


def test_a_body_that_says_it_is_too_large_is_refused_unread(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LINGER_S", 0.05)
    request = head(
        api, "POST", "/v1/sales", "Content-Type: application/json", "Content-Length: 65537"
    )
    assert status(raw(api, request)) == 413


def test_a_streamed_body_is_refused_where_it_grows_too_large(api: Running) -> None:
    request = head(
        api, "POST", "/v1/sales", "Content-Type: application/json", "Transfer-Encoding: chunked"
    )
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    assert status(raw(api, request + chunk * 3)) == 413


def test_a_slow_body_is_not_waited_for(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_TIMEOUT_S", 0.05)
    monkeypatch.setattr(guard, "LINGER_S", 0.05)
    request = head(api, "POST", "/v1/sales", "Content-Type: application/json", "Content-Length: 10")
    assert status(raw(api, request + b"{")) == 408


def test_a_body_cut_short_opens_no_sale(api: Running) -> None:
    asked = len(api.door.asked)
    kind = "Content-Type: application/json"
    request = head(api, "POST", "/v1/sales", kind, "Content-Length: 100", "Idempotency-Key: cut")
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(request + b'{"reference":"cut","amount":"1"}')
        link.shutdown(socket.SHUT_WR)
        _rest(link)
    assert len(api.door.asked) == asked


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/api/app.py", "/static//etc/passwd", "/static/words"],
)
def test_no_file_outside_the_page_is_given(api: Running, path: str) -> None:
    assert status(raw(api, head(api, "GET", path))) == 404


def test_every_answer_forbids_foreign_content_and_guessing(api: Running) -> None:
    for path in ("/", "/v1/lane", "/nowhere", "/static/app.js"):
        headers = api.call("GET", path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    assert api.call("GET", "/v1/lane").headers["cache-control"] == "no-store"


def test_a_preflight_of_another_page_is_given_nothing(api: Running) -> None:
    answer = api.call("OPTIONS", "/v1/sales", Origin="http://evil.example")
    assert answer.status in (401, 405)
    assert "access-control-allow-origin" not in answer.headers


def test_a_method_that_an_address_does_not_take_is_405(api: Running) -> None:
    answer = api.call("DELETE", "/v1/sales")
    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")


def test_garbage_is_answered_and_ends_the_connection(api: Running) -> None:
    assert status(raw(api, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")) == 400
