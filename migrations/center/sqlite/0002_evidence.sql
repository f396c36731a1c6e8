-- The centre's store, version 2.
--
-- How far a closed session reaches stands in its entity's state, told by places in its device's
-- chains, and no longer by clocks. A device's signature covers its clocks at sending, so these are
-- kept with it.

DROP TABLE session_end;

ALTER TABLE attestation ADD COLUMN sent_wall_at INTEGER NOT NULL DEFAULT 0;   -- Unix milliseconds
ALTER TABLE attestation ADD COLUMN sent_boot_id BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
ALTER TABLE attestation ADD COLUMN sent_uptime_ms INTEGER NOT NULL DEFAULT 0; -- since that boot
