"""A pytest plug-in for trials: a property that fails has done its work.

The one rule: the same examples in every trial, none remembered, none made smaller; and properties
come last, for an example notices most slips in a hundredth of their time.
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
    """Examples in their order, then properties in theirs."""
    items.sort(key=_is_property)


def _is_property(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
