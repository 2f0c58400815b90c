"""Which font draws what, with and without fonts on the machine."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.options import BadOption
from devices.printers import faces as faces_module
from devices.printers.charmap import charmap
from devices.printers.faces import MISSING, SHIPPED, Faces, faces
from devices.printers.preview import paper
from devices.printers.text import clean
from devices.printers.typeset import missing_glyphs
from devices.values import Align, Columns, ReceiptDocument, Text

LATIN, GRID, THAI = (face.path for face in SHIPPED)
SAMPLE = "Tea 茶 ชา 茶「あ」 ฿120 €5 ₫9 Việt Nam Ελλάδα Київ"


@pytest.fixture
def no_system_fonts(tmp_path, monkeypatch):
    monkeypatch.setattr(faces_module, "DEBIAN", tmp_path)
    faces.cache_clear()
    yield
    faces.cache_clear()


def test_without_fonts_on_the_machine_those_that_come_with_it_draw_everything(no_system_fonts):
    assert faces((), "zh-TW").chain == SHIPPED
    assert missing_glyphs(ReceiptDocument((Text(SAMPLE),), "th")) == ()
    document = ReceiptDocument((Text("茶 ชา 120"), Columns("ที่นี่", "฿55", bold=True)), "th")
    assert paper(document).tobytes() == paper(document, fonts=(GRID, THAI)).tobytes()


def test_fonts_of_the_machine_go_before_those_that_come_with_it(tmp_path):
    there = tmp_path / "opentype" / "tlwg" / "Loma.otf"
    there.parent.mkdir(parents=True)
    shutil.copy(THAI, there)
    chain = Faces((THAI,), "th", folder=tmp_path).chain
    assert [face.path for face in chain] == [THAI, LATIN, str(there), GRID, THAI]


@pytest.mark.parametrize("fonts", [(), (THAI,), (LATIN,)])
def test_digits_and_latin_letters_stand_on_the_printers_grid_whatever_the_fonts(fonts):
    chain = faces(fonts, "th")
    assert chain.width_px("NT$ 1,120.00", 24) == 12 * 12
    assert chain.width_px("NT$ 1,120.00", 48) == 24 * 12


def test_letters_of_other_alphabets_are_a_cell_wide_and_han_two():
    chain = Faces((), "zh-TW", folder=Path("/nowhere"))
    assert chain.width_px("Việt Київ", 24) == 9 * 12
    assert chain.width_px("珍珠ア。", 24) == 4 * 24
    assert chain.width_px("ｱ", 24) == 12


@given(st.text("aé茶ทที่น้ำปุ่ạ😀🏽\u200d\ufe0f\u0e31\u0301", max_size=30), st.sampled_from([24, 48]))
def test_no_text_breaks_it_and_parts_are_as_wide_as_the_whole(text, size_px):
    chain = faces((), "th")
    cleaned = clean(text)
    drawn = "".join(glyph.text for glyph in chain.glyphs(cleaned, size_px))
    assert len(drawn) == len(cleaned)
    assert all(new in (old, MISSING) for old, new in zip(cleaned, drawn, strict=True))


def test_an_emoji_of_several_parts_is_boxes_and_each_part_is_named_once():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f"
    document = ReceiptDocument((Text(f"茶 {family} ok", Align.CENTER),), "ja")
    assert missing_glyphs(document) == ("\U0001f467", "\U0001f468", "\U0001f469")
    boxes = ReceiptDocument((Text(f"茶 {MISSING * 3} ok", Align.CENTER),), "ja")
    assert paper(document).tobytes() == paper(boxes).tobytes()


def test_a_mark_that_no_font_has_leaves_its_letter():
    chain = faces((), "en")
    assert [glyph.text for glyph in chain.glyphs("茶\u20e3", 24)] == ["茶", MISSING]


def test_the_tables_of_characters_are_those_of_the_fonts():
    assert all(char in charmap(GRID, 0) for char in "A~é珍領あ。￥□")
    assert "ก" not in charmap(GRID, 0)
    assert all(char in charmap(THAI, 0) for char in "กฮ่ำ฿")
    assert all(char not in charmap(THAI, 0) for char in "A1茶\uffff\U0010ffff")
    assert "ệ" in charmap(LATIN, 0)


def font_of(cmap):
    """A file of one table."""
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 16, 0, 0)
    return head + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap


def test_a_list_of_glyphs_behind_the_segments_is_followed(tmp_path):
    ends, starts, shifts = (0x41, 0x62, 0xFFFF), (0x41, 0x61, 0xFFFF), (0, 0, 1)
    offsets = (6, 6, 0, 0, 7, 0)  # A has glyph 0, a 7, b none
    body = struct.pack(">3HH3H3H6H", *ends, 0, *starts, *shifts, *offsets)
    table = struct.pack(">HHHHHHH", 4, 14 + len(body), 0, 6, 0, 0, 0) + body
    path = tmp_path / "small.ttf"
    path.write_bytes(font_of(struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table))
    characters = charmap(str(path), 0)
    assert [char for char in "@AabcB\uffff" if char in characters] == ["a"]


def test_characters_between_the_groups_of_a_font_are_not_its(tmp_path):
    groups = struct.pack(">6I", 0x41, 0x43, 5, 0x1F600, 0x1F601, 0)
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, 2) + groups
    path = tmp_path / "small.otf"
    path.write_bytes(font_of(struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table))
    characters = charmap(str(path), 0)
    assert [char for char in "@ACDz\U0001f600\U0001f601\U0001f602" if char in characters] == [
        "A",
        "C",
        "\U0001f601",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"OTTO",
        b"\0\1\0\0" + bytes(8),
        font_of(struct.pack(">HHHHI", 0, 1, 1, 0, 12)),
        font_of(struct.pack(">HHHHIH", 0, 1, 3, 10, 12, 13)),
        b"ttcf\0\1\0\0\0\0\0\1\xff\xff\xff\xf0",
    ],
)
def test_a_file_whose_characters_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "broken.ttf"
    path.write_bytes(content)
    with pytest.raises(OSError, match="its table of characters cannot be read"):
        charmap(str(path), 0)
    with pytest.raises(BadOption, match=r"fonts: .*broken\.ttf is no font that can be read"):
        _ = faces_module.Face(str(path)).characters


def test_every_font_of_the_chain_is_tried_when_it_is_made(tmp_path):
    path = tmp_path / "no.ttf"
    path.write_bytes(b"nothing")
    with pytest.raises(BadOption, match=r"no\.ttf is no font"):
        Faces((str(path),), "en")
