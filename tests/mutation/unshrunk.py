"""A pytest plug-in for trials: a property that fails has done its work.

The one rule: the same examples in every trial, none remembered, none made smaller.
"""

from __future__ import annotations

from hypothesis import Phase, settings


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
