"""The inquirer asks three things and tells of each what came, or why nothing did."""

from __future__ import annotations

from typing import Any

from posd.core.commands import AccountName
from posd.inquiry import Told
from posd.linepay import Account, NoAnswer, NotSent
from posd.linepay.reading import parse_answer, parse_payments
from posd.workers.inquirer import Inquirer

from .fakes import Said

ACCOUNT = Account("http://127.0.0.1:9", "1234567890", "secret", "v4", "L01", "POS")
NAME = AccountName("http://127.0.0.1:9", "1234567890", "v4")


class FakeReader:
    """Keeps `posd.workers.inquirer.Reader`."""

    def __init__(self, *sayings: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        self._said = Said(*sayings)

    def check(self, order_id: str) -> Any:
        return self._answer("check", order_id)

    def payments(self, *, order_id: str) -> Any:
        return self._answer("details", order_id)

    def authorizations(self, *, order_id: str) -> Any:
        return self._answer("authorizations", order_id)

    def _answer(self, operation: str, order_id: str) -> Any:
        self.asked.append((operation, order_id))
        return self._said.next()


def test_each_question_is_told_with_its_answer() -> None:
    check = parse_answer(
        b'{"returnCode":"0000","returnMessage":"OK","info":{"status":"COMPLETE",'
        b'"transactionId":7,"payInfo":[{"method":"BALANCE","amount":49.5}]}}'
    )
    details = parse_payments(
        b'{"returnCode":"0000","returnMessage":"OK","info":[{"transactionId":7,"currency":"THB",'
        b'"payInfo":[{"method":"BALANCE","amount":49.5}],'
        b'"refundList":[{"refundTransactionId":8,"refundAmount":-1}]}]}'
    )
    nothing = parse_payments(b'{"returnCode":"1150","returnMessage":"none"}')
    reader = FakeReader(check, details, nothing)
    told = Inquirer(reader, ACCOUNT).ask("O-1", currency="THB", account=NAME)
    paid = {"transaction_id": "7", "amount": "49.50"}
    assert told == (
        Told("check", "answered", "0000", "OK", "COMPLETE", **paid),
        Told("details", "answered", "0000", "OK", currency="THB", refunded="1.00", **paid),
        Told("authorizations", "answered", "1150", "none"),
    )
    assert reader.asked == [(told.operation, "O-1") for told in told]


def test_a_question_without_an_answer_does_not_stop_the_others() -> None:
    gone = (NotSent("connect_refused", "x"), NoAnswer("timeout", "x"), NoAnswer("reset", "x"))
    told = Inquirer(FakeReader(*gone), ACCOUNT).ask("O-1", currency="TWD", account=None)
    assert [(each.outcome, each.reason) for each in told] == [
        ("not_sent", "connect_refused"),
        ("no_answer", "timeout"),
        ("no_answer", "reset"),
    ]


def test_an_order_of_another_account_is_not_asked_about() -> None:
    reader = FakeReader()
    other = AccountName("http://127.0.0.1:9", "other", "v4")
    told = Inquirer(reader, ACCOUNT).ask("O-1", currency="TWD", account=other)
    assert told == (Told("check", "not_sent", reason="account_not_configured"),)
    assert reader.asked == []


def test_an_amount_too_fine_for_its_currency_is_told_as_it_came() -> None:
    check = parse_answer(
        b'{"returnCode":"0000","returnMessage":"","info":{"payInfo":[{"amount":1.5}]}}'
    )
    told = Inquirer(FakeReader(check, NoAnswer("reset", "x"), NoAnswer("reset", "x")), ACCOUNT)
    assert told.ask("O-1", currency="TWD", account=NAME)[0].amount == "1.5"
