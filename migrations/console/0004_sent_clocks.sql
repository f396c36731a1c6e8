-- The console's store, version 4: a device's signature covers its clocks at sending, so these are
-- kept with it.

ALTER TABLE attestation ADD COLUMN sent_wall_at INTEGER NOT NULL DEFAULT 0;   -- Unix milliseconds
ALTER TABLE attestation ADD COLUMN sent_boot_id BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
ALTER TABLE attestation ADD COLUMN sent_uptime_ms INTEGER NOT NULL DEFAULT 0; -- since that boot
