"""Which font draws which character: the owner's, Debian's, and subsets that come with us.

The one rule: no character disappears; what no font has is drawn as a box and can be asked for.
A Noto CJK font has no Thai and a Thai font no Latin digits, so each cluster has its font. ASCII is
drawn in one font always, on the printer's own grid: numbers stand below those of plain lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from devices.options import BadOption
from devices.printers.charmap import Charmap, charmap
from devices.printers.text import clusters

SIZE_PX = 24  # a printer's font A is 12 x 24 dots: full-width characters are two cells wide
INK = 255  # what Pillow holds for a set dot of mode "1"
MISSING = "\u25a1"
_MORE = 16  # a bit less than half is ink: thin strokes stay whole on paper
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
class Glyph:
    """What is drawn for one cluster, `text`; `ink` is mode "1", None for a blank.

    `left_px` and `top_px` lead from the pen on the baseline to the ink, `width_px` to the next pen.
    """

    text: str
    width_px: int
    ink: Image.Image | None = None
    left_px: int = 0
    top_px: int = 0


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
        self.glyphs = lru_cache(maxsize=1024)(self._glyphs)
        self._face_of = lru_cache(maxsize=4096)(self._find_face)

    def lacks(self, char: str) -> bool:
        """Whether no font has this character."""
        return self._face_of(char) is None

    def width_px(self, text: str, size_px: int) -> int:
        """How wide `text` is when it is drawn: as wide as its clusters together."""
        return sum(glyph.width_px for glyph in self.glyphs(text, size_px))

    def _glyphs(self, text: str, size_px: int) -> tuple[Glyph, ...]:
        return tuple(
            _drawn(part, face, size_px, self.language)
            for cluster in clusters(text)
            for part, face in self._parts(cluster)
        )

    def _parts(self, cluster: str) -> list[tuple[str, Face]]:
        """What can be drawn of it: all in one, or where no font has all of it, its characters."""
        face = self._face_of(cluster)
        if face:
            return [(cluster, face)]
        found = [(char, self._face_of(char)) for char in cluster]
        return [(char, face) if face else (MISSING, _GRID) for char, face in found]

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


def as_ink(grey: Image.Image) -> Image.Image:
    """The dots of letters drawn in grey, in mode "1".

    Pillow's own black and white puts a run of letters a dot too high or not, by its highest one.
    """
    # Image.point takes a table and 0.1 ms to look at it
    darker = ImageChops.add(grey, grey, 2, _MORE)
    return darker.convert("1", dither=Image.Dither.NONE)


def _has(face: Face, cluster: str) -> bool:
    return all(char in face.characters for char in cluster)


@lru_cache(maxsize=8192)
def _drawn(text: str, face: Face, size_px: int, language: str | None) -> Glyph:
    font = face.font(size_px)
    width = round(font.getlength(text, language=language))
    canvas = Image.new("L", (width + 2 * size_px, 3 * size_px))
    pen = (size_px, 2 * size_px)
    ImageDraw.Draw(canvas).text(pen, text, INK, font, "ls", language=language)
    inked = as_ink(canvas)
    box = inked.getbbox()
    if box is None:
        return Glyph(text, width)
    return Glyph(text, width, inked.crop(box), box[0] - pen[0], box[1] - pen[1])


@lru_cache(maxsize=32)
def _font(path: str, index: int, size_px: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, size_px, index=index, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> BadOption:
    return BadOption("fonts", f"{path} is no font that can be read ({error})")
