"""One-time keys: minted here, or well-formed ones that came from anywhere.

The rule: a key works once, and a minted one for five minutes (reference, 3.5). Keys that were never
minted are taken too, so that a person can type one and a foreign program needs no control call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posd.linepay.sandbox.faults import NO_FAULT, Fault
from posd.linepay.sandbox.key_patterns import MARKER, fault_of_key
from posd.linepay.sandbox.result_codes import Refused

LIFE_S = 300.0
MAX_MINTED = 1_000_000
COUNTRIES = ("TW", "TH")
FUNDINGS = ("balance", "card", "point", "mixed")

# Posted sandbox keys of Taiwan begin with 38 (reference, 3.5); of Thailand nothing is known.
_SHAPES = {"TW": ("38", 16), "TH": ("", 12)}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key carries: the fault of its payment and the purse that pays."""

    fault: Fault = NO_FAULT
    funding: str = "balance"


class KeyRing:
    """All keys seen or minted. `digits(n)` gives n random decimal digits."""

    def __init__(self, *, clock_s: Callable[[], float], digits: Callable[[int], str]) -> None:
        self._clock_s = clock_s
        self._digits = digits
        self._minted: dict[str, tuple[Key, float]] = {}
        self._used: set[str] = set()

    def mint(self, country: str, key: Key) -> str:
        """Make a fresh key of that country (TW or TH); it lives LIFE_S."""
        if len(self._minted) >= MAX_MINTED:
            raise Refused("9000", f"{MAX_MINTED} minted keys wait unused; start a new stand-in")
        start, count = _SHAPES[country]
        text = start + self._digits(count)
        while MARKER in text or text in self._minted or text in self._used:
            text = start + self._digits(count)
        self._minted[text] = (key, self._clock_s() + LIFE_S)
        return text

    def look(self, text: str) -> Key:
        """What the key carries; raises Refused with 1133 if it is used, expired or no key."""
        if text in self._used:
            raise Refused("1133", "the one-time key was used before")
        if text in self._minted:
            key, expires_s = self._minted[text]
            if self._clock_s() > expires_s:
                raise Refused("1133", "the one-time key is older than five minutes")
            return key
        if len(text) == 18 and not text.startswith("38"):
            raise Refused("1133", "the one-time key is none of Taiwan's: those begin with 38")
        return Key(fault_of_key(text))

    def use(self, text: str) -> None:
        """Make the key unusable from now on."""
        self._minted.pop(text, None)
        self._used.add(text)
