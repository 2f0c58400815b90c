"""The words of screens, receipts and result codes: one JSON catalogue per language.

The one rule: every catalogue has the same keys and, under each, the same {placeholders}. Keys
are stable codes (`verdict.PAID.title`, `notice.key_used`, `linepay.1142`). A sentence under
`linepay.` says what LINE Pay said, never what that means for the money: the verdict does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

LANGUAGES: Final = ("en", "zh-TW", "th", "ja")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All words of one of LANGUAGES, read once; raises ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    data = files(__package__).joinpath(f"{language}.json").read_bytes()
    return MappingProxyType(msgspec.json.decode(data, type=dict[str, str]))
