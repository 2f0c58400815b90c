"""The cashier's page: its files, and how a browser gets the cookie that lets it sell.

The one rule: the page gets a cookie unasked only where the shop said `api.open_page: true`.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from posd.api.access import Access
from posd.api.problems import Problem
from posd.api.routes import counter

FOLDER = Path(str(files("posd"))) / "web"


def static_files() -> StaticFiles:
    """The files under /static."""
    return StaticFiles(directory=FOLDER)


async def page(request: Request) -> Response:
    """The page itself."""
    response = FileResponse(FOLDER / "index.html")
    if counter(request).settings.open_page:
        _let_in(response, request.app.state.access)
    return response


async def login(request: Request) -> Response:
    """Trade the token in the address for the cookie, then go to the page."""
    access: Access = request.app.state.access
    if not access.is_token(request.query_params.get("token", "")):
        detail = "open /login?token=... with the token of api.token_file"
        raise Problem(401, "unauthorized", detail)
    response = RedirectResponse("/", 303)
    _let_in(response, access)
    return response


def _let_in(response: Response, access: Access) -> None:
    cookie = access.cookie()
    if cookie is not None:
        response.headers["Set-Cookie"] = cookie
