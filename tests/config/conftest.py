from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .desk import SMALLEST, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def changed() -> Callable[[str, str], str]:
    """The smallest configuration with one text replaced."""

    def change(old: str, new: str) -> str:
        assert old in SMALLEST
        return SMALLEST.replace(old, new)

    return change
