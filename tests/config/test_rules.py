"""The rules between keys, each from both sides."""

from __future__ import annotations

import pytest

from posd.config import TcpEndpoint, UnixEndpoint, is_test, parse_listen

from .desk import SMALLEST
from .fakes import FakeDrivers, PressOptions

URL = "https://sandbox-api-pay.line.me"
LOOPBACK = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "url",
    [
        "https://api-pay.line.me",
        "https://API-PAY.line.me",
        "https://api-pay.line.me:443",
        "https://sandbox-api-pay.line.me",
    ],
)
def test_line_pay_itself_is_spoken_to_and_is_no_test(desk, changed, url):
    config = desk.load(changed(URL, url))
    assert not is_test(config)


@pytest.mark.parametrize(
    "url",
    [
        "https://api-pay.line.me.",
        "https://api-pay.line.me:8443",
        "http://api-pay.line.me",
        "https://sandbox-api-pay.line.me.example.com",
        "https://sandbox-api-pay.line.me:8443",
        "https://127.0.0.1.example.com",
        "https://10.0.0.1",
        "https://0.0.0.0",
        "https://example.com#127.0.0.1",
        "https://127.0.0.1@example.com",
        "https://sandbox-api-pay.line.me@example.com",
        "https://sandbox-api-pay.line.me/v4",
        "ftp://127.0.0.1",
        "127.0.0.1:9000",
        "https://[::1",
        "https://127.0.0.1:99999",
    ],
)
def test_no_other_host_is_spoken_to(desk, changed, url):
    problems = desk.problems(changed(URL, f"'{url}'"))
    assert {problem.key for problem in problems} == {"linepay.base_url"}


def test_plain_http_is_for_loopback_only(desk, changed):
    problem = desk.problem(changed(URL, "http://sandbox-api-pay.line.me"))
    assert problem.message == "plain http is for loopback only; write https://"
    assert desk.load(changed(URL, LOOPBACK)).linepay.base_url == LOOPBACK


@pytest.mark.parametrize(
    ("country", "currency", "message"),
    [
        ("TW", "THB", "THB is not paid in TW; write TWD"),
        ("TW", "USD", "USD is not paid in TW; write TWD"),
        ("TH", "TWD", "TWD is not paid in TH; write THB or USD"),
    ],
)
def test_the_currency_must_fit_the_country(desk, changed, country, currency, message):
    text = changed("country: TW", f"country: {country}").replace("TWD", currency)
    assert desk.problem(text).message == message


@pytest.mark.parametrize(("key", "least"), [("pay_timeout_s", 40), ("read_timeout_s", 20)])
def test_waits_for_line_pay_are_as_long_as_it_asks(desk, changed, key, least):
    short = changed("  api: v4", f"  {key}: {least - 1}")
    assert desk.problem(short).key == f"linepay.{key}"
    assert desk.load(short.replace(URL, LOOPBACK))
    assert desk.load(changed("  api: v4", f"  {key}: {least}"))


def test_time_is_shortened_on_loopback_only(desk, changed):
    fast = changed("lane:", "timing: {scale: 0.01}\nlane:")
    assert desk.problem(fast).key == "timing.scale"
    assert desk.load(fast.replace(URL, LOOPBACK)).timing.scale == 0.01


@pytest.mark.parametrize("horizon_s", [1259, 86401])
def test_the_horizon_is_never_shorter_than_is_safe(desk, changed, horizon_s):
    problem = desk.problem(changed("lane:", f"timing: {{horizon_s: {horizon_s}}}\nlane:"))
    assert problem.key == "timing.horizon_s"


def test_the_horizon_may_be_longer(desk, changed):
    config = desk.load(changed("lane:", "timing: {horizon_s: 3600}\nlane:"))
    assert config.timing.horizon_s == 3600.0


@pytest.mark.parametrize("proxy", ["https://p:1", "p:1", "http://p", "http://p:x", "http://p:1/x"])
def test_a_proxy_is_http_host_port(desk, changed, proxy):
    assert desk.problem(changed("  api: v4", f"  proxy: '{proxy}'")).key == "linepay.proxy"
    assert desk.load(changed("  api: v4", "  proxy: http://192.0.2.1:3128")).linepay.proxy


def test_a_certificate_file_must_be_there(desk, changed):
    problem = desk.problem(changed("  api: v4", "  ca_file: none.pem"))
    assert problem.message.startswith(f"{desk.folder}/none.pem is no readable file")


@pytest.mark.parametrize("listen", ["0.0.0.0:8377", "192.0.2.1:80", "till:80", "[::]:80"])
def test_the_api_listens_to_this_machine_only(desk, changed, listen):
    problem = desk.problem(changed("lane:", f"api: {{listen: '{listen}'}}\nlane:"))
    assert problem.key == "api.listen"
    assert "is not this machine" in problem.message


@pytest.mark.parametrize(
    "listen",
    ["8377", "127.0.0.1", "127.0.0.1:70000", "unix:posd.sock", "/", "u@127.0.0.1:1", "::1:80"],
)
def test_a_listen_address_is_host_port_or_an_absolute_path(listen):
    with pytest.raises(ValueError, match=r"write host:port|absolute path|is not this machine"):
        parse_listen(listen)


def test_a_socket_path_longer_than_the_kernel_takes_is_refused():
    with pytest.raises(ValueError, match="at most 107 bytes"):
        parse_listen("/" + "x" * 107)


@pytest.mark.parametrize(
    ("listen", "endpoint"),
    [
        ("127.0.0.1:8377", TcpEndpoint("127.0.0.1", 8377)),
        ("localhost:0", TcpEndpoint("localhost", 0)),
        ("[::1]:80", TcpEndpoint("::1", 80)),
        ("unix:/run/posd/posd.sock", UnixEndpoint("/run/posd/posd.sock")),
        ("/run/posd/posd.sock", UnixEndpoint("/run/posd/posd.sock")),
    ],
)
def test_every_form_of_listen_address_is_read(listen, endpoint):
    assert parse_listen(listen) == endpoint


@pytest.mark.parametrize("value", [" POS", "POS ", "P\u00d6S", "", "x" * 101])
@pytest.mark.parametrize("key", ["device_type: POS", "device_profile_id: L01-0001"])
def test_device_headers_are_printable_ascii(desk, changed, key, value):
    name = key.partition(":")[0]
    assert desk.problem(changed(key, f"{name}: '{value}'")).key == f"linepay.{name}"


@pytest.mark.parametrize("host", ["till.local", "till:8377"])
def test_further_host_names_may_be_allowed(desk, changed, host):
    config = desk.load(changed("lane:", f"api: {{hosts: ['{host}']}}\nlane:"))
    assert config.api.hosts == (host,)


@pytest.mark.parametrize("host", ["http://till", "*", "a b"])
def test_a_host_name_is_exact(desk, changed, host):
    problem = desk.problem(changed("lane:", f"api: {{hosts: ['{host}']}}\nlane:"))
    assert problem.key == "api.hosts[0]"


@pytest.mark.parametrize("listen", ["127.0.0.1:9180", "192.0.2.7:9180", "'[::1]:9180'"])
def test_a_printer_is_shared_at_an_address_of_the_shop(desk, listen):
    config = desk.load(SMALLEST + f"printer_share: {{listen: {listen}, token_file: token}}\n")
    assert config.printer_token_path == str(desk.folder / "token")
    assert desk.load(SMALLEST + "printer_share: {}\n").printer_token_path == (
        "/var/lib/posd/printer-token"
    )
    assert desk.load(SMALLEST).printer_share is None


@pytest.mark.parametrize("listen", ["9180", "lane1:9180", "127.0.0.1:99999", "127.0.0.1"])
def test_a_printer_is_shared_nowhere_else(desk, listen):
    problem = desk.problem(SMALLEST + f"printer_share: {{listen: '{listen}'}}\n")
    assert problem.key == "printer_share.listen"


def test_a_lane_without_a_printer_of_its_own_shares_none(desk, monkeypatch):
    monkeypatch.setitem(FakeDrivers.TYPES["printer"], "shared", PressOptions)
    text = SMALLEST.replace("driver: press", "driver: shared") + "printer_share: {}\n"
    assert "prints through another one" in desk.problem(text).message
