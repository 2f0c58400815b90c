"""The cable between a lane and the owner is pulled after every byte, in both directions."""

from __future__ import annotations

import select
import socket
import threading

import pytest
from contracts import PATIENCE_S
from sharing import receipt

from devices.errors import NoAnswer, Unavailable
from devices.printers.shared.client import SharedPrinter
from devices.printers.shared.options import SharedOptions
from devices.values import PrintProof


class Cable:
    """Carries connections to the owner; the first one ends after `lasts` bytes from one side."""

    def __init__(self, owner: str, side: str, lasts: int) -> None:
        host, port = owner.split(":")
        self._owner = (host, int(port))
        self._left = {"lane": 1 << 30, "owner": 1 << 30} | {side: lasts}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self._listener.getsockname())
        self.carried = {"lane": 0, "owner": 0}
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Cable:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                lane, _ = self._listener.accept()
            except OSError:
                return
            with lane, socket.create_connection(self._owner) as owner:
                self._carry(lane, owner)
            self._left = {"lane": 1 << 30, "owner": 1 << 30}

    def _carry(self, lane: socket.socket, owner: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([lane, owner], [], [], PATIENCE_S)
            for end in ready:
                name, other = ("lane", owner) if end is lane else ("owner", lane)
                try:
                    data = end.recv(self._left[name])
                    other.sendall(data)
                except OSError:
                    return
                self._left[name] -= len(data)
                self.carried[name] += len(data)
                if not data or not self._left[name]:
                    return


def outcome(lane: SharedPrinter) -> object:
    try:
        return lane.print(receipt("once"), PATIENCE_S)
    except (Unavailable, NoAnswer) as failure:
        return type(failure)


def pulled(shop, printer, side: str, lasts: int) -> object:
    """What the lane is told when its cable is pulled, having seen that this is true."""
    with Cable(shop.address, side, lasts) as cable:
        options = SharedOptions(cable.address, str(shop.token_file))
        told = outcome(SharedPrinter(options))
    shop.lent.print(receipt("the owner's own"), PATIENCE_S)  # behind whatever the lane began
    papers = printer.all_papers()
    assert papers.pop() == "the owner's own"
    allowed = {Unavailable: [[]], PrintProof.PROVED: [["once"]], NoAnswer: [[], ["once"]]}
    assert papers in allowed[told], (side, lasts, told, papers)
    return told


def length(shop, printer) -> dict[str, int]:
    with Cable(shop.address, "lane", 1 << 30) as cable:
        options = SharedOptions(cable.address, str(shop.token_file))
        assert outcome(SharedPrinter(options)) is PrintProof.PROVED
    assert printer.all_papers() == ["once"]
    return cable.carried


def pulled_everywhere(shop, printer, side: str) -> set[object]:
    total = length(shop, printer)[side]
    return {pulled(shop, printer, side, lasts) for lasts in range(1, total)}


@pytest.mark.parametrize("side", ["lane", "owner"])
def test_a_receipt_is_never_printed_twice_and_a_lost_one_is_never_called_unsent(
    shop, printer, side
):
    told = pulled_everywhere(shop, printer, side)
    assert Unavailable in told
    # bytes of the owner that are lost leave a job that began: its outcome is learned
    assert (PrintProof.PROVED if side == "owner" else NoAnswer) in told
