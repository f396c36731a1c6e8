-- The console's store, version 7: what orders ask of people, and what was written down for next time.
-- Derived: filled by the refold that follows.

-- What an order asks for: 'waiting' of one person, 'report' (a fault report) of all who work on it,
-- 'planned' when its time comes.
CREATE TABLE order_task (
    kind TEXT NOT NULL,                      -- 'waiting', 'report', 'planned'
    who TEXT NOT NULL,                       -- user id; empty where it is asked of no one person
    entity INTEGER NOT NULL,                 -- entity.n
    due_at INTEGER,                          -- Unix milliseconds: deadline or planned time; NULL where there is none
    PRIMARY KEY (kind, who, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_task_entity ON order_task (entity);

-- Orders with knowledge worth finding again. The text stands in their state.
CREATE TABLE knowledge (
    entity INTEGER PRIMARY KEY,              -- entity.n
    object TEXT,                             -- maintenance object
    at INTEGER NOT NULL                      -- when it was written down last
) STRICT;
CREATE INDEX knowledge_object ON knowledge (object, at);

-- Search in it, as in order_text. rowid is entity.n.
CREATE VIRTUAL TABLE knowledge_text USING fts5 (
    body, initials,
    content = '', contentless_delete = 1, tokenize = 'unicode61', detail = 'full'
);
