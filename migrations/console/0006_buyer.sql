-- The console's store, version 6: what waits for the buyer, and what stands in the buyer's own platform.
-- Derived: filled by the refold that follows.

ALTER TABLE orders ADD COLUMN external_no TEXT;                    -- number in the buyer's platform
ALTER TABLE orders ADD COLUMN entered INTEGER NOT NULL DEFAULT 0;  -- 1 = stands there, under that number
ALTER TABLE orders ADD COLUMN to_enter INTEGER NOT NULL DEFAULT 0; -- 1 = done, and still to be entered there
ALTER TABLE orders ADD COLUMN restored_at INTEGER;                 -- since when it waits for the buyer; NULL = it does not

-- Dispatches of the platform are matched by its number.
CREATE INDEX orders_external_no ON orders (external_no) WHERE external_no IS NOT NULL;

-- The list of what is still to be entered, which entering empties: covers the list as it opens and its count.
CREATE INDEX orders_to_enter ON orders (division, contract, reported_at, open, to_enter)
    WHERE to_enter = 1;
