"""The worker that captures, voids and refunds: one request a command, one event an outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from posd.core.commands import AccountName, SendCapture, SendReversal
from posd.core.evidence import Proof
from posd.core.money import Money
from posd.core.reversal_events import (
    CaptureAnswered,
    CaptureNotSent,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalUnanswered,
)
from posd.inbox import Inbox, WorkerDied
from posd.linepay.answers import Refund, Reply
from posd.linepay.client import Account, NoAnswer, NotSent
from posd.workers.reversal import ReversalWorker

from .fakes import FakeGateway, told
from .test_gateway import HOST, answer

ACCOUNT = AccountName(HOST, "1650000000", "v4")
AMOUNT = Money(120, "TWD")
CAPTURE = SendCapture("order-1", AMOUNT, ACCOUNT)
VOID = SendReversal("order-1", 1, "void", AMOUNT, ACCOUNT)
REFUND = SendReversal("order-1", 2, "refund", AMOUNT, ACCOUNT)
ALL = [CAPTURE, VOID, REFUND]


def moved(command: Any, *sayings: Any) -> tuple[list[Any], FakeGateway]:
    gateway = FakeGateway(*sayings)
    account = Account(
        base_url=HOST,
        channel_id="1650000000",
        channel_secret="s" * 32,  # noqa: S106
        dialect="v4",
        device_profile_id="L01",
        device_type="POS",
    )
    worker = ReversalWorker(Inbox(), gateway, account)
    worker.give(command)
    worker.work()
    return told(worker.inbox), gateway


def test_a_capture_is_one_request() -> None:
    (event,), gateway = moved(CAPTURE, answer(transaction_id="7"))
    assert gateway.calls == [("capture", "order-1", AMOUNT)]
    assert isinstance(event, CaptureAnswered)
    assert event.evidence.proof is Proof.SUCCESS


def test_a_void_is_one_request() -> None:
    (event,), gateway = moved(VOID, answer("1165"))
    assert gateway.calls == [("void", "order-1")]
    assert isinstance(event, ReversalAnswered)
    assert (event.number, event.evidence.code) == (1, "1165")


def test_a_refund_is_one_request_and_tells_its_own_transaction() -> None:
    (event,), gateway = moved(REFUND, Reply("0000", "", Refund("99", None)))
    assert gateway.calls == [("refund", "order-1", AMOUNT)]
    assert isinstance(event, ReversalAnswered)
    assert (event.number, event.evidence.transaction_id) == (2, "99")


@pytest.mark.parametrize("command", ALL, ids=["capture", "void", "refund"])
def test_without_an_answer_it_may_have_been_done(command: Any) -> None:
    (event,), _ = moved(command, NoAnswer("http_503", "503"))
    assert isinstance(event, CaptureUnanswered | ReversalUnanswered)
    assert event.reason == "http_503"


@pytest.mark.parametrize("command", ALL, ids=["capture", "void", "refund"])
def test_what_was_not_sent_was_not_done(command: Any) -> None:
    (event,), _ = moved(command, NotSent("connect_refused", "nobody listens"))
    assert isinstance(event, CaptureNotSent | ReversalNotSent)
    assert event.reason == "connect_refused"


@pytest.mark.parametrize("command", ALL, ids=["capture", "void", "refund"])
def test_an_order_of_another_account_is_not_touched(command: Any) -> None:
    (event,), gateway = moved(replace(command, account=replace(ACCOUNT, dialect="v2")))
    assert isinstance(event, CaptureNotSent | ReversalNotSent)
    assert (event.reason, gateway.calls) == ("account_not_configured", [])


@pytest.mark.parametrize("command", ALL, ids=["capture", "void", "refund"])
def test_a_worker_that_dies_leaves_its_request_unanswered(command: Any) -> None:
    gateway = FakeGateway(RuntimeError("nobody foresaw this"))
    account = Account(HOST, "1650000000", "s" * 32, "v4", "L01", "POS")
    worker = ReversalWorker(Inbox(), gateway, account)
    worker.give(command)
    worker.start()
    worker._thread.join(10)
    unanswered, death = told(worker.inbox)
    assert isinstance(unanswered, CaptureUnanswered | ReversalUnanswered)
    assert unanswered.reason == "internal_error"
    assert isinstance(death, WorkerDied)
    assert death.fatal
