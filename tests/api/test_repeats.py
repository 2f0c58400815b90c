"""A till that repeats everything: at once, again, and after a restart. Nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posd.api import asking
from posd.api.app import create_app
from posd.api.server import ApiServer
from posd.core.records import Record
from tests.api.conftest import PIN, Answer, Running, settings
from tests.api.live import Kill, Killed, LiveLane

TIMES = 8
SALE = {"reference": "basket-1", "amount": "120"}
PART = {"amount": "20", "actor": "lin", "pin": PIN, "reason": "broken cup"}


@contextmanager
def living(
    directory: Path, kill: Kill = lambda _when, _records: None
) -> Iterator[tuple[Running, LiveLane]]:
    """One life of the lane with its API."""
    lane = LiveLane(directory, kill)
    server = ApiServer(create_app(lane.door, settings()), listen="127.0.0.1:0")
    try:
        yield Running(server.start(), lane.door), lane  # type: ignore[arg-type]
    finally:
        server.stop(10)
        lane.stop()


@dataclass(frozen=True)
class Request:
    """One POST that the till keeps until it has an answer, and longer."""

    path: str
    key: str
    body: Any = None
    seq: int | None = None

    def sent(self, api: Running) -> Answer:
        headers = {"Idempotency_Key": self.key}
        if self.seq is not None:
            headers["If_Match"] = str(self.seq)
        return api.call("POST", self.path, self.body, **headers)

    def sent_at_once(self, api: Running) -> Any:
        """Sent by many hands at the same time: one answer, for they must be the same sale."""
        with ThreadPoolExecutor(TIMES) as hands:
            answers = list(hands.map(lambda _: self.sent(api), range(TIMES)))
        assert {answer.status for answer in answers} <= {200, 202}
        assert len({answer.json["id"] for answer in answers}) == 1
        return answers[0].json


def kinds(lane: LiveLane) -> Counter[str]:
    return Counter(type(record).__name__ for record in lane.records())


def looked(api: Running, sale_id: str, wanted: Callable[[Any], bool]) -> Any:
    """The sale as soon as it is as wanted; each look waits for a verdict or for the journal."""
    while not wanted(sale := api.call("GET", f"/v1/sales/{sale_id}?wait=60").json):
        pass
    return sale


def test_a_till_that_repeats_everything_gets_one_of_each(tmp_path: Path) -> None:
    with living(tmp_path) as (api, lane):
        opening = Request("/v1/sales", "open", SALE)
        sale = opening.sent_at_once(api)
        assert kinds(lane)["SaleOpened"] == 1
        lane.scan(1)
        sale = looked(api, sale["id"], lambda sale: sale["receipt"] == "PRINTED")
        printing = Request(f"/v1/sales/{sale['id']}/receipt/print", "print", seq=sale["seq"])
        printing.sent_at_once(api)
        sale = looked(api, sale["id"], lambda sale: sale["receipt"] == "PRINTED")
        refund = Request(f"/v1/sales/{sale['id']}/refunds", "back", PART, sale["seq"])
        refund.sent_at_once(api)
        looked(api, sale["id"], lambda sale: sale["refunded"] == "20")
        before = kinds(lane)
    assert (before["PaySent"], before["PrintStarted"], before["ReversalSent"]) == (1, 2, 1)
    with living(tmp_path) as (api, lane):
        for request in (opening, printing, refund):
            again = request.sent_at_once(api)
            assert (again["verdict"], again["refunded"], again["copies"]) == ("PAID", "20", 1)
        assert kinds(lane) - before == Counter({"LaneStarted": 1})


def test_a_cancel_that_is_repeated_ends_one_sale_and_not_the_next(tmp_path: Path) -> None:
    with living(tmp_path) as (api, lane):
        first = Request("/v1/sales", "one", SALE).sent(api).json
        cancel = Request(f"/v1/sales/{first['id']}/cancel", "cancel", seq=first["seq"])
        assert cancel.sent_at_once(api)["because"] == "cashier"
        second = Request("/v1/sales", "two", SALE).sent(api).json
        assert cancel.sent(api).json["id"] == first["id"]
        assert api.call("GET", f"/v1/sales/{second['id']}").json["verdict"] == "WAITING"
        assert kinds(lane)["SaleCancelled"] == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/sales", {**SALE, "amount": "121"}), ("/v1/sales", {**SALE, "reference": "basket-2"})],
)
def test_a_key_is_known_after_a_restart_with_what_it_asked(
    tmp_path: Path, path: str, body: Any
) -> None:
    with living(tmp_path) as (api, _):
        opened = Request("/v1/sales", "open", SALE).sent(api).json
    with living(tmp_path) as (api, lane):
        conflict = Request(path, "open", body).sent(api)
        assert (conflict.status, conflict.json["code"]) == (409, "idempotency_conflict")
        assert conflict.json["sale"]["id"] == opened["id"]
        assert Request("/v1/sales", "open", SALE).sent(api).json["verdict"] == "NOT_PAID"
        assert kinds(lane)["SaleOpened"] == 1


# ---- killed in the middle ---------------------------------------------------------------------


def killed_at(when: str, kind: str) -> Kill:
    """The process ends at the first write of such a record that carries a key of the till."""

    def kill(now: str, records: Sequence[Record]) -> None:
        asked = [r for r in records if getattr(r, "idempotency_key", "")]
        if now == when and kind in [type(record).__name__ for record in asked]:
            raise Killed

    return kill


def paid(api: Running, lane: LiveLane) -> Any:
    sale = Request("/v1/sales", "open", SALE).sent(api).json
    lane.scan(1)
    return looked(api, sale["id"], lambda sale: sale["receipt"] == "PRINTED")


def printing(api: Running, lane: LiveLane) -> Request:
    return Request(f"/v1/sales/{paid(api, lane)['id']}/receipt/print", "print")


def refunding(api: Running, lane: LiveLane) -> Request:
    sale = paid(api, lane)
    return Request(f"/v1/sales/{sale['id']}/refunds", "back", PART, sale["seq"])


def cancelling(api: Running, _lane: LiveLane) -> Request:
    sale = Request("/v1/sales", "open", SALE).sent(api).json
    return Request(f"/v1/sales/{sale['id']}/cancel", "cancel")


def opening(_api: Running, _lane: LiveLane) -> Request:
    return Request("/v1/sales", "open", SALE)


MADE = {
    "SaleOpened": opening,
    "SaleCancelled": cancelling,
    "PrintStarted": printing,
    "ReversalSent": refunding,
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", MADE)
def test_what_was_asked_when_posd_was_killed_is_asked_again_and_done_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, when: str
) -> None:
    with living(tmp_path, killed_at(when, kind)) as (api, lane):
        request = MADE[kind](api, lane)
        monkeypatch.setattr(asking, "ASK_TIMEOUT_S", 0.1)
        assert request.sent(api).json["code"] == "engine_silent"
        written = kinds(lane)
    assert written[kind] - (kind == "PrintStarted") == (when == "after")
    monkeypatch.undo()
    with living(tmp_path) as (api, lane):
        answers = [request.sent(api) for _ in range(3)]
        done = kinds(lane)
    assert {answer.status for answer in answers} <= {200, 202}
    # A restart cancels a sale that waited, so that one is there even if the till's was lost.
    assert done[kind] - (kind == "PrintStarted") == 1
    assert done["PaySent"] == written["PaySent"]
