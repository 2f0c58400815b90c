"""`posd demo`: the page's buttons, and an end without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posd.api_client import ApiClient

VERDICT_S = 20.0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "posd", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        start_new_session=True,  # a terminal of its own: Ctrl-C reaches all of its processes
    ) as process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_its_buttons_show_codes_and_ctrl_c_ends_all_without_a_trace(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert demo.stdout is not None
    greeting = demo.stdout.readline()
    assert greeting.startswith("The cashier's page: http://127.0.0.1:")
    assert demo.stdout.readline().startswith("Refunds: posd refund RECEIPT --address 127.0.0.1:")
    (directory,) = tmp_path.glob("posd-demo-*")
    client = ApiClient(greeting.split("/")[2], (directory / "state/api-token").read_text().strip())
    sale = client.open_sale({"reference": "b-1", "amount": "80"})
    client._post("/v1/demo/show-code", "press-1")
    paid = client.sale(sale["id"], wait_s=VERDICT_S)
    assert (paid["verdict"], paid["amount"]) == ("PAID", "80")
    sale = client.open_sale({"reference": "b-2", "amount": "80"})
    client._post("/v1/demo/decline", "press-2")
    assert client.sale(sale["id"], wait_s=VERDICT_S)["because"] == "declined"
    assert len(client._get("/v1/demo")["buttons"]) == 6
    os.killpg(demo.pid, signal.SIGINT)
    out, err = demo.communicate(timeout=20)
    assert (demo.returncode, out, err) == (0, "", "")
    assert list(tmp_path.glob("posd-*")) == []
