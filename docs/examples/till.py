"""A small till: one basket, one sale, never twice. `python docs/examples/till.py --help`.

The one rule: the key is on the disk before it is sent, and is thrown away only when the sale is
known to be NOT PAID. So a till that is killed and started again asks for the same sale.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from posd.api_client import ApiClient, NotRunning, Refused, Unclear

DONE, NOT_PAID, NOT_KNOWN = 0, 1, 3
OPEN = ("WAITING", "WORKING")
TRIES = 5
PAUSE_S = 1.0


def main(arguments: Sequence[str], pause: Callable[[float], None] = time.sleep) -> int:
    """Sell one basket; the exit code says whether it is paid, not paid, or not known."""
    asked = _parser().parse_args(arguments)
    token = asked.token_file.read_text("utf-8").strip() if asked.token_file else None
    key_file = asked.folder / f"{asked.reference}.key"
    basket = {"reference": asked.reference, "amount": asked.amount}
    try:
        sale = sell(ApiClient(asked.address, token), basket, _kept(key_file), pause)
    except Refused as refusal:
        print(f"{refusal}: {refusal.problem['next_action']}")
        return NOT_PAID
    except (NotRunning, Unclear) as error:
        print(f"NOT KNOWN, ask again with the same basket: {error}")
        return NOT_KNOWN
    print(f"{sale['verdict']} {sale['amount']} {sale['currency']}: {sale['next_action']}")
    if sale["verdict"] == "NOT_PAID":
        key_file.unlink()  # the next attempt is another sale, and has another key
        return NOT_PAID
    return DONE if sale["verdict"] == "PAID" else NOT_KNOWN


def sell(
    posd: ApiClient, basket: dict[str, Any], key: str, pause: Callable[[float], None]
) -> dict[str, Any]:
    """The sale at its verdict, however often posd or the way to it breaks in between."""
    sale = _insisting(partial(posd.open_sale, basket, idempotency_key=key), pause)
    while sale["verdict"] in OPEN:
        sale = _insisting(partial(posd.sale, sale["id"], wait_s=25), pause)
    return sale


def _insisting(ask: Callable[[], dict[str, Any]], pause: Callable[[float], None]) -> dict[str, Any]:
    """Ask the same again: under one key, or by reading, that does nothing twice."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except (NotRunning, Unclear):
            pause(PAUSE_S)
    return ask()


def _kept(file: Path) -> str:
    """The key of the basket, made once and flushed to the disk before anybody sends it."""
    if not file.exists():
        draft = file.with_suffix(".new")
        with draft.open("w", encoding="ascii") as out:
            out.write(str(uuid.uuid4()))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    return file.read_text("ascii")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="127.0.0.1:8377, or unix:/run/posd/posd.sock")
    parser.add_argument("reference", help="the basket's name at this till, such as basket-881")
    parser.add_argument("amount", help='a decimal such as "120"')
    parser.add_argument("--token-file", type=Path, help="api-token in posd's state_dir")
    parser.add_argument("--folder", type=Path, default=Path(), help="where keys are kept")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
