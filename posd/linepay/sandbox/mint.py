"""Mint a one-time key in a stand-in that runs elsewhere: the client of one control call.

The rule: whatever goes wrong is told in one sentence that says what to do.
"""

from __future__ import annotations

import http.client
import json

from posd.linepay.sandbox.server import HOST

_TIMEOUT_S = 5.0


class NoSandbox(Exception):  # noqa: N818
    """No stand-in answers on that port."""


class NotMinted(Exception):  # noqa: N818
    """The stand-in answered and refused; the text is its reason."""


def mint(port: int, order: dict[str, str]) -> str:
    """Ask for a key (members as in POST /control/keys); raises NoSandbox, NotMinted."""
    try:
        status, answer = _post(port, json.dumps(order))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoSandbox(
            f"no sandbox answers on {HOST}:{port} ({error}); start one: posd sandbox --port {port}"
        ) from error
    if status != 200 or "one_time_key" not in answer:
        raise NotMinted(str(answer.get("error", f"the answer was HTTP {status} without a key")))
    return str(answer["one_time_key"])


def _post(port: int, body: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_S)
    try:
        connection.request("POST", "/control/keys", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
    finally:
        connection.close()
    if not isinstance(answer, dict):
        raise ValueError("the answer is no JSON object")
    return response.status, answer
