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
    "1115": "A partial refund is not possible.",
    "1124": "Amount error (scale).",
    "1133": "Invalid one-time key.",
    "1141": "Payment account status error.",
    "1142": "Insufficient balance.",
    "1145": "Payment in progress.",
    "1150": "Transaction record not found.",
    "1152": "The same transaction exists.",
    "1153": "The amount differs from the authorized one.",
    "1155": "Unsuitable transaction.",
    "1159": "No payment request information.",
    "1163": "The refund period has passed.",
    "1164": "The amount exceeds what can be refunded.",
    "1165": "Already refunded or voided.",
    "1169": "The user must select a payment method and authenticate the password in LINE.",
    "1170": "The balance of the member's account was changed.",
    "1172": "A record of transaction with the same order number already exists.",
    "1177": "More than 100 transactions were asked for.",
    "1178": "Currency not supported by the merchant.",
    "1179": "It cannot be processed in this state.",
    "1183": "Below the minimum amount.",
    "1184": "Above the maximum amount.",
    "1198": "The API call request is duplicated.",
    "1199": "Internal request error.",
    "1280": "Temporary error of the credit card payment.",
    "1281": "Credit card payment error.",
    "1282": "Credit card authorization error.",
    "1283": "Suspected fraud, payment declined.",
    "1284": "Credit card payments are suspended.",
    "1285": "Credit card data is missing.",
    "1286": "Credit card data is wrong.",
    "1287": "The credit card has expired.",
    "1288": "Insufficient funds of the credit card.",
    "1289": "The limit of the credit card is exceeded.",
    "1290": "The limit per transaction of the credit card is exceeded.",
    "1298": "The credit card was refused.",
    "1900": "Temporary error, try later.",
    "1999": "The request differs from the earlier one.",
    "2020": "EPI: the limit could not be reserved.",
    "2021": "EPI: restricted user limit.",
    "2022": "EPI: user limit.",
    "2023": "EPI: limit of the user at this merchant.",
    "2024": "The merchant's receiving limit is reached.",
    "2042": "EPI: the refund failed, the merchant's reserve is too small.",
    "2101": "Parameter error.",
    "2102": "JSON data format error.",
    "2103": "Parameter not allowed.",
    "2104": "Invalid request.",
    "9000": "Internal error.",
}


class Refused(Exception):  # noqa: N818
    """The request is answered with `code`; `why` is for the log, `told` for the client too."""

    def __init__(self, code: str, why: str, *, told: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.told = told or message_of(code)


def message_of(code: str) -> str:
    """The text that goes with a code; `-` where LINE Pay has none."""
    return MESSAGES.get(code, "-")
