"""The program as a person or a script starts it: a process of its own."""

import argparse
import contextlib
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from posd.cli.sandbox import add_parser
from posd.linepay.sandbox.assumptions import GUESSES
from posd.linepay.sandbox.control_schema import CALLS
from posd.linepay.sandbox.faults import FAULTS, form_of
from posd.linepay.sandbox.manual import manual

from .client import PATIENCE_S, encode, headers, pay_body

MODULE = [sys.executable, "-m", "posd.linepay.sandbox"]
HOW_TO = Path(__file__).parents[2] / "docs/how-to/use-the-sandbox.md"


@contextlib.contextmanager
def running(*options):
    """The stand-in as a process; gives it and its first line."""
    process = subprocess.Popen(
        [*MODULE, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        try:
            line = process.stdout.readline()
            yield process, json.loads(line) if line else None
        finally:
            process.kill()


def run(*arguments, command=None):
    return _finished([*(command or MODULE), *arguments])


def _finished(command):
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S)


def port_of(hello):
    return hello["base_url"].rpartition(":")[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_mints_a_key_and_ends_cleanly(number):
    with running() as (process, hello):
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", hello["base_url"])
        assert hello["control_url"] == hello["base_url"] + "/control"
        assert hello["channel_id"] == "1650000000"
        assert len(hello["channel_secret"]) == 32
        assert hello["ca_file"] is None
        assert hello["pid"] == process.pid
        minted = run("key", "--port", port_of(hello), "--country", "TH")
        assert re.fullmatch(r"[0-9]{12}\n", minted.stdout)
        assert (minted.returncode, minted.stderr) == (0, "")
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
        assert (process.stdout.read(), process.stderr.read()) == (b"", b"")


def test_a_key_can_be_drawn_in_the_terminal():
    with running() as (_, hello):
        drawn = run("key", "--port", port_of(hello), "--draw", "--provider", "EPI").stdout
    key, *rows = drawn.splitlines()
    assert re.fullmatch(r"38[0-9]{16}", key)
    assert len(rows) > 10
    assert len({len(row) for row in rows}) == 1


def test_it_ends_when_stdin_is_closed():
    with running("--exit-with-stdin", "--channel-id", "7", "--channel-secret", "s") as (
        process,
        hello,
    ):
        assert (hello["channel_id"], hello["channel_secret"]) == ("7", "s")
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def test_a_held_answer_does_not_hold_up_the_end():
    with running("-v") as (process, hello):
        port = port_of(hello)
        key = run("key", "--port", port, "--fault", "no-answer").stdout.strip()
        body = encode(pay_body("v2", oneTimeKey=key))
        sent = headers("v2", "", body, hello["channel_secret"])
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE_S)
        connection.request("POST", "/v2/payments/oneTimeKeys/pay", body, sent)
        assert any(b" meets " in line for line in process.stderr)
        process.terminate()
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()
        connection.close()
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_with_tls_a_client_trusts_the_ca_file_and_control_calls_stay_plain():
    with running("--tls") as (process, hello):
        assert hello["base_url"].startswith("https://")
        assert hello["control_url"].startswith("http://")
        directory = Path(hello["ca_file"]).parent
        assert directory.stat().st_mode & 0o077 == 0
        port = int(port_of(hello))
        context = ssl.create_default_context(cafile=hello["ca_file"])
        secure = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=context)
        for dialect in ("v2", "v4"):
            path, body = f"/{dialect}/payments/oneTimeKeys/pay", encode(pay_body(dialect))
            secure.request(
                "POST", path, body, headers(dialect, path, body, hello["channel_secret"])
            )
            assert json.loads(secure.getresponse().read())["returnCode"] == "0000"
        assert run("key", "--port", str(port)).returncode == 0
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        plain.request("POST", path, body, headers(dialect, path, body, hello["channel_secret"]))
        assert plain.getresponse().status == 400
        plain.close()
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
        secure.close()
        assert not directory.exists()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_over_tls_a_reset_is_a_tcp_reset():
    with running("--tls") as (_, hello):
        port = int(port_of(hello))
        key = run("key", "--port", str(port), "--fault", "reset:after").stdout.strip()
        context = ssl.create_default_context(cafile=hello["ca_file"])
        secure = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=context)
        body = encode(pay_body("v2", oneTimeKey=key))
        secure.request("POST", "/v2/payments/oneTimeKeys/pay", body,
                       headers("v2", "", body, hello["channel_secret"]))  # fmt: skip
        with pytest.raises(ConnectionResetError):
            secure.getresponse()
        secure.close()


def test_a_taken_port_is_told_and_ends_with_75():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        done = run("--port", port)
    assert done.returncode == 75
    assert f"port {port} is taken" in done.stderr
    assert done.stdout == ""


def test_a_key_from_nobody_ends_with_7_and_says_so():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    done = run("key", "--port", str(port), "--country", "TW")
    assert done.returncode == 7
    assert f"no sandbox answers on 127.0.0.1:{port}" in done.stderr
    assert done.stdout == ""


def test_a_key_with_a_fault_that_does_not_exist_is_refused():
    with running() as (_, hello):
        done = run("key", "--port", port_of(hello), "--fault", "explode")
    assert done.returncode == 1
    assert "'explode' is no fault" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--port", "65536"],
        ["--nonsense"],
        ["key"],
        ["--allow", "x"],
        ["--assume", "x=1"],
        ["--clock", "none"],
        ["--seed", "x"],
    ],
)
def test_wrong_arguments_end_with_2(arguments):
    assert run(*arguments).returncode == 2


def test_help_names_every_fault_and_control_call():
    text = run("--help").stdout
    assert manual() in text
    for name in FAULTS:
        assert f"  {form_of(name)} " in text
    for row in CALLS:
        assert f"{row.method:<6} {row.path.replace('{order_id}', 'ID')} " in text
    for name in GUESSES:
        assert f"  {name} " in text
    assert max(map(len, manual().splitlines())) <= 100


POSD = """
import argparse, sys
from posd.cli.sandbox import add_parser
parser = argparse.ArgumentParser(prog="posd")
parser.add_argument("-v", "--verbose", action="store_true")
add_parser(parser.add_subparsers(required=True))
assert "posd.linepay" not in sys.modules, "registering must not load the stand-in"
args = parser.parse_args()
sys.exit(args.run(args))
"""


def test_posd_sandbox_is_the_same_program():
    posd = [sys.executable, "-c", POSD, "sandbox"]
    helped = run("--help", command=posd)
    assert helped.returncode == 0
    assert helped.stdout.startswith("usage: posd sandbox ")
    assert manual() in helped.stdout
    with running() as (_, hello):
        minted = run("key", "--port", port_of(hello), "--country", "TW", command=posd)
        assert re.fullmatch(r"38[0-9]{16}\n", minted.stdout)
    assert run("--port", "-1", command=posd).returncode == 2


def test_registering_sets_what_runs():
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["sandbox", "--port", "0", "-v", "key"])
    assert args.arguments == ["--port", "0", "-v", "key"]
    assert callable(args.run)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_of_the_how_to_work():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    page = HOW_TO.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    done = _finished(["bash", "-c", _script(*blocks).replace("8491", port)])
    assert done.returncode == 0, done.stderr
    hello, *outputs = (line for line in done.stdout.splitlines() if line)
    shown = re.search(r"```json\n(.*?)```", page, re.DOTALL)[1]
    assert json.loads(hello).keys() == json.loads(shown).keys()
    assert '"returnCode":"0000"' in outputs[0]
    assert '"status":"COMPLETE"' in outputs[1]
    assert '"charges":1' in done.stdout
    assert '{"armed":3}' in done.stdout
    assert '"refundAmount":-20' in done.stdout


def test_the_how_to_tells_every_guess_and_its_values():
    page = HOW_TO.read_text(encoding="utf-8")
    for name, guess in GUESSES.items():
        values = " · ".join(f"`{choice}`" for choice in guess.choices) or f"days, `{guess.number}`"
        assert f"| `{name}` | {guess.says} | {values} |" in page


def test_the_how_to_names_every_fault():
    page = HOW_TO.read_text(encoding="utf-8")
    assert [name for name in FAULTS if f"`{name}" not in page] == ["none"]


def _script(start, *rest):
    """The blocks as one script that waits for the first line and ends the stand-in."""
    lines = [
        "set -e",
        f"posd() {{ shift; '{sys.executable}' -m posd.linepay.sandbox \"$@\"; }}",
        f"exec 3< <({start.strip().removesuffix('&')})",
        "read -r hello <&3",
        "pid=${hello##*: }",
        "trap 'kill ${pid%\\}}' EXIT",
        "echo $hello",
        *(f"echo; {block}" for block in rest),
    ]
    return "\n".join(lines)
