"""The self-test page: the one thing that the doctor ever does rather than look.

The one rule: it is not printed while a posd has the printer; that one's receipts come first.
"""

from __future__ import annotations

from typing import Final

from devices.errors import NoAnswer, Refused, Unavailable
from devices.registry import build_printer
from devices.values import PrintProof, ReceiptDocument
from posd.cli.doctor.case import Case
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.core.trial_page import trial_page
from posd.lane_rules import lane_rules

TOPIC: Final = "paper"
PRINT_S: Final = 20.0
USUAL_DOTS: Final = 576
CELL_DOTS: Final = 12  # of a letter in a printer's font A
_LOOK: Final = "compare it with docs/images/receipts/test-en-576.png"


def print_page(case: Case) -> Finding:
    """Print it, and tell what is known of it."""
    if case.running.is_there:
        then = "print a copy of a receipt (posd receipt print ID), or stop posd and ask again"
        return doubtful(TOPIC, "posd runs and has the printer; no page was printed", then=then)
    device = case.config.printer
    printer = build_printer(device.driver, device.options)
    page = _page(case)
    try:
        printer.prepare(page)
        proof = printer.print(page, PRINT_S)
    except (Unavailable, Refused) as failure:
        return broken(TOPIC, str(failure), then="mend the printer; nothing was printed")
    except NoAnswer as failure:
        return broken(TOPIC, str(failure), then="look whether a page came out, whole and cut")
    if proof is PrintProof.PROVED:
        return fine(TOPIC, f"the page is out, says the printer; {_LOOK}")
    then = f"look whether it came out, whole and cut; {_LOOK}"
    return doubtful(TOPIC, "the page was sent, and the printer proves nothing", then=then)


def _page(case: Case) -> ReceiptDocument:
    dots = getattr(case.config.printer.options, "dots", None) or USUAL_DOTS
    at_ms = case.machine.now().wall_ms
    return trial_page(lane_rules(case.config), at_ms=at_ms, columns=dots // CELL_DOTS)
