"""From the configuration to the parts that the daemon and the read-only lane are both built of.

Rule: nothing here starts or opens anything but the token's file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.routing import Route

from devices.values import ReceiptDocument
from posd import __version__, secrets
from posd.api.app import create_app
from posd.api.server import ApiServer
from posd.api.settings import ApiSettings, hosts_for
from posd.config import Config, TcpEndpoint, parse_listen
from posd.door import Door
from posd.journal.errors import SentLogFailed
from posd.journal.identity import LaneIdentity, this_machine
from posd.journal.sent_log import SentLine, SentLog
from posd.journal.space import free_bytes
from posd.linepay.client import Account, Timeouts
from posd.logs import add_secret, log
from posd.metrics import Metrics, Tally
from posd.people.desk import PeopleDesk
from posd.receipt_text import receipt_text
from posd.words import catalogue

PAY_GRACE_S = 5.0  # the total deadline beyond the read timeout


def api_server(config: Config, door: Door, extra_routes: Sequence[Route] = ()) -> ApiServer:
    """The local API in front of `door`; raises SecretError."""
    listen = parse_listen(config.api.listen)
    token = None
    if isinstance(listen, TcpEndpoint):  # a Unix socket's lock is its mode
        token = secrets.api_token(config.token_path)
        add_secret(token)
    settings = ApiSettings(
        hosts=hosts_for(config.api.listen, config.api.hosts),
        token=token,
        open_page=config.api.open_page,
        words=catalogue,
        preview=preview(config.printer.options),
        text_preview=receipt_text,
        extra_routes=extra_routes,
        version=__version__,
        identify=PeopleDesk(Path(config.state_dir)).identify,
        metrics=_metrics(config, door).text,
    )
    return ApiServer(create_app(door, settings), listen=config.api.listen)


def _metrics(config: Config, door: Door) -> Metrics:
    tally = Tally()
    door.subscribe(lambda: tally.look(door.lane()))
    return Metrics(door.lane, tally, lambda: free_bytes(Path(config.state_dir)))


def preview(options: object) -> Callable[[ReceiptDocument], bytes]:
    """The function that draws a receipt as this printer would print it, as PNG."""

    def draw(document: ReceiptDocument) -> bytes:
        # Loaded when the first picture is asked for: it brings Pillow with it.
        from devices.printers.preview import png  # noqa: PLC0415

        dots, fonts = getattr(options, "dots", 576), getattr(options, "fonts", ())
        return png(document, dots=dots, fonts=fonts, profile=getattr(options, "profile", "default"))

    return draw


def identity(config: Config) -> LaneIdentity:
    """Whose journal it is."""
    return LaneIdentity(config.store.id, config.lane.id, this_machine())


def sent_lines(sent_log: SentLog) -> list[SentLine]:
    """What the second copy says of payments sent; nothing where it cannot be read."""
    try:
        return sent_log.lines()
    except SentLogFailed as failure:  # the journal holds; the shop should know
        log("sent_log_failed", severity=logging.WARNING, reason=str(failure))
        return []


def account(config: Config, secret: str) -> Account:
    """The LINE Pay account of this lane."""
    line = config.linepay
    return Account(
        base_url=line.base_url,
        channel_id=line.channel_id,
        channel_secret=secret,
        dialect=line.api,
        device_profile_id=line.device_profile_id,
        device_type=line.device_type,
        ca_file=line.ca_file,
        proxy=line.proxy,
    )


def timeouts(config: Config) -> Timeouts:
    """How long each request to LINE Pay may take."""
    line, scale = config.linepay, config.timing.scale
    return Timeouts(
        connect_s=line.connect_timeout_s * scale,
        pay_read_s=line.pay_timeout_s * scale,
        read_s=line.read_timeout_s * scale,
        pay_total_s=(line.pay_timeout_s + PAY_GRACE_S) * scale,
        total_s=(line.read_timeout_s + PAY_GRACE_S) * scale,
    )
