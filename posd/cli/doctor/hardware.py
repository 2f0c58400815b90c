"""Scanner, printer and display: as the running posd meets them, else as they can be looked at.

The one rule: a device that posd has in its hands is not touched. Without posd, the printer is asked
how it is (no paper moves); scanners and displays are only looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from devices.probe import Roots, probe
from devices.registry import build_printer
from devices.scanners.holder import holders
from devices.values import PrinterCondition
from posd.cli.doctor.case import Case
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.config import DriverConfig
from posd.words import catalogue

STATUS_S: Final = 2.0
_DOUBTFUL: Final = frozenset({"paper_near_end", "silent", "unknown"})


def examine(case: Case) -> Iterator[Finding]:
    """Each device of the configuration."""
    if case.running.lane is not None:
        yield from _as_met(case.running.lane)
        return
    yield from _looked_at("scanner", case.config.scanner, case.machine.roots)
    if case.running.is_there:
        then = "posd has the devices; mend its API first, then ask again"
        yield doubtful("printer", "it was not asked", then=then)
    else:
        yield _asked(case.config.printer)
    if case.config.display is not None:
        yield from _looked_at("display", case.config.display, case.machine.roots)


def _as_met(lane: Mapping[str, Any]) -> Iterator[Finding]:
    for kind in ("scanner", "printer", "display"):
        if device := lane.get(kind):
            yield _told(kind, device["condition"], device["driver"], device["detail"])


def _asked(device: DriverConfig) -> Finding:
    status = build_printer(device.driver, device.options).status(STATUS_S)
    return _told("printer", status.condition, device.driver, status.detail)


def _told(kind: str, condition: str, driver: str, detail: str) -> Finding:
    words = catalogue("en")
    title = words.get(f"{kind}.{condition}.title", condition)
    said = f"{title} ({', '.join(filter(None, (driver, detail)))})"
    then = words.get(f"{kind}.{condition}.next", "call the technician")
    if condition in _DOUBTFUL:
        return doubtful(kind, said, then=then)
    if condition in ("connected", PrinterCondition.READY):
        return fine(kind, said)
    return broken(kind, said, then=then)


def _looked_at(kind: str, device: DriverConfig, roots: Roots) -> Iterator[Finding]:
    path = getattr(device.options, "port", "") or getattr(device.options, "path", "")
    if not path.startswith("/"):
        yield fine(kind, f"{device.driver}: only posd itself can tell, once it runs")
    elif not Path(path).exists():
        yield broken(kind, f"{path} is not there", then=_plugged_in(kind, roots))
    elif not os.access(path, os.R_OK | os.W_OK):
        then = "add this user to the group of the device, such as dialout"
        yield broken(kind, f"{path} may not be opened by this user", then=then)
    elif holder := holders(path):
        yield broken(kind, f"{path} is held by {holder}", then="end that program")
    else:
        yield fine(kind, f"{path} is there and free ({device.driver})")


def _plugged_in(kind: str, roots: Roots) -> str:
    seen = [one.path for one in probe(roots) if one.kind in (kind, "unknown")]
    if not seen:
        return f"plug the {kind} in; nothing that might be one is to be seen"
    return f"plug it in, or name what is: {', '.join(seen[:3])} (posd devices probe)"
