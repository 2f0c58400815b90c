"""The demo's shop is made of its twins alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from posd.demo.shop import write_shop


def test_what_is_set_for_a_real_lane_does_not_reach_into_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSD_LINEPAY__BASE_URL", "https://sandbox-api-pay.line.me")
    stand_in = {
        "base_url": "http://127.0.0.1:9",
        "channel_id": "1650000000",
        "channel_secret": "stand-in-secret",
    }
    twins = SimpleNamespace(
        sandbox=stand_in, scanner_port="/dev/pts/0", printer_address="127.0.0.1:9100"
    )
    config = write_shop(tmp_path, twins=cast(Any, twins), api="v4", listen="127.0.0.1:0")
    assert config.linepay.base_url == stand_in["base_url"]
