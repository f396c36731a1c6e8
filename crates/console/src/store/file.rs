//! The store's file: one owner, a local disk, the key, and what happens to a damaged one.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use super::error::{Result, StoreError};
use super::migrate;

/// The store's key: 32 random bytes, never derived from a password.
pub type StoreKey = Zeroizing<[u8; 32]>;

/// Name of the store in a profile's folder.
pub const STORE_FILE: &str = "store.db";
/// Name of the file whose lock makes one process the owner of a profile.
pub const LOCK_FILE: &str = "owner.lock";

/// File systems where SQLite's locks and shared memory do not hold.
const NETWORK_TYPES: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "ceph",
    "lustre",
    "glusterfs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "davfs",
    "fuse.davfs2",
    "fuse.rclone",
    "gfs2",
    "ocfs2",
];

/// Ownership of a profile's folder, until dropped.
#[derive(Debug)]
pub struct ProfileLock {
    _file: File,
}

/// Makes this process the owner of a profile's folder, creating the folder where it is missing.
///
/// # Errors
/// [`StoreError::InUse`], [`StoreError::NetworkDrive`] or [`StoreError::File`].
pub fn own_profile(dir: &Path) -> Result<ProfileLock> {
    create_private_dir(dir)?;
    refuse_network_drive(dir)?;
    let file = private(OpenOptions::new().create(true).write(true).truncate(false))
        .open(dir.join(LOCK_FILE))
        .map_err(StoreError::file("opening the owner lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(ProfileLock { _file: file }),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(std::fs::TryLockError::Error(source)) => Err(StoreError::file("locking the profile")(source)),
    }
}

/// Creates a folder that only its owner may enter.
pub(crate) fn create_private_dir(dir: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(StoreError::file("creating the profile's folder"))
}

/// Makes a file be created readable by its owner only.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[expect(clippy::disallowed_methods, reason = "the kernel's table of mounts tells network drives apart")]
fn refuse_network_drive(dir: &Path) -> Result<()> {
    let full = dir.canonicalize().map_err(StoreError::file("looking at the profile's folder"))?;
    // Elsewhere than on Linux there is no such table, and the check is left to the installer.
    let table = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    match file_system_type(&table, &full) {
        Some(kind) if NETWORK_TYPES.contains(&kind) => Err(StoreError::NetworkDrive(kind.to_owned())),
        _ => Ok(()),
    }
}

/// The file system type of the innermost mount that holds `path`, by `/proc/self/mountinfo`.
fn file_system_type<'t>(table: &'t str, path: &Path) -> Option<&'t str> {
    let mounts = table.lines().filter_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let point = left.split(' ').nth(4)?.replace("\\040", " ");
        Some((point, right.split(' ').next()?))
    });
    // The last of several mounts on one point is the one seen.
    mounts
        .filter(|(point, _)| path.starts_with(point))
        .max_by_key(|(point, _)| point.len())
        .map(|(_, kind)| kind)
}

/// Opens the store in `dir` with its key and brings it to this program's version.
///
/// # Errors
/// [`StoreError::Newer`]; [`StoreError::Damaged`] after setting the file aside under a name that
/// ends in `suffix`; [`StoreError::Sqlite`].
pub(crate) fn open(dir: &Path, key: &StoreKey, suffix: &str) -> Result<Connection> {
    let path = dir.join(STORE_FILE);
    match open_keyed(&path, key) {
        Err(error) if error.is_damage() => {
            let aside = set_aside(&path, suffix)?;
            Err(StoreError::Damaged { aside, detail: error.to_string() })
        }
        other => other,
    }
}

/// Whether the store in `dir` opens with this key; changes nothing.
pub(crate) fn opens_with(dir: &Path, key: &StoreKey) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(dir.join(STORE_FILE), flags).is_ok_and(|conn| apply_key(&conn, key).is_ok())
}

fn open_keyed(path: &Path, key: &StoreKey) -> Result<Connection> {
    // Created here, so that it is never readable by others, not even for a moment.
    private(OpenOptions::new().create(true).append(true))
        .open(path)
        .map_err(StoreError::file("opening the store"))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    apply_key(&conn, key)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA busy_timeout = 5000;",
    )?;
    conn.set_prepared_statement_cache_capacity(128);
    migrate::migrate(&mut conn)?;
    Ok(conn)
}

/// Gives SQLCipher the raw key. Nothing can be read before, and a wrong one shows at the first read.
pub(crate) fn apply_key(conn: &Connection, key: &StoreKey) -> Result<()> {
    // Its own log goes to stderr, which belongs to the program.
    conn.execute_batch("PRAGMA cipher_log = off;")?;
    conn.execute_batch(&key_pragma("key", key))?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}

/// `PRAGMA <name> = "x'…'"` with the key in hex.
pub(crate) fn key_pragma(name: &str, key: &StoreKey) -> Zeroizing<String> {
    use std::fmt::Write as _;
    let mut text = Zeroizing::new(String::with_capacity(96));
    let _ = write!(text, "PRAGMA {name} = \"x'");
    for byte in key.iter() {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str("'\";");
    text
}

/// Renames the store and what belongs to it; it is never deleted.
fn set_aside(path: &Path, suffix: &str) -> Result<PathBuf> {
    let name = |extra: &str| path.with_file_name(format!("{STORE_FILE}.damaged-{suffix}{extra}"));
    for extra in ["", "-wal", "-shm"] {
        let from = path.with_file_name(format!("{STORE_FILE}{extra}"));
        if from.exists() {
            std::fs::rename(&from, name(extra))
                .map_err(StoreError::file("setting the damaged store aside"))?;
        }
    }
    Ok(name(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_decides() {
        let table = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                     40 22 0:40 / /srv rw shared:1 - nfs4 server:/srv rw\n\
                     41 40 0:41 / /srv/a\\040b rw - xfs /dev/sdb rw";
        let kind = |path: &str| file_system_type(table, Path::new(path));
        assert_eq!(kind("/var/x"), Some("ext4"));
        assert_eq!(kind("/srv/x"), Some("nfs4"));
        assert_eq!(kind("/srvstead"), Some("ext4"));
        assert_eq!(kind("/srv/a b/c"), Some("xfs"));
    }
}
