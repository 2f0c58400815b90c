"""The second half of `posd sandbox --help`: keys, faults, control calls.

The rule: it is written out of the tables that the program runs on, so that it cannot fall behind.
"""

from __future__ import annotations

from textwrap import fill

from posd.linepay.sandbox.faults import FAULTS, form_of
from posd.linepay.sandbox.key_patterns import BY_DIGIT, LISTED, MARKER
from posd.linepay.sandbox.routes import Operation

_KEYS = """\
one-time keys
  `posd sandbox key --port P` mints one; it works once and for five minutes. Keys that were not
  minted work too, once each: 18 digits that begin with 38 (TW: pays TWD), or any 12 digits
  (TH: pays THB or USD).
"""

_PATTERNS = f"""\
faults by the digits of a key
  A key that ends in {MARKER} K NNNN (nine digits) meets a fault; {{seconds}} is NNNN tenths.
  TW: 38 + any seven digits + {MARKER}KNNNN     TH: any three digits + {MARKER}KNNNN
"""

_CONTROL = """\
control calls (plain HTTP on the same port, also with --tls)
  POST   /control/keys           {"country": "TW|TH", "fault": FAULT,
                                  "funding": "balance|card|point|mixed"} -> {"one_time_key": ...}
  POST   /control/faults         {"fault": FAULT, "count": N, "operation": "pay|check|details"}
                                 the next N verified calls meet it, whatever their key
  DELETE /control/faults         forgets those that still wait
  GET    /control/orders         every order id that was asked for
  GET    /control/orders/ID      status, amount, currency, transaction_id, pay_requests
  POST   /control/orders/ID      {"status": "COMPLETE|FAIL|CANCEL"} changes an order
  GET    /control/stats          pay_requests (with a readable order id, whatever was answered),
                                 check_requests, charges (orders COMPLETE now), connections (that
                                 carried a call of the API), last_call_ns (when the last call of
                                 the API came and was answered, CLOCK_BOOTTIME)
"""


def manual() -> str:
    """All of it, in lines of at most 100 characters."""
    return "\n".join([_KEYS, _faults(), _PATTERNS + _patterns(), _CONTROL])


def _faults() -> str:
    lines = ["faults by name (WHEN is before or after the money moves; after if left out)"]
    for name, row in FAULTS.items():
        only = "" if len(row.operations) == len(Operation) else " (pay only)"
        start = f"  {form_of(name):<26} "
        lines.append(fill(row.says + only, 100, initial_indent=start, subsequent_indent=" " * 29))
    return "\n".join(lines) + "\n"


def _patterns() -> str:
    lines = [f"  {MARKER} {digit} NNNN   {template}" for digit, template in BY_DIGIT.items()]
    lines += [f"  {MARKER} 9 {number}   {fault}" for number, fault in LISTED.items()]
    lines = [line for line in lines if "{listed}" not in line]
    return "\n".join(lines).replace("{code}", "NNNN") + "\n"
