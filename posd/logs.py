"""The log: events with allow-listed fields, one a line, on stderr; secrets never pass.

The one rule: a record is scrubbed when it is made, before any handler, ours or a library's, sees
it; the journal, not the log, is the audit trail.

    configure("info", "auto", secrets=(channel_secret,))
    log("pay_sent", order_id=order.id, seq=12)
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, TextIO
from urllib.parse import quote

# fmt: off
FIELDS: Final = frozenset({
    "order_id", "sale_id", "reference", "seq", "epoch", "fingerprint", "channel_id", "device",
    "kind", "driver", "reason", "detail", "code", "operation", "outcome", "state", "verdict",
    "attention", "amount", "currency", "elapsed_ms", "attempt", "status", "path", "listen", "host",
    "count", "version", "lane", "store", "method", "route", "thread", "signal", "next", "hint",
})
# fmt: on
LEAST_SECRET: Final = 4  # shorter text would blank out half of every line
HIDDEN: Final = "[hidden]"
_OWN: Final = ("posd", "devices")  # libraries speak from warning upwards only

_logger: Final = logging.getLogger("posd")


def configure(
    level: str, format: str, secrets: Iterable[str], *, stream: TextIO | None = None
) -> None:
    """Send all logging to `stream` (stderr), scrubbed of `secrets` and those added later.

    `level` and `format` are those of the configuration. May be called again; replaces every
    handler that a library put on the root logger.
    """
    target = stream if stream is not None else sys.stderr
    handler = logging.StreamHandler(target)
    as_text = format == "text" or (format == "auto" and target.isatty())
    handler.setFormatter(_TextLines() if as_text else _JsonLines())
    logging.setLogRecordFactory(_scrubbed_record)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN:
        logging.getLogger(name).setLevel(level.upper())
    for secret in secrets:
        add_secret(secret)


def log(event: str, *, severity: int = logging.INFO, **fields: object) -> None:
    """Log one event, a stable lower_case word, with its fields.

    A field that is not in FIELDS is left out and its name listed as `left_out`. In an exception
    handler, `severity=logging.ERROR` adds the traceback.
    """
    exc_info = severity >= logging.ERROR and sys.exc_info()[0] is not None
    _logger.log(severity, event, exc_info=exc_info, extra={"fields": _allowed(fields)})


def add_secret(value: str) -> None:
    """Hide `value` from now on; used for a one-time key while it lives."""
    if len(value) >= LEAST_SECRET:
        _vault.keep((*_vault.hidden, value))


def remove_secret(value: str) -> None:
    """Undo one `add_secret(value)`."""
    kept = list(_vault.hidden)
    if value in kept:
        kept.remove(value)
        _vault.keep(tuple(kept))


def scrub(text: str) -> str:
    """`text` without the secrets, nor their spellings in JSON, Python and URLs."""
    for spelling in _vault.spellings:
        text = text.replace(spelling, HIDDEN)
    return text


def report_crashes() -> None:
    """Log uncaught exceptions of any thread, scrubbed, where Python would print them raw."""

    def of_main(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        _logger.critical("crashed", exc_info=(kind, error, trace))

    def of_thread(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value or args.exc_type()
        fields = {"thread": args.thread.name if args.thread else "?"}
        trace = (args.exc_type, error, args.exc_traceback)
        _logger.critical("thread_crashed", exc_info=trace, extra={"fields": fields})

    sys.excepthook = of_main
    threading.excepthook = of_thread


class _Vault:
    """The living secrets, replaced as a whole so that no reader sees half a change."""

    hidden: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()  # the longest first, or a secret within one leaves a rest

    def keep(self, hidden: tuple[str, ...]) -> None:
        every = {spelling for secret in hidden for spelling in _spellings(secret)}
        self.spellings = tuple(sorted(every, key=len, reverse=True))
        self.hidden = hidden


def _spellings(secret: str) -> set[str]:
    once = {secret, quote(secret, safe=""), *_escaped(secret)}
    return once | {deeper for spelling in once for deeper in _escaped(spelling)}


def _escaped(text: str) -> set[str]:
    return {json.dumps(text)[1:-1], repr(text)[1:-1]}


_vault: Final = _Vault()


def _allowed(fields: dict[str, object]) -> dict[str, object]:
    kept = {name: value for name, value in fields.items() if name in FIELDS}
    left_out = sorted(fields.keys() - FIELDS)
    return {**kept, "left_out": left_out} if left_out else kept


def _scrubbed_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    record.msg = scrub(_message(record))
    record.args = None
    if record.exc_info:
        record.exc_text = scrub(logging.Formatter().formatException(record.exc_info))
        record.exc_info = None  # a foreign handler would render it again, unscrubbed
    return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} (arguments do not fit)"


class _JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, event, then the fields."""
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.name != "posd":
            line["logger"] = record.name
        if record.exc_text:
            line["exception"] = record.exc_text
        return scrub(json.dumps(line, default=str))


class _TextLines(logging.Formatter):
    """One line for a person, with the traceback under it."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, event, field=value; control characters are shown, not obeyed."""
        fields = getattr(record, "fields", {})
        said = " ".join(f"{name}={_shown(value)}" for name, value in fields.items())
        event = _shown(record.getMessage())
        line = f"{_time(record)} {record.levelname.lower():8}{event} {said}".rstrip()
        return scrub(f"{line}\n{record.exc_text}" if record.exc_text else line)


def _shown(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
