"""The browser itself as a judge: no error, no breach of the page's policy, no other origin.

Every test of this folder ends with the same question; these show that it would be answered.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .till import Till

pytestmark = pytest.mark.slow

ELSEWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def suspect(till: Till) -> Iterator[Till]:
    """A page that will misbehave: its complaints are the test's, not the teardown's."""
    yield till
    till.witness.excuse("")


def heard(till: Till, part: str) -> bool:
    """Whether the browser complained of it; asked after a round trip to the page."""
    till.page.evaluate("new Promise(done => setTimeout(done))")
    return any(part in complaint for complaint in till.witness.complaints)


def test_a_whole_sale_in_each_state_is_without_a_complaint(till: Till) -> None:
    till.charge()
    till.act("wrong-code").click()
    till.act("show-code").click()
    till.shows("PAID")
    till.says("why", "page.receipt.PRINTED")
    assert till.witness.complaints == []
    assert len(till.witness.requests) > 10


def test_a_script_within_the_page_is_refused_by_its_policy(suspect: Till) -> None:
    suspect.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " { textContent: 'document.title = \"taken\"' }))"
    )
    assert heard(suspect, "Content Security Policy")
    assert suspect.page.title() == "posd"


def test_a_request_to_another_origin_is_refused_by_its_policy(suspect: Till) -> None:
    refused = suspect.page.evaluate(f"fetch('{ELSEWHERE}').then(() => false, () => true)")
    assert refused
    assert heard(suspect, "Content Security Policy")


def test_an_error_in_a_script_would_be_heard(suspect: Till) -> None:
    suspect.page.evaluate("setTimeout(() => { throw new Error('broken'); })")
    suspect.page.wait_for_function("new Promise(done => setTimeout(() => done(true), 10))")
    assert heard(suspect, "broken")
