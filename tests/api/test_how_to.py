"""How to integrate a till: its examples in curl, Python and JavaScript, and the example till."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from posd.api_client import ApiClient, NotRunning, Unclear
from posd.door import CancelSale
from tests.api.conftest import PIN, TOKEN, Running
from tests.api.live import LiveLane
from tests.api.test_repeats import kinds, living
from tests.docs.pages import ROOT, blocks

PAGE = (ROOT / "docs" / "how-to" / "integrate-a-till.md").read_text("utf-8")
TILL = ROOT / "docs" / "examples" / "till.py"


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[tuple[Running, LiveLane]]:
    """A lane whose customers pay at once."""
    with living(tmp_path / "lane") as (api, lane):
        lane.serve_customers()
        yield api, lane


@pytest.fixture
def till() -> ModuleType:
    spec = importlib.util.spec_from_file_location("till", TILL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(api: Running, *command: str) -> str:
    environ = {**os.environ, "POSD": api.address, "TOKEN": TOKEN, "no_proxy": "*"}
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
def test_the_curl_example_sells(lane: tuple[Running, LiveLane]) -> None:
    api, _ = lane
    told = json.loads(run(api, "sh", "-c", blocks(PAGE, "sh")[0]))
    assert (told["reference"], told["verdict"]) == ("basket-1", "PAID")


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node on this machine")
def test_the_javascript_example_sells(lane: tuple[Running, LiveLane]) -> None:
    api, _ = lane
    code = blocks(PAGE, "js")[0]
    assert run(api, "node", "--input-type=module", "-e", code) == "PAID 120 TWD\n"


def test_the_python_examples_sell_give_back_and_look_back(
    lane: tuple[Running, LiveLane], capsys: pytest.CaptureFixture[str]
) -> None:
    api, _ = lane
    names = {"address": api.address, "token": TOKEN, "pin": PIN, "last_seq": 0}
    names |= {"key": "till-1", "refund_key": "till-2"}
    for block in blocks(PAGE, "python"):
        exec(compile(block, "integrate-a-till.md", "exec"), names)  # noqa: S102
    assert capsys.readouterr().out.startswith("PAID 7")
    assert [sale["refunded"] for sale in names["missed"]] == ["20"]  # type: ignore[attr-defined]
    assert [sale["reference"] for sale in names["today"]] == ["basket-2"]  # type: ignore[attr-defined]


# ---- the example till -------------------------------------------------------------------------


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "api-token"
    file.write_text(f"{TOKEN}\n")
    return file


def sold(till: ModuleType, address: str, token_file: Path, amount: str = "120") -> int:
    place = ["--token-file", str(token_file), "--folder", str(token_file.parent)]
    code: int = till.main([address, "basket-9", amount, *place], lambda _s: None)
    return code


def test_the_till_sells_and_started_again_tells_the_same_sale(
    lane: tuple[Running, LiveLane],
    till: ModuleType,
    token_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api, behind = lane
    assert [sold(till, api.address, token_file) for _ in range(3)] == [till.DONE] * 3
    assert capsys.readouterr().out == "PAID 120 TWD: hand_over\n" * 3
    assert kinds(behind)["PaySent"] == 1


def test_a_basket_that_is_not_paid_gets_a_new_key(
    tmp_path: Path, till: ModuleType, token_file: Path
) -> None:
    with living(tmp_path / "lane") as (api, lane):
        sale = api.call("POST", "/v1/sales", {"reference": "other", "amount": "1"}, **KEY).json
        assert sold(till, api.address, token_file) == till.NOT_PAID  # refused: another is open
        key = (tmp_path / "basket-9.key").read_text()
        api.act(sale["id"], "cancel", Idempotency_Key="cancel")
        leave = lane.door.subscribe(lambda: cancel(lane))
        assert sold(till, api.address, token_file) == till.NOT_PAID
        leave()
        assert not (tmp_path / "basket-9.key").exists()
        lane.serve_customers()
        assert sold(till, api.address, token_file) == till.DONE
        assert (tmp_path / "basket-9.key").read_text() != key


KEY = {"Idempotency_Key": "the-other"}


def cancel(lane: LiveLane) -> None:
    """Somebody cancels what is at the counter, as soon as it is there."""
    selling = lane.door.lane().selling
    if selling and selling.verdict == "WAITING" and selling.reference == "basket-9":
        lane.door.ask(CancelSale(selling.id))


def test_a_till_without_posd_does_not_know_and_keeps_its_key(
    till: ModuleType, token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sold(till, "127.0.0.1:9", token_file) == till.NOT_KNOWN
    assert capsys.readouterr().out.startswith("NOT KNOWN")
    assert (token_file.parent / "basket-9.key").exists()


@pytest.mark.parametrize("error", [Unclear("the answer was lost"), NotRunning("not yet")])
def test_the_till_insists_under_one_key(till: ModuleType, error: Exception) -> None:
    class Flaky(ApiClient):
        keys: list[str] = []  # noqa: RUF012

        def open_sale(self, sale: object, *, idempotency_key: str = "", **_: object) -> object:  # type: ignore[override]
            self.keys.append(idempotency_key)
            if len(self.keys) < till.TRIES:
                raise error
            return {"id": "1", "verdict": "PAID"}

    paused: list[float] = []
    told = till.sell(Flaky("127.0.0.1:9"), {}, "the-key", paused.append)
    assert told["verdict"] == "PAID"
    assert set(Flaky.keys) == {"the-key"}
    assert len(paused) == till.TRIES - 1
