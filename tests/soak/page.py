"""A cashier's page that is always open, and is opened anew now and then.

Rule: it reads the lane's news as they come and does nothing with them.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from itertools import islice

from posd.api_client import ApiClient, NotRunning

NEWS_EACH = 2000  # then somebody reloads it


class Page:
    """Reads from its making until posd ends; `loads` is how often it was opened."""

    def __init__(self, api: ApiClient) -> None:
        self.loads = 0
        self._api = api
        self._thread = threading.Thread(target=self._read, name="page")
        self._thread.start()

    def join(self) -> None:
        """Wait for its end, which posd's own brings about."""
        self._thread.join()

    def _read(self) -> None:
        with suppress(NotRunning):
            while True:
                self.loads += 1
                news = self._api.events()
                for _ in islice(news, NEWS_EACH):
                    pass
                news.close()
