"""What keeps posd from starting: one sentence, an exit code that systemd knows, no change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.journal.samples import paid

from .mounts import needs_mounts, on_tmpfs
from .sandbox import Sandbox
from .shop import Posd, Shop


def refused(posd: Posd, code: int, *words: str) -> str:
    assert posd.exit_code() == code
    said = posd.said()
    for word in words:
        assert word in said
    assert "Traceback" not in said
    return said


def test_a_journal_that_another_process_writes_names_its_holder_and_ends_with_75(
    shop: Shop, sandbox: Sandbox
) -> None:
    first = shop.start()
    shop.settings["api"]["listen"] = f"unix:{shop.folder / 'other'}"
    refused(shop.launch(), 75, f"pid {first.process.pid}", "stop it first")
    assert first.sell(sandbox.key())["verdict"] == "PAID"


def test_an_address_that_is_taken_ends_with_75(shop: Shop) -> None:
    first = shop.start()
    shop.settings["state_dir"] = str(shop.folder / "other")
    refused(shop.launch(), 75, str(shop.socket), "taken")
    assert first.api.lane()["lane"] == "L01"


def test_a_state_directory_that_cannot_be_made_ends_with_77(shop: Shop) -> None:
    shop.settings["state_dir"] = str(shop.secret / "state")
    refused(shop.launch(), 77, str(shop.secret / "state"), "check its owner, mode and medium")


@needs_mounts
def test_a_read_only_medium_ends_with_77(shop: Shop) -> None:
    refused(started_on(shop, "ro"), 77, str(shop.state), "Read-only file system")


@needs_mounts
def test_a_full_disk_ends_with_70_and_says_what_to_do(shop: Shop) -> None:
    refused(started_on(shop, "size=16k"), 70, str(shop.state), "the disk is full", "free some")


def started_on(shop: Shop, options: str) -> Posd:
    shop.state.mkdir()
    before: Sequence[str] = on_tmpfs(shop.state, options)
    return shop.launch(before=before)


def test_a_damaged_journal_ends_with_70_and_is_kept_as_it_is(shop: Shop) -> None:
    shop.seed(paid(1))
    database = shop.state / "journal.db"
    changed = database.read_bytes().replace(b"basket-1", b"basket-9")
    database.write_bytes(changed)
    posd = shop.launch()
    refused(posd, 70, str(database), "is damaged", "posd journal verify")
    assert posd.cli("journal", "verify").code == 6
    assert database.read_bytes() == changed


def test_the_journal_of_another_lane_ends_with_78(shop: Shop) -> None:
    shop.seed(paid(1))
    shop.settings["lane"]["id"] = "L02"
    refused(shop.launch(), 78, "store S001 lane L01", "store S001 lane L02")


def test_a_broken_configuration_ends_with_78_and_tells_all_of_it_with_places(shop: Shop) -> None:
    shop.settings["currency"] = "THB"
    shop.settings["linepay"]["base_url"] = "https://pay.example.com"
    shop.settings["linepay"]["device_typ"] = shop.settings["linepay"].pop("device_type")
    shop.settings["scanner"]["baud"] = "fast"
    said = refused(shop.launch(), 78)
    places = re.findall(rf"^{re.escape(str(shop.config))}:([0-9]+):[0-9]+: ", said, re.MULTILINE)
    assert len(places) == len(said.splitlines())
    for key in ("currency", "linepay.base_url", "linepay.device_typ", "scanner.baud"):
        assert key in said
    assert "did you mean" in said
    assert not shop.state.exists()


def test_an_incomplete_configuration_ends_with_78_and_names_all_that_is_missing(
    shop: Shop,
) -> None:
    missing = ("currency", "printer", "state_dir")
    for key in missing:
        del shop.settings[key]
    del shop.settings["linepay"]["channel_id"]
    refused(shop.launch(), 78, "linepay.channel_id", *missing)


def test_a_secret_that_others_may_read_ends_with_78_and_how_to_mend_it(shop: Shop) -> None:
    shop.secret.chmod(0o644)
    refused(shop.launch(), 78, f"chmod 0600 {shop.secret}")


def test_a_configuration_that_is_not_there_ends_with_78(shop: Shop) -> None:
    posd = shop.launch()
    posd.end()
    shop.config.unlink()
    ended = posd.cli("run")
    assert (ended.code, str(shop.config) in ended.err) == (78, True)
