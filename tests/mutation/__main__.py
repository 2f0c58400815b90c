"""`python -m tests.mutation [--sample N] [--seed N] [--resume]`: do the tests notice a slip?

The one rule: the same seed over the same files is the same sample, however often it is cut short.
Exit codes: 0 when enough were noticed, 1 when not, 2 when nothing could be learned.
"""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from tests.mutation.ledger import Ledger
from tests.mutation.mutants import Mutant, sample
from tests.mutation.report import killed_percent, told
from tests.mutation.trial import SUITES, Copy, NotGreen, Verdict, copied

ROOT = Path(__file__).parents[2]
STATE = ROOT / "build" / "mutation"
ENOUGH, TOO_FEW, NOTHING_LEARNED = 0, 1, 2
_MEMORY = Path("/dev/shm")  # the journal's tests flush thousands of times


def main(argv: Sequence[str]) -> int:
    """Try a sample and report it."""
    args = _parser().parse_args(argv)
    # Started in the background it may be ignored, and tests send it to what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the copies are removed first
    chosen = _sample(args)
    state = STATE / f"verdicts-{args.seed}.jsonl"
    if not args.resume:
        state.unlink(missing_ok=True)
    try:
        verdicts = _tried(chosen, Ledger(state, root=ROOT), jobs=args.jobs)
    except NotGreen as error:
        print(error, file=sys.stderr)
        return NOTHING_LEARNED
    (STATE / "report.md").write_text(told(verdicts), encoding="utf-8")
    print(told(verdicts))
    return ENOUGH if killed_percent(verdicts) >= args.least else TOO_FEW


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=500, help="how many; default 500")
    parser.add_argument("--seed", type=int, default=2026, help="which; default 2026")
    parser.add_argument("--resume", action="store_true", help="keep the verdicts of earlier runs")
    parser.add_argument("--jobs", type=int, default=2, help="processes; default 2")
    parser.add_argument("--least", type=float, default=90.0, help="percent to be noticed")
    parser.add_argument("--only", default="", help="files whose path contains this")
    return parser


def _sample(args: argparse.Namespace) -> list[Mutant]:
    files = [path for room in SUITES for path in (ROOT / room).glob("*.py")]
    chosen = [path for path in files if args.only in str(path.relative_to(ROOT))]
    return sample(chosen, root=ROOT, size=args.sample, seed=args.seed)


def _tried(mutants: Sequence[Mutant], ledger: Ledger, *, jobs: int) -> dict[Mutant, Verdict]:
    known = ledger.known()
    verdicts = {m: v for m in mutants if (v := ledger.verdict(m, known)) is not None}
    waiting = [mutant for mutant in mutants if mutant not in verdicts]
    waiting.sort(key=ledger.was_tried)  # survivors whose tests have changed since come last
    print(f"{len(mutants)} mutants, {len(waiting)} to be tried", flush=True)
    if waiting:
        for mutant, verdict, by in _trials(waiting, jobs):
            ledger.add(mutant, verdict, by)
            verdicts[mutant] = verdict
            print(f"{len(verdicts)}/{len(mutants)} {verdict}: {mutant.name}", flush=True)
    return verdicts


def _trials(mutants: Sequence[Mutant], jobs: int) -> Iterator[tuple[Mutant, Verdict, str]]:
    with _copies(jobs) as copies, ThreadPoolExecutor(jobs) as pool:

        def judge(mutant: Mutant) -> tuple[Verdict, str]:
            copy = copies.get()
            try:
                return copy.judge(mutant), copy.noticed_by()
            finally:
                copies.put(copy)

        futures = {pool.submit(judge, mutant): mutant for mutant in mutants}
        try:
            for future in as_completed(futures):
                yield futures[future], *future.result()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _copies(count: int) -> Iterator[queue.SimpleQueue[Copy]]:
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="posd-mutation-", dir=place) as folder:
        Path(folder).chmod(0o755)  # run by root, some tests become a plain user and read it
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(count):
            copies.put(copied(ROOT, Path(folder, str(number))))
        yield copies


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
