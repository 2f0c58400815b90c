"""What an answer is raised as, by those who want exceptions.

One rule: a code alone says nothing about the money; what it proves depends on the operation.
"""

from __future__ import annotations

from posd.linepay.result_codes import CodeEntry, Operation, Proves, entry, proves


class Refused(Exception):  # noqa: N818
    """LINE Pay answered with another code than 0000.

    `code` and `message` are LINE Pay's, `entry` is the row of the table. What the code proves about
    the money depends on the operation: `refused.proves(Operation.PAY)`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"LINE Pay answered {code}: {entry(code).meaning}.")
        self.code = code
        self.message = message

    @property
    def entry(self) -> CodeEntry:
        """The code's row of the table."""
        return entry(self.code)

    def proves(self, operation: Operation) -> Proves:
        """What the code proves as the answer to `operation`."""
        return proves(self.code, operation)


class Contradicted(Exception):  # noqa: N818
    """LINE Pay reports success of something else than was asked for: a person must look.

    `fields` are those that differ: order_id, amount, currency.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"LINE Pay's answer is about another {' and '.join(fields)}.")
        self.fields = fields
