-- The console's store, version 11: devices. Derived: filled by the refold that follows.

-- Devices of the divisions this console holds.
CREATE TABLE asset (
    entity INTEGER PRIMARY KEY,              -- entity.n; its state holds the rest
    log INTEGER NOT NULL,
    id TEXT NOT NULL,                        -- asset/<event id>
    object TEXT NOT NULL,                    -- maintenance object; '' = not stated
    network TEXT NOT NULL,                   -- '' = not stated
    place TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    serial TEXT NOT NULL,                    -- as compared: no spaces, letters large
    listed TEXT NOT NULL,                    -- row of the contract's list; '' = none
    quantity INTEGER NOT NULL,
    life TEXT NOT NULL,
    living INTEGER NOT NULL,                 -- 1 = neither removed nor scrapped
    cover_end TEXT,                          -- last day of warranty or maintenance, 2025-10-15
    since TEXT,                              -- first day of use
    parent TEXT,                             -- asset/<event id>
    twin INTEGER NOT NULL DEFAULT 0,         -- 1 = another living device has the same serial number
    pending INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX asset_id ON asset (log, id);
CREATE INDEX asset_list ON asset (log, living, name, model, entity);
CREATE INDEX asset_cover ON asset (log, living, cover_end, entity) WHERE cover_end IS NOT NULL;
CREATE INDEX asset_life ON asset (log, life, name, model, entity);
CREATE INDEX asset_serial ON asset (serial) WHERE serial <> '';
CREATE INDEX asset_listed ON asset (listed) WHERE listed <> '';
CREATE INDEX asset_parent ON asset (parent) WHERE parent IS NOT NULL;

-- Search in devices: name, maker, model, serial number, place, supplier. rowid is entity.n.
CREATE VIRTUAL TABLE asset_text USING fts5 (
    body, initials,
    content = '', contentless_delete = 1, tokenize = 'unicode61', detail = 'full'
);

-- Orders that name a device.
CREATE TABLE asset_order (
    asset TEXT NOT NULL,                     -- asset/<event id>
    entity INTEGER NOT NULL,                 -- entity.n of the order
    PRIMARY KEY (asset, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_order_entity ON asset_order (entity);
