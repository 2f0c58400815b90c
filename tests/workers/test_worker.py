"""The thread round a device: bounded, restarted, given up after the third death."""

from __future__ import annotations

import queue
import threading

from posd.inbox import Inbox, WorkerDied
from posd.workers.worker import QUEUE_LIMIT, Worker

from .fakes import PATIENCE_S


class Echo(Worker[str]):
    """Says each command back; `die` raises, `wait` waits for `gate`."""

    def __init__(self) -> None:
        super().__init__("echo", Inbox())
        self.did: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.gate = threading.Event()
        self.running = ""

    def work(self) -> None:
        command = self.next_command(None)
        if command is None:
            return
        self.running = command
        if command == "wait":
            self.did.put("waiting")
            self.gate.wait(PATIENCE_S)
        if command == "die":
            raise ValueError("as told")
        self.did.put(command)

    def mourn(self, reason: str) -> None:
        self.did.put(f"mourned {self.running}: {reason}")

    def refuse(self, command: str) -> None:
        self.did.put(f"refused {command}")

    def close(self) -> None:
        self.did.put("closed")

    def next_done(self) -> str:
        return self.did.get(timeout=PATIENCE_S)


class Needed(Echo):
    fatal = True


def done(worker: Echo, count: int) -> list[str]:
    return [worker.next_done() for _ in range(count)]


def test_commands_are_carried_out_in_order_also_those_given_before_the_start() -> None:
    echo = Echo()
    assert echo.give("a")
    assert not echo.alive
    echo.start()
    assert echo.alive
    assert echo.give("b")
    assert done(echo, 2) == ["a", "b"]
    echo.stop(PATIENCE_S)
    assert not echo.alive
    assert echo.next_done() == "closed"


def test_a_full_queue_takes_nothing_and_says_so() -> None:
    echo = Echo()
    assert all(echo.give("a") for _ in range(QUEUE_LIMIT))
    assert not echo.give("one too many")
    echo.start()
    assert done(echo, QUEUE_LIMIT) == ["a"] * QUEUE_LIMIT
    echo.stop(PATIENCE_S)


def test_an_end_waits_for_the_running_job_and_takes_no_other() -> None:
    echo = Echo()
    echo.start()
    echo.give("wait")
    echo.give("never")
    assert echo.next_done() == "waiting"
    echo.stop(0.0)
    assert echo.alive
    assert not echo.give("later")
    echo.gate.set()
    echo.stop(PATIENCE_S)
    assert done(echo, 2) == ["wait", "closed"]
    assert echo.did.empty()


def test_an_end_before_the_start_is_no_error() -> None:
    echo = Echo()
    echo.stop(PATIENCE_S)
    assert not echo.alive


def test_a_death_is_mourned_and_told_and_the_worker_works_on_until_the_third() -> None:
    echo = Echo()
    for command in ("die", "a", "die", "b", "die", "c", "d"):
        echo.give(command)
    echo.start()
    mourned = "mourned die: ValueError: as told"
    assert done(echo, 6) == [mourned, "closed", "a", mourned, "closed", "b"]
    assert done(echo, 5) == [mourned, "closed", "refused c", "refused d", "closed"]
    deaths = [echo.inbox.get(timeout=PATIENCE_S) for _ in range(3)]
    said = "ValueError: as told"
    assert deaths == [
        WorkerDied("echo", said, fatal=False),
        WorkerDied("echo", said, fatal=False),
        WorkerDied("echo", said, fatal=False, disabled=True),
    ]
    assert not echo.give("e")
    echo.stop(PATIENCE_S)
    assert not echo.alive


def test_a_worker_that_is_needed_dies_once() -> None:
    needed = Needed()
    needed.give("die")
    needed.start()
    assert done(needed, 3) == ["mourned die: ValueError: as told", "closed", "closed"]
    assert needed.inbox.get(timeout=PATIENCE_S) == WorkerDied("echo", "ValueError: as told", True)
    needed.stop(PATIENCE_S)
    assert not needed.alive
