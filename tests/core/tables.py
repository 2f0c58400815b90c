"""Expected tables, written as text so that they can be read beside the design.

The first row names the states, every other row one event or record; a cell is a rule or a state,
`409:code` where a request is refused, `!` where a report contradicts, `-` where nothing leads on.
"""

from __future__ import annotations

import textwrap

CONTRADICTION, NO_WAY = "!", "-"


def cells(table: str) -> dict[tuple[str, str], str]:
    """(state, row name) -> cell."""
    head, *rows = textwrap.dedent(table).strip().splitlines()
    states = head.split()
    found = {}
    for row in rows:
        name, *values = row.split()
        assert len(values) == len(states), row
        found.update({(state, name): value for state, value in zip(states, values, strict=True)})
    return found
