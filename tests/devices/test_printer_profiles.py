"""What a model's profile changes: the width, and which letters are printed as letters."""

from __future__ import annotations

import pytest
from contracts import PATIENCE_S
from hypothesis import given
from hypothesis import strategies as st
from printer_rigs import PROMPT

from devices.options import BadOption
from devices.printers.encode import Encoder
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.printers.text import clean
from devices.simulated.decoder import Decoder
from devices.values import Align, Columns, ReceiptDocument, Text


def options(**changed):
    return EscposOptions(address="192.0.2.9:9100", **changed)


def printed(document, **changed):
    made = options(**changed)
    decoder = Decoder(made.dots)
    paper, _ = decoder.feed(Encoder(made).job(document))
    assert decoder.faults == []
    return paper.text


@pytest.mark.parametrize(
    ("profile", "dots"),
    [
        ("default", 576),
        ("TM-T20II", 576),
        ("TM-T88V", 512),
        ("POS-5890", 384),
        ("TM-P80-42col", 544),
        ("RP326", 576),
    ],
)
def test_a_width_of_0_is_the_profiles_in_whole_bytes_and_the_usual_one_where_it_says_none(
    profile, dots
):
    assert options(profile=profile, dots=0).dots == dots


def test_a_stated_width_wins_over_the_profiles():
    assert options(profile="TM-T88V", dots=384).dots == 384
    assert options(profile="TM-T88V").dots == 576


def test_a_profile_too_narrow_for_a_receipt_is_refused():
    with pytest.raises(BadOption, match="dots: 96 is not within"):
        options(profile="AF-240", dots=0)


def test_a_profile_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(BadOption, match=r"no profile 'TM-T88X'; did you mean TM-T88"):
        options(profile="TM-T88X")
    with pytest.raises(BadOption, match="leave it out if unsure"):
        options(profile="??")


def test_letters_of_a_page_that_the_printer_has_stay_letters():
    document = ReceiptDocument(
        (Text("Café"), Columns("Crème brûlée", "5 €"), Text("Łódź", Align.RIGHT), Text("plain"))
    )
    text = printed(document, profile="TM-T20II")
    assert text[0] == "Café"
    assert text[1].startswith("Crème brûlée ") and text[1].endswith(" 5 €")
    assert len(text[1]) == 48
    assert text[2] == "Łódź".rjust(48)
    assert text[3] == "plain"


@pytest.mark.parametrize("word", ["收據", "ใบเสร็จ", "レシート", "Café 茶", "e\u0308\u0323", "שלום"])
def test_what_no_page_has_is_dots(word):
    assert printed(ReceiptDocument((Text(word),)), profile="TM-T20II") == ("[dots]",)


def test_the_default_profile_is_believed_to_have_ascii_only():
    assert printed(ReceiptDocument((Text("Café"), Text("Cafe")))) == ("[dots]", "Cafe")


def test_a_page_is_chosen_once_for_lines_that_share_it_and_again_after_a_new_job():
    document = ReceiptDocument((Text("é"), Text("x"), Text("è")))
    encoder = Encoder(options(profile="TM-T20II"))
    for _ in range(2):
        assert encoder.job(document).count(b"\x1c.\x1bt") == 1


@given(st.text("Café €£ñÅøßŁž茶ไ\x1b\x10", max_size=20))
def test_whatever_stays_letters_comes_out_as_it_was_written(word):
    lines = printed(ReceiptDocument((Text(word),)), profile="TM-T20II")
    if "[dots]" not in lines:
        assert lines == (clean(word).rstrip(" ") if len(word) > 48 else clean(word),)


def test_a_printer_without_a_knife_is_fed_and_not_cut():
    encoder = Encoder(options(profile="POS-5890"))
    job = encoder.job(ReceiptDocument((Text("tea"),)))
    assert b"\x1dV" not in job + encoder.end_of_torn_job()
    assert job.endswith(b"\x1bd\x06\x1dr\x01")


def test_a_receipt_on_narrow_paper_fills_it(virtual_printer):
    made = EscposOptions(address=virtual_printer.address, profile="RP-F10-58mm", dots=0, **PROMPT)
    EscposPrinter(made).print(ReceiptDocument((Columns("tea", "120"),)), PATIENCE_S)
    (line,) = virtual_printer.papers.get(timeout=PATIENCE_S).text
    assert len(line) == 432 // 12
