"""Stories of doubt: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Orders are called A, B, C. On failure the whole conversation is a diff.
"""

from __future__ import annotations

from tests.core.lanes import (
    ABSENT,
    COMPLETE,
    FAIL,
    KNOWN_TO_DETAILS,
    Lane,
    details,
    paid,
    refunded,
)

# ---- in doubt ------------------------------------------------------------------------------------


def test_the_answer_is_lost_and_a_check_finds_the_payment() -> None:
    told = Lane()
    told.sent()
    told.wait(15)
    told.after(1).check(ABSENT)
    told.wait(29)
    told.pay_lost()
    told.no_check()
    told.wait(0.1)
    told.check(COMPLETE)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
           16.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           17.0  CheckAnswered A 1 1150
                 = CheckReported A 1 absent 1150
           21.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
           46.0  PayUnanswered A read_timeout
                 = PaymentUnknown A read_timeout
           46.0  CheckUnanswered A 2 timeout
                 = CheckReported A 2 no_answer timeout
           46.0  TimePassed
                 = CheckSent A 3 check
                 ! SendCheck A 3 check
           46.1  CheckAnswered A 3 0000 COMPLETE
                 = CheckReported A 3 complete 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
    """)
    assert told.verdict() == "PAID"


def test_horizon_two_absents_and_details() -> None:
    told = Lane()
    told.sent()
    told.after(45).pay_lost()
    told.wait_answering(1216, ABSENT)
    told.wait(60)
    told.check(ABSENT)
    told.wait(60)
    told.check(ABSENT)
    told.wait(120)
    told.check(ABSENT)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
           46.0  PayUnanswered A read_timeout
                 = PaymentUnknown A read_timeout
                 ... 1216 s, 125 checks, 1150: CheckSent, CheckReported, VerdictOverdue
         1321.0  TimePassed
                 = CheckSent A 126 check
                 ! SendCheck A 126 check
         1322.0  CheckAnswered A 126 1150
                 = CheckReported A 126 absent 1150
         1381.0  TimePassed
                 = CheckSent A 127 check
                 ! SendCheck A 127 check
         1382.0  CheckAnswered A 127 1150
                 = CheckReported A 127 absent 1150
         1501.0  TimePassed
                 = CheckSent A 128 details
                 ! SendCheck A 128 details
         1502.0  CheckAnswered A 128 1150
                 = CheckReported A 128 absent 1150
                 = PaymentNotPaid A absent 1150
    """)
    assert told.verdict() == "NOT_PAID"


def test_details_know_the_order_after_all() -> None:
    told = Lane()
    told.sent()
    told.after(45).pay_lost()
    told.wait_answering(1340, ABSENT)
    told.wait(120)
    told.check(KNOWN_TO_DETAILS)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
           46.0  PayUnanswered A read_timeout
                 = PaymentUnknown A read_timeout
                 ... 1340 s, 127 checks, 1150: CheckSent, CheckReported, VerdictOverdue
         1501.0  TimePassed
                 = CheckSent A 128 details
                 ! SendCheck A 128 details
         1506.0  CheckAnswered A 128 0000
                 = CheckReported A 128 found 0000
                 = AttentionRaised A conflict details know this order
    """)
    assert told.verdict() == "NOT_CONFIRMED"


def test_another_amount() -> None:
    told = Lane()
    told.sent()
    told.after(2).pay(paid(amount=121))
    told.wait(0.1)
    told.check(details(121))
    told.after(1).reversed(refunded())
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            3.0  PayAnswered A 0000
                 = MismatchSeen A LINE Pay took 121, asked was 120
            3.0  TimePassed
                 = CheckSent A 1 details
                 ! SendCheck A 1 details
            3.1  CheckAnswered A 1 0000
                 = CheckReported A 1 mismatch_proved 0000
                 = MismatchProved A
                 = ReversalSent A 1 refund mismatch
                 ! SendReversal A 1 refund
            4.1  ReversalAnswered A 1 0000
                 = PaymentReversed A 1
                 = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"
    assert told.order().refunded_minor == 121


def test_another_order() -> None:
    told = Lane()
    told.sent()
    told.after(2).pay(paid("Z"))
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            3.0  PayAnswered A 0000
                 = MismatchSeen A the answer is for order Z
    """)
    assert told.verdict() == "CALL_SUPERVISOR"


def test_another_currency() -> None:
    told = Lane()
    told.sent()
    told.after(2).pay(paid(currency="THB"))
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            3.0  PayAnswered A 0000
                 = MismatchSeen A the answer is in THB
    """)
    assert told.verdict() == "CALL_SUPERVISOR"


def test_a_success_after_its_own_denial() -> None:
    told = Lane()
    told.sent()
    told.wait(15)
    told.check(FAIL)
    told.after(10).pay(paid())
    told.after(5).keep()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
           16.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           16.0  CheckAnswered A 1 0000 FAIL
                 = CheckReported A 1 failed 0000
                 = PaymentNotPaid A failed 0000
           26.0  PayAnswered A 0000
                 = PaymentConfirmed A late
           31.0  KeepRequested A
                 = PaymentKept A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
    """)
    assert told.verdict() == "PAID"
