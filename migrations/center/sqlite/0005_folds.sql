-- The centre's store, version 5.
--
-- States in `entity` are folds of the entries. A program that makes something else of the same entries
-- folds them anew when it opens the store.

ALTER TABLE meta ADD COLUMN fold_version INTEGER NOT NULL DEFAULT 0; -- of the program that folded them
