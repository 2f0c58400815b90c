"""One-time keys: minted here, or well-formed ones that came from anywhere.

The rule: a key works once, and a minted one for five minutes (reference, 3.5). Keys that were never
minted are taken too, so that a person can type one and a foreign program needs no control call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from posd.linepay.sandbox.faults import NO_FAULT, Fault
from posd.linepay.sandbox.key_patterns import MARKER, fault_of_key
from posd.linepay.sandbox.purse import Purse
from posd.linepay.sandbox.result_codes import Refused

LIFE_S = 300.0
MAX_MINTED = 1_000_000
COUNTRIES = ("TW", "TH")

# Posted sandbox keys of Taiwan begin with 38 (reference, 3.5); of Thailand nothing is known.
_SHAPES = {"TW": ("38", 16), "TH": ("", 12)}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key carries: the fault of its payment and the purse that pays."""

    fault: Fault = NO_FAULT
    purse: Purse = field(default_factory=Purse)


@dataclass(frozen=True, slots=True)
class Minted:
    """A key that waits for its payment; `expires_s` is seconds since the epoch."""

    text: str = field(repr=False)
    key: Key
    expires_s: float


class KeyRing:
    """All keys seen or minted. `digits(n)` gives n random decimal digits.

    `keep` is told of every key that is minted; used ones stand in the order book.
    """

    def __init__(
        self,
        *,
        clock_s: Callable[[], float],
        digits: Callable[[int], str],
        spent_code: str = "1133",
    ) -> None:
        self.keep: Callable[[Minted], None] = lambda minted: None
        self._clock_s = clock_s
        self._digits = digits
        self._spent_code = spent_code
        self._minted: dict[str, Minted] = {}
        self._used: set[str] = set()

    def mint(self, country: str, key: Key) -> str:
        """Make a fresh key of that country (TW or TH); it lives LIFE_S."""
        if len(self._minted) >= MAX_MINTED:
            raise Refused("9000", f"{MAX_MINTED} minted keys wait unused; start a new stand-in")
        start, count = _SHAPES[country]
        text = start + self._digits(count)
        while MARKER in text or text in self._minted or text in self._used:
            text = start + self._digits(count)
        minted = Minted(text, key, self._clock_s() + LIFE_S)
        self.take_in(minted)
        self.keep(minted)
        return text

    def take_in(self, minted: Minted) -> None:
        """Put a minted key on the ring."""
        if minted.text not in self._used:
            self._minted[minted.text] = minted

    def waiting(self) -> list[Minted]:
        """Keys that were minted and neither used nor expired."""
        now_s = self._clock_s()
        return [minted for minted in self._minted.values() if now_s <= minted.expires_s]

    def look(self, text: str) -> Key:
        """What the key carries; raises Refused if it is used, expired or no key."""
        if text in self._used:
            raise Refused(self._spent_code, "the one-time key was used before")
        if text in self._minted:
            if self._clock_s() > self._minted[text].expires_s:
                raise Refused(self._spent_code, "the one-time key is older than five minutes")
            return self._minted[text].key
        if len(text) == 18 and not text.startswith("38"):
            raise Refused("1133", "the one-time key is none of Taiwan's: those begin with 38")
        return Key(fault_of_key(text))

    def use(self, text: str) -> None:
        """Make the key unusable from now on."""
        self._minted.pop(text, None)
        self._used.add(text)
