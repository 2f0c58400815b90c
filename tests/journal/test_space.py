from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from posd.journal import space
from posd.journal.space import BALLAST_BYTES, FLOOR_BYTES, Ballast, free_bytes


def test_the_floor_and_the_ballast_are_those_of_the_design() -> None:
    assert (FLOOR_BYTES, BALLAST_BYTES) == (64 * 2**20, 8 * 2**20)


def test_free_bytes_is_what_a_plain_user_may_still_write(tmp_path: Path) -> None:
    medium = os.statvfs(tmp_path)
    assert 0 < free_bytes(tmp_path) <= medium.f_blocks * medium.f_frsize


def test_the_ballast_has_real_blocks_and_is_private(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast")
    assert not ballast.held
    ballast.fill()
    found = (tmp_path / "ballast").stat()
    assert ballast.held
    assert found.st_size == BALLAST_BYTES
    assert found.st_blocks * 512 >= BALLAST_BYTES
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_a_released_ballast_is_gone_and_releasing_twice_is_harmless(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast")
    ballast.fill()
    ballast.release()
    ballast.release()
    assert not ballast.held
    assert list(tmp_path.iterdir()) == []


def test_filling_a_full_ballast_changes_nothing(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast")
    ballast.fill()
    before = (tmp_path / "ballast").stat()
    ballast.fill()
    assert (tmp_path / "ballast").stat().st_ino == before.st_ino


def test_on_a_disk_with_little_left_there_is_no_ballast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda directory: 2 * BALLAST_BYTES)
    ballast = Ballast(tmp_path / "ballast")
    ballast.fill()
    assert not ballast.held


def test_a_ballast_that_the_disk_refuses_is_not_left_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "BALLAST_BYTES", 2**62)  # no file system takes it
    monkeypatch.setattr(space, "free_bytes", lambda directory: 2**64)
    ballast = Ballast(tmp_path / "ballast")
    ballast.fill()
    assert not ballast.held
