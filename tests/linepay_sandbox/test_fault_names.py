"""Faults by name and by the digits of a key."""

import pytest

from posd.linepay.sandbox.faults import FAULTS, BadFault, Fault, parse_fault
from posd.linepay.sandbox.key_patterns import BY_DIGIT, LISTED, MARKER, fault_of_key
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.misbehave import misbehave
from posd.linepay.sandbox.reply import Ending
from posd.linepay.sandbox.routes import Operation


def test_an_answer_is_later_by_the_seconds_of_its_fault():
    reply = misbehave(Fault("slow", seconds_s=2.5), b"{}")
    assert (reply.delay_s, reply.ending) == (2.5, Ending.KEEP)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("none", Fault("none")),
        ("decline:1142", Fault("decline", code="1142")),
        ("slow:0.25", Fault("slow", seconds_s=0.25)),
        ("reset", Fault("reset", when="after")),
        ("reset:before", Fault("reset", when="before")),
        ("http", Fault("http")),
        ("http:503:before", Fault("http", status=503, when="before")),
        ("auth-ready:8:FAIL", Fault("auth-ready", seconds_s=8.0, then="FAIL")),
    ],
)
def test_a_fault_is_read_from_its_text(text, fault):
    assert parse_fault(text, Operation.PAY) == fault


@pytest.mark.parametrize(
    "text",
    ["", "x", "decline", "decline:0000", "decline:11", "decline:1142:1", "slow:-1", "slow:3601",
     "slow:1e3", "reset:soon", "http:99", "http:600", "garbage:x", "auth-ready:1:REFUND", "none:1"],
)  # fmt: skip
def test_a_text_that_is_no_fault_is_refused(text):
    with pytest.raises(BadFault):
        parse_fault(text, Operation.PAY)


def test_faults_of_pay_alone_cannot_be_armed_for_check(client):
    for name, row in FAULTS.items():
        if Operation.CHECK not in row.operations:
            text = ":".join([name, *("1199" if label == "code" else "1" for label in row.required)])
            armed = {"fault": text, "operation": "check"}
            assert client.control("POST", "faults", armed)[0] == 400


@pytest.mark.parametrize("start", ["381234567", "123"])
@pytest.mark.parametrize(
    ("tail", "text"),
    [
        ("01142", "decline:1142"),
        ("10025", "slow:2.5"),
        ("20080", "auth-ready:8:COMPLETE"),
        ("30080", "auth-ready:8:FAIL"),
        ("40080", "auth-ready:8:CANCEL"),
        ("50100", "lost-late:10"),
        ("61199", "code-after:1199"),
        *((f"9{number}", text) for number, text in LISTED.items()),
        ("00000", "none"),
        ("90000", "none"),
        ("70025", "drip:2.5"),
        ("80100", "late:10"),
        ("90099", "none"),
    ],
)
def test_a_typed_key_asks_for_its_fault_by_its_digits(start, tail, text):
    assert fault_of_key(start + MARKER + tail) == parse_fault(text, Operation.PAY)


def test_a_typed_key_meets_its_fault(client):
    assert client.pay(oneTimeKey="380000001909001142")["returnCode"] == "1142"
    thai = client.pay(oneTimeKey="001909001110", currency="THB")
    assert thai["returnCode"] == "1110"


def test_every_kind_of_fault_can_be_typed():
    reachable = {template.partition(":")[0] for template in BY_DIGIT.values()}
    reachable |= {text.partition(":")[0] for text in LISTED.values()} | {"none"}
    assert set(FAULTS) <= reachable


def test_a_minted_key_never_looks_like_a_fault():
    draws = iter(["0000000" + MARKER + "01142", "1" * 16])
    ring = KeyRing(clock_s=lambda: 0.0, digits=lambda count: next(draws))
    assert ring.mint("TW", ring.look("38" + "2" * 16)) == "38" + "1" * 16
