from __future__ import annotations

import json
import os
import resource
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posd.journal import sent_log
from posd.journal.errors import JournalError, SentLogFailed
from posd.journal.sent_log import SentLog

from .samples import AT, order_id, sent


def orders(log: SentLog) -> list[str]:
    return [line.order_id for line in log.lines()]


def fill(log: SentLog, *numbers: int) -> None:
    for number in numbers:
        log.append(sent(number), AT)


def test_a_line_names_the_order_and_the_account_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "sent.log"
    fill(SentLog(path), 1)
    assert json.loads(path.read_text()) == {
        "order_id": order_id(1),
        "fingerprint": "fingerprint-1",
        "host": "sandbox-api-pay.line.me",
        "channel_id": "1650000000",
        "dialect": "v4",
        "currency": "TWD",
        "wall_ms": AT.wall_ms,
        "receipt_number": "R00000001",
        "amount_minor": 120,
        "capture": True,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_come_back_oldest_first_also_for_the_next_process(tmp_path: Path) -> None:
    fill(SentLog(tmp_path / "sent.log"), 1, 2)
    fill(SentLog(tmp_path / "sent.log"), 3)
    assert orders(SentLog(tmp_path / "sent.log")) == [order_id(1), order_id(2), order_id(3)]


def test_a_line_is_flushed_before_append_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flushed = tmp_path / "sent.log", []

    def watch(name: str) -> None:
        flush = getattr(os, name)

        def watched(fd: int) -> None:
            flush(fd)
            flushed.append(os.readlink(f"/proc/self/fd/{fd}"))
            flushed.append(path.read_bytes().count(b"\n"))

        monkeypatch.setattr(os, name, watched)

    watch("fsync")
    watch("fdatasync")
    fill(SentLog(path), 1, 2)
    # The first line also flushes the new name in its directory.
    assert flushed == [str(path), 1, str(tmp_path), 1, str(path), 2]


def test_a_log_that_was_never_written_is_empty(tmp_path: Path) -> None:
    assert SentLog(tmp_path / "sent.log").lines() == []


def test_what_is_no_file_has_no_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sent.log")
    assert SentLog(tmp_path / "sent.log").lines() == []


def test_a_medium_that_cannot_be_read_is_named(plain_user: Path) -> None:
    log = SentLog(plain_user / "sent.log")
    fill(log, 1)
    (plain_user / "sent.log").chmod(0)
    with pytest.raises(SentLogFailed, match=r"sent\.log cannot be read: Permission denied"):
        log.lines()


def test_a_line_of_the_first_release_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sent.log"
    path.write_text(
        '{"order_id":"a","fingerprint":"f","host":"h","channel_id":"1","dialect":"v4",'
        '"currency":"TWD","wall_ms":5}\n'
    )
    (line,) = SentLog(path).lines()
    assert (line.receipt_number, line.amount_minor, line.capture) == ("", 0, True)


@settings(deadline=None)  # it waits for a disk
@given(cut=st.integers(1, 400))
def test_a_torn_last_line_is_passed_over_and_does_not_swallow_the_next(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "sent.log"
    fill(SentLog(path), 1, 2)
    whole = path.read_bytes()
    keep = max(len(whole) - cut, 0)
    path.write_bytes(whole[:keep])
    fill(SentLog(path), 3)
    # What lost only its newline is whole.
    kept = sum(1 for end in (len(whole) // 2, len(whole)) if keep >= end - 1)
    assert orders(SentLog(path)) == [order_id(number) for number in (1, 2)[:kept]] + [order_id(3)]


def test_bytes_that_are_no_line_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "sent.log"
    path.write_bytes(b"\xff\xfe\x00\n[]\n{}\n\n")
    fill(SentLog(path), 1)
    assert orders(SentLog(path)) == [order_id(1)]


def test_two_generations_of_bounded_size_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_log, "LIMIT_BYTES", 600)
    log = SentLog(tmp_path / "sent.log")
    fill(log, *range(20))
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sent.log", "sent.log.1"]
    assert max(sizes) < 900
    kept = orders(log)
    assert kept == [order_id(number) for number in range(20)][-len(kept) :]
    assert len(kept) > 2


def test_a_medium_that_is_not_there_is_named_with_the_order(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "stick" / "sent.log")
    with pytest.raises(SentLogFailed, match=f"stick.*{order_id(1)}.*the journal has the payment"):
        fill(log, 1)
    assert issubclass(SentLogFailed, JournalError)


def test_a_medium_that_comes_back_serves_again(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "stick" / "sent.log")
    with pytest.raises(SentLogFailed):
        fill(log, 1)
    (tmp_path / "stick").mkdir()
    fill(log, 2)
    assert orders(log) == [order_id(2)]


def test_a_full_medium_tears_at_most_its_own_line(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "sent.log")
    fill(log, 1)
    limit = (tmp_path / "sent.log").stat().st_size + 20
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        with pytest.raises(SentLogFailed):
            fill(log, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    fill(log, 3)
    assert orders(log) == [order_id(1), order_id(3)]
