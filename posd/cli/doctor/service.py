"""The daemon: whether it answers and sells, who has its address, what systemd says of its unit.

The one rule: it is asked, never started, stopped or reloaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from posd import __version__
from posd.cli.doctor.case import Case, Machine
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.config import TcpEndpoint, parse_listen
from posd.words import catalogue

UNIT: Final = "posd.service"
SYSTEMCTL_S: Final = 5.0
_LISTENS: Final = "0A"  # the state of a listening socket in /proc/net/tcp
_ASKED: Final = ("LoadState", "ActiveState", "SubState", "UnitFileState", "NRestarts", "Result")
_MANY_RESTARTS: Final = 5


def examine(case: Case) -> Iterator[Finding]:
    """The daemon by its API, else its address and its lock; then its unit."""
    if case.running.lane is not None:
        yield from _lane(case.running.lane)
    else:
        yield from _silent(case)
    yield from unit(_unit_told(case.machine))


def _lane(lane: Mapping[str, Any]) -> Iterator[Finding]:
    if lane["version"] != __version__:
        words = f"posd {lane['version']} runs, and {__version__} is installed"
        yield doubtful("daemon", words, then="restart posd while no payment is under way")
    else:
        yield fine("daemon", f"posd {lane['version']} runs, record {lane['seq']}")
    for code in lane["hindrances"]:
        words = catalogue("en").get(f"notice.{code}", code)
        yield broken("sales", f"no sale is taken: {words}", then=f"see `{code}` in the codes")
    if not lane["hindrances"]:
        yield fine("sales", "sales are taken")


def _silent(case: Case) -> Iterator[Finding]:
    running, listen = case.running, case.config.api.listen
    if running.refused:
        then = "run posd doctor as a user who may read the token of the API"
        words = f"posd at {listen} cannot be asked: {running.refused}"
        yield broken("daemon", words, then=then)
    elif running.holder:
        words = f"{running.holder} writes the journal and does not answer at {listen}"
        yield broken("daemon", words, then="look into its log; restart it if nothing moves there")
    else:
        then = "start it: systemctl start posd, or posd run"
        yield doubtful("daemon", "posd does not run", then=then)
        yield from _address(case)


def _address(case: Case) -> Iterator[Finding]:
    endpoint = parse_listen(case.config.api.listen)
    if not isinstance(endpoint, TcpEndpoint):
        return
    inodes = set(listeners(case.machine.proc, endpoint.port))
    if not inodes:
        yield fine("port", f"{case.config.api.listen} is free")
        return
    holder = holder_of(case.machine.proc, inodes) or "a program of another user"
    words = f"port {endpoint.port} is taken by {holder}"
    yield broken("port", words, then="end that program, or choose another port as api.listen")


def listeners(proc: Path, port: int) -> Iterator[str]:
    """The inodes of the sockets that listen on a TCP port."""
    for table in (proc / "net" / "tcp", proc / "net" / "tcp6"):
        with suppress(OSError):
            for line in table.read_text("ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENS and int(columns[1].rpartition(":")[2], 16) == port:
                    yield columns[9]


def holder_of(proc: Path, inodes: set[str]) -> str:
    """`pid 812 (nginx)` of the process that has one of the sockets; "" if none can be seen."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for pid in sorted(name for name in os.listdir(proc) if name.isdigit()):
        with suppress(OSError):
            if any(os.readlink(link) in wanted for link in (proc / pid / "fd").iterdir()):
                return f"pid {pid} ({(proc / pid / 'comm').read_text().strip()})"
    return ""


def unit(told: Mapping[str, str]) -> Iterator[Finding]:
    """What `systemctl show` says of the unit; nothing where systemd was not asked."""
    if not told:
        return
    if told.get("LoadState") != "loaded":
        words = f"systemd does not know {UNIT}"
        yield doubtful("unit", words, then="see systemd/README.md, unless posd is started by hand")
        return
    active, sub = told.get("ActiveState", ""), told.get("SubState", "")
    if active != "active":
        words = f"{UNIT} is {active} ({sub}), the last result {told.get('Result')}"
        yield broken("unit", words, then=f"journalctl -u {UNIT} -n 50 tells why")
    elif int(told.get("NRestarts") or 0) >= _MANY_RESTARTS:
        words = f"{UNIT} was started again {told['NRestarts']} times"
        yield doubtful("unit", words, then=f"journalctl -u {UNIT} -p warning tells why")
    else:
        yield fine("unit", f"{UNIT} is {active} ({sub})")
    if told.get("UnitFileState") not in ("enabled", "static", "generated"):
        words = f"{UNIT} does not start with the machine"
        yield doubtful("unit", words, then=f"systemctl enable {UNIT}")


def _unit_told(machine: Machine) -> dict[str, str]:
    program = shutil.which(machine.systemctl)
    if program is None or not machine.booted.exists():
        return {}
    command = [program, "show", UNIT, f"--property={','.join(_ASKED)}"]
    try:
        told = subprocess.run(
            command, capture_output=True, text=True, timeout=SYSTEMCTL_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    pairs = (line.partition("=") for line in told.stdout.splitlines())
    return {name: value for name, _, value in pairs}
