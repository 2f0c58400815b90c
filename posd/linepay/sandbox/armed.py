"""Faults that wait for calls: for the next ones, for those of one order, or by chance.

The rule: the first rule that fits a call is used; chance comes from the seed, so that the same
calls in the same order meet the same faults.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from posd.linepay.sandbox.faults import BadFault, Fault
from posd.linepay.sandbox.routes import Operation

MAX_ARMED = 100_000
MAX_RULES = 10_000


@dataclass(slots=True)
class Rule:
    """`left` calls of `operation` meet `fault`; None is without end, no order id any order."""

    operation: Operation
    fault: Fault
    left: int | None = 1
    order_id: str | None = None
    probability: float = 1.0


class ArmedFaults:
    """Rules in the order in which they were armed. Not thread-safe."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()
        self._rules: list[Rule] = []

    def arm(self, rule: Rule) -> None:
        """Let the calls that fit meet the fault, behind the rules that already wait."""
        waiting = sum(other.left or 0 for other in self._rules)
        if waiting + (rule.left or 0) > MAX_ARMED or len(self._rules) >= MAX_RULES:
            raise BadFault(f"at most {MAX_ARMED} faults in {MAX_RULES} rules can wait")
        self._rules.append(rule)

    def take(self, operation: Operation, order_id: str) -> Fault | None:
        """The fault for this call, now used up, or None."""
        for rule in self._rules:
            if self._strikes(rule, operation, order_id):
                self._use(rule)
                return rule.fault
        return None

    def rules(self) -> list[Rule]:
        """All that wait."""
        return list(self._rules)

    def clear(self) -> None:
        """Forget all that wait."""
        self._rules.clear()

    def _strikes(self, rule: Rule, operation: Operation, order_id: str) -> bool:
        if rule.operation is not operation or rule.order_id not in (None, order_id):
            return False
        return rule.probability >= 1.0 or self._chance.random() < rule.probability

    def _use(self, rule: Rule) -> None:
        if rule.left is not None:
            rule.left -= 1
            if not rule.left:
                self._rules.remove(rule)
