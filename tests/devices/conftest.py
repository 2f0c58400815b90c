"""Virtual hardware for the tests."""

from __future__ import annotations

import pytest

from devices.simulated.printer import VirtualPrinter
from devices.simulated.scanner import VirtualScanner


@pytest.fixture
def virtual_scanner(tmp_path):
    with VirtualScanner(link=str(tmp_path / "scanner")) as scanner:
        yield scanner


@pytest.fixture
def virtual_printer():
    with VirtualPrinter() as printer:
        yield printer
