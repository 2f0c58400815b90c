"""Between a lane and the owner of its printer: what breaks, who may, and what is said."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress

import pytest
from contracts import DOCUMENT, PATIENCE_S
from hypothesis import given
from hypothesis import strategies as st
from sharing import (
    NO_PAPER,
    READY,
    TOKEN,
    FlakyOwner,
    answers,
    hangs_up_after_ready,
    hangs_up_after_the_greeting,
    hangs_up_after_the_request,
    hangs_up_at_once,
    lane_of,
    soon,
)

from devices.errors import DeviceError, NoAnswer, Refused, Unavailable
from devices.options import BadOption
from devices.printers.shared.channel import MAX_BODY_BYTES, meet
from devices.printers.shared.documents import (
    NotUnderstood,
    document_from,
    document_json,
    failure_json,
    proof_from,
)
from devices.printers.shared.lent import Lent
from devices.printers.shared.options import SharedOptions, listen_address
from devices.printers.shared.owner import PrinterShare
from devices.printers.shared.seal import OWNER
from devices.registry import build_printer, options_type
from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    DrawerState,
    PrinterCondition,
    PrintProof,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)


@pytest.mark.parametrize(
    "script", [hangs_up_at_once, hangs_up_after_the_greeting, hangs_up_after_the_request]
)
def test_an_owner_that_is_lost_before_go_has_printed_nothing(tmp_path, script):
    with FlakyOwner(script) as owner, pytest.raises(Unavailable, match="check that the posd"):
        lane_of(owner, tmp_path).print(DOCUMENT, PATIENCE_S)


def test_an_owner_that_is_lost_after_go_may_have_printed(tmp_path):
    with FlakyOwner(hangs_up_after_ready) as owner, pytest.raises(NoAnswer, match="look before"):
        lane_of(owner, tmp_path).print(DOCUMENT, 0.1)


@pytest.mark.parametrize(
    ("outcome", "raised"),
    [
        ({"printed": "proved"}, None),
        ({"failed": "unavailable", "message": "switch it on"}, Unavailable),
        ({"failed": "no_answer", "message": "it hung"}, NoAnswer),
        ({"failed": "refused", "message": "no", "condition": "paper_out", "detail": "x"}, Refused),
        ({"failed": "by a new way"}, NoAnswer),
        ({"printed": "maybe"}, NoAnswer),
    ],
)
def test_what_became_of_a_job_is_learned_on_a_second_connection(tmp_path, outcome, raised):
    with FlakyOwner(hangs_up_after_ready, hangs_up_at_once, answers(outcome)) as owner:
        lane = lane_of(owner, tmp_path)
        if raised is None:
            assert lane.print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED
        else:
            with pytest.raises(raised):
                lane.print(DOCUMENT, PATIENCE_S)


def test_a_kick_without_an_answer_may_have_opened_the_drawer(tmp_path):
    with FlakyOwner(hangs_up_after_the_request) as owner, pytest.raises(NoAnswer):
        lane_of(owner, tmp_path).kick(PATIENCE_S)
    with FlakyOwner(hangs_up_after_the_greeting) as owner, pytest.raises(DeviceError):
        lane_of(owner, tmp_path).kick(PATIENCE_S)


def test_a_lane_whose_owner_is_away_says_so(tmp_path):
    with FlakyOwner(hangs_up_at_once) as owner:
        lane = lane_of(owner, tmp_path)
        assert lane.status(PATIENCE_S).condition is PrinterCondition.UNREACHABLE
    for act in (lane.prepare, lambda document: lane.print(document, 1.0)):
        with pytest.raises(Unavailable, match="Connection refused"):
            act(DOCUMENT)
    with pytest.raises(Unavailable, match=owner.address):
        lane.kick(1.0)
    assert lane.drawer(1.0) is DrawerState.UNKNOWN
    assert owner.address in lane.status(1.0).detail


def test_a_condition_of_a_newer_owner_is_unknown_and_never_ready(tmp_path):
    with FlakyOwner(answers({"condition": "on fire"})) as owner:
        status = lane_of(owner, tmp_path).status(PATIENCE_S)
    assert status.condition is PrinterCondition.SILENT


def test_a_document_that_is_too_long_for_the_wire_is_unavailable(shop, printer):
    huge = ReceiptDocument(tuple(Text("x" * 1000) for _ in range(400)))
    with pytest.raises(Unavailable, match="too much for one message"):
        shop.lane().print(huge, PATIENCE_S)
    assert printer.all_papers() == []


# ---- strangers ---------------------------------------------------------------------------------


def test_a_lane_with_another_token_gets_nothing_and_no_token_is_told(shop_of, printer):
    shop = shop_of(printer, token="another-token")
    with pytest.raises(Unavailable, match="copy of its own") as refused:
        shop.lane().print(DOCUMENT, PATIENCE_S)
    reported = shop.reports.get(timeout=PATIENCE_S)
    assert "another token" in reported
    assert "127.0.0.1" in reported
    for said in (reported, str(refused.value)):
        assert TOKEN not in said
        assert "another-token" not in said
    assert printer.all_papers() == []


def test_an_owner_with_another_token_is_not_believed(tmp_path):
    def lies(connection) -> None:
        with pytest.raises(ConnectionError):
            meet(connection, "guessed", OWNER, soon()).receive(soon())

    with FlakyOwner(lies) as owner, pytest.raises(Unavailable):
        lane_of(owner, tmp_path).print(DOCUMENT, PATIENCE_S)

    def answers_without_the_token(connection) -> None:
        channel = meet(connection, "guessed", OWNER, soon())
        channel.send({"ready": True}, soon())
        connection.settimeout(PATIENCE_S)
        while connection.recv(65536):
            pass

    with FlakyOwner(answers_without_the_token) as owner, pytest.raises(Unavailable) as refused:
        lane_of(owner, tmp_path).print(DOCUMENT, PATIENCE_S)
    assert "it has another token" in str(refused.value)


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"posd printer-share 2 " + b"0" * 32 + b"\n", "speaks version 2, this posd 1"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".ljust(60, b"x"), "no posd that shares a printer"),
    ],
)
def test_what_is_no_owner_of_this_version_is_named(tmp_path, greeting, reason):
    def greets(connection) -> None:
        connection.sendall(greeting)
        connection.recv(4096)

    with FlakyOwner(greets) as owner, pytest.raises(Unavailable, match=reason):
        lane_of(owner, tmp_path).print(DOCUMENT, PATIENCE_S)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"op": "format_disk", "timeout_s": 1},
        {"op": "status"},
        {"op": "status", "timeout_s": "1"},
        {"op": "status", "timeout_s": 1e9},
        {"op": "status", "timeout_s": -1},
        {"op": "print", "timeout_s": 1, "job": "short", "document": document_json(DOCUMENT)},
        {"op": "print", "timeout_s": 1, "job": "j" * 32, "document": {"language": "en"}},
        {"op": "print", "timeout_s": 1, "job": "j" * 32},
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_words(shop, request_):
    with shop.channel() as channel:
        channel.send(request_, soon())
        answer = channel.receive(soon())
    assert answer["failed"] == "unavailable"
    assert "does not understand" in answer["message"]


@pytest.mark.parametrize(
    "frame",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        (3).to_bytes(4, "big") + b"\0" * 32 + b"{}}",
        b"",
    ],
)
def test_who_sends_rubbish_is_hung_up_on_and_the_next_is_served(shop, frame):
    with shop.channel() as channel:
        channel._connection.sendall(frame)
        with suppress(OSError):  # it may have been hung up on already
            channel._connection.shutdown(socket.SHUT_WR)
        with pytest.raises(OSError, match=r"hung up|reset"):
            channel.receive(soon())
    assert shop.reports.get(timeout=PATIENCE_S).startswith("127.0.0.1 ")
    assert shop.lane().status(PATIENCE_S) == READY


def test_who_announces_too_much_is_hung_up_on_before_it_is_sent(shop):
    with shop.channel() as channel:
        channel._connection.sendall((MAX_BODY_BYTES + 1).to_bytes(4, "big"))
        assert "more than one message may hold" in shop.reports.get(timeout=PATIENCE_S)


def test_a_message_cannot_be_sent_again_or_back(shop):
    with shop.channel() as channel:
        channel.send({"op": "status", "timeout_s": 1}, soon())
        channel._sent = 0
        assert channel.receive(soon()) == {"condition": "ready", "detail": ""}
    with shop.channel() as channel:
        channel._sent = 1  # as the second message of an earlier one
        channel.send({"op": "status", "timeout_s": 1}, soon())
        with pytest.raises(OSError, match=r"hung up|reset"):
            channel.receive(soon())


def test_more_lanes_than_there_are_seats_are_turned_away_and_served_later(shop, monkeypatch):
    monkeypatch.setattr(shop.share, "_seats", threading.BoundedSemaphore(1))
    with shop.channel(), pytest.raises(Unavailable):
        shop.lane().print(DOCUMENT, 1.0)
    shop.reports.get(timeout=PATIENCE_S)
    assert shop.share._seats.acquire(timeout=PATIENCE_S)  # given back a moment after the report
    shop.share._seats.release()
    assert shop.lane().status(PATIENCE_S) == READY
    assert shop.share._seats.acquire(timeout=PATIENCE_S)  # that one has left as well


def test_a_driver_that_fails_by_a_bug_ends_neither_the_share_nor_a_lane(shop, printer):
    printer.fails = [ValueError("a bad font")]
    with pytest.raises(NoAnswer, match="does not know what became"):
        shop.lane().print(DOCUMENT, PATIENCE_S)
    assert "ValueError: a bad font" in shop.reports.get(timeout=PATIENCE_S)
    assert shop.lane().print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED


# ---- token files and options -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda path: path.unlink(), "No such file"),
        (lambda path: path.chmod(0o644), "mode 0600 or 0640"),
        (lambda path: (path.unlink(), os.mkfifo(path, 0o600)), "mode 0600 or 0640"),
        (lambda path: path.write_text("\n"), "is empty"),
    ],
)
def test_a_token_file_that_will_not_do_is_named(shop, prepare, reason):
    lane = shop.lane()
    prepare(shop.token_file)
    with pytest.raises(Unavailable, match=reason):
        lane.print(DOCUMENT, PATIENCE_S)
    assert reason in lane.status(PATIENCE_S).detail


def test_it_is_a_driver_of_its_own():
    options = options_type("printer", "shared")(address="192.0.2.7:9180", token_file="token")
    assert type(build_printer("shared", options)).__name__ == "SharedPrinter"
    for given_options, key in (
        ({"token_file": "t"}, "address"),
        ({"address": "x:1"}, "token_file"),
    ):
        with pytest.raises(BadOption) as bad:
            SharedOptions(**given_options)
        assert bad.value.key == key


def test_an_owner_listens_where_it_is_told(printer):
    assert listen_address("[::1]:0") == ("::1", 0)
    for wrong in ("9180", "lane1:9180", "127.0.0.1:99999", "127.0.0.1:x"):
        with pytest.raises(BadOption):
            listen_address(wrong)
    share = PrinterShare(Lent(printer), listen="[::1]:0", token=TOKEN, report=print)
    assert share.start().startswith("[::1]:")
    share.stop()
    share.stop()


# ---- documents on the wire ---------------------------------------------------------------------

elements = st.one_of(
    st.builds(Text, st.text(), st.sampled_from(Align), st.booleans(), st.booleans()),
    st.builds(Columns, st.text(), st.text(), st.booleans(), st.booleans()),
    st.builds(Rule),
    st.builds(Blank),
    st.builds(QrCode, st.text()),
    st.builds(Barcode, st.text()),
)
documents = st.builds(ReceiptDocument, st.lists(elements).map(tuple), st.text())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(documents)
def test_a_document_is_the_same_on_the_other_side(document):
    assert document_from(document_json(document)) == document


@given(json_values | st.fixed_dictionaries({"language": st.text(), "elements": json_values}))
def test_what_is_no_document_is_refused_whole(told):
    try:
        document = document_from(told)
    except NotUnderstood:
        return
    assert document_json(document) == told


@pytest.mark.parametrize(
    "element",
    [
        {"kind": "rule", "width": 3},
        {"kind": "qr_code"},
        {"kind": "qr_code", "data": 5},
        {"kind": "columns", "left": "a", "right": "b", "bold": 1, "double": False},
        {"kind": "text", "text": "x", "align": "middle", "bold": False, "double": False},
        {"kind": "image", "data": "x"},
        "rule",
    ],
)
def test_an_element_of_another_shape_is_refused(element):
    with pytest.raises(NotUnderstood):
        document_from({"language": "en", "elements": [element]})


@pytest.mark.parametrize(
    "failure", [Unavailable("a"), NoAnswer("b"), Refused("c", NO_PAPER)], ids=str
)
def test_a_failure_is_the_same_on_the_other_side(failure):
    with pytest.raises(type(failure)) as raised:
        proof_from(failure_json(failure))
    assert str(raised.value) == str(failure)
    assert getattr(raised.value, "status", None) == getattr(failure, "status", None)
