"""`posd devices`: each device in words, and what to do about it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Exit
from posd.cli.remote.telling import JsonObject, runner, tell, word

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `devices` and `drawer`."""
    parser = subparsers.add_parser(
        "devices",
        parents=[common],
        help="scanner, printer, display and gateway; 4 if one is not ready",
    )
    parser.set_defaults(run=runner(_devices))
    drawer = subparsers.add_parser("drawer", parents=[common], help="open the cash drawer")
    drawer.set_defaults(run=runner(_open_drawer))


def _devices(client: ApiClient, args: argparse.Namespace) -> int:
    found = client.devices()
    gateway = found["gateway"]
    met = {"kind": "gateway", "driver": "linepay", "detail": gateway["reason"], **gateway}
    kinds = ("scanner", "printer", "display", "drawer")
    devices = [found[kind] for kind in kinds if found.get(kind)]
    tell(args, found, *_table([_row(device) for device in (*devices, met)]))
    return Exit.OK if all(device["ready"] for device in devices) else Exit.DEVICE


def _open_drawer(client: ApiClient, args: argparse.Namespace) -> int:
    tell(args, client.open_drawer(), "the drawer is open")
    return Exit.OK


def _row(device: JsonObject) -> tuple[str, str, str, str]:
    kind, condition = device["kind"], device["condition"]
    told = word(f"{kind}.{condition}.title")
    if device["detail"]:
        told = f"{told} ({device['detail']})"
    return (kind, device["driver"], told, word(f"{kind}.{condition}.next"))


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    cells = ([row[at].ljust(widths[at]) for at in range(3)] + [row[3]] for row in rows)
    return ["  ".join(cell).rstrip() for cell in cells]
