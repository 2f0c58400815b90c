"""What the client says no with.

ClientError
├── NotRunning  nobody answers at the address; an ask cannot have arrived
├── Refused     an answer was read: nothing changed, and why
└── Unclear     a POST may have left and no usable answer came
"""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]


class ClientError(Exception):
    """What the three have in common; never raised itself."""


class NotRunning(ClientError):  # noqa: N818
    """No posd answers at the address."""


class Unclear(ClientError):  # noqa: N818
    """The request may have been taken; look before you ask again."""


class Refused(ClientError):  # noqa: N818
    """The problem document that was answered; `sale` is the sale it names, if any."""

    def __init__(self, problem: JsonObject) -> None:
        super().__init__(str(problem.get("title") or problem.get("code")))
        self.problem = problem
        self.code = str(problem.get("code", ""))
        self.sale: JsonObject | None = problem.get("sale")
