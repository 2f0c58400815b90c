"""Reading beside the running daemon: tail, export, verify, history, the API.

Rule: a reader cannot write, and holds no transaction longer than one question.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from posd.journal.database import DATABASE_NAME, open_reader
from posd.journal.lookups import Lookups


class JournalReader(Lookups):
    """The journal of `directory`, read-only; a context manager. Raises JournalError."""

    def __init__(self, directory: Path) -> None:
        path = directory / DATABASE_NAME
        super().__init__(path, open_reader(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; safe to repeat."""
        self._connection.close()
