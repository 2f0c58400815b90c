"""What every Scanner and every Printer must keep; subclass with a fixture `rig`.

A scanner's rig has `scanner`, `send(bytes)` (a CR ends a scan), `unplug()`, `replug()`. A
printer's has `printer`, `make(word)` with a word of CONDITIONS, and `next_paper() -> text | None`.
"""

from __future__ import annotations

import threading

import pytest

from devices.errors import NoAnswer, Refused, Unavailable
from devices.values import (
    DrawerState,
    PrinterCondition,
    PrinterStatus,
    PrintProof,
    ReceiptDocument,
    Text,
)

CONDITIONS = ("ready", "near", "out", "open", "silent", "stopped", "absent")
PATIENCE_S = 20.0
SHORT_S = 0.05


class ScannerContract:
    def test_a_read_without_a_scan_gives_none(self, rig):
        rig.scanner.claim()
        assert rig.scanner.read(SHORT_S) is None

    def test_scans_are_read_whole_and_in_order(self, rig):
        rig.scanner.claim()
        rig.send(b"381234567890123456\r4710088\r")
        texts = [rig.scanner.read(PATIENCE_S).text for _ in range(2)]
        assert texts == ["381234567890123456", "4710088"]

    def test_a_scan_carries_the_times_of_its_first_and_last_byte(self, rig):
        rig.scanner.claim()
        rig.send(b"12")
        assert rig.scanner.read(SHORT_S) is None
        rig.send(b"34\r")
        scan = rig.scanner.read(PATIENCE_S)
        assert 0 < scan.first_byte_ns < scan.last_byte_ns

    def test_bytes_of_an_unfinished_scan_are_kept_for_the_next_read(self, rig):
        rig.scanner.claim()
        rig.send(b"1234")
        assert rig.scanner.read(SHORT_S) is None
        rig.send(b"5678\r")
        assert rig.scanner.read(PATIENCE_S).text == "12345678"

    def test_what_was_scanned_before_the_claim_is_dropped(self, rig):
        rig.send(b"stale\r")
        rig.scanner.claim()
        rig.send(b"fresh\r")
        assert rig.scanner.read(PATIENCE_S).text == "fresh"

    def test_a_wake_makes_the_next_read_return_at_once(self, rig):
        rig.scanner.claim()
        rig.scanner.wake()
        assert rig.scanner.read(3600.0) is None

    def test_a_wake_from_another_thread_ends_a_running_read(self, rig):
        rig.scanner.claim()
        threading.Timer(SHORT_S, rig.scanner.wake).start()
        assert rig.scanner.read(3600.0) is None

    def test_one_wake_ends_one_read_and_loses_no_scan(self, rig):
        rig.scanner.claim()
        rig.scanner.wake()
        assert rig.scanner.read(PATIENCE_S) is None
        rig.send(b"1234\r")
        assert rig.scanner.read(PATIENCE_S).text == "1234"

    def test_an_unplugged_scanner_is_unavailable(self, rig):
        rig.scanner.claim()
        rig.unplug()
        with pytest.raises(Unavailable):
            rig.scanner.read(PATIENCE_S)
        rig.scanner.release()
        with pytest.raises(Unavailable):
            rig.scanner.claim()

    def test_a_replugged_scanner_reads_again_and_forgets_half_a_scan(self, rig):
        rig.scanner.claim()
        rig.send(b"half")
        assert rig.scanner.read(SHORT_S) is None
        rig.unplug()
        with pytest.raises(Unavailable):
            rig.scanner.read(PATIENCE_S)
        rig.scanner.release()
        rig.replug()
        rig.scanner.claim()
        rig.send(b"whole\r")
        assert rig.scanner.read(PATIENCE_S).text == "whole"

    def test_release_may_be_called_twice_and_a_read_then_says_unavailable(self, rig):
        rig.scanner.claim()
        rig.scanner.release()
        rig.scanner.release()
        with pytest.raises(Unavailable):
            rig.scanner.read(SHORT_S)


DOCUMENT = ReceiptDocument((Text("Corner Tea"), Text("SALE 120 TWD")))
# more than a printer's and the line's buffers hold, so that one that stops is noticed
LONG_DOCUMENT = ReceiptDocument(tuple(Text(f"line {n} " + "x" * 40) for n in range(600)))


class PrinterContract:
    @pytest.mark.parametrize(
        ("word", "condition"),
        [
            ("ready", PrinterCondition.READY),
            ("near", PrinterCondition.PAPER_NEAR_END),
            ("out", PrinterCondition.PAPER_OUT),
            ("open", PrinterCondition.COVER_OPEN),
            ("silent", PrinterCondition.SILENT),
            ("absent", PrinterCondition.UNREACHABLE),
        ],
    )
    def test_status_says_how_the_printer_is_and_never_raises(self, rig, word, condition):
        rig.make(word)
        timeout_s = SHORT_S if word == "silent" else PATIENCE_S
        assert rig.printer.status(timeout_s).condition is condition

    @pytest.mark.parametrize("word", ["ready", "out"])
    def test_preparing_needs_no_printer_and_sends_nothing(self, rig, word):
        rig.make(word)
        rig.printer.prepare(DOCUMENT)
        rig.make("ready")
        assert rig.printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED
        assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]

    @pytest.mark.parametrize("word", ["ready", "near"])
    def test_a_printer_with_paper_prints_and_proves_it(self, rig, word):
        rig.make(word)
        assert rig.printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED
        assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]

    def test_a_printer_that_never_answers_prints_and_proves_nothing(self, rig):
        rig.make("silent")
        for _ in range(2):
            assert rig.printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
            assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]

    @pytest.mark.parametrize(
        ("word", "condition"),
        [("out", PrinterCondition.PAPER_OUT), ("open", PrinterCondition.COVER_OPEN)],
    )
    def test_a_printer_that_cannot_print_refuses_before_any_byte(self, rig, word, condition):
        rig.make(word)
        with pytest.raises(Refused) as refusal:
            rig.printer.print(DOCUMENT, PATIENCE_S)
        assert isinstance(refusal.value.status, PrinterStatus)
        assert refusal.value.status.condition is condition
        rig.make("ready")
        rig.printer.print(ReceiptDocument((Text("only this"),)), PATIENCE_S)
        assert rig.next_paper() == ["only this"]

    def test_an_absent_printer_is_unavailable(self, rig):
        rig.make("absent")
        with pytest.raises(Unavailable):
            rig.printer.print(DOCUMENT, PATIENCE_S)

    def test_a_printer_that_stops_in_the_middle_leaves_the_outcome_unknown(self, rig):
        rig.make("stopped")
        with pytest.raises(NoAnswer):
            rig.printer.print(LONG_DOCUMENT, 0.4)


class PrinterFaultsContract:
    """Of a printer that can say what ails it; its rig's `make` knows the words below."""

    @pytest.mark.parametrize(
        ("word", "condition"),
        [
            ("offline", PrinterCondition.OFFLINE),
            ("jammed", PrinterCondition.CUTTER_ERROR),
            ("broken", PrinterCondition.UNRECOVERABLE_ERROR),
            ("hot", PrinterCondition.AUTO_RECOVERABLE_ERROR),
            ("waiting", PrinterCondition.WAITING_TO_RECOVER),
            ("faulty", PrinterCondition.ERROR),
        ],
    )
    def test_each_fault_is_told_apart_and_takes_no_job(self, rig, word, condition):
        rig.make(word)
        assert rig.printer.status(PATIENCE_S).condition is condition
        with pytest.raises(Refused) as refusal:
            rig.printer.print(DOCUMENT, PATIENCE_S)
        assert refusal.value.status.condition is condition
        rig.make("ready")
        assert rig.printer.status(PATIENCE_S).condition is PrinterCondition.READY
        assert rig.printer.print(ReceiptDocument((Text("only this"),)), PATIENCE_S)
        assert rig.next_paper() == ["only this"]

    def test_a_printer_that_has_answered_and_falls_silent_leaves_the_outcome_unknown(self, rig):
        rig.make("hasty")
        assert rig.printer.status(PATIENCE_S).condition is PrinterCondition.READY
        rig.make("mute")
        with pytest.raises(NoAnswer, match="no status question"):
            rig.printer.print(DOCUMENT, PATIENCE_S)
        assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]

    def test_a_printer_that_answers_rubbish_is_silent_and_never_ready(self, rig):
        rig.make("rubbish")
        assert rig.printer.status(PATIENCE_S).condition is PrinterCondition.SILENT
        assert rig.printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
        assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]


class HeldJobContract:
    """Of a printer that keeps what it took; `make("ends")` ends its paper inside the next job."""

    def test_paper_that_ends_in_the_middle_leaves_the_outcome_unknown(self, rig):
        rig.make("ends")
        with pytest.raises(NoAnswer, match="new roll"):
            rig.printer.print(DOCUMENT, PATIENCE_S)
        assert rig.printer.status(PATIENCE_S).condition is PrinterCondition.PAPER_OUT

    def test_what_it_held_comes_out_once_and_before_what_is_printed_next(self, rig):
        rig.make("ends")
        with pytest.raises(NoAnswer):
            rig.printer.print(DOCUMENT, PATIENCE_S)
        rig.make("ready")
        assert rig.next_paper() == ["Corner Tea", "SALE 120 TWD"]
        rig.printer.print(ReceiptDocument((Text("COPY 1"),)), PATIENCE_S)
        assert rig.next_paper() == ["COPY 1"]

    def test_a_held_job_that_was_cleared_does_not_come_out(self, rig):
        rig.make("ends")
        with pytest.raises(NoAnswer):
            rig.printer.print(DOCUMENT, PATIENCE_S)
        rig.printer.clear(PATIENCE_S)
        assert rig.printer.status(PATIENCE_S).condition is PrinterCondition.PAPER_OUT
        rig.make("ready")
        rig.printer.print(ReceiptDocument((Text("VOID"),)), PATIENCE_S)
        assert rig.next_paper()[-1:] == ["VOID"]

    def test_an_absent_printer_cannot_be_cleared(self, rig):
        rig.make("absent")
        with pytest.raises(Unavailable):
            rig.printer.clear(PATIENCE_S)


class CashDrawerContract:
    """A rig has `drawer`, `make(word)`, `put(DrawerState)` and `next_kick() -> pin`."""

    @pytest.mark.parametrize("word", ["ready", "near", "out", "open", "silent"])
    def test_a_kick_opens_it_whatever_the_paper_does(self, rig, word):
        rig.make(word)
        rig.put(DrawerState.CLOSED)
        rig.drawer.kick(PATIENCE_S)
        assert rig.next_kick() == rig.pin

    def test_it_says_whether_it_stands_open(self, rig):
        for state in (DrawerState.OPEN, DrawerState.CLOSED):
            rig.put(state)
            assert rig.drawer.drawer(PATIENCE_S) is state
        rig.drawer.kick(PATIENCE_S)
        assert rig.next_kick() == rig.pin
        assert rig.drawer.drawer(PATIENCE_S) is DrawerState.OPEN

    def test_a_drawer_that_does_not_answer_is_unknown_and_never_raises(self, rig):
        rig.put(DrawerState.CLOSED)
        rig.make("silent")
        assert rig.drawer.drawer(SHORT_S) is DrawerState.UNKNOWN
        rig.make("absent")
        assert rig.drawer.drawer(SHORT_S) is DrawerState.UNKNOWN

    def test_an_absent_drawer_is_unavailable(self, rig):
        rig.make("absent")
        with pytest.raises(Unavailable):
            rig.drawer.kick(PATIENCE_S)
