"""Record <-> versioned JSON, for every type of the `Record` union by reflection.

Rule: what was once written can be read for ever. Unknown fields are ignored and missing ones take
the default of their type; a kind or version from the future raises JournalTooNew; a body that no
default can complete raises JournalDamaged. Nothing here knows any kind by name.
"""

from __future__ import annotations

from typing import get_args

import msgspec

from posd.core.records import Record
from posd.journal.errors import JournalDamaged, JournalTooNew

VERSION = 1  # of every kind; a kind whose meaning changes will get its own

_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[str, msgspec.json.Decoder[Record]] = {
    kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Record)
}

KINDS = frozenset(_DECODERS)


def encode(record: Record) -> tuple[str, int, bytes]:
    """The kind, its version and the body: compact JSON in UTF-8, fields in their declared order.

    Raises UnicodeEncodeError for text that is not Unicode (a lone surrogate).
    """
    return type(record).__name__, VERSION, _ENCODER.encode(record)


def decode(kind: str, version: int, body: bytes | str) -> Record:
    """The record that `encode` wrote, now or in an older release."""
    decoder = _DECODERS.get(kind)
    if decoder is None or version > VERSION:
        raise JournalTooNew(
            f"the journal holds a record {kind} version {version}, which this posd does not know;"
            " install the version that wrote it, or a later one"
        )
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalDamaged(f"the body of a {kind} cannot be read: {error}") from error
