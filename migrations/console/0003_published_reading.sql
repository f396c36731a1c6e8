-- The console's store, version 3: a published contract version carries our reading of its words.
-- Derived: filled by the refold that follows.

ALTER TABLE publication ADD COLUMN reading TEXT;
