-- The console's store, version 10: what lists of models ask for stands beside them, movements say where
-- they go without their state being read, and days say how many there were. Derived: filled by the refold
-- that follows.

ALTER TABLE stock_part ADD COLUMN on_hand INTEGER NOT NULL DEFAULT 0;    -- at places it can be handed out from
ALTER TABLE stock_part ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;   -- kept by slips
ALTER TABLE stock_part ADD COLUMN in_repair INTEGER NOT NULL DEFAULT 0;  -- at vendors
ALTER TABLE stock_part ADD COLUMN on_loan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_part ADD COLUMN faulty INTEGER NOT NULL DEFAULT 0;     -- 1 = 账实不符 not settled
ALTER TABLE stock_part ADD COLUMN first_at INTEGER;                      -- Unix milliseconds; NULL = nothing moved yet

DROP INDEX stock_part_list;
DROP INDEX stock_part_closed;
DROP INDEX stock_part_low;
CREATE INDEX stock_part_list ON stock_part (log, category, name, model, entity, id, first_at);
CREATE INDEX stock_part_closed ON stock_part (log, closed, category, name, model, entity, id);
CREATE INDEX stock_part_low ON stock_part (log, category, name, model, entity, id, low) WHERE low = 1;
CREATE INDEX stock_part_in_repair ON stock_part (log, category, name, model, entity, id, in_repair) WHERE in_repair <> 0;
CREATE INDEX stock_part_on_loan ON stock_part (log, category, name, model, entity, id, on_loan) WHERE on_loan <> 0;
CREATE INDEX stock_part_faulty ON stock_part (log, category, name, model, entity, id, faulty) WHERE faulty = 1;

ALTER TABLE stock_movement ADD COLUMN from_place TEXT;
ALTER TABLE stock_movement ADD COLUMN to_place TEXT;
ALTER TABLE stock_movement ADD COLUMN owner TEXT NOT NULL DEFAULT '';    -- 'buyer', 'supplier'
ALTER TABLE stock_movement ADD COLUMN present TEXT;                      -- serial numbers a count found, as JSON
CREATE INDEX stock_movement_present ON stock_movement (log, part) WHERE present IS NOT NULL;

-- How many movements of a day count, so that those up to an instant need not be counted one by one.
CREATE TABLE stock_day (
    log INTEGER NOT NULL,
    day INTEGER NOT NULL,                    -- Unix milliseconds / 86,400,000, downwards
    movements INTEGER NOT NULL,              -- zero is left out
    PRIMARY KEY (log, day)
) STRICT, WITHOUT ROWID;
