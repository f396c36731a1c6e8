//! The local application: encrypted store, projections, sync client, and the one door to it all.

pub mod door;
