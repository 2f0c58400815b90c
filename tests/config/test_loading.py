"""What a right configuration becomes, and where its values may come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from posd.config import ConfigError, DriverConfig, default_path, is_test

from .desk import SMALLEST
from .fakes import PressOptions, ScrollOptions, WandOptions


def test_the_smallest_configuration_gets_its_defaults(desk):
    config = desk.load(SMALLEST)
    assert config.store.name == "Corner Tea"
    assert config.linepay.pay_timeout_s == 45.0
    assert config.linepay.channel_secret_file is None
    assert config.api.listen == "127.0.0.1:8377"
    assert config.api.open_page is False
    assert config.timing.key_timeout_s == 120.0
    assert config.timing.horizon_s is None
    assert config.receipt.year == "gregorian"
    assert config.scanner == DriverConfig("wand", WandOptions("/dev/wand"))
    assert config.printer == DriverConfig("press", PressOptions())


@pytest.mark.parametrize(
    ("country", "currency", "language"),
    [("TW", "TWD", "zh-TW"), ("TH", "THB", "th"), ("TH", "USD", "th")],
)
def test_the_language_follows_the_country_if_left_out(desk, country, currency, language):
    text = SMALLEST.replace("country: TW", f"country: {country}")
    config = desk.load(text.replace("currency: TWD", f"currency: {currency}"))
    assert config.language == language


def test_a_given_language_stays(desk):
    assert desk.load(f"{SMALLEST}language: ja\n").language == "ja"


def test_a_configuration_is_frozen(desk):
    with pytest.raises(AttributeError):
        desk.load(SMALLEST).country = "TH"


def test_the_v4_dialect_is_the_default(desk, changed):
    assert desk.load(changed("  api: v4\n", "")).linepay.api == "v4"


def test_relative_paths_start_at_the_folder_of_the_file(desk, changed):
    (desk.folder / "own.pem").write_text("-")
    text = changed("state_dir: /var/lib/posd", "state_dir: state")
    text = text.replace("  device_type: POS", "  device_type: POS\n  ca_file: own.pem")
    text = text.replace("{driver: press}", "{driver: press, fonts: [a.ttf, /usr/b.ttf]}")
    config = desk.load(text, POSD_LINEPAY__CHANNEL_SECRET_FILE="secret.txt")
    assert config.state_dir == str(desk.folder / "state")
    assert config.token_path == str(desk.folder / "state" / "api-token")
    assert config.linepay.ca_file == str(desk.folder / "own.pem")
    assert config.linepay.channel_secret_file == str(desk.folder / "secret.txt")
    assert config.printer.options.fonts == (str(desk.folder / "a.ttf"), "/usr/b.ttf")


def test_a_configured_token_file_wins(desk):
    config = desk.load(f"{SMALLEST}api: {{token_file: /run/posd/token}}\n")
    assert config.token_path == "/run/posd/token"


@pytest.mark.parametrize(
    ("base_url", "test"),
    [
        ("http://127.0.0.1:9000", True),
        ("http://localhost", True),
        ("https://[::1]:9000", True),
        ("https://sandbox-api-pay.line.me", False),
    ],
)
def test_only_a_loopback_gateway_is_a_test(desk, changed, base_url, test):
    text = changed("https://sandbox-api-pay.line.me", f'"{base_url}"')
    assert is_test(desk.load(text)) is test


def test_drop_ins_are_put_over_in_the_order_of_their_names(desk):
    desk.drop_in("20-b.yaml", "store: {branch: Second}")
    desk.drop_in("10-a.yaml", "store: {branch: First, tax_id: '007'}")
    desk.drop_in("notes.txt", "not: [yaml")
    desk.drop_in(".hidden.yaml", "not: [yaml")
    desk.drop_in("30-empty.yaml", "# nothing yet\n")
    store = desk.load(SMALLEST).store
    assert (store.name, store.branch, store.tax_id) == ("Corner Tea", "Second", "007")


def test_a_drop_in_with_another_driver_replaces_the_whole_section(desk, changed):
    desk.drop_in("printer.yaml", "printer: {driver: scroll, path: /dev/usb/lp0}")
    config = desk.load(changed("{driver: press}", "{driver: press, dots: 384}"))
    assert config.printer == DriverConfig("scroll", ScrollOptions("/dev/usb/lp0"))


def test_a_drop_in_may_add_an_option_to_the_same_driver(desk):
    desk.drop_in("printer.yaml", "printer: {dots: 384}")
    assert desk.load(SMALLEST).printer.options == PressOptions(dots=384)


def test_a_lane_has_no_display_unless_one_is_written(desk):
    assert desk.load(SMALLEST).display is None
    config = desk.load(SMALLEST + "display: {driver: board, port: /dev/board}\n")
    assert config.display == DriverConfig("board", WandOptions("/dev/board"))


def test_an_error_in_a_section_that_may_be_absent_names_its_key(desk):
    problem = desk.problem(SMALLEST + "display: {driver: bored, port: /dev/board}\n")
    assert problem.key == "display.driver"
    assert "did you mean board?" in problem.message
    assert desk.problem(SMALLEST + "display: board\n").message == (
        "is a section: write its keys under it"
    )


def test_an_error_in_a_drop_in_names_that_file(desk):
    desk.drop_in("10-a.yaml", "\nstore: {branch: [x]}")
    problem = desk.problem(SMALLEST)
    assert problem.file == str(desk.folder / "conf.d" / "10-a.yaml")
    assert (problem.line, problem.column, problem.key) == (2, 17, "store.branch")


def test_a_drop_in_called_yml_is_not_silently_ignored(desk):
    desk.drop_in("10-a.yml", "store: {branch: x}")
    assert desk.problem(SMALLEST).message == "is not read; name it .yaml"


def test_the_environment_wins_and_takes_the_type_of_its_key(desk):
    desk.drop_in("10-a.yaml", "linepay: {api: v2}")
    config = desk.load(
        SMALLEST,
        POSD_LINEPAY__API="v2.4",
        POSD_LINEPAY__CHANNEL_ID="0016500000",
        POSD_LINEPAY__PAY_TIMEOUT_S="50",
        POSD_API__OPEN_PAGE="true",
        POSD_RECEIPT__FOOTER="[Thank you, 2026]",
        POSD_SCANNER__BAUD="19200",
        POSD_LANGUAGE="en",
        POSD_CONFIG="not for the configuration",
        OTHER__KEY="nor is this",
    )
    assert config.linepay.api == "v2.4"
    assert config.linepay.channel_id == "0016500000"
    assert config.linepay.pay_timeout_s == 50.0
    assert config.api.open_page is True
    assert config.receipt.footer == ("Thank you", "2026")
    assert config.scanner.options.baud == 19200
    assert config.language == "en"


def test_an_error_in_the_environment_names_the_variable(desk):
    first, second, third, fourth = desk.problems(
        SMALLEST,
        POSD_LINEPAY__API="v3",
        POSD_LINPAY__API="v4",
        POSD_RECEIPT__HEADER="[a",
        POSD_SCANNER__BAUD="[1, {a: b}]",
    )
    assert str(first).startswith("environment POSD_LINEPAY__API: linepay.api: 'v3' is not one of")
    assert str(second).startswith("environment POSD_LINPAY__API: linpay: ")
    assert second.message.endswith("did you mean linepay?")
    assert third.file == "environment POSD_RECEIPT__HEADER"
    assert fourth.key == "scanner.baud"


def test_aliases_may_be_used(desk, changed):
    text = changed("{id: L01}", "{id: &lane L01}").replace("L01-0001", "*lane")
    assert desk.load(text).linepay.device_profile_id == "L01"


def test_a_users_own_file_is_the_default_where_there_is_one(tmp_path):
    system = Path("/etc/posd/config.yaml")
    assert default_path({}) == system
    assert default_path({"HOME": str(tmp_path)}) == system
    own = tmp_path / ".config" / "posd" / "config.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("")
    assert default_path({"HOME": str(tmp_path)}) == own
    assert default_path({"XDG_CONFIG_HOME": str(tmp_path / ".config"), "HOME": "/"}) == own


def test_more_drop_ins_than_a_person_can_read_are_refused(desk):
    for number in range(101):
        desk.drop_in(f"{number:03}.yaml", "")
    assert "more than 100 files" in desk.problem(SMALLEST).message


def test_a_secret_in_the_environment_is_refused_and_not_told(desk):
    with pytest.raises(ConfigError) as caught:
        desk.load(SMALLEST, POSD_LINEPAY__CHANNEL_SECRET="canary")
    assert "no secret stands in the configuration" in str(caught.value)
    assert "canary" not in str(caught.value)
