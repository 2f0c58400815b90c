"""What every examination has at hand: the machine, the configuration, and the posd that runs.

The one rule: nothing here, nor in any examination, writes to the machine; whether posd runs is
asked of its API and of the lock that its process holds.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from devices.probe import Roots
from devices.scanners.holder import holders
from posd.api_client import ApiClient, ClientError, NotRunning
from posd.clock import now
from posd.config import Config, TcpEndpoint, parse_listen
from posd.core.instant import Instant

CLOCK_UNSYNCHRONISED: Final = 5  # TIME_ERROR of adjtimex(2)


def kernel_clock_state() -> int:
    """What adjtimex(2) answers when it is asked to change nothing; -1 where it does not."""
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    return state


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the system's own files and programs are; tests have their own."""

    proc: Path = Path("/proc")
    booted: Path = Path("/run/systemd/system")  # there where systemd is the init
    systemctl: str = "systemctl"
    roots: Roots = field(default_factory=Roots)
    now: Callable[[], Instant] = now
    clock_state: Callable[[], int] = kernel_clock_state


@dataclass(frozen=True, slots=True)
class Running:
    """The posd of this lane: what its API tells (None: nothing) and why, and who holds the lock."""

    lane: dict[str, Any] | None
    silence: str = ""
    refused: str = ""
    holder: str = ""

    @property
    def is_there(self) -> bool:
        """Whether a posd has, or may have, the devices in its hands."""
        return self.lane is not None or bool(self.refused or self.holder)


@dataclass(frozen=True, slots=True)
class Case:
    """One lane that is looked at."""

    config: Config
    machine: Machine
    running: Running

    @property
    def folder(self) -> Path:
        """The state folder."""
        return Path(self.config.state_dir)


def case_of(config: Config, machine: Machine) -> Case:
    """The case of this configuration on this machine; the posd that runs is asked once."""
    return Case(config, machine, _running(config))


def _running(config: Config) -> Running:
    holder = holders(f"{config.state_dir}/journal.lock")
    try:
        lane = ApiClient(config.api.listen, _token(config)).lane()
    except NotRunning as error:
        return Running(None, silence=str(error), holder=holder)
    except (ClientError, OSError) as error:
        return Running(None, refused=str(error), holder=holder)
    return Running(lane, holder=holder)


def _token(config: Config) -> str | None:
    path = Path(config.token_path)
    if not isinstance(parse_listen(config.api.listen), TcpEndpoint) or not path.exists():
        return None
    return path.read_text("ascii").strip()
