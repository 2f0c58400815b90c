from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from posd.journal.journal import Journal

from .samples import LANE

NOBODY = 65534


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path, LANE)
    yield journal
    journal.close()


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A directory that flushes cost nothing in, for tests that flush thousands of times."""
    memory = Path("/dev/shm")  # noqa: S108
    directory = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """A directory of a user whom permissions bind, and this process as that user."""
    directory = Path(tempfile.mkdtemp())
    was_root = os.geteuid() == 0
    if was_root:
        os.chown(directory, NOBODY, -1)
        os.seteuid(NOBODY)
    try:
        yield directory
    finally:
        if was_root:
            os.seteuid(0)
        directory.chmod(0o700)
        shutil.rmtree(directory)
