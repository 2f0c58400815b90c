"""Attacks: pages of strangers, rebound names, smuggled requests, odd paths, hands that stall.

Each must be refused before anything is asked of the engine.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Mapping
from contextlib import suppress

import pytest

from posd.api import connection
from posd.api.app import create_app
from posd.api.operations import OPERATIONS, Operation
from posd.api.server import ApiServer
from tests.api.conftest import TOKEN, Answer, Running, settings
from tests.api.fakes import DecliningDoor
from tests.api.test_guard import _rest, head, raw, status

UNSAFE = [each for each in OPERATIONS if each.method != "GET"]
GUARDED = [each for each in OPERATIONS if not each.open]
FORM = "application/x-www-form-urlencoded"

# What a stranger sends besides what a till would; {port} is ours.
STRANGERS: Mapping[str, tuple[int, dict[str, str]]] = {
    "foreign host": (421, {"Host": "evil.example"}),
    "foreign host with our port": (421, {"Host": "evil.example:{port}"}),
    "rebound name": (421, {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}),
    "our address without its port": (421, {"Host": "127.0.0.1"}),
    "foreign origin": (403, {"Origin": "http://evil.example"}),
    "origin of another port": (403, {"Origin": "http://127.0.0.1:1"}),
    "origin of another scheme": (403, {"Origin": "https://127.0.0.1:{port}"}),
    "sandboxed frame": (403, {"Origin": "null"}),
    "cross-site": (403, {"Sec-Fetch-Site": "cross-site"}),
    "same site, another port": (403, {"Sec-Fetch-Site": "same-site"}),
    "no token": (401, {"Authorization": ""}),
    "wrong token": (401, {"Authorization": f"Bearer {TOKEN[:-1]}"}),
    "token of another scheme": (401, {"Authorization": f"Basic {TOKEN}"}),
    "form": (415, {"Content-Type": FORM}),
    "plain text": (415, {"Content-Type": "text/plain"}),
    "multipart": (415, {"Content-Type": "multipart/form-data; boundary=x"}),
}
OF_READERS = [name for name, (code, _) in STRANGERS.items() if code in (401, 421)]


def filled(path: str) -> str:
    for name in ("sale_id", "order_id"):
        path = path.replace(f"{{{name}}}", "any")
    return path.replace("{language}", "en")


def as_stranger(api: Running, each: Operation, name: str) -> Answer:
    _, headers = STRANGERS[name]
    sent = {key: value.format(port=api.host_port[1]) for key, value in headers.items()}
    body = b"{}" if each.method == "POST" else None
    standard = {"Idempotency-Key": "k", "If-Match": "1"}
    return api.call(each.method, filled(each.path), body, **standard | sent)


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("each", UNSAFE, ids=lambda each: each.path)
def test_every_unsafe_route_refuses_every_stranger(
    api: Running, each: Operation, stranger: str
) -> None:
    before = len(api.door.asked), api.door.kicks, api.door.lane().seq
    answer = as_stranger(api, each, stranger)
    assert answer.status == STRANGERS[stranger][0]
    assert answer.headers["content-type"] == "application/problem+json"
    assert (len(api.door.asked), api.door.kicks, api.door.lane().seq) == before


@pytest.mark.parametrize("stranger", OF_READERS)
@pytest.mark.parametrize("each", GUARDED, ids=lambda each: f"{each.method} {each.path}")
def test_every_guarded_route_tells_strangers_nothing(
    api: Running, each: Operation, stranger: str
) -> None:
    answer = as_stranger(api, each, stranger)
    assert (answer.status, set(answer.json)) == (STRANGERS[stranger][0], PROBLEM)


PROBLEM = {"type", "title", "status", "detail", "code", "next_action", "details"}


def test_the_routes_that_need_no_token_are_these_alone() -> None:
    assert {each.path for each in OPERATIONS if each.open} == {"/", "/healthz", "/readyz", "/login"}
    assert all(each.method == "GET" for each in OPERATIONS if each.open)


@pytest.mark.parametrize("each", UNSAFE, ids=lambda each: each.path)
def test_the_page_s_cookie_opens_nothing_for_another_page(api: Running, each: Operation) -> None:
    cookie = api.call("GET", f"/login?token={TOKEN}").headers["set-cookie"].partition(";")[0]
    headers = {"Cookie": cookie, "Authorization": "", "Idempotency-Key": "k", "If-Match": "1"}
    for stranger in ({"Origin": "http://evil.example"}, {"Content-Type": FORM}):
        answer = api.call(each.method, filled(each.path), b"{}", **headers | stranger)
        assert answer.status in (403, 415)


# ---- smuggling --------------------------------------------------------------------------------

KEY = "Idempotency-Key: k"
JSON = "Content-Type: application/json"
INNER = b'{"reference":"smuggled","amount":"1"}'


def smuggled(api: Running) -> bytes:
    length = f"Content-Length: {len(INNER)}"
    return head(api, "POST", "/v1/sales", JSON, "Idempotency-Key: smuggled", length) + INNER


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 0", "Transfer-Encoding: chunked"),
        ("Content-Length: 0", "Content-Length: 5"),
        ("Content-Length: 0, 5",),
        ("Content-Length: -1",),
        ("Content-Length: +5",),
        ("Content-Length: 0x5",),
        ("Content-Length: 1_0",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding : chunked",),
        ("X: y\x00z",),
        ("X: y\rZ: w",),
        (": nameless",),
    ],
    ids=", ".join,
)
def test_a_request_with_two_lengths_or_a_broken_head_smuggles_no_other(
    api: Running, lines: tuple[str, ...]
) -> None:
    asked = len(api.door.asked)
    request = head(api, "POST", "/v1/sales", JSON, KEY, *lines)
    answer = raw(api, request.replace(b"Connection: close\r\n", b"") + smuggled(api))
    assert status(answer) in (400, 413, 501)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert len(api.door.asked) == asked


@pytest.mark.parametrize(
    "name",
    ["Authorization", "Content-Type", "Cookie", "If-Match", "Origin", "Sec-Fetch-Site"],
)
def test_a_header_that_decides_stands_there_once(api: Running, name: str) -> None:
    first = "" if name == "Authorization" else f"{name}: a"  # `head` has sent that one already
    lines = [line for line in (first, f"{name}: b") if line]
    answer = raw(api, head(api, "POST", "/v1/sales", *lines))
    assert status(answer) == 400
    assert b"repeated_header" in answer


@pytest.mark.parametrize(
    "line",
    [
        "X-Forwarded-Host: 127.0.0.1:{port}",
        "Forwarded: host=127.0.0.1:{port}",
        "X-Original-Host: 127.0.0.1:{port}",
        "X-Forwarded-For: 127.0.0.1",
    ],
)
def test_what_a_proxy_would_say_counts_for_nothing(api: Running, line: str) -> None:
    host, port = api.host_port
    ours = f"Host: {host}:{port}".encode()
    request = head(api, "GET", "/v1/lane", line.format(port=port))
    assert status(raw(api, request.replace(ours, b"Host: evil.example"))) == 421


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_get_stays_a_get(api: Running, name: str) -> None:
    asked = len(api.door.asked)
    answer = api.call("GET", "/v1/devices/drawer", **{name: "POST"})
    assert (answer.status, len(api.door.asked), api.door.kicks) == (405, asked, api.door.kicks)


# ---- paths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../v1/lane",
        "/static/%2e%2e/v1/lane",
        "/static/..%2fv1%2flane",
        "/static/%2e%2e%2fv1%2flane",
        "/healthz/../v1/lane",
        "/healthz%2f..%2fv1%2flane",
        "//v1/lane",
        "/./v1/lane",
        "/v1//lane",
        "/v1/lane/",
        "/v1/lane;x=/static/",
        "/v1/lane?x=/healthz",
        "/v1/lane%00/static/",
        "/v1/lane%23/static/",
        "/v1%2flane",
        "/V1/LANE",
        "/v1/lane%20",
        "http://evil.example/v1/lane",
        "http://127.0.0.1/healthz/../v1/lane",
        "*",
    ],
)
def test_no_spelling_of_a_path_goes_past_the_token(api: Running, path: str) -> None:
    request = head(api, "GET", path).replace(f"Authorization: Bearer {TOKEN}\r\n".encode(), b"")
    answer = raw(api, request)
    assert status(answer) in (400, 401, 404)
    assert b"store_name" not in answer


@pytest.mark.parametrize(
    "name", ["%2e%2e", "..%2f..%2fetc%2fpasswd", "a%00b", "%ff%fe", "'%20OR%201=1%20--", "x" * 4000]
)
def test_a_name_of_a_sale_is_a_name_and_nothing_else(api: Running, name: str) -> None:
    assert api.call("GET", f"/v1/sales/{name}").status == 404


def test_a_head_that_is_too_large_is_refused_and_ends_the_connection(api: Running) -> None:
    lines = [f"X-{number}: {'y' * 1000}" for number in range(100)]
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(head(api, "GET", "/v1/lane", *lines)[:-2])
        assert status(link.recv(65536)) in (400, 431)


# ---- hands that stall -------------------------------------------------------------------------


def ended(link: socket.socket) -> bool:
    """Whether the other side has ended the connection, seen without reading from it."""
    poll = select.poll()
    poll.register(link, select.POLLRDHUP)
    return bool(poll.poll(30_000))


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: ", b"POST /v1/sales HTTP/1.1\r\nX: y\r\n"],
    ids=["nothing", "a letter", "half a head", "a head without end"],
)
def test_a_first_request_that_does_not_come_is_not_waited_for(
    api: Running, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 0.05)
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(sent)
        assert ended(link)


@pytest.mark.parametrize(
    "then",
    [b"GET /healthz HT", b"x"],
    ids=["half a head", "a letter"],
)
def test_nor_is_a_second_one_on_a_connection_that_was_kept(
    api: Running, monkeypatch: pytest.MonkeyPatch, then: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 0.2)
    host, port = api.host_port
    whole = f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(whole)
        assert status(link.recv(65536)) == 200
        link.sendall(then)
        assert ended(link)


@pytest.mark.parametrize("each", UNSAFE, ids=lambda each: each.path)
def test_a_refusal_reaches_also_who_sends_head_and_body_apart(
    api: Running, each: Operation
) -> None:
    size = 60_000
    request = head(api, each.method, filled(each.path), JSON, f"Content-Length: {size}")
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(request.replace(TOKEN.encode(), b"wrong"))
        for _ in range(6):
            link.sendall(b" " * (size // 6))
        assert status(_rest(link)) == 401


def test_nor_is_the_body_of_a_request_that_needed_none(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 0.2)
    host, port = api.host_port
    head_of_get = f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection(api.host_port, timeout=30) as link:
        link.sendall(head_of_get.encode())
        assert status(link.recv(65536)) == 200
        link.sendall(b"x")
        assert ended(link)


def test_a_kept_connection_serves_request_after_request(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 30.0)
    host, port = api.host_port
    request = f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    with socket.create_connection(api.host_port, timeout=30) as link:
        for piece in (request[:5], request[5:] + request[:9], request[9:], request):
            link.sendall(piece)
        received = b""
        while received.count(b"HTTP/1.1 200") < 3:
            received += link.recv(65536)


def test_a_till_that_asks_and_never_reads_loses_its_connection_and_others_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "STALL_TIMEOUT_S", 0.05)
    door = DecliningDoor()
    server = ApiServer(create_app(door, settings()), listen="127.0.0.1:0")
    api = Running(server.start(), door)
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.connect(api.host_port)
        link.setblocking(False)
        request = head(api, "GET", "/openapi.json").replace(b"Connection: close\r\n", b"")
        with suppress(BlockingIOError):  # what fits is more than enough answers
            link.sendall(request * 50)
        # Its window is shut: only the server can tell that the connection is no more.
        while api.call("GET", "/healthz").status == 200 and link.getsockname() in clients(server):
            pass
    server.stop(10)


def clients(server: ApiServer) -> set[object]:
    assert server._server is not None
    return {each.client for each in list(server._server.server_state.connections)}
