"""`posd demo`: everything simulated, nothing to configure, gone when it ends.

Rule: the daemon is the real one, with its journal, over real sockets and a real pty; only what
it speaks to is simulated, in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.demo.once import Outcome
    from posd.demo.twins import Twins

PORT = 8377
HOST = "127.0.0.1"
FAILED = 70
LEAST_SCALE = 0.001


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("demo", help="try it: everything simulated, with a page")
    parser.add_argument("--port", type=int, help=f"of the page (default {PORT}, or a free one)")
    parser.add_argument(
        "--api", choices=("v2", "v2.4", "v4"), default="v4", help="LINE Pay dialect"
    )
    parser.add_argument(
        "--once", action="store_true", help="one sale without a person, then end with 0"
    )
    parser.add_argument("--json", action="store_true", help="with --once: the result as JSON")
    parser.add_argument(
        "--scale", type=_scale, default=1.0, help="how long every wait is, 0.001 to 1 (default 1)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run it in a temporary directory; gives the exit code."""
    directory = Path(tempfile.mkdtemp(prefix="posd-demo-"))
    try:
        return _run(args, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _run(args: argparse.Namespace, directory: Path) -> int:
    from posd import logs  # noqa: PLC0415 - `posd --help` loads none of this
    from posd.cli.run import say, serve  # noqa: PLC0415
    from posd.daemon import Daemon  # noqa: PLC0415
    from posd.demo.buttons import demo_routes  # noqa: PLC0415
    from posd.demo.shop import write_shop  # noqa: PLC0415
    from posd.demo.twins import TwinFailed, Twins  # noqa: PLC0415

    try:
        with Twins(directory) as twins:
            listen = f"{HOST}:{0 if args.once and args.port is None else _port(args.port)}"
            config = write_shop(
                directory, twins=twins, api=args.api, listen=listen, scale=args.scale
            )
            logs.configure(config.log.level, config.log.format, secrets=())
            demo = _Demo(args, twins, Path(config.token_path))

            def build() -> Daemon:
                daemon = Daemon(
                    config,
                    environ={},  # no credential and no supervisor of a real lane
                    extra_routes=demo_routes(twins),
                    on_ready=demo.begin,
                )
                demo.stop = daemon.stop
                return daemon

            code = serve(build)
            return code or demo.finish()
    except TwinFailed as failure:
        return say(str(failure), FAILED)


class _Demo:
    """What happens beside the daemon: one sale, or a greeting."""

    def __init__(self, args: argparse.Namespace, twins: Twins, token_path: Path) -> None:
        self._args = args
        self._twins = twins
        self._token_path = token_path
        self._outcome: Outcome | None = None
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None
        self.stop: Callable[[str], None]

    def begin(self, address: str) -> None:
        """Called when the daemon is ready."""
        if self._args.once:
            self._thread = threading.Thread(target=self._sell, args=(address,), daemon=True)
            self._thread.start()
        else:
            print(f"The cashier's page: http://{address}/   (Ctrl-C ends the demo)", flush=True)
            print(
                f"Refunds: posd refund RECEIPT --address {address} --token-file {self._token_path}"
                " --actor Lin   (PIN 4711)",
                flush=True,
            )

    def finish(self) -> int:
        """Print what came of it; gives the exit code."""
        if self._thread is None:
            return 0
        self._thread.join()
        if self._outcome is None:
            print(f"the sale was not finished: {self._error}", file=sys.stderr)
            return FAILED
        _print_outcome(self._outcome, as_json=self._args.json)
        return 0 if self._outcome.verdict == "PAID" else 1

    def _sell(self, address: str) -> None:
        from posd.api_client import ApiClient  # noqa: PLC0415
        from posd.demo.once import sell_once  # noqa: PLC0415

        token = self._token_path.read_text(encoding="ascii").strip()
        try:
            client = ApiClient(address, token)
            outcome = sell_once(client, self._twins, api=self._args.api)
            self._outcome = _with_kept_picture(outcome)
        except Exception as error:  # told by `finish`, on the main thread
            self._error = error
        self.stop("the demo is over")


def _with_kept_picture(outcome: Outcome) -> Outcome:
    """The picture outlives the temporary directory."""
    from dataclasses import replace  # noqa: PLC0415

    kept = Path(tempfile.gettempdir()) / f"posd-receipt-{outcome.order_id}.png"
    shutil.copyfile(outcome.png, kept)
    return replace(outcome, png=str(kept))


def _print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False))
        return
    print(outcome.receipt)
    print(f"\n{outcome.verdict}: order {outcome.order_id}, {outcome.amount} {outcome.currency}")
    print(f"transaction {outcome.transaction_id}, pay requests sent: {outcome.pay_requests}")
    for step, value in outcome.as_json()["timings_ms"].items():
        print(f"  {step:<28}{value:>9.3f} ms")
    print(f"picture of the receipt: {outcome.png}")


def _scale(text: str) -> float:
    scale = float(text)
    if not LEAST_SCALE <= scale <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between {LEAST_SCALE} and 1")
    return scale


def _port(wanted: int | None) -> int:
    """The wanted port, else the usual one, else any free one."""
    if wanted is not None:
        return wanted
    with suppress(OSError), socket.create_server((HOST, PORT)):
        return PORT
    return 0
