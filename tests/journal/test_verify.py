from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from posd.journal.errors import JournalAbsent, JournalError
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import MOST_FINDINGS, Finding, verify

from .samples import AT, BOOT, LANE, opened, order_id, paid, reseal, started, tamper, write


def test_a_sound_journal_has_no_findings_also_while_it_is_written(
    tmp_path: Path, journal: Journal
) -> None:
    journal.append([started(), *paid(1), opened(2)], at=AT, boot_id=BOOT)
    assert verify(tmp_path) == []


def test_records_written_during_the_verification_are_judged_as_well(
    tmp_path: Path, journal: Journal
) -> None:
    journal.append(paid(1), at=AT, boot_id=BOOT)
    told = []

    def write_more(done: int, total: int) -> None:
        if not told:
            journal.append([opened(2)], at=AT, boot_id=BOOT)
        told.append((done, total))

    assert verify(tmp_path, write_more) == []
    assert told[0] == (8, 8)


def test_an_empty_journal_is_sound(tmp_path: Path, journal: Journal) -> None:
    assert verify(tmp_path) == []


def test_a_missing_journal_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(JournalAbsent):
        verify(tmp_path)


def test_a_forged_body_is_found_at_its_record_and_the_rest_is_judged_on(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "UPDATE record SET body = replace(body, '120', '1') WHERE seq IN (1, 5)")
    assert verify(tmp_path) == [
        Finding(1, "its hash does not match its content"),
        Finding(5, "its hash does not match its content"),
    ]


def test_a_record_rewritten_with_its_hash_breaks_the_next_one(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "UPDATE record SET hash = zeroblob(32) WHERE seq = 3")
    assert [finding.seq for finding in verify(tmp_path)] == [3, 4]


def test_a_sealed_body_about_another_order_or_from_the_future_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "UPDATE record SET order_id = 'other' WHERE seq = 2")
    tamper(tmp_path, "UPDATE record SET kind = 'TipGiven' WHERE seq = 3")
    tamper(tmp_path, "UPDATE record SET body = '{}' WHERE seq = 4")
    reseal(tmp_path)
    told = {finding.seq: finding.what for finding in verify(tmp_path) if finding.seq}
    assert told[2] == "its body is not about order other"
    assert "TipGiven" in told[3]
    assert "missing required field" in told[4]


def test_a_wrong_table_of_unfinished_orders_is_a_finding_and_can_be_mended(tmp_path: Path) -> None:
    write(tmp_path, paid(1), [opened(2)])
    tamper(tmp_path, "DELETE FROM unfinished; INSERT INTO unfinished VALUES ('S001-L01-x')")
    told = {finding.what for finding in verify(tmp_path)}
    wrong = "the table of unfinished orders is wrong about"
    assert told == {f"{wrong} S001-L01-x", f"{wrong} {order_id(2)}"}
    journal = Journal.open(tmp_path, LANE)
    journal.rebuild_unfinished()
    journal.close()
    assert verify(tmp_path) == []


def test_a_checkpoint_without_its_record_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "INSERT INTO checkpoint VALUES (9, zeroblob(32))")
    assert verify(tmp_path) == [Finding(9, "the record is not the one of the checkpoint")]


def test_a_ruined_journal_is_not_listed_without_end(tmp_path: Path) -> None:
    write(tmp_path, [started()] * 300)
    tamper(tmp_path, "UPDATE record SET actor = 'me'")
    findings = verify(tmp_path)
    assert len(findings) == MOST_FINDINGS + 1
    assert "more findings" in findings[-1].what


def test_a_flipped_byte_anywhere_is_found_or_touches_nothing_that_is_read(in_memory: Path) -> None:
    """Every 97th byte of the file in turn; the unused bytes of a page are nobody's."""
    write(in_memory, [started()], paid(1), paid(2), [opened(3)])
    size = (in_memory / "journal.db").stat().st_size
    assert _found(in_memory, range(0, size, 97)) > 20


@pytest.mark.parametrize("text", [b"basket-1", b"fingerprint-2", b"SaleOpened", b"boot-1"])
def test_a_flipped_byte_in_what_a_record_or_an_index_says_is_found(
    tmp_path: Path, text: bytes
) -> None:
    write(tmp_path, paid(1), paid(2))
    # SQLite leaves stale copies on pages that were split: not every place is in use.
    assert _found(tmp_path, _places((tmp_path / "journal.db").read_bytes(), text)) >= 1


@pytest.mark.parametrize("filler", [0x00, 0xA5])
def test_a_lost_page_is_always_found(in_memory: Path, filler: int) -> None:
    write(in_memory, *(paid(number) for number in range(12)))
    path = in_memory / "journal.db"
    sound = path.read_bytes()
    for start in range(0, len(sound), 4096):
        path.write_bytes(sound[:start] + bytes([filler]) * 4096 + sound[start + 4096 :])
        assert _is_judged_bad(in_memory), f"page {start // 4096 + 1}"


def test_a_truncated_file_is_found(tmp_path: Path) -> None:
    write(tmp_path, *(paid(number) for number in range(20)))
    path = tmp_path / "journal.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert verify(tmp_path) != []
    with pytest.raises(JournalError):
        Journal.open(tmp_path, LANE)


def _found(directory: Path, offsets: Iterable[int]) -> int:
    """How many of these bytes, flipped one at a time, are found; the others changed no answer."""
    path = directory / "journal.db"
    sound, true = path.read_bytes(), _answers(directory)
    found = 0
    for offset in offsets:
        path.write_bytes(sound[:offset] + bytes([sound[offset] ^ 0x41]) + sound[offset + 1 :])
        if _is_judged_bad(directory):
            found += 1
        else:
            assert _answers(directory) == true, f"byte {offset} changed an answer unseen"
    return found


def _is_judged_bad(directory: Path) -> bool:
    try:
        return verify(directory) != []
    except JournalError:
        return True


def _answers(directory: Path) -> list[object]:
    with JournalReader(directory) as reader:
        return [
            reader.entries(0, 100),
            reader.order_of_key("fingerprint-1"),
            reader.orders_of_reference("basket-1"),
            reader.recent_orders(9),
        ]


def _places(content: bytes, text: bytes) -> list[int]:
    places, start = [], content.find(text)
    while start >= 0:
        places.append(start)
        start = content.find(text, start + 1)
    assert places
    return places
