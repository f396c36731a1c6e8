//! The store's file: keys, versions, damage, one owner.
#![expect(clippy::disallowed_methods, reason = "these tests damage files on purpose")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod support;

use std::sync::Arc;

use support::{Desk, key, new_store, open};
use zaigang_console::store::{NoClocks, STORE_FILE, STORE_VERSION, Store, StoreError, StoreKey, own_profile};

fn try_open(dir: &std::path::Path, key: &StoreKey) -> Result<Store, StoreError> {
    Store::open(dir, key, Arc::new(NoClocks), "20251015-090000")
}

#[test]
fn nothing_readable_lies_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    Desk::new(1).register(&mut store, 1);
    for name in [STORE_FILE, "store.db-wal"] {
        let bytes = std::fs::read(dir.path().join(name)).unwrap();
        assert!(!bytes.is_empty());
        for needle in ["SQLite format", "order.registered", "打印机", "CREATE TABLE"] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle.as_bytes()), "{needle} in {name}");
        }
    }
}

#[test]
fn a_damaged_store_is_set_aside_and_a_fresh_one_opens() {
    let dir = tempfile::tempdir().unwrap();
    drop(new_store(dir.path()));
    let path = dir.path().join(STORE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100..200].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    let Err(StoreError::Damaged { aside, .. }) = try_open(dir.path(), &key()) else {
        panic!("damage went unnoticed")
    };
    assert_eq!(std::fs::read(&aside).unwrap(), bytes, "kept byte for byte");
    assert!(aside.to_string_lossy().contains("20251015-090000"));
    assert!(open(dir.path()).identity().is_none());
}

#[test]
fn a_newer_store_is_refused_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_store(dir.path());
    store.reader().pragma_update(None, "user_version", STORE_VERSION + 1).unwrap();
    drop(store);
    let error = try_open(dir.path(), &key()).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found, known } if found == known + 1));
    assert!(dir.path().join(STORE_FILE).exists());
}

#[test]
fn one_process_owns_a_profile() {
    let dir = tempfile::tempdir().unwrap();
    let lock = own_profile(dir.path()).unwrap();
    assert!(matches!(own_profile(dir.path()), Err(StoreError::InUse)));
    drop(lock);
    own_profile(dir.path()).unwrap();
}

#[test]
fn a_new_key_opens_it_and_the_old_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    Desk::new(2).register(&mut store, 1);
    let new = StoreKey::new([6; 32]);
    store.rekey(&new).unwrap();
    Desk::new(3).register(&mut store, 2);
    drop(store);
    assert_eq!(try_open(dir.path(), &new).unwrap().waiting().unwrap(), 2);
    assert!(try_open(dir.path(), &key()).is_err());
}

#[test]
fn a_backup_opens_with_its_own_key() {
    let dir = tempfile::tempdir().unwrap();
    let to = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    Desk::new(4).register(&mut store, 1);
    let other = StoreKey::new([7; 32]);
    let backup = store.backup(&to.path().join(STORE_FILE), Some(&other)).unwrap();
    assert!(backup.bytes > 0);
    assert!(store.backup(&backup.path, None).is_err(), "an existing file is not overwritten");
    let mut copy = try_open(to.path(), &other).unwrap();
    assert_eq!(copy.waiting().unwrap(), 1);
    assert_eq!(copy.verify().unwrap().problems, []);
}

/// Versions that no program left a store at: their steps came together with the next one's.
const NEVER_WRITTEN: [u32; 2] = [6, 7];

#[test]
fn stores_of_every_older_version_open_with_all_they_held() {
    let stored = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores");
    for version in (1..=STORE_VERSION).filter(|version| !NEVER_WRITTEN.contains(version)) {
        let dir = tempfile::tempdir().unwrap();
        let file = stored.join(format!("v{version}")).join(STORE_FILE);
        std::fs::copy(file, dir.path().join(STORE_FILE)).unwrap();
        let mut store = open(dir.path());
        assert_eq!(store.waiting().unwrap(), 1);
        assert!(store.conflicts().unwrap()[0].payload.contains("我去"));
        assert_eq!(store.order("E-1").unwrap().unwrap().1.title, "断网");
        assert_eq!(store.verify().unwrap().problems, []);
    }
}

#[test]
fn damage_inside_the_file_is_found_by_verify() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    for n in 1..=40 {
        Desk::new(u64::from(n)).register(&mut store, n);
    }
    store.reader().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(store);
    let path = dir.path().join(STORE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() - 6_000;
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    match try_open(dir.path(), &key()) {
        Ok(mut store) => assert_ne!(store.verify().unwrap().problems, []),
        Err(StoreError::Damaged { aside, .. }) => assert!(aside.exists()),
        Err(error) => panic!("{error}"),
    }
}
