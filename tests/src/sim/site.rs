//! The site of every run, founded once per process and copied per seed: a centre, users with roles,
//! five enrolled consoles, keys certified.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, anyhow, ensure};
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use zaigang_center::core::{Centre, CodeRequest, Founding, NewUser};
use zaigang_center::host::Host;
use zaigang_console::host::FixedHost;
use zaigang_console::store::{Identity, StoreKey};
use zaigang_domain::people::Role;
use zaigang_sync::hex;
use zaigang_sync::protocol::{EnrolRequest, EnrolmentCode, LogInRequest};

use super::centre::{CENTRE_KEY, CentreHost, SimCentre};
use super::console::Console;

/// The contract of every run.
pub const CONTRACT: &str = "sim";
/// Log of the store of runs with stock.
pub const STORE: &str = "c/sim/s/main";
/// Consoles the site has.
pub const CONSOLES: usize = 5;
/// 2025-10-01 08:00 +08:00, Unix milliseconds.
const START_MS: i64 = 1_759_276_800_000;
const PASSWORD: &str = "Simulator-2025";

const E: &str = "E总队";
const A: &str = "A总队";

/// Divisions whose orders a console holds.
#[must_use]
pub fn divisions_at(index: usize) -> &'static [&'static str] {
    match index {
        0 | 2 => &[E, A],
        4 => &[A],
        _ => &[E],
    }
}

/// Log-in names of the users who work at a console.
#[must_use]
pub fn users_at(index: usize) -> &'static [&'static str] {
    match index {
        0 => &["e1", "d1", "adm"],
        1 => &["e2", "s1", "e1"],
        2 => &["e3", "d1", "e2"],
        3 => &["b1", "e2", "s1"],
        _ => &["e1", "e3"],
    }
}

const PEOPLE: [(&str, Role, &[&str]); 7] = [
    ("e1", Role::Engineer, &[E]),
    ("e2", Role::Engineer, &[E]),
    ("e3", Role::Engineer, &[A]),
    ("d1", Role::Dispatcher, &[]),
    ("s1", Role::Supervisor, &[]),
    ("b1", Role::BuyerContact, &[E]),
    ("adm", Role::Administrator, &[]),
];

/// The founded site, in memory: a static is never dropped, and a folder of its own would stay behind.
struct Template {
    /// Name within the folder → content.
    files: BTreeMap<PathBuf, Vec<u8>>,
    mark: Option<String>,
    ids: BTreeMap<String, String>,
}

static TEMPLATE: OnceLock<std::result::Result<Template, String>> = OnceLock::new();
/// The same where every console holds the store's log.
static STOCKED: OnceLock<std::result::Result<Template, String>> = OnceLock::new();

/// A folder with copies of the site's files, gone when dropped.
pub struct Scratch {
    dir: TempDir,
    template: &'static Template,
}

/// Where files go: memory where there is some.
fn folder() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let builder = tempfile::Builder::new().prefix("zaigang-sim-").to_owned();
    Ok(if memory.is_dir() { builder.tempdir_in(memory)? } else { builder.tempdir()? })
}

/// Copies the site for a run.
///
/// # Errors
/// When the site cannot be founded or copied.
pub fn scratch(consoles: usize, stock: bool) -> Result<Scratch> {
    let template = if stock { &STOCKED } else { &TEMPLATE };
    let template = template.get_or_init(|| found(stock).map_err(|error| format!("{error:#}")));
    let template = template.as_ref().map_err(|error| anyhow!("founding the site: {error}"))?;
    let dir = folder()?;
    for (name, bytes) in &template.files {
        let wanted =
            (0..consoles).any(|index| name.starts_with(console_name(index))) || name.starts_with("centre.db");
        if wanted {
            put(&dir.path().join(name), bytes)?;
        }
    }
    Ok(Scratch { dir, template })
}

/// Copies a console's store with its write-ahead log.
///
/// # Errors
/// The file system's.
pub fn copy_store(from: &Path, to: &Path) -> Result<()> {
    copy_files(from, to, &["store.db", "store.db-wal"])
}

/// Copies files that exist; removes those that do not.
///
/// # Errors
/// The file system's.
pub fn copy_files(from: &Path, to: &Path, names: &[&str]) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for name in names {
        let (from, to) = (from.join(name), to.join(name));
        if from.exists() {
            std::fs::copy(from, to)?;
        } else if to.exists() {
            std::fs::remove_file(to)?;
        }
    }
    Ok(())
}

fn console_name(index: usize) -> String {
    format!("console{index}")
}

impl Scratch {
    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The user's id.
    #[must_use]
    pub fn user(&self, login: &str) -> String {
        self.template.ids.get(login).cloned().unwrap_or_default()
    }

    /// Opens the centre.
    ///
    /// # Errors
    /// What the centre says.
    pub fn open_centre(&self, seed: u64) -> Result<SimCentre> {
        let host = CentreHost::new(START_MS + 3_600_000, seed ^ 0xCE);
        host.set_mark(self.template.mark.clone());
        Ok(SimCentre::open(&self.dir.path().join("centre.db"), Arc::new(host))?)
    }

    /// Opens a console.
    ///
    /// # Errors
    /// What the store says.
    pub fn open_console(&self, index: usize, seed: u64) -> Result<Console> {
        self.open_console_in(index, seed, &self.dir.path().join(console_name(index)))
    }

    /// Opens a copy of a console in another folder.
    ///
    /// # Errors
    /// What the store says.
    pub fn open_console_in(&self, index: usize, seed: u64, dir: &Path) -> Result<Console> {
        let now = jiff::Timestamp::from_millisecond(START_MS + 3_600_000)?;
        let host = Arc::new(FixedHost::new(now, seed.wrapping_mul(31).wrapping_add(index as u64)));
        let keys = users_at(index).iter().map(|login| (self.user(login), user_key(login, index))).collect();
        Console::open(index, dir, &store_key(index), host, keys)
    }

    /// A path for a copy.
    #[must_use]
    pub fn path_for(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn store_key(index: usize) -> StoreKey {
    StoreKey::new([index as u8 + 1; 32])
}

/// Key of a console as a device.
pub(super) fn device_key(index: usize) -> SigningKey {
    SigningKey::from_bytes(&[0xD0 | index as u8; 32])
}

fn user_key(login: &str, index: usize) -> SigningKey {
    let mut seed = [index as u8; 32];
    for (slot, byte) in seed.iter_mut().zip(login.bytes()) {
        *slot = byte;
    }
    SigningKey::from_bytes(&seed)
}

fn found(stock: bool) -> Result<Template> {
    let dir = folder()?;
    let host = Arc::new(CentreHost::new(START_MS, 1));
    let founding =
        Founding { site: "模拟".into(), address: "https://centre".into(), ..Founding::default() };
    let path = dir.path().join("centre.db");
    let mut centre = Centre::create(&path, Arc::clone(&host) as Arc<dyn Host>, &CENTRE_KEY, &founding)?;
    let mut ids = BTreeMap::new();
    for (login, role, divisions) in PEOPLE {
        let new = NewUser {
            login: login.into(),
            name: login.into(),
            roles: vec![role],
            divisions: divisions.iter().map(|d| (*d).to_owned()).collect(),
            password: Some(PASSWORD.into()),
            ..NewUser::default()
        };
        ids.insert(login.to_owned(), centre.user_add(&new)?.0);
    }
    let mut consoles = Vec::new();
    for index in 0..CONSOLES {
        consoles.push(enrol(&mut centre, dir.path(), index, stock)?);
    }
    drop(centre);
    in_step(&path, &host, &mut consoles)?;
    drop(consoles);
    let mut files = BTreeMap::new();
    for name in std::iter::once(PathBuf::from("centre.db"))
        .chain((0..CONSOLES).map(|i| Path::new(&console_name(i)).join("store.db")))
    {
        let bytes = take(&dir.path().join(&name))?;
        files.insert(name, bytes);
    }
    Ok(Template { files, mark: host.mark(), ids })
}

#[expect(clippy::disallowed_methods, reason = "the simulator's own scratch files")]
fn take(path: &Path) -> Result<Vec<u8>> {
    // Closing a store folds its write-ahead log into it: one file is all there is.
    ensure!(!path.with_extension("db-wal").exists(), "{} is still open", path.display());
    Ok(std::fs::read(path)?)
}

#[expect(clippy::disallowed_methods, reason = "the simulator's own scratch files")]
fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(path, bytes)?)
}

/// Two rounds each, since the first hello of a console adds a watermark to a log.
fn in_step(path: &Path, host: &Arc<CentreHost>, consoles: &mut [Console]) -> Result<()> {
    let mut centre = SimCentre::open(path, Arc::clone(host))?;
    for _ in 0..2 {
        for console in consoles.iter_mut() {
            let device = console.store.identity().context("just enrolled")?.device;
            while let Some(request) = console.next_request()? {
                let reply = centre.answer(device, &request, 1_000_000);
                console.take(&reply)?;
            }
        }
    }
    Ok(())
}

fn enrol(centre: &mut Centre, dir: &Path, index: usize, stock: bool) -> Result<Console> {
    let divisions = divisions_at(index).iter().map(|d| format!("c/{CONTRACT}/d/{d}"));
    let logs = divisions.chain(stock.then(|| STORE.to_owned())).collect();
    // Console 1 and 3 may not see personal parts.
    let classes = if index % 2 == 1 { vec!["none".to_owned()] } else { Vec::new() };
    let code = centre.device_code(&CodeRequest { name: String::new(), logs, classes })?;
    let code = EnrolmentCode::from_text(&code.text).map_err(|error| anyhow!("{error}"))?;
    let device = [0x10 + index as u8; 16];
    let key = device_key(index);
    let reply = centre.enrol(
        "sim",
        &EnrolRequest {
            secret: code.secret,
            device: hex::encode(&device),
            public_key: hex::encode(&key.verifying_key().to_bytes()),
            name: console_name(index),
        },
    )?;
    for login in users_at(index) {
        let user_key = hex::encode(&user_key(login, index).verifying_key().to_bytes());
        centre
            .login(device, &LogInRequest { login: (*login).into(), password: PASSWORD.into(), user_key })?;
    }
    let path = dir.join(console_name(index));
    std::fs::create_dir_all(&path)?;
    let host = Arc::new(FixedHost::new(jiff::Timestamp::from_millisecond(START_MS)?, index as u64));
    let mut console = Console::open(index, &path, &store_key(index), host, BTreeMap::new())?;
    let identity = Identity {
        device,
        incarnation: reply.incarnation,
        device_key: key,
        device_name: console_name(index),
        server_id: hex::decode(&reply.server_id).context("the centre's id is hex")?,
        centre_key: hex::decode(&reply.centre_key).context("the centre's key is hex")?,
        centre: "https://centre".into(),
        ca: String::new(),
        site: reply.site,
        recovery: None,
    };
    console.store.enrol(identity, &reply.logs)?;
    Ok(console)
}
