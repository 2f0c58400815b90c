"""The exit codes of the remote verbs (docs/reference/cli.md) and the error that carries one."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a script can tell the ends of a command apart by."""

    OK = 0
    NOT_PAID = 1  # declined, cancelled or refused: only for an answer that was read
    USAGE = 2
    UNKNOWN = 3  # money may have moved; never charge again on this
    DEVICE = 4
    GATEWAY = 5  # LINE Pay was not reached; nothing was sent
    FINDINGS = 6  # journal and LINE Pay differ
    NOT_RUNNING = 7
    PERMISSION = 77
    CONFIGURATION = 78
    INTERRUPTED = 130


class Ended(Exception):  # noqa: N818
    """The command is over: say this on stderr and exit with that."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
