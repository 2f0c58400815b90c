from __future__ import annotations

from dataclasses import replace

from posd.core.money import Money
from posd.core.order import MoneyState, Order
from posd.core.records import PrintHeld, PrintStarted
from posd.drill.judge import Booked, Evidence, Judgement, Known, judge, judge_papers

ORDER = Order(
    order_id="A",
    sale_id="s",
    receipt_number="R1",
    reference="basket",
    amount=Money(100, "TWD"),
    items=(),
    cashier="",
    opened_ns=0,
    opened_ms=0,
)
PAID = replace(ORDER, money=MoneyState.CONFIRMED, captured_minor=100)
NOT_PAID = replace(ORDER, money=MoneyState.NOT_PAID)
TAKEN = Booked("A", "captured", 100, 0)


def told(*known: Known, booked: tuple[Booked, ...] = (), charges: int | None = None) -> Judgement:
    times = len(booked) if charges is None else charges
    return judge(Evidence(booked, known, times, {"A": "basket", "B": "basket"}))


def known(order: Order, *records: object) -> Known:
    return Known(order, records)  # type: ignore[arg-type]


def figures(found: Judgement) -> tuple[int, int, int, int]:
    return (found.doubles, found.losses, found.second_originals, found.unsettled)


def test_a_paid_order_that_was_charged_once_is_clean():
    found = told(known(PAID), booked=(TAKEN,))
    assert (figures(found), found.findings) == ((0, 0, 0, 0), [])
    assert found.clean


def test_two_kept_charges_of_one_reference_are_a_double():
    second = replace(PAID, order_id="B")
    booked = (TAKEN, replace(TAKEN, order_id="B"))
    found = told(known(PAID), known(second), booked=booked)
    assert figures(found) == (1, 0, 0, 0)
    assert found.findings == ["double: basket has 2 charges that were kept"]


def test_a_charge_that_was_given_back_does_not_make_a_double():
    given_back = replace(PAID, order_id="B", money=MoneyState.REVERSED, refunded_minor=100)
    booked = (TAKEN, Booked("B", "refunded", 100, 100))
    assert told(known(PAID), known(given_back), booked=booked).clean


def test_an_order_that_was_charged_twice_is_a_double():
    found = told(known(PAID), booked=(TAKEN,), charges=2)
    assert figures(found) == (1, 0, 0, 0)
    assert "charged 1 times more than once" in found.findings[0]


def test_a_charge_that_the_journal_does_not_know_is_a_loss():
    found = told(booked=(TAKEN,))
    assert figures(found) == (0, 1, 0, 0)
    assert found.findings == ["loss: A was charged, and the journal does not know it"]


def test_a_charge_of_an_order_that_counts_as_not_paid_is_a_loss():
    found = told(known(NOT_PAID), booked=(TAKEN,))
    assert found.findings == ["loss: A was charged, and the journal says NOT_PAID"]


def test_paid_without_a_charge_is_a_loss():
    found = told(known(PAID), booked=(Booked("A", "failed", 100, 0),), charges=0)
    assert found.findings == ["loss: A is CONFIRMED in the journal, and was never charged"]
    assert told(known(PAID)).losses == 1


def test_a_refund_that_the_journal_does_not_know_is_a_loss():
    found = told(known(PAID), booked=(Booked("A", "partly refunded", 100, 40),))
    assert found.findings == ["loss: A keeps 60 at LINE Pay and 100 in the journal"]


def test_an_authorization_that_was_voided_takes_no_money():
    voided = replace(ORDER, money=MoneyState.REVERSED)
    assert told(known(voided), booked=(Booked("A", "voided", 0, 0),), charges=0).clean


def test_an_original_that_was_begun_twice_is_found_in_the_journal():
    twice = (PrintStarted("A", 0), PrintStarted("A", 0))
    found = told(known(PAID, *twice), booked=(TAKEN,))
    assert figures(found) == (0, 0, 1, 0)


def test_an_original_that_was_held_and_a_copy_are_no_second_original():
    prints = (
        PrintStarted("A", 0),
        PrintHeld("A", 0, "paper_out"),
        PrintStarted("A", 0),
        PrintStarted("A", 1),
    )
    assert told(known(PAID, *prints), booked=(TAKEN,)).clean


def test_an_order_without_a_verdict_is_unsettled():
    found = told(known(replace(ORDER, money=MoneyState.UNKNOWN)))
    assert figures(found) == (0, 0, 0, 1)
    assert found.findings == ["unsettled: A is WORKING"]


def test_a_basket_that_did_not_come_to_its_end_is_unsettled():
    found = judge(Evidence((), (), 0, {}, unfinished=["basket"]))
    assert found.findings == ["unsettled: basket did not come to its end"]


def test_two_papers_without_a_copy_mark_are_a_second_original():
    first, second = (f"Order {name} Paid with LINE Pay" for name in "AB")
    found = judge_papers([first, second, first], ["A", "B"])
    assert figures(found) == (0, 0, 1, 0)
    assert found.findings == ["second original: A on 2 papers"]
    assert judge_papers([first, f"COPY 1 {first}"], ["A"]).clean
    assert judge_papers(["RESULT UNKNOWN Order A", first, "REFUND Order A"], ["A"]).clean


def test_a_slip_that_broke_off_above_another_receipt_is_no_original_of_its_order():
    first, second = (f"Order {name} Paid with LINE Pay" for name in "AB")
    torn = f"RESULT UNKNOWN Order A\n{second}"
    assert judge_papers([torn, first], ["A", "B"]).clean
    found = judge_papers([torn, first, second], ["A", "B"])
    assert found.findings == ["second original: B on 2 papers"]


def test_judgements_add_up():
    total = Judgement()
    total.add(told(booked=(TAKEN,)))
    total.add(told(known(replace(ORDER, money=MoneyState.UNKNOWN))))
    assert figures(total) == (0, 1, 0, 1)
    assert len(total.findings) == 2


def test_records_that_contradict_one_another_are_a_loss_and_hide_no_double():
    booked = (TAKEN, replace(TAKEN, order_id="B"))
    owners = {"A": "basket", "B": "basket"}
    found = judge(Evidence(booked, [known(PAID)], 2, owners, contradictions=["order B: ..."]))
    assert figures(found) == (1, 2, 0, 0)
    assert "loss: the journal contradicts itself: order B: ..." in found.findings
