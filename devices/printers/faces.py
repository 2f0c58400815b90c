"""Which font draws which character: the owner's, Debian's, and subsets that come with us.

The one rule: no character disappears; what no font has is drawn as a box and can be asked for.
A Noto CJK font has no Thai and a Thai font no Latin digits, so a line is cut into runs. ASCII is
drawn in one font always, on the printer's own grid: numbers stand below those of plain lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

from devices.options import BadOption
from devices.printers.charmap import Charmap, charmap
from devices.printers.text import clusters

SIZE_PX = 24  # a printer's font A is 12 x 24 dots: full-width characters are two cells wide
INK = 255  # what Pillow holds for a set dot of mode "1"
MISSING = "\u25a1"
DEBIAN = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file."""

    path: str
    index: int = 0

    def font(self, size_px: int) -> ImageFont.FreeTypeFont:
        """It in that size; raises BadOption for a file that is no font."""
        return _font(self.path, self.index, size_px)

    @property
    def characters(self) -> Charmap:
        """What it can draw; raises BadOption for a file that is no font."""
        try:
            return charmap(self.path, self.index)
        except OSError as error:
            raise _unreadable(self.path, error) from error


_SHIPPED = files("devices.printers") / "fonts"
_GRID = Face(str(_SHIPPED / "NotoSansMonoCJKtc-subset.otf"))
_LATIN = Face(str(_SHIPPED / "NotoSansMono-subset.ttf"))
SHIPPED = (_LATIN, _GRID, Face(str(_SHIPPED / "NotoSansThai-subset.ttf")))
# of the collections the faces with half-width Latin, Traditional Chinese first
_FOUND = (
    ("opentype/noto/NotoSansCJK-Regular.ttc", 8),
    ("truetype/wqy/wqy-zenhei.ttc", 1),
    ("truetype/noto/NotoSansThai-Regular.ttf", 0),
    ("opentype/tlwg/Loma.otf", 0),
    ("truetype/tlwg/Loma.ttf", 0),
)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one font, and how wide they are in pixels."""

    text: str
    font: ImageFont.FreeTypeFont
    width_px: int


class Faces:
    """A chain of fonts, asked in order for each character. Raises BadOption for an unusable one.

    `language` is a BCP 47 tag; it chooses the form of Han characters where the font has several.
    `folder` is where Debian keeps fonts.
    """

    def __init__(self, fonts: tuple[str, ...], language: str, *, folder: Path = DEBIAN) -> None:
        found = [Face(str(folder / name), index) for name, index in _FOUND]
        there = [face for face in found if Path(face.path).exists()]
        # Han fonts have some letters of other alphabets, none of them on the grid
        self.chain = (*(Face(font) for font in fonts), _LATIN, *there, *SHIPPED[1:])
        for face in self.chain:
            face.font(SIZE_PX)
        self.language = None if language.startswith("en") else language.partition("-")[0]
        self.runs = lru_cache(maxsize=512)(self._runs)
        self._face_of = lru_cache(maxsize=4096)(self._find_face)

    def lacks(self, char: str) -> bool:
        """Whether no font has this character."""
        return self._face_of(char) is None

    def width_px(self, text: str, size_px: int) -> int:
        """How wide `text` is when it is drawn."""
        return sum(run.width_px for run in self.runs(text, size_px))

    def _runs(self, text: str, size_px: int) -> tuple[Run, ...]:
        pieces: list[tuple[str, Face]] = []
        for drawn, face in self._pieces(text):
            if pieces and pieces[-1][1] == face:
                pieces[-1] = (pieces[-1][0] + drawn, face)
            else:
                pieces.append((drawn, face))
        return tuple(self._run(piece, face.font(size_px)) for piece, face in pieces)

    def _pieces(self, text: str) -> list[tuple[str, Face]]:
        """What can be drawn of `text`, cluster by cluster; where no font has one, by character."""
        pieces = []
        for cluster in clusters(text):
            parts = (cluster,) if self._face_of(cluster) else tuple(cluster)
            for part in parts:
                face = self._face_of(part)
                pieces.append((part, face) if face else (MISSING, _GRID))
        return pieces

    def _run(self, text: str, font: ImageFont.FreeTypeFont) -> Run:
        return Run(text, font, round(font.getlength(text, language=self.language)))

    def _find_face(self, cluster: str) -> Face | None:
        if cluster.isascii():
            return _GRID
        return next((face for face in self.chain if _has(face, cluster)), None)


@lru_cache(maxsize=16)
def faces(fonts: tuple[str, ...], language: str) -> Faces:
    """The chain for these font files and this language, made once."""
    return Faces(fonts, language)


def grid_font(size_px: int) -> ImageFont.FreeTypeFont:
    """The monospaced font on the printer's own 12 x 24 grid: previews draw its letters so."""
    return _GRID.font(size_px)


def _has(face: Face, cluster: str) -> bool:
    return all(char in face.characters for char in cluster)


@lru_cache(maxsize=32)
def _font(path: str, index: int, size_px: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, size_px, index=index, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> BadOption:
    return BadOption("fonts", f"{path} is no font that can be read ({error})")
