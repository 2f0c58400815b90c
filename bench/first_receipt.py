"""`python -m bench.first_receipt LANGUAGE`: tells what the first receipt of a process takes.

Rule: libraries are loaded and the printer's encoder is made before; no font and no line is.
"""

from __future__ import annotations

import sys
import time

from bench.children import tell
from bench.typesetting import DOTS, document
from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions


def main() -> None:
    """Typeset one receipt and end."""
    encoder = Encoder(EscposOptions(transport="file", path="/dev/null", dots=DOTS))
    receipt = document(sys.argv[1], 0)
    before_s, cpu_s = time.perf_counter(), time.thread_time()
    encoder.job(receipt)
    cpu_ms = (time.thread_time() - cpu_s) * 1000
    tell(took_ms=(time.perf_counter() - before_s) * 1000, cpu_ms=cpu_ms)


if __name__ == "__main__":
    main()
