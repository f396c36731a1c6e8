-- The console's store, version 9: stock. Derived: filled by the refold that follows.

-- Models of a store.
CREATE TABLE stock_part (
    entity INTEGER PRIMARY KEY,              -- entity.n
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- part/<event id>
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    tracking TEXT NOT NULL,                  -- 'serial', 'batch', 'plain'
    minimum INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    low INTEGER NOT NULL DEFAULT 0           -- 1 = in use, and less can be handed out than its minimum
) STRICT;
CREATE UNIQUE INDEX stock_part_id ON stock_part (log, id);
CREATE INDEX stock_part_list ON stock_part (log, category, name, model, entity);
CREATE INDEX stock_part_closed ON stock_part (log, closed, category);
CREATE INDEX stock_part_low ON stock_part (log) WHERE low = 1;
CREATE INDEX stock_part_model ON stock_part (log, model);

-- Search in models: name, model, maker, devices it fits. rowid is entity.n.
CREATE VIRTUAL TABLE stock_text USING fts5 (
    body, initials,
    content = '', contentless_delete = 1, tokenize = 'unicode61', detail = 'full'
);

-- Places of a store.
CREATE TABLE stock_place (
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- place/<event id>
    kind TEXT NOT NULL,
    on_hand INTEGER NOT NULL,                -- 1 = what lies there can be handed out
    PRIMARY KEY (log, id)
) STRICT, WITHOUT ROWID;

-- One row per movement, also those that move nothing.
CREATE TABLE stock_movement (
    entity INTEGER PRIMARY KEY,              -- entity.n; its state holds the rest
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- movement/<event id>
    part TEXT NOT NULL,
    at INTEGER NOT NULL,                     -- Unix milliseconds: when it counts from
    kind TEXT NOT NULL,
    quantity INTEGER NOT NULL,               -- as booked: signed for a correction, absolute for a count
    serial TEXT,
    order_id TEXT,                           -- order/<uuid>
    document TEXT NOT NULL,
    order_number TEXT NOT NULL,
    slip TEXT,
    answers TEXT,                            -- the movement it answers
    corrects TEXT,                           -- the movement it corrects
    settles INTEGER NOT NULL,                -- 1 = notes how a discrepancy was cleared up
    unreconciled INTEGER NOT NULL            -- 1 = moves nothing
) STRICT;
CREATE INDEX stock_movement_part ON stock_movement (log, part, at, id);
CREATE INDEX stock_movement_at ON stock_movement (log, at, id);
CREATE INDEX stock_movement_kind ON stock_movement (log, kind, at, id);
CREATE INDEX stock_movement_order ON stock_movement (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX stock_movement_serial ON stock_movement (serial) WHERE serial IS NOT NULL;
CREATE INDEX stock_movement_document ON stock_movement (document) WHERE document <> '';
CREATE INDEX stock_movement_number ON stock_movement (order_number) WHERE order_number <> '';
CREATE INDEX stock_movement_answers ON stock_movement (answers) WHERE answers IS NOT NULL;
CREATE INDEX stock_movement_corrects ON stock_movement (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX stock_movement_open ON stock_movement (log, at) WHERE unreconciled = 1;

-- What each movement did to each balance, with the balance after it: a past balance is one seek.
CREATE TABLE stock_effect (
    log INTEGER NOT NULL,
    part TEXT NOT NULL,
    place TEXT NOT NULL,
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,                     -- Unix milliseconds
    id TEXT NOT NULL,                        -- movement
    n INTEGER NOT NULL,                      -- place among the effects of the movement
    change INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    PRIMARY KEY (log, part, place, owner, at, id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_effect_part ON stock_effect (log, part, at, id, place, change);

-- What there is now; zero is left out.
CREATE TABLE stock_balance (
    log INTEGER NOT NULL,
    part TEXT NOT NULL,
    place TEXT NOT NULL,
    owner TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (log, part, place, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_balance_place ON stock_balance (log, place, part, quantity);

-- Where pieces are.
CREATE TABLE stock_serial (
    log INTEGER NOT NULL,
    part TEXT NOT NULL,
    serial TEXT NOT NULL,
    place TEXT NOT NULL,
    owner TEXT NOT NULL,
    since INTEGER NOT NULL,                  -- Unix milliseconds
    movement TEXT NOT NULL,                  -- the one that brought it there
    PRIMARY KEY (log, part, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_serial_code ON stock_serial (serial);

-- 账实不符, settled ones too.
CREATE TABLE stock_fault (
    log INTEGER NOT NULL,
    part TEXT NOT NULL,
    place TEXT NOT NULL,
    owner TEXT NOT NULL,
    lowest INTEGER NOT NULL,                 -- 0 where only pieces were misplaced
    since INTEGER NOT NULL,                  -- Unix milliseconds
    last INTEGER NOT NULL,
    movements TEXT NOT NULL,                 -- ids as JSON, in their order
    serials TEXT NOT NULL,                   -- misplaced pieces as JSON
    open INTEGER NOT NULL,                   -- 1 = not settled
    PRIMARY KEY (log, part, place, owner)
) STRICT, WITHOUT ROWID;

-- Slips, as their lists find them.
CREATE TABLE stock_slip (
    entity INTEGER PRIMARY KEY,              -- entity.n; its state holds the rest
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- slip/<event id>
    number TEXT NOT NULL,
    asker TEXT,                              -- user
    order_id TEXT,                           -- order/<uuid>
    at INTEGER NOT NULL,                     -- Unix milliseconds
    waits INTEGER NOT NULL                   -- 1 = somebody has to do something about it
) STRICT;
CREATE INDEX stock_slip_at ON stock_slip (log, at, id);
CREATE UNIQUE INDEX stock_slip_id ON stock_slip (log, id);
CREATE INDEX stock_slip_number ON stock_slip (number);
CREATE INDEX stock_slip_asker ON stock_slip (log, asker, at, id);
CREATE INDEX stock_slip_order ON stock_slip (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX stock_slip_waits ON stock_slip (log, at, id) WHERE waits = 1;

-- What slips keep for themselves.
CREATE TABLE stock_reserved (
    entity INTEGER NOT NULL,                 -- entity.n of the slip
    n INTEGER NOT NULL,                      -- its line
    log INTEGER NOT NULL,
    part TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (entity, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_reserved_part ON stock_reserved (log, part);
