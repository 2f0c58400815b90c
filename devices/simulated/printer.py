"""A virtual receipt printer on TCP or a pty: it takes ESC/POS, holds it without paper, answers.

The one rule: one thread owns everything and never blocks but in its selector; all others hand it
commands and take papers from a queue.
"""

from __future__ import annotations

import os
import queue
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from devices.simulated.condition import Condition
from devices.simulated.decoder import Decoder, Paper, Pulse, Transmit
from devices.simulated.printer_lines import Line, PtyPlug, TcpPlug

MAX_KEPT_BYTES = 1024 * 1024  # of what came, for tests to look at
_READ_BYTES = 4096
_SLICES_PER_S = 100  # how finely a slow printer prints
_GARBAGE = b"\xffERR 16 "


@dataclass(frozen=True, slots=True)
class Stopped:
    """The printer stopped dead, as it was told; `at` is first or proof."""

    at: str


class VirtualPrinter:
    """A printer to be used as a context manager; `address` is "host:port" or the pty's path.

    >>> with VirtualPrinter() as printer:
    ...     printer.command("paper out")
    """

    def __init__(self, *, listen: str = "127.0.0.1:0", dots: int = 576, link: str = "") -> None:
        """`listen` is host:port for TCP, or "pty"; `link` is a stable name for the pty."""
        self.condition = Condition()
        self.papers: queue.SimpleQueue[Paper | Pulse | Stopped | None] = queue.SimpleQueue()
        self.decoder = Decoder(dots)
        self.received = bytearray()
        self._job_ns = 0
        self._next_s = 0.0
        self._selector = selectors.DefaultSelector()
        self._lines: list[Line] = []
        self._parked: list[Line] = []
        self._held: deque[tuple[Line, bytes]] = deque()
        self._orders: queue.SimpleQueue[tuple[str, queue.SimpleQueue[str]]] = queue.SimpleQueue()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector.register(self._bell, selectors.EVENT_READ, self._take_orders)
        self._plug: TcpPlug | PtyPlug = (
            PtyPlug(link, self._add)
            if listen == "pty"
            else TcpPlug(listen, self._selector, self._add)
        )
        self._plug.plug_in()
        self._running = True
        self._thread = threading.Thread(target=self._run, name="virtual-printer")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where hosts find it."""
        return self._plug.address

    def close(self) -> None:
        """Switch it off: every connection ends, what it held is lost."""
        if self._thread.is_alive():
            self.command("quit")
            self._thread.join()

    def command(self, text: str) -> None:
        """Carry out "paper out", "hang on" and the like, and wait until it holds.

        Raises ValueError for one that does not exist.
        """
        reply: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._orders.put((text, reply))
        os.eventfd_write(self._bell, 1)
        refusal = reply.get(timeout=10)
        if refusal:
            raise ValueError(refusal)

    def _run(self) -> None:
        while self._running:
            for key, _ in self._selector.select(self._rest_s()):
                if key.fd in self._selector.get_map():
                    key.data()
            self._process()
        self._unplug()
        self._selector.close()
        os.close(self._bell)

    def _rest_s(self) -> float | None:
        """How long nothing is to be done unless somebody comes."""
        if self._held and self.condition.prints and self.condition.speed:
            return max(0.0, self._next_s - time.monotonic())
        return None

    def _take_orders(self) -> None:
        os.eventfd_read(self._bell)
        while not self._orders.empty():
            text, reply = self._orders.get()
            try:
                self._obey(text.strip())
                reply.put("")
            except (ValueError, OSError) as error:
                reply.put(str(error))

    def _obey(self, text: str) -> None:
        action = self._actions().get(text)
        if action is not None:
            action()
            return
        self.condition.set(text)
        self._next_s = 0.0
        self.condition.stopped &= self.condition.stop != "off"
        if text == "refuse on":
            self._plug.refuse()
        elif text == "refuse off":
            self._plug.plug_in()
        self._report()
        self._process()

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "quit": self._quit,
            "unplug": self._unplug,
            "replug": self._plug.plug_in,
            "power off": self._power_off,
            "power on": self._plug.plug_in,
        }

    def _quit(self) -> None:
        self._running = False

    def _unplug(self) -> None:
        """Pull the cable; what it holds is still printed."""
        self._plug.pull()
        for line in [*self._lines, *self._parked]:
            self._hang_up(line)

    def _power_off(self) -> None:
        self._unplug()
        self._forget()

    def _forget(self) -> None:
        self._held.clear()
        self.decoder.clear()
        self._job_ns = 0

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._selector.register(line.descriptor, selectors.EVENT_READ, lambda: self._read(line))

    def _read(self, line: Line) -> None:
        if not self._reads():
            self._selector.unregister(line.descriptor)
            self._lines.remove(line)
            self._parked.append(line)
            return
        try:
            data = os.read(line.descriptor, self.condition.pieces or _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(line, data)
        else:
            self._hang_up(line)

    def _take(self, line: Line, data: bytes) -> None:
        commands, others = line.realtime.find(data)
        if others and not self._job_ns:  # a status question begins no job
            self._job_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
            self._stop_at("first")
        if others and self.condition.unplug_after is not None:
            data = data[: self.condition.unplug_after]
            self.condition.unplug_after -= len(data)
        self.received += data
        del self.received[:-MAX_KEPT_BYTES]
        self._held.append((line, data))
        for command in commands:
            self._obey_at_once(line, command)
        self._process()
        if others and self.condition.unplug_after == 0:
            self.condition.unplug_after = None
            self._unplug()

    def _obey_at_once(self, line: Line, command: bytes) -> None:
        """On reception: also inside dots, and while there is no paper."""
        if command[1] == 0x04:
            self._say(line, bytes((self.condition.realtime(command[2]),)))
        elif command[1] == 0x14:
            if self.decoder.pulses_at_once:
                self._pulse(Pulse(2 if command[3] == 0 else 5))
        elif not self.condition.prints:
            self.condition.recover()
            if command[2] == 2:  # noqa: PLR2004 - n of DLE ENQ: its buffers are cleared as well
                self._forget()

    def _process(self) -> None:
        while self._held and self.condition.prints and (count := self._next_bytes()):
            line, data = self._held.popleft()
            if data[count:]:
                self._held.appendleft((line, data[count:]))
            self._print(line, data[:count])
        if self._parked and self._reads():
            parked, self._parked = self._parked, []
            for waiting in parked:
                self._add(waiting)

    def _next_bytes(self) -> int:
        """How many bytes it may print now."""
        speed, left = self.condition.speed, self.condition.paper_after
        count = MAX_KEPT_BYTES
        if speed:
            now_s = time.monotonic()
            count = max(1, speed // _SLICES_PER_S) if now_s >= self._next_s else 0
            self._next_s = max(self._next_s, now_s + count / speed)
        return count if left is None else min(count, left)

    def _print(self, line: Line, data: bytes) -> None:
        for result in self.decoder.feed(data):
            if isinstance(result, Paper):
                self.papers.put(replace(result, first_byte_ns=self._job_ns))
                self._job_ns = 0
            elif isinstance(result, Pulse):
                self._pulse(result)
            else:
                self._transmit(line, result)
        if self.condition.paper_after is not None:
            self.condition.paper_after -= len(data)
            if self.condition.paper_after <= 0:
                self.condition.paper, self.condition.paper_after = "out", None
                self._report()

    def _reads(self) -> bool:
        held_bytes = sum(len(data) for _, data in self._held)
        busy = self.condition.hang == "on" or self.condition.stopped
        return not busy and held_bytes <= self.condition.buffer_bytes

    def _transmit(self, line: Line, asked: Transmit) -> None:
        if asked.command == "GS r":
            self._stop_at("proof")
            self._say(line, bytes((self.condition.roll_sensors(),)))
        elif asked.command == "GS a":
            line.status_back = asked.n != 0
            if line.status_back:
                self._say(line, self.condition.automatic_status())

    def _report(self) -> None:
        """Automatic Status Back, to the hosts that asked for it."""
        for line in self._lines:
            if line.status_back:
                self._say(line, self.condition.automatic_status())

    def _pulse(self, pulse: Pulse) -> None:
        if self.condition.drawer == "closed":
            self.condition.drawer = "open"
        self.papers.put(pulse)
        self._report()

    def _stop_at(self, place: str) -> None:
        """Where that was asked for: read and say nothing more until `stop off`."""
        if self.condition.stop == place:
            self.condition.stopped = True
            self.papers.put(Stopped(place))

    def _say(self, line: Line, data: bytes) -> None:
        if self.condition.silent == "off" and not self.condition.stopped:
            line.answer(_GARBAGE if self.condition.garbage == "on" else data)

    def _hang_up(self, line: Line) -> None:
        """End a connection; what it sent is still printed."""
        if line in self._lines:
            self._selector.unregister(line.descriptor)
            self._lines.remove(line)
        else:
            self._parked.remove(line)
        line.open = False
        line.close()
