-- The centre's store, version 1.
--
-- Shared: what the logs hold, byte for byte (log, entry, sealed, attestation). Local: the centre's
-- own and never sent (meta, account, enrolment, guard, stopped). Derived: rebuilt from the entries
-- by `zaigang-center verify` and compared (entity, device, user_key, session_end, watermark).
-- Instants are Unix milliseconds. Ids, hashes and keys are raw bytes.

-- Local. One row: which centre this is.
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    server_id BLOB NOT NULL,
    epoch BLOB NOT NULL,                     -- random; new after each restore
    site TEXT NOT NULL,                      -- name of the site
    address TEXT NOT NULL,                   -- as enrolment codes give it, 'https://10.0.0.5:7443'
    ca_pin TEXT NOT NULL,                    -- as enrolment codes give it
    device BLOB NOT NULL,                    -- the centre's own device id
    incarnation INTEGER NOT NULL,            -- of the centre's own chains; grows after each restore
    public_key BLOB NOT NULL,                -- Ed25519; the private half lies in a file beside
    recovery TEXT,                           -- age recipient of the site's recovery key
    created_at INTEGER NOT NULL
) STRICT;

-- Shared. One row per log.
CREATE TABLE log (
    n INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL DEFAULT 0,          -- last seq given
    head BLOB NOT NULL DEFAULT (zeroblob(32)) -- head hash there
) STRICT;

-- Shared. Every event that was given a seq, whatever its verdict. Never updated, never deleted.
-- `place` is log.n * 2^40 + seq: (log, seq) is unique, and a log lies in one run of pages.
CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,                 -- event id
    log INTEGER NOT NULL REFERENCES log (n),
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    event_hash BLOB NOT NULL,
    head BLOB NOT NULL,                      -- head hash of the log after this entry
    entity TEXT NOT NULL,
    kind TEXT NOT NULL,
    verdict INTEGER NOT NULL,                -- 0 accepted, 1 unreconciled, 2 rejected, 3 parked
    effective_at INTEGER NOT NULL,
    envelope BLOB NOT NULL,                  -- as its device wrote it
    commit_record BLOB NOT NULL              -- as the centre wrote it
) STRICT;
CREATE UNIQUE INDEX entry_chain ON entry (device, incarnation, log, device_seq);

-- Shared. Sealed parts of entries; erasing removes the row.
CREATE TABLE sealed (
    place INTEGER NOT NULL REFERENCES entry (place),
    part INTEGER NOT NULL,                   -- index into the envelope's list
    class TEXT NOT NULL,                     -- 'personal', 'restricted', …: who gets it
    salt BLOB NOT NULL,
    content TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (place, part)
) STRICT, WITHOUT ROWID;

-- Shared. Devices' signatures over the event hash of an entry; one per pushed page.
CREATE TABLE attestation (
    place INTEGER PRIMARY KEY REFERENCES entry (place),
    signature BLOB NOT NULL
) STRICT;

-- Derived. The state judging needs, one row per entity and log.
CREATE TABLE entity (
    log INTEGER NOT NULL REFERENCES log (n),
    name TEXT NOT NULL,                      -- 'order/…', 'user/…'
    state TEXT,                              -- JSON of the domain's state; NULL when there is none
    effective_at INTEGER NOT NULL,           -- of the last accepted event: bound of the next one's
    PRIMARY KEY (log, name)
) STRICT;

-- Derived. What a device may do here, as far as the domain's state does not say.
CREATE TABLE device (
    device BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    logs TEXT NOT NULL,                      -- JSON list of log names
    classes TEXT NOT NULL,                   -- JSON list of classes of sealed parts it may get
    revoked INTEGER NOT NULL DEFAULT 0,
    incarnation INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Derived. Every key certified for a user on a device: an older one still vouches for what was
-- signed with it offline.
CREATE TABLE user_key (
    user TEXT NOT NULL,
    device TEXT NOT NULL,                    -- hex
    public_key BLOB NOT NULL,
    PRIMARY KEY (user, device, public_key)
) STRICT, WITHOUT ROWID;

-- Derived. How far a closed session reaches: events its device had written before still count,
-- though they may arrive later, in other logs.
CREATE TABLE session_end (
    session TEXT PRIMARY KEY,                -- entity id
    boot_id BLOB NOT NULL,
    uptime_ms INTEGER NOT NULL,
    wall_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived. Last watermark committed per device and log.
CREATE TABLE watermark (
    device BLOB NOT NULL,
    log INTEGER NOT NULL REFERENCES log (n),
    complete_to INTEGER NOT NULL,
    PRIMARY KEY (device, log)
) STRICT, WITHOUT ROWID;

-- Local. Log-in names and password hashes (Argon2id, PHC text).
CREATE TABLE account (
    user TEXT PRIMARY KEY,                   -- user id
    login TEXT NOT NULL UNIQUE,
    phc TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Local. Enrolment codes: only the hash of the secret is kept.
CREATE TABLE enrolment (
    secret_hash BLOB PRIMARY KEY,
    name TEXT NOT NULL,                      -- name meant for the device; empty = the device's own
    logs TEXT NOT NULL,                      -- JSON list
    classes TEXT NOT NULL,                   -- JSON list
    expires_at INTEGER NOT NULL,
    used_by BLOB,                            -- device id
    used_key BLOB                            -- its public key
) STRICT, WITHOUT ROWID;

-- Local. Failed tries: 'login/<name>' and 'enrol/<source>'.
CREATE TABLE guard (
    name TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Local. Chains stopped because a device showed another history; nothing is thrown away.
CREATE TABLE stopped (
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    log TEXT NOT NULL,
    device_seq INTEGER NOT NULL,             -- where the histories part
    at INTEGER NOT NULL,
    page BLOB NOT NULL,                      -- the page that showed it, packed
    PRIMARY KEY (device, incarnation, log)
) STRICT, WITHOUT ROWID;
