//! The folder with the encrypted content of files: `<hash>` once whole and named by an event, `<hash>.new`
//! from when it was handed in until then, `<hash>.part` while it comes from the centre.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use zaigang_sync::Hash;
use zaigang_sync::hash::{Use, digest};

use super::file::{create_private_dir, private};

/// The folder of a profile.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

/// What a name in the folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Whole,
    New,
    Part,
}

impl Kept {
    fn ending(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::New => ".new",
            Self::Part => ".part",
        }
    }
}

impl Folder {
    pub(crate) fn of(profile: &Path) -> Self {
        Self(profile.join("files"))
    }

    fn path(&self, hash: Hash, kept: Kept) -> PathBuf {
        self.0.join(format!("{hash}{}", kept.ending()))
    }

    fn make(&self) -> io::Result<()> {
        create_private_dir(&self.0).map_err(io::Error::other)
    }

    /// Keeps what was handed in: whole on disk before this returns.
    pub(crate) fn put_new(&self, hash: Hash, sealed: &[u8]) -> io::Result<()> {
        self.make()?;
        let path = self.path(hash, Kept::New);
        let mut file = private(OpenOptions::new().create(true).write(true).truncate(true)).open(&path)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        self.sync()
    }

    /// What was handed in is named by an event now.
    pub(crate) fn settle_new(&self, hash: Hash) -> io::Result<()> {
        match std::fs::rename(self.path(hash, Kept::New), self.path(hash, Kept::Whole)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Bytes of a part.
    pub(crate) fn part_bytes(&self, hash: Hash) -> io::Result<u64> {
        match std::fs::metadata(self.path(hash, Kept::Part)) {
            Ok(file) => Ok(file.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Adds a range that follows on what is here; gives the bytes here. With the last of `total` the hash
    /// is verified: a content that does not fit is dropped, and 0 given.
    pub(crate) fn append(&self, hash: Hash, bytes: &[u8], total: u64) -> io::Result<u64> {
        self.make()?;
        let path = self.path(hash, Kept::Part);
        let mut file = private(OpenOptions::new().create(true).append(true)).open(&path)?;
        file.write_all(bytes)?;
        let here = file.metadata()?.len();
        if here < total {
            return Ok(here);
        }
        file.sync_all()?;
        if here > total || digest(Use::File, &[&read(&path)?]) != hash {
            std::fs::remove_file(&path)?;
            return Ok(0);
        }
        std::fs::rename(&path, self.path(hash, Kept::Whole))?;
        self.sync()?;
        Ok(here)
    }

    /// A whole content.
    pub(crate) fn read(&self, hash: Hash) -> io::Result<Vec<u8>> {
        match read(&self.path(hash, Kept::Whole)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => read(&self.path(hash, Kept::New)),
            done => done,
        }
    }

    /// A range of a whole content.
    #[expect(clippy::disallowed_methods, reason = "the folder's own files")]
    pub(crate) fn range(&self, hash: Hash, from: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(self.path(hash, Kept::Whole))?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(bytes_max as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn remove(&self, hash: Hash, kept: Kept) -> io::Result<()> {
        match std::fs::remove_file(self.path(hash, kept)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Everything in it that it knows.
    pub(crate) fn list(&self) -> io::Result<Vec<(Hash, Kept)>> {
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            let (hash, ending) = name.split_once('.').unwrap_or((&name, ""));
            let kept = [Kept::Whole, Kept::New, Kept::Part];
            let kept = kept.into_iter().find(|kept| kept.ending().trim_start_matches('.') == ending);
            if let (Some(hash), Some(kept)) = (Hash::from_hex(hash), kept) {
                found.push((hash, kept));
            }
        }
        Ok(found)
    }

    #[expect(clippy::disallowed_methods, reason = "a folder is synced after a change of names in it")]
    fn sync(&self) -> io::Result<()> {
        std::fs::File::open(&self.0)?.sync_all()
    }
}

#[expect(clippy::disallowed_methods, reason = "the folder's own files")]
fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}
