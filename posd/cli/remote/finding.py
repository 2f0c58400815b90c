"""Where the daemon listens and with which token it lets us in.

The one rule: the first that was said wins, flags before environment before configuration before
the default; a token is read from a file and never taken from the command line.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from posd.api_client import ApiClient
from posd.cli.remote.exits import Ended, Exit

DEFAULT_ADDRESS: Final = "127.0.0.1:8377"
TOKEN_NAME: Final = "api-token"  # noqa: S105 - the name of a file
SYSTEM_STATE: Final = Path("/var/lib/posd")


def client_for(args: argparse.Namespace, environ: Mapping[str, str]) -> ApiClient:
    """A client of the daemon that is meant; raises Ended."""
    address = getattr(args, "address", None) or environ.get("POSD_API_ADDRESS")
    token_file = getattr(args, "token_file", None) or environ.get("POSD_API_TOKEN_FILE")
    config = getattr(args, "config", None)
    if config is not None and not (address and token_file):
        told_address, told_file = _configured(Path(config), environ)
        address, token_file = address or told_address, token_file or told_file
    address = address or DEFAULT_ADDRESS
    if address.startswith(("unix:", "/")):
        return ApiClient(address)
    path = Path(token_file) if token_file else _usual_file(environ)
    return ApiClient(address, _token(path) if path else None)


def _configured(path: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    # YAML and msgspec are loaded only for those who name a configuration.
    from devices import registry  # noqa: PLC0415
    from posd.config import ConfigError, load  # noqa: PLC0415

    try:
        config = load(path, drivers=registry, environ=environ)
    except (ConfigError, OSError) as error:
        raise Ended(Exit.CONFIGURATION, str(error)) from error
    return config.api.listen, config.token_path


def _usual_file(environ: Mapping[str, str]) -> Path | None:
    return next((path for path in _usual_files(environ) if os.path.lexists(path)), None)


def _usual_files(environ: Mapping[str, str]) -> Iterator[Path]:
    home = environ.get("HOME", "")
    state = environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    if state:
        yield Path(state) / "posd" / TOKEN_NAME
    yield SYSTEM_STATE / TOKEN_NAME


def _token(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = (
            f"cannot read the API token in {path}: {error}; join the group of the posd service,"
            " or name another file with --token-file"
        )
        code = Exit.PERMISSION if isinstance(error, PermissionError) else Exit.CONFIGURATION
        raise Ended(code, message) from error
