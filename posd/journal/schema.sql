-- The journal of one checkout lane. Rows of `record` are the truth; every other table can be
-- rebuilt from them. Hashes: docs/reference/journal.md.

-- One history. A restore, a clone or a recovery begins a new one, so that two histories under one
-- number can be told apart.
CREATE TABLE epoch (
  epoch       INTEGER PRIMARY KEY CHECK (epoch > 0),  -- 1, 2, 3 ...
  id          TEXT NOT NULL UNIQUE,      -- 128 random bits in hexadecimal
  parent_seq  INTEGER NOT NULL,          -- the last seq of the epoch before; 0 for the first
  parent_hash BLOB NOT NULL,             -- its hash; empty for the first
  store_id    TEXT NOT NULL,             -- whose journal it is: configuration `store.id`
  lane_id     TEXT NOT NULL,             -- configuration `lane.id`
  machine_id  TEXT NOT NULL,             -- /etc/machine-id: a copied disk is another machine
  wall_utc    INTEGER NOT NULL,          -- when it began: milliseconds since 1970, a label only
  reason      TEXT NOT NULL              -- why a person let it begin; empty for the first
) STRICT;

CREATE TABLE record (
  epoch        INTEGER NOT NULL REFERENCES epoch,
  seq          INTEGER PRIMARY KEY,      -- 1, 2, 3 ... without a gap, across epochs
  order_id     TEXT,                     -- NULL: about the lane itself
  kind         TEXT NOT NULL,            -- the name of the record's type in posd/core/records.py
  version      INTEGER NOT NULL,         -- of the meaning of that kind
  body         TEXT NOT NULL,            -- its fields as one JSON object
  wall_utc     INTEGER NOT NULL,         -- milliseconds since 1970, a label only
  boottime_ns  INTEGER NOT NULL,         -- CLOCK_BOOTTIME: orders and measures within one boot
  boot_id      TEXT NOT NULL,            -- which boot that was
  clock_synced INTEGER CHECK (clock_synced IN (0, 1)),  -- NULL: nobody has looked
  actor        TEXT NOT NULL,            -- who caused it; empty: posd by itself
  prev_hash    BLOB NOT NULL CHECK (length(prev_hash) = 32),  -- of the record or epoch before
  hash         BLOB NOT NULL CHECK (length(hash) = 32)        -- SHA-256 over all columns before it
) STRICT;

CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;

CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;

CREATE TRIGGER record_follows_the_last BEFORE INSERT ON record
WHEN new.seq <> 1 + coalesce((SELECT max(seq) FROM record), 0)
BEGIN SELECT RAISE(ABORT, 'a record follows the last one without a gap'); END;

CREATE TRIGGER epoch_is_never_changed BEFORE UPDATE ON epoch
BEGIN SELECT RAISE(ABORT, 'an epoch is never changed'); END;

CREATE TRIGGER epoch_is_never_deleted BEFORE DELETE ON epoch
BEGIN SELECT RAISE(ABORT, 'an epoch is never deleted'); END;

-- What the code promises and the database holds as well: the second wall against charging twice.
CREATE UNIQUE INDEX one_opening_per_order ON record (order_id) WHERE kind = 'SaleOpened';
CREATE UNIQUE INDEX one_order_per_sale_id ON record (body ->> 'sale_id') WHERE kind = 'SaleOpened';
CREATE UNIQUE INDEX one_order_per_receipt_number ON record (body ->> 'receipt_number')
  WHERE kind = 'SaleOpened';
CREATE UNIQUE INDEX one_sale_per_idempotency_key ON record (body ->> 'idempotency_key')
  WHERE kind = 'SaleOpened' AND body ->> 'idempotency_key' <> '';  -- empty: the till sent none
CREATE UNIQUE INDEX one_act_per_idempotency_key ON record (body ->> 'idempotency_key')
  WHERE kind IN ('SaleAbandoned', 'SaleAccepted', 'CaptureSent', 'ReversalSent',
      'PaymentReversed', 'PaymentPartlyRefunded', 'ReversalGivenUp', 'VoidGivenUp',
      'SaleCancelled', 'PaymentKept', 'PrintStarted')
    AND body ->> 'idempotency_key' <> '';  -- empty: posd by itself
CREATE UNIQUE INDEX one_request_per_partial_refund ON record (order_id, body ->> 'number')
  WHERE kind = 'ReversalSent' AND NOT body ->> 'full';
CREATE UNIQUE INDEX one_whole_reversal_per_order ON record (order_id)
  WHERE kind = 'PaymentReversed';
CREATE UNIQUE INDEX one_payment_per_order ON record (order_id) WHERE kind = 'PaySent';
CREATE UNIQUE INDEX one_order_per_key ON record (body ->> 'fingerprint') WHERE kind = 'PaySent';
CREATE UNIQUE INDEX one_original_per_order ON record (order_id)
  WHERE kind IN ('PrintFinished', 'PrintUnknown') AND body ->> 'copy' = 0;

-- What is looked up while a customer waits.
CREATE INDEX records_of_an_order ON record (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX orders_of_a_reference ON record (body ->> 'reference') WHERE kind = 'SaleOpened';
CREATE INDEX openings_by_seq ON record (seq) WHERE kind = 'SaleOpened';
-- With the order, so that a day is listed without a look at its records.
CREATE INDEX openings_by_time ON record (wall_utc, order_id) WHERE kind = 'SaleOpened';
-- Not unique: a key of which only the sent log knew may have been used again.
CREATE INDEX recovered_orders_of_a_key ON record (body ->> 'fingerprint')
  WHERE kind = 'OrderRecovered';
CREATE INDEX recovered_orders_of_a_receipt ON record (body ->> 'receipt_number')
  WHERE kind = 'OrderRecovered';
CREATE INDEX orders_of_a_transaction ON record (body ->> 'transaction_id')
  WHERE kind IN ('PaymentConfirmed', 'PaymentAuthorized') AND body ->> 'transaction_id' <> '';
CREATE INDEX mismatches_by_seq ON record (seq) WHERE kind = 'MismatchProved';
CREATE INDEX starts_by_seq ON record (seq) WHERE kind = 'LaneStarted';

-- The orders with something left to do: all that start loads. Any record of an order puts it
-- here, OrderSettled takes it away.
CREATE TABLE unfinished (order_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TRIGGER order_becomes_unfinished AFTER INSERT ON record
WHEN new.order_id IS NOT NULL AND new.kind <> 'OrderSettled'
BEGIN INSERT INTO unfinished VALUES (new.order_id) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER order_becomes_finished AFTER INSERT ON record
WHEN new.kind = 'OrderSettled'
BEGIN DELETE FROM unfinished WHERE order_id = new.order_id; END;

-- Places up to which the writer itself has made the chain: start verifies from the last one.
CREATE TABLE checkpoint (
  seq  INTEGER PRIMARY KEY,
  hash BLOB NOT NULL                     -- of the record with this seq
) STRICT;
