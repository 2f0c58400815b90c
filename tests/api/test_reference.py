"""The reference pages tell of everything that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from posd.api.operations import OPERATIONS
from posd.api.problems import NEXT_ACTION, REFUSAL_STATUS, TITLES
from posd.api.schema import AbandonBody, RefundBody, SaleBody, SettleBody
from posd.cli.remote.exits import Exit
from posd.snapshot import LaneView, SaleView

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
API = (REFERENCE / "api.md").read_text("utf-8")
CLI = (REFERENCE / "cli.md").read_text("utf-8")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_every_operation_is_told(operation: object) -> None:
    assert f"`{operation.method} {operation.path}" in API  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", sorted({*REFUSAL_STATUS, *TITLES}))
def test_every_code_is_told(code: str) -> None:
    assert f"`{code}`" in API


@pytest.mark.parametrize("action", sorted(set(NEXT_ACTION.values())))
def test_every_next_action_is_told(action: str) -> None:
    assert f"`{action}`" in API


@pytest.mark.parametrize(
    "member",
    sorted(
        {
            *SaleBody.__struct_fields__,
            *AbandonBody.__struct_fields__,
            *RefundBody.__struct_fields__,
            *SettleBody.__struct_fields__,
            *SaleView.__dataclass_fields__,
            *LaneView.__dataclass_fields__,
        }
    ),
)
def test_every_member_is_told(member: str) -> None:
    assert f"`{member}`" in API


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_of_the_remote_verbs_is_told(code: Exit) -> None:
    assert f"| {code.value} |" in CLI


def test_every_refusal_has_a_next_action() -> None:
    assert set(REFUSAL_STATUS) <= set(NEXT_ACTION)
