"""From the configuration to what the core is told once: rules, waits, words, zone."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from posd.config import Config, ConfigError, cap_minor, is_test
from posd.config.receipt_template import read_template
from posd.core.commands import AccountName
from posd.core.people import Role
from posd.core.rules import SECOND, ReceiptRules, Rules, Waits
from posd.core.template.builtin import SALE_TEMPLATE, SALE_TEMPLATE_IN_NEED
from posd.core.template.nodes import Template
from posd.logs import log
from posd.words import catalogue

LEAST_HORIZON_S = 21 * 60  # LINE's documented life of a payment (reference, section 6)
KEY_LIFE_S = 300  # a one-time key lives five minutes
MARGIN_S = 60


def lane_rules(config: Config) -> Rules:
    """The rules of this lane."""
    line = config.linepay
    return Rules(
        store_id=config.store.id,
        lane_id=config.lane.id,
        country=config.country,
        currency=config.currency,
        account=AccountName(line.base_url, line.channel_id, line.api),
        capture=line.capture,
        test=is_test(config),
        language=config.language,
        waits=_waits(config).scaled(config.timing.scale),
        receipt=_receipt(config),
        refund_cap_minor=_refund_caps(config),
        abandon_cap_minor=cap_minor(config.access.cashier_abandons, config.currency),
    )


def _refund_caps(config: Config) -> dict[Role, int | None]:
    access, currency = config.access, config.currency
    return {
        Role.CASHIER: cap_minor(access.cashier_refunds, currency),
        Role.SUPERVISOR: cap_minor(access.supervisor_refunds, currency),
        Role.ADMIN: None,
    }


def _waits(config: Config) -> Waits:
    # The payment may begin as late as its key lives and be answered a pay timeout later.
    safe_s = max(LEAST_HORIZON_S, KEY_LIFE_S + config.linepay.pay_timeout_s + MARGIN_S)
    horizon_s = max(config.timing.horizon_s or 0, safe_s)
    key_ns = int(config.timing.key_timeout_s * SECOND)
    return replace(Waits(), key_ns=key_ns, horizon_ns=int(horizon_s * SECOND))


def _receipt(config: Config) -> ReceiptRules:
    local = time.localtime()
    return ReceiptRules(
        language=config.receipt.language or config.language,
        words=_words(config),
        store_name=config.store.name,
        branch=config.store.branch,
        address=config.store.address,
        tax_id=config.store.tax_id,
        header=config.receipt.header,
        footer=config.receipt.footer,
        year=config.receipt.year,
        utc_offset_minutes=local.tm_gmtoff // 60,
        zone=local.tm_zone,
        merchant_copy=config.receipt.copies == "both",
        slips=frozenset(config.receipt.slips),
        template=_template(config),
        tax_rate_hundredths=int(Decimal(config.receipt.tax_rate) * 100),
    )


def _words(config: Config) -> Mapping[str, str]:
    own = {f"receipt.{key}": text for key, text in config.receipt.words.items()}
    return {**catalogue(config.receipt.language or config.language), **own}


def _template(config: Config) -> Template:
    """The shop's own receipt; where it is broken the built-in one, which says so on paper."""
    path = config.receipt.template
    if path is None:
        return SALE_TEMPLATE
    try:
        return read_template(Path(path))
    except ConfigError as error:
        first, count = str(error.problems[0]), len(error.problems)
        hint = "posd check-config tells all of it; the built-in receipt is printed until then"
        log(
            "receipt_template_broken",
            severity=logging.WARNING,
            path=path,
            detail=first,
            count=count,
            hint=hint,
        )
        return SALE_TEMPLATE_IN_NEED
