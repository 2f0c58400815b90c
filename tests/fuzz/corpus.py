"""The inputs that are kept: tests/fuzz/corpus/<target>/, one file an input.

The one rule: small. Seeds show a target's form; an input that once failed stays for ever.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")
MAX_FILES = 300
MAX_BYTES = 4096


def inputs(target: str) -> dict[str, bytes]:
    """The kept inputs of a target by the names of their files."""
    return {path.name: path.read_bytes() for path in sorted((FOLDER / target).iterdir())}
