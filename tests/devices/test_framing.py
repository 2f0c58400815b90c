"""Bytes -> scans, whatever the scanner puts round them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.framing import (
    ENDINGS,
    LEARNED_SCANS,
    MAX_FRAME_BYTES,
    PATIENT_GAP_NS,
    Framer,
    Framing,
)
from devices.scanners.vendors import TABLE

GAP_NS = 50_000_000
LATE_NS = 10 * PATIENT_GAP_NS


def texts(framer, *chunks):
    return [scan.text for chunk in chunks for scan in framer.feed(chunk, 1)]


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b"\t"])
def test_any_usual_suffix_ends_a_scan_at_once(suffix):
    assert texts(Framer(Framing()), b"381234" + suffix) == ["381234"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("cr", b"1\r2\r"),
        ("lf", b"1\n2\n"),
        ("crlf", b"1\r\n2\r\n"),
        ("tab", b"1\t2\t"),
        ("etx", b"\x021\x03\x022\x03"),
    ],
)
def test_a_named_suffix_ends_each_scan(name, line):
    assert texts(Framer(Framing(suffix=name)), line) == ["1", "2"]


def test_a_named_suffix_leaves_the_others_inside_the_data():
    assert texts(Framer(Framing(suffix="cr")), b"a\tb\r") == ["a\tb"]


def test_a_pause_never_ends_a_scan_of_a_scanner_with_a_named_suffix():
    framer = Framer(Framing(suffix="cr"))
    framer.feed(b"1234", 1)
    assert framer.idle_left_ns(10**12) is None
    assert framer.idle(10**12) == []


def test_crlf_gives_one_scan_and_its_lf_never_begins_the_next():
    framer = Framer(Framing())
    assert texts(framer, b"A\r") == ["A"]
    assert texts(framer, b"\nB\r", b"\n") == ["B"]


def test_stx_etx_and_nul_round_a_scan_are_stripped():
    assert texts(Framer(Framing()), b"\x00\x02381\x03\r", b"\x02472\r\x03", b"9\r") == [
        "381",
        "472",
        "9",
    ]


def test_only_one_stx_is_stripped_and_gs_inside_survives():
    assert texts(Framer(Framing()), b"\x02\x0201\x1d21\r") == ["\x0201\x1d21"]


def test_a_prefix_is_stripped_where_it_stands_first():
    framer = Framer(Framing(prefix=b"QR"))
    assert texts(framer, b"QR12QR\r", b"34\r") == ["12QR", "34"]


def test_an_aim_id_is_stripped_only_when_switched_on():
    (scan,) = Framer(Framing(aim_id=True)).feed(b"]Q112345\r", 1)
    assert (scan.aim_id, scan.text) == ("]Q1", "12345")
    (scan,) = Framer(Framing()).feed(b"]Q112345\r", 1)
    assert (scan.aim_id, scan.text) == ("", "]Q112345")


def test_a_scanner_with_aim_ids_may_leave_one_out():
    (scan,) = Framer(Framing(aim_id=True)).feed(b"]12345\r", 1)
    assert (scan.aim_id, scan.text) == ("", "]12345")


def test_text_is_utf8_and_latin1_where_it_is_not():
    assert texts(Framer(Framing()), "ชา\r".encode(), b"caf\xe9\r") == ["ชา", "café"]


@pytest.mark.parametrize("suffix", ["auto", "none"])
def test_a_pause_ends_a_scan_without_suffix(suffix):
    framer = Framer(Framing(suffix=suffix, idle_gap_ns=GAP_NS))
    assert framer.idle_left_ns(0) is None
    assert framer.feed(b"1234", 100) == []
    assert framer.idle_left_ns(100 + GAP_NS - 1) == 1
    assert framer.idle(100 + GAP_NS - 1) == []
    (scan,) = framer.idle(100 + GAP_NS)
    assert (scan.text, scan.first_byte_ns, scan.last_byte_ns) == ("1234", 100, 100)


def test_a_scan_carries_the_times_of_its_first_byte_and_of_its_suffix():
    framer = Framer(Framing())
    framer.feed(b"\n", 5)
    framer.feed(b"12", 10)
    framer.feed(b"34", 20)
    (scan,) = framer.feed(b"\r", 30)
    assert (scan.first_byte_ns, scan.last_byte_ns) == (10, 30)


def test_an_endless_frame_is_dropped_up_to_its_suffix():
    framer = Framer(Framing())
    for _ in range(100):
        assert framer.feed(b"x" * 1000, 1) == []
        assert framer.held_bytes <= MAX_FRAME_BYTES
    assert texts(framer, b"tail\r", b"next\r") == ["next"]


def test_an_endless_frame_without_suffix_ends_with_a_pause():
    framer = Framer(Framing(suffix="none", idle_gap_ns=GAP_NS))
    framer.feed(b"x" * (MAX_FRAME_BYTES + 1), 1)
    assert framer.idle(1 + GAP_NS) == []
    framer.feed(b"next", GAP_NS * 3)
    assert [scan.text for scan in framer.idle(GAP_NS * 4)] == ["next"]


def test_the_longest_frame_that_fits_is_kept():
    assert texts(Framer(Framing()), b"x" * MAX_FRAME_BYTES + b"\r") == ["x" * MAX_FRAME_BYTES]


def test_a_reset_forgets_an_unfinished_frame():
    framer = Framer(Framing())
    framer.feed(b"half", 1)
    framer.reset()
    assert texts(framer, b"whole\r") == ["whole"]


def test_etx_ends_at_once_what_began_with_stx():
    assert texts(Framer(Framing()), b"\x02381\x03", b"\x02472\x03\r\n", b"\x029\r") == [
        "381",
        "472",
        "9",
    ]


def test_etx_without_stx_is_data_within_a_scan():
    assert texts(Framer(Framing()), b"38\x031", b"2\x03\r") == ["38\x0312"]


def test_the_rest_of_a_frame_that_was_too_long_is_dropped_up_to_its_etx():
    framer = Framer(Framing())
    assert texts(framer, b"\x02" + b"x" * MAX_FRAME_BYTES, b"tail\x03", b"\x02next\x03") == ["next"]


@pytest.mark.parametrize("parity", [0x00, 0x80])
def test_with_seven_bits_the_eighth_is_dropped_whatever_it_is(parity):
    framer = Framer(Framing(data_bits=7))
    assert texts(framer, bytes(byte | parity for byte in b"]Q1381234\r")) == ["]Q1381234"]
    assert texts(Framer(Framing()), "é\r".encode()) == ["é"]


def learned(ending=b"\r", *, scans=LEARNED_SCANS):
    framer = Framer(Framing(idle_gap_ns=GAP_NS))
    for _ in range(scans):
        framer.feed(b"3812" + ending, 1)
    return framer


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b"\t"])
def test_once_a_suffix_is_learned_a_short_pause_cuts_no_scan_in_two(ending):
    framer = learned(ending)
    framer.feed(b"38", 1)
    assert framer.idle(1 + 2 * GAP_NS) == []
    assert texts(framer, b"12" + ending) == ["3812"]


def test_before_that_a_short_pause_ends_a_scan():
    framer = learned(scans=LEARNED_SCANS - 1)
    framer.feed(b"38", 1)
    assert [scan.text for scan in framer.idle(1 + GAP_NS)] == ["38"]


def test_scans_that_end_differently_teach_nothing():
    framer = Framer(Framing(idle_gap_ns=GAP_NS))
    assert texts(framer, b"1\r2\n3\r4\t5\r6\r") == ["1", "2", "3", "4", "5", "6"]
    framer.feed(b"38", 1)
    assert framer.idle_left_ns(1) == GAP_NS


def test_a_long_pause_ends_a_scan_also_then_and_all_is_learned_anew():
    framer = learned()
    framer.feed(b"38", 1)
    assert framer.idle(PATIENT_GAP_NS) == []
    assert [scan.text for scan in framer.idle(1 + PATIENT_GAP_NS)] == ["38"]
    framer.feed(b"47", LATE_NS)
    assert [scan.text for scan in framer.idle(LATE_NS + GAP_NS)] == ["47"]


def test_another_ending_than_the_learned_one_ends_a_scan_too():
    assert texts(learned(b"\r"), b"1\n2\t\x023\x034\r") == ["1", "2", "3", "4"]


def test_an_unplug_forgets_what_was_learned():
    framer = learned()
    framer.reset()
    framer.feed(b"38", 1)
    assert framer.idle_left_ns(1) == GAP_NS


HONEYWELL = TABLE["honeywell"].answers
NEWLAND, DATALOGIC = TABLE["newland"].answers, TABLE["datalogic"].answers
NEWLAND_SAYS = b"\x02\x010000#SCNTRG1\x06;\x03"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (HONEYWELL, b"\x06"),
        (HONEYWELL, b"\x15"),
        (HONEYWELL, b"\x16T\r\x06"),
        (NEWLAND, NEWLAND_SAYS),
        (NEWLAND, b"\x02\x010000#SCNTRG0\x15;\x03"),
        (DATALOGIC, b"\x01\x02E\x03\x04"),
    ],
)
@pytest.mark.parametrize("suffix", ["auto", "cr", "none"])
def test_what_a_scanner_answers_to_a_command_is_never_a_scan(answers, said, suffix):
    framer = Framer(Framing(suffix=suffix, answers=answers))
    got = [*framer.feed(said, 1), *framer.idle(LATE_NS)]
    got += [*framer.feed(said + b"3812", 2 * LATE_NS), *framer.feed(b"\r", 2 * LATE_NS)]
    got += [*framer.idle(3 * LATE_NS), *framer.feed(said, 3 * LATE_NS), *framer.idle(4 * LATE_NS)]
    assert [scan.text for scan in got] == ["3812"]


def test_an_answer_right_behind_a_scan_without_suffix_is_no_part_of_it():
    framer = Framer(Framing(suffix="none", answers=HONEYWELL))
    framer.feed(b"3812\x06", 1)
    assert [scan.text for scan in framer.idle(LATE_NS)] == ["3812"]


def test_a_scan_behind_an_answer_begins_with_its_own_first_byte():
    framer = Framer(Framing(suffix="cr", answers=NEWLAND))
    framer.feed(NEWLAND_SAYS[:5], 10)
    framer.feed(NEWLAND_SAYS[5:] + b"38", 20)
    (scan,) = framer.feed(b"12\r", 30)
    assert (scan.text, scan.first_byte_ns, scan.last_byte_ns) == ("3812", 20, 30)


def test_without_commands_an_answers_bytes_are_data_like_others():
    assert texts(Framer(Framing()), b"\x0612\r") == ["\x0612"]


bytes_on_the_wire = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"\x02", b"\x03", b"\x00", b"]Q1", b"AB"]),
        st.sampled_from([b"\x06", b"\x16T\r", NEWLAND_SAYS, b"\x01\x02E\x03\x04", b"\x01\x02"]),
        st.sampled_from([b"y" * 3000, b"\x00" * 3000, b"381234567890123456"]),
    ),
    max_size=12,
).map(b"".join)
framings = st.builds(
    Framing,
    suffix=st.sampled_from(sorted(ENDINGS)),
    prefix=st.sampled_from([b"", b"AB"]),
    aim_id=st.booleans(),
    data_bits=st.sampled_from([7, 8]),
    answers=st.sampled_from([b"", HONEYWELL, NEWLAND, DATALOGIC]),
)


@settings(deadline=None)
@given(wire=bytes_on_the_wire, framing=framings, cuts=st.lists(st.integers(0, 9000), max_size=8))
def test_however_the_bytes_are_cut_the_scans_are_the_same(wire, framing, cuts):
    whole, parts = Framer(framing), Framer(framing)
    places = [0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]
    chunks = [wire[a:b] for a, b in zip(places, places[1:], strict=False)]
    in_parts = [scan for chunk in chunks for scan in parts.feed(chunk, 1)] + parts.idle(LATE_NS)
    assert in_parts == whole.feed(wire, 1) + whole.idle(LATE_NS)


@settings(deadline=None)
@given(wire=bytes_on_the_wire.map(lambda wire: wire[: MAX_FRAME_BYTES + 100]), framing=framings)
def test_byte_by_byte_the_scans_are_the_same_too(wire, framing):
    whole, parts = Framer(framing), Framer(framing)
    in_parts = [s for at in range(len(wire)) for s in parts.feed(wire[at : at + 1], 1)]
    assert in_parts + parts.idle(LATE_NS) == whole.feed(wire, 1) + whole.idle(LATE_NS)


@settings(deadline=None)
@given(
    codes=st.lists(st.text("0123456789", min_size=1, max_size=20), min_size=1, max_size=8),
    ending=st.sampled_from([b"\r", b"\n", b"\r\n", b"\t"]),
    hiccups=st.lists(st.integers(1, 200), max_size=6),
)
def test_a_scanner_that_was_learned_may_pause_anywhere(codes, ending, hiccups):
    framer = learned(ending)
    wire = b"".join(code.encode() + ending for code in codes)
    scans, now_ns = [], LATE_NS
    for at in range(len(wire)):
        scans += framer.feed(wire[at : at + 1], now_ns)
        now_ns += 10 * GAP_NS if at in hiccups else 1
        scans += framer.idle(now_ns)
    assert [scan.text for scan in scans] == codes


@settings(deadline=None)
@given(chunks=st.lists(bytes_on_the_wire, max_size=6), framing=framings)
def test_memory_is_bounded_and_no_scan_is_empty(chunks, framing):
    framer = Framer(framing)
    for chunk in chunks:
        scans = framer.feed(chunk, 1)
        assert framer.held_bytes <= MAX_FRAME_BYTES
        assert all(0 < len(scan.text) <= MAX_FRAME_BYTES for scan in scans)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40))
def test_printable_text_survives_unchanged(text):
    assert texts(Framer(Framing()), text.encode() + b"\r\n") == [text]
