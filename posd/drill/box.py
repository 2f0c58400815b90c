"""One lane's box: a directory of its own, the twins round it, and the posd on it.

Rule: LINE Pay is the stand-in of this box, on loopback, and the journal lies in this directory:
nothing of a shop is ever opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import yaml

from devices import registry
from posd.api_client import ApiClient
from posd.config import is_test, load
from posd.core.rules import Rules
from posd.demo.twins import Twin, TwinFailed, control
from posd.drill.processes import Victim
from posd.drill.scenarios import Mood
from posd.lane_rules import lane_rules


class Box:
    """A context manager; `victim` is None while no posd runs."""

    def __init__(self, directory: Path, module: str) -> None:
        """`module` is what is started as the daemon."""
        directory.mkdir(parents=True)
        self.directory = directory
        self.state = directory / "state"
        self.client = ApiClient(f"unix:{directory}/api")
        self.papers: list[str] = []
        self.mood: Mood | None = None
        self.victim: Victim | None = None
        self._module = module
        self._next = self._standing_by()
        self._gateway = Twin("posd.linepay.sandbox", "--exit-with-stdin", "--non-idempotent")
        self._scanner = Twin("devices.simulated", "scanner", "--link", str(directory / "scanner"))
        self._printer = Twin("devices.simulated", "printer")
        try:
            self._sandbox = self._gateway.told()
            self._port = str(self._scanner.told()["port"])
            self._paper_at = str(self._printer.told()["address"])
        except TwinFailed:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything."""
        for victim in (self.victim, self._next):
            if victim is not None:
                victim.kill()
        for twin in (self._scanner, self._printer, self._gateway):
            twin.close()

    # ---- posd ------------------------------------------------------------------------------

    def start(self, mood: Mood) -> Victim:
        """Start posd, in this mood, in the place of the one that may still run."""
        victim = self._stand_up(mood)
        victim.begin()
        return victim

    def start_and_die(self, mood: Mood, sentence: str) -> None:
        """Start posd, and let it be killed before it takes sales."""
        self._stand_up(mood).begin_and_die(sentence)

    def _stand_up(self, mood: Mood) -> Victim:
        if self.victim is not None:
            self.victim.kill()
        if mood != self.mood:
            self.mood = mood
            self.rules = self._configure(mood)
        self.victim, self._next = self._next, self._standing_by()
        return self.victim

    def _standing_by(self) -> Victim:
        return Victim(self._module, self._config, self.directory / "posd.log")

    def running(self, mood: Mood) -> Victim:
        """The posd that runs, if it runs in this mood; else a new one."""
        lives = self.victim is not None and self.victim.lives
        if self.victim is None or not lives or mood != self.mood:
            return self.start(mood)
        return self.victim

    @property
    def _config(self) -> Path:
        return self.directory / "config.yaml"

    def _configure(self, mood: Mood) -> Rules:
        secret = self.directory / "secret.txt"
        secret.touch(mode=0o600)
        secret.write_text(f"{self._sandbox['channel_secret']}\n", encoding="ascii")
        values = self._values(mood)
        self._config.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
        config = load(self._config, drivers=registry, environ={})
        if not is_test(config):
            raise ValueError("a drill is for a stand-in on loopback, never for LINE Pay")
        return lane_rules(config)

    def _values(self, mood: Mood) -> dict[str, Any]:
        return {
            "store": {"id": "DRILL", "name": "Corner Tea", "branch": "永康店"},
            "lane": {"id": "L01"},
            "country": "TW",
            "currency": "TWD",
            "language": "en",
            "linepay": {
                "api": "v4",
                "base_url": self._sandbox["base_url"],
                "channel_id": self._sandbox["channel_id"],
                "channel_secret_file": "secret.txt",
                "device_profile_id": "DRILL-L01",
                "device_type": "POS",
                "capture": mood.captures,
            },
            "scanner": {"driver": "serial", "port": self._port},
            "printer": {
                "driver": "escpos",
                "transport": "network",
                "address": self._paper_at,
                "precheck_timeout_s": 0.3,
                "proof_timeout_s": 1.0,
            },
            "access": {"cashier_refunds": "1000000"},
            "timing": {"scale": mood.scale},
            "log": {"level": "warning"},
            "api": {"listen": f"unix:{self.directory}/api"},
            "state_dir": str(self.state),
        }

    # ---- what stands round it --------------------------------------------------------------

    def scan(self, fault: str) -> None:
        """A customer shows a fresh key that meets this fault."""
        asked = {"country": "TW", "fault": fault}
        key = self.control("POST", "keys", asked)["one_time_key"]
        self._scanner.tell(f"type {key}")
        self._scanner.told()

    def printer(self, command: str) -> None:
        """Tell the printer `paper out`, `stop first`, ..."""
        self._printer.tell(command)

    def replace_printer(self) -> None:
        """Cut its power, and switch it on again at the same place: what it held is lost."""
        self._printer.close()
        self.stops()
        self._printer = Twin("devices.simulated", "printer", "--listen", self._paper_at)
        self._printer.told()

    def stops(self) -> list[str]:
        """Where the printer stopped since this was asked last; its papers are put aside."""
        stops: list[str] = []
        while True:
            try:
                told = self._printer.told(timeout_s=0)
            except TwinFailed:
                return stops
            if told["event"] == "paper":
                self.papers.append("\n".join(told["text"]))
            else:
                stops.append(str(told["at"]))

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One control call of the stand-in; raises TwinFailed."""
        return control(str(self._sandbox["control_url"]), method, f"/control/{path}", body)
