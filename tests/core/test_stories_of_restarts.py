"""Stories of restarts: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Orders are called A, B, C. On failure the whole conversation is a diff.
"""

from __future__ import annotations

from devices.values import PrintProof
from posd.core.order import Attention
from tests.core.beginnings import an_unknown_order
from tests.core.lanes import (
    COMPLETE,
    Lane,
    paid,
)

HOUR = 3600

# ---- killed --------------------------------------------------------------------------------------


def test_killed_after_pay_was_sent_and_back_within_180_seconds() -> None:
    told = Lane()
    told.start().sent()
    told.restart(20)
    told.wait(0.5)
    told.check(COMPLETE)
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
           21.0  ProcessStarted
                 = LaneStarted
                 = PaymentUnknown A restart
           21.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           21.5  CheckAnswered A 1 0000 COMPLETE
                 = CheckReported A 1 complete 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
           22.5  PrintSucceeded A 0 proved
                 = PrintFinished A 0 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_killed_after_pay_was_sent_and_back_later() -> None:
    told = Lane()
    told.start().sent()
    told.restart(300)
    told.wait(0.5)
    told.check(COMPLETE)
    told.after(10).keep()
    told.after(1).printed(PrintProof.PROBABLE)
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
          301.0  ProcessStarted
                 = LaneStarted
                 = PaymentUnknown A restart
                 = VerdictOverdue A
          301.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
          301.5  CheckAnswered A 1 0000 COMPLETE
                 = CheckReported A 1 complete 0000
                 = PaymentConfirmed A late
          311.5  KeepRequested A
                 = PaymentKept A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
          312.5  PrintSucceeded A 0 probable
                 = PrintFinished A 0 probable
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_killed_after_pay_was_sent_and_rebooted() -> None:
    told = Lane()
    told.start().sent()
    told.reboot(40)
    told.wait(0.5)
    told.check(COMPLETE)
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
            0.0  ProcessStarted
                 = LaneStarted
                 = PaymentUnknown A restart
                 = VerdictOverdue A
            0.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
            0.5  CheckAnswered A 1 0000 COMPLETE
                 = CheckReported A 1 complete 0000
                 = PaymentConfirmed A late
    """)
    assert told.verdict() == "PAID_LATE"


def test_killed_while_armed() -> None:
    told = Lane()
    told.start().sale()
    told.restart()
    told.scan()
    told.told("""
            0.0  ProcessStarted
                 = LaneStarted
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            2.0  ProcessStarted
                 = LaneStarted
                 = SaleCancelled A restart
                 = OrderSettled A
            2.0  CodeScanned key
                 x scan_not_armed
    """)
    assert told.verdict() == "NOT_PAID"


def test_killed_while_printing() -> None:
    told = Lane()
    told.start().sent()
    told.after(1).pay(paid())
    told.restart()
    told.after(3).reprint()
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
            2.0  PayAnswered A 0000
                 = PaymentConfirmed A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
            4.0  ProcessStarted
                 = LaneStarted
                 = PrintUnknown A 0 restart
                 = OrderSettled A
            7.0  ReprintRequested A
                 = PrintStarted A 1
                 ! PrintReceipt A 1
            8.0  PrintSucceeded A 1 proved
                 = PrintFinished A 1 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_a_payment_that_no_evening_settles_is_flagged_after_the_second_night() -> None:
    told = an_unknown_order().wait_answering(8 * HOUR, None)
    told.reboot().wait_answering(8 * HOUR, None)
    assert Attention.ESCALATED not in told.order().attention
    told.reboot().wait(0)
    assert Attention.ESCALATED in told.order().attention
