"""No secret ever leaves the places that it is made for: it is looked for everywhere."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from .foreign import ForeignGateway
from .printer import EpsonPrinter
from .shop import Posd, Shop

KEY = "381234509876543210"
DECLINED = "389876543210123450"
UNUSED = "387777000011112222"
WRONG = "4710088430274"
PATHS = ("/v1/lane", "/v1/devices", "/openapi.json", "/healthz", "/readyz", "/v1/events")


@pytest.mark.parametrize("api", ["v4", "v2"])
def test_neither_key_nor_secret_is_in_logs_journal_answers_or_paper(
    foreign_shop: Shop, foreign: ForeignGateway, printer: EpsonPrinter, api: str
) -> None:
    foreign_shop.settings["linepay"]["api"] = api
    posd = foreign_shop.start()
    posd.scan(UNUSED)
    posd.notice("scan_not_armed")
    sale = posd.open()
    posd.scan(WRONG)
    posd.notice("key_product_code")
    posd.scan(KEY)
    sale = posd.verdict(sale)
    posd.sale_when(sale, receipt="PRINTED")
    foreign.on_pay = lambda _: {"returnCode": "1142", "returnMessage": f"no, {DECLINED}"[:4]}
    declined = posd.sell(DECLINED, "77", "basket-2")
    assert (sale["verdict"], declined["verdict"]) == ("PAID", "NOT_PAID")
    places = {"paper": bytes(printer.paper())}
    places |= dict(answers(posd, sale["id"])) | dict(words(posd, sale["order_id"]))
    posd.terminate()
    assert posd.exit_code() == 0
    places |= {str(path): path.read_bytes() for path in files(foreign_shop)}
    assert_where_they_belong(foreign, api)
    for canary in (KEY, DECLINED, UNUSED, WRONG, foreign.channel_secret):
        found = [place for place, data in places.items() if canary.encode() in data]
        assert found == [], canary
    assert len(places) > 15


def assert_where_they_belong(foreign: ForeignGateway, api: str) -> None:
    """The canaries sang: the key reached the gateway, and with v2 the secret too."""
    first, second = foreign.ledger.pay_requests
    assert (first.json["oneTimeKey"], second.json["oneTimeKey"]) == (KEY, DECLINED)
    told_secret = foreign.channel_secret in first.headers.values()
    assert told_secret is (api == "v2")


def answers(posd: Posd, sale_id: str) -> Iterator[tuple[str, bytes]]:
    sales = ("", "/receipt.txt", "/receipt.png")
    for path in (*PATHS, *(f"/v1/sales/{sale_id}{tail}" for tail in sales)):
        yield path, asked(posd.shop.socket, path)


def asked(address: Path, path: str) -> bytes:
    connection = http.client.HTTPConnection("localhost", timeout=20)
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        connection.sock.settimeout(20)
        connection.sock.connect(str(address))
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, path
        return answer.readline() if path.endswith("events") else answer.read()
    finally:
        connection.close()


def words(posd: Posd, order_id: str) -> Iterator[tuple[str, bytes]]:
    for command in (("status", "--json"), ("devices",), ("journal", "tail"), ("journal", "export")):
        ended = posd.cli(*command)
        assert ended.code == 0, ended.err
        yield " ".join(command), (ended.out + ended.err).encode()
    assert order_id


def files(shop: Shop) -> list[Path]:
    """All that it wrote; not the secret's own file, the sockets, and the scanner's link."""
    left_out = (shop.secret, shop.scanner.port)
    return [path for path in shop.folder.rglob("*") if path.is_file() and path not in left_out]
