"""The mutator: which slips it makes, which it leaves out, and what it remembers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutation import unshrunk
from tests.mutation.ledger import Ledger
from tests.mutation.mutants import Mutant, mutants_of, sample
from tests.mutation.report import killed_percent, told
from tests.mutation.trial import Copy, Verdict, by_relevance, run

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "posd" / "core").glob("*.py"))


def mutants_in(folder: Path, source: str) -> list[Mutant]:
    file = folder / "posd" / "core" / "x.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    return mutants_of(file, folder)


@pytest.mark.parametrize(
    ("source", "kind", "changed"),
    [
        ("a = b < c", "comparison", "a = (b <= c)"),
        ("a = b is None", "comparison", "a = (b is not None)"),
        ("a = b and c", "boolean", "a = (b or c)"),
        ("a = not b", "boolean", "a = (b)"),
        ("a = b if c else d", "condition", "a = b if (not c) else d"),
        ("a = b + c", "arithmetic", "a = (b - c)"),
        ("a += b", "arithmetic", "a -= b"),
        ("a += b", "removed", "pass"),
        ("a = 7", "constant", "a = 8"),
        ("a = 7", "constant", "a = 6"),
        ("a = True", "constant", "a = False"),
        ("def f():\n  return é", "returned", "def f():\n  return None"),
        ("f(a)", "removed", "pass"),
        ("a.b = c", "removed", "pass"),
        ("raise A('b', 7)", "removed", "pass"),
        ("T: D = {A: f, B: g}", "swapped", "T: D = {A: g, B: f}"),
        ("T = {A, B}", "member", "T = {B}"),
        ("é = '珍'; a = b == c", "comparison", "é = '珍'; a = (b != c)"),
    ],
)
def test_each_kind_of_slip_is_made(tmp_path, source, kind, changed):
    made = {(m.kind, m.applied(source.encode()).decode()) for m in mutants_in(tmp_path, source)}
    assert (kind, changed) in made


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""',
        "def f(a: int | None) -> dict[str, 7]: ...",
        "@d(frozen=True)\nclass A: ...",
        "assert a < 7",
        "from a import b",
        'a = f"{b + 7}"',
        'a = "b" + c + "d"',
        'log.info("sent %d", a + 7)',
        "class A:\n  def __repr__(self):\n    return a < 7",
        "if TYPE_CHECKING:\n  a = 7",
        "__all__ = [*a, b + 7]",
        "Record = Sold | Paid | Sent",
    ],
)
def test_what_no_test_should_notice_is_left_out(tmp_path, source):
    assert mutants_in(tmp_path, source) == []


def test_the_words_of_an_exception_are_left_out_but_not_its_being_raised(tmp_path):
    assert [m.new for m in mutants_in(tmp_path, "raise A(b + 7, c < d)")] == ["pass"]


def test_the_same_seed_gives_the_same_sample_and_another_seed_another():
    first = sample(CORE, root=ROOT, size=50, seed=1)
    assert sample(reversed(CORE), root=ROOT, size=50, seed=1) == first
    assert sample(CORE, root=ROOT, size=20, seed=1) == first[:20]
    assert sample(CORE, root=ROOT, size=50, seed=2) != first


def test_every_mutant_is_a_program_and_has_a_name_of_its_own():
    mutants = sample(CORE, root=ROOT, size=150, seed=2026)
    for mutant in mutants:
        source = (ROOT / mutant.path).read_bytes()
        compile(mutant.applied(source), mutant.path, "exec")
        assert mutant.applied(source) != source
    assert len({mutant.name for mutant in mutants}) == len(mutants)


def test_the_tests_named_like_a_file_come_first_and_none_is_left_out():
    own, others = by_relevance(ROOT, "posd/core/money.py")
    assert own == ["tests/core/test_money.py"]
    imports = [(ROOT / file).read_text("utf-8").count("posd.core.money") > 0 for file in others]
    assert imports == sorted(imports, reverse=True)
    assert True in imports
    every = {str(path.relative_to(ROOT)) for path in (ROOT / "tests/core").glob("test_*.py")}
    assert {*own, *others} == every
    assert not {*own} & {*others}


# ---- what is remembered ---------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path):
    """A tree with one file, the test that knows it, and what a trial needs."""
    tests = tmp_path / "tests" / "core"
    tests.mkdir(parents=True)
    (tests / "test_x.py").write_text(
        "from posd.core.x import double\n\ndef test_two_is_four():\n    assert double(2) == 4\n"
    )
    (tmp_path / "tests" / "mutation").mkdir()
    shutil.copy(unshrunk.__file__, tmp_path / "tests" / "mutation")
    for package in ("posd", "posd/core"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    mutants_in(tmp_path, "def double(a):\n    b = 7\n    return a + a\n")
    return tmp_path


def test_a_noticed_mutant_is_killed_another_survives_and_the_copy_is_as_before(tree):
    copy = Copy(tree, {"tests/core": 120.0})
    found = {m.told: m for m in mutants_of(tree / "posd/core/x.py", tree)}
    before = (tree / "posd/core/x.py").read_bytes()
    assert copy.judge(found["a + a -> a - a"]) is Verdict.KILLED
    assert copy.noticed_by() == "tests/core/test_x.py::test_two_is_four"
    assert copy.judge(found["7 -> 8"]) is Verdict.SURVIVED
    assert copy.noticed_by() == ""
    assert (tree / "posd/core/x.py").read_bytes() == before


IN_A_PROCESS = """
import subprocess, sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("script.py")

def test_a_process_doubles_too():
    ran = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert ran.stdout == "4"
"""


def test_what_a_test_starts_as_a_process_meets_the_mutant_too(tree):
    (tree / "tests/core/test_x.py").write_text(IN_A_PROCESS)
    script = "from posd.core.x import double\nprint(double(2), end='')\n"
    (tree / "tests/core/script.py").write_text(script)
    copy = Copy(tree, {"tests/core": 120.0})
    found = {m.told: m for m in mutants_of(tree / "posd/core/x.py", tree)}
    assert copy.judge(found["a + a -> a - a"]) is Verdict.KILLED
    assert copy.judge(found["7 -> 8"]) is Verdict.SURVIVED


IN_WHAT_ORDER = """
from pathlib import Path
import pytest
from hypothesis import given, strategies as st

def tell(word):
    with Path("order").open("a") as order:
        order.write(word)

@given(st.none())
def test_a_property(_): tell("property ")

@pytest.mark.parametrize("a", [1, 2])
def test_cases(a): tell("case ")

def test_a_story(): tell("story ")
"""


def test_stories_are_tried_before_cases_and_cases_before_properties(tree):
    (tree / "tests/core/test_y.py").write_text(IN_WHAT_ORDER)
    run(tree, ["tests/core/test_y.py"], timeout_s=120.0, uncompiled="1")
    assert (tree / "order").read_text().split() == ["story", "case", "case", "property"]


def remembered(tree: Path, mutant: Mutant) -> Verdict | None:
    ledger = Ledger(tree / "verdicts.jsonl", root=tree)
    return ledger.verdict(mutant, ledger.known())


def test_a_verdict_is_remembered_until_the_file_changes(tree):
    mutant = mutants_of(tree / "posd/core/x.py", tree)[0]
    Ledger(tree / "verdicts.jsonl", root=tree).add(mutant, Verdict.KILLED)
    assert remembered(tree, mutant) is Verdict.KILLED
    assert remembered(tree, replace(mutant, source_digest="another")) is None


def test_a_survivor_is_tried_again_when_its_tests_have_changed_and_a_kill_is_not(tree):
    survivor, killed = mutants_of(tree / "posd/core/x.py", tree)[:2]
    ledger = Ledger(tree / "verdicts.jsonl", root=tree)
    ledger.add(survivor, Verdict.SURVIVED)
    ledger.add(killed, Verdict.KILLED)
    assert remembered(tree, survivor) is Verdict.SURVIVED
    (tree / "tests/core/test_y.py").write_text("")
    assert remembered(tree, survivor) is None
    assert remembered(tree, killed) is Verdict.KILLED


def test_what_was_tried_once_is_known_as_such_also_when_it_is_to_be_tried_again(tree):
    tried, other = mutants_of(tree / "posd/core/x.py", tree)[:2]
    Ledger(tree / "verdicts.jsonl", root=tree).add(tried, Verdict.SURVIVED)
    (tree / "tests/core/test_y.py").write_text("")
    ledger = Ledger(tree / "verdicts.jsonl", root=tree)
    assert remembered(tree, tried) is None
    assert (ledger.was_tried(tried), ledger.was_tried(other)) == (True, False)


def test_a_line_that_was_cut_short_is_passed_over(tree):
    mutant = mutants_of(tree / "posd/core/x.py", tree)[0]
    Ledger(tree / "verdicts.jsonl", root=tree).add(mutant, Verdict.KILLED)
    with (tree / "verdicts.jsonl").open("a") as file:
        file.write('{"mutant": "po')
    assert remembered(tree, mutant) is Verdict.KILLED


def test_the_report_counts_all_and_names_each_survivor(tree):
    one, other, third = mutants_of(tree / "posd/core/x.py", tree)[:3]
    verdicts = {one: Verdict.KILLED, other: Verdict.SURVIVED, third: Verdict.TIMED_OUT}
    assert killed_percent(verdicts) == pytest.approx(66.67, abs=0.01)
    assert f"- {other.name}\n" in told(verdicts)
    assert one.name not in told(verdicts)
    assert "| all | 3 | 1 | 0 | 1 | 1 |" in told(verdicts)
