"""`python -m bench.gateway [--tls]`: takes every payment, and tells when it came and was answered.

Rule: the first thing after `recv` is the clock. It checks nothing: the stand-in of posd.linepay
does that, and would be measured along.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import ssl
import threading

from bench.children import live_until_stdin_ends, tell
from bench.clocks import now_ns
from posd.linepay.sandbox.certificate import self_signed

_READ_BYTES = 65536


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tls", action="store_true")
    with contextlib.ExitStack() as stack:
        certificate = stack.enter_context(self_signed()) if parser.parse_args().tls else None
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        context = certificate.context if certificate else None
        threading.Thread(target=_accept, args=(listener, context), daemon=True).start()
        ca_file = str(certificate.ca_file) if certificate else None
        tell(port=listener.getsockname()[1], ca_file=ca_file)
        live_until_stdin_ends()


def _accept(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(connection, context), daemon=True).start()


def _serve(connection: socket.socket, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        stack.enter_context(connection)
        while data := connection.recv(_READ_BYTES):
            came_ns = now_ns()
            told = answer(_body(connection, data))
            answered_ns = now_ns()  # before the send: the other side may run while it returns
            connection.sendall(told)
            tell(came_ns=came_ns, answered_ns=answered_ns)


def _body(connection: socket.socket, data: bytes) -> bytes:
    while b"\r\n\r\n" not in data:
        data += connection.recv(_READ_BYTES)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    while len(body) < length:
        body += connection.recv(_READ_BYTES)
    return body


def answer(body: bytes) -> bytes:
    """The whole HTTP answer to a payment: it was made."""
    asked = json.loads(body)
    info = {
        "transactionId": 2026112400000000001,
        "orderId": asked["orderId"],
        "transactionDate": "2026-11-24T05:42:54Z",
        "payInfo": [{"method": "BALANCE", "amount": asked["amount"]}],
        "paymentProvider": "TSP",
    }
    told = {"returnCode": "0000", "returnMessage": "Success.", "info": info}
    text = json.dumps(told).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(text) + text


if __name__ == "__main__":
    main()
