"""QR codes and CODE128: the right symbol, wide enough to be read, the same from any printer."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from barcode.codex import Code128
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices.printers.code128 import escpos_data, modules, parts
from devices.printers.codes import barcode, qr_code
from devices.printers.encode import Encoder
from devices.printers.native_codes import native_code
from devices.printers.options import EscposOptions
from devices.printers.preview import paper
from devices.printers.typeset import RasterLine, TextLine, typeset
from devices.simulated.decoder import Decoder, Paper
from devices.values import Barcode, QrCode, ReceiptDocument, Text

ORDER_ID = "S001-L01-01J9ZX3V8Q4T6W2N5R7K0M1C2"
RECEIPT = "R26112406353846"
WIDTHS = (576, 512, 384)
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40)


def bits(data):
    return "".join("01"[module] for module in modules(data))


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        ("R1", [("B", "R1")]),
        ("12", [("C", "12")]),
        ("123", [("B", "123")]),
        ("1234", [("C", "1234")]),
        ("12345", [("C", "1234"), ("B", "5")]),
        (RECEIPT, [("B", "R"), ("C", "26112406353846")]),
        ("R12345", [("B", "R1"), ("C", "2345")]),
        ("A1234B", [("B", "A1234B")]),
        ("A123456B", [("B", "A"), ("C", "123456"), ("B", "B")]),
        ("A1234567B", [("B", "A1"), ("C", "234567"), ("B", "B")]),
    ],
)
def test_digits_go_two_by_two_where_that_is_shorter(data, cut):
    assert parts(data) == cut


@given(PRINTABLE)
def test_the_parts_of_a_code_are_the_whole_of_it(data):
    assert "".join(text for _, text in parts(data)) == data
    assert all(text.isdigit() and len(text) % 2 == 0 for name, text in parts(data) if name == "C")


@given(
    st.text("ABCxyz -{}~!#", min_size=1, max_size=30)
    | st.from_regex(r"[A-Z]([0-9]{2}){2,9}", fullmatch=True)
)
def test_the_bars_are_those_that_another_library_draws(data):
    assert bits(data) == Code128(data).build()[0]


@given(PRINTABLE)
def test_no_code_is_wider_than_in_set_b_alone(data):
    assert len(modules(data)) <= 11 * (len(data) + 2) + 13


@given(PRINTABLE)
def test_a_native_barcode_says_what_it_was_given(data):
    decoder = Decoder(2048)
    encoded = escpos_data(data)
    (seen,) = decoder.feed(b"\x1dkI" + bytes((len(encoded),)) + encoded + b"\x1dV\x00")
    assert seen.text == (f"[barcode {data}]",)


def test_a_native_barcode_is_one_command_behind_its_height_and_its_width():
    pairs = bytes((26, 11, 24, 6, 35, 38, 46))
    look = b"\x1dh\x40\x1dw\x03\x1dH\x00"
    assert native_code(Barcode(RECEIPT), 3) == look + b"\x1dkI\x0c{BR{C" + pairs


def test_a_native_code_whose_bytes_would_act_on_the_printer_is_drawn_as_dots():
    acting = Barcode("R16041604")  # in set C: DLE EOT DLE EOT
    assert native_code(acting, 2) is None
    job = Encoder(EscposOptions(address="192.0.2.9:9100", codes="native")).job(
        ReceiptDocument((acting,))
    )
    (seen, _) = Decoder(576).feed(job)
    assert seen.text[0] == "[dots]"


def test_native_codes_are_left_to_the_printer_as_large_as_they_are_drawn():
    document = ReceiptDocument((QrCode(ORDER_ID), Barcode(RECEIPT)))
    options = EscposOptions(address="192.0.2.9:9100", codes="native", dots=384)
    job = Encoder(options).job(document)
    (seen,) = [found for found in Decoder(384).feed(job) if isinstance(found, Paper)]
    assert [line for line in seen.text if line.startswith("[")] == [
        f"[qr {ORDER_ID}]",
        f"[barcode {RECEIPT}]",
    ]
    qr, bars = (line for line in typeset(document, dots=384) if isinstance(line, RasterLine))
    assert b"\x1d(k\x03\x001C" + bytes((qr.module_dots,)) in job
    assert b"\x1d(k\x03\x001E1" in job  # level M, as drawn
    assert b"\x1dw" + bytes((bars.module_dots,)) in job


@pytest.mark.parametrize(
    ("codes", "profile", "drawn_by_the_printer"),
    [
        ("auto", "default", []),
        ("auto", "TM-T20II", ["[qr x]", "[barcode R1]"]),
        ("auto", "TH230", ["[barcode R1]"]),
        ("auto", "POS-5890", []),
        ("bitmap", "TM-T20II", []),
        ("native", "default", ["[qr x]", "[barcode R1]"]),
        ("native", "POS-5890", []),
    ],
)
def test_a_code_is_left_to_a_printer_that_can(codes, profile, drawn_by_the_printer):
    options = EscposOptions(address="192.0.2.9:9100", codes=codes, profile=profile, dots=384)
    job = Encoder(options).job(ReceiptDocument((QrCode("x"), Barcode("R1"))))
    found = Decoder(384).feed(job + b"\x1dV\x00")  # some have no knife
    seen = next(paper for paper in found if isinstance(paper, Paper))
    native = [line for line in seen.text if line.startswith(("[qr", "[barcode"))]
    assert native == drawn_by_the_printer


@pytest.mark.parametrize("dots", WIDTHS)
def test_modules_are_wide_enough_for_a_thermal_head_and_a_quiet_zone_is_left(dots):
    for length in (1, 15, 27, 35, 43, 63, 85):  # the smallest versions, one after the other
        code = qr_code("S" * length, dots)
        assert 3 <= code.module_dots <= 6
        assert code.image.width + 8 * code.module_dots <= dots
        bars = barcode("S" * length, dots)
        if bars:
            assert bars.module_dots >= 2
            assert bars.image.width + 20 * bars.module_dots <= dots
    assert barcode(RECEIPT, dots).module_dots >= 2


def test_a_qr_code_is_of_level_m_as_the_printer_is_told_to_draw_it():
    code = qr_code("fifteen letters", 576)  # level L would have room for them in 21 modules
    assert code.image.width // code.module_dots == 25


def test_a_native_qr_code_has_a_blank_line_above_and_below():
    job = Encoder(EscposOptions(address="192.0.2.9:9100", codes="native")).job(
        ReceiptDocument((Text("above"), QrCode("x"), Text("below")))
    )
    (seen, _) = Decoder(576).feed(job)
    assert seen.text == ("above", "", "[qr x]", "", "below")


def test_a_code_is_a_picture_of_exactly_its_data():
    code = qr_code("https://example.test", 576)
    assert code.image.width == code.image.height
    step = code.module_dots
    finder = [code.image.getpixel((x * step, 0)) > 0 for x in range(8)]
    assert finder == [True] * 7 + [False]
    bars = barcode("R001234", 576)
    row = [bars.image.getpixel((x, 0)) > 0 for x in range(0, bars.image.width, bars.module_dots)]
    assert row == modules("R001234")


def test_codes_that_do_not_fit_are_printed_as_text():
    document = ReceiptDocument((Barcode("A" * 70), QrCode("x" * 3000)))
    lines = typeset(document, dots=384)
    assert all(isinstance(line, TextLine) for line in lines)
    assert "".join(line.text.strip() for line in lines) == "A" * 70 + "x" * 3000


def test_a_code_of_half_a_surrogate_pair_is_printed_as_text():
    assert qr_code("\udc80", 576) is None
    lines = typeset(ReceiptDocument((QrCode("\udc80"), Barcode("\udc80"))), dots=576)
    assert all(line.code is None for line in lines if isinstance(line, RasterLine))


def test_the_quiet_zone_of_a_qr_code_is_kept_from_the_lines_beside_it():
    image = paper(ReceiptDocument((Text("M" * 48), QrCode("x"), Text("M" * 48))))
    code = qr_code("x", 576)
    quiet = 4 * code.module_dots
    assert image.crop((0, 30, 576, 30 + quiet)).getbbox() is None
    below = 30 + quiet + code.image.height
    assert image.crop((0, below, 576, below + quiet)).getbbox() is None


def zbar(image, tmp_path):
    """What zbarimg reads from the paper with a centimetre of white round it."""
    page = Image.new("L", (image.width + 160, image.height + 160), 255)
    page.paste(ImageChops.invert(image.convert("L")), (80, 80))
    page.save(tmp_path / "page.png")
    done = subprocess.run(
        ["zbarimg", "-q", str(tmp_path / "page.png")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return sorted(done.stdout.split())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) is not here")
@pytest.mark.parametrize("dots", WIDTHS)
def test_a_reader_of_codes_reads_every_length_of_receipt_number_and_order_id(dots, tmp_path):
    for length in range(1, len(ORDER_ID) + 1):
        number = RECEIPT[:length] + "7" * max(0, length - len(RECEIPT))
        document = ReceiptDocument((QrCode(ORDER_ID[:length]), Barcode(number)))
        codes = [f"QR-Code:{ORDER_ID[:length]}"]
        if barcode(number, dots):
            codes.append(f"CODE-128:{number}")
        assert zbar(paper(document, dots=dots), tmp_path) == sorted(codes), length
