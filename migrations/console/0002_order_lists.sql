-- The console's store, version 2: one index that covers every filter of the order list.
--
-- A list with any combination of filters is one pass over this index, open orders first, and never
-- touches the rows themselves; the partial indexes it replaces only served single views.

DROP INDEX orders_open_deadline;
DROP INDEX orders_open_assignee;
DROP INDEX orders_unreconciled;

CREATE INDEX orders_filter ON orders (
    open, division, status, suspended, kind, level, object, assignee, contract,
    reported_at, next_deadline_at, next_warn_at, unreconciled, number
);

-- Clocks that ended or moved lately, for today's counts and the chart by week.
CREATE INDEX orders_last_at ON orders (last_at);
