"""A self-signed certificate for 127.0.0.1, made at start and forgotten at the end.

The rule: the private key lives in a directory that only this user can read, and only while the
stand-in runs.
"""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DAYS = "30"
_OPENSSL_S = 30.0


class NoCertificate(RuntimeError):  # noqa: N818
    """No certificate could be made; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`ca_file` is what a client trusts; `context` serves with it."""

    ca_file: Path
    context: ssl.SSLContext


@contextlib.contextmanager
def self_signed() -> Iterator[Certificate]:
    """Make a certificate that is removed at the end of the block; raises NoCertificate."""
    with tempfile.TemporaryDirectory(prefix="posd-sandbox-") as directory:
        ca_file, key_file = Path(directory, "ca.pem"), Path(directory, "key.pem")
        _run_openssl(ca_file, key_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca_file, key_file)
        yield Certificate(ca_file, context)


def _run_openssl(ca_file: Path, key_file: Path) -> None:
    command = ["openssl", "req", "-x509", "-nodes", "-days", _DAYS, "-subj", "/CN=posd sandbox"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command += ["-keyout", str(key_file), "-out", str(ca_file)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_OPENSSL_S)
    except FileNotFoundError as error:
        raise NoCertificate("--tls needs the program openssl; install it or leave --tls") from error
    except subprocess.SubprocessError as error:
        raise NoCertificate(f"openssl made no certificate: {error}") from error
