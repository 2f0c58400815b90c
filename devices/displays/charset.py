"""Text to the bytes of a display's character set, one byte a cell.

The one rule: a byte leaves only for a character that the set has, so that no display shows
rubbish and no text can command one. A full-width character is two bytes and stands on two cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

COLUMNS = 20

_CODECS = {name: name for name in ("ascii", "big5", "gb2312", "gbk")} | {
    f"cp{number}": f"cp{number}"
    for number in (437, 737, 850, 852, 855, 858, 860, 862, 863, 865, 866, 874, 932, 949, 950, 1252)
}
_CODECS["tis620"] = "tis_620"
CHARSETS = tuple(sorted(_CODECS))


def has_glyphs(text: str, charset: str) -> bool:
    """Whether every character of `text` is in `charset`."""
    return all(_bytes_of(character, charset) for character in text)


def cells(text: str, charset: str) -> bytes:
    """`text` as exactly COLUMNS bytes: cut or filled with blanks.

    A character that `charset` lacks becomes the plain letters in it (é: e), or is left out.
    """
    line = b""
    for glyph in _glyphs(text, charset):
        if len(line) + len(glyph) > COLUMNS:
            break
        line += glyph
    return line.ljust(COLUMNS)


def _glyphs(text: str, charset: str) -> Iterator[bytes]:
    for character in text:
        own = _bytes_of(character, charset)
        if own:
            yield own
        else:
            for part in unicodedata.normalize("NFKD", character):
                yield _bytes_of(part, charset)


def _bytes_of(character: str, charset: str) -> bytes:
    """The bytes of one character; b"" where the set lacks it or it is a control character."""
    if not character.isprintable():
        return b""
    try:
        return character.encode(_CODECS[charset])
    except UnicodeEncodeError:
        return b""
