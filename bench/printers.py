"""`python -m bench.printers`: ten printers, and what a hung one among them costs the others.

Rule: the two readings are of one run, and each receipt counts: what is told is the most that the
hung printer added at any rank, not a mean that hides it.
"""

from __future__ import annotations

import argparse
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

from bench.children import Child
from bench.figures import median, p99
from devices.errors import DeviceError
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.values import Columns, ReceiptDocument, Text

PRINTERS = 10
LIMIT_MS = 50.0
ROUNDS = 10
PAUSE_S = 0.02  # so that ten tills do not measure one another
PRINT_S = 20.0
RECEIPT = ReceiptDocument(
    (Text("Corner Tea"), *(Columns(f"item {n}", f"{n}0") for n in range(20)), Text("合計 120"))
)


def main() -> int:
    """Print on nine printers without and with a hung tenth; 1 if they are delayed too long."""
    parser = argparse.ArgumentParser(prog="python -m bench.printers", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--receipts", type=int, default=100, help="on each printer (default 100)")
    args = parser.parse_args()
    with ExitStack() as stack:
        twins = [stack.enter_context(Child("bench.printer")) for _ in range(PRINTERS - 1)]
        printers = [_printer(f"127.0.0.1:{twin.hello['port']}") for twin in twins]
        _readings_ms(printers, 2)  # fonts, and what else is done only once
        alone: list[float] = []
        beside: list[float] = []
        for _ in range(ROUNDS):  # in turn, so that both meet the same machine
            alone += _readings_ms(printers, args.receipts // ROUNDS)
            with _Hung():
                beside += _readings_ms(printers, args.receipts // ROUNDS)
    return _told(alone, beside, as_json=args.json)


class _Hung:
    """The tenth: it takes connections and reads nothing, while a long receipt waits for it."""

    def __enter__(self) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._print_on_and_on)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._listener.close()

    def _print_on_and_on(self) -> None:
        printer = _printer("{}:{}".format(*self._listener.getsockname()))
        long = ReceiptDocument(RECEIPT.elements * 8)
        while not self._ended.is_set():
            printer.status(0.4)
            with suppress(DeviceError):
                printer.print(long, 1.0)


def _printer(address: str) -> EscposPrinter:
    return EscposPrinter(EscposOptions(address=address))


def _readings_ms(printers: list[EscposPrinter], receipts: int) -> list[float]:
    """How long each receipt took, of all printers, which print at the same time."""

    def print_all(printer: EscposPrinter) -> list[float]:
        took_ms = []
        for _ in range(receipts):
            time.sleep(PAUSE_S)
            began_s = time.monotonic()
            printer.print(RECEIPT, PRINT_S)
            took_ms.append((time.monotonic() - began_s) * 1000)
        return took_ms

    with ThreadPoolExecutor(len(printers)) as pool:
        return [reading for readings in pool.map(print_all, printers) for reading in readings]


def _told(alone: list[float], beside: list[float], *, as_json: bool) -> int:
    # rank by rank: the slowest receipt beside a hung printer against the slowest without one
    delays = [late - early for early, late in zip(sorted(alone), sorted(beside), strict=True)]
    figures = {
        "alone_ms": _figures(alone),
        "beside_a_hung_one_ms": _figures(beside),
        "delay_ms": _figures(delays),
    }
    if as_json:
        print(json.dumps({**figures, "limit_ms": LIMIT_MS}))
    else:
        for name, values in figures.items():
            print(name, *(f"{key} {value:.1f}" for key, value in values.items()))
    return int(figures["delay_ms"]["most"] > LIMIT_MS)


def _figures(readings: list[float]) -> dict[str, float]:
    return {"median": median(readings), "p99": p99(readings), "most": max(readings)}


if __name__ == "__main__":
    raise SystemExit(main())
