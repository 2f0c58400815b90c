"""The rules between keys, as one table: which keys a rule reads, and what it says against them.

A rule runs where all its keys could be read; its problem stands at its last key.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from posd.config.addresses import is_loopback, is_loopback_url, parse_listen, split_url
from posd.config.model import CURRENCIES_OF
from posd.config.problems import problem_at
from posd.config.reader import Reader
from posd.config.receipt_words import own_words
from posd.core.money import BadAmount, parse_money

SANDBOX_HOST: Final = "sandbox-api-pay.line.me"
PRODUCTION_HOST: Final = "api-pay.line.me"
LINE_PAY_HOSTS: Final = (PRODUCTION_HOST, SANDBOX_HOST)
PAY_TIMEOUT_MIN_S: Final = 40.0  # reference, section 6
READ_TIMEOUT_MIN_S: Final = 20.0  # reference, section 6
LIFE_OF_A_PAYMENT_S: Final = 1260.0  # 20 minutes by LINE's older text, and one to spare
HORIZON_MAX_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`check` takes the values of `keys` in their order and answers a sentence, or None."""

    keys: tuple[str, ...]
    check: Callable[..., str | None]


def judge(reader: Reader) -> None:
    """Add a problem to `reader` for every rule that is broken."""
    for rule in RULES:
        if all(key in reader.values for key in rule.keys):
            message = rule.check(*(reader.values[key] for key in rule.keys))
            if message:
                key = rule.keys[-1]
                reader.problems.append(problem_at(reader.place_of(key), key, message))


def _shape_of_url(base_url: str) -> str | None:
    parts = split_url(base_url)
    if parts is None or parts.scheme not in {"http", "https"}:
        return f"is no address; write https://{SANDBOX_HOST}"
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return f"takes scheme and host only; write {parts.scheme}://{parts.hostname}"
    return None


def _host_is_allowed(base_url: str) -> str | None:
    parts = split_url(base_url)
    if parts is None or is_loopback_url(base_url):
        return None
    if parts.hostname in LINE_PAY_HOSTS and parts.port in {None, 443}:
        return None
    return (
        f"{parts.netloc} is not LINE Pay; use https://{PRODUCTION_HOST} (money moves),"
        f" https://{SANDBOX_HOST} or a loopback address"
    )


def _tls_unless_loopback(base_url: str) -> str | None:
    parts = split_url(base_url)
    if parts is None or parts.scheme != "http" or is_loopback_url(base_url):
        return None
    return "plain http is for loopback only; write https://"


def _pay_timeout(base_url: str, pay_timeout_s: float) -> str | None:
    return _at_least(base_url, pay_timeout_s, PAY_TIMEOUT_MIN_S)


def _read_timeout(base_url: str, read_timeout_s: float) -> str | None:
    return _at_least(base_url, read_timeout_s, READ_TIMEOUT_MIN_S)


def _at_least(base_url: str, given_s: float, least_s: float) -> str | None:
    if given_s >= least_s or is_loopback_url(base_url):
        return None
    return f"{given_s:g} is too short: LINE Pay asks for at least {least_s:g} seconds"


def _proxy(proxy: str | None) -> str | None:
    if proxy is None:
        return None
    parts = split_url(proxy)
    plain = (
        parts is not None and parts.scheme == "http" and parts.port and not parts.path.strip("/")
    )
    return None if plain else "is no proxy address; write http://host:port"  # may hold a password


def _ca_file(ca_file: str | None) -> str | None:
    if ca_file is None or (os.path.isfile(ca_file) and os.access(ca_file, os.R_OK)):
        return None
    return f"{ca_file} is no readable file; give the PEM file of the authorities"


def _currency(country: str, currency: str) -> str | None:
    fitting = CURRENCIES_OF[country]
    if currency in fitting:
        return None
    return f"{currency} is not paid in {country}; write {' or '.join(fitting)}"


def _scale(base_url: str, scale: float) -> str | None:
    if scale == 1 or is_loopback_url(base_url):
        return None
    return "is for tests: it must be 1 unless linepay.base_url is a loopback address"


def _horizon(pay_timeout_s: float, horizon_s: float | None) -> str | None:
    least_s = max(LIFE_OF_A_PAYMENT_S, pay_timeout_s + 360)
    if horizon_s is None or least_s <= horizon_s <= HORIZON_MAX_S:
        return None
    return f"{horizon_s:g} is not safe; write {least_s:g} to {HORIZON_MAX_S:g}, or leave it out"


def _listen(listen: str) -> str | None:
    try:
        parse_listen(listen)
    except ValueError as error:
        return str(error)
    return None


def _hosts(hosts: tuple[str, ...]) -> str | None:
    known = [host for host in hosts if is_loopback(host.partition(":")[0])]
    return f"{known[0]} is always allowed; remove it" if known else None


def _cap(currency: str, cap: str | None) -> str | None:
    try:
        cap_minor(cap, currency)
    except BadAmount as error:
        return f"{error}; write 0 for nothing"
    return None


def cap_minor(cap: str | None, currency: str) -> int | None:
    """A cap in minor units, None for no cap; raises BadAmount."""
    if cap is None:
        return None
    return 0 if cap.strip() == "0" else parse_money(cap, currency).minor


def _shared_at(listen: str) -> str | None:
    parts = split_url(f"//{listen}")
    if parts is None or parts.port is None or parts.netloc != listen:
        return f"{listen} is no IP:port; write 127.0.0.1:9180, or this machine's own address"
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return f"{parts.hostname} is a name; write the IP address that it has"
    return None


def _own_printer(driver: object, share: object) -> str | None:
    if share is not None and getattr(driver, "driver", "") == "shared":
        return "this lane prints through another one, so it has no printer to share"
    return None


RULES: Final = (
    Rule(("linepay.base_url",), _shape_of_url),
    Rule(("linepay.base_url",), _host_is_allowed),
    Rule(("linepay.base_url",), _tls_unless_loopback),
    Rule(("linepay.base_url", "linepay.pay_timeout_s"), _pay_timeout),
    Rule(("linepay.base_url", "linepay.read_timeout_s"), _read_timeout),
    Rule(("linepay.proxy",), _proxy),
    Rule(("linepay.ca_file",), _ca_file),
    Rule(("country", "currency"), _currency),
    Rule(("linepay.base_url", "timing.scale"), _scale),
    Rule(("linepay.pay_timeout_s", "timing.horizon_s"), _horizon),
    Rule(("currency", "access.cashier_refunds"), _cap),
    Rule(("currency", "access.supervisor_refunds"), _cap),
    Rule(("currency", "access.cashier_abandons"), _cap),
    Rule(("printer_share.listen",), _shared_at),
    Rule(("printer", "printer_share"), _own_printer),
    Rule(("receipt.words",), own_words),
    Rule(("api.listen",), _listen),
    Rule(("api.hosts",), _hosts),
)
