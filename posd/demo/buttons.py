"""The demo's buttons on the cashier's page: what a customer or a bad day would do.

Mounted into the daemon's API behind the same guard as everything else. They are told by id; the
page has their words, `page.demo.<id>`, in each language.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posd.demo.twins import TwinFailed, Twins


def demo_routes(twins: Twins) -> list[Route]:
    """`GET /v1/demo` lists the buttons, `POST /v1/demo/{id}` presses one."""
    actions = _actions(twins)

    async def listed(_request: Request) -> Response:
        return JSONResponse({"buttons": [{"id": name} for name in actions]})

    async def press(request: Request) -> Response:
        action = actions.get(request.path_params["id"])
        if action is None:
            return JSONResponse({"code": "not_found"}, status_code=404)
        try:
            await run_in_threadpool(action)
        except TwinFailed as failure:
            return JSONResponse({"code": "twin_failed", "detail": str(failure)}, status_code=503)
        return JSONResponse({"ok": True})

    return [
        Route("/v1/demo", listed, methods=["GET"]),
        Route("/v1/demo/{id}", press, methods=["POST"]),
    ]


def _actions(twins: Twins) -> dict[str, Callable[[], object]]:
    return {
        "show-code": lambda: twins.scan(twins.mint()),
        "decline": lambda: twins.scan(twins.mint("decline:1142")),
        "lost-answer": lambda: _lose_answer(twins),
        "wrong-code": lambda: twins.scan("4710088430274"),
        "paper-out": lambda: twins.printer("paper out"),
        "paper-ok": lambda: twins.printer("paper ok"),
    }


def _lose_answer(twins: Twins) -> None:
    """The money moves, the answer is lost, and the first checks find nothing yet."""
    twins.scan(twins.mint("lost-late:8"))
