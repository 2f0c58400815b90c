"""What people sign by mistake, so that the log can tell them.

The rule: a diagnosis is proved, never guessed: each variant is computed and compared. Sources:
reference, 2.2 and section 9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from posd.linepay.sandbox.request import Request


def other_secrets(secret: str) -> Iterator[tuple[str, str]]:
    """Secrets that are nearly right."""
    yield secret + "\n", "it has a line end behind it"
    yield secret + "\r\n", "it has a line end behind it"
    yield f" {secret}", "it has a blank before it"
    yield f"{secret} ", "it has a blank behind it"
    yield f'"{secret}"', "it stands in quotation marks"
    yield "", "it is empty"


def other_bytes(request: Request, secret: str, nonce: str) -> Iterator[tuple[bytes, str]]:
    """Messages made with the right secret and wrong otherwise, each with what it is."""
    key, path = secret.encode(), request.path.encode("latin-1")
    query, end = request.query.encode("latin-1"), nonce.encode("latin-1")
    if query:
        yield key + path + b"?" + query + end, "with the question mark; it is not part of the text"
    signed = query if request.method == "GET" else request.body
    yield path + signed + end, "other bytes: the text lacks the channel secret at its start"
    yield key + path + signed, "other bytes: the text lacks the nonce at its end"
    yield key + end + path + signed, "other bytes: the nonce stands before the path"
    yield key + unquote_to_bytes(path) + signed + end, "other bytes: the path as decoded"
    host = request.headers.get("host", "").encode("latin-1")
    for scheme in (b"http://", b"https://"):
        url = scheme + host + path
        yield key + url + signed + end, "other bytes: the whole URL instead of the path"
    for text, name in _other_bodies(request):
        yield key + path + text + end, f"other bytes: {name}"


def _other_bodies(request: Request) -> Iterator[tuple[bytes, str]]:
    yield b"", "an empty body"
    yield b"{}", "the body {}"
    yield b"null", "the body null"
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (True, False):
            for in_order in (True, False):
                text = json.dumps(
                    value, separators=separators, ensure_ascii=ascii_only, sort_keys=in_order
                )
                yield text.encode(errors="replace"), "the body serialised anew, not as it was sent"
