-- The centre's store, version 4.
--
-- Derived. Files that accepted events of a log name: only these are taken and given. The content lies
-- beside the database, encrypted, under `files/<log>/<hash>`. A row stays when its file was erased, so
-- that the content never comes back.
CREATE TABLE file (
    log INTEGER NOT NULL REFERENCES log (n),
    hash BLOB NOT NULL,                      -- of the encrypted content
    place INTEGER NOT NULL,                  -- of the event that names it
    event BLOB NOT NULL,                     -- its id
    part INTEGER NOT NULL,                   -- of its sealed parts, the one with the key
    bytes INTEGER NOT NULL,                  -- of the encrypted content
    class TEXT NOT NULL,                     -- of that part: who gets it
    device BLOB NOT NULL,                    -- that wrote the event
    erased INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (log, hash, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_event ON file (event);
CREATE INDEX file_erased ON file (log, hash) WHERE erased = 1;
