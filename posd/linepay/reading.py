"""Bodies of answers, read into the names of `answers`; each raises NotAnAnswer.

One rule: an answer is read whole or not at all.
"""

from __future__ import annotations

from decimal import Decimal

from posd.linepay import members
from posd.linepay.answers import (
    AffiliateCard,
    Answer,
    PaymentDetails,
    PayMethod,
    Refund,
    RefundEntry,
    Reply,
)
from posd.linepay.members import Members, decoration, identifier, objects, word


def parse_answer(data: bytes) -> Answer:
    """Read an answer to pay, check, capture or void (reference, section 4.2)."""
    envelope = members.decode(data)
    return _answer(envelope, _info(envelope))


def parse_list(data: bytes) -> Answer:
    """Read the first payment of an answer to details, whose info is a list."""
    envelope = members.decode(data)
    return _answer(envelope, next(iter(objects(envelope, "info")), {}))


def parse_refund(data: bytes) -> Reply[Refund]:
    """Read an answer to refund (reference, section 4.5)."""
    envelope = members.decode(data)
    info = _info(envelope)
    refund = Refund(
        identifier(info, "refundTransactionId"), decoration(info.get("refundTransactionDate"))
    )
    return Reply(members.code(envelope), members.message(envelope), refund)


def parse_payments(data: bytes) -> Reply[tuple[PaymentDetails, ...]]:
    """Read an answer to authorizations or details (reference, sections 4.4 and 4.5)."""
    envelope = members.decode(data)
    found = tuple(_details(info) for info in objects(envelope, "info"))
    return Reply(members.code(envelope), members.message(envelope), found)


def _info(envelope: Members) -> Members:
    return members.as_object(envelope.get("info") or {}, "info")


def _answer(envelope: Members, info: Members) -> Answer:
    methods = _methods(info)
    return Answer(
        code=members.code(envelope),
        message=members.message(envelope),
        order_id=identifier(info, "orderId"),
        transaction_id=identifier(info, "transactionId"),
        transaction_date=decoration(info.get("transactionDate")),
        status=word(info, "status"),
        paid=_sum(methods),
        currency=word(info, "currency"),
        methods=methods,
        masked_card=next((part.masked_card for part in methods if part.masked_card), None),
        balance=members.amount(info.get("balance")),
        payment_provider=decoration(info.get("paymentProvider")),
        authorization_expire_date=decoration(info.get("authorizationExpireDate")),
        fail_code=decoration(info.get("failReturnCode")),
        fail_message=decoration(info.get("failReturnMessage")),
        affiliate_cards=_affiliate_cards(info),
    )


def _details(info: Members) -> PaymentDetails:
    methods = _methods(info)
    return PaymentDetails(
        transaction_id=identifier(info, "transactionId"),
        original_transaction_id=identifier(info, "originalTransactionId"),
        order_id=identifier(info, "orderId"),
        transaction_date=decoration(info.get("transactionDate")),
        transaction_type=word(info, "transactionType"),
        product_name=decoration(info.get("productName")),
        merchant_name=decoration(info.get("merchantName")),
        currency=word(info, "currency"),
        pay_status=word(info, "payStatus"),
        authorization_expire_date=decoration(info.get("authorizationExpireDate")),
        payment_provider=decoration(info.get("paymentProvider")),
        paid=_sum(methods),
        methods=methods,
        refunds=tuple(_refund(entry) for entry in objects(info, "refundList")),
        affiliate_cards=_affiliate_cards(info),
    )


def _methods(info: Members) -> tuple[PayMethod, ...]:
    return tuple(
        PayMethod(
            method=decoration(part.get("method")) or "",
            amount=members.required_amount(part, "amount"),
            card_brand=decoration(part.get("creditCardBrand")),
            card_nickname=decoration(part.get("creditCardNickname")),
            masked_card=decoration(part.get("maskedCreditCardNumber")),
        )
        for part in objects(info, "payInfo")
    )


def _sum(methods: tuple[PayMethod, ...]) -> Decimal | None:
    return sum((part.amount for part in methods), Decimal(0)) if methods else None


def _refund(entry: Members) -> RefundEntry:
    return RefundEntry(
        transaction_id=identifier(entry, "refundTransactionId"),
        transaction_type=word(entry, "transactionType"),
        amount=abs(members.required_amount(entry, "refundAmount")),
        date=decoration(entry.get("refundTransactionDate")),
    )


def _affiliate_cards(info: Members) -> tuple[AffiliateCard, ...]:
    """Decoration through and through: a payment is not doubted for its e-invoice."""
    reference = info.get("merchantReference")
    cards = reference.get("affiliateCards") if isinstance(reference, dict) else None
    known = [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []
    return tuple(
        AffiliateCard(
            card_type=decoration(card.get("cardType")) or "",
            card_id=decoration(card.get("cardId")) or "",
        )
        for card in known
    )
