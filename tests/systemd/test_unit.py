"""The systemd unit: systemd itself finds it right and hard, and its README explains each line."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from posd.config import LinePay

FOLDER = Path(__file__).parents[2] / "systemd"
UNIT = (FOLDER / "posd.service").read_text()
ANALYZE = shutil.which("systemd-analyze")
SYSUSERS = shutil.which("systemd-sysusers")

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def systemd_analyze(*words: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run([ANALYZE, *words], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_finds_no_fault(tmp_path):
    program = tmp_path / "posd"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "posd.service"
    unit.write_text(UNIT.replace("/usr/bin/posd", str(program)))
    found = systemd_analyze("verify", "--man=no", str(unit))
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@needs_systemd
def test_it_is_as_hard_as_asked():
    unit = str(FOLDER / "posd.service")
    found = systemd_analyze("security", "--offline=true", "--threshold=20", "--no-pager", unit)
    assert found.returncode == 0, found.stdout


@pytest.mark.skipif(SYSUSERS is None, reason="systemd-sysusers is not installed")
def test_systemd_makes_the_user(tmp_path):
    (tmp_path / "etc").mkdir()
    folder = tmp_path / "usr" / "lib" / "sysusers.d"
    folder.mkdir(parents=True)
    (folder / "posd.conf").write_text((FOLDER / "posd.sysusers").read_text())
    made = subprocess.run(
        [str(SYSUSERS), f"--root={tmp_path}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    groups = (tmp_path / "etc" / "group").read_text().splitlines()
    assert {line.partition(":")[0] for line in groups if line.endswith("posd")} >= {"dialout", "lp"}


def settings(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_stopping_waits_longer_than_any_pay_timeout():
    (field,) = (f for f in msgspec.structs.fields(LinePay) if f.name == "pay_timeout_s")
    longest_s = field.type.__metadata__[0].le
    assert int(settings("TimeoutStopSec")[0]) >= longest_s + 10  # and the journal, and the rest


def test_no_device_can_stop_the_daemon():
    assert not re.search(r"^(BindsTo|Requires|Requisite|PartOf)=", UNIT, re.MULTILINE)


def test_the_boot_id_stays_readable():
    assert settings("ProcSubset") == []


def test_permission_and_configuration_errors_are_not_tried_again():
    assert settings("RestartPreventExitStatus") == ["77 78"]
    assert settings("Restart") == ["always"]
    assert settings("StartLimitIntervalSec") == ["0"]


def test_every_line_is_explained():
    readme = (FOLDER / "README.md").read_text().replace("ProtectKernel…=", "")
    names = set(re.findall(r"^([A-Z][A-Za-z]+)=", UNIT, re.MULTILINE))
    names -= {"Description", "WantedBy"} | {name for name in names if "ProtectKernel" in name}
    assert {name for name in names if f"{name}=" not in readme} == set()
