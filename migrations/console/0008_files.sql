-- The console's store, version 8.
--
-- Files that orders' events name. The content lies beside the store, encrypted, under `files/<hash>`; its
-- key is in the event's sealed part.

-- Derived. One row per file and event that names it.
CREATE TABLE file (
    event BLOB NOT NULL,                     -- event id
    n INTEGER NOT NULL,                      -- place in the event's list
    log INTEGER NOT NULL,
    entity INTEGER NOT NULL,                 -- entity.n
    hash BLOB NOT NULL,                      -- of the encrypted content
    bytes INTEGER NOT NULL,                  -- before encryption
    verdict INTEGER,                         -- as in entry; NULL while pending
    erased INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_entity ON file (entity);
CREATE INDEX file_hash ON file (hash);

-- Local. How much of a file's content is here and at the centre.
CREATE TABLE content (
    log INTEGER NOT NULL,
    hash BLOB NOT NULL,
    sealed_bytes INTEGER NOT NULL,           -- of the encrypted content
    here INTEGER NOT NULL DEFAULT 0,         -- bytes on this disk; all of them = verified and in place
    at_centre INTEGER NOT NULL DEFAULT 0,    -- bytes the centre is known to hold
    wanted INTEGER NOT NULL DEFAULT 0,       -- 1 = somebody asked for it here
    asked INTEGER NOT NULL DEFAULT 0,        -- times the centre was asked in vain: others come first
    PRIMARY KEY (log, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX content_away ON content (log, asked) WHERE at_centre < sealed_bytes;
CREATE INDEX content_absent ON content (log, sealed_bytes) WHERE here < sealed_bytes;

-- Local. Small pictures of image files, made here.
CREATE TABLE picture (
    hash BLOB PRIMARY KEY,                   -- of the encrypted content
    width INTEGER NOT NULL,                  -- pixels
    height INTEGER NOT NULL,
    jpeg BLOB NOT NULL
) STRICT, WITHOUT ROWID;
