"""The mark and the limits of one exchange."""

import http.client
import ssl

import pytest
import urllib3.exceptions

from posd.linepay.wire import Exchange, NoAnswer, NotSent, explain


def exchange(not_after_ns: int | None = None) -> Exchange:
    return Exchange(total_s=60.0, step_s=30.0, not_after_ns=not_after_ns)


def test_the_last_look_at_the_clock_is_at_the_first_byte() -> None:
    late = exchange(not_after_ns=0)
    with pytest.raises(NotSent) as caught:
        late.mark()
    assert (caught.value.reason, late.sent) == ("expired", False)


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), ssl.SSLError(), ValueError(), OSError()]
)
def test_the_mark_alone_says_whether_a_request_was_sent(error: Exception) -> None:
    before, after = exchange(), exchange()
    after.mark()
    assert isinstance(before.failure(error), NotSent)
    assert isinstance(after.failure(error), NoAnswer)


def test_a_failure_that_is_already_understood_is_passed_on() -> None:
    known = NotSent("expired", "too late")
    assert exchange().failure(known) is known


def test_a_step_takes_no_longer_than_the_call_has_left() -> None:
    assert exchange().left_s() == 30.0
    assert Exchange(total_s=5.0, step_s=30.0).left_s() <= 5.0
    with pytest.raises(TimeoutError):
        Exchange(total_s=0.0, step_s=30.0).left_s()


@pytest.mark.parametrize(
    ("error", "reason", "words"),
    [
        (OSError(113, "No route to host"), "network", "the network failed (No route to host)"),
        (http.client.RemoteDisconnected("x"), "reset", "the other side closed the connection"),
        (http.client.LineTooLong("x"), "not_http", "the reply is not HTTP (LineTooLong)"),
        (
            urllib3.exceptions.ProtocolError("x"),
            "truncated",
            "the reply ended too early (ProtocolError)",
        ),
        (ValueError("secret"), "internal", "an error inside the client (ValueError)"),
    ],
)
def test_foreign_errors_are_told_in_our_words_and_the_systems(
    error: Exception, reason: str, words: str
) -> None:
    assert explain(error) == (reason, words)
