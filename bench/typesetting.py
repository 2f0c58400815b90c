"""What a receipt costs before it goes to the printer: its time and its bytes.

Rule: of forty lines ten are in another script, and no line was drawn before, but where it says so;
python-escpos sets the same receipts, as text and as one picture, in the same run.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.children import Child
from bench.figures import Figure, median, p99
from bench.plan import Plan
from devices.printers.encode import Encoder
from devices.printers.escpos_library import plain_writer
from devices.printers.options import EscposOptions
from devices.printers.preview import paper
from devices.values import Align, Columns, Element, ReceiptDocument, Rule, Text

DOTS = 576
LINES = 40
SCRIPTS = {
    "zh-TW": "珍珠奶茶大杯少冰烏龍鮮奶綠茶冬瓜檸檬紅茶拿鐵微糖去冰外帶內用塑膠袋招牌咖啡歐蕾熱飲",
    "ja": "緑茶ホット抹茶ラテ珈琲牛乳大盛り弁当味噌汁唐揚げ定食袋割引領収書サイズあいうえお",
    "th": "ชานมไข่มุกแก้วใหญ่หวานน้อยน้ำแข็งกาแฟเย็นขนมปังปิ้งเนยนมข้าวผัดกุ้งต้มยำไก่ทอดส้มตำที่นี่",
}
_OPTIONS = EscposOptions(transport="file", path="/dev/null", dots=DOTS)
_SCRIPT_ITEMS = 6
_TEXT_ITEMS = 20
_LETTERS = 12  # of a name


def receipts(plan: Plan, _place: Path) -> Iterator[Figure]:
    """The first one of a process, later ones, and one that is text alone."""
    cold = {language: _first_ms(language, plan.starts) for language in SCRIPTS}
    worst = max(cold, key=lambda language: cold[language]["took_ms"])
    yield Figure("typeset_cold_ms", cold[worst]["took_ms"], "ms", {"cpu_ms": cold[worst]["cpu_ms"]})
    encoder = Encoder(_OPTIONS)
    encoder.job(document("", 0))
    yield _warm(encoder, plan.starts)
    text = [_took_ms(partial(encoder.job, document("", n))) for n in range(plan.sales)]
    yield Figure("typeset_text_ms", median(text), "ms", {"p99": p99(text)})
    yield _share_of_bytes(encoder)
    yield from _by_python_escpos(plan.starts)


def document(language: str, number: int) -> ReceiptDocument:
    """A receipt of LINES lines; with a language ten of them are in its script.

    Each of the ten is unlike those of every other `number`.
    """
    names = _names(language, number)
    head: list[Element] = [
        Text(next(names), Align.CENTER, bold=True, double=True),
        Text(next(names), Align.CENTER),
        Rule(),
    ]
    items = [Columns(next(names), f"{90 + at}.00") for at in range(_SCRIPT_ITEMS)]
    more = [Columns(f"Item {number} {at}", f"{at}.00") for at in range(_TEXT_ITEMS)]
    total = Columns(next(names), "1,240.00", bold=True, double=True)
    foot = [Text(f"Line {number} {at}") for at in range(LINES)]
    body = [*head, *items, *more, Rule(), total, Text(next(names), Align.CENTER)]
    return ReceiptDocument((*body, *foot[: LINES - len(body)]), language or "en")


def _names(language: str, number: int) -> Iterator[str]:
    letters = SCRIPTS.get(language)
    for at in itertools.count(number * LINES):
        if letters is None:
            yield f"Corner Tea {at}"
        else:
            start = at * 7 % (len(letters) - _LETTERS)
            yield f"{letters[start : start + _LETTERS // 2 + at % 5]} {at}"


def _first_ms(language: str, starts: int) -> dict[str, float]:
    """What the first receipt of a process takes, its libraries loaded and no more."""
    readings = []
    for _ in range(starts):
        with Child("bench.first_receipt", language) as child:
            readings.append(child.hello)
    return {key: median([reading[key] for reading in readings]) for key in ("took_ms", "cpu_ms")}


def _warm(encoder: Encoder, times: int) -> Figure:
    took = {}
    for language in SCRIPTS:
        encoder.job(document(language, 0))
        jobs = [document(language, number) for number in range(1, times + 1)]
        took[language] = median([_took_ms(partial(encoder.job, job)) for job in jobs])
    again = median([_took_ms(partial(encoder.job, document("th", times))) for _ in range(times)])
    worst = max(took, key=took.__getitem__)
    return Figure("typeset_warm_ms", took[worst], "ms", {**took, "same_again": again})


def _share_of_bytes(encoder: Encoder) -> Figure:
    """Of the bytes of python-escpos's picture of the same receipt; the script with the most."""
    ours = {language: len(encoder.job(document(language, 0))) for language in SCRIPTS}
    theirs = {language: len(_picture(document(language, 0))) for language in SCRIPTS}
    shares = {language: ours[language] / theirs[language] for language in SCRIPTS}
    worst = max(shares, key=shares.__getitem__)
    notes = {
        "bytes": ours[worst],
        "picture_bytes": theirs[worst],
        "text_bytes": _text_bytes(encoder),
    }
    return Figure("typeset_bytes_share", shares[worst], "times", shares | notes)


def _text_bytes(encoder: Encoder) -> int:
    return len(encoder.job(document("", 0)))


def _by_python_escpos(times: int) -> Iterator[Figure]:
    """Its own two ways: text, where the printer must have the letters, and one picture."""
    text = median([_took_ms(partial(_text, document("zh-TW", 0))) for _ in range(times)])
    yield Figure("escpos_text_ms", text, "ms", {"bytes": len(_text(document("zh-TW", 0)))})
    took = [_took_ms(partial(_picture, document("zh-TW", n))) for n in range(times)]
    yield Figure("escpos_picture_ms", median(took), "ms")


def _picture(receipt: ReceiptDocument) -> bytes:
    writer = _writer()
    writer.image(paper(receipt, dots=DOTS).convert("L").point(lambda grey: 255 - grey))
    writer.cut()
    return bytes(writer.output)


def _text(receipt: ReceiptDocument) -> bytes:
    writer = _writer()
    for element in receipt.elements:
        match element:
            case Text(text):
                writer.text(text + "\n")
            case Columns(left, right):
                writer.text(left.ljust(DOTS // 12 - len(right)) + right + "\n")
            case _:
                writer.text("-" * (DOTS // 12) + "\n")
    writer.cut()
    return bytes(writer.output)


def _writer() -> Any:
    plain_writer("default")  # loads the library without what it leaves behind
    from escpos.printer import Dummy  # noqa: PLC0415 - as above

    writer = Dummy(profile="TM-T20II")
    writer.hw("INIT")
    return writer


def _took_ms(work: Callable[[], object]) -> float:
    before_s = time.perf_counter()
    work()
    return (time.perf_counter() - before_s) * 1000
