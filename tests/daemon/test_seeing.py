"""The real daemon, seen by those who mend it: doctor, metrics, support bundle."""

from __future__ import annotations

import json
import tarfile

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Posd, Shop
from .test_canaries import asked
from .waiting import eventually

KEY = "381234509876543210"


def sample(posd: Posd, name: str) -> float | None:
    page = asked(posd.shop.socket, "/metrics").decode()
    lines = [line.rpartition(" ") for line in page.splitlines() if not line.startswith("#")]
    return next((float(value) for series, _, value in lines if series == name), None)


def test_doctor_metrics_and_bundle_agree_on_a_lane_that_sold_something(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    paid = 'posd_payments_total{result="paid",currency="TWD"}'
    assert sample(posd, paid) is None
    sale = posd.sell(KEY)
    posd.sale_when(sale, receipt="PRINTED")
    eventually(lambda: sample(posd, paid) == 1)
    assert sample(posd, "posd_approval_to_print_seconds_count") == 1
    assert sample(posd, "posd_sales_taken") == 1
    assert sample(posd, 'posd_device_up{kind="printer",driver="escpos"}') == 1

    told = posd.cli("doctor", "--json")
    findings = {one["topic"]: one for one in told.json["findings"]}
    broken = [one for one in told.json["findings"] if one["mark"] == "fail"]
    assert (told.code, broken) == (0, [])
    assert findings["daemon"]["words"].endswith(
        f"record {int(sample(posd, 'posd_journal_seq') or 0)}"
    )

    archive = shop.folder / "support.tar.gz"
    log = str(posd.stderr)
    assert posd.cli("bundle", "-o", str(archive), "--log", log).code == 0
    with tarfile.open(archive) as tar:
        files = {one.name: tar.extractfile(one) for one in tar.getmembers()}
        data = {name: file.read() for name, file in files.items() if file is not None}
    assert json.loads(data["posd-support/manifest.json"])["left_out"] == {}
    assert sale["order_id"].encode() in data["posd-support/journal.jsonl"]
    for canary in (KEY, sandbox.channel_secret):
        assert not any(canary.encode() in content for content in data.values()), canary


def test_the_doctor_prints_no_page_while_the_daemon_has_the_printer(
    shop: Shop, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    told = posd.cli("doctor", "--paper", "--json")
    assert told.json["findings"][-1]["topic"] == "paper"
    assert "no page was printed" in told.json["findings"][-1]["words"]
    assert printer.rest() == []
