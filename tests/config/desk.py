"""A folder to write configurations into, and the smallest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from posd.config import Config, ConfigError, Problem, load

from .fakes import FakeDrivers

SMALLEST = """\
store: {id: S001, name: Corner Tea}
lane: {id: L01}
country: TW
currency: TWD
linepay:
  api: v4
  base_url: https://sandbox-api-pay.line.me
  channel_id: "1650000000"
  device_profile_id: L01-0001
  device_type: POS
scanner: {driver: wand, port: /dev/wand}
printer: {driver: press}
state_dir: /var/lib/posd
"""


class Desk:
    """Writes configurations into a folder and loads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "config.yaml"

    def load(self, text: str | bytes, **environ: str) -> Config:
        data = text.encode() if isinstance(text, str) else text
        self.path.write_bytes(data)
        return load(self.path, drivers=FakeDrivers(), environ=environ)

    def problems(self, text: str | bytes, **environ: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as caught:
            self.load(text, **environ)
        assert str(caught.value).splitlines() == [str(p) for p in caught.value.problems]
        return caught.value.problems

    def problem(self, text: str | bytes, **environ: str) -> Problem:
        (problem,) = self.problems(text, **environ)
        return problem

    def drop_in(self, name: str, text: str) -> None:
        (self.folder / "conf.d").mkdir(exist_ok=True)
        (self.folder / "conf.d" / name).write_text(text)
