"""What an adapter may raise: the three things that can be known of a failure.

DeviceError
├── Unavailable   nothing was sent or taken: safe to try again, here or elsewhere
├── NoAnswer      something was sent, its outcome is unknown: never repeat by yourself
└── Refused       the device said no, and why; nothing was done

Adapters translate every foreign exception (OSError, serial.SerialException, TypeError from a
pulled cable) into one of these; nothing else leaves them. The text of each is a sentence for a
technician: what happened, which device, what to do next.
"""

from __future__ import annotations

from devices.values import PrinterStatus


class DeviceError(Exception):
    """What all device failures have in common; never raised itself."""


class Unavailable(DeviceError):  # noqa: N818 - a state of knowledge, not an error's name
    """Nothing was sent: the device is absent, held by another, or will not open."""


class NoAnswer(DeviceError):  # noqa: N818
    """Bytes left for the device and their outcome is unknown."""


class Refused(DeviceError):  # noqa: N818
    """The device said no before anything was done; `status` is what it said."""

    def __init__(self, message: str, status: PrinterStatus) -> None:
        super().__init__(message)
        self.status = status
