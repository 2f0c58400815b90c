"""What is fuzzed: one plain function a parser, from bytes to nothing.

The one rule: a function returns when the parser kept its promise for these bytes, and raises when
it did not. Whatever it raises is a finding. Hypothesis and atheris drive the same functions.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from devices import registry
from devices.framing import ENDINGS, MAX_FRAME_BYTES, Framer, Framing
from devices.printers import status
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.values import PrinterCondition
from posd.api.problems import Problem
from posd.api.schema import read_sale
from posd.config import ConfigError, load
from posd.journal.chain import Entry, Head, breach, seal
from posd.journal.codec import decode, encode
from posd.journal.errors import JournalDamaged, JournalTooNew
from posd.journal.sent_log import SentLog
from posd.linepay.answers import money
from posd.linepay.client import NoAnswer, NotSent
from posd.linepay.members import NotAnAnswer
from posd.linepay.reading import parse_answer, parse_list, parse_payments, parse_refund
from posd.linepay.sandbox.bodies import order_id_of, read_object, read_purchase
from posd.linepay.sandbox.request import BadRequest
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect
from posd.linepay.sandbox.wire import Gone
from tests.fuzz.documents import document_of
from tests.fuzz.papers import faults_of
from tests.fuzz.worlds import CALLS, StandIn, called, status_of
from tests.journal.samples import AT, sent

Target = Callable[[bytes], None]

PAUSE_NS = 10**9
LINE_PAY_REASONS = re.compile(
    r"reset|timeout|not_http|truncated|too_large|redirect|http_[0-9]+"
    r"|not_json|no_code|malformed|contradiction"
)


def framing(data: bytes) -> None:
    """However the bytes of a scanner are cut, the scans are the same, bounded and never empty."""
    choice, cut, wire = _byte(data, 0), _byte(data, 1), data[2:]
    suffix = sorted(ENDINGS)[choice % len(ENDINGS)]
    rules = Framing(suffix, b"AB" if choice & 64 else b"", aim_id=bool(choice & 128))
    whole, parts = Framer(rules), Framer(rules)
    scans = whole.feed(wire, 1) + whole.idle(PAUSE_NS)
    in_parts = []
    for piece in _pieces(wire, 1 + cut % 16):
        in_parts += parts.feed(piece, 1)
        assert parts.held_bytes <= MAX_FRAME_BYTES
    assert in_parts + parts.idle(PAUSE_NS) == scans
    assert all(0 < len(scan.text) <= MAX_FRAME_BYTES for scan in scans)


def linepay_bodies(data: bytes) -> None:
    """A body is an answer or NotAnAnswer, and its money is the sum that an exact reader finds."""
    for parse in (parse_answer, parse_refund, parse_list, parse_payments):
        try:
            answer: Any = parse(data)
        except NotAnAnswer as error:
            assert error.reason in {"not_json", "no_code", "malformed"}
            continue
        assert re.fullmatch("[0-9A-Za-z]{4}", answer.code)
        for stated in _with_money(answer):
            _judge_money(stated)
        if parse is parse_answer:
            assert answer.paid == _stated_sum(data)


def linepay_calls(data: bytes) -> None:
    """Raw bytes back from LINE Pay are an answer or a reason of the client's table, never a bug."""
    try:
        called(CALLS[_byte(data, 0) % len(CALLS)], data[1:])
    except NoAnswer as error:
        assert LINE_PAY_REASONS.fullmatch(error.reason), error
    except NotSent as error:
        raise AssertionError("the request had left, and it is told as not sent") from error


def configuration(data: bytes) -> None:
    """A file is a configuration or a list of problems, each with a place inside the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_bytes(data)
        try:
            load(path, drivers=registry, environ={})
        except ConfigError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.line >= 1 <= problem.column, problem
                assert problem.message


def records(data: bytes) -> None:
    """`kind version`, a line end and a body are a record or damage; what is read is stable."""
    head, _, body = data.partition(b"\n")
    kind, _, version = head.decode("latin-1").partition(" ")
    try:
        record = decode(kind, int(version) if version.isascii() and version.isdigit() else 1, body)
    except (JournalDamaged, JournalTooNew):
        return
    written = encode(record)
    assert decode(*written) == record
    assert encode(decode(*written)) == written


def receipts(data: bytes) -> None:
    """A document is one paper without a fault: no foreign byte acts, no drawer opens."""
    document, dots, codes = document_of(data)
    options = EscposOptions(address="192.0.2.9:9100", dots=dots, codes=codes)
    job = EscposPrinter(options).render(document)
    assert faults_of(job, dots) == []
    assert job.startswith(b"\x1b@") and job.endswith(status.PROOF_REQUEST)


def printer_status(data: bytes) -> None:
    """Any bytes from a printer are a condition; a later byte takes no proof away."""
    line = _ScriptedLine(_pieces(data[1:], 1 + _byte(data, 0) % 8))
    answer = status.ask(line, 1.0)
    assert answer.condition in PrinterCondition
    believable = any(byte & 0x93 in (0x12, 0x10) for byte in data[1:])
    assert believable or answer.condition is PrinterCondition.SILENT
    assert 1 <= line.questions <= 4
    found = [status.proofs(data[:end]) for end in range(min(len(data), 64) + 1)]
    assert found == sorted(found)


def api_bodies(data: bytes) -> None:
    """The body of POST /v1/sales is a sale or a 4xx problem."""
    currency = ("TWD", "THB", "USD")[_byte(data, 0) % 3]
    try:
        ask = read_sale(data[1:], currency=currency, idempotency_key="key")
    except Problem as problem:
        assert problem.status in (400, 422)
        assert problem.detail
        return
    assert ask.amount.minor > 0
    assert ask.reference.isprintable() or not ask.reference.isascii()


def api_requests(data: bytes) -> None:
    """A whole request to the API is answered, and never with a 5xx."""
    assert 200 <= status_of(data) < 500


def sandbox_bodies(data: bytes) -> None:
    """A pay body is a purchase or refused with a code of LINE Pay's."""
    body = data[1:]
    named = order_id_of(body)
    try:
        members = read_object(body)
        purchase = read_purchase(members, list(Dialect)[_byte(data, 0) % len(Dialect)])
    except Refused as refused:
        assert re.fullmatch("[0-9]{4}", refused.code)
        return
    assert purchase.order_id == named
    assert purchase.money.minor > 0


def sandbox_requests(data: bytes) -> None:
    """Raw bytes to the stand-in are answered over HTTP, refused or the end of a connection."""
    with suppress(BadRequest, Gone), StandIn(data) as stand_in:
        while reply := stand_in.next_reply():
            assert not reply.data or reply.data.startswith(b"HTTP/1.1 ")


def sent_lines(data: bytes) -> None:
    """Whatever lies in sent.log, its whole lines are read and the next one is not swallowed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sent.log")
        path.write_bytes(data)
        log = SentLog(path)
        before = log.lines()
        log.append(sent(7), AT)
        *others, last = log.lines()
    assert last.order_id == sent(7).order_id
    assert others == before


def chain(data: bytes) -> None:
    """An entry whose columns were touched is a breach; an untouched one is none."""
    head, entry = _sealed()
    assert breach(entry, head) is None
    name = Entry._fields[_byte(data, 0) % len(Entry._fields)]
    value = _column(getattr(entry, name), data[1:])
    assert (breach(entry._replace(**{name: value}), head) is None) == (
        value == getattr(entry, name)
    )


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        *(framing, linepay_bodies, linepay_calls, configuration, records, receipts),
        *(printer_status, api_bodies, api_requests, sandbox_bodies, sandbox_requests),
        *(sent_lines, chain),
    )
}


# ---- parts ----------------------------------------------------------------------------------


class _ScriptedLine:
    """A printer's line that gives its pieces one by one, then nothing."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.questions = 0

    def send(self, data: bytes, until_s: float) -> None:
        assert data[:2] == b"\x10\x04"
        self.questions += 1

    def receive(self, until_s: float) -> bytes:
        return next(self._pieces, b"")


def _byte(data: bytes, at: int) -> int:
    return data[at] if at < len(data) else 0


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _with_money(answer: Any) -> list[Any]:
    if not hasattr(answer, "content"):
        return [answer]
    return list(answer.content) if isinstance(answer.content, tuple) else []


def _judge_money(stated: Any) -> None:
    amounts = [part.amount for part in stated.methods]
    amounts += [refund.amount for refund in getattr(stated, "refunds", ())]
    assert all(type(amount) is Decimal and amount.is_finite() for amount in amounts)
    if stated.paid is not None and stated.currency is not None:
        with suppress(ValueError):
            assert money(stated.paid, stated.currency).decimal == stated.paid


def _stated_sum(data: bytes) -> Decimal | None:
    info = json.loads(data, parse_float=Decimal).get("info") or {}
    parts = info.get("payInfo") or []
    return sum((Decimal(part["amount"]) for part in parts), Decimal(0)) if parts else None


def _sealed() -> tuple[Head, Entry]:
    head = Head(41, b"\x01" * 32)
    columns = (1, 42, "order", "OrderSettled", 1, '{"order_id":"order"}', 5, 6, "boot", None, "ann")
    return head, Entry(*columns, head.hash, seal(columns, head.hash))


def _column(old: object, data: bytes) -> object:
    if isinstance(old, bytes):
        return data
    if isinstance(old, str):
        return data.decode("utf-8", "replace")
    return int.from_bytes(data[:8], "little", signed=True) if data else None
