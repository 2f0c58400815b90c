"""A thread with a bounded queue of commands, restarted when it dies.

Rule: a job that was running when a worker died is reported as unknown and never run again by
itself. The third death within ten minutes disables the worker and says so.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from posd.inbox import Inbox, WorkerDied
from posd.logs import log

QUEUE_LIMIT = 64
DEATHS_TO_DISABLE = 3
DEATHS_WITHIN_S = 600.0
RESTART_AFTER_S = 0.5

T = TypeVar("T")


class Worker(ABC, Generic[T]):
    """One thread. Subclasses say what to do with a command and what when idle."""

    fatal = False

    def __init__(self, name: str, inbox: Inbox) -> None:
        self.name = name
        self.inbox = inbox
        # Bounded by `give`, its one producer: SimpleQueue wakes its reader twice as fast.
        self._commands: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._deaths: list[float] = []
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        """Begin; commands given before wait in the queue."""
        self._thread.start()

    def give(self, command: T) -> bool:
        """Queue a command; False when nothing was taken: the queue is full, or the worker ended."""
        if self.stopping or self._commands.qsize() >= QUEUE_LIMIT:
            return False
        self._commands.put(command)
        return True

    def stop(self, timeout_s: float) -> None:
        """End after the running job, or after `timeout_s`, whichever is first."""
        self._stopping.set()
        self.give_up_waiting()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether the worker was told to end."""
        return self._stopping.is_set()

    def give_up_waiting(self) -> None:
        """Wake the thread if it waits for a command."""
        self._commands.put(None)

    def next_command(self, timeout_s: float | None) -> T | None:
        """The next command; None when there was none in time or the worker should look up."""
        try:
            return self._commands.get(timeout=timeout_s)
        except queue.Empty:
            return None

    @abstractmethod
    def work(self) -> None:
        """Do one round: wait for a command or a device, and report. Called until stopped."""

    def close(self) -> None:  # noqa: B027 - most workers hold nothing
        """Let go of the device or connection."""

    def mourn(self, reason: str) -> None:  # noqa: B027 - most workers have no job to report
        """Report the job that was running as unknown."""

    def refuse(self, command: T) -> None:  # noqa: B027 - most workers end with the process
        """Report a command that nobody will carry out as not begun."""

    def _live(self) -> None:
        while not self.stopping:
            try:
                self.work()
            except Exception as error:  # the one place where the unforeseen is caught
                self._die(error)
        self.close()

    def _die(self, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:200]
        log("worker_died", severity=logging.ERROR, device=self.name, reason=reason)
        self.mourn(reason)
        self.close()
        now = time.monotonic()
        self._deaths = [then for then in self._deaths if now - then < DEATHS_WITHIN_S] + [now]
        disabled = len(self._deaths) >= DEATHS_TO_DISABLE
        self.inbox.put(WorkerDied(self.name, reason, fatal=self.fatal, disabled=disabled))
        if self.fatal or disabled:
            self._stopping.set()
            self._refuse_all()
        else:
            self._stopping.wait(RESTART_AFTER_S * 2 ** len(self._deaths))

    def _refuse_all(self) -> None:
        while not self._commands.empty():
            command = self._commands.get_nowait()
            if command is not None:
                self.refuse(command)
