"""The log: shape of its lines, its allow-list, and secrets that never pass."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading

import pytest

from posd import logs

SECRET = 'canary"\\/+secret'
KEY = "380123456789012345"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """Puts global logging back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    factory = logging.getLogRecordFactory()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logs, "_vault", logs._Vault())
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    for name in ("posd", "devices"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def stream() -> io.StringIO:
    target = io.StringIO()
    logs.configure("info", "auto", [SECRET], stream=target)
    return target


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_object_with_its_fields(stream):
    logs.log("pay_sent", order_id="S001-L01-X", seq=12)
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "event": "pay_sent", "order_id": "S001-L01-X", "seq": 12}


def test_a_field_that_is_not_on_the_list_is_left_out_by_name(stream):
    logs.log("scanned", device="scanner", one_time_key=KEY)
    (line,) = lines(stream)
    assert line["left_out"] == ["one_time_key"]
    assert line["device"] == "scanner"
    assert KEY not in stream.getvalue()


def test_a_terminal_gets_text_without_control_characters():
    stream = Terminal()
    logs.configure("info", "auto", [], stream=stream)
    logs.log("printer", reason="paper\x1b[2J", severity=logging.WARNING)
    assert stream.getvalue().endswith(" warning printer reason=paper\\x1b[2J\n")


@pytest.mark.parametrize(("format", "first"), [("json", "{"), ("text", "2")])
def test_the_format_can_be_forced(format, first):
    stream = Terminal()
    logs.configure("info", format, [], stream=stream)
    logs.log("started")
    assert stream.getvalue()[0] == first


@pytest.mark.parametrize(
    ("level", "events"),
    [("debug", ["low", "middle", "high"]), ("info", ["middle", "high"]), ("warning", ["high"])],
)
def test_the_level_is_the_least_that_is_written(level, events):
    stream = io.StringIO()
    logs.configure(level, "json", [], stream=stream)
    logs.log("low", severity=logging.DEBUG)
    logs.log("middle")
    logs.log("high", severity=logging.WARNING)
    assert [line["event"] for line in lines(stream)] == events


def test_libraries_speak_from_warning_upwards(stream):
    logging.getLogger("urllib3").info("chatter")
    logging.getLogger("urllib3").warning("pool is %s", "full")
    (line,) = lines(stream)
    assert (line["logger"], line["event"]) == ("urllib3", "pool is full")


@pytest.mark.parametrize("format", ["json", "text"])
@pytest.mark.parametrize(
    "spelling", [SECRET, json.dumps(SECRET), repr(SECRET), "canary%22%5C%2F%2Bsecret"]
)
def test_a_secret_is_hidden_in_every_spelling_and_place(format, spelling):
    stream = io.StringIO()
    logs.configure("info", format, [SECRET], stream=stream)
    logs.log("event", reason=spelling, detail={"nested": [spelling]})
    logs.log(f"event {spelling}")
    logging.getLogger("library").warning("says %s", spelling)
    assert "canary" not in stream.getvalue()
    assert stream.getvalue().count(logs.HIDDEN) >= 4


def test_a_secret_is_hidden_in_tracebacks_and_in_the_handlers_of_others(stream):
    foreign = io.StringIO()
    handler = logging.StreamHandler(foreign)
    logging.getLogger("posd").addHandler(handler)
    try:
        raise ValueError(f"refused {SECRET}")
    except ValueError:
        logs.log("failed", severity=logging.ERROR)
        logging.getLogger("posd.x").exception("also %s", SECRET)
    finally:
        logging.getLogger("posd").removeHandler(handler)
    for text in (stream.getvalue(), foreign.getvalue()):
        assert "canary" not in text
        assert text.count("ValueError: refused [hidden]") == 2


def test_a_handler_that_renders_tracebacks_itself_finds_none(stream):
    kept: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = kept.append
    logging.getLogger("posd").addHandler(handler)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logs.log("failed", severity=logging.ERROR)
    finally:
        logging.getLogger("posd").removeHandler(handler)
    assert [(record.exc_info, record.args) for record in kept] == [(None, None)]


def test_a_one_time_key_is_hidden_while_it_lives(stream):
    logs.add_secret(KEY)
    logs.log("a", reason=f"got {KEY}")
    logs.remove_secret(KEY)
    logs.log("b", reason=f"got {KEY}")
    logs.remove_secret(KEY)
    assert [line["reason"] for line in lines(stream)] == ["got [hidden]", f"got {KEY}"]


def test_a_secret_added_twice_is_hidden_until_removed_twice(stream):
    logs.add_secret(KEY)
    logs.add_secret(KEY)
    logs.remove_secret(KEY)
    assert logs.scrub(KEY) == logs.HIDDEN


def test_a_secret_within_a_secret_leaves_no_rest(stream):
    logs.add_secret("abcd")
    logs.add_secret("abcdefgh")
    assert logs.scrub("x abcdefgh y") == "x [hidden] y"


@pytest.mark.parametrize("value", ["", "a", "123"])
def test_what_is_too_short_to_be_a_secret_is_not_hidden(stream, value):
    logs.add_secret(value)
    assert logs.scrub("a 123") == "a 123"


def test_a_message_whose_arguments_do_not_fit_is_still_written(stream):
    logging.getLogger("library").warning("%d paper", SECRET)
    (line,) = lines(stream)
    assert line["event"] == "%d paper (arguments do not fit)"


def test_crashes_are_logged_without_secrets(stream):
    logs.report_crashes()

    def crash() -> None:
        raise RuntimeError(SECRET)

    thread = threading.Thread(target=crash, name="pay")
    thread.start()
    thread.join()
    try:
        crash()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    in_thread, in_main = lines(stream)
    assert (in_thread["event"], in_thread["thread"]) == ("thread_crashed", "pay")
    assert in_main["event"] == "crashed"
    assert "RuntimeError: [hidden]" in in_main["exception"]
    assert "canary" not in stream.getvalue()


def test_configuring_twice_writes_once(stream):
    logs.configure("info", "json", [], stream=stream)
    logs.log("once")
    assert len(lines(stream)) == 1
