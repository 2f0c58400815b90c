"""sd_notify(3): tells systemd how posd is. Without NOTIFY_SOCKET nothing is sent.

It never raises and never blocks: a deaf supervisor must not hold up a payment.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """Speaks to the socket that `environ` names.

    >>> Notifier(os.environ).ready("selling")
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        name = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name

    def ready(self, status: str) -> None:
        """Startup is finished."""
        self._send(f"READY=1\n{_status(status)}")

    def status(self, status: str) -> None:
        """One line in words for `systemctl status`."""
        self._send(_status(status))

    def watchdog(self) -> None:
        """Still alive; due at least every `watchdog_interval_s`."""
        self._send("WATCHDOG=1")

    def stopping(self, status: str) -> None:
        """Shutdown has begun."""
        self._send(f"STOPPING=1\n{_status(status)}")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(message.encode(errors="replace"), self._address)
        except OSError:
            return  # systemd notices by itself that nothing comes


def watchdog_interval_s(environ: Mapping[str, str]) -> float | None:
    """How often to ping: half of WATCHDOG_USEC; None where systemd asks this process for none."""
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not usec.isdecimal() or int(usec) == 0 or pid not in {"", str(os.getpid())}:
        return None
    return int(usec) / 2_000_000


def _status(status: str) -> str:
    return f"STATUS={' '.join(status.split())}"
