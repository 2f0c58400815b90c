"""CODE128 (ISO/IEC 15417): text in the sets B and C. Pure.

The one rule: digits go two by two (set C) where that is shorter, for a bitmap and for a printer
that draws it alike, so that both are as wide.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Literal

Set = Literal["B", "C"]
_START: dict[Set, int] = {"B": 104, "C": 105}
_SWITCH: dict[Set, int] = {"B": 100, "C": 99}
_STOP = "2331112"
_MODULUS = 103
# six widths a symbol, bar and space in turn, by its value
_WIDTHS = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
]  # fmt: skip


def parts(data: str) -> list[tuple[Set, str]]:
    """Printable ASCII `data` cut into runs of one set each; those of C are pairs of digits.

    C is worth its change of set (annex E): for four digits at either end, for six within.
    """
    runs = re.findall(r"[0-9]+|[^0-9]+", data)
    pieces: list[tuple[Set, str]] = []
    for place, run in enumerate(runs):
        few = 2 if len(data) == 2 else 4 if place in (0, len(runs) - 1) else 6
        if not run[0].isdigit() or len(run) < few:
            pieces.append(("B", run))
        elif place == 0:  # an odd digit stands where no change of set is needed for it
            even = len(run) // 2 * 2
            pieces += [("C", run[:even]), ("B", run[even:])]
        else:
            odd = len(run) % 2
            pieces += [("B", run[:odd]), ("C", run[odd:])]
    pieces = [(name, text) for name, text in pieces if text]
    return [(name, "".join(text for _, text in same)) for name, same in groupby(pieces, _set_of)]


def modules(data: str) -> list[bool]:
    """The bars of `data` from left to right, True for a dark module; no quiet zone."""
    widths = "".join(_WIDTHS[value] for value in _values(data)) + _STOP
    return [place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width))]


def escpos_data(data: str) -> bytes:
    """`data` for GS k: `{B` and `{C` choose the set; in C a byte is a pair, in B `{{` a brace."""
    written = b""
    for name, text in parts(data):
        written += b"{" + name.encode()
        written += bytes(_pairs(text)) if name == "C" else text.replace("{", "{{").encode()
    return written


def _values(data: str) -> list[int]:
    """The symbols with the start before and the check symbol behind them."""
    values: list[int] = []
    for name, text in parts(data):
        values.append(_SWITCH[name] if values else _START[name])
        values += _pairs(text) if name == "C" else [ord(char) - ord(" ") for char in text]
    weighted = sum(max(1, place) * value for place, value in enumerate(values))
    return [*values, weighted % _MODULUS]


def _pairs(digits: str) -> list[int]:
    return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]


def _set_of(piece: tuple[Set, str]) -> Set:
    return piece[0]
