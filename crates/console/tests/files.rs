//! Files from console to console through a centre: cut, refused, erased, damaged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests fail as tests do and damage files on purpose"
)]

mod site;

use std::path::Path;
use std::sync::Arc;

use site::{LOG, PASSWORD, Pc, Site, Two, person, start};
use zaigang_center::core::CodeRequest;
use zaigang_center::error::CentreError;
use zaigang_console::host::FixedHost;
use zaigang_console::store::{Draft, EAGER_BYTES_MAX, FileRow};
use zaigang_console::sync::{Round, RoundReport};
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::file::{FileKind, FileType};
use zaigang_domain::order::{NewFile, StepInput, add_files};
use zaigang_domain::people::Role;
use zaigang_sync::Hash;
use zaigang_sync::file::{
    GetRequest, HasRequest, HeldState, PATH_FILES_GET, PATH_FILES_PUT, PutRequest, RANGE_BYTES_MAX,
    sealed_bytes,
};
use zaigang_sync::hash::{Use, digest};

const MIB: u64 = 1024 * 1024;

/// Stands for the encrypted content of a file of `plain` bytes: neither end can tell.
fn sealed(plain: u64, seed: u8) -> Vec<u8> {
    (0..sealed_bytes(plain)).map(|n| (n % 251) as u8 ^ seed).collect()
}

/// Adds a file as a person does, its content lying ready.
fn add(pc: &mut Pc, order: &EntityId, content: &[u8], plain: u64) -> (EventId, Hash) {
    let hash = pc.console.store().unwrap().put_file(content).unwrap();
    let event = name(pc, order, hash, plain, true);
    pc.console.store().unwrap().settle_file(hash).unwrap();
    (event, hash)
}

fn name(pc: &mut Pc, order: &EntityId, hash: Hash, plain: u64, redacted: bool) -> EventId {
    let file = NewFile {
        hash: hash.to_hex(),
        key: "07".repeat(32),
        bytes: plain,
        file_type: FileType::Png,
        name: "机柜.png".into(),
        kind: FileKind::Photo,
    };
    let now = zaigang_console::host::Host::now(pc.host.as_ref());
    let user = pc.console.session().unwrap().user.clone();
    let store = pc.console.store().unwrap();
    let actor = store.actor(&user).unwrap();
    let (_, state) = store.order(order.as_str()).unwrap().unwrap();
    let drafts = add_files(&state, &[file], true, &StepInput::default(), &actor, now).unwrap();
    let mut drafts: Vec<Draft> = drafts.into_iter().map(Into::into).collect();
    drafts[0].payload = drafts[0].payload.replace("\"redacted\":true", &format!("\"redacted\":{redacted}"));
    pc.console.append(&LogName::new(LOG).unwrap(), order, drafts, None).unwrap().ids[0]
}

fn row(pc: &Pc, (event, hash): (EventId, Hash)) -> FileRow {
    pc.console.store().unwrap().file(event, hash).unwrap().unwrap()
}

/// A console of its own for one log, given sealed parts of these classes; of the usual ones without any.
fn enrolled(site: &mut Site, dir: &Path, log: &str, classes: &[&str], seed: u64) -> Pc {
    let classes = classes.iter().map(|class| (*class).to_owned()).collect();
    let request = CodeRequest { logs: vec![log.into()], classes, ..CodeRequest::default() };
    let code = site.centre.device_code(&request).unwrap();
    let pc = Pc::open(dir, Arc::new(FixedHost::new(start(), seed)), None).unwrap();
    Pc::enrolled_by(site, pc, &code)
}

/// Writes into the centre's rows what a bug would have left there.
fn sabotage(site: &Site, sql: &str) {
    let conn = rusqlite::Connection::open(site.dir.path().join("centre.db")).unwrap();
    assert_ne!(conn.execute(sql, []).unwrap(), 0, "the bug has something to spoil");
}

/// An administrator erases a file from console `b`; both consoles learn of it.
fn erase(site: &mut Site, order: &EntityId, file: (EventId, Hash), a: &mut Pc, b: &mut Pc) {
    site.centre.user_add(&person("sun", "孙", Role::Administrator)).unwrap();
    b.console.log_out().unwrap();
    b.log_in(site, "sun", PASSWORD).unwrap();
    b.sync(site).unwrap();
    let payload = serde_json::json!({ "event": file.0, "why": "误传" }).to_string();
    let draft = Draft::fact("record.erased", payload, start().as_millisecond());
    b.console.append(&LogName::new(LOG).unwrap(), order, vec![draft], None).unwrap();
    b.sync(site).unwrap();
    a.sync(site).unwrap();
}

fn device(pc: &Pc) -> [u8; 16] {
    pc.console.store().unwrap().identity().unwrap().device
}

/// One round in which the connection is cut after `requests` answers on `path`, the last of them lost.
/// Tells the bodies sent on that path.
fn cut(pc: &mut Pc, site: &mut Site, path: &str, requests: usize) -> Vec<Vec<u8>> {
    let (mut round, host, mut sent) = (Round::new(), pc.host.clone(), Vec::new());
    while let Some(request) = round.next(pc.console.store_mut().unwrap(), host.as_ref()).unwrap() {
        let (status, body) = site.answer(&pc.console, &request).unwrap();
        if request.path == path {
            sent.push(request.body.clone());
            if sent.len() == requests {
                break;
            }
        }
        round.on_reply(pc.console.store_mut().unwrap(), status, &body).unwrap();
    }
    sent
}

fn rounds(pc: &mut Pc, site: &mut Site) -> RoundReport {
    for _ in 0..20 {
        let report = pc.sync(site).unwrap();
        if !report.files_left {
            return report;
        }
    }
    panic!("files must end");
}

#[test]
fn a_file_reaches_the_colleague_after_its_event() {
    let Two { mut site, mut a, mut b, order, dirs: _dirs } = Two::new();
    let content = sealed(2 * MIB, 1);
    let file = add(&mut a, &order, &content, 2 * MIB);
    assert_eq!(row(&a, file).counts, None, "pending: nothing is sent yet");
    let report = a.sync(&mut site).unwrap();
    assert!(report.is_complete() && report.changed.contains(&format!("order:{order}")));
    assert_eq!(row(&a, file).at_centre, sealed_bytes(2 * MIB));
    rounds(&mut b, &mut site);
    assert!(row(&b, file).is_here());
    let store = b.console.store().unwrap();
    assert_eq!(store.file_content(file.1).unwrap(), content);
    assert_eq!(store.file_key(file.0, file.1).unwrap().unwrap().as_slice(), [7; 32]);
    let traffic = store.file_traffic().unwrap();
    assert_eq!((traffic.up.0, traffic.down.0), (0, 0));
    let verified = site.centre.verify().unwrap();
    assert_eq!((verified.bad, verified.files, verified.files_missing), (None, 1, 0));
    a.healthy();
    b.healthy();
    b.console.store_mut().unwrap().rebuild().unwrap();
    assert!(row(&b, file).is_here(), "a rebuild loses nothing of what lies here");
}

#[test]
fn a_cut_upload_goes_on_where_the_centre_stands() {
    let Two { mut site, mut a, order, dirs, .. } = Two::new();
    let plain = 5 * MIB;
    let file = add(&mut a, &order, &sealed(plain, 2), plain);
    // The third range arrived, the console never heard of it, and the program ended there.
    assert_eq!(cut(&mut a, &mut site, PATH_FILES_PUT, 3).len(), 3);
    let mut a = a.restart(dirs.0.path());
    a.log_in(&mut site, "wang", PASSWORD).unwrap();
    let rest = cut(&mut a, &mut site, PATH_FILES_PUT, usize::MAX);
    let froms: Vec<u64> = rest.iter().map(|body| PutRequest::decode(body).unwrap().from).collect();
    assert_eq!(froms, [3 * MIB, 4 * MIB, 5 * MIB]);
    assert_eq!(row(&a, file).at_centre, sealed_bytes(plain));
    assert_eq!(site.centre.verify().unwrap().files, 1);
}

#[test]
fn a_cut_download_goes_on_from_what_is_on_disk() {
    let Two { mut site, mut a, mut b, order, dirs } = Two::new();
    let plain = 3 * MIB;
    let content = sealed(plain, 3);
    let file = add(&mut a, &order, &content, plain);
    rounds(&mut a, &mut site);
    assert_eq!(cut(&mut b, &mut site, PATH_FILES_GET, 3).len(), 3, "the third answer is lost");
    let mut b = b.restart(dirs.1.path());
    b.log_in(&mut site, "li", PASSWORD).unwrap();
    let rest = cut(&mut b, &mut site, PATH_FILES_GET, usize::MAX);
    let froms: Vec<u64> =
        rest.iter().map(|body| serde_json::from_slice::<GetRequest>(body).unwrap().from).collect();
    assert_eq!(froms, [2 * MIB, 3 * MIB]);
    assert_eq!(b.console.store().unwrap().file_content(file.1).unwrap(), content);
}

#[test]
fn a_large_file_waits_until_somebody_wants_it_and_never_holds_up_a_round() {
    let Two { mut site, mut a, mut b, order, dirs: _dirs } = Two::new();
    let plain = 3 * EAGER_BYTES_MAX;
    let file = add(&mut a, &order, &sealed(plain, 4), plain);
    let first = a.sync(&mut site).unwrap();
    assert!(first.files_left, "a round moves a part of it");
    assert!(row(&a, file).at_centre < sealed_bytes(plain));
    rounds(&mut a, &mut site);
    rounds(&mut b, &mut site);
    let there = row(&b, file);
    assert_eq!((there.here, there.at_centre), (0, sealed_bytes(plain)), "known to be there, not here");
    b.console.store_mut().unwrap().want_file(file.1).unwrap();
    rounds(&mut b, &mut site);
    assert!(row(&b, file).is_here());
}

/// I19: no file of a log reaches a device without the right, by any route, and none is taken that no
/// accepted event names.
#[test]
fn no_right_no_file() {
    let Two { mut site, mut a, b, order, dirs } = Two::new();
    let plain = 1_000;
    let content = sealed(plain, 5);
    let (_, hash) = add(&mut a, &order, &content, plain);
    a.sync(&mut site).unwrap();
    let get = GetRequest { log: LOG.into(), hash: hash.to_hex(), from: 0, bytes_max: 9_999 };
    assert_eq!(site.centre.files_get(device(&b), &get).unwrap(), content);

    // A console of another division, and one of this division that gets no sealed parts of this class.
    let dir = tempfile::tempdir().unwrap();
    let other = enrolled(&mut site, &dir.path().join("other"), "c/guangxi-police/d/A总队", &[], 11);
    assert!(matches!(site.centre.files_get(device(&other), &get), Err(CentreError::NoRight(_))));
    let has = HasRequest { log: LOG.into(), hashes: vec![hash.to_hex()] };
    assert!(matches!(site.centre.files_has(device(&other), &has), Err(CentreError::NoRight(_))));
    let blind = enrolled(&mut site, &dir.path().join("blind"), LOG, &["restricted"], 12);
    assert!(matches!(site.centre.files_get(device(&blind), &get), Err(CentreError::NoFile)));
    assert_eq!(site.centre.files_has(device(&blind), &has).unwrap().files[0].state, HeldState::Unknown);
    assert!(matches!(site.centre.files_get([99; 16], &get), Err(CentreError::Unauthorized)));

    // Named by nobody, by a rejected event, by a pending one: not taken.
    let put = |hash: Hash, bytes: &[u8]| {
        PutRequest { log: LOG.into(), hash: hash.0.into(), from: 0, bytes: bytes.into() }.encode()
    };
    let stray = sealed(plain, 6);
    let stray_hash = digest(Use::File, &[&stray]);
    assert!(matches!(site.centre.files_put(device(&a), &put(stray_hash, &stray)), Err(CentreError::NoFile)));
    let unticked = name(&mut a, &order, stray_hash, plain, false);
    a.sync(&mut site).unwrap();
    assert_eq!(row(&a, (unticked, stray_hash)).counts, Some(false), "the centre refuses it without the tick");
    assert!(matches!(site.centre.files_put(device(&a), &put(stray_hash, &stray)), Err(CentreError::NoFile)));
    assert_eq!(site.centre.files_has(device(&a), &has).unwrap().files[0].state, HeldState::Whole);

    // A revoked console gets nothing more.
    site.centre.device_revoke(&zaigang_sync::hex::encode(&device(&b))).unwrap();
    assert!(matches!(site.centre.files_get(device(&b), &get), Err(CentreError::Revoked)));
    drop(dirs);
}

/// I22: after an erasure no copy of a file stays anywhere, and everything still verifies.
#[test]
fn an_erased_file_goes_everywhere_and_never_comes_back() {
    let Two { mut site, mut a, mut b, order, dirs } = Two::new();
    let plain = 1_000;
    let content = sealed(plain, 7);
    let file = add(&mut a, &order, &content, plain);
    a.sync(&mut site).unwrap();
    rounds(&mut b, &mut site);
    let on_disk = |dir: &Path| find(dir, &file.1.to_hex()).len();
    assert_eq!([dirs.0.path(), dirs.1.path(), site.dir.path()].map(on_disk), [1, 1, 1]);
    erase(&mut site, &order, file, &mut a, &mut b);
    assert_eq!([dirs.0.path(), dirs.1.path(), site.dir.path()].map(on_disk), [0, 0, 0]);
    for pc in [&mut a, &mut b] {
        assert!(row(pc, file).erased);
        assert_eq!(pc.console.store().unwrap().file_key(file.0, file.1).unwrap(), None);
        pc.healthy();
    }
    let put =
        PutRequest { log: LOG.into(), hash: file.1.0.into(), from: 0, bytes: content.as_slice().into() };
    assert!(matches!(site.centre.files_put(device(&a), &put.encode()), Err(CentreError::NoFile)));
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

/// The checks of I19 and I22 see a centre that breaks them: one that forgot the class of a file hands it to
/// a console without the right, one that forgot an erasure hands it out again.
#[test]
fn a_centre_that_forgets_a_right_or_an_erasure_is_found() {
    let Two { mut site, mut a, mut b, order, dirs: _dirs } = Two::new();
    let content = sealed(1_000, 13);
    let file = add(&mut a, &order, &content, 1_000);
    a.sync(&mut site).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let blind = enrolled(&mut site, dir.path(), LOG, &["restricted"], 13);
    let get = GetRequest { log: LOG.into(), hash: file.1.to_hex(), from: 0, bytes_max: 9_999 };
    assert!(matches!(site.centre.files_get(device(&blind), &get), Err(CentreError::NoFile)));
    sabotage(&site, "UPDATE file SET class = 'restricted'");
    assert_eq!(site.centre.files_get(device(&blind), &get).unwrap(), content, "I19 is broken, and it shows");

    let kept = find(site.dir.path(), &file.1.to_hex()).remove(0);
    erase(&mut site, &order, file, &mut a, &mut b);
    assert!(matches!(site.centre.files_get(device(&a), &get), Err(CentreError::NoFile)));
    sabotage(&site, "UPDATE file SET erased = 0");
    std::fs::write(kept, &content).unwrap();
    assert_eq!(find(site.dir.path(), &file.1.to_hex()).len(), 1, "I22 is broken, and it shows");
    assert_eq!(site.centre.files_get(device(&a), &get).unwrap(), content);
}

fn find(dir: &Path, name: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(find(&path, name));
        } else if path.file_name().unwrap().to_string_lossy().starts_with(name) {
            found.push(path);
        }
    }
    found
}

#[test]
fn what_was_handed_in_and_never_named_goes_at_the_next_start_and_nothing_else() {
    let Two { site: _site, mut a, order, dirs, .. } = Two::new();
    let (kept, stray) = (sealed(900, 8), sealed(901, 9));
    // The program ended right after the event was written, before the content was given its name.
    let kept_hash = a.console.store().unwrap().put_file(&kept).unwrap();
    let event = name(&mut a, &order, kept_hash, 900, true);
    let stray_hash = a.console.store().unwrap().put_file(&stray).unwrap();
    let a = a.restart(dirs.0.path());
    assert!(row(&a, (event, kept_hash)).is_here());
    let store = a.console.store().unwrap();
    assert_eq!(store.file_content(kept_hash).unwrap(), kept);
    assert!(store.file_content(stray_hash).is_err());
    assert_eq!(find(dirs.0.path(), &stray_hash.to_hex()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_damaged_file_is_found_and_a_wrong_one_never_counts() {
    let Two { mut site, mut a, mut b, order, dirs } = Two::new();
    let plain = 2_000;
    let file = add(&mut a, &order, &sealed(plain, 10), plain);
    a.sync(&mut site).unwrap();
    // At the centre.
    let path = find(site.dir.path(), &file.1.to_hex()).remove(0);
    let good = std::fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[100] ^= 1;
    std::fs::write(&path, &bad).unwrap();
    assert!(site.centre.verify().unwrap().bad.unwrap().what.contains(&file.1.to_hex()));
    b.sync(&mut site).unwrap();
    assert_eq!(row(&b, file).here, 0, "what does not fit its hash is dropped");
    std::fs::write(&path, &good).unwrap();
    b.sync(&mut site).unwrap();
    assert!(row(&b, file).is_here());
    // Here.
    std::fs::write(find(dirs.1.path(), &file.1.to_hex()).remove(0), &bad).unwrap();
    let problems = b.console.store_mut().unwrap().verify().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.what.contains(&file.1.to_hex())), "{problems:?}");
}

#[test]
fn a_backup_holds_the_files_and_gives_them_back() {
    let Two { mut site, mut a, order, dirs: _dirs, .. } = Two::new();
    let content = sealed(5_000, 11);
    let (_, hash) = add(&mut a, &order, &content, 5_000);
    a.sync(&mut site).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("copy.db");
    let made = site.centre.back_up(&to, |_| Ok((0, String::new()))).unwrap();
    assert_eq!((made.files, made.file_bytes), (1, sealed_bytes(5_000)));
    std::fs::remove_file(find(site.dir.path(), &hash.to_hex()).remove(0)).unwrap();
    assert_eq!(site.centre.verify().unwrap().files_missing, 1);
    assert_eq!(zaigang_center::core::restore_files(&site.centre, &to).unwrap(), 1);
    assert_eq!(site.centre.verify().unwrap().files, 1);
}

#[test]
fn a_range_fits_the_wire() {
    let range = vec![0; RANGE_BYTES_MAX];
    let put = PutRequest {
        log: "c/".to_owned() + &"x".repeat(200),
        hash: [1; 32].into(),
        from: u64::MAX,
        bytes: range.as_slice().into(),
    };
    assert!(put.encode().len() <= zaigang_sync::file::PUT_BYTES_MAX);
}
