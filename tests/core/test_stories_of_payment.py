"""Stories of payments: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Orders are called A, B, C. On failure the whole conversation is a diff.
"""

from __future__ import annotations

from posd.core.evidence import Proof
from tests.core.lanes import (
    ABSENT,
    AUTH_READY,
    COMPLETE,
    DECLINED,
    WRONG_SECRET,
    WRONG_SECRET_AGAIN,
    Lane,
    details,
    paid,
    said,
)

# ---- paid ----------------------------------------------------------------------------------------


def test_paid_at_once() -> None:
    told = Lane()
    told.start().sent()
    told.after(2).pay(paid())
    told.after(1).printed()
    told.told("""
            0.0  ProcessStarted
                 = LaneStarted
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            3.0  PayAnswered A 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
            4.0  PrintSucceeded A 0 proved
                 = PrintFinished A 0 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_paid_without_pay_info_is_flagged() -> None:
    told = Lane()
    told.sent()
    told.after(2).pay(paid(amount=None))
    told.after(1).printed()
    told.wait(0.5)
    told.check(details())
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            3.0  PayAnswered A 0000
                 = PaymentConfirmed A unverified
                 = PrintStarted A 0
                 ! PrintReceipt A 0
            4.0  PrintSucceeded A 0 proved
                 = PrintFinished A 0 proved
            4.0  TimePassed
                 = CheckSent A 1 details
                 ! SendCheck A 1 details
            4.5  CheckAnswered A 1 0000
                 = CheckReported A 1 complete 0000
                 = AmountVerified A
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"
    assert told.order().attention == frozenset()


def test_the_customer_confirms_on_the_phone() -> None:
    told = Lane()
    told.sent()
    told.after(20).pay(said(Proof.UNCERTAIN, "1169"))
    told.wait(0.2)
    told.check(AUTH_READY)
    told.wait(2)
    told.check(AUTH_READY)
    told.wait(3)
    told.check(COMPLETE)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
           21.0  PayAnswered A 1169
                 = PaymentUnknown A answer 1169
           21.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           21.2  CheckAnswered A 1 0000 AUTH_READY
                 = CheckReported A 1 waiting 0000
           23.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
           23.2  CheckAnswered A 2 0000 AUTH_READY
                 = CheckReported A 2 waiting 0000
           26.0  TimePassed
                 = CheckSent A 3 check
                 ! SendCheck A 3 check
           26.2  CheckAnswered A 3 0000 COMPLETE
                 = CheckReported A 3 complete 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
    """)
    assert told.verdict() == "PAID"


# ---- declined ------------------------------------------------------------------------------------


def test_declined_and_the_check_knows_no_payment() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(DECLINED)
    told.wait(0.1)
    told.check(ABSENT)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.0  PayAnswered A 1142
                 = DeclineReported A 1142
            2.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
            2.1  CheckAnswered A 1 1150
                 = CheckReported A 1 absent 1150
                 = PaymentNotPaid A declined 1142
    """)
    assert told.verdict() == "NOT_PAID"


def test_declined_yet_the_check_says_complete() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(DECLINED)
    told.wait(0.1)
    told.check(COMPLETE)
    told.after(1).printed()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.0  PayAnswered A 1142
                 = DeclineReported A 1142
            2.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
            2.1  CheckAnswered A 1 0000 COMPLETE
                 = CheckReported A 1 complete 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
            3.1  PrintSucceeded A 0 proved
                 = PrintFinished A 0 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_declined_and_the_check_brings_nothing() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(DECLINED)
    told.wait(20)
    told.no_check()
    told.wait(40)
    told.no_check()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.0  PayAnswered A 1142
                 = DeclineReported A 1142
            2.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           22.0  CheckUnanswered A 1 timeout
                 = CheckReported A 1 no_answer timeout
           22.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
           61.0  TimePassed
                 = VerdictOverdue A
           62.0  CheckUnanswered A 2 timeout
                 = CheckReported A 2 no_answer timeout
    """)
    assert told.verdict() == "NOT_CONFIRMED"


def test_the_channel_secret_is_wrong() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(WRONG_SECRET)
    told.wait(0.1)
    told.check(WRONG_SECRET_AGAIN)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.0  PayAnswered A 1106
                 = DeclineReported A 1106
            2.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
            2.1  CheckAnswered A 1 1106
                 = CheckReported A 1 account 1106
                 = PaymentNotPaid A declined 1106
    """)
    assert told.verdict() == "NOT_PAID"


def test_no_byte_left() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay_not_sent()
    told.after(5).sent()
    told.pay(paid("B"))
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.0  PayNotSent A refused
                 = PaymentNotPaid A absent refused
                 = OrderSettled A
            7.0  SaleRequested B
                 = SaleOpened B
                 ! WarmConnection
                 ! PrepareReceipt
            8.0  CodeScanned key
                 = PaySent B
                 ! SendPay B
            8.0  PayAnswered B 0000
                 = PaymentConfirmed B
                 = PrintStarted B 0
                 ! PrintReceipt B 0
    """)
    assert told.verdict() == "PAID"
