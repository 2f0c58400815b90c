"""Documents on paper: the bytes, decoded by an independent printer, are the preview."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices.options import BadOption
from devices.printers.codes import barcode_image, qr_image
from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.preview import paper, png
from devices.printers.rasters import BAND_ROWS
from devices.printers.typeset import RasterLine, TextLine, missing_glyphs, typeset
from devices.simulated.decoder import Decoder, Paper, Transmit
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

EN = (
    Text("Corner Tea", Align.CENTER, bold=True, double=True),
    Rule(),
    Columns("Milk tea, large", "120"),
    Blank(),
    Text("Thank you", Align.RIGHT),
)
ZH = (
    Text("街角茶舖", Align.CENTER, bold=True, double=True),
    Columns("珍珠奶茶 大杯 少冰", "NT$120"),
    Columns("合計", "NT$ 1,234", double=True),
    Text("這是一段很長的文字，用來測試自動換行是否正確無誤，以及英文 words 是否會被切斷。"),
)
TH = (
    Text("ขอบคุณที่ใช้บริการ น้ำ ปู่ ญี่ปุ่น", Align.CENTER),
    Columns("ชานมไข่มุก แก้วใหญ่ 120 บาท", "฿55.00", bold=True),
)
JA = (Columns("緑茶（ホット）", "¥300"), Text("領収書　ありがとうございます", Align.RIGHT))
CODES = (QrCode("S001-L01-01J9ZX3V8Q4T6W2N5R7K0M1C2"),)
DOCUMENTS = {
    "en": ReceiptDocument(EN, "en"),
    "zh-TW": ReceiptDocument(ZH, "zh-TW"),
    "th": ReceiptDocument(TH, "th"),
    "ja": ReceiptDocument(JA, "ja"),
    "mixed": ReceiptDocument(EN + ZH + TH + JA + CODES, "zh-TW"),
}


def printed(document, **options):
    """The paper that an independent decoder makes of the job, without the feed of the cut."""
    settings = EscposOptions(address="192.0.2.1:9100", **options)
    decoder = Decoder(settings.dots)
    paper_out, proof = decoder.feed(Encoder(settings).job(document))
    assert decoder.faults == []
    assert isinstance(paper_out, Paper)
    assert proof == Transmit("GS r", 1)
    feed = 6 * 30
    height = paper_out.image.height - feed
    assert paper_out.image.crop((0, height, settings.dots, height + feed)).getbbox() is None
    return paper_out.text, paper_out.image.crop((0, 0, settings.dots, height))


def same(one, other):
    return one.size == other.size and ImageChops.logical_xor(one, other).getbbox() is None


@pytest.mark.parametrize("dots", [576, 512, 384])
@pytest.mark.parametrize("language", ["zh-TW", "th", "ja"])
def test_lines_of_dots_are_on_paper_as_in_the_preview(language, dots):
    document = DOCUMENTS[language]
    assert same(printed(document, dots=dots)[1], paper(document, dots=dots))


@pytest.mark.parametrize("language", DOCUMENTS)
def test_the_whole_paper_is_as_long_as_the_preview(language):
    document = DOCUMENTS[language]
    assert printed(document)[1].size == paper(document).size


def test_ascii_is_sent_as_text_on_the_printers_grid():
    text, _ = printed(DOCUMENTS["en"])
    assert text == (
        " " * 7 + "Corner Tea",
        "-" * 48,
        "Milk tea, large" + "120".rjust(33),
        "",
        " " * 39 + "Thank you",
    )


def test_only_the_lines_that_need_it_are_dots():
    lines = typeset(DOCUMENTS["mixed"], dots=576)
    assert [type(line) for line in lines[:5]] == [TextLine] * 5
    assert all(isinstance(line, RasterLine) for line in lines[5:])


def test_the_job_begins_with_one_initialize_and_never_touches_the_code_page():
    job = Encoder(EscposOptions(address="192.0.2.1:9100")).job(DOCUMENTS["en"])
    assert job.startswith(b"\x1b@")
    assert job.count(b"\x1b@") == 1
    assert b"\x1bt" not in job
    assert job.endswith(b"\x1dV\x00\x1dr\x01")
    assert b"\x1d(D" not in job


def test_before_dots_the_drawer_pulse_in_real_time_is_switched_off():
    job = Encoder(EscposOptions(address="192.0.2.1:9100")).job(DOCUMENTS["ja"])
    assert job.startswith(b"\x1b@\x1d(D\x03\x00\x14\x01\x00")


def test_dots_are_sent_in_bands_that_small_printers_can_hold():
    job = Encoder(EscposOptions(address="192.0.2.1:9100")).job(DOCUMENTS["mixed"])
    heights = [int.from_bytes(piece[2:4], "little") for piece in job.split(b"\x1dv0\x00")[1:]]
    assert len(heights) > 10
    assert max(heights) == BAND_ROWS


def test_every_line_of_dots_is_cropped_to_its_ink():
    for line in typeset(DOCUMENTS["mixed"], dots=576):
        if isinstance(line, RasterLine):
            left, top, right, bottom = line.image.getbbox()
            assert (top, bottom) == (0, line.image.height)
            assert line.image.width - right < 8
            assert line.image.width % 8 == 0


def test_columns_end_at_the_right_edge_in_every_script():
    for element in (ZH[1], TH[1], JA[0]):
        (line,) = typeset(ReceiptDocument((element,), "ja"), dots=576)
        assert 576 - line.image.getbbox()[2] <= 3


def test_thai_marks_stack_and_do_not_advance():
    def width(text):
        (line,) = typeset(ReceiptDocument((Text(text),), "th"), dots=576)
        return line.image.width

    assert width("ที่นี่") == width("ทน")


def test_bold_is_wider_and_double_is_twice_as_high():
    def box(**style):
        (line,) = typeset(ReceiptDocument((Text("茶", **style),), "zh-TW"), dots=576)
        return line.image.getbbox()

    plain, bold, double = box(), box(bold=True), box(double=True)
    assert bold[2] == plain[2] + 1
    assert abs(double[3] - 2 * plain[3]) <= 2


def test_han_characters_take_the_form_of_the_documents_language():
    pictures = {
        language: typeset(ReceiptDocument((Text("直骨"),), language), dots=576)[0].image.tobytes()
        for language in ("zh-TW", "ja")
    }
    assert pictures["zh-TW"] != pictures["ja"]


def test_what_no_font_has_is_named_and_drawn_as_a_box():
    document = ReceiptDocument((Text("茶\U000f1234"), Columns("ok", "\U000f1234")))
    assert missing_glyphs(document) == ("\U000f1234",)
    (line, _) = typeset(document, dots=576)
    assert line.image.getbbox()[2] > 30


@pytest.mark.parametrize("language", ["en", "zh-TW", "th", "ja"])
def test_the_shipped_fonts_have_every_character_of_the_samples(language):
    assert missing_glyphs(DOCUMENTS[language]) == ()


def test_a_font_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "no.ttf"
    path.write_bytes(b"nothing")
    with pytest.raises(BadOption, match="no.ttf is no font"):
        typeset(DOCUMENTS["ja"], dots=576, fonts=(str(path),))


def test_a_profile_that_escpos_does_not_know_is_named():
    with pytest.raises(BadOption, match="profile: .*'TM-X'"):
        Encoder(EscposOptions(address="192.0.2.1:9100", profile="TM-X"))


def test_control_bytes_in_foreign_text_never_reach_the_printer():
    evil = "x\x1b@\x1dV\x00\x10\x14\x01\x00\x05y"
    document = ReceiptDocument((Text(evil), Columns(evil, evil), Barcode("R1\x1d")))
    text, _ = printed(document)
    assert text[0] == "x@Vy"
    assert text[-1].strip() == "R1"


def test_a_code_is_a_picture_of_exactly_its_data():
    bars = barcode_image("R001234", 576)
    row = [bars.getpixel((x, 0)) > 0 for x in range(bars.width)]
    modules = "".join("01"[bit] for bit in row[::3])
    # CODE128: start B is 11010010000, stop is 1100011101011
    assert modules.startswith("11010010000")
    assert modules.endswith("1100011101011")
    code = qr_image("https://example.test", 576)
    assert code.width == code.height
    finder = [code.getpixel((x * code.width // 25, 0)) > 0 for x in range(8)]
    assert finder == [True] * 7 + [False]


def test_codes_that_do_not_fit_are_printed_as_text():
    document = ReceiptDocument((Barcode("A" * 70), QrCode("x" * 3000)))
    lines = typeset(document, dots=384)
    assert all(isinstance(line, TextLine) for line in lines)
    assert "".join(line.text.strip() for line in lines) == "A" * 70 + "x" * 3000


def test_a_code_of_half_a_surrogate_pair_is_printed_as_text():
    assert qr_image("\udc80", 576) is None
    printed(ReceiptDocument((QrCode("\udc80"), Barcode("\udc80"))))


def test_native_codes_are_left_to_the_printer():
    document = ReceiptDocument((*CODES, Barcode("R001234")))
    text, _ = printed(document, codes="native")
    assert text[0] == f"[qr {CODES[0].data}]"
    assert text[1] == "[barcode R001234]"


def test_the_preview_is_a_black_on_white_png_of_the_papers_width():
    image = Image.open(io.BytesIO(png(DOCUMENTS["mixed"], dots=384)))
    assert (image.format, image.mode, image.width) == ("PNG", "1", 384)
    assert image.getpixel((383, 0)) == 255


def test_an_empty_document_is_a_blank_piece_of_paper():
    assert printed(ReceiptDocument(()))[0] == ()
    assert png(ReceiptDocument(()))


texts = st.text("aZ 9.珍茶ทที่ใあァ😀é\x1b\x10\n", max_size=30)
elements = st.one_of(
    st.builds(Text, texts, st.sampled_from(Align), st.booleans(), st.booleans()),
    st.builds(Columns, texts, texts, st.booleans(), st.booleans()),
    st.just(Rule()),
    st.just(Blank()),
    st.builds(Barcode, st.text("R0123", max_size=8)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(elements, max_size=5), st.sampled_from([576, 384]))
def test_any_document_is_decoded_without_a_fault_and_as_long_as_its_preview(parts, dots):
    document = ReceiptDocument(tuple(parts), "zh-TW")
    height = printed(document, dots=dots)[1].height
    assert height == (paper(document, dots=dots).height if parts else 0)


def test_python_escpos_leaves_no_handler_on_the_root_logger():
    printed(DOCUMENTS["en"])
    assert "escpos.printer" in sys.modules
    assert not [h for h in logging.root.handlers if type(h) is logging.StreamHandler]
