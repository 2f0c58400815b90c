"""Names and PINs: who is let in, who is locked out, and what is kept of it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from posd.core.people import Actor, Role
from posd.people import pins
from posd.people.desk import PeopleDesk
from posd.people.errors import LockedOut, PeopleError, UnknownPerson, WrongPin
from posd.people.lockouts import LOCKED_S, MOST_NAMES, MOST_TRIES, Lockouts
from posd.people.store import PeopleStore, Person

PIN, WRONG = "4711", "4712"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(scope="session")
def lin() -> Person:
    return Person("lin", Role.SUPERVISOR, pins.hashed(PIN))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, lin: Person, clock: Clock) -> PeopleDesk:
    PeopleStore(tmp_path / "people.json").put(lin)
    return PeopleDesk(tmp_path, clock)


def fail(desk: PeopleDesk, times: int, name: str = "lin") -> None:
    for _ in range(times):
        with pytest.raises((WrongPin, UnknownPerson)):
            desk.identify(name, WRONG)


def test_a_name_and_its_pin_are_a_person_with_a_role(desk: PeopleDesk) -> None:
    assert desk.identify("lin", PIN) == Actor("lin", Role.SUPERVISOR)


def test_a_wrong_pin_lets_nobody_in_and_says_how_many_tries_are_left(desk: PeopleDesk) -> None:
    with pytest.raises(WrongPin, match="4 tries left"):
        desk.identify("lin", WRONG)


def test_a_name_that_is_not_there_reads_like_a_wrong_pin(desk: PeopleDesk) -> None:
    with pytest.raises(UnknownPerson, match="there is nobody called eve, or the PIN is wrong"):
        desk.identify("eve", PIN)


def test_after_five_wrong_pins_the_right_one_must_wait_five_minutes(
    desk: PeopleDesk, clock: Clock
) -> None:
    fail(desk, MOST_TRIES)
    with pytest.raises(LockedOut) as locked:
        desk.identify("lin", PIN)
    assert locked.value.left_s == LOCKED_S
    clock.now_s += LOCKED_S - 1
    with pytest.raises(LockedOut):
        desk.identify("lin", PIN)
    clock.now_s += 1
    assert desk.identify("lin", PIN).name == "lin"


def test_the_right_pin_in_time_gives_five_new_tries(desk: PeopleDesk) -> None:
    fail(desk, MOST_TRIES - 1)
    desk.identify("lin", PIN)
    fail(desk, MOST_TRIES - 1)
    assert desk.identify("lin", PIN).name == "lin"


def test_a_restart_gives_no_new_tries(tmp_path: Path, desk: PeopleDesk, clock: Clock) -> None:
    fail(desk, MOST_TRIES)
    with pytest.raises(LockedOut):
        PeopleDesk(tmp_path, clock).identify("lin", PIN)


def test_one_name_does_not_lock_out_another(desk: PeopleDesk) -> None:
    fail(desk, MOST_TRIES, "eve")
    assert desk.identify("lin", PIN).name == "lin"


def test_a_clock_that_is_put_back_by_years_locks_for_five_minutes_at_most(
    desk: PeopleDesk, clock: Clock
) -> None:
    fail(desk, MOST_TRIES)
    clock.now_s -= 10 * 365 * 86_400
    with pytest.raises(LockedOut):
        desk.identify("lin", PIN)
    clock.now_s += LOCKED_S
    assert desk.identify("lin", PIN).name == "lin"


def test_names_that_are_tried_take_bounded_room(tmp_path: Path, clock: Clock) -> None:
    lockouts = Lockouts(tmp_path / "l.json", clock)
    for number in range(MOST_NAMES + 5):
        lockouts.wrong(f"name-{number}")
    assert len(json.loads((tmp_path / "l.json").read_bytes())) == MOST_NAMES


# ---- the list ---------------------------------------------------------------------------------


def test_the_list_is_read_again_when_it_has_changed(
    tmp_path: Path, desk: PeopleDesk, lin: Person
) -> None:
    store = PeopleStore(tmp_path / "people.json")
    store.put(Person("ann", Role.CASHIER, lin.pin_hash))
    assert desk.identify("ann", PIN).role is Role.CASHIER
    assert store.remove("ann")
    assert not store.remove("ann")
    with pytest.raises(UnknownPerson):
        desk.identify("ann", PIN)


def test_only_the_owner_may_read_the_list(tmp_path: Path, desk: PeopleDesk) -> None:
    path = tmp_path / "people.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(PeopleError, match="chmod 600"):
        desk.identify("lin", PIN)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write as somebody else")
def test_what_root_writes_belongs_to_the_service(tmp_path: Path, lin: Person) -> None:
    os.chown(tmp_path, 65_534, 65_534)
    PeopleStore(tmp_path / "people.json").put(lin)
    state = (tmp_path / "people.json").stat()
    assert (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (65_534, 65_534, 0o600)


@pytest.mark.parametrize(
    "content", [b"", b"[", b"{}", b'[{"name": "lin"}]', b'[{"name":"x","role":"boss"}]', b"\xff"]
)
def test_a_list_that_cannot_be_read_lets_nobody_in(
    tmp_path: Path, desk: PeopleDesk, content: bytes
) -> None:
    (tmp_path / "people.json").write_bytes(content)
    with pytest.raises(PeopleError, match="people.json"):
        desk.identify("lin", PIN)


def test_without_a_list_there_is_nobody(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(UnknownPerson):
        PeopleDesk(tmp_path, clock).identify("lin", PIN)


def test_no_file_holds_a_pin(tmp_path: Path, desk: PeopleDesk) -> None:
    fail(desk, 2)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert PIN.encode() not in kept
    assert WRONG.encode() not in kept
    assert b"$argon2id$" in kept


# ---- PINs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pin", ["", "123", "1234567890123", "12a4", "0000", "1234", "4321", "7890", "٤٧١١", "47 11"]
)
def test_a_pin_that_anybody_tries_first_is_not_taken(pin: str) -> None:
    with pytest.raises(pins.WeakPin):
        pins.check_strength(pin)


@pytest.mark.parametrize("pin", ["4711", "0815", "120391", "998877665544"])
def test_other_pins_of_four_to_twelve_digits_are_taken(pin: str) -> None:
    pins.check_strength(pin)


def test_a_hash_that_is_none_matches_nothing() -> None:
    assert not pins.matches("4711", "4711")
    assert not pins.matches("", "")
