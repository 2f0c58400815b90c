import logging

import pytest

from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect
from posd.linepay.sandbox.verify import Credentials, Door, check_headers

from .client import CHANNEL_ID, SECRET, encode, headers, mac, pay_body

DOOR = Door(Credentials(CHANNEL_ID, SECRET))

NONCE = "00000000-0000-4000-8000-000000000001"
PAY = "/v4/payments/oneTimeKeys/pay"
VOID = "/v4/payments/orders/O-1/void"
FIRST_BODY = '{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"123456789012345678"}'

# The reference's own vectors, section 2.2.
VECTORS = [
    ("POST", PAY, "", FIRST_BODY, "niixB7Zs7wFhfWCCeawTyUwYDIaX2n2cpF3XQRKQXEI="),
    (
        "GET",
        "/v4/payments/orders/O-1/check",
        "",
        "",
        "MD7v6Icjxm08EnyZTlg9lATSHpNYic0L7bgCkFBiWk0=",
    ),
    ("GET", "/v4/payments", "orderId=O-1", "", "xmPDiiUGgTdvJOZTTp38TZWQiFlaUYCe71Igch6ne5w="),
    ("POST", VOID, "", "", "NcA+HOt3qlONgRMjw23rAicVnB3/atAmPXLpq8kFS3Y="),
    ("POST", VOID, "", "{}", "cbNQz6cwqBWx2IGLAc3k9HhT5vHWT7dNf44zQh6BLS0="),
    ("POST", PAY, "", '{"name":"珍珠奶茶"}', "D71OyeApWFY9+rgCbl3tEhbV4EGr6QUbzn9IjdRDRm0="),
]
WITH_QUESTION_MARK = "wk7efOC9goPsqZwgNQdqcERsFWRVJ1PEb77xoNwTaYI="


def request(method, path, query, body, **changes):
    sent = {
        "content-type": "application/json",
        "host": "127.0.0.1:1",
        "x-line-channelid": CHANNEL_ID,
        "x-line-authorization-nonce": NONCE,
    }
    sent |= {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in sent.items() if value is not None}
    return Request(method, path, query, kept, body, keeps_alive=True)


def refusal(sent, dialect=Dialect.V4):
    with pytest.raises(Refused) as caught:
        check_headers(sent, dialect, DOOR)
    return caught.value


@pytest.mark.parametrize(("method", "path", "query", "body", "signature"), VECTORS)
def test_the_signatures_of_the_reference_are_taken(method, path, query, body, signature):
    sent = request(method, path, query, body.encode(), x_line_authorization=signature)
    check_headers(sent, Dialect.V4, DOOR)


@pytest.mark.parametrize(("method", "path", "query", "body", "signature"), VECTORS)
def test_a_signature_under_another_secret_is_refused_as_a_wrong_secret(
    method, path, query, body, signature
):
    forged = mac(path, query.encode() + body.encode(), NONCE, "another-secret")
    refused = refusal(request(method, path, query, body.encode(), x_line_authorization=forged))
    assert refused.code == "1106"
    assert refused.why.startswith("wrong secret")
    assert signature not in refused.why


def test_a_signature_over_the_question_mark_is_refused_and_named():
    sent = request(
        "GET", "/v4/payments", "orderId=O-1", b"", x_line_authorization=WITH_QUESTION_MARK
    )
    refused = refusal(sent)
    assert refused.code == "1106"
    assert refused.why.startswith("signed with the question mark")


BODY = '{"b": 1, "a": "茶"}'.encode()


@pytest.mark.parametrize(
    ("path", "tail", "why"),
    [
        (PAY, b"", "signed other bytes: an empty body"),
        (PAY, b"{}", "signed other bytes: the body {}"),
        (PAY, b"null", "signed other bytes: the body null"),
        (PAY, '{"b":1,"a":"茶"}'.encode(), "signed other bytes: the body serialised anew"),
        (PAY, b'{"a": "\\u8336", "b": 1}', "signed other bytes: the body serialised anew"),
        (f"http://127.0.0.1:1{PAY}", BODY, "signed other bytes: the whole URL"),
        (PAY, b"something else", "wrong secret, or signed other bytes"),
    ],
)
def test_a_signature_over_other_bytes_is_refused_and_named(path, tail, why):
    refused = refusal(request("POST", PAY, "", BODY, x_line_authorization=mac(path, tail, NONCE)))
    assert refused.code == "1106"
    assert refused.why.startswith(why)


@pytest.mark.parametrize(
    ("secret", "why"),
    [(f"{SECRET}\n", "line end"), (f'"{SECRET}"', "quotation marks"), (f"{SECRET} ", "blank")],
)
def test_a_secret_that_is_nearly_right_is_named(secret, why):
    forged = mac(PAY, BODY, NONCE, secret)
    refused = refusal(request("POST", PAY, "", BODY, x_line_authorization=forged))
    assert refused.why.startswith("wrong secret")
    assert why in refused.why


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"content_type": None}, "1106", "Content-Type is missing"),
        ({"content_type": "text/plain"}, "1106", "Content-Type is not"),
        ({"x_line_channelid": None}, "1106", "X-LINE-ChannelId is missing"),
        ({"x_line_channelid": "1650000001"}, "1104", "another channel"),
        ({"x_line_authorization": None}, "1106", "X-LINE-Authorization is missing"),
        ({"x_line_authorization_nonce": None}, "1106", "Nonce is missing"),
        ({"x_line_authorization": "not base64"}, "1106", "not the Base64"),
        ({"x_line_authorization": "AAAA"}, "1106", "not the Base64"),
    ],
)
def test_a_v4_header_that_is_missing_or_wrong_is_refused(changes, code, why):
    sent = {"x_line_authorization": mac(PAY, BODY, NONCE)} | changes
    refused = refusal(request("POST", PAY, "", BODY, **sent))
    assert refused.code == code
    assert why in refused.why


@pytest.mark.parametrize("dialect", [Dialect.V2, Dialect.V2_4])
@pytest.mark.parametrize("secret", [None, "", "another", f"{SECRET}x"])
def test_v2_and_v2_4_refuse_a_secret_that_is_missing_or_wrong(dialect, secret):
    refused = refusal(request("POST", PAY, "", BODY, x_line_channelsecret=secret), dialect)
    assert refused.code == "1106"
    assert "secret" in refused.why.lower()
    assert SECRET not in refused.why


def test_a_content_type_with_a_charset_and_a_get_without_one_are_taken():
    check = "/v4/payments/orders/O-1/check"
    for method, content_type in (("POST", "Application/JSON; charset=UTF-8"), ("GET", None)):
        path = PAY if method == "POST" else check
        body = BODY if method == "POST" else b""
        signed = mac(path, body, NONCE)
        sent = request(
            method, path, "", body, content_type=content_type, x_line_authorization=signed
        )
        check_headers(sent, Dialect.V4, DOOR)


def test_a_secret_that_travels_with_v4_is_taken_and_told(caplog):
    signed = mac(PAY, BODY, NONCE)
    for secret, told in ((None, False), (SECRET, True)):
        sent = {"x_line_authorization": signed, "x_line_channelsecret": secret}
        check_headers(request("POST", PAY, "", BODY, **sent), Dialect.V4, DOOR)
        assert ("the secret never travels" in caplog.text) == told


def test_the_client_reads_1106_alone_and_the_log_has_the_reason(client, caplog):
    path, body = PAY, encode(pay_body("v4"))
    wrong = headers("v4", path, b"null")
    status, answer = client.call("POST", path, body, wrong)
    assert (status, answer) == (
        200,
        b'{"returnCode":"1106","returnMessage":"Header information error."}',
    )
    assert "signed other bytes: the body null" in caplog.text
    assert SECRET not in caplog.text


def test_neither_a_key_nor_a_secret_nor_a_signature_is_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    body = pay_body("v4", oneTimeKey=client.mint(fault="decline:1142"))
    path, data = PAY, encode(body)
    sent = headers("v4", path, data)
    client.call("POST", path, data, sent)
    client.call("POST", path, data, sent)
    for hidden in (body["oneTimeKey"], SECRET, sent["X-LINE-Authorization"]):
        assert hidden not in caplog.text
    assert "decline" in caplog.text
