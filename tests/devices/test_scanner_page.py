"""docs/how-to/connect-a-scanner.md says what the drivers do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from devices.registry import drivers, options_type
from devices.scanners.vendors import TABLE

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "connect-a-scanner.md").read_text("utf-8")
STANZAS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("stanza", STANZAS)
def test_every_stanza_makes_options_that_exist(stanza):
    scanner = yaml.safe_load(stanza)["scanner"]
    options_type("scanner", scanner.pop("driver"))(**scanner)


def test_every_driver_has_a_stanza():
    assert {yaml.safe_load(stanza)["scanner"]["driver"] for stanza in STANZAS} == set(
        drivers("scanner")
    )


def test_the_vendors_with_commands_are_those_of_the_table():
    told = set(re.findall(r"^\| `(\w+)` \| .*(?:mode|COM) \|", PAGE, re.MULTILINE))
    assert told == {name for name, vendor in TABLE.items() if vendor.can_be_switched}
