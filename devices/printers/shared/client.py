"""A printer that another lane owns; keeps `devices.interfaces.Printer` and `CashDrawer`.

The one rule: until this side has said "go" no byte can have reached the paper, and a failure is
Unavailable; from then on it is NoAnswer, unless the owner tells what became of the job. The time
on the way to the owner, at most ROUND_TRIP_S, comes on top of each timeout.
"""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from devices.errors import NoAnswer, Unavailable
from devices.printers.options import host_and_port
from devices.printers.shared.channel import Channel, Message, meet
from devices.printers.shared.documents import (
    NotUnderstood,
    document_json,
    proof_from,
    raise_failure,
    status_from,
)
from devices.printers.shared.options import SharedOptions
from devices.printers.shared.seal import USER, read_token
from devices.values import (
    DrawerState,
    PrinterCondition,
    PrinterStatus,
    PrintProof,
    ReceiptDocument,
)

ROUND_TRIP_S = 1.0
PREPARE_S = 3.0
_AGAIN_S = 0.1  # between two tries to learn what became of a job


class SharedPrinter:
    """Prints through the posd that owns the printer."""

    Options = SharedOptions

    def __init__(self, options: SharedOptions) -> None:
        self._options = options
        self._last_job = ""
        self._last_proof_s: float | None = None

    @property
    def last_proof_s(self) -> float | None:
        """How long the last receipt's proof took, as its owner measured it; None without one."""
        return self._last_proof_s

    def prepare(self, document: ReceiptDocument) -> None:
        """Let the owner make the dots in advance; raises Unavailable."""
        try:
            request = {"op": "prepare", "document": document_json(document)}
            raise_failure(self._asked(request, PREPARE_S))
        except (OSError, NotUnderstood) as error:
            raise Unavailable(self._why(error)) from error

    def status(self, timeout_s: float) -> PrinterStatus:
        """What the owner says of the printer; UNREACHABLE if the owner is away. Never raises."""
        try:
            return status_from(self._asked({"op": "status"}, timeout_s))
        except OSError as error:
            return PrinterStatus(PrinterCondition.UNREACHABLE, self._why(error))

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Print through the owner; raises Unavailable, Refused, NoAnswer."""
        until_s = time.monotonic() + timeout_s + ROUND_TRIP_S
        self._last_proof_s = None
        job = self._last_job = uuid.uuid4().hex
        request = {"op": "print", "job": job, "document": document_json(document)}
        try:
            with self._channel(until_s) as channel:
                channel.send({**request, "timeout_s": timeout_s}, until_s)
                offer = channel.receive(until_s)
                if offer != {"ready": True}:
                    return proof_from(offer)  # a failure: nothing was sent
                answer = self._gone(channel, job, until_s)
        except (OSError, NotUnderstood) as error:
            raise Unavailable(self._why(error)) from error
        return self._proof(answer)

    def clear(self, timeout_s: float) -> None:
        """Have the printer forget this lane's last job, if it was the last of all lanes.

        Raises Unavailable, where nothing was cleared, and NoAnswer.
        """
        if not self._last_job:
            raise Unavailable("nothing was cleared: this lane has printed nothing yet")
        self._done({"op": "clear", "job": self._last_job}, timeout_s)

    def kick(self, timeout_s: float) -> None:
        """Open the drawer; raises Unavailable and NoAnswer."""
        self._done({"op": "kick"}, timeout_s)

    def drawer(self, timeout_s: float) -> DrawerState:
        """Whether the drawer stands open, as the owner knows it; never raises."""
        try:
            return DrawerState(str(self._asked({"op": "drawer"}, timeout_s).get("drawer")))
        except (OSError, ValueError):
            return DrawerState.UNKNOWN

    def _asked(self, request: Message, timeout_s: float) -> Message:
        until_s = time.monotonic() + timeout_s + ROUND_TRIP_S
        with self._channel(until_s) as channel:
            channel.send({**request, "timeout_s": timeout_s}, until_s)
            return channel.receive(until_s)

    def _done(self, request: Message, timeout_s: float) -> None:
        """Have the owner do what cannot be asked about later; raises Unavailable and NoAnswer."""
        until_s = time.monotonic() + timeout_s + ROUND_TRIP_S
        try:
            with self._channel(until_s) as channel:
                raise_failure(_answer(channel, {**request, "timeout_s": timeout_s}, until_s))
        except OSError as error:
            raise Unavailable(self._why(error)) from error
        except NotUnderstood as error:
            raise NoAnswer(self._why(error)) from error

    def _gone(self, channel: Channel, job: str, until_s: float) -> Message:
        """Say "go", and what came of it, as far as that can be learned; raises NoAnswer."""
        try:
            channel.send({"go": job}, until_s)
            return channel.receive(until_s)
        except OSError as error:
            return self._learned(job, until_s, error)

    def _learned(self, job: str, until_s: float, lost: OSError) -> Message:
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                return self._asked({"op": "outcome", "job": job}, max(0.01, left_s - ROUND_TRIP_S))
            except OSError:
                time.sleep(min(_AGAIN_S, left_s))
        raise NoAnswer(
            f"the connection to the printer's owner {self._options.address} was lost in the middle"
            f" of a receipt ({lost}): it may come out; look before you print a copy"
        ) from lost

    def _proof(self, outcome: Message) -> PrintProof:
        try:
            proof = proof_from(outcome)
        except NotUnderstood as error:
            raise NoAnswer(self._why(error)) from error
        took_s = outcome.get("proof_s")
        self._last_proof_s = float(took_s) if isinstance(took_s, (int, float)) else None
        return proof

    @contextmanager
    def _channel(self, until_s: float) -> Iterator[Channel]:
        token = read_token(self._options.token_file)
        address = host_and_port(self._options.address)
        left_s = max(0.01, until_s - time.monotonic())
        with socket.create_connection(address, left_s) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield meet(connection, token, USER, until_s)

    def _why(self, error: Exception) -> str:
        reason = getattr(error, "strerror", None) or str(error)
        return (
            f"the shared printer at {self._options.address} cannot be used ({reason}): check that "
            "the posd that owns it runs and shares it, the network, and that token_file is a copy "
            "of its own"
        )


def _answer(channel: Channel, request: Message, until_s: float) -> Message:
    """What the owner says; raises NoAnswer once the request may have reached it."""
    try:
        channel.send(request, until_s)
        return channel.receive(until_s)
    except OSError as error:
        op = request["op"]
        raise NoAnswer(f"the printer's owner did not answer {op} ({error}): look at it") from error
