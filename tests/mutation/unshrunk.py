"""A pytest plug-in for trials: a property that fails has done its work.

The one rule: the same examples in every trial, none remembered, none made smaller; and what is
quick comes first: stories, then tables of cases, then properties.
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, is_hypothesis_test, settings


def pytest_collection() -> None:
    """After every conftest has chosen its profile, add to it."""
    quick = settings(
        settings.default,
        phases=(Phase.explicit, Phase.generate),
        derandomize=True,
        database=None,
        deadline=None,
    )
    settings.register_profile("unshrunk", parent=quick)
    settings.load_profile("unshrunk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Single tests first, then those of many cases, then properties; each in their own order."""
    items.sort(key=_cost)


def _cost(item: pytest.Item) -> int:
    if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
        return 2
    return int(hasattr(item, "callspec"))
