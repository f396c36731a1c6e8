//! Files of a log, in ranges: how far one is here, the next range of it, a range back.
//!
//! A file is taken and given only if an accepted event of the log names it, to devices that may have
//! the log and the sealed part with its key.

use zaigang_domain::event::Verdict;
use zaigang_domain::order::payload::{FILE_KEYS, Filed};
use zaigang_domain::record::Erased;
use zaigang_sync::Hash;
use zaigang_sync::envelope::Id;
use zaigang_sync::file::{
    GetRequest, HAS_MAX, HasReply, HasRequest, Held, HeldState, PutReply, PutRequest, RANGE_BYTES_MAX,
    sealed_bytes,
};

use super::Centre;
use super::work::{Ready, Work};
use crate::error::{CentreError, Result};
use crate::store::{self, FileRow, LogRow};

/// Why a file is neither taken nor given.
enum Absent {
    /// No accepted event names it, or its key is not for this device.
    Unknown,
    Erased,
}

impl Centre {
    /// How far the centre holds some files of a log.
    ///
    /// # Errors
    /// [`CentreError::Unauthorized`], [`CentreError::Revoked`], [`CentreError::NoRight`] for a log the
    /// device is not enrolled for, [`CentreError::BadRequest`], [`CentreError::Store`].
    pub fn files_has(&mut self, device: Id, request: &HasRequest) -> Result<HasReply> {
        if request.hashes.len() > HAS_MAX {
            return Err(CentreError::BadRequest(format!("more than {HAS_MAX} files asked about")));
        }
        let mut files = Vec::with_capacity(request.hashes.len());
        for hex in &request.hashes {
            let hash = hash_of(hex)?;
            let (state, bytes) = match self.file(device, &request.log, hash)? {
                Err(Absent::Unknown) => (HeldState::Unknown, 0),
                Err(Absent::Erased) => (HeldState::Erased, 0),
                Ok(_) => {
                    let stored = self.files.stored(&request.log, hash)?;
                    (if stored.whole { HeldState::Whole } else { HeldState::Part }, stored.bytes)
                }
            };
            files.push(Held { hash: hex.clone(), state, bytes });
        }
        Ok(HasReply { files })
    }

    /// Takes the next range of a file. Once all of it is there its hash is verified; one that does not
    /// fit is dropped, and the answer says that nothing is held.
    ///
    /// # Errors
    /// As [`Centre::files_has`], and [`CentreError::NoFile`].
    pub fn files_put(&mut self, device: Id, body: &[u8]) -> Result<PutReply> {
        let request = PutRequest::decode(body).map_err(|error| CentreError::BadRequest(error.to_string()))?;
        let hash = Hash(*request.hash);
        let row = self.file(device, &request.log, hash)?.map_err(|_| CentreError::NoFile)?;
        let stored = self.files.append(&request.log, hash, request.from, request.bytes, row.bytes)?;
        Ok(PutReply { bytes: stored.bytes, whole: stored.whole })
    }

    /// A range of a file that is here whole.
    ///
    /// # Errors
    /// As [`Centre::files_has`], and [`CentreError::NoFile`].
    pub fn files_get(&mut self, device: Id, request: &GetRequest) -> Result<Vec<u8>> {
        let hash = hash_of(&request.hash)?;
        self.file(device, &request.log, hash)?.map_err(|_| CentreError::NoFile)?;
        if !self.files.stored(&request.log, hash)?.whole {
            return Err(CentreError::NoFile);
        }
        let bytes_max = usize::try_from(request.bytes_max).unwrap_or(RANGE_BYTES_MAX).min(RANGE_BYTES_MAX);
        Ok(self.files.read(&request.log, hash, request.from, bytes_max)?)
    }

    /// The file as the first event that still names it to this device does.
    fn file(&mut self, device: Id, log: &str, hash: Hash) -> Result<std::result::Result<FileRow, Absent>> {
        self.look(|work| {
            let Some(row) = work.device(device)? else { return Err(CentreError::Unauthorized) };
            if row.revoked {
                return Err(CentreError::Revoked);
            }
            if !row.logs.iter().any(|name| name == log) {
                return Err(CentreError::NoRight(log.to_owned()));
            }
            let Some(LogRow { n, .. }) = work.log(log) else { return Ok(Err(Absent::Unknown)) };
            let mut named = store::files_named(work.conn, n, hash)?;
            named.retain(|file| file.device == device || row.classes.contains(&file.class));
            let any = !named.is_empty();
            let found = named.into_iter().find(|file| !file.erased);
            Ok(found.ok_or(if any { Absent::Erased } else { Absent::Unknown }))
        })
    }

    /// Removes the content of files that were erased.
    pub(super) fn drop_erased_files(&mut self) -> Result<()> {
        for (name, log) in store::logs(&self.conn)? {
            for hash in store::files_erased(&self.conn, log.n)? {
                self.files.remove(&name, hash)?;
            }
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Notes the files that an event names, once it counts. One that does not fit the state counts
    /// too: it is listed with what it names.
    pub(super) fn project_files(&mut self, log: &LogRow, event: &Ready<'_>, verdict: Verdict) -> Result<()> {
        let content = event.content;
        let counts = matches!(verdict, Verdict::Accepted | Verdict::Unreconciled);
        let (true, "order.filed") = (counts, content.kind.as_str()) else { return Ok(()) };
        let Ok(filed) = serde_json::from_str::<Filed>(&content.payload) else { return Ok(()) };
        let keys = (0_u8..).zip(&content.sealed).find(|(_, part)| part.name == FILE_KEYS);
        let (part, class) = keys.map_or((0, String::new()), |(at, part)| (at, part.class.clone()));
        for file in &filed.files {
            let Some(hash) = Hash::from_hex(&file.hash) else { continue };
            let row = FileRow {
                hash,
                bytes: sealed_bytes(file.bytes),
                event: *content.id,
                part,
                class: class.clone(),
                device: event.place.device,
                erased: false,
            };
            store::insert_file(self.conn, log.n, log.seq, &row)?;
        }
        Ok(())
    }

    /// Notes the files that go with an event's parts; their content goes after the commit.
    pub(super) fn erase_files(&mut self, log: &LogRow, erased: &Erased) -> Result<()> {
        store::erase_files_of(self.conn, log.n, erased.event.0, erased.part)?;
        for hash in erased.files.iter().filter_map(|hex| Hash::from_hex(hex)) {
            store::erase_file(self.conn, log.n, hash)?;
        }
        self.cache.files_erased = true;
        Ok(())
    }
}

fn hash_of(hex: &str) -> Result<Hash> {
    Hash::from_hex(hex).ok_or_else(|| CentreError::BadRequest("hash".into()))
}
