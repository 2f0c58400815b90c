"""Documents on paper: the bytes, decoded by an independent printer, are the preview."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from PIL import Image, ImageChops

from devices.options import BadOption
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
    """The paper that the simulated printer makes of the job, without the feed of the cut."""
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
        "Corner Tea",
        "-" * 48,
        "Milk tea, large" + "120".rjust(33),
        "",
        " " * 39 + "Thank you",
    )


def test_a_line_of_narrow_letters_with_more_of_them_than_cells_stays_dots():
    document = ReceiptDocument((Text("เ" * 200 + "茶"),), "th")
    lines = typeset(document, dots=576, sets=lambda text: "茶" not in text)
    assert all(len(line.text) <= 48 for line in lines if isinstance(line, TextLine))


def test_the_lines_of_a_wrapped_text_that_are_ascii_are_sent_as_text():
    element = Columns("訂單編號", "S001-L01-01J9ZX3V8Q4T6W2N5R7K0M1C2S001-L01-01J9")
    (above, below) = typeset(ReceiptDocument((element,), "zh-TW"), dots=576)
    assert isinstance(above, RasterLine)
    assert below == TextLine(element.right.rjust(48))


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


def ink(element, language="zh-TW", dots=576):
    """The one line of `element` as it stands on the paper, and its box of ink."""
    image = paper(ReceiptDocument((element,), language), dots=dots)
    return image, image.getbbox()


def test_dots_are_sent_without_blank_columns_and_blank_rows_in_a_byte_or_two():
    for line in typeset(DOCUMENTS["mixed"], dots=576):
        for band in line.bands if isinstance(line, RasterLine) else ():
            box = band.image.getbbox()
            if box is None:
                assert band.width_bytes <= 2
            elif line.align is Align.LEFT:
                assert band.width_bytes * 8 - box[2] < 8
            elif line.align is Align.RIGHT:
                assert box[0] < 8


def test_a_line_of_columns_is_as_wide_as_the_paper_only_where_both_have_ink():
    (line,) = typeset(ReceiptDocument((Columns("ที่นี่", "120"),), "th"), dots=576)
    assert line.bands[0].width_bytes < 12  # marks above the digits
    assert max(band.width_bytes for band in line.bands) == 72
    (line,) = typeset(ReceiptDocument((Columns("", "茶"),)), dots=576)
    assert line.align is Align.RIGHT
    assert max(band.width_bytes for band in line.bands) <= 4


@pytest.mark.parametrize("dots", [576, 512, 384])
@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("left", ["珍珠奶茶", "น้ำที่", "Việt", "緑茶"])
def test_numbers_end_below_those_of_plain_lines_to_the_dot(left, double, dots):
    plain, plain_box = ink(Columns("", "1,120", double=double), dots=dots)
    mixed, mixed_box = ink(Columns(left, "1,120", double=double), dots=dots)
    places = (dots - 160, 0, dots, plain.height)
    plain_number = plain.crop(places)
    lower = mixed_box[3] - plain_box[3] if mixed_box[3] > plain_box[3] else 0
    found = [
        top
        for top in range(lower + 20)
        if same(plain_number, mixed.crop((dots - 160, top, dots, top + plain.height)))
    ]
    assert len(found) == 1  # the same dots in the same columns, in one row only


def test_a_line_of_dots_has_the_baseline_of_plain_lines_where_its_ink_allows():
    plain, box = ink(Text("H"))
    mixed, mixed_box = ink(Text("H\u2014"))  # a dash that no printer's letters have
    assert (plain.height, mixed.height) == (30, 30)
    assert mixed.crop((0, 0, 12, 30)).getbbox() == plain.crop((0, 0, 12, 30)).getbbox()
    assert mixed_box[3] == box[3]


def test_lines_never_touch_however_marks_are_stacked():
    element = Text("ฏู้ ป๊ ญู่ น้ำ")
    image = paper(ReceiptDocument((element, Columns("Ág", "1"), element), "th"))
    rows = [image.crop((0, y, 576, y + 1)).getbbox() is not None for y in range(image.height)]
    gaps = "".join("#" if row else " " for row in rows).strip().split("  ")
    assert len([part for part in gaps if part.strip()]) == 3


def test_centred_lines_are_in_the_middle_of_the_paper_to_the_dot():
    for text in ("茶", "珍珠奶茶", "珍珠奶茶大"):
        _, (left, _, right, _) = ink(Text("■" + text + "■", Align.CENTER))
        assert abs(left - (576 - right)) <= 1


def test_a_code_is_in_the_middle_of_the_paper_to_the_dot():
    for element in (*CODES, Barcode("R1")):
        _, (left, _, right, _) = ink(element)
        assert abs(left - (576 - right)) <= 1


def test_columns_end_at_the_right_edge_in_every_script():
    for element in (ZH[1], TH[1], JA[0]):
        assert 576 - ink(element, "ja")[1][2] <= 3


def test_thai_marks_stack_and_do_not_advance():
    assert ink(Text("ที่นี่"), "th")[1][2] == ink(Text("ทน"), "th")[1][2]


def test_bold_is_wider_and_double_is_twice_as_high():
    def box(**style):
        left, top, right, bottom = ink(Text("茶", **style))[1]
        return right - left, bottom - top

    plain, bold, double = box(), box(bold=True), box(double=True)
    assert bold == (plain[0] + 1, plain[1])
    assert abs(double[1] - 2 * plain[1]) <= 2


def test_han_characters_take_the_form_of_the_documents_language():
    pictures = {language: ink(Text("直骨"), language)[0].tobytes() for language in ("zh-TW", "ja")}
    assert pictures["zh-TW"] != pictures["ja"]


def test_what_no_font_has_is_named_and_drawn_as_a_box():
    document = ReceiptDocument((Text("茶\U000f1234"), Columns("ok", "\U000f1234")))
    assert missing_glyphs(document) == ("\U000f1234",)
    boxes = ReceiptDocument((Text("茶□"), Columns("ok", "□")))
    assert same(paper(document), paper(boxes))


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


def test_the_preview_is_a_black_on_white_png_of_the_papers_width():
    image = Image.open(io.BytesIO(png(DOCUMENTS["mixed"], dots=384)))
    assert (image.format, image.mode, image.width) == ("PNG", "1", 384)
    assert image.getpixel((383, 0)) == 255


def test_an_empty_document_is_a_blank_piece_of_paper():
    assert printed(ReceiptDocument(()))[0] == ()
    assert png(ReceiptDocument(()))


def test_python_escpos_leaves_no_handler_on_the_root_logger():
    printed(DOCUMENTS["en"])
    assert "escpos.printer" in sys.modules
    assert not [h for h in logging.root.handlers if type(h) is logging.StreamHandler]
