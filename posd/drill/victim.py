"""`python -m posd.drill.victim CONFIG`: the ordinary daemon, over a journal that can end it.

It begins at the first line on stdin: to load a program takes longer than to run it, so the next
victim stands by while the last one lives. Then it reads `before NTH RECORDS` and `after NTH
RECORDS`, which let it kill itself at that commit, counted from now (`*` is any commit), and
`spare`, which takes that back; `begin` may have a sentence behind it. Each line is answered with
one of JSON, the first when sales can be taken. It ends with its stdin.

Rule: the daemon is the shipped one, and it dies by SIGKILL: nothing of it gets a last word.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from devices import registry
from posd import logs
from posd.config import is_test, load
from posd.core.instant import Instant
from posd.core.records import Record
from posd.daemon import Daemon
from posd.drill.points import commit_name
from posd.journal.journal import Journal

USAGE = 2
ANY = "*"  # in the place of RECORDS: whatever is committed


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Sentence:
    """The commit at which the process dies; set by the reader's thread, met by the engine's."""

    def __init__(self, die: Callable[[], None] = _die) -> None:
        self._die = die
        self._lock = threading.Lock()
        self._side = ""
        self._left = 0
        self._what = ""

    def pass_on(self, line: str) -> None:
        """Take in `before 2 PaySent`, or `spare`."""
        side, _, rest = line.partition(" ")
        nth, _, what = rest.partition(" ")
        with self._lock:
            self._side, self._left, self._what = side, int(nth or 0), what

    def meet(self, side: str, what: str) -> None:
        """Die if this is the side and the commit."""
        with self._lock:
            if self._what not in (what, ANY) or side != self._side:
                return
            self._left -= 1
            if self._left == 0:
                self._die()


class DyingJournal(Journal):
    """The journal, which kills its own process before or after a commit."""

    sentence: Sentence

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        """As a journal's, if it comes to that."""
        what = commit_name(type(record).__name__ for record in records)
        self.sentence.meet("before", what)
        seq = super().append(records, at=at, boot_id=boot_id, actor=actor)
        self.sentence.meet("after", what)
        return seq


def main(arguments: Sequence[str], journal: type[DyingJournal] = DyingJournal) -> int:
    """Run it with the configuration that is named; refused unless LINE Pay is on loopback."""
    began = sys.stdin.readline().strip()
    if not began:
        return 0
    config = load(Path(arguments[0]), drivers=registry, environ={})
    if not is_test(config):
        print("a drill is for a stand-in on loopback, never for LINE Pay", file=sys.stderr)
        return USAGE
    logs.configure("warning", "text", secrets=())
    sentence = Sentence()
    sentence.pass_on(began.removeprefix("begin").strip())

    def opened(*args: Any, **kwargs: Any) -> Journal:
        dying = cast(DyingJournal, journal.open(*args, **kwargs))
        dying.sentence = sentence
        return dying

    daemon = Daemon(
        config,
        environ={},
        on_ready=lambda address: _say({"ready": address}),
        open_journal=opened,
    )
    threading.Thread(target=_listen, args=(sentence,), daemon=True).start()
    daemon.run()
    return 0


def _listen(sentence: Sentence) -> None:
    for line in sys.stdin:
        sentence.pass_on(line.strip())
        _say({"heard": line.strip()})
    _die()  # the drill is gone


def _say(message: dict[str, str]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
