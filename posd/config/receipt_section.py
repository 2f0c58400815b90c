"""The section `receipt` of a configuration: what stands on paper beyond the payment."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from posd.config.receipt_words import receipt_words

Language = Literal["en", "zh-TW", "th", "ja"]

_PERCENT: Final = {"expected": 'a percentage in quotes, such as "5" or "7.25"'}
_PATH: Final = {"path": True}
_Line = Annotated[str, Meta(max_length=200)]
_Word = Annotated[str, Meta(max_length=200)]


class Receipt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What receipts say beyond the payment."""

    header: Annotated[
        tuple[_Line, ...],
        Meta(description="Lines above the payment.", max_length=20),
    ] = ()
    footer: Annotated[
        tuple[_Line, ...],
        Meta(description="Lines below the payment.", max_length=20),
    ] = ()
    year: Annotated[
        Literal["gregorian", "roc", "buddhist"],
        Meta(description="Calendar of the year: gregorian 2026, roc 115, buddhist 2569."),
    ] = "gregorian"
    language: Annotated[
        Language | None,
        Meta(description="Language of the paper; left out, that of the screens."),
    ] = None
    words: Annotated[
        dict[str, _Word],
        Meta(
            description="The shop's own texts for words on paper, by key, such as paid_with.",
            extra={"keys": receipt_words},
        ),
    ] = field(default_factory=dict)
    copies: Annotated[
        Literal["customer", "both"],
        Meta(description="customer: one sheet; both: the merchant's own too, marked as a copy."),
    ] = "customer"
    slips: Annotated[
        tuple[Literal["unknown", "accepted", "voided", "refunded", "declined"], ...],
        Meta(description="Papers that are no receipts of a sale: which of them are printed."),
    ] = ("unknown", "accepted", "voided", "refunded")
    tax_rate: Annotated[
        str,
        Meta(
            description="Percent of tax that prices contain, in quotes; left out, receipts say"
            " nothing of taxes.",
            pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$",
            extra=_PERCENT,
        ),
    ] = "0"
    template: Annotated[
        str | None,
        Meta(
            description="File of the shop's own receipt (see receipt-template.md); left out, or"
            " while it is broken, the built-in one is printed.",
            extra=_PATH,
        ),
    ] = None
