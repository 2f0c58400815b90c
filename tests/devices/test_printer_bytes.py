"""No byte of a receipt acts on the printer but those that posd means: not in dots, not in text."""

from __future__ import annotations

import itertools
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.rasters import BAND_ROWS, bands
from devices.printers.text import clean
from devices.simulated.decoder import Decoder, Paper, Transmit
from devices.values import Align, Barcode, Columns, QrCode, ReceiptDocument, Text

ACTS_AT_ONCE = re.compile(rb"\x10[\x04\x05\x14]")
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
FORMATS = list("\u00ad\u200b\u200e\u202e\u2028\u2029\ufeff\ud800\udfff")
ENCODERS = {
    codes: Encoder(EscposOptions(address="192.0.2.9:9100", codes=codes))
    for codes in ("bitmap", "native")
}


def faults_of(job):
    """What a printer finds wrong in `job`, or does besides printing one paper."""
    decoder = Decoder(576)
    paper, *questions = decoder.feed(job)
    assert isinstance(paper, Paper)
    assert questions == [Transmit("GS r", 1)]
    assert not ACTS_AT_ONCE.search(job)
    return decoder.faults


@st.composite
def pictures(draw):
    """Dots of bytes that are likely to look like something else."""
    columns = draw(st.integers(1, 128))
    rows = draw(st.integers(1, 2 * BAND_ROWS + 3))
    size = columns * rows
    likely = st.sampled_from(b"\x10\x10\x04\x05\x14\x01\x18\x00\x1b")
    data = bytes(draw(st.lists(likely, max_size=size))).ljust(size, b"\x10")
    return Image.frombytes("1", (columns * 8, rows), data)


@given(
    pictures()
    | st.binary(min_size=72, max_size=72).map(lambda b: Image.frombytes("1", (24, 24), b))
)
def test_dots_never_look_like_a_command_that_acts_at_once(picture):
    job = b"".join(band.command for band in bands(picture))
    assert not ACTS_AT_ONCE.search(job)
    # all dots are there, and each that was added stands beside one
    (paper,) = Decoder(picture.width).feed(job + b"\x1dV\x00")
    assert not ImageChops.subtract(picture.convert("L"), paper.image.convert("L")).getbbox()
    added = ImageChops.subtract(paper.image.convert("L"), picture.convert("L"))
    beside = ImageChops.offset(picture.convert("L"), 1, 0)
    assert not ImageChops.subtract(added, beside).getbbox()


def test_the_bytes_that_would_kick_a_drawer_are_broken_in_the_dots():
    kick = b"\x10\x14\x01\x00\x01"
    (band,) = bands(Image.frombytes("1", (40, 1), kick))
    assert band.data == b"\x18\x14\x01\x00\x01"
    quiet = b"\x10\x00\x04\x14\x10"
    (band,) = bands(Image.frombytes("1", (40, 1), quiet))
    assert band.data == quiet


def test_no_character_of_unicode_leaves_a_control_behind():
    every = map(chr, range(sys.maxunicode + 1))
    while block := "".join(itertools.islice(every, 4096)):
        assert all(char.isprintable() or ord(char) > 0x9F for char in clean(block))


def of_each_kind(text):
    return (
        Text(text),
        Text(text, Align.RIGHT, bold=True, double=True),
        Columns(text, "1"),
        Columns("1", text),
        QrCode(text),
        Barcode(text),
    )


@pytest.mark.parametrize("codes", ENCODERS)
def test_every_control_and_format_character_in_every_element_does_nothing(codes):
    for char in (*CONTROLS, *FORMATS):
        for element in of_each_kind(f"A{char}@p"):
            job = ENCODERS[codes].job(ReceiptDocument((element,)))
            assert faults_of(job) == [], (char, element)


@pytest.mark.parametrize("codes", ENCODERS)
@settings(max_examples=60)
@given(st.text(max_size=24), st.sampled_from(range(6)))
def test_no_text_in_any_element_acts_on_the_printer(codes, text, kind):
    element = of_each_kind("\x1bp" + text)[kind]
    assert faults_of(ENCODERS[codes].job(ReceiptDocument((element,)))) == []


def test_braces_in_a_native_barcode_change_no_set():
    (paper, _) = Decoder(576).feed(ENCODERS["native"].job(ReceiptDocument((Barcode("A{C1"),))))
    assert paper.text[0] == "[barcode A{C1]"


def test_a_long_native_code_whose_length_would_act_is_drawn_as_dots():
    document = ReceiptDocument((QrCode("x" * 1037),))
    job = ENCODERS["native"].job(document)
    assert faults_of(job) == []
    (paper, _) = Decoder(576).feed(job)
    assert "[dots]" in paper.text
