"""The command line of the stand-in: options, the JSON line at start, a clean end.

The rule: stdout holds data only (the JSON line, or the key); everything told to people is stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from posd.linepay.sandbox.assumptions import BadAssumption, assume
from posd.linepay.sandbox.books import CLOCKS, new_ledger
from posd.linepay.sandbox.certificate import Certificate, NoCertificate, self_signed
from posd.linepay.sandbox.keys import COUNTRIES
from posd.linepay.sandbox.manual import manual
from posd.linepay.sandbox.mint import NoSandbox, NotMinted, mint
from posd.linepay.sandbox.purse import FUNDINGS, PROVIDERS
from posd.linepay.sandbox.server import HOST, Server
from posd.linepay.sandbox.state import BadState, StateFile
from posd.linepay.sandbox.verify import Credentials, Door

CHANNEL_ID = "1650000000"
OK, REFUSED, NOT_RUNNING, INTERNAL, HELD = 0, 1, 7, 70, 75

_ENDS = {signal.SIGTERM, signal.SIGINT}


def run(argv: Sequence[str], prog: str) -> int:
    """Do what the arguments say and return the exit code; wrong ones end with SystemExit(2)."""
    args = _parser(prog).parse_args(argv)
    return _print_key(args) if args.action == "key" else _serve(args)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve a LINE Pay stand-in (the Offline API: v2, v2.4, v4) on loopback. "
        "The first line of its output is JSON: base_url, channel_id, channel_secret, control_url, "
        "ca_file, pid.",
        epilog=manual(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, default=0, help="default 0: any free one")
    parser.add_argument("--channel-id", default=CHANNEL_ID, help=f"default {CHANNEL_ID}")
    parser.add_argument("--channel-secret", help="default: a random one, made at start")
    parser.add_argument("--tls", action="store_true", help="HTTPS, with a certificate of its own")
    parser.add_argument("--allow", type=_network, action="append", default=[], metavar="IP",
                        help="v2 and v2.4 callers that are let in, IP or IP/MASK; repeatable; "
                        "default: all")  # fmt: skip
    parser.add_argument("--clock", choices=CLOCKS, default="real",
                        help="manual: time moves by POST /control/clock only")  # fmt: skip
    parser.add_argument(
        "--seed", type=int, help="makes keys, transaction ids and chance repeatable"
    )
    parser.add_argument("--state", type=Path, metavar="FILE",
                        help="keeps orders and keys there, over a restart")  # fmt: skip
    parser.add_argument("--assume", type=_assumption, action="append", default=[],
                        metavar="NAME=VALUE", help="what LINE Pay does where nobody knows; "
                        "see below; repeatable")  # fmt: skip
    parser.add_argument("--non-idempotent", action="store_true",
                        help="a used order id or key charges again")  # fmt: skip
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin is closed")
    parser.add_argument("-v", "--verbose", action="store_true", help="log faults and calls too")
    _add_key(parser)
    return parser


def _add_key(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="key", required=False)
    key = actions.add_parser("key", help="mint a one-time key in a running sandbox and print it")
    key.add_argument("--port", type=_port, required=True, help="the port of the running sandbox")
    key.add_argument("--country", choices=COUNTRIES, default="TW")
    key.add_argument("--fault", default="none", help="what the payment meets; see sandbox --help")
    key.add_argument("--funding", choices=FUNDINGS, default="balance")
    key.add_argument("--draw", action="store_true", help="draw it as a QR code too")
    key.add_argument("--provider", choices=PROVIDERS, default="TSP")
    key.add_argument("--balance", metavar="AMOUNT", help="what the customer has; default: enough")
    key.add_argument("--points", metavar="AMOUNT", default="0", help="points that pay first")


def _draw(key: str) -> None:
    import qrcode  # noqa: PLC0415 - only this option pays for it

    code = qrcode.QRCode(border=4)
    code.add_data(key)
    code.print_ascii(out=sys.stdout, invert=True)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP or IP/MASK: {error}") from error


def _assumption(text: str) -> str:
    try:
        assume([text])
    except BadAssumption as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _print_key(args: argparse.Namespace) -> int:
    names = ("country", "fault", "funding", "provider", "balance", "points")
    order = {name: value for name in names if (value := getattr(args, name)) is not None}
    try:
        key = mint(args.port, order)
    except NoSandbox as error:
        return _fail(NOT_RUNNING, str(error))
    except NotMinted as error:
        return _fail(REFUSED, str(error))
    print(key)
    if args.draw:
        _draw(key)
    return OK


def _serve(args: argparse.Namespace) -> int:
    level = logging.INFO if args.verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format="sandbox: %(message)s")
    # Blocked in all threads to come; sigwait below takes them one at a time, without a handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        with _certificate(args) as certificate:
            _serve_until_told(args, certificate)
    except BadState as error:
        return _fail(HELD, str(error))
    except NoCertificate as error:
        return _fail(INTERNAL, str(error))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        return _fail(HELD, f"port {args.port} is taken; give another, or 0 for a free one")
    return OK


@contextlib.contextmanager
def _certificate(args: argparse.Namespace) -> Iterator[Certificate | None]:
    if not args.tls:
        yield None
        return
    with self_signed() as certificate:
        yield certificate


def _serve_until_told(args: argparse.Namespace, certificate: Certificate | None) -> None:
    secret = args.channel_secret or secrets.token_hex(16)
    tls = None if certificate is None else certificate.context
    credentials = Credentials(args.channel_id, secret)
    ledger = new_ledger(assume(args.assume), clock=args.clock, seed=args.seed)
    ledger.mode.idempotent = not args.non_idempotent
    server = Server(Door(credentials, tuple(args.allow)), ledger, port=args.port, tls=tls)
    with contextlib.ExitStack() as ending:
        ending.callback(server.stop)
        if args.state is not None:
            state = StateFile(args.state)
            ending.callback(state.close)
            state.keep(ledger)
        _live(server, credentials, args, certificate)


def _live(
    server: Server,
    credentials: Credentials,
    args: argparse.Namespace,
    certificate: Certificate | None,
) -> None:
    server.start()
    print(_first_line(server.port, credentials, certificate), flush=True)
    if args.exit_with_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    signal.sigwait(_ENDS)
    server.stop()


def _first_line(port: int, credentials: Credentials, certificate: Certificate | None) -> str:
    return json.dumps(
        {
            "base_url": f"{'http' if certificate is None else 'https'}://{HOST}:{port}",
            "channel_id": credentials.channel_id,
            "channel_secret": credentials.channel_secret,
            "control_url": f"http://{HOST}:{port}/control",
            "ca_file": None if certificate is None else str(certificate.ca_file),
            "pid": os.getpid(),
        }
    )


def _end_with_stdin() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _fail(code: int, sentence: str) -> int:
    print(f"sandbox: {sentence}", file=sys.stderr)
    return code
