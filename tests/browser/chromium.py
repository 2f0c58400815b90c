"""Debian's Chromium, with the fonts of the receipts: Thai and Chinese are no empty boxes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import devices.printers

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FONTS = Path(devices.printers.__file__).parent / "fonts"
FONT_CONFIG = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir><cachedir>{cache}</cachedir>
</fontconfig>
"""


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A browser without a window; `folder` takes its cache of fonts."""
    program = shutil.which("chromium")
    assert program, "there is no chromium on the PATH: apt-get install chromium, as .ci/run does"
    config = folder / "fonts.conf"
    config.write_text(FONT_CONFIG.format(fonts=FONTS, cache=folder / "cache"))
    environ = {**os.environ, "FONTCONFIG_FILE": str(config)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=SWITCHES, env={**environ}
        )
        yield browser
        browser.close()
