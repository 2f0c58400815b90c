"""The two workers at LINE Pay: one request a command, one event an outcome."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from posd.core.commands import AccountName, SendCheck, SendPay, WarmConnection
from posd.core.events import (
    CheckAnswered,
    CheckUnanswered,
    GatewayUnreachable,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
)
from posd.core.evidence import PaidPart, Proof, RefundSeen
from posd.core.money import Money
from posd.core.records import SoldItem
from posd.inbox import GatewaySeen, Inbox
from posd.linepay.answers import PaymentDetails, RefundEntry, Reply
from posd.linepay.client import Account, NoAnswer, NotSent
from posd.linepay.messages import Answer, PayMethod, Product
from posd.linepay.result_codes import Operation
from posd.snapshot import GatewayView
from posd.vault import Vault
from posd.workers.evidence import evidence
from posd.workers.gateway import CheckWorker, PayWorker, ShopNames

from .fakes import PATIENCE_S, FakeGateway, names, told

KEY = "381234567890123456"
HOST = "http://127.0.0.1:1"
ACCOUNT = AccountName(HOST, "1650000000", "v4")
ITEMS = (SoldItem("Tea", 2, 60),)
PAY = SendPay("order-1", "print-1", Money(120, "TWD"), ITEMS, ACCOUNT, 77)
CHECK = SendCheck("order-1", 3, "check", ACCOUNT)
DETAILS = SendCheck("order-1", 4, "details", ACCOUNT)
REACHABLE = GatewaySeen(GatewayView("reachable"))
REFUSED = NotSent("connect_refused", "nobody listens")
UNREACHABLE = GatewaySeen(GatewayView("unreachable", str(REFUSED)))


def answer(code: str = "0000", **changes: Any) -> Answer:
    nothing = dict.fromkeys(field.name for field in fields(Answer))
    return Answer(**{**nothing, "code": code, "message": "", "methods": (), **changes})


def pay_worker(*sayings: Any) -> tuple[PayWorker, FakeGateway, Vault]:
    """A pay worker whose connection is open; `sayings` are what the gateway says next."""
    gateway, vault = FakeGateway(None, None, *sayings), Vault()
    shop = ShopNames(product_name="Corner Tea", branch_id="S001", branch_name="Main Street")
    worker = PayWorker(Inbox(), gateway, vault, shop)
    worker.give(WarmConnection())
    worker.work()
    assert told(worker.inbox) == [REACHABLE]
    gateway.calls.clear()
    return worker, gateway, vault


def paying(*sayings: Any) -> tuple[PayWorker, FakeGateway]:
    worker, gateway, vault = pay_worker(*sayings)
    vault.put(PAY.fingerprint, KEY)
    worker.give(PAY)
    worker.work()
    return worker, gateway


# ---- pay ------------------------------------------------------------------------------------


def test_a_payment_is_one_request_with_the_key_and_what_the_shop_is_called() -> None:
    worker, gateway = paying(answer(order_id="order-1"))
    ((payment, not_after_ns),) = gateway.calls
    assert (payment.order_id, payment.one_time_key, payment.amount) == ("order-1", KEY, PAY.amount)
    assert payment.products == (Product("Tea", 2, Money(60, "TWD")),)
    assert payment.product_name == "Corner Tea"
    assert (payment.branch_id, payment.branch_name, not_after_ns) == ("S001", "Main Street", 77)
    (event,) = told(worker.inbox)
    assert isinstance(event, PayAnswered)
    assert (event.order_id, event.evidence.proof) == ("order-1", Proof.SUCCESS)


def test_no_answer_is_doubt_and_says_nothing_of_the_connection() -> None:
    worker, gateway = paying(NoAnswer("timeout", "a silence"))
    (event,) = told(worker.inbox)
    assert isinstance(event, PayUnanswered)
    assert (event.order_id, event.reason) == ("order-1", "timeout")
    assert len(gateway.calls) == 1


def test_a_request_that_did_not_leave_is_told_before_the_gateway_is_called_unreachable() -> None:
    worker, _ = paying(REFUSED)
    event, seen = told(worker.inbox)
    assert isinstance(event, PayNotSent)
    assert (event.order_id, event.reason) == ("order-1", "connect_refused")
    assert seen == UNREACHABLE


def test_our_own_lateness_says_nothing_of_the_gateway() -> None:
    worker, _ = paying(NotSent("expired", "too late"))
    (event,) = told(worker.inbox)
    assert isinstance(event, PayNotSent)
    assert event.reason == "expired"


def test_a_key_that_is_not_in_the_vault_is_no_request() -> None:
    worker, gateway, vault = pay_worker()
    vault.put("another", KEY)
    worker.give(PAY)
    worker.work()
    (event,) = told(worker.inbox)
    assert isinstance(event, PayNotSent)
    assert (event.reason, gateway.calls) == ("key_lost", [])


def test_the_key_is_taken_out_for_its_request_and_nowhere_kept() -> None:
    worker, gateway, vault = pay_worker(answer(order_id="order-1"))
    vault.put(PAY.fingerprint, KEY)
    worker.give(PAY)
    worker.work()
    assert vault.take(PAY.fingerprint) is None
    gateway.calls.clear()
    assert KEY not in repr(vars(worker))


def test_an_error_that_nobody_foresaw_is_doubt_and_ends_the_worker() -> None:
    worker, gateway, vault = pay_worker(KeyError("surprise"))
    vault.put(PAY.fingerprint, KEY)
    worker.give(PAY)
    worker.start()
    event = worker.inbox.get(timeout=PATIENCE_S)
    died = worker.inbox.get(timeout=PATIENCE_S)
    worker.stop(PATIENCE_S)
    assert isinstance(event, PayUnanswered)
    assert (event.order_id, event.reason) == ("order-1", "internal_error")
    assert (type(died).__name__, died.fatal) == ("WorkerDied", True)
    assert len([call for call in gateway.calls if isinstance(call, tuple)]) == 1


# ---- the connection -------------------------------------------------------------------------


def test_a_gateway_that_cannot_be_reached_is_told_once_and_each_sale_is_told_again() -> None:
    worker, gateway, _ = pay_worker(REFUSED, REFUSED)
    worker.give(WarmConnection())
    worker.work()
    first = told(worker.inbox)
    assert first[0] == UNREACHABLE
    assert isinstance(first[1], GatewayUnreachable)
    worker.give_up_waiting()  # as the passing of its time would
    worker.work()
    assert names(worker.inbox) == ["GatewayUnreachable"]
    assert gateway.calls == ["warm", "warm"]


def test_a_gateway_that_is_back_is_told() -> None:
    worker, _, _ = pay_worker(NotSent("dns", "no such name"), None)
    worker.give(WarmConnection())
    worker.work()
    told(worker.inbox)
    worker.give_up_waiting()
    worker.work()
    assert told(worker.inbox) == [REACHABLE]


def test_a_worker_that_ends_opens_no_connection_any_more() -> None:
    worker, gateway, _ = pay_worker()
    worker.stop(0)
    worker.work()
    assert gateway.calls == []


# ---- check ----------------------------------------------------------------------------------


def checked(command: SendCheck, *sayings: Any) -> tuple[list[Any], FakeGateway]:
    gateway = FakeGateway(*sayings)
    account = Account(
        base_url=HOST,
        channel_id="1650000000",
        channel_secret="s" * 32,  # noqa: S106
        dialect="v4",
        device_profile_id="L01",
        device_type="POS",
    )
    worker = CheckWorker(Inbox(), gateway, account)
    worker.give(command)
    worker.work()
    return told(worker.inbox), gateway


def test_a_check_is_one_request_and_its_answer_is_judged_as_one_to_a_check() -> None:
    (event,), gateway = checked(CHECK, answer("1150"))
    assert gateway.calls == [("check", "order-1")]
    assert isinstance(event, CheckAnswered)
    assert (event.number, event.evidence.proof) == (3, Proof.NO_SUCH_TRANSACTION)


@pytest.mark.parametrize(
    "failure", [NoAnswer("http_503", "503"), NotSent("connect_refused", "nobody")]
)
def test_a_check_without_an_answer_brought_nothing(failure: Exception) -> None:
    (event,), _ = checked(CHECK, failure)
    assert isinstance(event, CheckUnanswered)
    assert (event.number, event.reason) == (3, failure.reason)  # type: ignore[attr-defined]


def details(**changes: Any) -> PaymentDetails:
    nothing = dict.fromkeys(field.name for field in fields(PaymentDetails))
    empty = {"methods": (), "refunds": (), "affiliate_cards": ()}
    return PaymentDetails(**{**nothing, **empty, "order_id": "order-1", **changes})


def test_details_of_a_payment_prove_it_and_empty_details_prove_nothing() -> None:
    (found,), gateway = checked(DETAILS, Reply("0000", "", (details(transaction_id="7"),)))
    assert gateway.calls == [("details", "order-1")]
    assert found.evidence.proof is Proof.SUCCESS
    (nothing,), _ = checked(DETAILS, Reply("0000", "", ()))
    assert nothing.evidence.proof is Proof.UNCERTAIN
    (unknown,), _ = checked(DETAILS, Reply("1150", "", ()))
    assert unknown.evidence.proof is Proof.NO_SUCH_TRANSACTION


def test_refunds_and_the_state_of_an_authorization_are_told() -> None:
    listed = details(
        pay_status="AUTHORIZATION",
        refunds=(RefundEntry("99", "PARTIAL_REFUND", Decimal(20), None),),
        authorization_expire_date="2026-11-25T00:00:00Z",
    )
    ask = SendCheck("order-1", 5, "authorizations", ACCOUNT)
    (found,), gateway = checked(ask, Reply("0000", "", (listed,)))
    assert gateway.calls == [("authorizations", "order-1")]
    assert found.evidence.status == "AUTHORIZATION"
    assert found.evidence.refunds == (RefundSeen("99", Decimal(20)),)
    assert found.evidence.expires_ms == 1_795_564_800_000


@pytest.mark.parametrize("date", ["", "soon", "2026-13-01"])
def test_a_date_that_cannot_be_read_is_left_out(date: str) -> None:
    reply = Reply("0000", "", (details(authorization_expire_date=date),))
    (found,), _ = checked(SendCheck("order-1", 5, "authorizations", ACCOUNT), reply)
    assert found.evidence.expires_ms is None


@pytest.mark.parametrize(
    "other",
    [
        AccountName("http://127.0.0.2:1", "1650000000", "v4"),
        AccountName(HOST, "1650000001", "v4"),
        AccountName(HOST, "1650000000", "v2"),
    ],
)
def test_an_order_of_another_account_is_not_asked_about_here(other: AccountName) -> None:
    (event,), gateway = checked(SendCheck("order-1", 3, "check", other))
    assert isinstance(event, CheckUnanswered)
    assert (event.reason, gateway.calls) == ("account_not_configured", [])


# ---- what an answer proves ------------------------------------------------------------------


def test_an_answer_is_told_to_the_core_with_all_that_it_states() -> None:
    methods = (PayMethod("BALANCE", Decimal(100)), PayMethod("POINT", Decimal(20)))
    stated = answer(
        order_id="order-1",
        transaction_id="2019049910005498410",
        transaction_date="2026-11-24T06:00:00Z",
        status="COMPLETE",
        currency="TWD",
        methods=methods,
        masked_card="****1111",
        balance=Decimal(5),
    )
    told_ = evidence(stated, Operation.CHECK)
    assert (told_.order_id, told_.transaction_id) == ("order-1", "2019049910005498410")
    assert (told_.status, told_.currency, told_.masked_card) == ("COMPLETE", "TWD", "****1111")
    assert told_.parts == (PaidPart("BALANCE", Decimal(100)), PaidPart("POINT", Decimal(20)))
    assert (told_.transaction_date, told_.balance) == ("2026-11-24T06:00:00Z", Decimal(5))


@pytest.mark.parametrize(
    ("code", "operation", "proof"),
    [
        ("0000", Operation.PAY, Proof.SUCCESS),
        ("1142", Operation.PAY, Proof.NO_MONEY_MOVED),
        ("1142", Operation.CHECK, Proof.UNCERTAIN),
        ("1150", Operation.CHECK, Proof.NO_SUCH_TRANSACTION),
        ("1150", Operation.DETAILS, Proof.NO_SUCH_TRANSACTION),
        ("1172", Operation.PAY, Proof.UNCERTAIN),
        ("9999", Operation.PAY, Proof.UNCERTAIN),
    ],
)
def test_a_code_is_judged_for_the_operation_that_it_answers(
    code: str, operation: Operation, proof: Proof
) -> None:
    assert evidence(answer(code), operation).proof is proof
