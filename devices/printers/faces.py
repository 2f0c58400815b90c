"""Which font draws which character: the owner's, Debian's, then the subset shipped with us.

The one rule: no character disappears; what no font has is drawn as a box and can be asked for.
A Noto CJK font has no Thai and a Thai font no Latin digits, so a line is cut into runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from devices.options import BadOption
from devices.printers.text import clusters

SIZE_PX = 24  # a printer's font A is 12 x 24 dots: full-width characters are two cells wide
INK = 255  # what Pillow holds for a set dot of mode "1"
MISSING = "\u25a1"
_SHIPPED = files("devices.printers") / "fonts"
_SHIPPED_CJK = ("NotoSansMonoCJKtc-subset.otf", 0)
_SHIPPED_THAI = ("NotoSansThai-subset.ttf", 0)
# of the collections the faces with half-width Latin, Traditional Chinese first
_DEBIAN = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 8),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 1),
    ("/usr/share/fonts/truetype/noto/NotoSansThai-Regular.ttf", 0),
    ("/usr/share/fonts/opentype/tlwg/Loma.otf", 0),
    ("/usr/share/fonts/truetype/tlwg/Loma.ttf", 0),
)
_UNASSIGNED = "\U0010fffe"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one font, and how wide they are in pixels."""

    text: str
    font: ImageFont.FreeTypeFont
    width_px: int


class Faces:
    """A chain of fonts, asked in order for each character. Raises BadOption for an unusable one.

    `language` is a BCP 47 tag; it chooses the form of Han characters where the font has several.
    """

    def __init__(self, fonts: tuple[str, ...], language: str) -> None:
        debian = [place for place in _DEBIAN if Path(place[0]).exists()]
        shipped = [(str(_SHIPPED / name), index) for name, index in (_SHIPPED_CJK, _SHIPPED_THAI)]
        self._chain = [(font, 0) for font in fonts] + debian + shipped
        for path, index in self._chain:
            _font(path, index, SIZE_PX)
        self.language = None if language.startswith("en") else language.partition("-")[0]
        self.runs = lru_cache(maxsize=512)(self._runs)
        self._place_of = lru_cache(maxsize=4096)(self._find_place)

    @property
    def grid_font(self) -> tuple[str, int]:
        """The monospaced font on the printer's own 12 x 24 grid: what previews draw ASCII with."""
        return self._chain[-2]

    def lacks(self, char: str) -> bool:
        """Whether no font has this character."""
        return self._place_of(char) is None

    def width_px(self, text: str, size_px: int) -> int:
        """How wide `text` is when it is drawn."""
        return sum(run.width_px for run in self.runs(text, size_px))

    def _runs(self, text: str, size_px: int) -> tuple[Run, ...]:
        pieces: list[tuple[str, tuple[str, int]]] = []
        for cluster in clusters(text):
            place = self._place_of(cluster[0])
            drawn = cluster if place else MISSING
            place = place or self.grid_font
            if pieces and pieces[-1][1] == place:
                pieces[-1] = (pieces[-1][0] + drawn, place)
            else:
                pieces.append((drawn, place))
        return tuple(self._run(piece, place, size_px) for piece, place in pieces)

    def _run(self, text: str, place: tuple[str, int], size_px: int) -> Run:
        font = _font(*place, size_px)
        return Run(text, font, round(font.getlength(text, mode="1", language=self.language)))

    def _find_place(self, char: str) -> tuple[str, int] | None:
        return next((place for place in self._chain if _has(*place, char)), None)


@lru_cache(maxsize=16)
def faces(fonts: tuple[str, ...], language: str) -> Faces:
    """The chain for these font files and this language, made once."""
    return Faces(fonts, language)


@lru_cache(maxsize=32)
def _font(path: str, index: int, size_px: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, size_px, index=index, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise BadOption("fonts", f"{path} is no font that can be read ({error})") from error


def _has(path: str, index: int, char: str) -> bool:
    """Whether the font draws something other than its box for unknown characters."""
    return char.isspace() or _picture(path, index, char) != _box(path, index)


@lru_cache(maxsize=64)
def _box(path: str, index: int) -> bytes:
    return _picture(path, index, _UNASSIGNED)


def _picture(path: str, index: int, char: str) -> bytes:
    image = Image.new("1", (48, 48))
    ImageDraw.Draw(image).text(
        (12, 36), char, fill=INK, font=_font(path, index, SIZE_PX), anchor="ls"
    )
    return image.tobytes()
