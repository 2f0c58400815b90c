"""The signatures of the reference, section 2.2."""

from uuid import UUID

import pytest

from posd.linepay.authentication import ChannelSecretHeader, Signature, sign

SECRET = b"test-secret-0123456789abcdef"
NONCE = "00000000-0000-4000-8000-000000000001"
PAY = "/v4/payments/oneTimeKeys/pay"
PAY_BODY = b'{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"123456789012345678"}'

VECTORS = [
    (PAY, PAY_BODY, "niixB7Zs7wFhfWCCeawTyUwYDIaX2n2cpF3XQRKQXEI="),
    ("/v4/payments/orders/O-1/check", b"", "MD7v6Icjxm08EnyZTlg9lATSHpNYic0L7bgCkFBiWk0="),
    ("/v4/payments", b"orderId=O-1", "xmPDiiUGgTdvJOZTTp38TZWQiFlaUYCe71Igch6ne5w="),
    ("/v4/payments", b"?orderId=O-1", "wk7efOC9goPsqZwgNQdqcERsFWRVJ1PEb77xoNwTaYI="),
    ("/v4/payments/orders/O-1/void", b"", "NcA+HOt3qlONgRMjw23rAicVnB3/atAmPXLpq8kFS3Y="),
    ("/v4/payments/orders/O-1/void", b"{}", "cbNQz6cwqBWx2IGLAc3k9HhT5vHWT7dNf44zQh6BLS0="),
    (PAY, '{"name":"珍珠奶茶"}'.encode(), "D71OyeApWFY9+rgCbl3tEhbV4EGr6QUbzn9IjdRDRm0="),
]


@pytest.mark.parametrize(("path", "payload", "code"), VECTORS)
def test_the_signature_is_that_of_the_reference(path: str, payload: bytes, code: str) -> None:
    assert sign(SECRET, path, payload, NONCE) == code


def test_a_signature_has_a_fresh_random_uuid_as_its_nonce_and_covers_it() -> None:
    signature = Signature(SECRET.decode())
    first, second = signature.headers(PAY, PAY_BODY), signature.headers(PAY, PAY_BODY)
    nonce = first["X-LINE-Authorization-Nonce"]
    assert UUID(nonce).version == 4
    assert nonce != second["X-LINE-Authorization-Nonce"]
    assert first["X-LINE-Authorization"] == sign(SECRET, PAY, PAY_BODY, nonce)


def test_the_older_dialects_send_the_secret_itself() -> None:
    headers = ChannelSecretHeader("s3cret").headers(PAY, PAY_BODY)
    assert headers == {"X-LINE-ChannelSecret": "s3cret"}


def test_neither_shows_its_secret_in_a_repr() -> None:
    shown = repr(Signature("s3cret")) + repr(ChannelSecretHeader("s3cret"))
    assert "s3cret" not in shown
