"""The scanner of `python -m devices.simulated`: its arguments, and how it runs as a process.

The one rule: it says where it is in one line of JSON, and tells what it hears in others.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
from collections.abc import Iterator, Mapping

from devices.simulated.control import ControlServer
from devices.simulated.scanner import SUFFIXES, VirtualScanner
from devices.simulated.scanner_commands import HELP, ScannerCommands
from devices.simulated.scanner_lines import FifoLine, Line, PtyLine
from devices.simulated.scanner_network import DialLine, TcpLine
from devices.simulated.scanner_orders import VENDORS

_TOLD = threading.Lock()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a scanner may be asked for."""
    parser.description = f"Commands on stdin and --control: {HELP}."
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--link", default="", help="a stable name for the pty")
    place.add_argument("--listen", default="", help="instead of a pty: host:port to connect to")
    place.add_argument("--dial", default="", help="instead: host:port that it connects to")
    place.add_argument("--fifo", default="", help="instead: path of a named pipe")
    parser.add_argument("--suffix", default="cr", choices=tuple(SUFFIXES))
    parser.add_argument("--vendor", default="", choices=VENDORS, help="obey its commands")
    parser.add_argument("--control", default="", help="host:port that takes the same commands")


def run(options: argparse.Namespace) -> None:
    """Be a scanner until stdin ends."""
    scanner = VirtualScanner(suffix=options.suffix, line=_line(options), vendor=options.vendor)
    commands = ScannerCommands(scanner, _say)
    teller = threading.Thread(target=_tell_orders, args=(scanner,))
    with scanner, _controlled(options.control, commands) as control:
        teller.start()
        _say({"port": scanner.port} | ({"control": control} if control else {}))
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            try:
                commands.obey(line)
            except ValueError as error:
                print(error, file=sys.stderr)
    scanner.heard.put("")
    teller.join()


def _line(options: argparse.Namespace) -> Line:
    if options.listen:
        return TcpLine(options.listen)
    if options.dial:
        return DialLine(options.dial)
    if options.fifo:
        return FifoLine(options.fifo)
    return PtyLine(options.link)


@contextlib.contextmanager
def _controlled(address: str, commands: ScannerCommands) -> Iterator[str]:
    if not address:
        yield ""
        return
    server = ControlServer(address, commands.obey)
    try:
        yield server.address
    finally:
        server.close()


def _tell_orders(scanner: VirtualScanner) -> None:
    while heard := scanner.heard.get():
        _say({"event": "heard", "order": heard})


def _say(message: Mapping[str, object]) -> None:
    with _TOLD:
        print(json.dumps(message, ensure_ascii=False), flush=True)
