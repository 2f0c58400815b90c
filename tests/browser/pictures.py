"""Takes the pictures of docs/how-to/first-sale.md: `python -m tests.browser.pictures`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from .chromium import chromium
from .demo import Demo
from .till import Till

FOLDER = Path(__file__).parents[2] / "docs" / "images" / "page"
COLOURS = 160


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = Demo(folder)
        try:
            with chromium(folder) as browser:
                size = {"width": 800, "height": 480}
                context = browser.new_context(viewport=size, reduced_motion="reduce")
                take_all(Till(context.new_page(), demo))
        finally:
            demo.end()


def take_all(till: Till) -> None:
    """The first sale, in the order of the how-to."""
    till.enter("120")
    take(till, "amount")
    till["charge"].click()
    till.shows("WAITING")
    take(till, "show-code")
    till.act("show-code").click()
    till.shows("PAID")
    till.says("why", "page.receipt.PRINTED")
    expect(till["receipt"]).to_be_visible()
    take(till, "paid")
    till["new"].click()
    till.charge("80")
    till.act("decline").click()
    till.shows("NOT_PAID")
    take(till, "declined")
    till["new"].click()
    till.charge("85")
    till.act("lost-answer").click()
    till.shows("WORKING")
    till.demo.end()
    till.shows("NOT_CONFIRMED")
    take(till, "not-confirmed")


def take(till: Till, name: str) -> None:
    """What the screen shows, in few colours."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(till.page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
