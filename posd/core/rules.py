"""What a lane is told once, at its start: who it is, how long it waits, what it prints.

Waits are nanoseconds on the boot clock. Sources: shared design of the money machine; the key
lengths and the life of a payment are LINE Pay's (reference, sections 3.1 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from posd.core.commands import AccountName
from posd.core.people import Role
from posd.core.template.builtin import SALE_TEMPLATE
from posd.core.template.nodes import Template

SECOND = 1_000_000_000
NIGHTS_TO_ESCALATE = 2  # a shop that switches off at night begins every wait anew each morning
PAPER_LIFE_NS = 600 * SECOND  # what waited longer for paper finds nobody; people are not scaled
KEY_LENGTHS = {"TW": 18, "TH": 12}


@dataclass(frozen=True, slots=True)
class Waits:
    """Every wait of the machine; `scaled` shortens them all for tests and training."""

    key_ns: int = 120 * SECOND  # ARMED without a key
    quiet_ns: int = SECOND // 20  # silence before the scanner counts as armed
    same_scan_ns: int = 2 * SECOND  # the same data again within this is one scan
    not_after_ns: int = 10 * SECOND  # a pay request later than this after the scan is not sent
    verdict_ns: int = 60 * SECOND
    outstanding_check_ns: int = 15 * SECOND  # first check while pay is still out
    late_ns: int = 180 * SECOND
    horizon_ns: int = 21 * 60 * SECOND
    absent_apart_ns: int = 60 * SECOND  # between the two checks that prove absence
    first_checks_ns: tuple[int, ...] = (0, 2 * SECOND, 5 * SECOND)
    check_to_verdict_ns: int = 5 * SECOND
    check_to_horizon_ns: int = 10 * SECOND
    check_after_ns: tuple[int, int] = (60 * SECOND, 900 * SECOND)  # doubles from, up to
    daily_after_ns: int = 24 * 3600 * SECOND
    daily_ns: int = 24 * 3600 * SECOND
    sweeps_ns: tuple[int, ...] = (6 * 3600 * SECOND, 24 * 3600 * SECOND)  # after a denied scan
    sweep_soon_ns: int = 300 * SECOND  # after a reboot, which a shop has once a day
    travel_ns: int = 60 * SECOND  # how long a request that was not answered may still travel
    read_ns: tuple[int, int] = (10 * SECOND, 900 * SECOND)  # between reads: doubles from, up to
    owed_ns: int = 3600 * SECOND  # between two tries of a refund that is refused for now
    alert_before_ns: int = 3600 * SECOND  # an authorization ends

    def scaled(self, scale: float) -> Waits:
        """The same waits, each `scale` times as long (at least 1 ns where there was any)."""

        def shrink(value: int | tuple[int, ...]) -> int | tuple[int, ...]:
            if isinstance(value, tuple):
                return tuple(min(part, max(1, int(part * scale))) for part in value)
            return max(1, int(value * scale))

        changes = {name: shrink(getattr(self, name)) for name in self.__dataclass_fields__}
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ReceiptRules:
    """What a receipt says of the shop. `words` maps stable keys to text in `language`.

    `template` is the receipt of a sale; slips have their own. `tax_rate_hundredths` is the tax
    within the amount, in hundredths of a percent; 0 says nothing of taxes.
    """

    language: str = "en"
    words: Mapping[str, str] = field(default_factory=dict)
    store_name: str = ""
    branch: str = ""
    address: str = ""
    tax_id: str = ""
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    year: str = "gregorian"
    utc_offset_minutes: int = 0
    zone: str = "UTC"
    merchant_copy: bool = False  # a second sheet for the shop, marked COPY 1
    slips: frozenset[str] = frozenset()  # the kinds of slips that are printed
    template: Template = SALE_TEMPLATE
    tax_rate_hundredths: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The lane's constants. `test` marks every screen and receipt when the gateway is a twin.

    `language` is that of the screens; the paper has its own.
    """

    store_id: str
    lane_id: str
    country: str
    currency: str
    account: AccountName
    capture: bool = True
    test: bool = False
    language: str = "en"
    waits: Waits = Waits()
    receipt: ReceiptRules = ReceiptRules()
    refund_cap_minor: Mapping[Role, int | None] = field(
        default_factory=lambda: {Role.CASHIER: 0, Role.SUPERVISOR: None, Role.ADMIN: None}
    )
    abandon_cap_minor: int | None = None  # above it, a supervisor abandons

    @property
    def key_length(self) -> int:
        """How many digits a one-time key of this lane's country has."""
        return KEY_LENGTHS[self.country]
