"""What a browser complained of while a page was used, and whom the page spoke to."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Error, Page, Request


class Witness:
    """Hears everything from its construction; `excuse` names what a story makes unavoidable."""

    def __init__(self, page: Page, url: str) -> None:
        self._url = url
        self._excused: list[re.Pattern[str]] = []
        self._heard: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("request", self._on_request)

    def excuse(self, pattern: str) -> None:
        """A browser reports every refused request by itself; the page cannot prevent that."""
        self._excused.append(re.compile(pattern))

    @property
    def complaints(self) -> list[str]:
        return [text for text in self._heard if not any(e.search(text) for e in self._excused)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard.append(f"{message.type}: {message.text}")

    def _on_error(self, error: Error) -> None:
        self._heard.append(f"uncaught: {error}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith(self._url):
            self._heard.append(f"another origin: {request.url}")
