"""The remote verbs: what they print, and the exit code of every end."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from posd.api_client import ApiClient, NotRunning, Unclear
from posd.cli.remote import add_parser
from posd.cli.remote.exits import Ended, Exit
from posd.cli.remote.finding import client_for
from posd.cli.remote.sale import _nothing_sent
from posd.inquiry import Told
from tests.api.conftest import TOKEN, Running

HEAVY = {"requests", "escpos", "uvicorn", "starlette", "yaml", "apsw", "PIL"}


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(arguments)


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "api-token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.fixture
def posd(api: Running, token_file: Path) -> Callable[..., int]:
    """Run one verb against the module's server; gives its exit code."""

    def run(*arguments: str) -> int:
        args = parse(*arguments, "--address", api.address, "--token-file", str(token_file))
        return int(args.run(args))

    return run


class Selling:
    """`posd sale` in a thread of its own, and the moment when its sale waits for a code."""

    def __init__(self, api: Running, run: Callable[[], int]) -> None:
        self._door = api.door
        self._waits = threading.Event()
        self._codes: list[int] = []
        self._end = self._door.subscribe(self._look)
        self._thread = threading.Thread(target=lambda: self._codes.append(run()))
        self._thread.start()
        assert self._waits.wait(30)

    def _look(self) -> None:
        selling = self._door.lane().selling
        if selling is not None and selling.verdict == "WAITING":
            self._waits.set()

    def code(self) -> int:
        self._thread.join(30)
        self._end()
        return self._codes[0]


def test_a_paid_sale_exits_0_and_names_itself(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    selling = Selling(api, lambda: posd("sale", "120"))
    api.door.scan()
    api.door.pay_succeeds()
    assert selling.code() == 0
    out, err = capsys.readouterr()
    assert out.startswith("PAID  120 TWD  sale sale-")
    assert "idempotency key" in err
    assert "Scan the customer's LINE Pay code." in err


def test_json_holds_the_sale_alone(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    selling = Selling(api, lambda: posd("sale", "121", "--json", "--reference", "r-json"))
    api.door.scan()
    api.door.pay_succeeds()
    assert selling.code() == 0
    sale = json.loads(capsys.readouterr().out)
    assert (sale["verdict"], sale["reference"]) == ("PAID", "r-json")


def test_a_declined_sale_exits_1(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    selling = Selling(api, lambda: posd("sale", "122"))
    api.door.scan()
    api.door.pay_declined("1142")
    assert selling.code() == 1
    assert "The balance is too low." in capsys.readouterr().out


def test_a_sale_that_the_gateway_never_saw_exits_5(api: Running, posd: Callable[..., int]) -> None:
    selling = Selling(api, lambda: posd("sale", "123"))
    api.door.gateway_is_away()
    assert selling.code() == 5


def test_an_unreachable_gateway_refuses_with_5(api: Running, posd: Callable[..., int]) -> None:
    api.door.hindrances = ("gateway_unreachable",)
    assert posd("sale", "123") == 5


def test_any_other_refusal_exits_1(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    api.door.hindrances = ("not_selling",)
    assert posd("sale", "123") == 1
    assert "refused (not_selling)" in capsys.readouterr().out


def test_no_code_in_time_cancels_the_sale_and_exits_1(
    api: Running, posd: Callable[..., int]
) -> None:
    assert posd("sale", "124", "--wait", "0") == 1
    assert api.door.lane().selling is None
    assert api.door.lane().recent[0].because == "cashier"


def test_waiting_no_longer_while_the_payment_is_out_exits_3_and_names_the_sale(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    key = api.fresh()
    body = {
        "reference": "taken-up",
        "amount": "125",
        "currency": "TWD",
        "another_customer": False,
    }
    sale = api.call("POST", "/v1/sales", body, Idempotency_Key=key).json
    api.door.scan()
    again = ("--reference", "taken-up", "--idempotency-key", key)
    assert posd("sale", "125", "--wait", "0", *again) == 3
    err = capsys.readouterr().err
    assert sale["id"] in err
    assert "Do not charge again" in err


@pytest.mark.parametrize(
    ("because", "code", "exit_code"),
    [("gateway", "", 5), ("absent", "connect_refused", 5), ("absent", "1150", 1)],
)
def test_only_what_was_never_sent_exits_5(because: str, code: str, exit_code: int) -> None:
    sale = {"verdict": "NOT_PAID", "because": because, "code": code}
    assert (5 if _nothing_sent(sale) else 1) == exit_code


def unconfirmed(api: Running, run: Callable[[], int]) -> tuple[Selling, str]:
    """A sale whose answer was lost and whose 60 seconds are over, and its order."""
    selling = Selling(api, run)
    order_id = api.door.lane().selling.order_id  # type: ignore[union-attr]
    api.door.scan()
    api.door.pay_is_lost()
    api.door.pass_s(61)
    return selling, order_id


def test_a_sale_that_is_not_confirmed_when_the_waiting_ends_exits_3(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    selling, order_id = unconfirmed(api, lambda: posd("sale", "126", "--wait", "2"))
    assert selling.code() == 3
    assert "Do not charge again" in capsys.readouterr().err
    api.door.lost_payment_succeeds(order_id)


def test_a_sale_that_is_not_confirmed_is_waited_for_as_long_as_was_asked(
    api: Running, posd: Callable[..., int]
) -> None:
    selling, order_id = unconfirmed(api, lambda: posd("sale", "128"))
    api.door.lost_payment_succeeds(order_id)
    assert selling.code() == 0


def test_posd_gone_while_the_sale_waits_exits_3(
    api: Running,
    posd: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise NotRunning("stopped answering")

    monkeypatch.setattr(ApiClient, "sale", gone)
    assert posd("sale", "127") == 3
    assert "Do not charge again" in capsys.readouterr().err


def test_a_post_without_an_answer_exits_3_and_tells_how_to_take_it_up(
    posd: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def unclear(*_: object, **__: object) -> None:
        raise Unclear("no usable answer")

    monkeypatch.setattr(ApiClient, "open_sale", unclear)
    assert posd("sale", "128", "--reference", "r-1", "--idempotency-key", "k-1") == 3
    assert "--reference r-1 --idempotency-key k-1" in capsys.readouterr().err


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_before_a_code_cancels_and_exits_130(
    api: Running, posd: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ApiClient, "sale", _interrupted)
    assert posd("sale", "129") == 130
    assert api.door.lane().selling is None


def test_ctrl_c_after_the_key_was_sent_exits_3(
    api: Running, posd: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def scanned(*_: object, **__: object) -> None:
        api.door.scan()
        raise KeyboardInterrupt

    monkeypatch.setattr(ApiClient, "sale", scanned)
    assert posd("sale", "130") == 3


def test_ctrl_c_while_the_post_is_out_exits_3(
    posd: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ApiClient, "open_sale", _interrupted)
    assert posd("sale", "131") == 3


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "12,5", "12.5", "abc", ""])
def test_an_amount_that_cannot_be_charged_exits_2_and_asks_nothing(
    api: Running, posd: Callable[..., int], amount: str
) -> None:
    asked = len(api.door.asked)
    assert posd("sale", amount) == 2
    assert len(api.door.asked) == asked


@pytest.mark.parametrize("verb", [["sale", "120"], ["status"], ["devices"], ["cancel", "x"]])
def test_without_a_daemon_every_verb_exits_7(
    verb: list[str], token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = parse(*verb, "--address", "127.0.0.1:1", "--token-file", str(token_file))
    assert args.run(args) == 7
    out, err = capsys.readouterr()
    assert out == ""
    assert "posd run" in err


def test_cancel_ends_a_waiting_sale(api: Running, posd: Callable[..., int]) -> None:
    sale = api.sell().json
    assert posd("cancel", sale["receipt_number"]) == 0
    assert api.door.lane().selling is None


def test_cancel_of_a_sent_sale_exits_1(api: Running, posd: Callable[..., int]) -> None:
    sale = api.sell().json
    api.door.scan()
    assert posd("cancel", sale["id"]) == 1


def test_cancel_of_an_unknown_sale_exits_1_with_json_on_stdout(
    posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert posd("cancel", "nothing", "--json") == 1
    assert json.loads(capsys.readouterr().out)["code"] == "no_such_sale"


def test_status_tells_the_lane_and_its_sale(
    api: Running, posd: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    sale = api.sell("77").json
    assert posd("status") == 0
    out = capsys.readouterr().out
    assert "Corner Tea S001/L01" in out
    assert "TEST" in out
    assert f"now:   SHOW CODE  77 TWD  sale {sale['id']}" in out


def test_devices_exits_4_while_one_is_not_ready(
    serve: Callable[..., Running], token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api = serve()
    args = parse("devices", "--address", api.address, "--token-file", str(token_file))
    assert args.run(args) == 0
    away = type(api.door.printer)("printer", "escpos", "paper_out")
    api.door.printer = away
    api.door.publish()
    assert args.run(args) == 4
    assert "Put in a new roll" in capsys.readouterr().out


# ---- finding the daemon ---------------------------------------------------------------------


def test_flags_win_over_the_environment(token_file: Path) -> None:
    environ = {"POSD_API_ADDRESS": "127.0.0.1:9", "POSD_API_TOKEN_FILE": "/nowhere"}
    args = parse("status", "--address", "127.0.0.1:8", "--token-file", str(token_file))
    assert client_for(args, environ).address == "127.0.0.1:8"


def test_the_environment_wins_over_the_default(token_file: Path) -> None:
    environ = {"POSD_API_ADDRESS": "127.0.0.1:9", "POSD_API_TOKEN_FILE": str(token_file)}
    assert client_for(parse("status"), environ).address == "127.0.0.1:9"


def test_the_default_is_the_usual_port_with_the_token_of_the_users_state(tmp_path: Path) -> None:
    (tmp_path / "posd").mkdir()
    (tmp_path / "posd" / "api-token").write_text("the-users-own\n")
    client = client_for(parse("status"), {"XDG_STATE_HOME": str(tmp_path)})
    assert client.address == "127.0.0.1:8377"
    assert client._headers == {"Authorization": "Bearer the-users-own"}


def test_a_unix_socket_asks_for_no_token() -> None:
    environ = {"POSD_API_ADDRESS": "unix:/run/posd/posd.sock", "POSD_API_TOKEN_FILE": "/nowhere"}
    assert client_for(parse("status"), environ)._headers == {}


def test_a_token_file_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(Ended, match="--token-file") as caught:
        client_for(parse("status", "--token-file", "/nowhere/token"), {})
    assert caught.value.code is Exit.CONFIGURATION


def test_a_configuration_that_cannot_be_read_exits_78(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("store: 5\n")
    with pytest.raises(Ended) as caught:
        client_for(parse("status", "-c", str(tmp_path / "config.yaml")), {})
    assert caught.value.code is Exit.CONFIGURATION


def test_a_configuration_tells_the_address_and_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("configured\n")
    (tmp_path / "config.yaml").write_text(
        """
store: {id: S001, name: Corner Tea}
lane: {id: L01}
country: TW
currency: TWD
linepay:
  base_url: https://sandbox-api-pay.line.me
  channel_id: "1650000000"
  device_profile_id: L01-0001
  device_type: POS
scanner: {driver: serial, port: /dev/ttyUSB0}
printer: {driver: escpos, transport: network, address: "192.0.2.9:9100"}
api: {listen: "127.0.0.1:4711", token_file: token}
state_dir: state
"""
    )
    client = client_for(parse("status", "-c", str(tmp_path / "config.yaml")), {})
    assert client.address == "127.0.0.1:4711"
    assert client._headers == {"Authorization": "Bearer configured"}


def test_a_verb_loads_no_library_of_the_daemon() -> None:
    program = (
        "import argparse, sys\n"
        "from posd.cli.remote import add_parser\n"
        "parser = argparse.ArgumentParser()\n"
        "add_parser(parser.add_subparsers())\n"
        "args = parser.parse_args(['status', '--address', '127.0.0.1:1'])\n"
        "assert args.run(args) == 7\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert not HEAVY & set(done.stdout.split())


# ---- inquire ----------------------------------------------------------------------------------


def check(**facts: str | None) -> Told:
    return Told("check", "answered", code="0000", message="OK", **facts)


@pytest.mark.parametrize(
    ("told", "code", "says"),
    [
        ((check(status="COMPLETE"),), 0, "0000 OK  status COMPLETE"),
        ((check(status="FAIL"),), 6, "state: the journal says CONFIRMED, check says FAIL"),
        ((Told("check", "no_answer", reason="timeout"),), 5, "no answer (timeout)"),
    ],
    ids=["agrees", "differs", "silent"],
)
def test_an_inquiry_ends_by_what_line_pay_says(
    api: Running,
    posd: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    told: tuple[Told, ...],
    code: int,
    says: str,
) -> None:
    selling = Selling(api, lambda: posd("sale", "135", "--json"))
    api.door.scan()
    api.door.pay_succeeds()
    assert selling.code() == 0
    sale = json.loads(capsys.readouterr().out)
    api.door.told = told
    assert posd("inquire", sale["receipt_number"]) == code
    assert says in capsys.readouterr().out
    assert posd("inquire", sale["id"], "--json") == code
    assert len(json.loads(capsys.readouterr().out)["told"]) == 1


def test_an_inquiry_about_nothing_exits_1(api: Running, posd: Callable[..., int]) -> None:
    assert posd("inquire", "nobody") == 1
