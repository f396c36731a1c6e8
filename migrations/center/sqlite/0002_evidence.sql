-- The centre's store, version 2: how far a closed session reaches stands in its entity's state, told
-- by places in its device's chains, and no longer by clocks.

DROP TABLE session_end;
