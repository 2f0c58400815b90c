"""The faults of the wire, one function each; the table says what each leaves behind.

`arrives`: the request takes effect at LINE Pay, in time. `tells`: the true answer is heard all
the same. `reason` is the word of posd's client for what it met, empty where it hears an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from .http_bytes import answer, body_of
from .proxy import Call, Fault

HTML = b"<html><body>Please log in to Free WiFi</body></html>"
DRIP_S = 0.02


@dataclass(frozen=True)
class Row:
    fault: Fault
    reason: str
    arrives: bool = True
    tells: bool = False

    @property
    def name(self) -> str:
        return self.fault.__name__


def lost_request(call: Call) -> None:
    """Taken, never delivered, and the connection is closed."""


def lost_response(call: Call) -> None:
    call.forward()


def late_delivery(call: Call) -> None:
    """Delivered when a test says so, at the earliest when posd has given up."""
    call.wait_until_gone()
    call.proxy.held.put(call)


def silence_before(call: Call) -> None:
    call.wait_until_gone()


def silence_after(call: Call) -> None:
    call.forward()
    call.wait_until_gone()


def slow_drip(call: Call) -> None:
    """No silence is long enough for a read timeout; the whole takes longer than any deadline."""
    call.drip(call.forward(), every_s=DRIP_S)


def truncated_head(call: Call) -> None:
    call.say(call.forward()[:30])


def truncated_body(call: Call) -> None:
    call.say(call.forward()[:-20])


def wrong_json(call: Call) -> None:
    call.say(answer(body_of(call.forward())[:-1] + b",}"))


def no_envelope(call: Call) -> None:
    call.forward()
    call.say(answer(b'{"status":"ok"}'))


def html_with_200(call: Call) -> None:
    call.forward()
    call.say(answer(HTML, "Content-Type: text/html"))


def duplicate_first_told(call: Call) -> None:
    first = call.forward()
    call.forward()
    call.say(first)


def duplicate_second_told(call: Call) -> None:
    call.forward()
    call.say(call.forward())


def reset_before(call: Call) -> None:
    call.reset()


def reset_after(call: Call) -> None:
    call.forward()
    call.reset()


def reset_in_the_middle(call: Call) -> None:
    said = call.forward()
    call.say(said[: len(said) // 2])
    call.reset()


def redirect_before(call: Call) -> None:
    _redirect(call)


def redirect_after(call: Call) -> None:
    call.forward()
    _redirect(call)


def _redirect(call: Call) -> None:
    there = f"Location: {call.proxy.base_url}/elsewhere"
    call.say(answer(b"", there, status="307 Temporary Redirect"))


def too_large(call: Call) -> None:
    call.say(answer(body_of(call.forward()) + b" " * 300_000))


def length_too_long(call: Call) -> None:
    body = body_of(call.forward())
    call.say(answer(body, length=len(body) + 10))


def length_too_short(call: Call) -> None:
    body = body_of(call.forward())
    call.say(answer(body, length=len(body) - 10))


def continued(call: Call) -> None:
    """100 is noise before the answer, and no more."""
    call.say(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + call.forward())


def early_hints(call: Call) -> None:
    """An interim answer that nobody asked for; the true one behind it is not waited for."""
    call.say(b"HTTP/1.1 103 Early Hints\r\n\r\n" + call.forward())


def gzip_garbage(call: Call) -> None:
    call.forward()
    call.say(answer(b"\x1f\x8b\x08\x00" + bytes(range(200)), "Content-Encoding: gzip"))


def tls_garbage(call: Call) -> None:
    """Below TLS: a record that nobody can decipher, in the place of the answer."""
    call.forward()
    call.say_raw(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    call.wait_until_gone()


def no_tls(call: Call) -> None:
    """In the place of a handshake."""
    call.say(answer(HTML, status="400 Bad Request"))


def status(code: int, *, name: str, arrives: bool = True) -> Row:
    """HTTP `code` with a page, from a server in between that has or has not passed it on."""

    def fault(call: Call) -> None:
        if arrives:
            call.forward()
        call.say(answer(HTML, status=f"{code} Trouble"))

    fault.__name__ = name
    return Row(fault, f"http_{code}", arrives)


HTTP_503 = status(503, name="http_503")
ROWS = (
    Row(lost_request, "reset", arrives=False),
    Row(lost_response, "reset"),
    Row(late_delivery, "timeout", arrives=False),
    Row(silence_before, "timeout", arrives=False),
    Row(silence_after, "timeout"),
    Row(slow_drip, "timeout"),
    Row(truncated_head, "not_json"),  # http.client takes the cut for the end of the head
    Row(truncated_body, "truncated"),
    Row(wrong_json, "not_json"),
    Row(no_envelope, "no_code"),
    Row(html_with_200, "not_json"),
    Row(duplicate_first_told, "", tells=True),
    Row(duplicate_second_told, ""),
    Row(reset_before, "reset", arrives=False),
    Row(reset_after, "reset"),
    Row(reset_in_the_middle, "reset"),
    Row(redirect_before, "redirect", arrives=False),
    Row(redirect_after, "redirect"),
    Row(too_large, "too_large"),
    Row(length_too_long, "truncated"),
    Row(length_too_short, "not_json"),
    Row(continued, "", tells=True),
    Row(early_hints, "http_103"),
    Row(gzip_garbage, "not_json"),
    status(500, name="http_500"),
    status(502, name="http_502"),
    HTTP_503,
    status(504, name="http_504"),
    status(502, name="http_502_before", arrives=False),
)
