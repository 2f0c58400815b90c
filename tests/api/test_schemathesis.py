"""The API against its own document: schemathesis tries what the document allows and forbids.

It lives in an environment of its own under build/, so that none of its packages meets posd's.
"""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import pytest

from posd.api import routes
from posd.api.app import create_app
from posd.api.parameters import wait_s
from posd.api.server import ApiServer
from tests.api.conftest import TOKEN, settings
from tests.api.fakes import DecliningDoor

PINNED = "schemathesis==4.32.5"
ENVIRONMENT = Path(__file__).parents[2] / "build" / "schemathesis-venv"
EXAMPLES = 25  # for each operation
# A document cannot say which amounts a currency has, or what the sale was at a seq: 412 and 422
# answer what it allows as well as what it forbids. 428 is for a head without If-Match.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428"]

[checks.missing_required_header]
expected-statuses = ["400", "401", "422", "428"]
"""


@pytest.fixture(scope="module")
def program() -> Path:
    """The installed program; skips where it cannot be had."""
    python, found = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "bin" / "schemathesis"
    if not found.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        install = ["-m", "pip", "install", "-q", "--only-binary", ":all:", PINNED]
        done = subprocess.run([python, *install], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"{PINNED} cannot be installed: {done.stderr.strip()[-300:]}")
    return found


@pytest.mark.slow
def test_nothing_that_the_document_allows_or_forbids_is_answered_otherwise(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A wait is read as ever, and hardly waited for: nobody scans here.
    monkeypatch.setattr(routes, "wait_s", lambda request: wait_s(request) / 6000)
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    server = ApiServer(create_app(DecliningDoor(), settings()), listen="127.0.0.1:0")
    address = server.start()
    try:
        told = subprocess.run(
            [
                *(program, "--config-file", configuration, "--no-color"),
                *("run", f"http://{address}/openapi.json", "--checks", "all"),
                *("--header", f"Authorization: Bearer {TOKEN}"),
                *("--exclude-path", "/v1/events"),  # it has no end
                *("--max-examples", str(EXAMPLES), "--seed", "2026", "--warnings", "off"),
                *("--request-timeout", "60"),  # a loaded machine is slow, and not wrong
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.stop(10)
    assert told.returncode == 0, told.stdout[-8000:] + told.stderr[-2000:]
    assert "No issues found" in told.stdout
