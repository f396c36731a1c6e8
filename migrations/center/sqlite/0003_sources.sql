-- The centre's store, version 3.
--
-- Other programs register orders through the centre's interface. Who they are stands in the site
-- log (entity `source/<id>`); their keys, and what was answered to them, are the centre's own.

-- Local. Keys of sources: only a hash is kept.
CREATE TABLE source_key (
    key_hash BLOB PRIMARY KEY,
    source TEXT NOT NULL                     -- id of the source
) STRICT, WITHOUT ROWID;

-- Local. Answers given under an idempotency key, so that a repeated request changes nothing.
CREATE TABLE source_reply (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,              -- of path and body
    status INTEGER NOT NULL,                 -- HTTP status
    reply TEXT NOT NULL,                     -- JSON
    at INTEGER NOT NULL,                     -- Unix milliseconds
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_reply_age ON source_reply (at);

-- Local. Alarms taken, each once, and the order each went into.
CREATE TABLE alarm (
    source TEXT NOT NULL,
    alarm TEXT NOT NULL,                     -- what tells this alarm from all others of its source
    merge_key TEXT NOT NULL,                 -- alarms with the same one go into one order
    log INTEGER NOT NULL REFERENCES log (n),
    name TEXT NOT NULL,                      -- entity of the order
    at INTEGER NOT NULL,                     -- when it was taken, Unix milliseconds
    resolved INTEGER NOT NULL DEFAULT 0,     -- 1: its end was noted on the order
    PRIMARY KEY (source, alarm)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_merge ON alarm (source, merge_key, at);

-- Local. Last serial given to an order registered by the centre, per day.
CREATE TABLE order_serial (
    day TEXT PRIMARY KEY,                    -- '20251001'
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived. Names under which people and other programs ask for an order.
CREATE TABLE order_name (
    number TEXT NOT NULL,
    log INTEGER NOT NULL REFERENCES log (n),
    name TEXT NOT NULL,                      -- entity
    external_no TEXT,                        -- number at the platform it came from
    PRIMARY KEY (number, log, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_name_external ON order_name (external_no) WHERE external_no IS NOT NULL;

INSERT INTO order_name (number, log, name, external_no)
SELECT json_extract(state, '$.order.number'), log, name, json_extract(state, '$.order.external_no')
FROM entity WHERE name >= 'order/' AND name < 'order0' AND state IS NOT NULL;
