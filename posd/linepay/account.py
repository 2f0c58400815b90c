"""Who asks LINE Pay, where, and how long one waits: values, checked when they are made.

One rule: whatever is wrong with an account is a ValueError that names its field and shows neither
the channel secret nor the proxy's password.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from posd.linepay.connection import Endpoint, Route
from posd.linepay.dialects import Dialect

_HEADER_VALUE = re.compile(r"[!-~]([ -~]{0,98}[!-~])?")
_HEADER_FIELDS = ("channel_id", "channel_secret", "device_profile_id", "device_type")


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and where.

    `base_url` ends after host and port; https, or http to loopback only. `proxy` is an http:// URL
    and may hold `user:password@`. Without `ca_file` the bundle of requests says whom to trust.
    Both device headers go with every call: that fits merchants that must send them, and the
    sources that want them as a pair (reference, section 2.1).
    """

    base_url: str
    channel_id: str
    channel_secret: str = field(repr=False)
    dialect: str
    device_profile_id: str
    device_type: str
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in _HEADER_FIELDS:
            if not _HEADER_VALUE.fullmatch(getattr(self, name)):
                raise ValueError(
                    f"{name} must be 1 to 100 printable ASCII characters without blanks at its ends"
                )
        if self.dialect not in set(Dialect):
            raise ValueError(f"dialect must be one of {', '.join(Dialect)}")
        _server(self.base_url)
        if self.proxy is not None:
            _split("proxy", self.proxy, schemes=("http",))


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds.

    `connect_s` bounds the opening as a whole (TCP, tunnel and TLS, but not the lookup of the name,
    which the system's resolver bounds); the reads bound a silence, the totals a call; a connection
    idle for longer than `idle_s` is replaced before use. LINE Pay asks for at least 40 s for pay
    and 20 s for the rest (reference, section 6).
    """

    connect_s: float = 5.0
    pay_read_s: float = 45.0
    read_s: float = 20.0
    pay_total_s: float = 50.0
    total_s: float = 25.0
    idle_s: float = 20.0


def route(account: Account) -> Route:
    """The way to the account's server; raises ValueError if its `ca_file` cannot be used."""
    server = _server(account.base_url)
    tls = _tls(account.ca_file) if server.scheme == "https" else None
    endpoint = _endpoint(server, 443 if tls else 80)
    if account.proxy is None:
        return Route(endpoint, tls)
    proxy = urlsplit(account.proxy)
    return Route(endpoint, tls, _endpoint(proxy, 80), _proxy_headers(proxy))


def headers(account: Account) -> dict[str, str]:
    """What every request of the account carries, but for what authenticates it."""
    return {
        "Host": urlsplit(account.base_url).netloc,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": "posd",
        "X-LINE-ChannelId": account.channel_id,
        "X-LINE-MerchantDeviceProfileId": account.device_profile_id,
        "X-LINE-MerchantDeviceType": account.device_type,
    }


def _endpoint(url: SplitResult, default_port: int) -> Endpoint:
    return Endpoint(cast("str", url.hostname), url.port or default_port)


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
    except OSError as error:
        raise ValueError(f"ca_file {ca_file} cannot be used: {error.strerror}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _server(base_url: str) -> SplitResult:
    url = _split("base_url", base_url, schemes=("https", "http"))
    if "@" in url.netloc:
        raise ValueError("base_url must not hold a user")
    if url.scheme == "http" and not _is_loopback(cast("str", url.hostname)):
        raise ValueError("base_url must be https, except to this machine itself")
    return url


def _split(name: str, text: str, *, schemes: tuple[str, ...]) -> SplitResult:
    form = f"{name} must be {' or '.join(schemes)}://HOST[:PORT] and end there"
    if not _URL.fullmatch(text):
        raise ValueError(form)
    try:
        url = urlsplit(text)
        has_place = bool(url.hostname) and url.port != 0
    except ValueError:  # its own text may quote the password
        raise ValueError(form) from None
    if url.scheme not in schemes or not has_place:
        raise ValueError(form)
    return url


_URL = re.compile(r'[a-z]+://[!"$-.0->@-~]+/?')  # printable ASCII without blank, #, / and ?


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
