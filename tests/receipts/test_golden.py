"""The bytes and pictures that are kept are those of today, and say what the document says."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from devices.printers.preview import height_dots, paper
from devices.printers.typeset import RasterLine, missing_glyphs, typeset
from devices.simulated.decoder import Decoder, Paper
from devices.values import Barcode, QrCode
from posd.cli.receipt import KINDS
from posd.cli.receipt import SAMPLES as SAMPLE_NAMES
from posd.cli.receipt.samples import SAMPLES
from tests.receipts import drawing
from tests.receipts.drawing import FONTS, GOLDEN, OTHERS, PICTURES, SALES, WIDTHS

AGAIN = "run: python -m tests.receipts.drawing, and look at what changed"
EVERY = [(kind, sample, dots) for kind in KINDS for sample in SAMPLES for dots in WIDTHS]
CENTIMETRE_DOTS = 80


def pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("1")


@pytest.mark.parametrize(("kind", "sample", "dots"), SALES)
def test_the_golden_bytes_are_the_job_of_today(kind: str, sample: str, dots: int) -> None:
    kept = (GOLDEN / f"{sample}-{dots}.bin").read_bytes()
    assert kept == drawing.golden_bytes(sample, dots), AGAIN


@pytest.mark.parametrize(("kind", "sample", "dots"), [*SALES, *OTHERS])
def test_the_pictures_show_the_paper_of_today(kind: str, sample: str, dots: int) -> None:
    kept = pixels((PICTURES / f"{kind}-{sample}-{dots}.png").read_bytes())
    today = pixels(drawing.picture(kind, sample, dots))
    assert kept.size == today.size, AGAIN
    assert ImageChops.logical_xor(kept, today).getbbox() is None, AGAIN


def test_nothing_is_kept_that_is_no_longer_drawn() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{sample}-{dots}.bin" for _, sample, dots in SALES
    }
    assert {path.name for path in PICTURES.iterdir()} == {
        f"{kind}-{sample}-{dots}.png" for kind, sample, dots in [*SALES, *OTHERS]
    }


def test_there_is_a_sample_of_every_name_and_a_picture_of_every_kind() -> None:
    assert tuple(SAMPLES) == SAMPLE_NAMES
    assert {kind for kind, _, _ in [*SALES, *OTHERS]} == set(KINDS)


@pytest.mark.parametrize(("kind", "sample", "dots"), SALES)
def test_another_reader_of_the_bytes_sees_the_same_dots(kind: str, sample: str, dots: int) -> None:
    document = drawing.drawn(kind, sample, dots)
    data = (GOLDEN / f"{sample}-{dots}.bin").read_bytes()
    (seen,) = [found for found in Decoder(dots).feed(data) if isinstance(found, Paper)]
    wanted, y, compared = paper(document, dots=dots, fonts=FONTS), 0, 0
    for line in typeset(document, dots=dots, fonts=FONTS):
        if isinstance(line, RasterLine):  # letters look as each printer draws them
            rows = (0, y, dots, y + height_dots(line))
            ours, theirs = wanted.crop(rows), seen.image.crop(rows)
            assert ImageChops.logical_xor(ours, theirs).getbbox() is None
            compared += 1
        y += height_dots(line)
    assert compared >= 2
    assert "R26112406353846" in "".join(seen.text)


@pytest.mark.parametrize(("kind", "sample", "dots"), EVERY)
def test_every_kind_of_paper_is_a_test_and_has_every_letter(
    kind: str, sample: str, dots: int
) -> None:
    document = drawing.drawn(kind, sample, dots)
    assert missing_glyphs(document, fonts=FONTS) == ()
    words = SAMPLES[sample].rules.receipt.words
    marks = {words["receipt.test"], words["receipt.test_page"]}
    assert marks & {getattr(element, "text", "") for element in document.elements}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) is not here")
@pytest.mark.parametrize(("kind", "sample", "dots"), EVERY)
def test_a_reader_of_codes_reads_what_the_document_says(
    kind: str, sample: str, dots: int, tmp_path: Path
) -> None:
    document = drawing.drawn(kind, sample, dots)
    png = tmp_path / "paper.png"
    with Image.open(io.BytesIO(drawing.picture(kind, sample, dots))) as picture:
        margin = Image.new("L", (dots + 2 * CENTIMETRE_DOTS, picture.height), 255)
        margin.paste(picture, (CENTIMETRE_DOTS, 0))
        margin.save(png)
    done = subprocess.run(
        ["zbarimg", "-q", str(png)], capture_output=True, text=True, check=False, timeout=60
    )
    read = {tuple(line.split(":", 1)) for line in re.findall(r"^\S.*:.*$", done.stdout, re.M)}
    codes = [element for element in document.elements if isinstance(element, QrCode | Barcode)]
    assert read == {
        ("QR-Code" if isinstance(code, QrCode) else "CODE-128", code.data) for code in codes
    }
