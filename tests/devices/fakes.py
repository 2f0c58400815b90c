"""Scripted devices without hardware; they keep the same contracts as the real adapters."""

from __future__ import annotations

import queue
import time

from devices.errors import NoAnswer, Refused, Unavailable
from devices.framing import Framer, Framing
from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument, Scan


class FakeScanner:
    """A scanner whose bytes a test puts in with `send`; `unplug` and `replug` do what they say."""

    def __init__(self) -> None:
        self._bytes: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._framer = Framer(Framing(suffix="cr"))
        self._ready: list[Scan] = []
        self._claimed = False
        self.plugged = True

    def send(self, data: bytes) -> None:
        self._bytes.put(data)

    def unplug(self) -> None:
        self.plugged = False
        self._bytes.put(b"")

    def replug(self) -> None:
        self.plugged = True

    def claim(self) -> None:
        self.release()
        if not self.plugged:
            raise Unavailable("the fake scanner is unplugged: replug it")
        while not self._bytes.empty():
            self._bytes.get()
        self._claimed = True

    def read(self, timeout_s: float) -> Scan | None:
        until_s = time.monotonic() + timeout_s
        while not self._ready:
            if not self._claimed or not self.plugged:
                raise Unavailable("the fake scanner is gone: claim it again")
            try:
                data = self._bytes.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                return None
            if data is None:
                return None
            self._ready += self._framer.feed(data, time.clock_gettime_ns(time.CLOCK_BOOTTIME))
        return self._ready.pop(0)

    def wake(self) -> None:
        self._bytes.put(None)

    def release(self) -> None:
        self._claimed = False
        self._ready.clear()
        self._framer.reset()


class FakePrinter:
    """A printer that behaves as `condition` says; `stops` is one that stops in the middle."""

    def __init__(self) -> None:
        self.condition = PrinterCondition.READY
        self.stops = False
        self.printed: list[ReceiptDocument] = []

    def status(self, timeout_s: float) -> PrinterStatus:
        return PrinterStatus(self.condition)

    def prepare(self, document: ReceiptDocument) -> None:
        pass

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        if self.condition is PrinterCondition.UNREACHABLE:
            raise Unavailable("the fake printer is absent")
        if not self.condition.accepts_jobs:
            raise Refused("the fake printer says no", PrinterStatus(self.condition))
        if self.stops:
            raise NoAnswer("the fake printer stopped in the middle")
        self.printed.append(document)
        silent = self.condition is PrinterCondition.SILENT
        return PrintProof.PROBABLE if silent else PrintProof.PROVED
