"""The application: the guard in front, the operations behind it, every failure a problem."""

from __future__ import annotations

import http
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from posd.api import openapi, pages
from posd.api.access import Access
from posd.api.asking import Desk
from posd.api.guard import Guard
from posd.api.news import News
from posd.api.operations import OPERATIONS
from posd.api.problems import NOTHING, Problem, encode, respond
from posd.api.routes import Counter, counter
from posd.api.settings import ApiSettings
from posd.door import Door

__all__ = ["ApiSettings", "create_app"]


def create_app(door: Door, settings: ApiSettings) -> Starlette:
    """The API in front of `door`; it listens to the door from the server's start to its stop."""
    access = Access(settings.token)
    app = Starlette(
        routes=[*settings.extra_routes, *_routes(settings)],
        middleware=[Middleware(Guard, hosts=settings.hosts, access=access)],
        exception_handlers={
            Problem: _refuse,
            HTTPException: _refuse_http,
            Exception: _fail,
        },
        lifespan=_lifespan,
    )
    news = News(door)
    app.state.access = access
    app.state.counter = Counter(door, settings, news, Desk(door, news))
    return app


def _routes(settings: ApiSettings) -> list[Route | Mount]:
    described = encode(openapi.document(OPERATIONS, version=settings.version))

    async def show_openapi(_request: Request) -> Response:
        return Response(described, media_type="application/json")

    return [
        *(_route(path) for path in dict.fromkeys(each.path for each in OPERATIONS)),
        Route("/openapi.json", show_openapi, methods=["GET"]),
        Mount("/static", pages.static_files()),
    ]


def _route(path: str) -> Route:
    """One for each address: a method that it does not take is told all those that it does."""
    handlers = {each.method: each.handler for each in OPERATIONS if each.path == path}

    async def handle(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, handle, methods=[*handlers])


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    news: News = app.state.counter.news
    news.start()
    yield
    news.end()


async def _refuse(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    here = counter(request)
    try:
        words = here.settings.words(here.door.lane().language)
    except ValueError:  # a lane in a language without a catalogue: the codes stay readable
        words = NOTHING
    return respond(problem, words)


async def _refuse_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "method_not_allowed" if error.status_code == 405 else "not_found"
    if error.status_code not in (404, 405):
        code = http.HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return respond(Problem(error.status_code, code, headers=error.headers or {}))


async def _fail(_request: Request, _error: Exception) -> Response:
    detail = "look the sale up before you do anything else; the log says more"
    return respond(Problem(500, "internal_error", detail))
