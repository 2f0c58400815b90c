"""The world outside: the clock, and the way to LINE Pay as far as TLS.

The one rule: no request is sent. A connection that TLS has agreed on is closed again, so nothing
here can move money, and the channel's id and secret are not tried.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from typing import Final

from posd.cli.doctor.case import CLOCK_UNSYNCHRONISED, Case
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.config import LinePay
from posd.linepay.account import Account, route
from posd.linepay.connection import dial
from posd.linepay.wire import Exchange, NotSent

CLOCK_KNOWN_MS: Final = 1_735_689_600_000  # 2025-01-01: an earlier wall clock was never set
ZONES_H: Final = {"TW": 8, "TH": 7}
SOON_DAYS: Final = 14
LINE_PAY: Final = "linepay"
_DAY_S: Final = 86_400

_NEXT: Final = {
    "dns": "check the network cable and the DNS server of this machine",
    "tls": "check the clock of this machine, and linepay.ca_file if it is set",
    "connect_refused": "check linepay.base_url and linepay.proxy",
    "proxy_refused": "check linepay.proxy: it must let this host through",
    "proxy_failed": "check linepay.proxy: what answers there is no HTTP proxy",
}
_USUAL: Final = "check the network, the firewall (TCP 443 outwards) and linepay.proxy"


def examine_clock(case: Case) -> Iterator[Finding]:
    """Whether the wall clock was set, is kept right, and shows the shop's own time."""
    wall_ms = case.machine.now().wall_ms
    told = time.strftime("%Y-%m-%d %H:%M:%S %Z", time.localtime(wall_ms / 1000))
    if wall_ms < CLOCK_KNOWN_MS:
        then = "set the clock; posd takes no sale before"
        yield broken("clock", f"it says {told}: it was never set", then=then)
    elif case.machine.clock_state() == CLOCK_UNSYNCHRONISED:
        then = "switch a time service on, such as systemd-timesyncd or chrony"
        yield doubtful("clock", f"it says {told}, and nothing keeps it right", then=then)
    else:
        yield fine("clock", told)
    offset_h = time.localtime(wall_ms / 1000).tm_gmtoff / 3600
    wanted_h = ZONES_H[case.config.country]
    if offset_h != wanted_h:
        words = f"receipts show UTC{offset_h:+g}, and {case.config.country} has UTC{wanted_h:+g}"
        yield doubtful("time_zone", words, then="timedatectl set-timezone, then restart posd")


def examine_line_pay(case: Case) -> Iterator[Finding]:
    """DNS, TCP, the proxy's tunnel, TLS and the certificate's age."""
    line = case.config.linepay
    began = time.monotonic()
    limit_s = line.connect_timeout_s
    try:
        way = route(_account(line))
        with dial(way, Exchange(total_s=limit_s, step_s=limit_s)) as wire:
            took_ms = (time.monotonic() - began) * 1000
            yield fine(LINE_PAY, f"{line.base_url}: {_spoken(wire)} in {took_ms:.0f} ms")
            if isinstance(wire, ssl.SSLSocket):
                yield from certificate(wire.getpeercert() or {}, case.machine.now().wall_ms)
    except NotSent as failure:
        words = f"{line.base_url}: {str(failure).removeprefix('The request was not sent: ')}"
        yield broken(LINE_PAY, words, then=_NEXT.get(failure.reason, _USUAL))
    except ValueError as error:  # a ca_file that is none
        yield broken(LINE_PAY, str(error), then="mend linepay.ca_file, or leave it out")


def certificate(told: object, wall_ms: int) -> Iterator[Finding]:
    """A word where the server's certificate ends soon; `told` is as of SSLSocket.getpeercert."""
    until = told.get("notAfter") if isinstance(told, dict) else None
    if not isinstance(until, str):
        return
    left_days = (ssl.cert_time_to_seconds(until) - wall_ms / 1000) / _DAY_S
    if left_days < SOON_DAYS:
        words = f"the server's certificate ends in {left_days:.0f} days ({until})"
        yield doubtful("certificate", words, then="if it is your proxy's or stand-in's, renew it")


def _account(line: LinePay) -> Account:
    return Account(
        base_url=line.base_url,
        channel_id=line.channel_id,
        channel_secret="not-tried",  # noqa: S106 - only the way is looked at
        dialect=line.api,
        device_profile_id=line.device_profile_id,
        device_type=line.device_type,
        ca_file=line.ca_file,
        proxy=line.proxy,
    )


def _spoken(wire: object) -> str:
    return f"{wire.version()} agreed" if isinstance(wire, ssl.SSLSocket) else "TCP open, no TLS"
