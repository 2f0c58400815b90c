"""Whose journal it is: a store, a lane and the machine that they run on.

Rule: an order belongs to the lane that its order id names, and to no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MACHINE = Path("/etc/machine-id")
_ULID_CHARACTERS = 26  # what posd/ids.py puts after the store and the lane


@dataclass(frozen=True, slots=True)
class LaneIdentity:
    """`store.id` and `lane.id` of the configuration, and the machine-id."""

    store_id: str
    lane_id: str
    machine_id: str

    def __str__(self) -> str:
        return f"store {self.store_id} lane {self.lane_id} machine {self.machine_id}"

    def owns(self, order_id: str) -> bool:
        """Whether this lane gave the order its id, on whatever machine it then ran."""
        return order_id[: -_ULID_CHARACTERS - 1] == f"{self.store_id}-{self.lane_id}"


def owned(identities: Sequence[LaneIdentity], order_ids: Sequence[str]) -> list[str]:
    """Those of the orders that one of the lanes owns, in their order."""
    return [name for name in order_ids if any(lane.owns(name) for lane in identities)]


def this_machine() -> str:
    """The machine-id of systemd, or `none` where there is none."""
    return _MACHINE.read_text("ascii").strip() if _MACHINE.exists() else "none"
