"""What is said against a wrong configuration: where it stands, what it is, what to write."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posd.config import ConfigError, load
from posd.config.yaml_source import MAX_BYTES

from .desk import SMALLEST
from .fakes import FakeDrivers


def test_all_problems_are_told_at_once_in_the_order_of_reading(desk):
    text = """\
store: {id: S 1, name: ""}
lane: {}
country: TW
currency: THB
linepay:
  base_url: http://example.com
  channel_id: "165"
  device_profile_id: é
  device_type: POS
  pay_timeout_s: 20
scanner: {driver: wand, port: /dev/wand, baud: fast}
printer: {driver: pres}
timing: {scale: 0.1}
state_dir: x
"""
    told = [(p.line, p.column, p.key) for p in desk.problems(text)]
    assert told == [
        (1, 13, "store.id"),
        (1, 24, "store.name"),
        (2, 1, "lane.id"),
        (4, 11, "currency"),
        (6, 13, "linepay.base_url"),
        (6, 13, "linepay.base_url"),
        (8, 22, "linepay.device_profile_id"),
        (10, 18, "linepay.pay_timeout_s"),
        (11, 48, "scanner.baud"),
        (12, 19, "printer.driver"),
        (13, 17, "timing.scale"),
    ]


def test_each_line_of_the_error_is_file_line_column_key_message(desk, changed):
    problem = desk.problem(changed("api: v4", "api: V4"))
    expected = f"{desk.path}:6:8: linepay.api: 'V4' is not one of v2, v2.4, v4; did you mean v4?"
    assert str(problem) == expected


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("api: v4", "api: 2.4", "linepay.api", "write v2.4, not 2.4"),
        ("api: v4", "api: 4", "linepay.api", "write v4, not 4"),
        ("country: TW", "country: Tw", "country", "'Tw' is not one of TW, TH; did you mean TW?"),
        (
            '"1650000000"',
            "0165",
            "linepay.channel_id",
            'YAML reads 0165 as a number, without leading zeros; write it in quotes: "0165"',
        ),
        (
            "id: L01",
            "id: 001",
            "lane.id",
            'YAML reads 001 as a number, without leading zeros; write it in quotes: "001"',
        ),
        (
            "name: Corner Tea",
            "name: No",
            "store.name",
            'YAML reads No as true or false; write it in quotes: "No"',
        ),
        ("name: Corner Tea", "name: ", "store.name", "is empty; give a value or remove the line"),
        ("name: Corner Tea", 'name: ""', "store.name", "'' will not do; write text of length >= 1"),
        (
            "id: L01",
            "id: L/1",
            "lane.id",
            "'L/1' will not do; write 1 to 32 letters, digits, _ or -",
        ),
        ("{driver: press}", "press", "printer", "is a section: write its keys under it"),
        (
            "{driver: press}",
            "{dots: 576}",
            "printer.driver",
            "is missing; one of press, scroll",
        ),
        (
            "{driver: press}",
            "{driver: press, dots: '576'}",
            "printer.dots",
            "is a number here: write 576 without quotes",
        ),
        (
            "{driver: press}",
            "{driver: press, dots: 5.5}",
            "printer.dots",
            "'5.5' will not do; write a whole number",
        ),
        (
            "{driver: press}",
            "{driver: press, fonts: a.ttf}",
            "printer.fonts",
            "takes a list: write [a, b] or lines that begin with -",
        ),
        (
            "port: /dev/wand",
            "port: /dev/wand, baud: 9",
            "scanner.baud",
            "9 is too slow; write at least 300",
        ),
        (
            "port: /dev/wand",
            "port: /dev/wand, baud: true",
            "scanner.baud",
            "'true' will not do; write a whole number",
        ),
        (", port: /dev/wand", "", "scanner.port", "is missing; add it"),
        (
            "{driver: press}",
            "{driver: press, gap_s: .inf}",
            "printer.gap_s",
            ".inf is not a finite number",
        ),
        (
            "{driver: press}",
            "{driver: press, dots: !!int many}",
            "printer.dots",
            "'many' will not do; write a whole number",
        ),
        ("{driver: press}", "{driver: press, [a]: b}", "printer", "a key must be plain text"),
        (
            "port: /dev/wand",
            "prt: x, port: /dev/wand",
            "scanner.prt",
            "is not a key of scanner; did you mean port?",
        ),
        (
            "name: Corner Tea",
            'name: "a\\eb"',
            "store.name",
            "holds a control character or line break; remove it",
        ),
        (
            "name: Corner Tea",
            "name: !!python/name:os.system x",
            "store.name",
            "the tag tag:yaml.org,2002:python/name:os.system is not used here; remove it",
        ),
        (
            "  api: v4",
            "  api: v4\n  channel_secret: canary",
            "linepay.channel_secret",
            "no secret stands in the configuration; use channel_secret_file",
        ),
        (
            "  api: v4",
            "  api: v4\n  connect_timeout_s: .nan",
            "linepay.connect_timeout_s",
            "'.nan' will not do; write a number > 0.0",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(desk, changed, old, new, key, message):
    problem = desk.problem(changed(old, new))
    assert (problem.key, problem.message) == (key, message)


def test_a_missing_key_stands_at_its_section(desk, changed):
    problem = desk.problem(changed("  device_type: POS\n", ""))
    assert (problem.line, problem.column) == (5, 1)
    assert (problem.key, problem.message) == ("linepay.device_type", "is missing; add it")


def test_an_option_judged_by_its_driver_but_not_written_stands_at_its_section(desk, changed):
    problem = desk.problem(changed("{driver: press}", "{driver: scroll}"))
    assert (problem.line, problem.column) == (12, 1)
    assert (problem.key, problem.message) == ("printer.path", "is empty; write a device file")


def test_a_missing_section_stands_at_the_top(desk, changed):
    problem = desk.problem(changed("lane: {id: L01}\n", ""))
    assert (problem.line, problem.column, problem.key) == (1, 1, "lane")


def test_a_key_written_twice_is_refused_at_the_second(desk, changed):
    problem = desk.problem(changed("  api: v4", "  api: v4\n  api: v2"))
    assert (problem.line, problem.column, problem.key) == (7, 3, "linepay.api")
    assert problem.message == "stands here again (first in line 6); keep one"


def test_the_value_of_an_unknown_key_is_never_told(desk, changed):
    problems = desk.problems(changed("  api: v4", "  api: v4\n  secrt: canary"))
    assert "canary" not in "".join(map(str, problems))


def test_a_proxy_with_a_password_is_refused_without_telling_it(desk, changed):
    problem = desk.problem(changed("  api: v4", "  proxy: 'https://user:canary@proxy:1'"))
    assert problem.key == "linepay.proxy"
    assert "canary" not in str(problem)


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"", 1, 1, "is empty; begin with a copy of config.example.yaml"),
        (b"# only words\n", 1, 1, "is empty; begin with a copy of config.example.yaml"),
        (b"- a\n- b\n", 1, 1, "holds a list; write `section: ...` lines instead"),
        (b"hello", 1, 1, "holds a single value; write `section: ...` lines instead"),
        (b"store:\n\tid: S1\n", 2, 1, "a tab stands here; YAML is indented with spaces"),
        (b"a: 1\nb: \xff\n", 2, 4, "is not UTF-8 here; save the file as UTF-8"),
        (b"a: 1\nb: x\x00y\n", 2, 5, "holds a control character; remove it"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "a second document begins here; keep one, without `---`"),
        (b"a: [1\n", 2, 1, "is not valid YAML: "),
        (b"a: *nowhere\n", 1, 4, "is not valid YAML: "),
        (b"a: " + b"[" * 100, 1, 19, "is not valid YAML: more than 5000 values or 16 levels"),
    ],
)
def test_a_file_that_is_no_mapping_is_told_clearly(desk, content, line, column, message):
    problem = desk.problem(content)
    assert problem.message.startswith(message)
    assert (problem.line, problem.column) == (line, column)


def test_a_number_that_is_nothing_is_told_at_its_place(desk, changed):
    problem = desk.problem(changed("api: v4", "connect_timeout_s: !!float ''"))
    assert (problem.line, problem.key) == (6, "linepay.connect_timeout_s")


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000"])
def test_an_escape_beyond_unicode_is_told_at_its_place(desk, escape):
    problem = desk.problem(f'store:\n  name: "{escape}"\n')
    assert (problem.line, problem.message.partition(":")[0]) == (2, "is not valid YAML")


def test_a_byte_order_mark_does_no_harm(desk):
    assert desk.load(b"\xef\xbb\xbf" + SMALLEST.encode()).country == "TW"


def test_a_file_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.yaml", drivers=FakeDrivers(), environ={})
    expected = f"{tmp_path}/none.yaml: does not exist; name another with --config FILE"
    assert str(caught.value) == expected


def test_a_folder_is_no_configuration(tmp_path):
    with pytest.raises(ConfigError, match="is not a regular file"):
        load(tmp_path, drivers=FakeDrivers(), environ={})


def test_a_huge_file_is_refused_before_it_is_parsed(desk):
    assert "is larger than" in desk.problem(b"#" * (MAX_BYTES + 1)).message


def test_aliases_that_multiply_are_stopped(desk):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    problems = desk.problems("\n".join(lines))
    assert "aliases make the file too large or endless; write it out" in {
        p.message for p in problems
    }


def test_an_alias_to_itself_is_stopped(desk):
    problems = desk.problems("store: &me {id: *me}")
    assert "aliases make the file too large or endless; write it out" in {
        p.message for p in problems
    }


@pytest.mark.parametrize("number", ["1" * 5000, "1." + "1" * 5000])
def test_a_number_without_end_is_refused(desk, changed, number):
    problems = desk.problems(changed("{driver: press}", f"{{driver: press, dots: {number}}}"))
    assert problems[0].key == "printer.dots"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.binary(max_size=200), st.text("ab:-[]{}&*!|>'\"# \n\t01.", max_size=80)))
def test_no_file_ends_in_anything_but_problems_with_a_place(desk, content):
    for problem in desk.problems(content):
        assert problem.file == str(desk.path)
        assert problem.message


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([part for part in SMALLEST.replace("{", " ").split() if len(part) > 2]),
    st.text("ab:-[]{}&*!|>'\"# \n01.", max_size=12),
)
def test_a_slip_of_the_pen_ends_in_a_configuration_or_in_problems(desk, word, slip):
    try:
        config = desk.load(SMALLEST.replace(word, slip, 1))
    except ConfigError as error:
        assert error.problems
    else:
        assert config.linepay.base_url == "https://sandbox-api-pay.line.me"
