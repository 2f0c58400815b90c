"""`python -m tests.fuzz.run [--seconds N] TARGET...|all`: targets driven by coverage, with atheris.

The one rule: the kept corpus is read and never written. What is learned goes to build/fuzz/, and so
does the input of a finding; keep that one in tests/fuzz/corpus/ together with the repair.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.corpus import FOLDER, MAX_BYTES

LEARNED = Path("build/fuzz")
SOUND, FOUND, NOT_INSTALLED = 0, 1, 69
SLOWEST_S = 10  # one input that takes longer is a finding too
MOST_MB = 1024
_EXECUTED = re.compile(r"stat::number_of_executed_units: +([0-9]+)")


def main(argv: Sequence[str]) -> int:
    """Drive each target in a process of its own; 1 if any of them had a finding."""
    args = _parser().parse_args(argv)
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: use `make fuzz`", file=sys.stderr)
        return NOT_INSTALLED
    if args.here:
        _drive(args.targets[0], args.seconds)
    chosen = _names() if args.targets == ["all"] else args.targets
    found = [name for name in chosen if not _is_sound(name, args.seconds)]
    print(f"{len(chosen)} targets, findings in: {', '.join(found) or 'none'}")
    return FOUND if found else SOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("targets", nargs="+", choices=[*_names(), "all"], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="for each target; default 60")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


def _names() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir())


def _is_sound(name: str, seconds: int) -> bool:
    log = LEARNED / f"{name}.log"
    (LEARNED / name).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.run", "--here", "--seconds", str(seconds), name]
    with log.open("w") as out:
        code = subprocess.run(command, stdout=out, stderr=out, check=False).returncode
    executed = _EXECUTED.search(log.read_text("utf-8", "replace"))
    times = executed[1] if executed else "an unknown number of"
    verdict = "sound" if code == 0 else f"FINDING: see {log} and {LEARNED}/{name}-*"
    print(f"{name}: {times} executions, {verdict}", flush=True)
    return code == 0


def _drive(name: str, seconds: int) -> None:
    """Hand this process to libFuzzer, which ends it."""
    logging.disable()  # the stand-in tells each refusal
    import atheris  # noqa: PLC0415 - not among the requirements of the tests

    with atheris.instrument_imports(include=["posd", "devices", "yaml"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - instrumented as it is imported
    options = (
        *(f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={SLOWEST_S}"),
        *(f"-rss_limit_mb={MOST_MB}", f"-artifact_prefix={LEARNED}/{name}-"),
        *("-print_final_stats=1", str(LEARNED / name), str(FOLDER / name)),
    )
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
