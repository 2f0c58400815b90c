from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from posd.drill.points import Kind, Point, choose, points_of
from posd.drill.scenarios import SCENARIOS
from posd.journal.chain import Entry

POINTS = [
    Point(scenario.name, kind, what)
    for scenario in SCENARIOS
    for kind in Kind
    for what in ("a", "b", "c")
]


def rows(*commits: str, body: str = "{}") -> list[Entry]:
    """The rows of commits such as "PaymentConfirmed PrintStarted"."""
    made, seq = [], 0
    for at, commit in enumerate(commits):
        for kind in commit.split():
            seq += 1
            blank = dict.fromkeys(Entry._fields)
            made.append(
                Entry(**blank | {"seq": seq, "kind": kind, "boottime_ns": at, "body": body})
            )
    return made


def test_every_commit_is_hit_before_and_after():
    found = points_of("s", rows("SaleOpened", "PaymentConfirmed OrderSettled"))
    assert [str(point) for point in found] == [
        "s: before commit SaleOpened 1",
        "s: after commit SaleOpened 1",
        "s: before commit PaymentConfirmed+OrderSettled 1",
        "s: after commit PaymentConfirmed+OrderSettled 1",
    ]


def test_after_a_commit_that_orders_something_the_recovery_is_hit_too():
    found = points_of("s", rows("PaymentConfirmed PrintStarted"))
    assert [point.kind for point in found[:4]] == [
        Kind.BEFORE_COMMIT,
        Kind.AFTER_COMMIT,
        Kind.BEFORE_RECOVERY,
        Kind.AFTER_RECOVERY,
    ]
    assert {point.what for point in found[:4]} == {"PaymentConfirmed+PrintStarted"}


def test_only_a_kill_between_the_record_and_the_request_leaves_a_payment_unsent():
    unsent = [point.kind for point in points_of("s", rows("PaySent")) if point.unsent]
    assert unsent == [Kind.AFTER_COMMIT, Kind.BEFORE_RECOVERY, Kind.AFTER_RECOVERY]
    assert not any(point.unsent for point in points_of("s", rows("PrintStarted")))


def test_a_commit_that_repeats_is_hit_twice():
    found = points_of("s", rows(*["CheckReported"] * 5))
    assert [point.nth for point in found] == [1, 1, 2, 2]


def test_the_start_of_posd_is_no_point_of_a_run():
    assert points_of("s", rows("LaneStarted")) == []


def test_each_operation_is_hit_at_its_request_and_at_its_answer():
    checks = rows("CheckSent", "CheckSent", body='{"operation":"details"}')
    reversal = rows("ReversalSent", body='{"kind":"refund"}')
    found = points_of("s", [*rows("PaySent"), *checks, *reversal])
    outside = [(p.kind, p.what) for p in found if p.kind in (Kind.REQUEST, Kind.ANSWER)]
    assert outside == [
        (kind, what)
        for what in ("pay", "details", "refund")
        for kind in (Kind.REQUEST, Kind.ANSWER)
    ]


def test_paper_is_hit_at_its_first_byte_and_before_its_proof():
    kinds = [point.kind for point in points_of("s", rows("PrintStarted", "PrintStarted"))]
    assert Counter(kinds)[Kind.FIRST_BYTE] == Counter(kinds)[Kind.PROOF] == 1


@given(st.integers())
def test_a_choice_hits_every_scenario_and_every_kind(seed: int):
    chosen = choose(POINTS, 48, seed=seed)
    assert len(chosen) == len(set(chosen)) == 48
    assert {point.scenario for point in chosen} == {scenario.name for scenario in SCENARIOS}
    assert {point.kind for point in chosen} == set(Kind)


def test_a_choice_is_repeated_by_its_seed():
    assert choose(POINTS, 48, seed=7) == choose(POINTS, 48, seed=7)
    assert choose(POINTS, 48, seed=7) != choose(POINTS, 48, seed=8)


def test_more_than_there_are_is_all_of_them():
    assert sorted(choose(POINTS, 10_000, seed=1)) == sorted(POINTS)


def test_there_are_twelve_scenarios_of_their_own_names():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) == 12
