"""`python -m bench.printer`: swallows receipts, answers like a ready Epson, tells their times.

Rule: the first thing after `recv` is the clock. A job is what begins with neither of the real-time
status questions and ends with `GS r 1`.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from bench.children import live_until_stdin_ends, tell
from bench.clocks import now_ns

_QUESTION = b"\x10\x04"  # DLE EOT n
_ANSWERS = {1: b"\x16", 2: b"\x12", 3: b"\x12", 4: b"\x12"}  # ready, closed, no error, paper
_END = b"\x1dr\x01"  # GS r 1
_PAPER = b"\0"
_READ_BYTES = 65536


def main() -> None:
    """Serve until stdin ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener,), daemon=True).start()
        tell(port=listener.getsockname()[1])
        live_until_stdin_ends()


def _accept(listener: socket.socket) -> None:
    while True:  # one connection at a time, as network printers do
        connection, _ = listener.accept()
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _serve(connection)


def _serve(connection: socket.socket) -> None:
    first_ns = job_ns = 0
    job = b""
    while data := connection.recv(_READ_BYTES):
        came_ns = now_ns()
        first_ns = first_ns or came_ns
        if not job:
            data = _answer_questions(connection, data)
        if data:
            job_ns = job_ns or came_ns
            job += data
        if job.endswith(_END):
            connection.sendall(_PAPER)
            tell(first_ns=first_ns, job_ns=job_ns, bytes=len(job))
            job, job_ns = b"", 0


def _answer_questions(connection: socket.socket, data: bytes) -> bytes:
    while data[:2] == _QUESTION and len(data) >= 3:
        connection.sendall(_ANSWERS[data[2]])
        data = data[3:]
    return data


if __name__ == "__main__":
    main()
