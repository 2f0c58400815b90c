"""One sale without a person: opened over the API, scanned, paid, printed, and told with times."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from posd.api_client import ApiClient
from posd.demo.twins import Twins

AMOUNT = "120"
VERDICT_S = 25.0


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds between what each side saw on the same clock."""

    scan_to_request: float
    request_to_answer: float
    answer_to_first_print_byte: float
    total: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `posd demo --once --json` prints; `png` is the picture of what the printer cut."""

    verdict: str
    api: str
    order_id: str
    transaction_id: str | None
    amount: str
    currency: str
    receipt: str
    png: str
    pay_requests: int
    timings_ms: Timings

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


def sell_once(client: ApiClient, twins: Twins, *, api: str) -> Outcome:
    """One sale from scan to paper; raises what the client and the twins raise."""
    opened = client.open_sale({"reference": "demo-1", "amount": AMOUNT, "currency": "TWD"})
    scanned_ns = twins.scan(twins.mint())
    sale = client.sale(opened["id"], wait_s=VERDICT_S)
    paper = twins.paper()
    stats = twins.stats()
    came_ns, answered_ns = stats["last_call_ns"]
    printed_ns = paper["first_byte_ns"]
    return Outcome(
        verdict=sale["verdict"],
        api=api,
        order_id=sale["order_id"],
        transaction_id=sale["transaction_id"],
        amount=sale["amount"],
        currency=sale["currency"],
        receipt=client.receipt_text(sale["id"]),
        png=paper["png"],
        pay_requests=stats["pay_requests"],
        timings_ms=Timings(
            scan_to_request=_ms(scanned_ns, came_ns),
            request_to_answer=_ms(came_ns, answered_ns),
            answer_to_first_print_byte=_ms(answered_ns, printed_ns),
            total=_ms(scanned_ns, printed_ns),
        ),
    )


def _ms(start_ns: int, end_ns: int) -> float:
    return round((end_ns - start_ns) / 1e6, 3)
