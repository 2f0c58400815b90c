"""Takes the pictures of first-sale.md and first-day.md: `python -m tests.browser.pictures`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from .chromium import chromium
from .demo import Demo
from .till import Till

FOLDER = Path(__file__).parents[2] / "docs" / "images" / "page"
COLOURS = 160
SHORT = 0.1  # a verdict is due 6 s after the scan


def main() -> None:
    for scale, story in ((1.0, take_first_sale), (SHORT, take_first_day)):
        with tempfile.TemporaryDirectory() as name:
            take_story(Path(name), scale, story)


def take_story(folder: Path, scale: float, story: Callable[[Till], None]) -> None:
    """One demo, one page, one how-to."""
    demo = Demo(folder, scale=scale)
    try:
        with chromium(folder) as browser:
            size = {"width": 800, "height": 480}
            context = browser.new_context(viewport=size, reduced_motion="reduce")
            story(Till(context.new_page(), demo))
    finally:
        demo.end()


def take_first_sale(till: Till) -> None:
    """In the order of first-sale.md."""
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


def take_first_day(till: Till) -> None:
    """In the order of first-day.md."""
    for amount in ("120", "45", "60"):
        till.sell(amount)
        till.says("why", "page.receipt.PRINTED")
        till["new"].click()
    till.demo.arm("lost-late:300")
    till.charge("85")
    till.act("show-code").click()
    till.shows("NOT_CONFIRMED")
    take(till, "doubt")
    till.ask("abandon", "paid_otherwise")
    take(till, "stop-waiting")
    till.page.keyboard.press("Escape")
    till["new"].click()
    till["recent"].locator("button").first.click()
    till.ask("refund", "wrong_amount")
    till["act-actor"].fill("Lin")
    till["act-part"].click()
    till.pad("20")
    till["act-pin"].click()
    till.pad("4711")
    take(till, "refund")
    till.page.keyboard.press("Escape")
    till["new"].click()
    till.act("paper-out").click()
    till.says("devices", "printer.paper_out.title")
    till["help-open"].click()
    take(till, "help")
    till.page.keyboard.press("Escape")
    till["find-open"].click()
    expect(till["find-list"].locator("button")).to_have_count(4)
    take(till, "find")


def take(till: Till, name: str) -> None:
    """What the screen shows, in few colours."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(till.page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
