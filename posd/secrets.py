"""The secrets of a lane: the channel secret it is given, and the two keys it makes for itself.

The one rule: no secret is ever part of a message, and a file that others may read is refused.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CREDENTIAL: Final = "channel_secret"
FINGERPRINT_FILE: Final = "fingerprint.key"
MAX_BYTES: Final = 1024
FINGERPRINT_BYTES: Final = 32
_WIDEST_MODE: Final = 0o640
_PRINTABLE: Final = re.compile(r"[!-~]+")


class SecretError(Exception):
    """A secret cannot be used; str() says what, where and what to do next."""


def channel_secret(config_secret_file: str | None, *, environ: Mapping[str, str]) -> str:
    """The channel secret: systemd's credential `channel_secret` first, else the file.

    The file may have mode 0600 or 0640, or less; anything looser is refused. Raises SecretError.
    """
    credential = credential_path(environ)
    if credential is not None and credential.exists():
        return _one_word(_read(credential, widest_mode=0o777), credential)
    if config_secret_file is None:
        raise SecretError(
            "no channel secret: there is no systemd credential `channel_secret` and no"
            " linepay.channel_secret_file; set one of them (see systemd/README.md)"
        )
    path = Path(config_secret_file)
    return _one_word(_read(path, widest_mode=_WIDEST_MODE), path)


def credential_path(environ: Mapping[str, str]) -> Path | None:
    """Where systemd puts the credential, None outside of a unit with credentials."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    return Path(folder) / CREDENTIAL if folder else None


def fingerprint_key(state_dir: str) -> bytes:
    """The HMAC key of one-time keys' fingerprints, 32 bytes, made once for ever.

    A damaged file is never replaced: with another key a used code would no longer be known.
    Raises SecretError.
    """
    path = Path(state_dir) / FINGERPRINT_FILE
    text = _kept_or_made(path, secrets.token_hex(FINGERPRINT_BYTES))
    if not re.fullmatch(rf"[0-9a-f]{{{2 * FINGERPRINT_BYTES}}}", text):
        raise SecretError(f"{path}: is damaged; restore it from the backup of the state folder")
    return bytes.fromhex(text)


def api_token(path: str) -> str:
    """The token of the local API, made once. Raises SecretError."""
    return _kept_or_made(Path(path), secrets.token_urlsafe(32))


def _kept_or_made(path: Path, fresh: str) -> str:
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _create(path, f"{fresh}\n".encode())
    except OSError as error:
        raise SecretError(
            f"{path}: cannot be made: {error.strerror}; check the owner and mode of its folder"
        ) from error
    return _one_word(_read(path, widest_mode=_WIDEST_MODE), path)


def _create(path: Path, data: bytes) -> None:
    """Make the file whole or not at all; a file that appears meanwhile wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _link_unless_there(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _link_unless_there(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # made by another process a moment ago; that one counts


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, *, widest_mode: int) -> bytes:
    try:  # O_NONBLOCK: a FIFO in its place must not hang the start
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SecretError(
            f"{path}: cannot be read: {error.strerror}; check that it is there and that the user"
            " posd may read it"
        ) from error
    try:
        _refuse_loose(path, os.fstat(descriptor).st_mode, widest_mode)
        data = os.read(descriptor, MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise SecretError(f"{path}: is larger than {MAX_BYTES} bytes; it holds the secret alone")
    return data


def _refuse_loose(path: Path, mode: int, widest_mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise SecretError(f"{path}: is not a regular file; put the secret in a file of its own")
    if stat.S_IMODE(mode) & ~widest_mode:
        raise SecretError(
            f"{path}: mode {stat.S_IMODE(mode):04o} lets others read it; run: chmod 0600 {path}"
        )


def _one_word(data: bytes, path: Path) -> str:
    text = data.decode("latin-1").rstrip("\r\n")
    if not text:
        raise SecretError(f"{path}: is empty; write the secret into it, on one line")
    if not _PRINTABLE.fullmatch(text):
        raise SecretError(f"{path}: must be one line of printable ASCII without blanks")
    return text
