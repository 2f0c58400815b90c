"""The state folder: mode, medium, room."""

from __future__ import annotations

from pathlib import Path

import pytest

from posd.cli.doctor import storage
from posd.cli.doctor.findings import Mark
from posd.cli.doctor.storage import medium_of

from .conftest import Lane

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
nas:/shop /mnt/the\\040shop nfs4 rw 0 0
/dev/sdb1 /mnt/the\\040shop/local xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/posd", "ext4"),
        ("/run/posd", "tmpfs"),
        ("/running", "ext4"),
        ("/mnt/the shop/posd", "nfs4"),
        ("/mnt/the shop/local/posd", "xfs"),
    ],
)
def test_the_medium_is_that_of_the_nearest_mount(folder: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert medium_of(Path(folder), tmp_path / "mounts") == kind


@pytest.mark.parametrize(
    ("kind", "mark"), [("ext4", Mark.OK), ("tmpfs", Mark.WARN), ("nfs4", Mark.FAIL)]
)
def test_a_medium_that_forgets_or_is_elsewhere_is_told(lane: Lane, kind: str, mark: Mark) -> None:
    lane.journal()
    proc = lane.folder / "proc"
    (proc / "self").mkdir(parents=True)
    (proc / "self" / "mounts").write_text(f"disk / {kind} rw 0 0\n")
    assert lane.finding("medium", proc=proc).mark is mark


def test_a_folder_that_others_may_write_is_broken(lane: Lane) -> None:
    lane.journal()
    assert lane.finding("state_dir").mark is Mark.OK
    lane.state.chmod(0o777)
    found = lane.finding("state_dir")
    assert (found.mark, found.next) == (Mark.FAIL, f"chmod 0700 {lane.state}")


def test_a_folder_that_is_not_there_yet_is_no_fault(lane: Lane) -> None:
    assert lane.finding("state_dir").mark is Mark.WARN
    lane.state.touch()
    assert lane.finding("state_dir").mark is Mark.FAIL


@pytest.mark.parametrize(
    ("free_mib", "mark"), [(63, Mark.FAIL), (64, Mark.WARN), (511, Mark.WARN), (512, Mark.OK)]
)
def test_room_is_measured_against_the_floor_of_sales(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, free_mib: int, mark: Mark
) -> None:
    lane.journal()
    monkeypatch.setattr(storage, "free_bytes", lambda _: free_mib * 1024 * 1024)
    assert lane.finding("disk").mark is mark
