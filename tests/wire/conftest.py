from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.daemon.printer import EpsonPrinter
from tests.daemon.sandbox import Sandbox
from tests.daemon.shop import Shop

from .lane import Lane
from .proxy import Proxy


class Way:
    """The stand-in as a shop sees it: at the proxy's address."""

    def __init__(self, proxy: Proxy, sandbox: Sandbox) -> None:
        self.base_url = proxy.base_url
        self.channel_id, self.channel_secret = sandbox.channel_id, sandbox.channel_secret


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with Proxy(upstream(sandbox)) as proxy:
        yield proxy


@pytest.fixture
def closed_lane(sandbox: Sandbox, proxy: Proxy) -> Iterator[Lane]:
    """A lane of the test's own; its daemon is not started yet."""
    with made_lane(sandbox, proxy) as lane:
        yield lane


@pytest.fixture
def own_lane(closed_lane: Lane) -> Lane:
    """A lane of the test's own, for what no other sale should have to live with."""
    closed_lane.shop.start()
    return closed_lane


@pytest.fixture(scope="module")
def shared_lane(sandbox: Sandbox) -> Iterator[Lane]:
    with Proxy(upstream(sandbox)) as proxy, made_lane(sandbox, proxy) as lane:
        lane.shop.start()
        yield lane


@pytest.fixture
def lane(shared_lane: Lane) -> Iterator[Lane]:
    """One daemon for all sales of a module: what a fault leaves behind meets the next one."""
    yield shared_lane
    shared_lane.proxy.heal()


@contextmanager
def made_lane(sandbox: Sandbox, proxy: Proxy) -> Iterator[Lane]:
    folder = Path(tempfile.mkdtemp(prefix="posd-"))  # short: it holds a Unix socket
    with EpsonPrinter() as printer:
        shop = Shop(folder, Way(proxy, sandbox), printer.address)
        try:
            yield Lane(shop, proxy, sandbox, printer)
        finally:
            shop.close()
            shutil.rmtree(folder)


def upstream(sandbox: Sandbox) -> tuple[str, int]:
    parts = urlsplit(sandbox.base_url)
    return str(parts.hostname), int(parts.port or 0)
