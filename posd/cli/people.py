"""`posd people`: who may act on money. Works while the daemon runs: it reads the list anew.

Rule: a PIN is asked for on the terminal or read from stdin, never taken from the command line.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.people.store import PeopleStore

    Verb = Callable[[PeopleStore, argparse.Namespace], int]

NOT_THERE = 1
USAGE = 2
CONFIGURATION = 78
ROLES = ("cashier", "supervisor", "admin")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("people", help="who may refund, void, accept: names and PINs")
    parser.add_argument("-c", "--config", default="/etc/posd/config.yaml", metavar="FILE")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="names and roles")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_runner(_list))
    adding = verbs.add_parser("add", help="a person; asks for the PIN")
    adding.add_argument("name")
    adding.add_argument("--role", choices=ROLES, default="cashier")
    adding.set_defaults(run=_runner(_add))
    changing = verbs.add_parser("pin", help="a new PIN for a person")
    changing.add_argument("name")
    changing.set_defaults(run=_runner(_pin))
    removing = verbs.add_parser("remove", help="take a person off the list")
    removing.add_argument("name")
    removing.set_defaults(run=_runner(_remove))


def _runner(verb: Verb) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        from posd.people.errors import PeopleError  # noqa: PLC0415
        from posd.people.pins import WeakPin  # noqa: PLC0415

        try:
            return verb(_store(args), args)
        except WeakPin as error:
            return _say(str(error), USAGE)
        except PeopleError as error:
            return _say(str(error), CONFIGURATION)

    return run


def _store(args: argparse.Namespace) -> PeopleStore:
    # YAML and argon2 are loaded only for those who need them.
    from devices import registry  # noqa: PLC0415
    from posd.config import ConfigError, load  # noqa: PLC0415
    from posd.people import store  # noqa: PLC0415
    from posd.people.errors import PeopleError  # noqa: PLC0415

    try:
        config = load(Path(args.config), drivers=registry, environ=os.environ)
    except (ConfigError, OSError) as error:
        raise PeopleError(str(error)) from error
    return store.PeopleStore(Path(config.state_dir) / store.FILE_NAME)


def _list(store: PeopleStore, args: argparse.Namespace) -> int:
    people = [{"name": one.name, "role": one.role.value} for one in store.people().values()]
    if args.json:
        print(json.dumps(people, ensure_ascii=False))
        return 0
    for one in people:
        print(f"{one['role']:<11} {one['name']}")
    if not people:
        print("nobody yet: posd people add NAME --role supervisor", file=sys.stderr)
    return 0


def _add(store: PeopleStore, args: argparse.Namespace) -> int:
    from posd.core.people import Role  # noqa: PLC0415
    from posd.people import pins  # noqa: PLC0415
    from posd.people.store import Person  # noqa: PLC0415

    if not (args.name.isprintable() and 1 <= len(args.name.strip()) <= 40):
        return _say("a name is 1 to 40 printable characters", USAGE)
    if args.name in store.people():
        return _say(f"there is a {args.name} already; change the PIN with `posd people pin`", USAGE)
    pin = _asked_pin()
    store.put(Person(args.name, Role(args.role), pins.hashed(pin)))
    return _say(f"{args.name} is a {args.role} now", 0)


def _pin(store: PeopleStore, args: argparse.Namespace) -> int:
    from posd.people import pins  # noqa: PLC0415
    from posd.people.store import Person  # noqa: PLC0415

    person = store.people().get(args.name)
    if person is None:
        return _say(f"there is nobody called {args.name}", NOT_THERE)
    store.put(Person(person.name, person.role, pins.hashed(_asked_pin())))
    return _say(f"{args.name} has a new PIN", 0)


def _remove(store: PeopleStore, args: argparse.Namespace) -> int:
    if not store.remove(args.name):
        return _say(f"there is nobody called {args.name}", NOT_THERE)
    return _say(f"{args.name} is off the list", 0)


def _asked_pin() -> str:
    from posd.people.pins import WeakPin, check_strength  # noqa: PLC0415

    if not sys.stdin.isatty():
        pin = sys.stdin.readline().strip()
        check_strength(pin)
        return pin
    pin = getpass.getpass("PIN: ")
    check_strength(pin)
    if getpass.getpass("PIN again: ") != pin:
        raise WeakPin("the two PINs differ; nothing was changed")
    return pin


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
