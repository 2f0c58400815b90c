"""A real browser on the page of a real demo; no request is intercepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from .chromium import chromium
from .counter import Counter
from .demo import Demo
from .till import Till

Open = Callable[..., Till]


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("fonts")) as browser:
        yield browser


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
def counter(tmp_path: Path) -> Iterator[Counter]:
    """posd with devices that the test tells what happens to them."""
    counter = Counter(tmp_path, scale=0.1)
    yield counter
    counter.end()


@pytest.fixture
def open_till(browser: Browser) -> Iterator[Open]:
    """Opens the page of a demo. After the test, no page may have complained of anything."""
    tills: list[Till] = []

    def look(
        demo: Demo | Counter, *, width: int = 1024, height: int = 600, touch: bool = False
    ) -> Till:
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
