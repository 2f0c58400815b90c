"""What moves or gives up money: who may, based on what was seen, once for each key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import PIN, Answer, Running

VERBS = ("abandon", "accept", "void", "refunds", "capture", "settle")
NEEDED = {"abandon": {"because": "goods_kept"}, "settle": {"given_back": True}}
LIN = {"actor": "lin", "pin": PIN}


def act(api: Running, sale: Any, verb: str, body: Any = None, **headers: str) -> Answer:
    members = {**NEEDED.get(verb, {}), **(body or {})}
    sent = {"Idempotency_Key": api.fresh(), "If_Match": f'"{sale["seq"]}"', **headers}
    return api.call("POST", f"/v1/sales/{sale['id']}/{verb}", members, **sent)


def paid(api: Running) -> Any:
    sale = api.sell(another_customer=True).json
    api.door.scan()
    api.door.pay_succeeds()
    return api.call("GET", f"/v1/sales/{sale['id']}").json


def lost(api: Running) -> Any:
    sale = api.sell(another_customer=True).json
    api.door.scan()
    api.door.pay_is_lost()
    api.door.pass_s(61)
    return api.call("GET", f"/v1/sales/{sale['id']}").json


# ---- who --------------------------------------------------------------------------------------


def test_a_supervisor_gives_back_a_part_and_the_sale_says_so(api: Running) -> None:
    sale = paid(api)
    answer = act(api, sale, "refunds", {"amount": "20", **LIN, "reason": "broken cup"})
    assert (answer.status, answer.json["verdict"], answer.json["state"]) == (
        202,
        "REFUND_OWED",
        "REVERSING",
    )


@pytest.mark.parametrize(
    ("who", "code"),
    [({}, "above_cap"), ({"actor": "ann", "pin": PIN}, "above_cap")],
    ids=["till", "cashier"],
)
def test_a_till_and_a_cashier_may_give_nothing_back(
    api: Running, who: dict[str, str], code: str
) -> None:
    answer = act(api, paid(api), "refunds", who)
    assert (answer.status, answer.json["code"]) == (403, code)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ({"actor": "lin", "pin": "0000"}, 403, "wrong_pin"),
        ({"actor": "lin"}, 403, "wrong_pin"),
        ({"actor": "nobody", "pin": PIN}, 403, "wrong_pin"),
        ({"actor": "loud", "pin": PIN}, 429, "locked_out"),
        ({"actor": "nolist", "pin": PIN}, 503, "people_unreadable"),
    ],
)
@pytest.mark.parametrize("verb", VERBS)
def test_who_is_not_known_does_nothing(
    api: Running, verb: str, who: dict[str, str], status: int, code: str
) -> None:
    sale = paid(api)
    answer = act(api, sale, verb, who)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert api.call("GET", f"/v1/sales/{sale['id']}").json["seq"] == sale["seq"]
    assert PIN.encode() not in answer.body


def test_a_lockout_says_when_to_come_back(api: Running) -> None:
    answer = act(api, paid(api), "void", {"actor": "loud", "pin": PIN})
    assert answer.headers["retry-after"] == "299"


def test_a_cashier_abandons_and_only_a_supervisor_accepts(api: Running) -> None:
    sale = lost(api)
    refused = act(api, sale, "accept")
    assert (refused.status, refused.json["code"]) == (403, "needs_supervisor")
    answer = act(api, sale, "abandon", {"because": "paid_otherwise"})
    assert (answer.status, answer.json["wish"]) == (202, "ABANDONED")
    assert answer.json["wish_because"] == "paid_otherwise"


def test_a_supervisor_accepts(api: Running) -> None:
    answer = act(api, lost(api), "accept", {**LIN, "reason": "regular"})
    assert (answer.status, answer.json["wish"]) == (202, "ACCEPTED")


# ---- based on what ----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_who_has_not_looked_moves_nothing(api: Running, verb: str) -> None:
    answer = act(api, paid(api), verb, LIN, If_Match="")
    assert (answer.status, answer.json["code"]) == (428, "if_match_needed")


@pytest.mark.parametrize("verb", VERBS)
def test_what_has_changed_since_is_looked_at_again(api: Running, verb: str) -> None:
    sale = paid(api)
    answer = act(api, {**sale, "seq": sale["seq"] - 1}, verb, LIN)
    assert (answer.status, answer.json["code"]) == (412, "sale_changed")
    assert answer.json["sale"]["seq"] == sale["seq"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_act_needs_a_key(api: Running, verb: str) -> None:
    answer = act(api, paid(api), verb, LIN, Idempotency_Key="")
    assert (answer.status, answer.json["code"]) == (400, "idempotency_key")


def test_the_same_key_acts_once_and_tells_the_sale_as_it_is(api: Running) -> None:
    sale = paid(api)
    key = api.fresh()
    body = {"amount": "20", **LIN}
    first = act(api, sale, "refunds", body, Idempotency_Key=key)
    again = act(api, sale, "refunds", body, Idempotency_Key=key)
    assert (first.status, again.status) == (202, 202)
    assert again.json["seq"] == first.json["seq"]
    other = act(api, sale, "refunds", {**body, "amount": "30"}, Idempotency_Key=key)
    assert (other.status, other.json["code"]) == (409, "idempotency_conflict")


# ---- bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("refunds", {"amount": 20}, "amount"),
        ("refunds", {"amount": "-1"}, "amount"),
        ("refunds", {"amount": "0.5"}, "amount"),
        ("refunds", {"amount": "121"}, "more_than_left"),
        ("refunds", {"amont": "20"}, "unknown_member"),
        ("refunds", {"reason": "a\nb"}, "wrong_member"),
        ("refunds", {"pin": 4711}, "wrong_member"),
        ("abandon", {"because": "bored"}, "wrong_member"),
        ("settle", {"given_back": "yes"}, "wrong_member"),
        ("void", [], "bad_json"),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(
    api: Running, verb: str, body: Any, code: str
) -> None:
    sale = paid(api)
    sent = {"Idempotency_Key": api.fresh(), "If_Match": str(sale["seq"])}
    members = {**NEEDED.get(verb, {}), **LIN, **body} if isinstance(body, dict) else body
    answer = api.call("POST", f"/v1/sales/{sale['id']}/{verb}", members, **sent)
    assert answer.json["code"] == code
    assert answer.status in (400, 422)


def test_what_the_state_does_not_allow_is_409_with_the_sale(api: Running) -> None:
    sale = paid(api)
    for verb, code in (
        ("accept", "already_paid"),
        ("capture", "already_paid"),
        ("settle", "nothing_owed"),
    ):
        answer = act(api, sale, verb, LIN)
        assert (answer.status, answer.json["code"]) == (409, code)
        assert answer.json["sale"]["id"] == sale["id"]
