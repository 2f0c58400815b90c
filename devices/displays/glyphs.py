"""Which texts a display can show in full.

The one rule: where a display does not say, only ASCII is taken for granted.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from devices.interfaces import CustomerDisplay


@runtime_checkable
class GlyphSet(Protocol):
    """A display that knows its own characters; kept by the display itself."""

    def has_glyphs(self, text: str) -> bool:
        """Whether every character of `text` can be shown as it is."""


def can_show(display: CustomerDisplay, text: str) -> bool:
    """Whether `display` shows `text` without a gap."""
    return display.has_glyphs(text) if isinstance(display, GlyphSet) else text.isascii()
