"""One writer per journal: an flock on a file that names its holder.

Rule: the lock lives exactly as long as the process; the file stays, so that no two processes can
hold a lock on two different files of the same name.
"""

from __future__ import annotations

import fcntl
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from posd.journal.errors import JournalHeld


class WriterLock:
    """Held from creation to `release`; raises JournalHeld, which names its holder, or OSError."""

    def __init__(self, path: Path) -> None:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(fd, "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._sign()
        except BlockingIOError as error:
            holder = self._holder()
            self.release()
            raise JournalHeld(
                f"{path.parent}: another process writes this journal ({holder}); stop it first"
            ) from error
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let the next writer in; safe to repeat."""
        self._file.close()

    def _sign(self) -> None:
        program = Path(sys.argv[0]).name or "python"
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._file.truncate(0)
        self._file.write(f"pid {os.getpid()}, {program}, since {since}\n".encode())

    def _holder(self) -> str:
        # Empty for the instant between its lock and its signature.
        return self._file.read(400).decode(errors="replace").strip() or "it has not signed yet"
