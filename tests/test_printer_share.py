"""A lane shares its printer where the configuration says so, and sells whatever comes of it."""

from __future__ import annotations

import logging
import socket
from types import SimpleNamespace

import pytest

from devices.errors import Unavailable
from devices.printers.shared.client import SharedPrinter
from devices.printers.shared.options import SharedOptions
from devices.values import ReceiptDocument
from posd.printer_share import Sharing


class AbsentPrinter:
    def prepare(self, document):
        raise Unavailable("it is off")


def config(tmp_path, listen: str | None):
    share = SimpleNamespace(listen=listen) if listen else None
    return SimpleNamespace(printer_share=share, printer_token_path=str(tmp_path / "token"))


def test_a_lane_that_shares_nothing_prints_on_its_own_printer(tmp_path):
    printer = AbsentPrinter()
    sharing = Sharing(printer, config(tmp_path, None))
    sharing.start()
    sharing.stop()
    assert sharing.printer is printer
    assert not (tmp_path / "token").exists()


def test_another_lane_reaches_it_with_a_copy_of_the_token_that_was_made(tmp_path, caplog):
    caplog.set_level(logging.INFO, "posd")
    sharing = Sharing(AbsentPrinter(), config(tmp_path, "127.0.0.1:0"))
    sharing.start()
    (record,) = caplog.records
    lane = SharedPrinter(SharedOptions(record.fields["listen"], str(tmp_path / "token")))
    with pytest.raises(Unavailable, match="it is off"):
        lane.prepare(ReceiptDocument(()))
    sharing.stop()


def test_a_port_that_is_taken_is_told_and_holds_up_nothing(tmp_path, caplog):
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = "{}:{}".format(*other.getsockname())
        sharing = Sharing(AbsentPrinter(), config(tmp_path, listen))
        sharing.start()
        sharing.stop()
    assert "printer_share_failed" in caplog.text
