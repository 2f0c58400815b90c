"""Result codes as LINE Pay words them, and the refusal that carries one.

The rule: the customer of this stand-in sees a code and LINE Pay's short text; the reason in full
goes to the log only, as with the real service.
"""

from __future__ import annotations

SUCCESS = "0000"

# Wording varies at LINE Pay itself (reference, 4.1); nobody may branch on it.
MESSAGES = {
    "0000": "success",
    "1101": "Not a LINE Pay user.",
    "1102": "The user cannot make transactions at the moment.",
    "1104": "Merchant not found.",
    "1105": "The merchant cannot use LINE Pay.",
    "1106": "Header information error.",
    "1110": "The credit card cannot be used.",
    "1124": "Amount error (scale).",
    "1133": "Invalid one-time key.",
    "1141": "Payment account status error.",
    "1142": "Insufficient balance.",
    "1145": "Payment in progress.",
    "1150": "Transaction record not found.",
    "1152": "The same transaction exists.",
    "1159": "No payment request information.",
    "1169": "The user must select a payment method and authenticate the password in LINE.",
    "1170": "The balance of the member's account was changed.",
    "1172": "A record of transaction with the same order number already exists.",
    "1178": "Currency not supported by the merchant.",
    "1183": "Below the minimum amount.",
    "1184": "Above the maximum amount.",
    "1198": "The API call request is duplicated.",
    "1199": "Internal request error.",
    "1280": "Temporary error of the credit card payment.",
    "1281": "Credit card payment error.",
    "1282": "Credit card authorization error.",
    "1283": "Suspected fraud, payment declined.",
    "1284": "Credit card payments are suspended.",
    "2101": "Parameter error.",
    "2102": "JSON data format error.",
    "2103": "Parameter not allowed.",
    "2104": "Invalid request.",
    "9000": "Internal error.",
}


class Refused(Exception):  # noqa: N818
    """The request is answered with `code`; `why` is for the log."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


def message_of(code: str) -> str:
    """The text that goes with a code; `-` where LINE Pay has none."""
    return MESSAGES.get(code, "-")
