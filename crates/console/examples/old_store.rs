//! Makes the small store that tests of later versions migrate: one for each version of the store,
//! made once by the program of that version and kept under `tests/stores/`.
//!
//! `cargo run -p zaigang-console --example old_store crates/console/tests/stores/v1`

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;

use support::{Desk, LOG, OtherDevice, TinyCentre, new_store, order_id, registered};
use zaigang_sync::commit::VerdictCode::{Accepted, Rejected};

fn main() {
    let dir = PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    std::fs::create_dir_all(&dir).expect("the folder can be made");
    let mut store = new_store(&dir);
    let desk = Desk::new(1);
    let mut centre = TinyCentre::new(LOG);
    let mut other = OtherDevice::new(50);
    // A committed order of a colleague, a rejected claim on it, and an own order that still waits.
    centre.commit(
        other.event(LOG, &order_id(1), "order.registered", &registered("E-1", "断网")),
        vec![],
        Accepted,
    );
    centre.feed(&mut store);
    desk.write(&mut store, &order_id(1), vec![desk.draft("order.accepted", r#"{"text":"我去"}"#)], None);
    centre.take(&store, Rejected);
    centre.feed(&mut store);
    desk.register(&mut store, 2);
    store
        .reader()
        .execute_batch("VACUUM; PRAGMA journal_mode = DELETE;")
        .expect("the store can be made one file");
}
