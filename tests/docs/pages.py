"""The documents of the project and what can be read off them: links, paths, blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP = ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")
PAGES = sorted(
    [ROOT / f"{name}.md" for name in TOP]
    + [*(ROOT / "docs").rglob("*.md"), ROOT / "systemd" / "README.md"]
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(
    r"(?:posd|devices|docs|tests|bench|systemd|requirements)/[A-Za-z0-9_./-]*"
    r"|[A-Za-z.-]+\.(?:md|toml|yaml)"
)


def name_of(page: Path) -> str:
    """The page's path in the repository."""
    return str(page.relative_to(ROOT))


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for found, body in _FENCE.findall(text) if found == language]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _FENCE.sub("", text)


def links(text: str) -> list[str]:
    """The targets of all links and pictures."""
    return _LINK.findall(prose(text))


def paths(text: str) -> Iterator[str]:
    """What stands in backquotes and is a path of the repository."""
    for code in _CODE.findall(prose(text)):
        if _PATH.fullmatch(code):
            yield code


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def commands(text: str) -> list[str]:
    """Each line of a shell block that runs posd or the simulated devices, without comments."""
    lines = [
        line.split("  #")[0].strip() for body in blocks(text, "sh") for line in body.split("\n")
    ]
    return [line.removesuffix(" &") for line in lines if re.match(r"(posd|python -m) ", line)]
