//! Files on their way in: handed over in pieces by the screen, looked into once whole, encrypted, and kept
//! until they are added to an order or discarded.

use std::collections::BTreeMap;
use std::fmt;

use zaigang_domain::file::{FILE_BYTES_MAX, FILES_MAX, FileType, Finding, findings};
use zeroize::Zeroizing;

use super::seal::FileKey;

/// Most files that lie ready or come in at one time: twice what one event takes.
const STAGED_MAX: usize = 2 * FILES_MAX;

/// A file that lies ready, encrypted.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) hash: zaigang_sync::Hash,
    pub(crate) key: FileKey,
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) file_type: FileType,
    pub(crate) findings: Vec<Finding>,
}

// Neither key nor name nor content: what is printed may end in a log.
impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Ready");
        out.field("hash", &self.hash).field("bytes", &self.bytes).field("file_type", &self.file_type);
        out.finish_non_exhaustive()
    }
}

/// A file that comes in.
#[derive(Default)]
pub(crate) struct Incoming {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) content: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let here = self.content.len();
        f.debug_struct("Incoming").field("bytes", &self.bytes).field("here", &here).finish_non_exhaustive()
    }
}

/// Why a piece was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too many files wait.
    TooMany,
    /// It does not follow on what came before.
    Gap,
}

/// All of them, by the screen's own number for each.
#[derive(Debug, Default)]
pub(crate) struct Staging {
    incoming: BTreeMap<String, Incoming>,
    ready: BTreeMap<String, Ready>,
}

impl Staging {
    /// Takes a piece; gives the whole content once it is there.
    pub(crate) fn take(
        &mut self,
        upload: &str,
        name: &str,
        bytes: u64,
        from: u64,
        piece: &[u8],
    ) -> Result<Option<Incoming>, Refused> {
        if from == 0 {
            // One content at a time is held in memory: one left half way is begun anew.
            self.incoming.clear();
            if self.ready.len() >= STAGED_MAX {
                return Err(Refused::TooMany);
            }
            let room = usize::try_from(bytes.min(FILE_BYTES_MAX)).unwrap_or(0);
            let content = Zeroizing::new(Vec::with_capacity(room));
            self.incoming.insert(upload.to_owned(), Incoming { name: name.to_owned(), bytes, content });
        }
        let Some(incoming) = self.incoming.get_mut(upload) else { return Err(Refused::Gap) };
        let here = incoming.content.len() as u64;
        if here != from || here + piece.len() as u64 > incoming.bytes {
            return Err(Refused::Gap);
        }
        incoming.content.extend_from_slice(piece);
        let whole = incoming.content.len() as u64 == incoming.bytes;
        Ok(if whole { self.incoming.remove(upload) } else { None })
    }

    pub(crate) fn keep(&mut self, upload: &str, ready: Ready) -> Option<Ready> {
        self.ready.insert(upload.to_owned(), ready)
    }

    pub(crate) fn ready(&self, upload: &str) -> Option<&Ready> {
        self.ready.get(upload)
    }

    /// Forgets one that was added or discarded.
    pub(crate) fn forget(&mut self, upload: &str) -> Option<Ready> {
        self.incoming.remove(upload);
        self.ready.remove(upload)
    }

    /// Forgets all; gives those that lay ready.
    pub(crate) fn clear(&mut self) -> Vec<Ready> {
        self.incoming.clear();
        std::mem::take(&mut self.ready).into_values().collect()
    }
}

/// What a name, and a text's content, seem to contain.
pub(crate) fn look(name: &str, file_type: FileType, content: &[u8]) -> Vec<Finding> {
    let mut found = findings(name);
    if file_type.is_text() {
        // Digits and Latin letters are the same in every encoding at hand; a plate needs its province.
        found.extend(findings(&String::from_utf8_lossy(content)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_follow_each_other_and_a_new_file_begins_anew() {
        let mut staging = Staging::default();
        assert!(staging.take("a", "a.txt", 5, 0, b"ab").unwrap().is_none());
        assert_eq!(staging.take("a", "a.txt", 5, 1, b"b").unwrap_err(), Refused::Gap);
        assert_eq!(staging.take("a", "a.txt", 5, 2, b"cdef").unwrap_err(), Refused::Gap, "longer than told");
        let whole = staging.take("a", "a.txt", 5, 2, b"cde").unwrap().unwrap();
        assert_eq!((whole.name.as_str(), whole.content.as_slice()), ("a.txt", b"abcde".as_slice()));
        assert!(staging.take("b", "b.txt", 5, 0, b"ab").unwrap().is_none());
        assert!(staging.take("c", "c.txt", 2, 0, b"x").unwrap().is_none());
        assert_eq!(staging.take("b", "b.txt", 5, 2, b"c").unwrap_err(), Refused::Gap);
    }

    #[test]
    fn printing_tells_neither_key_nor_name_nor_content() {
        let mut staging = Staging::default();
        let ready = Ready {
            hash: zaigang_sync::Hash([1; 32]),
            key: FileKey::new([171; 32]),
            name: "13812345678.jpg".into(),
            bytes: 5,
            file_type: FileType::Jpg,
            findings: vec![],
        };
        staging.keep("a", ready);
        staging.take("b", "13987654321.txt", 5, 0, &[204, 204]).unwrap();
        let text = format!("{staging:?}");
        for told in ["171", "204", "138", "139"] {
            assert!(!text.contains(told), "{text}");
        }
    }

    #[test]
    fn names_and_texts_are_looked_into() {
        assert_eq!(look("13812345678.jpg", FileType::Jpg, b"13812345678"), [Finding::Phone]);
        assert_eq!(
            look("a.txt", FileType::Txt, "桂A12345 13812345678".as_bytes()),
            [Finding::Phone, Finding::Plate]
        );
        assert_eq!(look("a.jpg", FileType::Jpg, b"13812345678"), [], "an image is not read");
    }
}
