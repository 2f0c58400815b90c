"""The archive itself: a gzipped tar that is there whole or not at all, readable by its owner only.

The one rule: its manifest names every file with size and SHA-256, and what was left out and why.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from posd import __version__
from posd.snapshot import rfc3339

FOLDER: Final = "posd-support"
MANIFEST: Final = "manifest.json"


def manifest(files: Mapping[str, bytes], left_out: Mapping[str, str], at_ms: int) -> bytes:
    """The list of what is in it."""
    told = {
        "program": f"posd {__version__}",
        "written_at": rfc3339(at_ms),
        "files": {
            name: {"bytes": len(data), "sha256": sha256(data).hexdigest()}
            for name, data in files.items()
        },
        "left_out": dict(left_out),
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def write(path: Path, files: Mapping[str, bytes], at_ms: int) -> None:
    """Write them under FOLDER, in their order, in place of what stood at `path`; raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            for name, data in files.items():
                tar.addfile(_entry(name, data, at_ms), io.BytesIO(data))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _entry(name: str, data: bytes, at_ms: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(f"{FOLDER}/{name}")
    entry.size, entry.mode, entry.mtime = len(data), 0o600, at_ms // 1000
    return entry
