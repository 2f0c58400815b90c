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
import time
from collections.abc import Iterator, Sequence

from posd.linepay.sandbox.armed import ArmedFaults
from posd.linepay.sandbox.certificate import Certificate, NoCertificate, self_signed
from posd.linepay.sandbox.gateway import Ledger
from posd.linepay.sandbox.keys import COUNTRIES, KeyRing
from posd.linepay.sandbox.manual import manual
from posd.linepay.sandbox.mint import NoSandbox, NotMinted, mint
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.purse import FUNDINGS
from posd.linepay.sandbox.server import HOST, Server
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
        description="Serve a LINE Pay stand-in (pay, check, details; v2, v2.4, v4) on loopback. "
        "The first line of its output is JSON: base_url, channel_id, channel_secret, control_url, "
        "ca_file, pid.",
        epilog=manual(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, default=0, help="default 0: any free one")
    parser.add_argument("--channel-id", default=CHANNEL_ID, help=f"default {CHANNEL_ID}")
    parser.add_argument("--channel-secret", help="default: a random one, made at start")
    parser.add_argument("--tls", action="store_true", help="HTTPS, with a certificate of its own")
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


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _print_key(args: argparse.Namespace) -> int:
    order = {"country": args.country, "fault": args.fault, "funding": args.funding}
    try:
        print(mint(args.port, order))
    except NoSandbox as error:
        return _fail(NOT_RUNNING, str(error))
    except NotMinted as error:
        return _fail(REFUSED, str(error))
    return OK


def _serve(args: argparse.Namespace) -> int:
    level = logging.INFO if args.verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format="sandbox: %(message)s")
    # Blocked in all threads to come; sigwait below takes them one at a time, without a handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        with _certificate(args) as certificate:
            _serve_until_told(args, certificate)
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
    server = Server(Door(credentials), new_ledger(), port=args.port, tls=tls)
    server.start()
    print(_first_line(server.port, credentials, certificate), flush=True)
    if args.exit_with_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    signal.sigwait(_ENDS)
    server.stop()


def new_ledger() -> Ledger:
    """Empty books on the wall clock, keys from the system's randomness."""
    chance = secrets.SystemRandom()
    keys = KeyRing(
        clock_s=time.time, digits=lambda count: "".join(chance.choices("0123456789", k=count))
    )
    return Ledger(OrderBook(time.time), keys, ArmedFaults())


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
