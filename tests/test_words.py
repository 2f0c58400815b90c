"""The catalogues agree with one another and with the codes they speak for."""

from __future__ import annotations

import json
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest

from devices.values import PrinterCondition
from posd.core import order, payment, printing
from posd.core.code_kinds import CodeKind
from posd.linepay.result_codes import CODES
from posd.words import LANGUAGES, catalogue

VERDICTS = "WORKING PAID PAID_LATE NOT_PAID NOT_CONFIRMED READY ARMED WAITING CALL_SUPERVISOR"
NOTICES = (
    "scan_not_armed scan_too_early key_used key_product_code sale_open reference_live"
    " same_amount_unresolved gateway_unreachable not_selling"
)
RECEIPT = (
    "sale copy unknown test merchant branch lane cashier tax_id order receipt_number transaction"
    " amount total balance credit_card point discount card date not_tax_invoice thank_you"
    " paid_with item"
)
PARTS = ("title", "next", "customer")
KINDS = [kind for kind in CodeKind if kind is not CodeKind.KEY]  # each is a wrong code
NEEDED = (
    [f"verdict.{name}.{part}" for name in VERDICTS.split() for part in PARTS]
    + [f"notice.{name}" for name in NOTICES.split()]
    + [f"reason.{n}" for n in ["declined", "absent", "cancelled", "failed", "restart"]]
    + [f"printer.{name}.{part}" for name in PrinterCondition for part in ("title", "next")]
    + [f"scanner.{name}.{part}" for name in ("connected", "lost") for part in ("title", "next")]
    + [f"receipt.{name}" for name in RECEIPT.split()]
    + [f"next.{n}" for n in ["new_code", "other_tender", "wait", "technician", "supervisor"]]
    + [entry.words for entry in CODES.values()]
    + ["linepay.unknown"]
)
SCRIPT_OF = {"zh-TW": ("\u4e00", "\u9fff"), "th": ("\u0e00", "\u0e7f"), "ja": ("\u3040", "\u9fff")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", NEEDED)
def test_every_code_has_its_words(key):
    assert key in catalogue("en")


def test_every_refusal_of_the_core_has_its_words():
    codes = {f"key_{kind}" for kind in KINDS}
    for row in (*payment.REFUSED.values(), *printing.REFUSED.values()):
        codes |= set(row.values())
    for source in Path(payment.__file__).parent.glob("*.py"):
        codes |= set(re.findall(r'NotAllowed\("([a-z_]+)"', source.read_text()))
    assert "same_amount_unresolved" in codes
    assert {code for code in codes if f"notice.{code}" not in catalogue("en")} == set()


@pytest.mark.parametrize("reason", order.Attention)
def test_every_reason_to_look_has_its_words(reason):
    assert f"attention.{reason}" in catalogue("en")


@pytest.mark.parametrize("verdict", order.Verdict)
def test_every_verdict_of_the_core_has_its_words(verdict):
    assert f"verdict.{verdict}.title" in catalogue("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_are_the_same_in_the_same_order(language):
    assert list(catalogue(language)) == list(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_are_the_same(language):
    for key, text in catalogue("en").items():
        assert placeholders(catalogue(language)[key]) == placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_in_a_file(language):
    pairs = json.loads(
        files("posd.words").joinpath(f"{language}.json").read_bytes(), object_pairs_hook=list
    )
    assert len(pairs) == len(dict(pairs))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_one_trimmed_line(language):
    for key, text in catalogue(language).items():
        assert text and text == text.strip() and text.isprintable(), key


@pytest.mark.parametrize("language", SCRIPT_OF)
def test_every_text_is_translated(language):
    first, last = SCRIPT_OF[language]
    for key, text in catalogue(language).items():
        assert any(first <= character <= last for character in text), key


def test_every_japanese_sentence_has_kana():
    for key, text in catalogue("ja").items():
        if "。" in text:
            assert any("\u3040" <= character <= "\u30ff" for character in text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdicts_can_be_told_apart(language):
    titles = [
        catalogue(language)[f"verdict.{name}.title"]
        for name in VERDICTS.split()
        if name != "WAITING"
    ]
    assert len(set(titles)) == len(titles)


def test_another_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'ko' is not one of en, zh-TW, th, ja"):
        catalogue("ko")


def test_a_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        catalogue("en")["verdict.PAID.title"] = "FREE"
