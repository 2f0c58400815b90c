"""Every target over its corpus, and over what hypothesis makes of it.

`make fuzz` drives the same targets for longer, by coverage.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import FOLDER, MAX_BYTES, MAX_FILES, inputs
from tests.fuzz.papers import faults_of
from tests.fuzz.targets import TARGETS

SLOW_TARGETS = {"api_requests": 25, "receipts": 25, "linepay_calls": 40}
PATIENT = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def test_the_corpus_is_small_and_every_target_has_one() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert {path.name for path in FOLDER.iterdir()} == set(TARGETS)
    assert all(len(inputs(target)) > 1 for target in TARGETS)
    assert len(files) <= MAX_FILES
    assert [path.name for path in files if path.stat().st_size >= MAX_BYTES] == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_kept_input_never_fails_again(target: str) -> None:
    for name, data in inputs(target).items():
        try:
            TARGETS[target](data)
        except Exception as error:
            error.add_note(f"the input is tests/fuzz/corpus/{target}/{name}")
            raise


@pytest.mark.parametrize("target", TARGETS)
def test_changed_and_joined_inputs_do_not_fail(target: str) -> None:
    examples = settings(max_examples=SLOW_TARGETS.get(target, 150), **PATIENT)
    examples(given(changed(list(inputs(target).values())))(TARGETS[target]))()


@pytest.mark.parametrize(
    "foreign",
    [b"\x1bp\x00\x19\xfa", b"\x10\x14\x01\x00\x05", b"\x1b@", b"\x1dV\x00", b"\x07", b"\x1ct\x01"],
)
def test_a_foreign_command_in_a_job_would_be_noticed(foreign: bytes) -> None:
    sound = b"\x1b@text\n\x1dV\x00\x1dr\x01"
    assert faults_of(sound, 576) == []
    assert faults_of(sound.replace(b"text", b"te" + foreign + b"xt"), 576) != []


def changed(kept: list[bytes]) -> st.SearchStrategy[bytes]:
    """Any bytes, or a kept input in which a stretch was replaced by bytes or by another's."""
    some = st.sampled_from(kept)
    place = st.integers(0, 400)
    filling = st.binary(max_size=8) | st.builds(_part, some, place, place)
    return st.binary(max_size=64) | st.builds(_spliced, some, place, place, filling)


def _part(data: bytes, start: int, length: int) -> bytes:
    return data[start : start + length % 32]


def _spliced(data: bytes, start: int, length: int, filling: bytes) -> bytes:
    at = start % (len(data) + 1)
    return data[:at] + filling + data[at + length % 16 :]
