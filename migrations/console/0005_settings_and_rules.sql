-- The console's store, version 5: who published a version, and which rules an order's clocks run under.
-- Derived: filled by the refold that follows.

ALTER TABLE publication ADD COLUMN event BLOB;                  -- id of the event that published it

-- Ids of the rules of an order's clocks, each between bars: '|L1|E-1h-24h|'. In the covering index, so that
-- a list by rule stays one pass over it.
ALTER TABLE orders ADD COLUMN rules TEXT NOT NULL DEFAULT '';

DROP INDEX orders_filter;
CREATE INDEX orders_filter ON orders (
    open, division, status, suspended, kind, level, object, assignee, contract,
    reported_at, next_deadline_at, next_warn_at, unreconciled, number, rules
);
