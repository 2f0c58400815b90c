"""The independent decoder, against bytes written by hand from the ESC/POS reference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from devices.simulated.decoder import Decoder, Paper, Transmit

CUT = b"\x1dV\x00"


def decode(data):
    decoder = Decoder(96)
    return list(decoder.feed(data)), decoder.faults


def test_text_lines_and_a_cut_make_a_paper():
    (paper,), faults = decode(b"\x1b@Hello\r\nworld\n" + CUT)
    assert paper.text == ("Hello", "world")
    assert paper.image.size == (96, 60)
    assert paper.byte_count == 2 + 7 + 6 + 3
    assert faults == []


def test_styles_change_the_letters_and_their_height():
    (paper,), _ = decode(b"\x1b!\x30AB\n\x1b!\x00\x1bE\x01x\n" + CUT)
    assert paper.text == ("AB", "x")
    assert paper.image.height == 48 + 30


def test_alignment_moves_text_and_dots():
    dot = b"\x1dv0\x00\x01\x00\x01\x00\x80"
    (paper,), faults = decode(b"\x1ba\x01" + dot + b"\x1ba\x02" + dot + b"\x1ba\x00" + dot + CUT)
    assert faults == []
    set_dots = [(x, y) for y in range(3) for x in range(96) if paper.image.getpixel((x, y))]
    assert set_dots == [(44, 0), (88, 1), (0, 2)]
    assert paper.text == ("[dots]",)


def test_position_and_margin_move_dots():
    dot = b"\x1dv0\x00\x01\x00\x01\x00\x80"
    (paper,), _ = decode(b"\x1b$\x05\x00" + dot + b"\x1dL\x08\x00" + dot + CUT)
    assert [paper.image.getpixel((5, 0)) > 0, paper.image.getpixel((8, 1)) > 0] == [True, True]


def test_feeds_by_dots_and_by_lines():
    (paper,), _ = decode(b"\x1bJ\x07\x1bd\x02\x1dVB\x05")
    assert paper.image.height == 7 + 60 + 5


def test_questions_are_passed_on_in_their_order():
    results, _ = decode(b"a\n" + CUT + b"\x1dr\x01\x1da\xff")
    assert isinstance(results[0], Paper)
    assert results[1:] == [Transmit("GS r", 1), Transmit("GS a", 255)]


def test_what_is_wrong_or_unknown_is_listed():
    _, faults = decode(b"x\x1dv0\x00\x01\x00\x01\x00\x80\n\x1b\xfe\x01" + CUT)
    assert len(faults) == 3
    wide = b"\x1dv0\x00\x20\x00\x01\x00" + bytes(32)
    assert decode(wide + CUT)[1] == ["256 dots at 0 are wider than the paper"]


@given(
    st.lists(
        st.sampled_from(
            [b"text\n", b"\x1b@", b"\x1dv0\x00\x01\x00\x02\x00\x10\x04", b"\x1dVA\x01", CUT]
            + [b"\x1d(k\x03\x001Q0", b"\x1dkI\x03abc", b"\x1dk\x04abc\x00", b"\x10\x04\x01"]
        ),
        max_size=8,
    ).map(b"".join),
    st.integers(1, 7),
)
def test_however_the_bytes_are_cut_the_papers_are_the_same(data, size):
    whole, faults = decode(data)
    decoder = Decoder(96)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    results = [result for piece in pieces for result in decoder.feed(piece)]
    assert [r.text for r in results] == [r.text for r in whole]
    assert [r.image.tobytes() for r in results] == [r.image.tobytes() for r in whole]
    assert decoder.faults == faults


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data):
    decode(data)
