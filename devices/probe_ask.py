"""Asking a device that somebody named whether it is an ESC/POS printer: DLE EOT 1.

The one rule: it writes three bytes, to the path that it is given and to no other, and takes any
answer but the one a printer gives for none.
"""

from __future__ import annotations

import fcntl
import os
import select
import stat
import termios
import time
import tty

from devices.errors import Unavailable
from devices.scanners.descriptors import write_all
from devices.scanners.holder import holders

QUESTION = b"\x10\x04\x01"
ANSWER_S = 0.5
# a USB serial device takes any speed; on RS-232 these are the ones that printers are sold with
SPEEDS = {
    9600: termios.B9600,
    19200: termios.B19200,
    38400: termios.B38400,
    115200: termios.B115200,
}


def ask(path: str, answer_s: float = ANSWER_S) -> str:
    """A sentence with what was answered; raises Unavailable when it cannot be asked.

    `answer_s` is how long an answer is waited for, on a serial line at each of SPEEDS.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unavailable(f"{path} does not open ({error})") from error
    try:
        return _asked(path, fd, answer_s)
    except (OSError, termios.error) as error:
        raise Unavailable(f"{path} cannot be asked ({error})") from error
    finally:
        os.close(fd)


def _asked(path: str, fd: int, answer_s: float) -> str:
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        raise Unavailable(f"{path} is no device; nothing was written to it")
    _lock(path, fd)
    if not os.isatty(fd):
        return _told(path, _exchange(fd, answer_s), "")
    before = termios.tcgetattr(fd)
    try:
        for baud, speed in SPEEDS.items():
            _set_up(fd, speed)
            answer = _exchange(fd, answer_s)
            if _is_status(answer):
                return _told(path, answer, f" at {baud} baud")
        return _told(path, answer, "")
    finally:
        termios.tcsetattr(fd, termios.TCSANOW, before)


def _lock(path: str, fd: int) -> None:
    """Claim it as posd does, so that neither disturbs the other."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Unavailable(f"{path} is held by {holders(path)}: stop it first") from error


def _set_up(fd: int, speed: int) -> None:
    tty.setraw(fd)
    settings = termios.tcgetattr(fd)
    settings[4] = settings[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, settings)
    termios.tcflush(fd, termios.TCIFLUSH)


def _exchange(fd: int, answer_s: float) -> bytes:
    write_all(fd, QUESTION, answer_s)
    until_s = time.monotonic() + answer_s
    while (left_s := until_s - time.monotonic()) > 0:
        if select.select([fd], [], [], left_s)[0]:
            return os.read(fd, 16)
    return b""


def _is_status(answer: bytes) -> bool:
    return len(answer) == 1 and answer[0] & 0x93 == 0x12


def _told(path: str, answer: bytes, speed: str) -> str:
    if _is_status(answer):
        line = "off-line" if answer[0] & 0x08 else "on-line"
        return f"{path} answers as an ESC/POS printer does{speed}: {line}"
    if answer:
        return f"{path} answers {answer.hex(' ')}, which no ESC/POS printer says"
    return f"{path} does not answer: no ESC/POS printer, switched off, or a silent one"
