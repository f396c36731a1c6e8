//! The folder with what a person opened in another program: the only place where a file's content lies
//! plain. It is wiped at start, at lock and log-out, and at the end.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Name of the folder in a profile's.
const FOLDER: &str = "opened";

/// Writes a content under its own name into a fresh folder, readable by its owner and by nobody writable;
/// gives its path.
pub(crate) fn put(profile: &Path, unique: &str, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let folder = profile.join(FOLDER).join(unique);
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    let path = folder.join(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Read-only: what is typed into a copy would be lost without a word.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
    options.open(&path)?.write_all(content)?;
    Ok(path)
}

/// Removes the folder with all it holds. What another program holds open there stays readable to that
/// program until it lets go.
pub(crate) fn wipe(profile: &Path) {
    match std::fs::remove_dir_all(profile.join(FOLDER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "opened files could not be wiped; the next start tries again");
        }
        _ => {}
    }
}
