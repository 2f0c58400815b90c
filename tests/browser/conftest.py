"""A real browser on the page of a real demo; no request is intercepted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import devices.printers

from .demo import Demo
from .till import Till

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FONTS = Path(devices.printers.__file__).parent / "fonts"
FONT_CONFIG = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir><cachedir>{cache}</cachedir>
</fontconfig>
"""

Open = Callable[..., Till]


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, with the fonts of the receipts: Thai and Chinese are no empty boxes."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("there is no chromium on the PATH: apt-get install chromium, as .ci/run does")
    folder = tmp_path_factory.mktemp("fonts")
    config = folder / "fonts.conf"
    config.write_text(FONT_CONFIG.format(fonts=FONTS, cache=folder / "cache"))
    environ = {**os.environ, "FONTCONFIG_FILE": str(config)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=SWITCHES, env=dict(environ)
        )
        yield browser
        browser.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts the demo of this test; `scale` shortens its waits."""
    demos: list[Demo] = []

    def begin(scale: float = 1.0) -> Demo:
        demos.append(Demo(tmp_path, scale=scale))
        return demos[-1]

    yield begin
    for demo in demos:
        demo.end()


@pytest.fixture
def open_till(browser: Browser) -> Iterator[Open]:
    """Opens the page of a demo. After the test, no page may have complained of anything."""
    tills: list[Till] = []

    def look(demo: Demo, *, width: int = 1024, height: int = 600, touch: bool = False) -> Till:
        page: Page = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, locale="en-US"
        ).new_page()
        tills.append(Till(page, demo))
        return tills[-1]

    yield look
    complaints = [complaint for till in tills for complaint in till.witness.complaints]
    for till in tills:
        till.page.context.close()
    assert complaints == []


@pytest.fixture
def till(start: Callable[..., Demo], open_till: Open) -> Till:
    """The page of a demo of its own, at 1024x600."""
    return open_till(start())
