"""One connection to the owner: one request, answered.

The one rule: a job begins only after its user has said "go" to "ready". So a user that lost the
connection before it said so knows that no byte was sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from devices.errors import DeviceError
from devices.interfaces import Printer
from devices.printers.shared.channel import Channel, Message
from devices.printers.shared.documents import (
    NotUnderstood,
    document_from,
    failure_json,
    status_json,
)
from devices.printers.shared.jobs import Jobs, Outcome
from devices.printers.shared.lent import Lent, proof_s
from devices.values import ReceiptDocument

REQUEST_S = 5.0  # how long a request may take to come
GO_S = 2.0  # how long a user may hesitate while the printer waits for it
ANSWER_S = 5.0
MAX_TIMEOUT_S = 120.0

LOST = {
    "failed": "no_answer",
    "message": "the owner does not know what became of the receipt: look before you print a copy",
}


class Session:
    """Serves one request on a channel."""

    def __init__(self, channel: Channel, lent: Lent, jobs: Jobs) -> None:
        self._channel = channel
        self._lent = lent
        self._jobs = jobs

    def serve(self) -> None:
        """Take the request and answer it; raises OSError when the user is gone."""
        request = self._channel.receive(time.monotonic() + REQUEST_S)
        try:
            answer = self._answer(request)
        except NotUnderstood as error:
            message = f"the printer's owner does not understand {error}: update it"
            answer = {"failed": "unavailable", "message": message}
        self._channel.send(answer, time.monotonic() + ANSWER_S)

    def _answer(self, request: Message) -> Message:
        acts: dict[object, Callable[[Message, float], Message]] = {
            "status": self._status,
            "prepare": self._prepare,
            "print": self._print,
            "outcome": self._outcome,
            "clear": self._clear,
            "kick": self._kick,
            "drawer": self._drawer,
        }
        act = acts.get(request.get("op"))
        timeout_s = request.get("timeout_s")
        if act is None:
            raise NotUnderstood(f"the request {str(request.get('op'))[:40]}")
        if not isinstance(timeout_s, (int, float)) or not 0 < timeout_s <= MAX_TIMEOUT_S:
            raise NotUnderstood("a request without a timeout")
        return act(request, float(timeout_s))

    def _status(self, _: Message, timeout_s: float) -> Message:
        return status_json(self._lent.status(timeout_s))

    def _prepare(self, request: Message, _: float) -> Message:
        document = document_from(request.get("document"))
        return _told(lambda: self._lent.prepare(document))

    def _clear(self, request: Message, timeout_s: float) -> Message:
        job = _job_of(request)
        return _told(lambda: self._lent.clear_job(job, timeout_s))

    def _kick(self, _: Message, timeout_s: float) -> Message:
        return _told(lambda: self._lent.kick(timeout_s))

    def _drawer(self, _: Message, timeout_s: float) -> Message:
        return {"drawer": str(self._lent.drawer(timeout_s))}

    def _outcome(self, request: Message, timeout_s: float) -> Message:
        return self._jobs.outcome(_job_of(request), time.monotonic() + timeout_s) or LOST

    def _print(self, request: Message, timeout_s: float) -> Message:
        until_s = time.monotonic() + timeout_s
        job, document = _job_of(request), document_from(request.get("document"))
        try:
            with self._lent.turn(until_s) as printer:
                if self._wants_it(job):
                    return self._printed(job, printer, document, until_s=until_s)
        except DeviceError as failure:
            return failure_json(failure)
        return self._jobs.outcome(job, until_s) or LOST

    def _wants_it(self, job: str) -> bool:
        """Whether the user says "go" to a job that has not begun; raises OSError if it is gone."""
        until_s = time.monotonic() + GO_S
        self._channel.send({"ready": True}, until_s)
        if self._channel.receive(until_s) != {"go": job}:
            raise ConnectionError("it does not say go")
        return self._jobs.begin(job)

    def _printed(
        self, job: str, printer: Printer, document: ReceiptDocument, *, until_s: float
    ) -> Outcome:
        outcome: Outcome = LOST  # also if the driver fails by a bug
        try:
            proof = self._lent.print_in_turn(printer, document, job=job, until_s=until_s)
            outcome = {"printed": str(proof), "proof_s": proof_s(printer)}
        except DeviceError as failure:
            outcome = failure_json(failure)
        finally:
            self._jobs.end(job, outcome)
        return outcome


def _told(act: Callable[[], None]) -> Message:
    try:
        act()
    except DeviceError as failure:
        return failure_json(failure)
    return {"done": True}


def _job_of(request: Message) -> str:
    job = request.get("job")
    if not isinstance(job, str) or not 16 <= len(job) <= 64:
        raise NotUnderstood("a job without an id")
    return job
