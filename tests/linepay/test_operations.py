"""Every operation in every dialect over real sockets: the bytes that leave, what comes of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from posd.linepay import (
    AffiliateCard,
    Client,
    Dialect,
    Money,
    NoAnswer,
    Operation,
    PaymentDetails,
    PayMethod,
    PromotionRestriction,
    Refund,
    RefundEntry,
    Refused,
)

from .conftest import SECRET, ClientFor
from .samples import DETAILS, INFOS, PAID_INFO, envelope, full_payment
from .scripted import Peer, ScriptedServer, ok

FOREVER_NS = 2**62
TWD_100 = Money(100, "TWD")
RESTRICTION = PromotionRestriction(Money(40, "TWD"), Money(30, "TWD"))

FLAT_FULL = (
    b'{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"381234567890123456",'
    b'"productName":"Coffee","capture":false,"extras":{"branchId":"S1","branchName":"Ximen",'
    b'"promotionRestriction":{"rewardLimit":40,"useLimit":30},'
    b'"events":[{"code":"E1","totalAmount":100},{"code":"E2","productQuantity":2}]}}'
)
PACKAGES_FULL = (
    b'{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"381234567890123456",'
    b'"packages":[{"id":"1","amount":100,"name":"Coffee","products":[{"id":"P1","name":"Latte",'
    b'"imageUrl":"https://shop.example/latte.png","quantity":2,"price":50,"originalPrice":60}]}],'
    b'"options":{"payment":{"capture":false},"extra":{"branchId":"S1","branchName":"Ximen",'
    b'"promotionRestriction":{"rewardLimit":40,"useLimit":30}},'
    b'"events":[{"code":"E1","totalAmount":100},{"code":"E2","productQuantity":2}]}}'
)
PAY = {Dialect.V2: FLAT_FULL, Dialect.V2_4: FLAT_FULL, Dialect.V4: PACKAGES_FULL}

Call = Callable[[Client], Any]
# operation: what is called, the method, the tail of the path, the query, the body
CALLS: dict[str, tuple[Operation, Call, str, str, bytes]] = {
    "check": (Operation.CHECK, lambda c: c.check("O-1"), "/orders/O-1/check", "", b""),
    "authorizations by order": (
        Operation.AUTHORIZATIONS,
        lambda c: c.authorizations(order_id="O-1"),
        "/authorizations",
        "orderId=O-1",
        b"",
    ),
    "authorizations by transaction": (
        Operation.AUTHORIZATIONS,
        lambda c: c.authorizations(transaction_id="2026112412345678901"),
        "/authorizations",
        "transactionId=2026112412345678901",
        b"",
    ),
    "details": (Operation.DETAILS, lambda c: c.details("O-1"), "", "orderId=O-1", b""),
    "payments by order": (
        Operation.DETAILS,
        lambda c: c.payments(order_id="O-1"),
        "",
        "orderId=O-1",
        b"",
    ),
    "payments by transaction": (
        Operation.DETAILS,
        lambda c: c.payments(transaction_id="2026112412345678901"),
        "",
        "transactionId=2026112412345678901",
        b"",
    ),
    "capture": (
        Operation.CAPTURE,
        lambda c: c.capture("O-1", TWD_100),
        "/orders/O-1/capture",
        "",
        b'{"amount":100,"currency":"TWD"}',
    ),
    "capture with a restriction": (
        Operation.CAPTURE,
        lambda c: c.capture("O-1", TWD_100, promotion_restriction=RESTRICTION),
        "/orders/O-1/capture",
        "",
        b'{"amount":100,"currency":"TWD","promotionRestriction":{"rewardLimit":40,"useLimit":30}}',
    ),
    "void": (Operation.VOID, lambda c: c.void("O-1"), "/orders/O-1/void", "", b"{}"),
    "refund": (
        Operation.REFUND,
        lambda c: c.refund("O-1", Money(3050, "THB")),
        "/orders/O-1/refund",
        "",
        b'{"refundAmount":30.50}',
    ),
    "refund of the rest": (
        Operation.REFUND,
        lambda c: c.refund_rest("O-1"),
        "/orders/O-1/refund",
        "",
        b"{}",
    ),
    "refund of the rest with a restriction": (
        Operation.REFUND,
        lambda c: c.refund_rest("O-1", promotion_restriction=PromotionRestriction(Money(0, "TWD"))),
        "/orders/O-1/refund",
        "",
        b'{"promotionRestriction":{"rewardLimit":0}}',
    ),
}


def header(request: bytes, name: str) -> str:
    (line,) = [part for part in request.decode().split("\r\n") if part.startswith(f"{name}: ")]
    return line.split(": ", 1)[1]


def authentication(request: bytes, dialect: Dialect, signed: str) -> list[str]:
    if dialect is not Dialect.V4:
        return [f"X-LINE-ChannelSecret: {SECRET}"]
    nonce = header(request, "X-LINE-Authorization-Nonce")
    message = (SECRET + signed + nonce).encode()
    code = base64.b64encode(hmac.digest(SECRET.encode(), message, hashlib.sha256)).decode()
    return [f"X-LINE-Authorization-Nonce: {nonce}", f"X-LINE-Authorization: {code}"]


def golden(request: bytes, dialect: Dialect, tail: str, query: str, body: bytes) -> bytes:
    """The one request that may leave, written out byte by byte."""
    path = f"/{dialect}/payments{tail}"
    payload = query or body.decode()
    first = f"POST {path} HTTP/1.1" if body else f"GET {path}{'?' if query else ''}{query} HTTP/1.1"
    lines = [
        first,
        *([f"Content-Length: {len(body)}"] if body else []),
        f"Host: {header(request, 'Host')}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        "User-Agent: posd",
        "X-LINE-ChannelId: 1234567890",
        "X-LINE-MerchantDeviceProfileId: LANE-1",
        "X-LINE-MerchantDeviceType: POS",
        *authentication(request, dialect, path + payload),
        *([] if body else ["Cache-Control: no-store"]),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def asked(client_for: ClientFor, call: Call, answer: bytes, dialect: str = "v4") -> Any:
    with ScriptedServer(lambda peer: peer.answer(ok(answer))) as server:
        return call(client_for(server.url, dialect=dialect))


@pytest.mark.parametrize("dialect", Dialect)
def test_each_operation_is_these_bytes_once_over_one_connection(
    client_for: ClientFor, dialect: Dialect
) -> None:
    def conversation(peer: Peer) -> None:
        for operation, *_ in CALLS.values():
            peer.answer(ok(envelope(INFOS[operation])))

    with ScriptedServer(conversation) as server:
        client = client_for(server.url, dialect=dialect)
        replies = [call(client) for _, call, _, _, _ in CALLS.values()]
    assert {reply.code for reply in replies} == {"0000"}
    assert len(server.requests) == len(CALLS)
    for request, (_, _, tail, query, body) in zip(server.requests, CALLS.values(), strict=True):
        assert request == golden(request, dialect, tail, query, body)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_payment_with_every_field_is_these_bytes(client_for: ClientFor, dialect: Dialect) -> None:
    with ScriptedServer(lambda peer: peer.answer(ok(envelope(PAID_INFO)))) as server:
        client_for(server.url, dialect=dialect).pay(full_payment(), not_after_ns=FOREVER_NS)
    (request,) = server.requests
    assert request == golden(request, dialect, "/oneTimeKeys/pay", "", PAY[dialect])


def test_friends_are_added_in_v2_and_refused_by_name_where_there_is_no_place_for_them(
    client_for: ClientFor,
) -> None:
    payment = full_payment(add_friends=("@corner_tea",))
    with ScriptedServer(lambda peer: peer.answer(ok(envelope(PAID_INFO)))) as server:
        client_for(server.url, dialect="v2").pay(payment, not_after_ns=FOREVER_NS)
        for dialect in ("v2.4", "v4"):
            with pytest.raises(ValueError, match=f"add_friends cannot be sent in {dialect}"):
                client_for(server.url, dialect=dialect).pay(payment, not_after_ns=FOREVER_NS)
    assert server.connections == 1
    assert b'"addFriends":[{"type":"LINE_AT","idList":["@corner_tea"]}]' in server.requests[0]


# What comes back


METHODS = (
    PayMethod("POINT", Decimal(10)),
    PayMethod("CREDIT_CARD", Decimal(90), "VISA", "mine", "****-1234"),
)


def test_details_have_a_field_for_every_member(client_for: ClientFor) -> None:
    reply = asked(client_for, lambda c: c.payments(order_id="O-1"), envelope([DETAILS]))
    (found,) = reply.or_raise()
    assert found == PaymentDetails(
        transaction_id="2026112412345678901",
        original_transaction_id="2026112412345678900",
        order_id="O-1",
        transaction_date="2026-11-24T01:01:00Z",
        transaction_type="PAYMENT",
        product_name="Coffee",
        merchant_name="Corner Tea",
        currency="TWD",
        pay_status="CAPTURE",
        authorization_expire_date="2026-12-24T01:01:00Z",
        payment_provider="EPI",
        paid=Decimal(100),
        methods=METHODS,
        refunds=(
            RefundEntry(
                "2026112412345678902", "PARTIAL_REFUND", Decimal(30), "2026-11-24T02:00:00Z"
            ),
            RefundEntry("2026112412345678903", None, Decimal("20.5"), None),
        ),
        affiliate_cards=(AffiliateCard("MOBILE_CARRIER", "/ABC1234"),),
    )
    assert found.refunded == Decimal("50.5")


def test_pay_check_and_capture_tell_the_cards_and_the_carrier(client_for: ClientFor) -> None:
    answer = asked(client_for, lambda c: c.capture("O-1", TWD_100), envelope(PAID_INFO))
    assert answer.methods == METHODS
    assert answer.affiliate_cards == (AffiliateCard("MOBILE_CARRIER", "/ABC1234"),)
    assert (answer.balance, answer.payment_provider) == (Decimal(900), "EPI")


def test_a_refund_tells_its_own_transaction_as_text(client_for: ClientFor) -> None:
    call: Call = lambda c: c.refund("O-1", TWD_100)  # noqa: E731
    refund = asked(client_for, call, envelope(INFOS[Operation.REFUND])).or_raise()
    assert refund == Refund("2026112412345678902", "2026-11-24T02:00:00Z")


def test_a_void_states_nothing_but_its_code(client_for: ClientFor) -> None:
    answer = asked(client_for, lambda c: c.void("O-1"), envelope(None)).or_raise()
    assert (answer.code, answer.order_id, answer.paid) == ("0000", None, None)


@pytest.mark.parametrize("name", CALLS)
def test_a_refusal_is_an_answer_until_it_is_raised(client_for: ClientFor, name: str) -> None:
    operation, call, *_ = CALLS[name]
    reply = asked(client_for, call, envelope(None, "1104"))
    assert reply.code == "1104"
    with pytest.raises(Refused, match="1104: merchant unknown") as caught:
        reply.or_raise()
    assert (caught.value.code, caught.value.message) == ("1104", "-")
    assert caught.value.entry.code == "1104"
    writes = {Operation.CAPTURE, Operation.VOID, Operation.REFUND}
    proof = "no_money_moved" if operation in writes else "uncertain"
    assert caught.value.proves(operation) == proof


# What the wire does not allow


@pytest.mark.parametrize("answer", [[DETAILS | {"orderId": "O-2"}], [DETAILS, {"orderId": "O-2"}]])
@pytest.mark.parametrize("name", ["payments by order", "authorizations by order"])
def test_a_list_with_the_payment_of_another_order_is_not_followed(
    client_for: ClientFor, name: str, answer: list[Any]
) -> None:
    with pytest.raises(NoAnswer) as caught:
        asked(client_for, CALLS[name][1], envelope(answer))
    assert caught.value.reason == "contradiction"


def test_a_list_with_another_transaction_is_not_followed(client_for: ClientFor) -> None:
    with pytest.raises(NoAnswer) as caught:
        asked(client_for, lambda c: c.payments(transaction_id="7"), envelope([DETAILS]))
    assert caught.value.reason == "contradiction"


@pytest.mark.parametrize("identifier", ["2026112412345678900", "2026112412345678903"])
def test_a_refunds_id_or_the_originals_finds_the_payment(
    client_for: ClientFor, identifier: str
) -> None:
    reply = asked(client_for, lambda c: c.payments(transaction_id=identifier), envelope([DETAILS]))
    assert reply.or_raise()[0].order_id == "O-1"


@pytest.mark.parametrize("call", ["payments", "authorizations"])
def test_a_payment_that_states_no_id_contradicts_no_question(
    client_for: ClientFor, call: str
) -> None:
    for question in ({"order_id": "O-1"}, {"transaction_id": "7"}):
        reply = asked(client_for, lambda c, q=question: getattr(c, call)(**q), envelope([{}]))
        assert reply.content[0].paid is None


@pytest.mark.parametrize(
    "other",
    [
        {"orderId": "O-2"},
        {"currency": "THB"},
        {"payInfo": [{"method": "BALANCE", "amount": 99}]},
    ],
)
def test_a_capture_of_something_else_has_no_known_outcome(
    client_for: ClientFor, other: dict[str, Any]
) -> None:
    with pytest.raises(NoAnswer) as caught:
        asked(client_for, lambda c: c.capture("O-1", TWD_100), envelope(PAID_INFO | other))
    assert caught.value.reason == "contradiction"


# What cannot be asked for


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda c: c.authorizations(), "order_id or transaction_id"),
        (lambda c: c.payments(order_id="O-1", transaction_id="1"), "and not both"),
        (lambda c: c.payments(transaction_id="1&orderId=2"), "transaction_id"),
        (lambda c: c.payments(transaction_id=""), "transaction_id"),
        (lambda c: c.authorizations(order_id=".."), "order_id"),
        (lambda c: c.capture("", TWD_100), "order_id"),
        (lambda c: c.capture("O-1", Money(0, "TWD")), "amount"),
        (lambda c: c.capture("O-1", Money(100, "JPY")), "amount"),
        (lambda c: c.void("x" * 101), "order_id"),
        (lambda c: c.refund("O-1", Money(-1, "TWD")), "amount"),
        (lambda c: c.refund("O-1", Money(1.5, "TWD")), "amount"),
        (lambda c: c.refund("O-1", Money(10**12 + 1, "TWD")), "amount"),
        (lambda c: c.refund_rest("a/\n"), "order_id"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name_before_anything_is_opened(
    client_for: ClientFor, call: Call, field: str
) -> None:
    with ScriptedServer() as server, pytest.raises(ValueError, match=field):
        call(client_for(server.url))
    assert server.connections == 0


# Bad answers, on every operation


BAD = {
    "html": (ok(b"<html>login</html>"), "not_json"),
    "an empty body": (ok(b""), "not_json"),
    "utf-16": (ok('{"returnCode":"0000"}'.encode("utf-16")), "not_json"),
    "deep": (ok(b"[" * 100_000), "not_json"),
    "a number that is none": (ok(b'{"returnCode":"0000","info":NaN}'), "not_json"),
    "no code": (ok(b'{"info":{}}'), "no_code"),
    "info of another type": (ok(b'{"returnCode":"0000","info":"paid"}'), "malformed"),
    "members twice": (ok(b'{"returnCode":"1142","returnCode":"0000"}'), "malformed"),
    "a redirect": (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "redirect"),
    "an error": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "http_502"),
    "a torn body": (ok(envelope(PAID_INFO))[:-9], "truncated"),
    "ten megabytes": (ok(b" " * 10_000_000), "too_large"),
}
MOVING = ["capture", "void", "refund", "refund of the rest", "payments by order"]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", MOVING)
def test_what_is_no_answer_leaves_the_outcome_unknown_and_is_not_asked_again(
    client_for: ClientFor, name: str, bad: str
) -> None:
    said, reason = BAD[bad]

    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.pour_once(said)

    with ScriptedServer(conversation) as server, pytest.raises(NoAnswer) as caught:
        CALLS[name][1](client_for(server.url))
    assert caught.value.reason == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", MOVING)
def test_an_answer_without_end_is_cut_at_its_limit(client_for: ClientFor, name: str) -> None:
    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.pour(b" " * 65536)

    with ScriptedServer(conversation) as server, pytest.raises(NoAnswer) as caught:
        CALLS[name][1](client_for(server.url))
    assert caught.value.reason == "too_large"
