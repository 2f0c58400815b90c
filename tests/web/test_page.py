"""The page's files agree with each other, with the catalogues and with the core."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from posd.api.pages import FOLDER
from posd.core.order import Attention, PaperState, Verdict
from posd.words import LANGUAGES, catalogue

SCRIPTS = sorted(FOLDER.glob("*.js"))
CODE = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
HTML = (FOLDER / "index.html").read_text("utf-8")
CSS = (FOLDER / "style.css").read_text("utf-8")


class Elements(HTMLParser):
    """All tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(HTML)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ELEMENTS = Elements().found
IDS = [attributes["id"] for _, attributes in ELEMENTS if "id" in attributes]


def words(language: str) -> dict[str, str]:
    own = json.loads((FOLDER / "words" / f"{language}.json").read_text("utf-8"))
    return {**own, **catalogue(language)}


def test_every_id_stands_once() -> None:
    assert sorted(IDS) == sorted(set(IDS))


def test_every_id_that_a_script_asks_for_is_on_the_page() -> None:
    asked = set(re.findall(r'\bid\("([a-z-]+)"\)', CODE))
    assert len(asked) > 20
    assert asked <= set(IDS)


def test_every_icon_of_a_verdict_is_on_the_page() -> None:
    icons = re.findall(r'\["(?:blue|green|red|amber)", "(\w+)"\]', CODE)
    assert icons
    assert set(icons) <= set(IDS)


def test_every_verdict_of_the_core_has_its_look() -> None:
    table = CODE.partition("const LOOK = {")[2].partition("};")[0]
    assert set(re.findall(r"^\s+([A-Z_]+):", table, re.M)) == set(Verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_script_names_is_in_the_catalogue(language: str) -> None:
    named = set(re.findall(r'"((?:page|verdict|notice|linepay|reason)\.[A-Za-z_.]+)"', CODE))
    named |= {f"verdict.{v}.{part}" for v in Verdict for part in ("title", "next", "customer")}
    named |= {f"page.receipt.{paper}" for paper in PaperState}
    named |= {f"attention.{reason}" for reason in Attention}
    assert len(named) > 40
    assert named <= set(words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_own_words_have_the_same_keys_in_every_language(language: str) -> None:
    def own(name: str) -> dict[str, str]:
        found: dict[str, str] = json.loads((FOLDER / "words" / f"{name}.json").read_text("utf-8"))
        return found

    assert own(language).keys() == own("en").keys()
    assert all(text.strip() for text in own(language).values())


def test_the_page_offers_every_language() -> None:
    offered = [attributes["value"] for tag, attributes in ELEMENTS if tag == "option"]
    assert offered == list(LANGUAGES)


def test_nothing_on_the_page_needs_an_inline_script_or_style() -> None:
    for tag, attributes in ELEMENTS:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert ".style." not in CODE
    assert "innerHTML" not in CODE
    assert "eval(" not in CODE


def test_nothing_is_loaded_from_elsewhere() -> None:
    for text in (HTML, CODE, CSS):
        assert "//" not in re.sub(r"(^|\s)// .*|http://www\.w3\.org/\S+", "", text, flags=re.M)


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r'"/static/([a-z.-]+)"', HTML + CODE))
    assert named >= {"app.js", "style.css", "favicon.svg"}
    assert all((FOLDER / name).is_file() for name in named)


def test_every_button_says_that_it_is_none_that_submits() -> None:
    buttons = [attributes for tag, attributes in ELEMENTS if tag == "button"]
    assert buttons
    assert all(attributes.get("type") == "button" for attributes in buttons)


# ---- what can be seen -----------------------------------------------------------------------


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ground", "ink"),
    [
        ("blue", "#ffffff"),
        ("green", "#ffffff"),
        ("red", "#ffffff"),
        ("amber", "#000000"),
        ("ground", "#ffffff"),
        ("raised", "#ffffff"),
        ("raised", "soft"),
        ("ground", "soft"),
        ("raised", "amber"),
    ],
)
def test_every_text_has_a_contrast_of_seven(ground: str, ink: str) -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", CSS))
    assert _contrast(colours[ground], colours.get(ink, ink)) >= 7


def test_what_can_be_touched_is_64_high_and_the_amount_56() -> None:
    assert re.search(r"^button \{ min-height: 64px; min-width: 64px;", CSS, re.M)
    sizes = re.findall(r"#(?:amount|sum) \{[^}]*?font-size: (\d+)px", CSS)
    assert len(sizes) >= 2
    assert all(int(size) >= 56 for size in sizes)


def test_thai_has_room_and_motion_is_only_for_who_wants_it() -> None:
    assert ":lang(th) { line-height: 1.6; }" in CSS
    moving = CSS.index("animation:")
    assert CSS.rindex("@media (prefers-reduced-motion: no-preference)") < moving


def test_no_file_is_longer_than_a_person_reads() -> None:
    assert all(_lines(path) <= 350 for path in [*SCRIPTS, FOLDER / "style.css"])


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())
