"""The journal: what became true on this lane, in order, for ever.

`journal.Journal` is the one writer, `reader.JournalReader` everybody else, `codec` turns records
into JSON and back, `chain` links them by hash, `verify` judges a whole file, `sent_log` is the
second, separate memory of payments sent. docs/reference/journal.md describes the file.

The one rule of the room: a record that `append` has returned from is on the disk; a record on the
disk is never changed.
"""
