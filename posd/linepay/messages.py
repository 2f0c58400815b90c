"""What is asked of LINE Pay and what it answers, under one roof.

One rule: one set of names for three dialects. `payment` holds what is asked, `answers` what is
answered, `reading` how bytes become answers.
"""

from posd.linepay.answers import Answer, PayMethod
from posd.linepay.members import NotAnAnswer
from posd.linepay.payment import OneTimeKeyPayment, Product, require_order_id
from posd.linepay.reading import parse_answer, parse_list

__all__ = [
    "Answer",
    "NotAnAnswer",
    "OneTimeKeyPayment",
    "PayMethod",
    "Product",
    "parse_answer",
    "parse_list",
    "require_order_id",
]
