"""The Protocols that hardware adapters keep: one to four blocking methods, explicit timeouts.

An adapter is built from its `Options` alone and touches no hardware until claimed or used. Each
is used by one thread. Each Protocol has a contract suite under tests/devices; the fake and the
real adapter over simulated hardware run the same one.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from devices.values import DrawerState, PrinterStatus, PrintProof, ReceiptDocument, Scan


class Scanner(Protocol):
    """A barcode scanner.

    >>> scanner.claim()
    >>> scanner.read(timeout_s=1.0)
    Scan(text='380123456789012345', aim_id='', ...)
    >>> scanner.release()
    """

    def claim(self) -> None:
        """Open the device exclusively; what it had buffered is dropped. Raises Unavailable."""

    def read(self, timeout_s: float) -> Scan | None:
        """Wait up to `timeout_s` for one whole scan; None when there was none.

        Bytes of an unfinished scan are kept for the next call. Raises Unavailable when the
        device is gone; the caller then releases and claims again, with back-off.
        """

    def wake(self) -> None:
        """Make a running or the next `read` return None at once; may be called by any thread."""

    def release(self) -> None:
        """Close the device; never raises, may be called twice."""


@runtime_checkable
class Trigger(Protocol):
    """A scanner whose light and aim can be switched over its line; kept by the scanner itself.

    Called by the thread that reads. A scanner that cannot be switched does not have it, and its
    scans while none is wanted are told by posd instead.
    """

    def arm(self) -> None:
        """Let it read: light on. Raises Unavailable when the device is gone."""

    def disarm(self) -> None:
        """Let it rest: light off. Raises Unavailable when the device is gone."""


class Printer(Protocol):
    """A receipt printer.

    >>> printer.prepare(document)
    >>> printer.status(timeout_s=0.4)
    PrinterStatus(condition=<PrinterCondition.READY: 'ready'>, detail='')
    >>> printer.print(document, timeout_s=10.0)
    <PrintProof.PROVED: 'proved'>
    """

    def prepare(self, document: ReceiptDocument) -> None:
        """Do what can be done before `print` of a document like this one; nothing is sent.

        Fonts are loaded and dots made while there is time. Raises Unavailable if the document
        could not be printed at all, with the reason.
        """

    def status(self, timeout_s: float) -> PrinterStatus:
        """Ask the printer how it is; never raises (UNREACHABLE and SILENT are answers)."""

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Print and cut one document within `timeout_s`.

        Unavailable and Refused: no byte of the job was sent, it may be tried again as the
        original. NoAnswer: a byte was sent, so the paper may still come out; every further
        print is a copy.
        """


@runtime_checkable
class CashDrawer(Protocol):
    """A cash drawer on the kick-out connector of a printer; kept by the printer's adapter.

    >>> drawer.kick(timeout_s=1.0)
    >>> drawer.drawer(timeout_s=0.4)
    <DrawerState.OPEN: 'open'>
    """

    def kick(self, timeout_s: float) -> None:
        """Open it, also when the printer is out of paper. Raises Unavailable and NoAnswer."""

    def drawer(self, timeout_s: float) -> DrawerState:
        """Whether it stands open, as far as its switch tells; never raises."""


class CustomerDisplay(Protocol):
    """A line display towards the customer, usually two lines of twenty characters.

    >>> display.show(("LINE Pay", "TWD 120"), timeout_s=0.5)
    """

    def show(self, lines: tuple[str, str], timeout_s: float) -> None:
        """Put two lines in place of what stands there; what does not fit or has no glyph is cut.

        Raises Unavailable. Showing is never repeated by the adapter.
        """

    def release(self) -> None:
        """Blank it and close the device; never raises, may be called twice."""
