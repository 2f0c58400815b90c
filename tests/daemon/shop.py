"""A shop of one lane: its folder, its configuration, its scanner, and the daemons it ran."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import yaml

from posd import clock
from posd.api_client import ApiClient
from posd.core.records import PaySent, Record
from posd.core.rules import Waits
from posd.journal.journal import Journal, LaneIdentity
from posd.journal.reader import JournalReader

from .scanner import PtyScanner
from .waiting import PATIENCE_S, eventually

PYTHON = sys.executable
SOON = 0.002  # timing.scale: late after 0.36 s, the horizon after 2.5 s


class Gateway(Protocol):
    """What a shop must know of its gateway."""

    base_url: str
    channel_id: str
    channel_secret: str


class Shop:
    """Writes `config.yaml` and starts `posd run` with it; `close` ends whatever still runs."""

    def __init__(self, folder: Path, gateway: Gateway, printer_address: str) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.config = folder / "config.yaml"
        self.socket = folder / "api"
        self.scanner = PtyScanner(folder)
        self.secret = folder / "secret.txt"
        self.secret.write_text(gateway.channel_secret)
        self.secret.chmod(0o600)
        self.runs: list[Posd] = []
        self.settings: dict[str, Any] = {
            "store": {"id": "S001", "name": "Corner Tea"},
            "lane": {"id": "L01"},
            "country": "TW",
            "currency": "TWD",
            "language": "en",
            "linepay": {
                "api": "v4",
                "base_url": gateway.base_url,
                "channel_id": gateway.channel_id,
                "channel_secret_file": str(self.secret),
                "device_profile_id": "L01-0001",
                "device_type": "POS",
            },
            "scanner": {"driver": "serial", "port": str(self.scanner.port)},
            "printer": {
                "driver": "escpos",
                "transport": "network",
                "address": printer_address,
                "precheck_timeout_s": 0.2,
                "proof_timeout_s": 1.0,
            },
            "api": {"listen": f"unix:{self.socket}"},
            "timing": {"scale": 0.1, "key_timeout_s": 600},
            "log": {"level": "debug", "format": "json"},
            "state_dir": str(self.state),
        }

    def close(self) -> None:
        for run in self.runs:
            run.end()
        self.scanner.unplug()

    def write(self) -> None:
        self.config.write_text(yaml.safe_dump(self.settings))

    def start(
        self, *, environ: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> Posd:
        """Start a daemon and wait until it and its devices are ready."""
        run = self.launch(environ=environ, before=before)
        run.ready()
        return run

    def launch(
        self, *, environ: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> Posd:
        """Start a daemon and wait for nothing."""
        self.write()
        run = Posd(self, len(self.runs), environ or {}, before)
        self.runs.append(run)
        return run

    def seed(self, *batches: list[Record]) -> None:
        """Write these into the lane's journal, each batch in one transaction; posd is not on."""
        machine = Path("/etc/machine-id")
        machine_id = machine.read_text().strip() if machine.exists() else "none"
        journal = Journal.open(self.state, LaneIdentity("S001", "L01", machine_id))
        try:
            for batch in batches:
                journal.append(batch, at=clock.now(), boot_id=clock.boot_id())
        finally:
            journal.close()

    def hurry(self, sale: Mapping[str, Any]) -> None:
        """Shorten every wait of the next daemon, and let the late limit of this sale pass."""
        self.settings["timing"]["scale"] = SOON
        with JournalReader(self.state) as reader:
            rows = reader.order(sale["order_id"])
        (scan_ns,) = (record.scan_ns for _, record in rows if isinstance(record, PaySent))
        late_ns = Waits().scaled(SOON).late_ns
        eventually(lambda: clock.now().boot_ns > scan_ns + late_ns)

    def records(self, order_id: str) -> list[str]:
        """The names of an order's records, in order."""
        with JournalReader(self.state) as reader:
            return [type(record).__name__ for _, record in reader.order(order_id)]


class Posd:
    """One `posd run`."""

    def __init__(
        self, shop: Shop, number: int, environ: Mapping[str, str], before: Sequence[str]
    ) -> None:
        self.shop = shop
        self.api = ApiClient(f"unix:{shop.socket}")
        self.stdout = shop.folder / f"posd-{number}.out"
        self.stderr = shop.folder / f"posd-{number}.err"
        self._told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._told.bind(str(shop.folder / f"notify-{number}"))
        with self.stdout.open("wb") as out, self.stderr.open("wb") as err:
            self.process = subprocess.Popen(
                [*before, PYTHON, "-m", "posd", "run", "-c", str(shop.config)],
                env={**os.environ, "NOTIFY_SOCKET": self._told.getsockname(), **environ},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        self._life = os.pidfd_open(self.process.pid)

    # ---- its life

    def ready(self) -> None:
        """Wait for READY=1, then for the scanner and the gateway."""
        while "READY=1" not in self.told():
            pass
        eventually(self._at_work)

    def told(self) -> str:
        """The next word to the supervisor, waited for; fails when posd ended."""
        heard, _, _ = select.select([self._told, self._life], [], [], PATIENCE_S)
        assert heard, "posd is silent"
        assert self._told in heard, f"posd ended with {self.process.wait()}: {self.said()}"
        return self._told.recv(4096).decode()

    def heard(self) -> list[str]:
        """All that it told its supervisor and was not yet read."""
        words = []
        while select.select([self._told], [], [], 0)[0]:
            words.append(self._told.recv(4096).decode())
        return words

    def kill(self) -> None:
        """The power cut of processes."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Its end, waited for."""
        return self.process.wait(PATIENCE_S)

    def end(self) -> None:
        if self.process.poll() is None:
            self.kill()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1
        self._told.close()

    def said(self) -> str:
        """Its stderr."""
        return self.stderr.read_text()

    # ---- its counter

    def open(self, amount: str = "120", reference: str = "basket-1", **more: Any) -> dict[str, Any]:
        key = more.pop("idempotency_key", None)
        body = {"reference": reference, "amount": amount, "currency": "TWD", **more}
        return self.api.open_sale(body, idempotency_key=key)

    def scan(self, key: str) -> None:
        self.shop.scanner.type(key)

    def verdict(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        """The sale when it has a verdict, waited for."""
        found = self.api.sale(sale["id"], wait_s=PATIENCE_S)
        assert found["verdict"] not in ("WAITING", "WORKING"), found
        return found

    def sell(self, key: str, amount: str = "120", reference: str = "basket-1") -> dict[str, Any]:
        """Open, scan, and wait for the verdict."""
        sale = self.open(amount, reference)
        self.scan(key)
        return self.verdict(sale)

    def sale_when(self, sale: Mapping[str, Any], **wanted: Any) -> dict[str, Any]:
        """The sale once these members have these values."""

        def look() -> dict[str, Any] | None:
            found = self.api.sale(sale["id"])
            return found if all(found[name] == value for name, value in wanted.items()) else None

        return eventually(look)

    def notice(self, code: str) -> dict[str, Any]:
        """The notice on the lane's board, once it is this one."""

        def look() -> dict[str, Any] | None:
            notice = self.api.lane()["notice"]
            return notice if notice and notice["code"] == code else None

        return eventually(look)

    def cli(self, *words: str, said: str | None = None) -> Ended:
        """`posd WORD...` to its end, with this on its stdin."""
        stdin = subprocess.DEVNULL if said is None else subprocess.PIPE
        with self.cli_started(*words, stdin=stdin) as process:
            out, err = process.communicate(said, timeout=PATIENCE_S)
        return Ended(process.returncode, out, err)

    def cli_sale(self, key: str, *words: str) -> Ended:
        """`posd sale WORD...` to its end; the customer shows `key` when the scanner is armed."""
        with self.cli_started("sale", *words) as process:
            said = until_armed(process)
            self.scan(key)
            out, err = process.communicate(timeout=PATIENCE_S)
        return Ended(process.returncode, out, said + err)

    def cli_started(self, *words: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PYTHON, "-m", "posd", *words, "-c", str(self.shop.config)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _at_work(self) -> bool:
        lane = self.api.lane()
        return lane["scanner"]["ready"] and lane["gateway"]["condition"] != "unknown"


class Ended:
    """What a command left."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


def until_armed(process: subprocess.Popen[str]) -> str:
    """What `posd sale` says until it names its sale: from then on the scanner is armed."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith("sale "):
            return said
    raise AssertionError(f"posd sale ended: {said}")
