"""What must not leave the shop, and how it is hidden: by value, by name, by shape.

The one rule: each of the three is tried on all that a bundle takes in, for any may be blind: a
secret that this user cannot read is known by its name only, one in a sentence by its value only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from posd.config import Config
from posd.logs import HIDDEN, add_secret, remove_secret, scrub
from posd.secrets import FINGERPRINT_FILE, credential_path

MOST_BYTES: Final = 4096  # of a file that holds one secret
_NAMES: Final = frozenset({"secret", "token", "password", "passwd", "passphrase", "pin", "key"})
_NO_SECRETS: Final = frozenset({"drawer_pin"})  # of a plug
_OWN: Final = (FINGERPRINT_FILE, "api-token", "printer-token")  # in every state folder
_SECRET_FILE: Final = re.compile(r"(secret|token)_file$")
_NAMED: Final = re.compile(
    r"""(?ix)
    ( (?:secret|token|password|passwd|passphrase|\bpin|\bkey) ["']? \s* [:=] \s* ["']?
    | \bbearer \s+ )
    [^\s"',}]+"""
)
_IN_URL: Final = re.compile(r"//[^/\s@]+@")
_LIKE_A_CODE: Final = re.compile(r"(?<![0-9])(?:[0-9]{12}|[0-9]{18})(?![0-9])")

Mask = Callable[[str], str]


@contextmanager
def hiding(
    config: Config | None, environ: Mapping[str, str], trees: Mapping[Path, Any]
) -> Iterator[Mask]:
    """A mask for text that hides this lane's secrets by value, in each of their spellings.

    `trees` are the files of the configuration as plain data, for one that cannot be loaded.
    """
    values = list(_values(config, environ))
    for path, tree in trees.items():
        values += _values_named(tree, path.parent)
    for value in values:
        add_secret(value)
    try:
        yield lambda text: scrub(_IN_URL.sub(f"//{HIDDEN}@", text))
    finally:
        for value in values:
            remove_secret(value)


def hidden_by_name(tree: Any) -> Any:
    """Plain data with `[hidden]` in the place of whatever is called a secret."""
    if isinstance(tree, dict):
        return {
            name: HIDDEN if _tells(str(name)) else hidden_by_name(below)
            for name, below in tree.items()
        }
    if isinstance(tree, list):
        return [hidden_by_name(below) for below in tree]
    return tree


def hidden_in_prose(text: str) -> str:
    """Free text without what is named a secret, and without digits as long as a one-time key."""
    return _LIKE_A_CODE.sub(HIDDEN, _NAMED.sub(rf"\1{HIDDEN}", text))


def _tells(name: str) -> bool:
    last = re.split(r"[_.-]+", name.lower())[-1]
    return last in _NAMES and name not in _NO_SECRETS


def _values(config: Config | None, environ: Mapping[str, str]) -> Iterator[str]:
    if credential := credential_path(environ):
        yield from _content(credential)
    if config is None:
        return
    files = (
        config.linepay.channel_secret_file,
        config.token_path,
        config.printer_token_path,
        getattr(config.printer.options, "token_file", None),
        f"{config.state_dir}/{FINGERPRINT_FILE}",
    )
    for file in filter(None, files):
        yield from _content(Path(file))
    yield from _passwords(config.linepay.proxy or "")


def _values_named(tree: Any, folder: Path) -> Iterator[str]:
    """What the files hold that a configuration names, whether or not it can be loaded."""
    if isinstance(tree, dict):
        for name, below in tree.items():
            if isinstance(below, str) and _SECRET_FILE.search(str(name)):
                yield from _content(folder / below)
            if isinstance(below, str) and name == "state_dir":
                yield from (value for own in _OWN for value in _content(folder / below / own))
            yield from _values_named(below, folder)
    yield from _passwords(tree if isinstance(tree, str) else "")


def _passwords(url: str) -> Iterator[str]:
    """The password within an address, as it is written and as it is meant."""
    with suppress(ValueError):
        password = urlsplit(url).password or ""
        yield from {password, unquote(password)} - {""}


def _content(path: Path) -> Iterator[str]:
    """Also of a file whose mode posd itself would refuse: just that one may have leaked."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                yield file.read(MOST_BYTES).decode("latin-1").strip()
