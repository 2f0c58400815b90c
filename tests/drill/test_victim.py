from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml

from posd.drill import victim
from posd.drill.box import Box
from posd.drill.scenarios import Mood


def test_a_sentence_is_met_at_its_side_and_its_number():
    deaths: list[str] = []
    sentence = victim.Sentence(die=lambda: deaths.append("dead"))
    sentence.pass_on("after 2 PaymentConfirmed+PrintStarted")
    for _ in range(2):
        assert deaths == []
        sentence.meet("before", "PaymentConfirmed+PrintStarted")
        sentence.meet("after", "PaymentConfirmed")
        sentence.meet("after", "PaymentConfirmed+PrintStarted")
    assert deaths == ["dead"]


def test_a_sentence_may_be_met_by_any_commit():
    deaths: list[str] = []
    sentence = victim.Sentence(die=lambda: deaths.append("dead"))
    sentence.pass_on("before 1 *")
    sentence.meet("before", "LaneStarted")
    sentence.meet("before", "PaySent")
    assert deaths == ["dead"]


def test_who_is_spared_lives():
    deaths: list[str] = []
    sentence = victim.Sentence(die=lambda: deaths.append("dead"))
    sentence.pass_on("before 1 PaySent")
    sentence.pass_on("spare")
    sentence.meet("before", "PaySent")
    assert deaths == []


def test_a_gateway_that_is_not_on_loopback_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdin", io.StringIO("begin\n"))
    with Box(tmp_path / "box", "posd.drill.victim") as box:
        box.start(Mood(scale=1))
        path = box.directory / "config.yaml"
    values = yaml.safe_load(path.read_text())
    values["linepay"]["base_url"] = "https://sandbox-api-pay.line.me"
    path.write_text(yaml.safe_dump(values))
    assert victim.main([str(path)]) == victim.USAGE
    assert "never for LINE Pay" in capsys.readouterr().err
