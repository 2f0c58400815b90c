"""The demo's shop: a configuration and a secret in a temporary directory, as a shop would write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from devices import registry
from posd.config import Config, load
from posd.core.people import Role
from posd.demo.twins import Twins
from posd.people.pins import hashed
from posd.people.store import FILE_NAME, PeopleStore, Person

PAPER_DOTS = 576  # 80 mm
SUPERVISOR, PIN = "Lin", "4711"


def write_shop(
    directory: Path, *, twins: Twins, api: str, listen: str, scale: float = 1.0
) -> Config:
    """Write config.yaml and secret.txt for these twins, and load them as `posd run` would.

    The environment is left out: what is set there for a real lane must not reach into the demo.
    """
    secret = directory / "secret.txt"
    secret.touch(mode=0o600)
    secret.write_text(f"{twins.sandbox['channel_secret']}\n", encoding="ascii")
    path = directory / "config.yaml"
    values = _values(twins, api, listen, directory / "state")
    values["timing"] = {"scale": scale}
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    config = load(path, drivers=registry, environ={})
    _hire(Path(config.state_dir))
    return config


def _hire(state_dir: Path) -> None:
    """Somebody who may refund."""
    person = Person(SUPERVISOR, Role.SUPERVISOR, hashed(PIN))
    PeopleStore(state_dir / FILE_NAME).put(person)


def _values(twins: Twins, api: str, listen: str, state_dir: Path) -> dict[str, Any]:
    return {
        "store": {"id": "DEMO", "name": "Corner Tea", "branch": "永康店"},
        "lane": {"id": "L01"},
        "country": "TW",
        "currency": "TWD",
        "language": "en",
        "linepay": {
            "api": api,
            "base_url": twins.sandbox["base_url"],
            "channel_id": twins.sandbox["channel_id"],
            "channel_secret_file": "secret.txt",
            "device_profile_id": "DEMO-L01",
            "device_type": "POS",
        },
        "scanner": {"driver": "serial", "port": twins.scanner_port},
        "printer": {
            "driver": "escpos",
            "transport": "network",
            "address": twins.printer_address,
            "dots": PAPER_DOTS,
        },
        "receipt": {"footer": ["Thank you · 謝謝光臨 · ขอบคุณค่ะ"]},
        "api": {"listen": listen, "open_page": True},
        "log": {"level": "warning"},
        "state_dir": str(state_dir),
    }
