//! The content of files, encrypted, in a folder beside the database: `files/<log>/<hash>`, and
//! `<hash>.part` while it comes. What is whole was verified, synced and moved into place; only what was
//! erased is ever removed.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use zaigang_sync::Hash;
use zaigang_sync::hash::{PartHasher, Use};

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct FileBox(PathBuf);

/// How much of a file is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Bytes.
    pub(crate) bytes: u64,
    /// Verified and in place.
    pub(crate) whole: bool,
}

impl FileBox {
    /// The folder beside a database.
    pub(crate) fn beside(database: &Path) -> Self {
        Self(database.with_file_name("files"))
    }

    /// A log's own folder: its name with the strokes written as a URL writes them.
    fn of_log(&self, log: &str) -> PathBuf {
        self.0.join(log.replace('%', "%25").replace('/', "%2F"))
    }

    fn path(&self, log: &str, hash: Hash) -> PathBuf {
        self.of_log(log).join(hash.to_hex())
    }

    fn part(&self, log: &str, hash: Hash) -> PathBuf {
        self.of_log(log).join(format!("{hash}.part"))
    }

    pub(crate) fn stored(&self, log: &str, hash: Hash) -> io::Result<Stored> {
        if let Some(bytes) = size(&self.path(log, hash))? {
            return Ok(Stored { bytes, whole: true });
        }
        Ok(Stored { bytes: size(&self.part(log, hash))?.unwrap_or(0), whole: false })
    }

    /// Takes the next range of a file of `total` bytes; what does not begin where the file ends, or
    /// passes its end, changes nothing. With the last byte the hash is verified: a file that does not
    /// fit is dropped and begins anew. A file that was cut off between its last byte and that is
    /// verified with whatever comes next.
    pub(crate) fn append(
        &self,
        log: &str,
        hash: Hash,
        from: u64,
        bytes: &[u8],
        total: u64,
    ) -> io::Result<Stored> {
        let stored = self.stored(log, hash)?;
        let end = from.saturating_add(bytes.len() as u64);
        if !stored.whole && stored.bytes >= total {
            return self.finish(log, hash, total);
        }
        if stored.whole || stored.bytes != from || bytes.is_empty() || end > total {
            return Ok(stored);
        }
        make_private(&self.of_log(log))?;
        private(OpenOptions::new().create(true).append(true)).open(self.part(log, hash))?.write_all(bytes)?;
        if end < total {
            return Ok(Stored { bytes: end, whole: false });
        }
        self.finish(log, hash, total)
    }

    /// Verifies a file whose bytes are all there, and moves it into place.
    fn finish(&self, log: &str, hash: Hash, total: u64) -> io::Result<Stored> {
        let part = self.part(log, hash);
        OpenOptions::new().append(true).open(&part)?.sync_all()?;
        if digest_of(&part, total)? != hash {
            std::fs::remove_file(&part)?;
            return Ok(Stored { bytes: 0, whole: false });
        }
        std::fs::rename(&part, self.path(log, hash))?;
        sync_folder(&self.of_log(log))?;
        Ok(Stored { bytes: total, whole: true })
    }

    /// A range of a whole file.
    #[expect(clippy::disallowed_methods, reason = "host: the content of files is read here")]
    pub(crate) fn read(&self, log: &str, hash: Hash, from: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(self.path(log, hash))?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(bytes_max as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether a whole file is what its name says.
    pub(crate) fn is_sound(&self, log: &str, hash: Hash, total: u64) -> io::Result<bool> {
        Ok(digest_of(&self.path(log, hash), total)? == hash)
    }

    /// Removes a file, whole or not; says whether there was one.
    pub(crate) fn remove(&self, log: &str, hash: Hash) -> io::Result<bool> {
        let mut found = false;
        for path in [self.path(log, hash), self.part(log, hash)] {
            match std::fs::remove_file(path) {
                Ok(()) => found = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Copies a whole file into another folder, where it is not there yet; gives its size.
    pub(crate) fn copy(&self, to: &Self, log: &str, hash: Hash) -> io::Result<u64> {
        make_private(&to.of_log(log))?;
        let (part, path) = (to.part(log, hash), to.path(log, hash));
        if let Some(bytes) = size(&path)? {
            return Ok(bytes);
        }
        let bytes = std::fs::copy(self.path(log, hash), &part)?;
        private(OpenOptions::new().append(true)).open(&part)?.sync_all()?;
        std::fs::rename(&part, path)?;
        Ok(bytes)
    }

    /// A folder of this name.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }
}

fn size(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some(file.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[expect(clippy::disallowed_methods, reason = "host: the content of files is read here")]
fn digest_of(path: &Path, total: u64) -> io::Result<Hash> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = PartHasher::new(Use::File, total);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

#[expect(clippy::disallowed_methods, reason = "host: a folder is synced after a rename in it")]
fn sync_folder(path: &Path) -> io::Result<()> {
    std::fs::File::open(path)?.sync_all()
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zaigang_sync::hash::digest;

    #[test]
    fn a_file_comes_in_ranges_is_verified_and_goes_when_erased() {
        let dir = tempfile::tempdir().unwrap();
        let files = FileBox::beside(&dir.path().join("centre.db"));
        let (log, content) = ("c/x/d/E总队", b"abcdefgh");
        let hash = digest(Use::File, &[content]);
        let stored = |bytes, whole| Stored { bytes, whole };
        assert_eq!(files.append(log, hash, 0, b"abc", 8).unwrap(), stored(3, false));
        assert_eq!(files.append(log, hash, 0, b"abc", 8).unwrap(), stored(3, false), "twice is once");
        assert_eq!(files.append(log, hash, 5, b"fgh", 8).unwrap(), stored(3, false), "a gap is not taken");
        assert_eq!(
            files.append(log, hash, 3, b"defghi", 8).unwrap(),
            stored(3, false),
            "nor what is too long"
        );
        assert_eq!(files.append(log, hash, 3, b"defgh", 8).unwrap(), stored(8, true));
        assert_eq!(files.append(log, hash, 8, b"x", 8).unwrap(), stored(8, true));
        assert_eq!(files.read(log, hash, 2, 3).unwrap(), b"cde");
        assert!(files.is_sound(log, hash, 8).unwrap());
        let other = digest(Use::File, &[b"other"]);
        assert_eq!(files.append(log, other, 0, b"wrong", 5).unwrap(), stored(0, false), "it begins anew");
        assert!(files.remove(log, hash).unwrap() && !files.remove(log, hash).unwrap());
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "puts on disk what a crash leaves there")]
    fn a_file_cut_off_before_it_was_verified_is_finished_by_the_next_range() {
        let dir = tempfile::tempdir().unwrap();
        let files = FileBox::beside(&dir.path().join("centre.db"));
        let hash = digest(Use::File, &[b"abcdefgh"]);
        for (on_disk, expected) in
            [("abcdefgh", (8, true)), ("abcdefg?", (0, false)), ("abcdefghi", (0, false))]
        {
            assert_eq!(files.append("x", hash, 0, b"a", 8).unwrap(), Stored { bytes: 1, whole: false });
            std::fs::write(files.part("x", hash), on_disk).unwrap();
            // A console never counts the last byte as there before all of it is.
            let stored = files.append("x", hash, 7, b"h", 8).unwrap();
            assert_eq!((stored.bytes, stored.whole), expected, "{on_disk}");
            files.remove("x", hash).unwrap();
        }
    }
}
