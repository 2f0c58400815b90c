"""What an account accepts, and that it never shows its secrets."""

import ssl
from pathlib import Path

import pytest

from posd.linepay.account import Account, headers, route
from posd.linepay.client import Client
from posd.linepay.connection import Endpoint

VALUES = {
    "base_url": "https://sandbox-api-pay.line.me",
    "channel_id": "1234567890",
    "channel_secret": "hunter2",
    "dialect": "v4",
    "device_profile_id": "LANE-1",
    "device_type": "POS",
}


def account(**values: str) -> Account:
    return Account(**(VALUES | values))


def test_an_account_shows_neither_its_secret_nor_its_proxys_password() -> None:
    shown = repr(account(proxy="http://user:tops3cret@proxy.example:3128"))
    assert "hunter2" not in shown
    assert "tops3cret" not in shown


@pytest.mark.parametrize(
    "name", ["channel_id", "channel_secret", "device_profile_id", "device_type"]
)
@pytest.mark.parametrize("value", ["", " LANE", "LANE ", "L\nX: y", "ＬＡＮＥ", "x" * 101, "L\x00"])
def test_what_goes_into_a_header_is_printable_ascii_without_blanks_at_its_ends(
    name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be 1 to 100 printable") as caught:
        account(**{name: value})
    assert value == "" or value not in str(caught.value)


@pytest.mark.parametrize("value", ["L", "LANE 1", "~" * 100])
def test_header_values_of_one_to_a_hundred_characters_are_taken(value: str) -> None:
    assert headers(account(device_profile_id=value))["X-LINE-MerchantDeviceProfileId"] == value


def test_an_unknown_dialect_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"dialect must be one of v2, v2\.4, v4"):
        account(dialect="v3")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sandbox-api-pay.line.me",
        "ftp://127.0.0.1",
        "https://",
        "https://:443",
        "https://host:0",
        "https://host:port",
        "https://host:99999",
        "https://host/v4",
        "https://host?x=1",
        "https://host#x",
        "https://ho st",
        "https://h\u00f6st",
        "https://[::1",
        "https://user:pw@host",
        "http://sandbox-api-pay.line.me",
        "http://192.168.1.1:8080",
    ],
)
def test_a_base_url_is_https_or_loopback_and_nothing_more(url: str) -> None:
    with pytest.raises(ValueError, match="^base_url must"):
        account(base_url=url)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://sandbox-api-pay.line.me", Endpoint("sandbox-api-pay.line.me", 443)),
        ("https://host.example:8443/", Endpoint("host.example", 8443)),
        ("http://127.0.0.1:8080", Endpoint("127.0.0.1", 8080)),
        ("http://localhost", Endpoint("localhost", 80)),
        ("http://[::1]:8080", Endpoint("::1", 8080)),
    ],
)
def test_a_base_url_is_a_host_and_a_port(url: str, endpoint: Endpoint) -> None:
    way = route(account(base_url=url))
    assert way.server == endpoint
    assert (way.tls is None) == url.startswith("http:")


@pytest.mark.parametrize("proxy", ["https://proxy:3128", "proxy:3128", "http://u:s3cr:t@p:x"])
def test_a_proxy_is_an_http_url_and_its_error_does_not_quote_it(proxy: str) -> None:
    with pytest.raises(ValueError, match="^proxy must be http://") as caught:
        account(proxy=proxy)
    assert proxy not in str(caught.value)
    assert "s3cr" not in str(caught.value)


def test_certificates_are_verified_by_name_and_tls_is_at_least_1_2() -> None:
    tls = route(account()).tls
    assert tls is not None
    assert tls.check_hostname
    assert tls.verify_mode is ssl.CERT_REQUIRED
    assert tls.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_ca_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for file in (str(tmp_path / "absent.pem"), str(empty)):
        with pytest.raises(ValueError, match="^ca_file .* cannot be used"):
            Client(account(ca_file=file))
