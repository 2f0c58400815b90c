"""The state file: the order book and the keys, so that they outlive the stand-in.

The rule: a line is a whole JSON record, appended in one write before the answer is sent; the last
record of a thing is what it is. A line that a kill cut short is left out. At each start the file
is rewritten beside itself and put in its place. A crash of the machine may lose the latest lines:
it is a stand-in, not a journal.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from posd.linepay.sandbox.keys import Minted
from posd.linepay.sandbox.order import Order

if TYPE_CHECKING:
    from posd.linepay.sandbox.gateway import Ledger

_FORM = 1


class BadState(RuntimeError):  # noqa: N818
    """The file is not a state file, or another stand-in holds it; the text says which."""


class Line(msgspec.Struct, omit_defaults=True):
    """One record: exactly one member is set."""

    form: int | None = None
    order: Order | None = None
    key: Minted | None = None
    asked: str | None = None
    times: int = 1
    now_s: float | None = None


class StateFile:
    """Keeps a ledger in a file from the moment it was restored until close()."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, for this process alone; raises BadState."""
        self._path = path
        self._lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise BadState(f"another sandbox holds {path}") from error
        self._file = -1

    def keep(self, ledger: Ledger) -> None:
        """Fill the ledger from the file, and write down what changes from now on."""
        _restore(ledger, _lines(self._path))
        beside = self._path.with_name(self._path.name + ".new")
        self._file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        for line in _whole(ledger):
            self._append(line)
        os.replace(beside, self._path)
        ledger.book.keep = lambda order: self._append(Line(order=order))
        ledger.book.keep_request = lambda order_id: self._append(Line(asked=order_id))
        ledger.keys.keep = lambda minted: self._append(Line(key=minted))
        if ledger.clock is not None:
            ledger.clock.keep = lambda now_s: self._append(Line(now_s=now_s))

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
        os.close(self._lock)

    def _append(self, line: Line) -> None:
        os.write(self._file, msgspec.json.encode(line) + b"\n")


def _lines(path: Path) -> Iterator[Line]:
    text = path.read_bytes() if path.exists() else b""
    if not text:
        return
    *whole, _ = text.split(b"\n")  # what stands behind the last line end was cut short
    try:
        lines = [msgspec.json.decode(line, type=Line) for line in whole]
    except msgspec.MsgspecError as error:
        raise BadState(f"{path} is no state file: {error}") from error
    if not lines or lines[0].form != _FORM:
        raise BadState(f"{path} is no state file of form {_FORM}")
    yield from lines[1:]


def _restore(ledger: Ledger, lines: Iterator[Line]) -> None:
    minted: list[Minted] = []
    for line in lines:
        if line.order is not None:
            ledger.book.take_in(line.order)
            ledger.keys.use(line.order.one_time_key)
        elif line.key is not None:
            minted.append(line.key)
        elif line.asked is not None:
            ledger.book.pay_requests[line.asked] += line.times
        elif line.now_s is not None and ledger.clock is not None:
            ledger.clock.now_s = line.now_s
    for key in minted:
        ledger.keys.take_in(key)


def _whole(ledger: Ledger) -> Iterator[Line]:
    yield Line(form=_FORM)
    requests: Counter[str] = ledger.book.pay_requests
    yield from (Line(asked=order_id, times=times) for order_id, times in requests.items())
    yield from (Line(order=order) for order in ledger.book.all())
    yield from (Line(key=minted) for minted in ledger.keys.waiting())
    if ledger.clock is not None:
        yield Line(now_s=ledger.clock.now_s)
