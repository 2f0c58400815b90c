from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.daemon.sandbox import Sandbox

from .proxy import Proxy


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with Proxy(upstream(sandbox)) as proxy:
        yield proxy


def upstream(sandbox: Sandbox) -> tuple[str, int]:
    parts = urlsplit(sandbox.base_url)
    return str(parts.hostname), int(parts.port or 0)
