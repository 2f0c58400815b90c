"""Who asks: a person with a role. Whether the person is who they say is judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OWN_NAME = "posd"  # who acts where nobody asked


class Role(StrEnum):
    """What a person may do; each may do all that the one before may."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody whose PIN was checked, or a till with the lane's token (`cashier`)."""

    name: str
    role: Role
