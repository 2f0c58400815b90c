"""The page for people, its codes, and the document of the control interface."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import qrcode

from posd.linepay.sandbox.control_schema import CALLS
from posd.linepay.sandbox.drawing import code128_svg, qr_svg
from posd.linepay.sandbox.openapi import document

DOCUMENT = Path(__file__).parents[2] / "docs/reference/sandbox-control.json"
FILES = ["", "page.js", "page.css", "icon.svg"]


def get(client, path):
    connection = client.keep()
    connection.request("GET", f"/control/{path}")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize("path", [*FILES, "openapi.json"])
def test_the_page_is_whole_and_locked_down(client, path):
    response, body = get(client, path)
    assert response.status == 200
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    foreign = set(re.findall(rb"https?://[^\"' )]+", body))
    assert foreign <= {b"http://www.w3.org/2000/svg"}


def test_the_page_names_only_files_that_are_served(client):
    _, body = get(client, "")
    assert b"<script>" not in body
    assert b"style=" not in body
    for name in re.findall(r'(?:src|href)="([^"]+)"', body.decode()):
        assert get(client, name)[0].status == 200


def test_looking_at_the_page_is_no_traffic_of_the_api(client):
    for path in FILES:
        get(client, path)
    assert client.control("GET", "stats")[1]["connections"] == 0


def test_a_key_is_drawn_as_a_qr_code_and_as_a_barcode(client):
    key = client.mint(country="TH")
    for kind, draw in (("qr", qr_svg), ("code128", code128_svg)):
        response, body = get(client, f"codes/{key}/{kind}.svg")
        assert response.headers["Content-Type"] == "image/svg+xml"
        assert body == draw(key)


def dark(svg):
    """The dark modules of a drawing: (x, y)."""
    root = ET.fromstring(svg)
    width, height = map(int, root.attrib["viewBox"].split()[2:])
    runs = re.findall(r"M(\d+) (\d+)h1v(\d+)h-1z", root[1].attrib["d"])
    return width, height, {(int(x), int(y)) for x, y, _ in runs}


def test_a_qr_code_is_the_one_of_its_digits_with_a_quiet_zone():
    text = "38" + "1234" * 4
    code = qrcode.QRCode(border=0)
    code.add_data(text)
    rows = code.get_matrix()
    wanted = {(x + 4, y + 4) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit}
    assert dark(qr_svg(text)) == (len(rows) + 8, len(rows) + 8, wanted)


@pytest.mark.parametrize(("digits", "symbols"), [("012345678901", 9), ("38" + "1234" * 4, 12)])
def test_a_barcode_packs_two_digits_in_a_symbol_and_ends_rightly(digits, symbols):
    """Code set C: start, pairs, check symbol of 11 modules each, and a stop of 13."""
    width, _, bars = dark(code128_svg(digits))
    assert width == 20 + (symbols - 1) * 11 + 13
    bits = "".join("1" if (x, 0) in bars else "0" for x in range(10, width - 10))
    assert bits.startswith("11010011100")
    assert bits.endswith("1100011101011")


@pytest.mark.parametrize("path", ["codes/1/qr.svg", "codes/38/", "codes/381234567890123456/x.svg"])
def test_only_keys_are_drawn(client, path):
    assert get(client, path)[0].status == 404


def test_the_document_is_drawn_from_the_code():
    kept = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert kept == document(), "python -m posd.linepay.sandbox.openapi > " + DOCUMENT.name


def test_the_document_names_every_call_and_resolves(client):
    told = json.loads(get(client, "openapi.json")[1])
    calls = {(row.method.lower(), row.path) for row in CALLS}
    assert {(method, path) for path, item in told["paths"].items() for method in item} == calls
    names = [item["operationId"] for path in told["paths"].values() for item in path.values()]
    assert len(set(names)) == len(names)
    for reference in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told)):
        assert reference in told["components"]["schemas"]


def test_minted_keys_wait_until_they_are_used(client, clock):
    first, second = client.mint(), client.mint(country="TH", fault="slow:2.5", funding="card")
    keys = client.control("GET", "keys")[1]["keys"]
    assert [key["one_time_key"] for key in keys] == [second, first]
    assert (keys[0]["country"], keys[0]["fault"], keys[0]["funding"]) == ("TH", "slow:2.5", "card")
    client.pay(oneTimeKey=first)
    assert len(client.control("GET", "keys")[1]["keys"]) == 1
    clock.advance(301)
    assert client.control("GET", "keys")[1]["keys"] == []
