//! Files of the logs: which events name them, how much of each is here and at the centre, and their
//! content.
//!
//! Promises: a content is on disk whole before the event that names it is written, and goes only when it
//! was erased; what comes is verified before it counts as here; no fold depends on any of it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use zaigang_domain::event::EventId;
use zaigang_domain::order::payload::{FILE_KEYS, FileKeys, Filed};
use zaigang_domain::record::Erased;
use zaigang_sync::Hash;
use zaigang_sync::commit::VerdictCode;
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope};
use zaigang_sync::file::{HAS_MAX, sealed_bytes};
use zaigang_sync::hash::{Use, digest};
use zeroize::Zeroizing;

use super::error::{Result, StoreError};
use super::folder::{Folder, Kept};
use super::{Store, Topics};

/// Files up to this size come by themselves, larger ones when somebody asks for them; in encrypted bytes.
/// A guess: a photo of a phone comes, a film of a screen does not.
pub const EAGER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A file as an event names it, and where its content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The event.
    pub event: EventId,
    /// Hash of the encrypted content.
    pub hash: Hash,
    /// Size before encryption, in bytes.
    pub bytes: u64,
    /// Size of the encrypted content.
    pub sealed_bytes: u64,
    /// Whether the event counts; absent while pending.
    pub counts: Option<bool>,
    /// It was erased.
    pub erased: bool,
    /// Encrypted bytes on this disk.
    pub here: u64,
    /// Encrypted bytes the centre is known to hold.
    pub at_centre: u64,
    /// Somebody asked for it here.
    pub wanted: bool,
}

impl FileRow {
    /// Whether all of it is here.
    #[must_use]
    pub fn is_here(&self) -> bool {
        !self.erased && self.here >= self.sealed_bytes
    }
}

/// What a log's files need of the centre.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilePlan {
    /// How far the centre holds these is not known.
    pub ask: Vec<Hash>,
    /// The centre holds these whole, and they are wanted here: hash, bytes here.
    pub get: Vec<(Hash, u64)>,
}

/// Files on their way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileTraffic {
    /// Files still to be handed over, and their missing bytes.
    pub up: (u32, u64),
    /// Files still to be fetched, and their missing bytes.
    pub down: (u32, u64),
}

/// A picture of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRow {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Its bytes, JPEG.
    pub jpeg: Vec<u8>,
}

const NAMED: &str =
    "SELECT file.event, file.hash, file.bytes, content.sealed_bytes, file.verdict, file.erased,
        content.here, content.at_centre, content.wanted
     FROM file JOIN content ON content.log = file.log AND content.hash = file.hash";

/// Whether some event that counts still names the content.
const IS_NAMED: &str = "EXISTS (SELECT 1 FROM file WHERE file.hash = content.hash AND file.log = content.log
     AND file.erased = 0 AND file.verdict IN (0, 1))";

/// A content by its hash alone, whichever log it is of; by the index of the files that name it.
const OF_HASH: &str = "hash = ?1 AND log IN (SELECT file.log FROM file WHERE file.hash = ?1)";

fn read_row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let verdict: Option<u8> = row.get(4)?;
    Ok(FileRow {
        event: EventId(row.get(0)?),
        hash: Hash(row.get(1)?),
        bytes: row.get(2)?,
        sealed_bytes: row.get(3)?,
        counts: verdict.map(|verdict| verdict <= VerdictCode::Unreconciled as u8),
        erased: row.get(5)?,
        here: row.get(6)?,
        at_centre: row.get(7)?,
        wanted: row.get(8)?,
    })
}

/// Notes the files that an event names; told again with its verdict once it has one.
pub(crate) fn note(
    conn: &Connection,
    log: i64,
    entity: i64,
    event: &[u8],
    payload: &str,
    verdict: Option<VerdictCode>,
) -> Result<()> {
    let Ok(filed) = serde_json::from_str::<Filed>(payload) else { return Ok(()) };
    for (n, file) in filed.files.iter().enumerate() {
        let Some(hash) = Hash::from_hex(&file.hash) else { continue };
        conn.prepare_cached(
            "INSERT INTO file (event, n, log, entity, hash, bytes, verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET verdict = excluded.verdict",
        )?
        .execute(params![event, n, log, entity, hash.0, file.bytes, verdict.map(|code| code as u8)])?;
        conn.prepare_cached(
            "INSERT INTO content (log, hash, sealed_bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![log, hash.0, sealed_bytes(file.bytes)])?;
    }
    Ok(())
}

/// Marks the files that go with an erasure; their content goes after the transaction
/// ([`Store::drop_erased_files`]).
pub(crate) fn erase(conn: &Connection, log: i64, erased: &Erased) -> Result<()> {
    if erased.part.is_none_or(|part| holds_keys(conn, erased.event, part).unwrap_or(false)) {
        conn.prepare_cached("UPDATE file SET erased = 1 WHERE event = ?1 AND log = ?2")?
            .execute(params![erased.event.0, log])?;
    }
    for hash in erased.files.iter().filter_map(|hex| Hash::from_hex(hex)) {
        conn.prepare_cached("UPDATE file SET erased = 1 WHERE hash = ?1 AND log = ?2")?
            .execute(params![hash.0, log])?;
    }
    conn.prepare_cached(
        "DELETE FROM picture WHERE EXISTS (SELECT 1 FROM file WHERE file.hash = picture.hash)
         AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = picture.hash AND file.erased = 0)",
    )?
    .execute([])?;
    Ok(())
}

/// Whether a sealed part of an event is the one with the keys of its files.
fn holds_keys(conn: &Connection, event: EventId, part: u8) -> Result<bool> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT envelope FROM entry WHERE id = ?1")?
        .query_row([event.0], |row| row.get(0))
        .optional()?;
    let Some(bytes) = bytes else { return Ok(false) };
    let (_, content) = Envelope::decode(&bytes, CENTRE_EVENT_BYTES_MAX)?;
    Ok(content.sealed.get(usize::from(part)).is_some_and(|sealed| sealed.name == FILE_KEYS))
}

/// What an entry says of files.
pub(crate) fn note_entry(
    conn: &Connection,
    log: i64,
    entity: i64,
    content: &Content,
    verdict: VerdictCode,
) -> Result<()> {
    match content.kind.as_str() {
        "order.filed" => note(conn, log, entity, content.id.as_slice(), &content.payload, Some(verdict)),
        "record.erased" if verdict == VerdictCode::Accepted => match serde_json::from_str(&content.payload) {
            Ok(erased) => erase(conn, log, &erased),
            Err(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What pending events say of files, after a rebuild.
pub(crate) fn note_pending(tx: &Transaction<'_>) -> Result<()> {
    let mut statement =
        tx.prepare_cached("SELECT log, entity, envelope FROM pending WHERE kind = 'order.filed' ORDER BY n")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (_, content) = Envelope::decode(super::read::blob(row, 2)?, CENTRE_EVENT_BYTES_MAX)?;
        note(tx, row.get(0)?, row.get(1)?, content.id.as_slice(), &content.payload, None)?;
    }
    Ok(())
}

impl Store {
    fn folder(&self) -> Folder {
        Folder::of(self.dir())
    }

    /// The files that events of an entity name, in the order of the events.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn files_of(&self, entity: &str) -> Result<Vec<FileRow>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{NAMED} JOIN entity ON entity.n = file.entity WHERE entity.name = ?1 ORDER BY file.event, file.n"
        ))?;
        Ok(statement.query_map([entity], read_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// A file as one event names it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file(&self, event: EventId, hash: Hash) -> Result<Option<FileRow>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{NAMED} WHERE file.event = ?1 AND file.hash = ?2"))?
            .query_row(params![event.0, hash.0], read_row)
            .optional()?)
    }

    /// The key of a file; absent where this device may not see it or it was erased.
    ///
    /// # Errors
    /// As [`Store::sealed_part`].
    pub fn file_key(&self, event: EventId, hash: Hash) -> Result<Option<Zeroizing<[u8; 32]>>> {
        Ok(self.file_keys(event)?.remove(&hash))
    }

    /// The keys of all files an event names, by their hashes; those that this device may see.
    ///
    /// # Errors
    /// As [`Store::sealed_part`].
    pub fn file_keys(&self, event: EventId) -> Result<BTreeMap<Hash, Zeroizing<[u8; 32]>>> {
        let Some(text) = self.sealed_part(event, FILE_KEYS)?.map(Zeroizing::new) else {
            return Ok(BTreeMap::new());
        };
        let keys: FileKeys = serde_json::from_str(&text)?;
        let pair = |(hash, key): (&String, &String)| {
            Some((Hash::from_hex(hash)?, Zeroizing::new(zaigang_sync::hex::decode(key)?)))
        };
        Ok(keys.keys.iter().filter_map(pair).collect())
    }

    /// Keeps an encrypted content that was handed in; gives its hash. It goes at the next start unless
    /// [`Store::settle_file`] is told meanwhile that an event names it.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn put_file(&self, sealed: &[u8]) -> Result<Hash> {
        let hash = digest(Use::File, &[sealed]);
        self.folder().put_new(hash, sealed).map_err(StoreError::file("keeping a file"))?;
        Ok(hash)
    }

    /// Removes a content that was handed in and that no event names.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::Sqlite`].
    pub fn discard_file(&self, hash: Hash) -> Result<()> {
        if self.names(hash)? {
            return Ok(());
        }
        self.folder().remove(hash, Kept::New).map_err(StoreError::file("discarding a file"))
    }

    /// An event names a content that was handed in.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::Sqlite`].
    pub fn settle_file(&self, hash: Hash) -> Result<()> {
        self.folder().settle_new(hash).map_err(StoreError::file("keeping a file"))?;
        self.conn
            .prepare_cached(&format!("UPDATE content SET here = sealed_bytes WHERE {OF_HASH}"))?
            .execute([hash.0])?;
        Ok(())
    }

    fn names(&self, hash: Hash) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM file WHERE hash = ?1)")?
            .query_row([hash.0], |row| row.get(0))?)
    }

    /// The whole encrypted content of a file that is here.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn file_content(&self, hash: Hash) -> Result<Vec<u8>> {
        self.folder().read(hash).map_err(StoreError::file("reading a file"))
    }

    /// A range of a file that is here; none where it is gone from the disk, which is noted.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::Sqlite`].
    pub fn file_range(&mut self, hash: Hash, from: u64, bytes_max: usize) -> Result<Option<Vec<u8>>> {
        match self.folder().range(hash, from, bytes_max) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                tracing::warn!(%hash, "a file is gone from the disk");
                self.set_here(hash, 0)?;
                Ok(None)
            }
            Err(error) => Err(StoreError::file("reading a file")(error)),
        }
    }

    fn set_here(&self, hash: Hash, bytes: u64) -> Result<()> {
        self.conn
            .prepare_cached(&format!("UPDATE content SET here = ?2 WHERE {OF_HASH}"))?
            .execute(params![hash.0, bytes])?;
        Ok(())
    }

    /// What the files of a log need of the centre.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_plan(&self, log: &str) -> Result<FilePlan> {
        let log = self.log(log)?.n;
        let mut away = self.conn.prepare_cached(&format!(
            "SELECT hash FROM content WHERE log = ?1 AND at_centre < sealed_bytes AND {IS_NAMED}
             ORDER BY asked LIMIT ?2"
        ))?;
        let ask = away.query_map(params![log, HAS_MAX], |row| row.get(0).map(Hash))?;
        let mut absent = self.conn.prepare_cached(&format!(
            "SELECT hash FROM content WHERE log = ?1 AND here < sealed_bytes AND at_centre = sealed_bytes
             AND (wanted = 1 OR sealed_bytes <= ?2) AND {IS_NAMED} ORDER BY wanted DESC, sealed_bytes LIMIT ?3"
        ))?;
        let get = absent.query_map(params![log, EAGER_BYTES_MAX, HAS_MAX], |row| row.get(0).map(Hash))?;
        let ask = ask.collect::<rusqlite::Result<_>>()?;
        let folder = self.folder();
        let mut plan = FilePlan { ask, get: Vec::new() };
        for hash in get {
            let hash = hash?;
            plan.get.push((hash, folder.part_bytes(hash).map_err(StoreError::file("looking at a file"))?));
        }
        Ok(plan)
    }

    /// How much of a file of a log is here, how large it is, and whether it comes by itself or is wanted.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_stand(&self, log: &str, hash: Hash) -> Result<Option<(u64, u64, bool)>> {
        let log = self.log(log)?.n;
        let stand: Option<(u64, u64, bool)> = self
            .conn
            .prepare_cached(
                "SELECT here, sealed_bytes, wanted = 1 OR sealed_bytes <= ?3 FROM content WHERE log = ?1 AND hash = ?2",
            )?
            .query_row(params![log, hash.0, EAGER_BYTES_MAX], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((_, total, comes)) = stand.filter(|(here, total, _)| here < total) else { return Ok(stand) };
        // The disk knows best how far a part is: a crash may have come before it was noted.
        let here = self.folder().part_bytes(hash).map_err(StoreError::file("looking at a file"))?;
        Ok(Some((here, total, comes)))
    }

    /// Keeps how much of a file the centre holds. `in_vain`: it could not be used for anything now.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_at_centre(&mut self, log: &str, hash: Hash, bytes: u64, in_vain: bool) -> Result<()> {
        let log = self.log(log)?.n;
        self.conn
            .prepare_cached(
                "UPDATE content SET at_centre = min(?3, sealed_bytes), asked = asked + ?4 WHERE log = ?1 AND hash = ?2",
            )?
            .execute(params![log, hash.0, bytes, in_vain])?;
        Ok(())
    }

    /// Adds a range that came; gives the bytes here now, 0 where the whole did not fit its hash and goes.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::Sqlite`].
    pub fn append_file(&mut self, hash: Hash, bytes: &[u8], total: u64) -> Result<u64> {
        let here = self.folder().append(hash, bytes, total).map_err(StoreError::file("keeping a file"))?;
        self.set_here(hash, here)?;
        Ok(here)
    }

    /// Somebody wants a file here.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn want_file(&mut self, hash: Hash) -> Result<()> {
        self.conn
            .prepare_cached(&format!("UPDATE content SET wanted = 1 WHERE {OF_HASH}"))?
            .execute([hash.0])?;
        Ok(())
    }

    /// Entities whose events name a file, as topics.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_topics(&self, hash: Hash) -> Result<Topics> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT entity.name FROM file JOIN entity ON entity.n = file.entity WHERE file.hash = ?1",
        )?;
        let rows = statement.query_map([hash.0], |row| row.get::<_, String>(0))?;
        rows.map(|name| Ok(format!("order:{}", name?))).collect()
    }

    /// The picture made of a file.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn picture(&self, hash: Hash) -> Result<Option<PictureRow>> {
        Ok(self
            .conn
            .prepare_cached("SELECT width, height, jpeg FROM picture WHERE hash = ?1")?
            .query_row([hash.0], |row| {
                Ok(PictureRow { width: row.get(0)?, height: row.get(1)?, jpeg: row.get(2)? })
            })
            .optional()?)
    }

    /// Keeps a picture made of a file.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn keep_picture(&mut self, hash: Hash, picture: &PictureRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO picture (hash, width, height, jpeg) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![hash.0, picture.width, picture.height, picture.jpeg])?;
        Ok(())
    }

    /// Files here: how many, and how many bytes on disk.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_space(&self) -> Result<(u32, u64)> {
        Ok(self.conn.query_row(
            "SELECT count(*), coalesce(sum(here), 0) FROM
             (SELECT max(here) AS here FROM content GROUP BY hash HAVING max(here) > 0)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    }

    /// Files on their way.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_traffic(&self) -> Result<FileTraffic> {
        let sum = |condition: &str, missing: &str| -> Result<(u32, u64)> {
            let sql = format!(
                "SELECT count(*), coalesce(sum({missing}), 0) FROM content WHERE {condition} AND {IS_NAMED}"
            );
            Ok(self.conn.prepare_cached(&sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
        };
        let eager = format!("(wanted = 1 OR sealed_bytes <= {EAGER_BYTES_MAX})");
        Ok(FileTraffic {
            up: sum("at_centre < sealed_bytes AND here = sealed_bytes", "sealed_bytes - at_centre")?,
            down: sum(
                &format!("here < sealed_bytes AND at_centre = sealed_bytes AND {eager}"),
                "sealed_bytes - here",
            )?,
        })
    }

    /// Removes the content of erased files from the disk.
    pub(crate) fn drop_erased_files(&mut self) -> Result<()> {
        let gone: Vec<Hash> = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT hash FROM content
                 WHERE EXISTS (SELECT 1 FROM file WHERE file.hash = content.hash)
                   AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = content.hash AND file.erased = 0)",
            )?
            .query_map([], |row| row.get(0).map(Hash))?
            .collect::<rusqlite::Result<_>>()?;
        for hash in gone {
            for kept in [Kept::Whole, Kept::New, Kept::Part] {
                self.folder().remove(hash, kept).map_err(StoreError::file("erasing a file"))?;
            }
            self.conn
                .prepare_cached(&format!("UPDATE content SET here = 0, wanted = 0 WHERE {OF_HASH}"))?
                .execute([hash.0])?;
        }
        Ok(())
    }

    /// Puts right what a crash left: what was handed in and never named goes, what was named counts as
    /// here, what was erased goes. A content that only no event names any more stays: nothing is deleted
    /// by absence.
    pub(crate) fn sweep_files(&mut self) -> Result<()> {
        let found = self.folder().list().map_err(StoreError::file("looking at the files"))?;
        for (hash, _) in found.iter().filter(|(_, kept)| *kept == Kept::New) {
            if self.names(*hash)? { self.settle_file(*hash)? } else { self.discard_file(*hash)? }
        }
        self.drop_erased_files()
    }

    /// The content of every file here against its hash; gives those that do not fit, with their log.
    pub(crate) fn damaged_files(&self) -> Result<Vec<(String, Hash)>> {
        let mut statement = self.conn.prepare(&format!(
            "SELECT log.name, content.hash FROM content JOIN log ON log.n = content.log
             WHERE here = sealed_bytes AND {IS_NAMED}"
        ))?;
        let mut rows = statement.query([])?;
        let mut damaged = Vec::new();
        while let Some(row) = rows.next()? {
            let hash = Hash(row.get(1)?);
            let sound = self.folder().read(hash).is_ok_and(|bytes| digest(Use::File, &[&bytes]) == hash);
            if !sound {
                damaged.push((row.get(0)?, hash));
            }
        }
        Ok(damaged)
    }
}
