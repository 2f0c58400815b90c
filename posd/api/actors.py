"""Who acts: a person whose PIN is right, or the till itself, which may do what a cashier may.

The one rule: a PIN is compared and forgotten; it is in no answer, no log and no exception.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request

from posd.api.problems import Problem
from posd.api.routes import counter
from posd.api.schema import ActBody
from posd.core.people import Actor, Role
from posd.people.errors import LockedOut, PeopleError, UnknownPerson, WrongPin

Identify = Callable[[str, str], Actor]

TILL = Actor("till", Role.CASHIER)


async def identified(request: Request, act: ActBody) -> Actor:
    """The actor of the body; raises Problem 403 for a wrong PIN, 429 while locked out."""
    if not act.actor:
        return TILL
    here = counter(request)
    async with here.identifying:  # one at a time: a hash takes memory and a core for a moment
        return await asyncio.to_thread(_identify, here.settings.identify, act)


def _identify(identify: Identify, act: ActBody) -> Actor:
    try:
        return identify(act.actor, act.pin)
    except LockedOut as error:
        headers = {"Retry-After": str(max(1, round(error.left_s)))}
        raise Problem(429, "locked_out", str(error), headers=headers) from None
    except (UnknownPerson, WrongPin) as error:
        raise Problem(403, "wrong_pin", str(error)) from None
    except PeopleError as error:
        raise Problem(503, "people_unreadable", str(error)) from None
