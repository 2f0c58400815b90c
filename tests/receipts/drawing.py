"""What is compared and shown: golden bytes of five sales, pictures of them and of the slips.

python -m tests.receipts.drawing

It draws them all anew: tests/receipts/golden/*.bin and docs/images/receipts/*.png. The fonts are
those that come with posd, so that they are the same on every machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.preview import png
from devices.values import ReceiptDocument
from posd.cli.receipt.samples import SAMPLES, document

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
PICTURES = ROOT / "docs" / "images" / "receipts"
WIDTHS = (576, 384)
SALES = [("sale", sample, dots) for sample in SAMPLES for dots in WIDTHS]
OTHERS = [
    ("unknown", "en", 576),
    ("accepted", "ja", 576),
    ("void", "zh-TW", 576),
    ("refund", "th", 384),
    ("declined", "mixed", 384),
    ("merchant", "en", 384),
    ("test", "en", 576),
]
_SHIPPED = Path(str(files("devices.printers"))) / "fonts"
FONTS = tuple(
    str(_SHIPPED / name) for name in ("NotoSansMonoCJKtc-subset.otf", "NotoSansThai-subset.ttf")
)


def drawn(kind: str, sample: str, dots: int) -> ReceiptDocument:
    """The document of one kind of paper."""
    shop = SAMPLES[sample]
    return document(kind, shop.order, shop.rules, dots=dots, copy=0)


def golden_bytes(sample: str, dots: int) -> bytes:
    """One print job of a sale."""
    options = EscposOptions(transport="file", path=os.devnull, dots=dots, fonts=FONTS)
    return Encoder(options).job(drawn("sale", sample, dots))


def picture(kind: str, sample: str, dots: int) -> bytes:
    """The picture of one kind of paper, as PNG."""
    return png(drawn(kind, sample, dots), dots=dots, fonts=FONTS)


def golden_files() -> Iterator[tuple[Path, bytes]]:
    """Each golden file and what it has to hold."""
    for _kind, sample, dots in SALES:
        yield GOLDEN / f"{sample}-{dots}.bin", golden_bytes(sample, dots)


def pictures() -> Iterator[tuple[Path, bytes]]:
    """Each picture of the documentation and what it has to hold."""
    for kind, sample, dots in [*SALES, *OTHERS]:
        yield PICTURES / f"{kind}-{sample}-{dots}.png", picture(kind, sample, dots)


def main() -> None:
    """Write all of them."""
    for folder in (GOLDEN, PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    for path, data in [*golden_files(), *pictures()]:
        path.write_bytes(data)


if __name__ == "__main__":
    main()
