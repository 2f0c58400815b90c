"""The how-to's examples run, in their order, against a server that knows one shop's payments."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

from posd.linepay import Money, OneTimeKeyPayment, Operation
from tests.docs.pages import ROOT, blocks

from .samples import INFOS, KEY, envelope
from .scripted import Peer, ScriptedServer, ok

PAGE = (ROOT / "docs" / "how-to" / "use-the-client.md").read_text("utf-8")
ORDER = {"orderId": "SHOP1-TILL1-0001"}
PAID = INFOS[Operation.CHECK] | ORDER | {"payInfo": [{"method": "BALANCE", "amount": 120}]}
BOOKED = INFOS[Operation.DETAILS][0] | ORDER
HELD = INFOS[Operation.AUTHORIZATIONS][0] | ORDER | {"payStatus": "AUTHORIZATION"}
CAPTURED = PAID | {"payInfo": [{"method": "BALANCE", "amount": 100}]}

SAID = [
    ("POST /v4/payments/oneTimeKeys/pay", envelope(PAID)),
    ("POST /v4/payments/oneTimeKeys/pay", envelope(None, "1142")),
    ("GET /v4/payments/orders/SHOP1-TILL1-0001/check", envelope(PAID)),
    ("GET /v4/payments?orderId=SHOP1-TILL1-0001", envelope([BOOKED])),
    (
        "POST /v4/payments/orders/SHOP1-TILL1-0001/refund",
        envelope(INFOS[Operation.REFUND]),
    ),
    ("GET /v4/payments/authorizations?orderId=SHOP1-TILL1-0001", envelope([HELD])),
    ("POST /v4/payments/orders/SHOP1-TILL1-0001/capture", envelope(CAPTURED)),
]
PRINTED = """\
2026112412345678901 120
declined
paid
Coffee 100 50.5
2026112412345678902
balance too low other_tender other_tender none
AD
"""


def conversation(peer: Peer) -> None:
    for line, body in SAID:
        assert peer.read_request().decode().startswith(f"{line} HTTP/1.1\r\n")
        peer.say(ok(body))


def test_the_examples_of_the_how_to_do_what_they_say() -> None:
    shown = io.StringIO()
    with ScriptedServer(conversation) as server, redirect_stdout(shown):
        names: dict[str, Any] = {
            "base_url": server.url,
            "channel_secret": "a-secret",
            "scanned": KEY,
            "declined_payment": OneTimeKeyPayment(
                "SHOP1-TILL1-0002", KEY, Money(5, "TWD"), "Corner Tea"
            ),
        }
        for example in blocks(PAGE, "python"):
            exec(compile(example, "use-the-client.md", "exec"), names)
    assert shown.getvalue() == PRINTED
    assert len(server.requests) == len(SAID)
