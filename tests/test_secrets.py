"""Secrets: where they come from, which files are refused, and keys that are made once."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from posd.secrets import SecretError, api_token, channel_secret, fingerprint_key

CANARY = "canary0123456789abcdef"


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400, 0o440])
def test_a_file_for_its_owner_and_group_is_read(secret_file, mode):
    secret_file.chmod(mode)
    assert channel_secret(str(secret_file), environ={}) == CANARY


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604, 0o700, 0o777])
def test_a_looser_file_is_refused_with_the_command_to_run(secret_file, mode):
    secret_file.chmod(mode)
    with pytest.raises(SecretError) as caught:
        channel_secret(str(secret_file), environ={})
    assert f"mode {mode:04o}" in str(caught.value)
    assert str(caught.value).endswith(f"run: chmod 0600 {secret_file}")


def test_the_credential_of_systemd_comes_first(tmp_path, secret_file):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert channel_secret(str(secret_file), environ=environ) == CANARY
    (credentials / "channel_secret").write_text("from-systemd")
    (credentials / "channel_secret").chmod(0o444)
    assert channel_secret(str(secret_file), environ=environ) == "from-systemd"
    assert channel_secret(None, environ=environ) == "from-systemd"


def test_no_secret_at_all_names_both_ways():
    with pytest.raises(SecretError, match="credential `channel_secret`.*channel_secret_file"):
        channel_secret(None, environ={})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"one two", "one line of printable ASCII without blanks"),
        (b"one\ntwo\n", "one line of printable ASCII without blanks"),
        (b"\xef\xbb\xbfone", "one line of printable ASCII without blanks"),
        (b"one\x00", "one line of printable ASCII without blanks"),
        (b"x" * 1025, "is larger than 1024 bytes"),
    ],
)
def test_what_is_no_secret_is_refused(secret_file, content, why):
    secret_file.write_bytes(content)
    with pytest.raises(SecretError, match=why) as caught:
        channel_secret(str(secret_file), environ={})
    assert str(secret_file) in str(caught.value)


def test_line_ends_are_trimmed(secret_file):
    secret_file.write_bytes(CANARY.encode() + b"\r\n")
    assert channel_secret(str(secret_file), environ={}) == CANARY


def test_a_refused_secret_is_not_told(secret_file):
    secret_file.write_text(f"{CANARY} {CANARY}")
    with pytest.raises(SecretError) as caught:
        channel_secret(str(secret_file), environ={})
    assert CANARY not in str(caught.value)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(SecretError, match="none: cannot be read: No such file"):
        channel_secret(str(tmp_path / "none"), environ={})


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: os.mkfifo(path, 0o600)])
def test_what_is_no_file_is_refused_without_hanging(tmp_path, make):
    make(tmp_path / "odd")
    with pytest.raises(SecretError, match="is not a regular file|Is a directory"):
        channel_secret(str(tmp_path / "odd"), environ={})


def test_the_fingerprint_key_is_made_once_for_its_owner_alone(tmp_path):
    state = tmp_path / "state"
    key = fingerprint_key(str(state))
    assert len(key) == 32
    assert fingerprint_key(str(state)) == key
    mode = (state / "fingerprint.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert [path.name for path in state.iterdir()] == ["fingerprint.key"]


def test_two_lanes_have_different_keys(tmp_path):
    assert fingerprint_key(str(tmp_path / "a")) != fingerprint_key(str(tmp_path / "b"))


@pytest.mark.parametrize("content", ["", "abc\n", f"{'g' * 64}\n", f"{'a' * 63}\n"])
def test_a_damaged_fingerprint_key_is_never_replaced(tmp_path, content):
    path = tmp_path / "fingerprint.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(SecretError, match="is damaged; restore it|is empty"):
        fingerprint_key(str(tmp_path))
    assert path.read_text() == content


def test_the_token_is_made_once_and_refused_when_others_may_read_it(tmp_path):
    path = tmp_path / "state" / "api-token"
    token = api_token(str(path))
    assert len(token) >= 40
    assert api_token(str(path)) == token
    path.chmod(0o644)
    with pytest.raises(SecretError, match="chmod 0600"):
        api_token(str(path))


def test_all_who_make_the_token_at_once_get_the_same(tmp_path):
    path = str(tmp_path / "api-token")
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(api_token, [path] * 32))
    assert len(tokens) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretError, match="cannot be made: .*; check the owner and mode"):
        api_token(str(tmp_path / "file" / "api-token"))
