-- The console's store, version 1.
--
-- Three kinds of tables. Shared: what the logs hold, byte for byte (log, entry, sealed, chain,
-- attestation, checkpoint). Local: this console's own (meta, pending, own_chain, conflict, setting,
-- idempotency). Derived: folds and projections, rebuilt from shared and local ones at any time
-- (entity, orders, order_text, person, device, publication).
-- Instants are Unix milliseconds. Ids and hashes are raw bytes.

-- Local. One value per name: who this device is, which centre it belongs to, when it last synced.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Shared. One row per log this device holds.
CREATE TABLE log (
    n INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch BLOB,                              -- of the centre; NULL before the first pull
    seq INTEGER NOT NULL DEFAULT 0,          -- last seq stored
    head BLOB NOT NULL DEFAULT (zeroblob(32)), -- head hash there
    folded_to INTEGER NOT NULL DEFAULT 0,    -- last seq folded: equals seq but after an upgrade
    fold_version INTEGER NOT NULL DEFAULT 0, -- of the program that folded it
    stopped TEXT                             -- 'fork', 'rollback', …: why nothing moves here
) STRICT;

-- Shared. A log's entries. `place` is log.n * 2^40 + seq, so that a log lies in one run of pages
-- and its entries are written in key order.
CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,                 -- event id
    entity INTEGER NOT NULL,                 -- entity.n
    kind TEXT NOT NULL,                      -- event type
    verdict INTEGER NOT NULL,                -- 0 accepted, 1 unreconciled, 2 rejected, 3 parked
    envelope BLOB NOT NULL,                  -- as its device wrote it
    commit_record BLOB NOT NULL              -- as the centre wrote it
) STRICT;
CREATE INDEX entry_entity ON entry (entity, place);

-- Shared. Sealed parts of committed and pending events that this device may see.
CREATE TABLE sealed (
    id BLOB NOT NULL,                        -- event id
    part INTEGER NOT NULL,                   -- index into the envelope's list
    salt BLOB NOT NULL,
    content TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (id, part)
) STRICT, WITHOUT ROWID;

-- Shared. Ends of the devices' chains as committed.
CREATE TABLE chain (
    log INTEGER NOT NULL,
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    event_hash BLOB NOT NULL,
    PRIMARY KEY (log, device, incarnation)
) STRICT, WITHOUT ROWID;

-- Shared. Devices' signatures over committed events.
CREATE TABLE attestation (
    place INTEGER PRIMARY KEY,               -- as in entry
    signature BLOB NOT NULL
) STRICT;

-- Shared. The head hash at every 256th seq, to find the last common place after a rollback.
CREATE TABLE checkpoint (
    place INTEGER PRIMARY KEY,               -- as in entry
    head BLOB NOT NULL
) STRICT;

-- Local. Ends of this device's own chains as written, pending events included.
CREATE TABLE own_chain (
    log INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    event_hash BLOB NOT NULL,
    PRIMARY KEY (log, incarnation)
) STRICT, WITHOUT ROWID;

-- Local. Own events without a pulled verdict, in the order they were written.
CREATE TABLE pending (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,                 -- event id
    log INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    kind TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    event_hash BLOB NOT NULL,
    envelope BLOB NOT NULL,
    claimed_at INTEGER NOT NULL,
    wall_at INTEGER NOT NULL,                -- device's clock when written: for watermarks
    state TEXT NOT NULL DEFAULT 'pending'    -- 'pending'; 'answered' once the centre gave it a place
) STRICT;
CREATE INDEX pending_entity ON pending (entity, n);
CREATE UNIQUE INDEX pending_place ON pending (log, incarnation, device_seq);

-- Derived. What events are about, with the fold of the confirmed ones and, where pending ones
-- exist, of both. `name` is unique within a log: no log can reach into another's entity.
CREATE TABLE entity (
    n INTEGER PRIMARY KEY,
    log INTEGER NOT NULL,
    name TEXT NOT NULL,                      -- 'order/…', 'user/…'
    confirmed TEXT,                          -- JSON of the domain's state; NULL when there is none
    shown TEXT,                              -- the same with pending events folded in; NULL = confirmed
    UNIQUE (name, log)
) STRICT;

-- Derived. One row per order, from its shown state.
CREATE TABLE orders (
    entity INTEGER PRIMARY KEY,              -- entity.n
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- entity id, 'order/…'
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,                      -- 'incident', 'request', 'work_record', …
    status TEXT NOT NULL,                    -- without the suspension: 'registered' … 'merged'
    suspended INTEGER NOT NULL,              -- 1 over the status
    open INTEGER NOT NULL,                   -- 1 until closed or merged
    level TEXT,
    contract TEXT NOT NULL,
    division TEXT NOT NULL,
    object TEXT,
    assignee TEXT,                           -- user id; NULL = nobody
    pool INTEGER NOT NULL,                   -- 1 = dispatched to the division's pool
    reported_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,                -- time of the last event that counted
    next_target TEXT,                        -- target of the earliest deadline not yet ended
    next_deadline_at INTEGER,
    next_warn_at INTEGER,                    -- when the first warning is due
    breached INTEGER NOT NULL DEFAULT 0,     -- targets ended late
    clocks TEXT NOT NULL DEFAULT '[]',       -- JSON: [{target, starts_at, deadline, warn_at, ended_at, state}]
    pending INTEGER NOT NULL,                -- own events waiting for the centre
    unreconciled INTEGER NOT NULL,           -- facts to be looked at
    read_only INTEGER NOT NULL,              -- 1 = holds events of a newer program
    contract_hash TEXT NOT NULL,
    calendar_hash TEXT NOT NULL,
    seq INTEGER NOT NULL                     -- last seq folded into it
) STRICT;
CREATE INDEX orders_number ON orders (number);
CREATE INDEX orders_reported ON orders (reported_at);
CREATE INDEX orders_id ON orders (id);
CREATE INDEX orders_open_deadline ON orders (next_deadline_at, division) WHERE open = 1;
CREATE INDEX orders_open_assignee ON orders (assignee, next_deadline_at) WHERE open = 1;
CREATE INDEX orders_unreconciled ON orders (entity) WHERE unreconciled > 0;

-- Derived. Search: CJK text split character by character, pinyin initials in their own column.
-- rowid is entity.n.
CREATE VIRTUAL TABLE order_text USING fts5 (
    number, body, initials,
    content = '', contentless_delete = 1, tokenize = 'unicode61', detail = 'full'
);

-- Derived from the site log.
CREATE TABLE person (
    id TEXT PRIMARY KEY,                     -- user id
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,                  -- pinyin initials of the name
    roles TEXT NOT NULL,                     -- JSON list
    contracts TEXT NOT NULL,                 -- JSON list; empty = all
    divisions TEXT NOT NULL,                 -- JSON list; empty = all
    post TEXT,
    onsite INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    resets INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived from the site log.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    logs TEXT NOT NULL,                      -- JSON list
    revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived from the site log: published versions of contracts and calendars.
CREATE TABLE publication (
    entity TEXT NOT NULL,                    -- 'contract/…' or 'calendar/…'
    version INTEGER NOT NULL,                -- from 1, the highest is in force for new orders
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    accepted_on TEXT,
    content TEXT NOT NULL,
    settings TEXT,
    PRIMARY KEY (entity, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_hash ON publication (hash);

-- Local. Own events the centre did not simply accept; their text stays until a person settles them.
CREATE TABLE conflict (
    id BLOB PRIMARY KEY,                     -- event id
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    entity TEXT NOT NULL,                    -- entity id
    kind TEXT NOT NULL,                      -- 'rejected', 'unreconciled', 'parked'
    act TEXT NOT NULL,                       -- event type
    user TEXT,
    at INTEGER NOT NULL,                     -- when it was done by the person's account
    payload TEXT NOT NULL,                   -- JSON as entered
    reason TEXT,                             -- stable code
    winner BLOB,                             -- event that won
    settled TEXT,                            -- NULL while open; 'redone', 'given_up', 'reconciled', 'released'
    settled_at INTEGER
) STRICT;
CREATE INDEX conflict_open ON conflict (at) WHERE settled IS NULL;
CREATE INDEX conflict_entity ON conflict (entity);

-- Local. Settings of this console.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Local. Keys of commands already carried out.
CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    ids TEXT NOT NULL,                       -- JSON: what the first call answered
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);
