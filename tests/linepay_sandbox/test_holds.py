import threading

import pytest

from posd.linepay.sandbox.holds import MAX_HOLDS, Holds
from posd.linepay.sandbox.routes import Operation


def until(condition):
    for _ in range(10_000):
        if condition():
            return
    raise AssertionError("it did not come")


def test_a_held_payment_has_moved_the_money_and_is_answered_when_it_is_let_go(client):
    holds = client.control("POST", "holds", {"operation": "pay"})[1]["holds"]
    assert holds == [{"operation": "pay", "came": False}]
    answers = []
    payer = threading.Thread(target=lambda: answers.append(client.pay(orderId="held")))
    payer.start()
    until(lambda: client.control("GET", "holds")[1]["holds"][0]["came"])
    assert client.control("GET", "stats")[1]["charges"] == 1
    assert answers == []
    assert client.control("DELETE", "holds")[1] == {"holds": []}
    payer.join(20)
    assert answers[0]["returnCode"] == "0000"


def test_a_hold_keeps_back_one_call_of_its_operation(client):
    client.pay(orderId="free")
    client.control("POST", "holds", {"operation": "refund"})
    assert client.pay(orderId="other")["returnCode"] == "0000"
    assert client.check("other")["returnCode"] == "0000"
    assert client.control("GET", "holds")[1]["holds"] == [{"operation": "refund", "came": False}]
    client.control("DELETE", "holds")


def test_a_hold_is_met_by_one_call():
    holds = Holds()
    holds.add(Operation.PAY)
    assert holds.take(Operation.PAY) is not None
    assert holds.take(Operation.PAY) is None


def test_a_stand_in_that_stops_lets_go():
    holds, stopping = Holds(), threading.Event()
    holds.add(Operation.PAY)
    hold = holds.take(Operation.PAY)
    stopping.set()
    assert hold.wait(stopping) is False
    hold.released.set()
    assert hold.wait(stopping) is True


def test_holds_are_bounded(client):
    holds = Holds()
    for _ in range(MAX_HOLDS):
        holds.add(Operation.PAY)
    with pytest.raises(OverflowError):
        holds.add(Operation.PAY)


def test_an_operation_that_does_not_exist_cannot_be_held(client):
    assert client.control("POST", "holds", {"operation": "steal"})[0] == 400
