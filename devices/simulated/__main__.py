"""`python -m devices.simulated scanner | printer | display`: virtual hardware as a process.

The one rule: it says where it is in one line of JSON, obeys one command a line on stdin, and ends
when stdin does.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path

from PIL import ImageChops

from devices.simulated import scanner_process
from devices.simulated.control import ControlServer
from devices.simulated.decoder import Paper, Pulse
from devices.simulated.display import VirtualDisplay
from devices.simulated.printer import Stopped, VirtualPrinter

TAKEN = 75


def main(arguments: list[str] | None = None) -> int:
    """Run one device until its stdin ends; the exit code is 0, or 75 if its place is taken."""
    options = _parser().parse_args(arguments)
    run = {"scanner": scanner_process.run, "printer": _run_printer, "display": _run_display}
    try:
        run[options.device](options)
    except OSError as error:
        print(f"the {options.device} cannot be started: {error}", file=sys.stderr)
        return TAKEN
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devices.simulated", description=__doc__)
    devices = parser.add_subparsers(dest="device", required=True)
    scanner_process.add_arguments(devices.add_parser("scanner", help="it types codes"))
    printer = devices.add_parser("printer", help="an ESC/POS printer")
    place = printer.add_mutually_exclusive_group()
    place.add_argument("--listen", default="127.0.0.1:0", help="host:port, 0 for any free port")
    place.add_argument("--pty", action="store_const", const="pty", dest="listen")
    printer.add_argument("--link", default="", help="a stable name for the pty")
    printer.add_argument("--control", default="", help="host:port that takes the same commands")
    printer.add_argument("--dots", type=int, default=576, help="width of the paper")
    printer.add_argument("--png-dir", type=Path, default=None, help="where each paper is drawn")
    display = devices.add_parser("display", help="a line display on a pty")
    display.add_argument("--link", default="", help="a stable name for the pty")
    display.add_argument("--charset", default="ascii", help="what its bytes above ASCII mean")
    return parser


def _run_display(options: argparse.Namespace) -> None:
    with VirtualDisplay(link=options.link, charset=options.charset) as display:
        teller = threading.Thread(target=_tell_lines, args=(display,))
        teller.start()
        _say({"port": display.port})
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            try:
                display.command(line)
            except ValueError as error:
                print(error, file=sys.stderr)
            else:
                _say({"port": display.port})
    display.shown.put(None)
    teller.join()


def _tell_lines(display: VirtualDisplay) -> None:
    while (lines := display.shown.get()) is not None:
        _say({"event": "shown", "lines": list(lines)})


def _run_printer(options: argparse.Namespace) -> None:
    with VirtualPrinter(listen=options.listen, dots=options.dots, link=options.link) as printer:
        teller = threading.Thread(target=_tell_papers, args=(printer, options.png_dir))
        teller.start()
        control = ControlServer(options.control, printer.command) if options.control else None
        _say({"address": printer.address, "control": control.address if control else ""})
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            try:
                printer.command(line)
            except ValueError as error:
                print(error, file=sys.stderr)
        if control is not None:
            control.close()
    printer.papers.put(None)
    teller.join()


def _tell_papers(printer: VirtualPrinter, png_dir: Path | None) -> None:
    number = 0
    while (paper := printer.papers.get()) is not None:
        if isinstance(paper, Stopped):
            _say({"event": "stopped", "at": paper.at})
            continue
        if isinstance(paper, Pulse):
            _say({"event": "drawer", "pin": paper.pin})
            continue
        number += 1
        _say({"event": "paper", **_told(paper, number, png_dir)})


def _told(paper: Paper, number: int, png_dir: Path | None) -> dict[str, object]:
    told: dict[str, object] = {
        "text": list(paper.text),
        "bytes_hex_len": 2 * paper.byte_count,
        "first_byte_ns": paper.first_byte_ns,
    }
    if png_dir is not None:
        path = png_dir / f"paper-{number:04}.png"
        png_dir.mkdir(parents=True, exist_ok=True)
        ImageChops.invert(paper.image).save(path)
        told["png"] = str(path)
    return told


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
