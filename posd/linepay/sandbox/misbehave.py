"""A fault and the true answer in, the reply out: what the client meets on the wire.

The rule: whether money moved was decided before; here only the answer goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from posd.linepay.sandbox.answers import envelope
from posd.linepay.sandbox.faults import Fault
from posd.linepay.sandbox.reply import HTML, JSON, Ending, Reply, http_bytes, http_reply

PAGE = b"<html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>\n"
ELSEWHERE = "http://127.0.0.1:9/"  # discard: whoever follows meets a closed port
_SHORT_BYTES = 40


def misbehave(fault: Fault, truth: bytes) -> Reply:
    """The reply to a verified call that meets `fault`; `truth` is the JSON of the true answer."""
    make = _REPLIES.get(fault.name)
    return http_reply(200, truth) if make is None else make(fault, truth)


def _answer_code(fault: Fault, truth: bytes) -> Reply:
    del truth
    return http_reply(200, envelope(fault.code))


def _answer_later(fault: Fault, truth: bytes) -> Reply:
    return replace(http_reply(200, truth), delay_s=fault.seconds_s)


def _ask_customer(fault: Fault, truth: bytes) -> Reply:
    del fault, truth
    return http_reply(200, envelope("1169"))


def _answer_status(fault: Fault, truth: bytes) -> Reply:
    del truth
    return http_reply(fault.status, PAGE, content_type=HTML)


def _answer_slowly(fault: Fault, truth: bytes) -> Reply:
    return replace(http_reply(200, truth), pace_s=fault.seconds_s)


def _redirect(fault: Fault, truth: bytes) -> Reply:
    del truth
    # 500 is the default of a fault's status, and no redirection.
    status = 307 if fault.status == 500 else fault.status
    data = http_bytes(status, b"", headers=(f"Location: {ELSEWHERE}",))
    return Reply(data)


def _answer_garbage(fault: Fault, truth: bytes) -> Reply:
    if fault.shape == "cut":
        return _cut(truth)
    if fault.shape == "endless":
        data = http_bytes(200, b'{"returnCode":"0000","info":"', missing_bytes=10**12)
        return Reply(data, Ending.ENDLESS)
    content_type = HTML if fault.shape == "html" else JSON
    return http_reply(200, _GARBAGE[fault.shape](truth), content_type=content_type)


def _cut(truth: bytes) -> Reply:
    missing = min(_SHORT_BYTES, len(truth))
    start = truth[: len(truth) - missing]
    data = http_bytes(200, start, ending=Ending.CLOSE, missing_bytes=missing)
    return Reply(data, Ending.CLOSE)


_GARBAGE: dict[str, Callable[[bytes], bytes]] = {
    "html": lambda truth: PAGE,
    "json": lambda truth: truth[: len(truth) // 2],
    "empty": lambda truth: b"",
    "array": lambda truth: b"[" + truth + b"]",
    "null": lambda truth: b"null",
    "deep": lambda truth: b'{"returnCode":"0000","info":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "charset": lambda truth: truth.decode().encode("utf-16"),
    "huge": lambda truth: truth[:-1] + b',"filler":"' + b"x" * 10_000_000 + b'"}',
}


def _end(ending: Ending) -> Callable[[Fault, bytes], Reply]:
    return lambda fault, truth: Reply(b"", ending)


_REPLIES: dict[str, Callable[[Fault, bytes], Reply]] = {
    "decline": _answer_code,
    "code-after": _answer_code,
    "slow": _answer_later,
    "auth-ready": _ask_customer,
    "no-answer": _end(Ending.HOLD),
    "close": _end(Ending.CLOSE),
    "lost-late": _end(Ending.CLOSE),
    "reset": _end(Ending.RESET),
    "http": _answer_status,
    "garbage": _answer_garbage,
    "drip": _answer_slowly,
    "redirect": _redirect,
    "late": _end(Ending.CLOSE),
}
