"""The one slot of the one-time key."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from posd.vault import Vault

KEY = "381234567890123456"


def test_a_key_is_taken_out_once() -> None:
    vault = Vault()
    vault.put("print", KEY)
    assert vault.take("print") == KEY
    assert vault.take("print") is None


def test_an_empty_vault_has_nothing() -> None:
    assert Vault().take("print") is None


def test_a_wrong_fingerprint_gets_nothing_and_the_key_is_gone() -> None:
    vault = Vault()
    vault.put("print", KEY)
    assert vault.take("another") is None
    assert vault.take("print") is None


@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_the_newest_key_is_the_only_one(prints: list[str]) -> None:
    vault = Vault()
    for one in prints:
        vault.put(one, f"key of {one}")
    assert repr(vault) == "Vault(1 key)"
    assert vault.take(prints[-1]) == f"key of {prints[-1]}"
    assert repr(vault) == "Vault(0 key)"


def test_it_does_not_show_its_key() -> None:
    vault = Vault()
    vault.put("print", KEY)
    assert KEY not in f"{vault} {vault!r} {[vault]}"


def test_of_many_takers_one_gets_the_key() -> None:
    vault = Vault()
    start = threading.Barrier(8)
    got: list[str | None] = []

    def take() -> None:
        start.wait()
        got.append(vault.take("print"))

    vault.put("print", KEY)
    takers = [threading.Thread(target=take) for _ in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(got, key=str) == [KEY, *[None] * 7]
