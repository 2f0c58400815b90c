"""`python -m bench.scanner_readers NAME PORT`: reads scans in one way and tells when it had each.

Rule: the clock is read as soon as the scan is in hand, before anything is told.
"""

from __future__ import annotations

import argparse
import queue
import threading
from collections.abc import Callable

import serial

from bench.children import live_until_stdin_ends, tell
from bench.clocks import now_ns
from devices.scanners.options import SerialOptions
from devices.scanners.serial import SerialScanner
from posd.inbox import Inbox, ScanArrived
from posd.workers.scanner import ScannerWorker

READ_S = 3600.0


def main() -> None:
    """Read until stdin ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=READERS)
    parser.add_argument("port")
    args = parser.parse_args()
    threading.Thread(target=READERS[args.name], args=(args.port,), daemon=True).start()
    live_until_stdin_ends()


def scan(port: str) -> None:
    """The adapter alone."""
    scanner = SerialScanner(SerialOptions(port=port))
    scanner.claim()
    tell(ready=1)
    while True:
        if scanner.read(READ_S) is not None:
            tell(got_ns=now_ns())


def inbox(port: str) -> None:
    """Through the scanner's worker into the inbox that the engine waits for."""
    arrived: Inbox = queue.SimpleQueue()
    scanner = SerialScanner(SerialOptions(port=port))
    ScannerWorker(arrived, scanner, "serial").start()
    while True:
        event = arrived.get()
        got_ns = now_ns()
        if isinstance(event, ScanArrived):
            tell(got_ns=got_ns)
        else:
            tell(ready=1)  # the worker's first word: connected


def read_until(port: str) -> None:
    """What one would write on the first day."""
    line = serial.Serial(port, 9600)
    tell(ready=1)
    while True:
        line.read_until(b"\r")
        tell(got_ns=now_ns())


READERS: dict[str, Callable[[str], None]] = {
    "scan": scan,
    "inbox": inbox,
    "read_until": read_until,
}


if __name__ == "__main__":
    main()
