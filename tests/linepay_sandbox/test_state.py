"""Clock, seed and state file."""

import random

import pytest

from posd.linepay.sandbox.assumptions import assume
from posd.linepay.sandbox.books import new_ledger
from posd.linepay.sandbox.ids import TransactionIds
from posd.linepay.sandbox.keys import Key
from posd.linepay.sandbox.state import BadState, StateFile

from .client import Client, read_to_end
from .test_command import PATIENCE_S, port_of, running


@pytest.fixture
def stand_in(serve, tmp_path):
    """Start a stand-in on the state file; the one before it must have been closed."""
    files = []

    def start(seed=5):
        ledger = new_ledger(assume([]), clock="manual", seed=seed)
        files.append(StateFile(tmp_path / "book"))
        files[-1].keep(ledger)
        return Client(serve(ledger).port)

    def end():
        while files:
            files.pop().close()

    yield start, end
    end()


def advance(client, seconds_s):
    assert client.control("POST", "clock", {"advance_s": seconds_s})[0] == 200


def test_the_order_book_the_keys_and_the_clock_survive_a_restart(stand_in):
    start, end = stand_in
    first = start()
    used = first.mint(fault="close:after", provider="EPI", balance="500")
    unused, old = first.mint(provider="EPI", points=30), first.mint()
    first.authorize("held")
    first.pay(orderId="paid", amount=100)
    first.refund("paid", 30)
    assert read_to_end(first.send_pay(orderId="lost", oneTimeKey=used)) == b""
    first.pay(orderId="refused", amount=0)
    advance(first, 299)
    before = first.control("GET", "orders")[1]
    clock = first.control("GET", "clock")[1]
    end()
    second = start()
    assert second.control("GET", "orders")[1] == before
    assert second.control("GET", "clock")[1] == clock
    assert second.control("GET", "stats")[1]["charges"] == 2
    assert second.pay(orderId="paid")["returnCode"] == "1172"
    assert second.pay(oneTimeKey=used)["returnCode"] == "1133"
    assert second.capture("held", 100)["returnCode"] == "0000"
    assert second.refund("paid", 71)["returnCode"] == "1164"
    paid = second.pay("v4", oneTimeKey=unused, amount=100)["info"]
    assert [entry["amount"] for entry in paid["payInfo"]] == [30, 70]
    assert paid["paymentProvider"] == "EPI"
    ids = {row["transaction_id"] for row in before["orders"]}
    assert str(paid["transactionId"]) not in ids
    advance(second, 2)
    assert second.pay(oneTimeKey=old)["returnCode"] == "1133"


def test_a_line_that_was_cut_short_is_left_out(stand_in, tmp_path):
    start, end = stand_in
    client = start()
    client.pay(orderId="whole")
    client.pay(orderId="cut")
    end()
    path = tmp_path / "book"
    path.write_bytes(path.read_bytes()[:-9])
    again = start()
    assert again.order("whole")["status"] == "COMPLETE"
    assert again.order("cut")["status"] is None
    assert again.order("cut")["pay_requests"] == 1


@pytest.mark.parametrize("text", [b"hello\n", b"{}\n", b'{"form":2}\n', b'{"order":1}\n'])
def test_a_file_of_another_kind_is_left_alone(tmp_path, text):
    path = tmp_path / "book"
    path.write_bytes(text)
    state = StateFile(path)
    with pytest.raises(BadState, match="is no state file"):
        state.keep(new_ledger(assume([])))
    state.close()
    assert path.read_bytes() == text


def test_two_stand_ins_do_not_share_a_file(tmp_path):
    state = StateFile(tmp_path / "book")
    with pytest.raises(BadState, match="another sandbox holds"):
        StateFile(tmp_path / "book")
    state.close()


def told_by(seed, clock="manual"):
    ledger = new_ledger(assume([]), clock=clock, seed=seed)
    keys = [ledger.keys.mint("TW", Key()) for _ in range(3)]
    return keys, [ledger.book.ids.next() for _ in range(3)]


def test_a_seed_repeats_keys_and_transaction_ids():
    assert told_by(7) == told_by(7) == told_by(7, clock="real")
    assert told_by(7) != told_by(8)
    ids = told_by(7)[1]
    assert all(len(str(number)) == 19 for number in ids)
    assert ids == sorted(set(ids))


def test_ids_of_the_day_rise_even_if_the_clock_stands_still():
    ids = TransactionIds(lambda: 0.0)
    assert [ids.next() - 1970010100000000000 for _ in range(2)] == [0, 1]
    assert TransactionIds(lambda: 0.0, random.Random(1)).next() > 2000010100000000000


def test_a_manual_clock_moves_when_told(serve):
    client = Client(serve(new_ledger(assume([]), clock="manual")).port)
    key = client.mint()
    assert client.control("GET", "clock")[1] == {"kind": "manual", "now_s": 1767225600.0}
    client.authorize("held")
    advance(client, 301)
    assert client.pay(oneTimeKey=key)["returnCode"] == "1133"
    advance(client, 31 * 86_400)
    assert client.order("held")["stage"] == "expired"
    assert client.control("POST", "clock", {"advance_s": -1})[0] == 400


def test_the_program_keeps_its_state_when_it_is_killed(tmp_path):
    path = str(tmp_path / "book")
    options = ("--state", path, "--seed", "1", "--clock", "manual", "--channel-secret",
               "test-secret-0123456789abcdef", "--assume", "refunded-status=REFUND")  # fmt: skip
    with running(*options) as (process, hello):
        client = Client(int(port_of(hello)))
        client.pay(orderId="kept")
        client.refund("kept")
        with running("--state", path) as (second, hello_second):
            assert hello_second is None
            assert second.wait(PATIENCE_S) == 75
            assert b"another sandbox holds" in second.stderr.read()
        process.kill()
        process.wait(PATIENCE_S)
    with running(*options) as (_, hello):
        client = Client(int(port_of(hello)))
        assert client.check("kept")["info"]["status"] == "REFUND"
        assert client.refund("kept")["returnCode"] == "1165"
