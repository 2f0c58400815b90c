"""The engine's one inbox: core events, and what must first be made into one.

Everything that any thread has to say goes through here, in order; the order of the inbox is the
order of the journal.
"""

from __future__ import annotations

import queue
from concurrent.futures import Future
from dataclasses import dataclass

from devices.values import Scan
from posd.core.events import Event
from posd.door import Ask, Reply
from posd.snapshot import DeviceView, GatewayView


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at the door asks for something; the future takes the answer."""

    ask: Ask
    reply: Future[Reply]


@dataclass(frozen=True, slots=True)
class ScanArrived:
    """The scanner read a code; it goes no further than the engine's vault."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device's condition, as its worker last met it."""

    device: DeviceView


@dataclass(frozen=True, slots=True)
class GatewaySeen:
    """The gateway's condition, as the pay worker last met it."""

    gateway: GatewayView


@dataclass(frozen=True, slots=True)
class WorkerDied:
    """A worker ended by an error that nobody foresaw.

    `fatal` ends the process; `disabled` says that it died too often and is not started again.
    """

    name: str
    reason: str
    fatal: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class StopRequested:
    """Somebody wants posd to end: the payment in flight is finished first."""

    reason: str


Message = Event | Asked | ScanArrived | DeviceSeen | GatewaySeen | WorkerDied | StopRequested
# SimpleQueue: its put is reentrant, so a signal handler may use it.
Inbox = queue.SimpleQueue[Message]
