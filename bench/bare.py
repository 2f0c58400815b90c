"""`python -m bench.bare PORT URL [--connect-per-sale CA_FILE]`: the shortest program that sells.

Rule: it is what posd is measured against, written as one would on the first day: read a line with
pyserial, post it with requests. It remembers nothing and would charge twice.
"""

from __future__ import annotations

import argparse
import threading

import requests
import serial

from bench.children import live_until_stdin_ends, tell

PAY_PATH = "/v4/payments/oneTimeKeys/pay"


def main() -> None:
    """Sell until stdin ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port")
    parser.add_argument("url")
    parser.add_argument("--connect-per-sale", metavar="CA_FILE")
    args = parser.parse_args()
    scanner = serial.Serial(args.port, 9600)
    threading.Thread(target=_sell, args=(scanner, args), daemon=True).start()
    tell(ready=1)
    live_until_stdin_ends()


def _sell(scanner: serial.Serial, args: argparse.Namespace) -> None:
    session = requests.Session()
    for number in range(1_000_000):
        sale = _sale(number, scanner.read_until(b"\r").decode().strip())
        if args.connect_per_sale:
            requests.post(args.url, json=sale, verify=args.connect_per_sale, timeout=45)
        else:
            session.post(args.url, json=sale, timeout=45)


def _sale(number: int, key: str) -> dict[str, object]:
    product = {"name": "Corner Tea", "quantity": 1, "price": 120}
    package = {"id": "1", "amount": 120, "name": "Corner Tea", "products": [product]}
    return {
        "amount": 120,
        "currency": "TWD",
        "orderId": f"BARE-{number:026}",
        "oneTimeKey": key,
        "packages": [package],
    }


if __name__ == "__main__":
    main()
