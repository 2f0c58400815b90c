"""The printer of this lane for other lanes, where the configuration says so.

The one rule: a share that cannot be opened is told and holds up nothing: this lane sells.
"""

from __future__ import annotations

import logging

from devices.interfaces import Printer
from devices.printers.shared.lent import Lent
from devices.printers.shared.owner import PrinterShare
from posd import secrets
from posd.config import Config
from posd.logs import add_secret, log


class Sharing:
    """`printer` is what this lane prints on: the one it was given, or that one lent to all."""

    def __init__(self, printer: Printer, config: Config) -> None:
        """Raises SecretError where the token can neither be read nor made."""
        self.printer = printer
        self._share: PrinterShare | None = None
        if config.printer_share is not None:
            token = secrets.api_token(config.printer_token_path)
            add_secret(token)
            self.printer = lent = Lent(printer)
            listen = config.printer_share.listen
            self._share = PrinterShare(lent, listen=listen, token=token, report=_failed)

    def start(self) -> None:
        """Open the share, if there is one."""
        if self._share is None:
            return
        try:
            log("printer_shared", listen=self._share.start())
        except OSError as error:
            _failed("", str(error))

    def stop(self) -> None:
        """Take no more jobs of other lanes."""
        if self._share is not None:
            self._share.stop()


def _failed(peer: str, reason: str) -> None:
    log("printer_share_failed", severity=logging.WARNING, host=peer, reason=reason)
