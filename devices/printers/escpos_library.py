"""Loading python-escpos, which is only used to write commands, never to talk to a printer.

The one rule: importing it leaves nothing behind. By itself it configures the root logger, and
parses 134 ms of YAML at each start unless told where it may keep the result.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

_CACHE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def plain_writer(profile: str) -> Any:
    """A python-escpos `Dummy` that writes ASCII and never touches the printer's code page."""
    dummy = _dummy_class()
    return dummy(profile=profile, magic_encode_args={"disabled": True, "encoding": "CP437"})


def _dummy_class() -> Any:
    if "escpos.printer" not in sys.modules:
        os.environ.setdefault(_CACHE, str(_private_cache()))
        handlers = list(logging.root.handlers)
        # It makes a temporary directory even where it is told of a cache, and leaves it behind.
        usual = tempfile.gettempdir()
        try:
            with tempfile.TemporaryDirectory() as scratch:
                tempfile.tempdir = scratch
                _import_once_more_without_cache()
        finally:
            tempfile.tempdir = usual
            logging.root.handlers[:] = handlers
    from escpos.printer import Dummy  # noqa: PLC0415 - it must come after the cache is named

    return Dummy


def _import_once_more_without_cache() -> None:
    """Import it; a cache cut short by a power failure is thrown away, or it would fail for ever."""
    try:
        import escpos.printer  # noqa: F401, PLC0415
    except Exception:
        for kept in Path(os.environ[_CACHE]).glob("*.capabilities.pickle"):
            kept.unlink(missing_ok=True)
        for name in [name for name in sys.modules if name.partition(".")[0] == "escpos"]:
            del sys.modules[name]
        import escpos.printer  # noqa: F401, PLC0415


def _private_cache() -> Path:
    """A directory of this user alone: what lies in it is unpickled, so nobody else may write."""
    given = os.environ.get("CACHE_DIRECTORY") or os.environ.get("XDG_CACHE_HOME")
    home = Path(given.partition(":")[0] if given else Path.home() / ".cache")
    place = home / "posd-escpos"
    with suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.stat().st_uid == os.getuid() and not place.stat().st_mode & 0o022:
            return place
    return Path(tempfile.mkdtemp(prefix="posd-escpos-"))
