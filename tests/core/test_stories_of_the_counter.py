"""Stories from the counter: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Orders are called A, B, C. On failure the whole conversation is a diff.
"""

from __future__ import annotations

from posd.core.code_kinds import CodeKind
from tests.core.lanes import (
    Lane,
    paid,
)

# ---- at the scanner ------------------------------------------------------------------------------


def test_a_key_used_ten_thousand_sales_ago() -> None:
    told = Lane()
    told.sale()
    told.after(1).scan(used_by="long-ago")
    told.after(5).scan("fresh")
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 x key_used
            6.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
    """)
    assert told.verdict() == "WORKING"


def test_the_scanner_reads_the_same_code_twice() -> None:
    told = Lane()
    told.sent()
    told.after(1.5).scan()
    told.after(1).scan()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            2.5  CodeScanned key
            3.5  CodeScanned key
                 x scan_not_armed
    """)
    assert told.verdict() == "WORKING"


def test_a_scan_before_the_scanner_was_quiet() -> None:
    told = Lane()
    told.sale()
    told.after(0.04).scan()
    told.after(1).scan()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            0.0  CodeScanned key
                 x scan_too_early
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
    """)
    assert told.verdict() == "WORKING"


def test_nobody_shows_a_code() -> None:
    told = Lane()
    told.sale()
    told.wait(121)
    told.scan()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
          120.0  TimePassed
                 = SaleCancelled A no_key
                 = OrderSettled A
          121.0  CodeScanned key
                 x scan_not_armed
    """)
    assert told.verdict() == "NOT_PAID"


def test_a_product_is_scanned() -> None:
    told = Lane()
    told.sale()
    told.after(1).scan(finding=CodeKind.PRODUCT_CODE)
    told.after(3).scan()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned product_code
                 x key_product_code
            4.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
    """)
    assert told.verdict() == "WORKING"


# ---- at the till ---------------------------------------------------------------------------------


def test_cancelled_before_and_after_pay_was_sent() -> None:
    told = Lane()
    told.sale()
    told.after(5).cancel()
    told.cancel()
    told.sent()
    told.cancel()
    told.after(1).pay(paid("B"))
    told.cancel()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            5.0  CancelRequested A
                 = SaleCancelled A cashier
                 = OrderSettled A
            5.0  CancelRequested A
            5.0  SaleRequested B
                 = SaleOpened B
                 ! WarmConnection
                 ! PrepareReceipt
            6.0  CodeScanned key
                 = PaySent B
                 ! SendPay B
            6.0  CancelRequested B
                 x already_sent
            7.0  PayAnswered B 0000
                 = PaymentConfirmed B
                 = PrintStarted B 0
                 ! PrintReceipt B 0
            7.0  CancelRequested B
                 x already_paid
    """)
    assert told.verdict() == "PAID"


def test_the_same_reference_again() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(paid())
    told.sale(reference_held_by="A")
    told.told("""
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
            2.0  SaleRequested B
                 x reference_live
    """)
    assert told.verdict() == "PAID"


def test_the_same_amount_while_one_is_unresolved() -> None:
    told = Lane()
    told.sent()
    told.pay_lost()
    told.wait(60)
    told.sale()
    told.sale(50)
    told.cancel()
    told.sale(another_customer=True)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            1.0  CodeScanned key
                 = PaySent A
                 ! SendPay A
            1.0  PayUnanswered A read_timeout
                 = PaymentUnknown A read_timeout
            1.0  TimePassed
                 = CheckSent A 1 check
                 ! SendCheck A 1 check
           61.0  TimePassed
                 = VerdictOverdue A
           61.0  SaleRequested B
                 x same_amount_unresolved
           61.0  SaleRequested B
                 = SaleOpened B
                 ! WarmConnection
                 ! PrepareReceipt
           61.0  CancelRequested B
                 = SaleCancelled B cashier
                 = OrderSettled B
           61.0  SaleRequested C
                 = SaleOpened C
                 ! WarmConnection
                 ! PrepareReceipt
    """)
    assert told.verdict() == "WAITING"


def test_the_till_repeats_its_request() -> None:
    told = Lane()
    told.sale()
    told.sale(repeat_of="A")
    told.sale(repeat_of="A", same_body=False)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            0.0  SaleRequested B
            0.0  SaleRequested B
                 x idempotency_conflict
    """)
    assert told.verdict() == "WAITING"


def test_a_second_sale_while_one_is_open() -> None:
    told = Lane()
    told.sale()
    told.sale(50)
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            0.0  SaleRequested B
                 x sale_open
    """)
    assert told.verdict() == "WAITING"


def test_the_gateway_goes_away_before_the_code() -> None:
    told = Lane()
    told.sale()
    told.after(3).gateway_lost()
    told.after(1).scan()
    told.told("""
            0.0  SaleRequested A
                 = SaleOpened A
                 ! WarmConnection
                 ! PrepareReceipt
            3.0  GatewayUnreachable dns
                 = SaleCancelled A gateway
                 = OrderSettled A
            4.0  CodeScanned key
                 x scan_not_armed
    """)
    assert told.verdict() == "NOT_PAID"


# ---- on paper ------------------------------------------------------------------------------------


def test_the_roll_is_empty_then_changed() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(paid())
    told.after(1).not_printed()
    told.after(30).printer_ready()
    told.after(1).printed()
    told.told("""
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
            3.0  PrintNotStarted A 0 paper_out
                 = PrintHeld A 0 paper_out
           33.0  PrinterReady
                 = PrintStarted A 0
                 ! PrintReceipt A 0
           34.0  PrintSucceeded A 0 proved
                 = PrintFinished A 0 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"


def test_the_printer_falls_silent_in_the_middle() -> None:
    told = Lane()
    told.sent()
    told.after(1).pay(paid())
    told.after(1).print_lost()
    told.after(5).reprint()
    told.after(1).printed()
    told.told("""
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
            3.0  PrintUnanswered A 0 reset
                 = PrintUnknown A 0 reset
                 = OrderSettled A
            8.0  ReprintRequested A
                 = PrintStarted A 1
                 ! PrintReceipt A 1
            9.0  PrintSucceeded A 1 proved
                 = PrintFinished A 1 proved
                 = OrderSettled A
    """)
    assert told.verdict() == "PAID"
