"""`posd status`: the lane as it is, in a few lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Exit
from posd.cli.remote.telling import JsonObject, runner, sale_line, tell, word

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `status`."""
    parser = subparsers.add_parser(
        "status", parents=[common], help="the lane, its sale and what is unfinished"
    )
    parser.set_defaults(run=runner(_status))


def _status(client: ApiClient, args: argparse.Namespace) -> int:
    lane = client.lane()
    tell(args, lane, *_lines(lane))
    return Exit.OK


def _lines(lane: JsonObject) -> Iterator[str]:
    test = "  TEST: no real money moves" if lane["test"] else ""
    yield f"{lane['store_name']} {lane['store']}/{lane['lane']}  posd {lane['version']}{test}"
    for code in lane["hindrances"]:
        yield f"takes no sale: {word(f'notice.{code}')}"
    if lane["selling"]:
        yield f"now:   {sale_line(lane['selling'])}"
    if lane["last"]:
        yield f"last:  {sale_line(lane['last'])}"
    for sale in lane["unfinished"]:
        yield f"open:  {sale_line(sale)}"
    for kind in ("scanner", "printer", "display", "gateway"):
        if lane.get(kind):
            condition = lane[kind]["condition"]
            yield f"{kind}: {word(f'{kind}.{condition}.title')}"
