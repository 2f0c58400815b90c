"""The preview is what two readers of the bytes draw, to the dot, whatever the document says."""

from __future__ import annotations

from functools import cache

import another_decoder
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from devices.printers.encode import Encoder
from devices.printers.faces import grid_font
from devices.printers.options import EscposOptions
from devices.printers.preview import paper
from devices.simulated.decoder import Decoder, Paper
from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)

LAST_FEED_DOTS = 6 * 30  # python-escpos moves the paper past the knife
WIDTHS = (576, 512, 384)
ENCODERS = {dots: Encoder(EscposOptions(address="192.0.2.9:9100", dots=dots)) for dots in WIDTHS}
EUROPEAN = Encoder(EscposOptions(address="192.0.2.9:9100", dots=512, profile="TM-T88V"))
TEXTS = st.text("aW0 9.,jg珍茶，「ทที่ปุ่ำใあァｱệ😀\u200dé€̈\x1b\x10\n", max_size=24)
CODES = st.text("R0123456789-Z", max_size=20)
ELEMENTS = st.one_of(
    st.builds(Text, TEXTS, st.sampled_from(Align), st.booleans(), st.booleans()),
    st.builds(Columns, TEXTS, TEXTS, st.booleans(), st.booleans()),
    st.just(Rule()),
    st.just(Blank()),
    st.builds(Barcode, CODES),
    st.builds(QrCode, CODES),
)
DOCUMENTS = st.builds(
    ReceiptDocument,
    st.lists(ELEMENTS, min_size=1, max_size=5).map(tuple),
    st.sampled_from(["en", "zh-TW", "th", "ja"]),
)


def simulated(job, dots):
    """The paper of the simulated printer, without the feed before the cut."""
    decoder = Decoder(dots)
    (seen,) = [found for found in decoder.feed(job) if isinstance(found, Paper)]
    assert decoder.faults == []
    return seen.image.crop((0, 0, dots, seen.image.height - LAST_FEED_DOTS))


@cache
def letter(char, size):
    """A printer's font A, here the one that the preview shows."""
    cell = Image.new("L", (12 * size, 24 * size))
    ImageDraw.Draw(cell).text((0, 19 * size), char, 255, grid_font(24 * size), "ls")
    return {
        (x, y)
        for x in range(cell.width)
        for y in range(cell.height)
        if cell.getpixel((x, y)) >= 112
    }


def letters(text, size, bold):
    """A line of them, each in its cell; bold ones are struck twice, the last within its cell."""
    width = 12 * size
    dots = {(x + at * width, y) for at, char in enumerate(text) for x, y in letter(char, size)}
    again = {(x + 1, y) for x, y in dots if x + 1 < width * len(text)}
    return dots | again if bold else dots


def read_again(job, dots):
    """The paper of the second reader, likewise."""
    inked, height = another_decoder.read(job, dots=dots, letters=letters)
    image = Image.new("1", (dots, height - LAST_FEED_DOTS))
    for place in inked:
        image.putpixel(place, 255)
    return image


def differences(one, other):
    assert one.size == other.size
    return ImageChops.logical_xor(one, other).getbbox()


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.sampled_from(WIDTHS))
def test_the_simulated_printer_prints_the_preview(document, dots):
    job = ENCODERS[dots].job(document)
    assert differences(simulated(job, dots), paper(document, dots=dots)) is None


@given(st.text("aZ éÉñŁó€ü茶", max_size=60), st.sampled_from(Align), st.booleans())
def test_letters_that_a_profile_has_are_in_the_preview_as_the_printer_has_them(text, align, bold):
    document = ReceiptDocument((Text(text, align, bold), Columns(text, "5 €")))
    job = EUROPEAN.job(document)
    picture = paper(document, dots=512, profile="TM-T88V")
    assert differences(simulated(job, 512), picture) is None


@settings(max_examples=30, deadline=None)
@given(DOCUMENTS, st.sampled_from(WIDTHS))
def test_a_reader_written_from_the_reference_alone_sees_the_preview(document, dots):
    job = ENCODERS[dots].job(document)
    assert differences(read_again(job, dots), paper(document, dots=dots)) is None


@pytest.mark.parametrize("double", [False, True])
def test_bold_and_double_letters_are_those_of_the_preview(double):
    every = "".join(map(chr, range(0x20, 0x7F)))
    document = ReceiptDocument((Text(every, bold=True, double=double), Text(every, Align.CENTER)))
    job = ENCODERS[512].job(document)
    assert differences(simulated(job, 512), paper(document, dots=512)) is None
    assert differences(read_again(job, 512), paper(document, dots=512)) is None
