"""Event streams: the newest snapshot at once and at each change, for so many readers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from posd.api import connection, news
from posd.api.app import create_app
from posd.api.server import ApiServer
from tests.api.conftest import TOKEN, Running, settings
from tests.api.fakes import DecliningDoor


class Stream:
    """A reader of /v1/events over a bare socket."""

    def __init__(self, api: Running, *header: str, receive_bytes: int | None = None) -> None:
        self.link = socket.socket()
        self.link.settimeout(30)
        if receive_bytes is not None:
            self.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.link.connect(api.host_port)
        host, port = api.host_port
        request = f"GET /v1/events HTTP/1.1\r\nHost: {host}:{port}\r\n"
        request += f"{': '.join(header)}\r\n" if header else ""
        self.link.sendall(f"{request}Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        self.file = self.link.makefile("rb")
        self.status = int(self.file.readline().split()[1])

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.link.close()

    def event(self) -> dict[str, Any]:
        """The members of the next event, its data read as JSON."""
        found: dict[str, Any] = {}
        while line := self.file.readline().decode().strip():
            name, _, value = line.partition(": ")
            if name in ("event", "data", "id"):
                found[name] = json.loads(value) if name == "data" else value
            elif found:
                break
        return found if found else self.event()

    def lane(self) -> dict[str, Any]:
        while True:
            line = self.file.readline()
            assert line, "the stream ended"
            if line.startswith(b"data: "):
                found: dict[str, Any] = json.loads(line[6:])
                return found

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not wanted(lane := self.lane()):
            pass
        return lane


def test_a_reader_gets_the_lane_at_once_and_at_each_change(api: Running) -> None:
    with Stream(api) as stream:
        assert stream.lane()["selling"] is None
        sale = api.sell().json
        lane = stream.until(lambda lane: lane["selling"] is not None)
        assert lane["selling"]["id"] == sale["id"]
        api.door.scan()
        stream.until(lambda lane: lane["selling"]["verdict"] == "WORKING")
        api.door.pay_succeeds()
        lane = stream.until(lambda lane: lane["selling"] is None)
        assert lane["last"]["verdict"] == "PAID"


def test_an_event_carries_its_name_and_the_seq_as_id(api: Running) -> None:
    with Stream(api) as stream:
        lines = []
        while not lines or lines[-1] != "":
            line = stream.file.readline().decode().rstrip("\r\n")
            if line.startswith(("event", "id", "data")) or (lines and not line):
                lines.append(line)
        assert lines[0] == "event: lane"
        assert lines[1] == f"id: {json.loads(lines[2][6:])['seq']}"


def test_the_stream_and_the_lane_tell_the_same(api: Running) -> None:
    with Stream(api) as stream:
        assert stream.lane() == api.call("GET", "/v1/lane").json


def test_a_snapshot_is_serialised_once_for_all_readers(
    serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[object] = []
    encode = news.encode
    monkeypatch.setattr(news, "encode", lambda view: (encoded.append(view), encode(view))[1])
    api = serve()
    with ExitStack() as stack:
        streams = [stack.enter_context(Stream(api)) for _ in range(20)]
        for stream in streams:
            stream.lane()
        before = len(encoded)
        api.door.publish()
        for stream in streams:
            stream.lane()
        assert len(encoded) == before + 1


def test_200_open_streams_leave_room_for_a_sale(serve: Callable[..., Running]) -> None:
    api = serve()
    with ExitStack() as stack:
        streams = [stack.enter_context(Stream(api)) for _ in range(200)]
        for stream in streams:
            stream.lane()
        sale = api.sell().json
        for stream in streams:
            lane = stream.until(lambda lane: lane["selling"] is not None)
            assert lane["selling"]["id"] == sale["id"]


def test_one_stream_too_many_is_told_so_and_a_freed_seat_is_given_again(
    serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MAX_STREAMS", 1)
    api = serve()
    with Stream(api) as first:
        first.lane()
        answer = api.call("GET", "/v1/events")
        assert (answer.status, answer.json["code"]) == (503, "too_many_streams")
    while True:  # the server learns of the closed stream in its own time
        with Stream(api) as again:
            if again.status == 200:
                break


def test_a_quiet_stream_is_kept_alive(
    serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "KEEP_ALIVE_S", 0.01)
    api = serve()
    with Stream(api) as stream:
        stream.lane()
        while not (line := stream.file.readline()).startswith(b":"):
            assert line


def test_a_reader_that_stalls_is_dropped_and_others_go_on(
    serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "STALL_TIMEOUT_S", 0.05)
    monkeypatch.setattr(news, "MAX_STREAMS", 2)
    api = serve()
    with Stream(api, receive_bytes=4096) as stalled, Stream(api) as reading:
        stalled.lane()
        reading.lane()
        seated = False
        while not seated:  # the stalled reader's seat becomes free
            for _ in range(50):
                api.door.publish()
                reading.lane()
            with Stream(api) as another:
                seated = another.status == 200


def test_the_stop_ends_streams_and_long_polls() -> None:
    door = DecliningDoor()
    server = ApiServer(create_app(door, settings()), listen="127.0.0.1:0")
    api = Running(server.start(), door, lambda: "the-key")
    sale_id = api.sell().json["id"]
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(api.call("GET", f"/v1/sales/{sale_id}?wait=60"))
    )
    with Stream(api) as stream:
        stream.lane()
        asking.start()
        while server.connections() < 2:
            pass
        server.stop(30)
        assert stream.file.read().endswith(b"0\r\n\r\n")
    asking.join(30)
    assert not server.alive()
    assert answers[0].json["verdict"] == "WAITING"
