"""A printer shared by lanes: one owner, everybody in turn, and nothing printed twice."""

from __future__ import annotations

import threading
import time
import uuid

import pytest
from contracts import (
    DOCUMENT,
    PATIENCE_S,
    CashDrawerContract,
    HeldJobContract,
    PrinterContract,
    PrinterFaultsContract,
)
from printer_rigs import PROMPT, VirtualRig
from sharing import NO_PAPER, READY, Shop, aside, print_request, receipt, soon

from devices.errors import NoAnswer, Refused, Unavailable
from devices.printers.options import EscposOptions
from devices.printers.shared.client import SharedPrinter
from devices.printers.shared.jobs import KEPT, Jobs
from devices.printers.shared.lent import Turns
from devices.values import DrawerState, PrintProof

PRINTED = {"printed": "proved", "proof_s": None}

# ---- the contracts, over a real owner over the virtual printer ---------------------------------


class Owned:
    """The printer of a rig, whichever adapter it has made last."""

    def __init__(self, rig: VirtualRig) -> None:
        self._rig = rig

    def __getattr__(self, name: str):
        return getattr(self._rig.printer, name)


class SharedRig:
    def __init__(self, rig: VirtualRig, lane: SharedPrinter) -> None:
        self._rig = rig
        self.printer = self.drawer = lane
        self.pin = rig.pin
        self.make = rig.make
        self.next_paper = rig.next_paper
        self.put = rig.put
        self.next_kick = rig.next_kick


class TestShared(PrinterContract, PrinterFaultsContract, HeldJobContract, CashDrawerContract):
    @pytest.fixture
    def rig(self, virtual_printer, shop_of):
        options = EscposOptions(
            address=virtual_printer.address, drawer_pin=2, drawer_open_is="high", **PROMPT
        )
        rig = VirtualRig(virtual_printer, options)
        return SharedRig(rig, shop_of(Owned(rig)).lane())


# ---- turns -------------------------------------------------------------------------------------


def test_turns_come_in_the_order_of_asking():
    turns = Turns()
    order: list[int] = []
    assert turns.take(soon())
    threads = []
    for number in range(5):
        waiting = threading.Thread(
            target=lambda n=number: (turns.take(soon()), order.append(n), turns.give_back())
        )
        threads.append(waiting)
        waiting.start()
        while len(turns._line) < number + 2:
            time.sleep(0)
    turns.give_back()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_waiting_holds_up_nobody():
    turns = Turns()
    assert turns.take(soon())
    assert not turns.take(time.monotonic() + 0.01)
    turns.give_back()
    assert turns.take(soon())


def test_lanes_print_in_turn_each_receipt_once_and_whole(shop, printer):
    lanes = [shop.lane() for _ in range(3)] + [shop.lent]

    def sell(lane, name: str) -> None:
        for number in range(4):
            lane.print(receipt(f"{name}-{number}"), PATIENCE_S)

    threads = [aside(lambda one=lane, at=at: sell(one, f"L{at}")) for at, lane in enumerate(lanes)]
    for thread, told in threads:
        thread.join(PATIENCE_S)
        assert told == [None]
    papers = printer.all_papers()
    assert sorted(papers) == sorted(f"L{lane}-{n}" for lane in range(4) for n in range(4))
    for lane in range(4):
        own = [paper for paper in papers if paper.startswith(f"L{lane}")]
        assert own == sorted(own)


@pytest.mark.parametrize("who", ["lane", "owner"])
def test_a_lane_whose_turn_does_not_come_in_time_has_sent_nothing(shop, printer, who):
    printer.gate.clear()
    first, told = aside(lambda: shop.lent.print(receipt("first"), PATIENCE_S))
    assert printer.begun.acquire(timeout=PATIENCE_S)
    second = shop.lane() if who == "lane" else shop.lent
    with pytest.raises(Unavailable, match="serves other lanes"):
        second.print(receipt("second"), 0.05)
    printer.gate.set()
    first.join(PATIENCE_S)
    assert told == [PrintProof.PROVED]
    assert printer.all_papers() == ["first"]


def test_while_it_serves_another_lane_it_is_as_it_said_last(shop, printer):
    assert shop.lane().status(PATIENCE_S) == READY
    printer.gate.clear()
    first, _ = aside(lambda: shop.lent.print(receipt("first"), PATIENCE_S))
    assert printer.begun.acquire(timeout=PATIENCE_S)
    assert shop.lane().status(0.01) == READY
    printer.gate.set()
    first.join(PATIENCE_S)


def test_a_refusal_is_known_to_all_lanes_at_once(shop, printer):
    printer.fails = [Refused("no paper", NO_PAPER)]
    with pytest.raises(Refused) as refusal:
        shop.lane().print(DOCUMENT, PATIENCE_S)
    assert refusal.value.status == NO_PAPER
    held = shop.lent._turns
    assert held.take(soon())
    assert shop.lent.status(0.01) == NO_PAPER
    held.give_back()


def test_only_the_last_job_of_all_lanes_can_be_cleared(shop, printer):
    ours, theirs = shop.lane(), shop.lane()
    with pytest.raises(Unavailable, match="printed nothing yet"):
        ours.clear(PATIENCE_S)
    ours.print(receipt("ours"), PATIENCE_S)
    ours.clear(PATIENCE_S)
    theirs.print(receipt("theirs"), PATIENCE_S)
    for lane in (ours, shop.lent):
        with pytest.raises(Unavailable, match="other lanes"):
            lane.clear(PATIENCE_S)
    shop.lent.print(receipt("owner's"), PATIENCE_S)
    shop.lent.clear(PATIENCE_S)
    assert printer.cleared == 2


def test_how_long_a_proof_took_is_told_to_the_lane_that_printed(shop, printer):
    lane = shop.lane()
    printer.last_proof_s = 0.25
    lane.print(DOCUMENT, PATIENCE_S)
    assert (lane.last_proof_s, shop.lent.last_proof_s) == (0.25, None)
    shop.lent.print(DOCUMENT, PATIENCE_S)
    assert shop.lent.last_proof_s == 0.25
    printer.fails = [NoAnswer("it hung")]
    with pytest.raises(NoAnswer):
        lane.print(DOCUMENT, PATIENCE_S)
    assert lane.last_proof_s is None


def test_a_printer_without_a_drawer_opens_none(shop):
    with pytest.raises(Unavailable, match="opens no drawer"):
        shop.lane().kick(PATIENCE_S)
    assert shop.lane().drawer(PATIENCE_S) is DrawerState.UNKNOWN


def test_what_cannot_be_printed_at_all_is_told_when_it_is_prepared(shop, printer):
    shop.lane().prepare(DOCUMENT)
    printer.fails = [Unavailable("no such font")]
    with pytest.raises(Unavailable, match="no such font"):
        shop.lane().prepare(DOCUMENT)


# ---- nothing twice -----------------------------------------------------------------------------


def printed_by_hand(shop: Shop, job: str) -> dict:
    with shop.channel() as channel:
        channel.send(print_request(job), soon())
        answer = channel.receive(soon())
        if answer == {"ready": True}:
            channel.send({"go": job}, soon())
            answer = channel.receive(soon())
        return answer


def test_a_job_that_is_sent_again_is_told_its_outcome_and_not_printed(shop, printer):
    job = uuid.uuid4().hex
    for _ in range(3):
        assert printed_by_hand(shop, job) == PRINTED
    assert len(printer.all_papers()) == 1


def test_a_job_that_failed_is_not_printed_by_sending_it_again(shop, printer):
    job = uuid.uuid4().hex
    printer.fails = [NoAnswer("it hung")]
    for _ in range(2):
        assert printed_by_hand(shop, job) == {"failed": "no_answer", "message": "it hung"}
    assert printer.all_papers() == []


def test_a_job_is_begun_only_after_go(shop, printer):
    for said in ({"go": "another"}, {"gone": True}, None):
        job = uuid.uuid4().hex
        with shop.channel() as channel:
            channel.send(print_request(job), soon())
            assert channel.receive(soon()) == {"ready": True}
            if said is not None:
                channel.send(said, soon())
        shop.reports.get(timeout=PATIENCE_S)
    assert printed_by_hand(shop, uuid.uuid4().hex) == PRINTED
    assert len(printer.all_papers()) == 1


def test_who_asks_for_the_outcome_of_a_running_job_waits_for_it(shop, printer):
    printer.gate.clear()
    job = uuid.uuid4().hex
    thread, told = aside(lambda: printed_by_hand(shop, job))
    assert printer.begun.acquire(timeout=PATIENCE_S)
    with shop.channel() as channel:
        channel.send({"op": "outcome", "job": job, "timeout_s": PATIENCE_S}, soon())
        printer.gate.set()
        assert channel.receive(soon()) == PRINTED
    thread.join(PATIENCE_S)
    assert told == [PRINTED]


def test_the_last_thousand_outcomes_are_kept():
    jobs = Jobs()
    for number in range(KEPT + 1):
        assert jobs.begin(str(number))
        jobs.end(str(number), {"printed": "proved"})
    assert jobs.outcome("0", 0.0) is None
    assert jobs.outcome("1", 0.0) == {"printed": "proved"}
    assert not jobs.begin(str(KEPT))
