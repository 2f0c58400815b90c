"""What the core says no with.

CoreError
├── NotAllowed     ours: somebody asked for what the state does not allow; nothing changes
└── Contradiction  theirs: the world reported what cannot be; to a person, nothing is guessed
"""

from __future__ import annotations


class CoreError(Exception):
    """What both have in common; never raised itself."""


class NotAllowed(CoreError):  # noqa: N818 - an answer, not a fault
    """The request is refused and nothing has changed.

    `code` is stable (docs/reference/codes.md) and is the key of its words, `notice.<code>`;
    `details` fill the placeholders of those words.
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details = details


class Contradiction(CoreError):  # noqa: N818
    """A report that no row of the tables foresees; `order_id` names the order to look at."""

    def __init__(self, order_id: str, what: str) -> None:
        super().__init__(f"order {order_id}: {what}")
        self.order_id = order_id
        self.what = what
