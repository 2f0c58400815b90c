"""`posd run`: the daemon, until SIGTERM or SIGINT.

Rule: what keeps it from running is told in one sentence with the next action, and by the exit
code that systemd's RestartPreventExitStatus knows.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.daemon import Daemon
    from posd.journal.errors import JournalUnwritable
    from posd.readonly import ReadOnlyLane

CONFIGURATION = 78
INTERNAL = 70
HELD = 75


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("run", help="run the daemon")
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load, serve, end; gives the exit code."""
    from devices import registry  # noqa: PLC0415 - `posd --help` loads none of this
    from posd import logs  # noqa: PLC0415
    from posd.config import ConfigError, default_path, load  # noqa: PLC0415

    try:
        config = load(args.config or default_path(os.environ), drivers=registry, environ=os.environ)
    except ConfigError as error:
        return say(f"{error}", CONFIGURATION)
    logs.configure(config.log.level, config.log.format, secrets=())
    logs.report_crashes()
    from posd.daemon import Daemon  # noqa: PLC0415
    from posd.readonly import ReadOnlyLane  # noqa: PLC0415

    return serve(
        lambda: Daemon(config, environ=os.environ),
        in_the_dark=lambda: ReadOnlyLane(config, environ=os.environ),
    )


def serve(
    build: Callable[[], Daemon], *, in_the_dark: Callable[[], ReadOnlyLane] | None = None
) -> int:
    """Build the daemon and run it until a signal; every known failure has its words and code.

    While its journal can be read and not written, the lane `in_the_dark` runs instead.
    """
    from posd.api.server import ApiUnavailable  # noqa: PLC0415
    from posd.journal.errors import JournalError  # noqa: PLC0415
    from posd.outlets import FatalWorker  # noqa: PLC0415
    from posd.secrets import SecretError  # noqa: PLC0415

    try:
        _serve(build, in_the_dark)
    except JournalError as error:
        return say(str(error), error.exit_code)
    except SecretError as error:
        return say(str(error), CONFIGURATION)
    except ApiUnavailable as error:
        return say(str(error), HELD)
    except FatalWorker as error:
        return say(f"posd ends and starts again: {error}", INTERNAL)
    return 0


def _serve(build: Callable[[], Daemon], in_the_dark: Callable[[], ReadOnlyLane] | None) -> None:
    from posd.journal.errors import JournalUnwritable  # noqa: PLC0415

    again = True
    while again:
        try:
            daemon = build()
        except JournalUnwritable as refusal:
            if in_the_dark is None:
                raise
            again = _look_on(in_the_dark, refusal)
        else:
            _ends_by_signal(daemon)
            daemon.run()
            again = False


def _look_on(in_the_dark: Callable[[], ReadOnlyLane], refusal: JournalUnwritable) -> bool:
    from posd.journal.errors import JournalError  # noqa: PLC0415

    try:
        lane = in_the_dark()
    except JournalError:  # it cannot even be read
        raise refusal from None
    say(f"{refusal}; until then posd runs READ-ONLY and takes no sales", 0)
    _ends_by_signal(lane)
    return lane.run()


def _ends_by_signal(lane: Daemon | ReadOnlyLane) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: lane.stop(signal.Signals(got).name))


def say(sentence: str, code: int) -> int:
    """One sentence on stderr; gives `code`."""
    print(sentence, file=sys.stderr)
    return code
