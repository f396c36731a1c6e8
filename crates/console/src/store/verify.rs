//! Proof that the store holds what was signed, and shows what it holds: every hash, chain, head and
//! signature again, and every projection rebuilt from zero and compared.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
use zaigang_domain::event::event_type;
use zaigang_sync::Hash;
use zaigang_sync::chain::{ChainHead, Fit, fit};
use zaigang_sync::commit::{Commit, VerdictCode, next_head};
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope, EnvelopeError, Place};
use zaigang_sync::keys::{SentClocks, verify_attestation, verify_consent};
use zaigang_sync::page::{ChainHeads, DeviceKeys};

use super::Store;
use super::error::Result;
use super::logs::{self, LogRow};
use super::read::blob;
use super::rebuild::rebuild_in;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Log, empty for what belongs to none.
    pub log: String,
    /// Place in it, 0 for the log as a whole.
    pub seq: u64,
    /// What is wrong, in Chinese.
    pub what: String,
}

/// What [`Store::verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Events checked, pending ones included.
    pub events: u64,
    /// Devices' signatures checked.
    pub attestations: u64,
    /// What is wrong; at most 100 are listed.
    pub problems: Vec<Problem>,
}

impl Report {
    fn add(&mut self, log: &str, seq: u64, what: &str) {
        if self.problems.len() < 100 {
            self.problems.push(Problem { log: log.to_owned(), seq, what: what.to_owned() });
        }
    }
}

/// Keys ever certified for a user on a device, by both.
type UserKeys = BTreeMap<(String, String), Vec<[u8; 32]>>;

/// The keys that signatures are checked with.
struct Keys {
    devices: DeviceKeys,
    users: UserKeys,
}

/// Walks one log from its first entry.
struct Walk<'a> {
    log: &'a LogRow,
    seq: u64,
    head: Hash,
    chains: ChainHeads,
}

impl Store {
    /// Checks everything; changes nothing. A damaged file is a problem found, not an error.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`] when the file cannot be read.
    pub fn verify(&mut self) -> Result<Report> {
        let mut report = Report::default();
        match self.verify_all(&mut report) {
            Err(error) if error.is_damage() => {
                report.add("", 0, &format!("数据库文件已损坏：{error}"));
                Ok(report)
            }
            done => done.map(|()| report),
        }
    }

    fn verify_all(&mut self, report: &mut Report) -> Result<()> {
        self.verify_pages(report)?;
        let keys = Keys { devices: self.device_keys()?, users: self.user_keys()? };
        for log in logs::all(&self.conn)? {
            self.verify_log(&log, &keys, report)?;
            self.verify_pending(&log, report)?;
        }
        for (log, hash) in self.damaged_files()? {
            report.add(&log, 0, &format!("附件 {hash} 的内容缺失或与记录不符"));
        }
        self.verify_projections(report)
    }

    /// Every page of the file against its own authentication code.
    fn verify_pages(&self, report: &mut Report) -> Result<()> {
        let mut statement = self.conn.prepare("PRAGMA cipher_integrity_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            report.add("", 0, &format!("数据库文件已损坏：{}", row.get::<_, String>(0)?));
        }
        Ok(())
    }

    /// Keys of all devices the site log told of.
    pub(super) fn device_keys(&self) -> Result<DeviceKeys> {
        let mut statement = self.conn.prepare("SELECT id, public_key FROM device")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut keys = DeviceKeys::new();
        for row in rows {
            let (id, key) = row?;
            let id = zaigang_sync::hex::decode::<16>(&id);
            if let (Some(id), Some(key)) = (id, zaigang_sync::hex::decode::<32>(&key)) {
                keys.insert(id, key);
            }
        }
        Ok(keys)
    }

    /// Keys of all users, in every version that the centre certified.
    fn user_keys(&self) -> Result<UserKeys> {
        #[derive(serde::Deserialize)]
        struct Certified {
            device: String,
            public_key: String,
        }
        let mut statement = self.conn.prepare(
            "SELECT entity.name, entry.envelope FROM entry JOIN entity ON entity.n = entry.entity
             WHERE entry.kind = 'user.key_certified' AND entry.verdict = 0",
        )?;
        let mut rows = statement.query([])?;
        let mut keys = UserKeys::new();
        while let Some(row) = rows.next()? {
            let (name, bytes) = (row.get::<_, String>(0)?, blob(row, 1)?);
            // What cannot be read is told where the log is walked.
            let Ok((_, content)) = Envelope::decode(bytes, CENTRE_EVENT_BYTES_MAX) else { continue };
            let Ok(certified) = serde_json::from_str::<Certified>(&content.payload) else { continue };
            let user = name.trim_start_matches("user/").to_owned();
            let key = zaigang_sync::hex::decode::<32>(&certified.public_key);
            keys.entry((user, certified.device)).or_default().extend(key);
        }
        Ok(keys)
    }

    fn verify_log(&self, log: &LogRow, keys: &Keys, report: &mut Report) -> Result<()> {
        let mut walk = Walk { log, seq: 0, head: Hash::ZERO, chains: ChainHeads::new() };
        let mut statement = self.conn.prepare(
            "SELECT entry.place, entry.envelope, entry.commit_record, entry.id, entry.kind, entry.verdict,
                entity.name, attestation.signature, checkpoint.head, attestation.sent_wall_at,
                attestation.sent_boot_id, attestation.sent_uptime_ms
             FROM entry LEFT JOIN entity ON entity.n = entry.entity AND entity.log = ?3
                LEFT JOIN attestation ON attestation.place = entry.place
                LEFT JOIN checkpoint ON checkpoint.place = entry.place
             WHERE entry.place BETWEEN ?1 AND ?2 ORDER BY entry.place",
        )?;
        let mut rows =
            statement.query(params![logs::place(log.n, 0), logs::place(log.n + 1, 0) - 1, log.n])?;
        while let Some(row) = rows.next()? {
            report.events += 1;
            let (_, seq) = self.describe_place(row.get(0)?)?;
            match walk.entry(row, seq, keys, report) {
                Ok(()) => {}
                Err(super::StoreError::Envelope(error)) => {
                    report.add(&log.name, seq, &format!("记录无法读取：{error}"));
                }
                Err(error) => return Err(error),
            }
        }
        if walk.seq != log.seq {
            report.add(&log.name, walk.seq, "日志末尾的记录数与游标不符");
        }
        if walk.head != log.head {
            report.add(&log.name, walk.seq, "日志的链头与游标不符");
        }
        if walk.chains != logs::load_chains(&self.conn, log.n)? {
            report.add(&log.name, 0, "设备链头的登记与日志不符");
        }
        Ok(())
    }

    fn verify_pending(&self, log: &LogRow, report: &mut Report) -> Result<()> {
        let Some(identity) = &self.identity else { return Ok(()) };
        let mut head = self.acknowledged(log)?;
        let mut statement = self.conn.prepare(
            "SELECT envelope, event_hash FROM pending WHERE log = ?1 AND incarnation = ?2 ORDER BY device_seq",
        )?;
        let mut rows = statement.query(params![log.n, identity.incarnation])?;
        while let Some(row) = rows.next()? {
            report.events += 1;
            match own_place(blob(row, 0)?, &log.name) {
                Ok((place, hash)) => {
                    if fit(head, &place) != Fit::Next || hash.0 != row.get::<_, [u8; 32]>(1)? {
                        report.add(&log.name, 0, &format!("待发记录 {} 的链不连续", place.device_seq));
                    }
                    head = ChainHead { device_seq: place.device_seq, event_hash: hash };
                }
                Err(error) => report.add(&log.name, 0, &format!("待发记录无法读取：{error}")),
            }
        }
        let written = logs::own_head(&self.conn, log.n, identity.incarnation)?;
        if written != head && written.device_seq >= head.device_seq {
            report.add(&log.name, 0, "本机链头与待发记录不符");
        }
        Ok(())
    }

    fn verify_projections(&mut self, report: &mut Report) -> Result<()> {
        let clocks = std::sync::Arc::clone(&self.clocks);
        let before = digests(&self.conn)?;
        let tx = self.begin()?;
        let rebuilt = rebuild_in(&tx, clocks.as_ref());
        if let Err(super::StoreError::Envelope(error)) = &rebuilt {
            report.add("", 0, &format!("投影无法重建：{error}"));
            return Ok(tx.rollback()?);
        }
        rebuilt?;
        let after = digests(&tx)?;
        tx.rollback()?;
        for ((table, before), (_, after)) in before.iter().zip(&after) {
            if before != after {
                report.add("", 0, &format!("表 {table} 与由日志重建的结果不符"));
            }
        }
        Ok(())
    }
}

fn own_place(bytes: &[u8], log: &str) -> Result<(Place, Hash), EnvelopeError> {
    let (envelope, _) = Envelope::decode(bytes, CENTRE_EVENT_BYTES_MAX)?;
    Ok((place_of(&envelope), envelope.event_hash(log)))
}

fn place_of(envelope: &Envelope<'_>) -> Place {
    Place {
        device: *envelope.device,
        incarnation: envelope.incarnation,
        device_seq: envelope.device_seq,
        prev: Hash(*envelope.prev),
    }
}

impl Walk<'_> {
    fn entry(&mut self, row: &Row<'_>, seq: u64, keys: &Keys, report: &mut Report) -> Result<()> {
        let mut wrong = |what| report.add(&self.log.name, seq, what);
        let (envelope, content) = Envelope::decode(blob(row, 1)?, CENTRE_EVENT_BYTES_MAX)?;
        let commit = Commit::decode(blob(row, 2)?)?;
        let hash = envelope.event_hash(&self.log.name);
        if seq != self.seq + 1 || commit.seq != seq {
            wrong("序号不连续");
        }
        if *commit.event_hash != hash.0 {
            wrong("记录内容与中心端登记的哈希不符");
        }
        self.seq = seq;
        self.head = next_head(self.head, hash, blob(row, 2)?);
        if row.get::<_, Option<[u8; 32]>>(8)?.is_some_and(|head| head != self.head.0) {
            wrong("链头与检查点不符");
        }
        let place = place_of(&envelope);
        let chain = self.chains.entry((place.device, place.incarnation)).or_default();
        if fit(*chain, &place) != Fit::Next {
            wrong("设备链不连续");
        }
        *chain = ChainHead { device_seq: place.device_seq, event_hash: hash };
        if !columns_fit(row, &content, &commit)? {
            wrong("索引列与记录内容不符");
        }
        if commit.verdict == VerdictCode::Accepted && !consent_holds(&envelope, &content, &keys.users) {
            wrong("本人签名不符");
        }
        if let (Some(key), Some(signature)) =
            (keys.devices.get(&place.device), row.get::<_, Option<[u8; 64]>>(7)?)
        {
            if !verify_attestation(key, hash, &sent_clocks(row)?, &signature) {
                wrong("设备签名不符");
            }
            report.attestations += 1;
        }
        Ok(())
    }
}

/// Whether an act of consent carries the signature of its user; others need none.
fn consent_holds(envelope: &Envelope<'_>, content: &Content, keys: &UserKeys) -> bool {
    if !event_type(&content.kind).is_some_and(|row| row.consent) {
        return true;
    }
    let (Some(user), Some(signature)) = (&content.user, &envelope.user_signature) else { return false };
    let certified = keys.get(&(user.clone(), zaigang_sync::hex::encode(&envelope.device[..])));
    let signed = |key: &[u8; 32]| verify_consent(key, envelope.content_hash(), signature);
    certified.is_some_and(|keys| keys.iter().any(signed))
}

/// The clocks beside a device's signature, which must be there.
fn sent_clocks(row: &Row<'_>) -> Result<SentClocks> {
    let boot_id: [u8; 16] = row.get(10)?;
    Ok(SentClocks { wall_at: row.get(9)?, boot_id: boot_id.into(), uptime_ms: row.get(11)? })
}

fn columns_fit(row: &Row<'_>, content: &Content, commit: &Commit) -> Result<bool> {
    Ok(row.get::<_, [u8; 16]>(3)? == *content.id
        && row.get_ref(4)?.as_str().ok() == Some(&content.kind)
        && row.get::<_, u8>(5)? == commit.verdict as u8
        && row.get::<_, Option<String>>(6)?.as_deref() == Some(&content.entity))
}

/// A digest of every derived table.
fn digests(conn: &Connection) -> Result<Vec<(&'static str, [u8; 32])>> {
    const TABLES: &[(&str, &str)] = &[
        ("entity", "SELECT * FROM entity ORDER BY n"),
        ("orders", "SELECT * FROM orders ORDER BY entity"),
        ("order_text", "SELECT rowid FROM order_text ORDER BY rowid"),
        ("order_task", "SELECT * FROM order_task ORDER BY kind, who, entity"),
        ("knowledge", "SELECT * FROM knowledge ORDER BY entity"),
        ("knowledge_text", "SELECT rowid FROM knowledge_text ORDER BY rowid"),
        ("person", "SELECT * FROM person ORDER BY id"),
        ("device", "SELECT * FROM device ORDER BY id"),
        ("publication", "SELECT * FROM publication ORDER BY entity, version"),
        ("file", "SELECT * FROM file ORDER BY event, n"),
        ("asset", "SELECT * FROM asset ORDER BY entity"),
        ("asset_text", "SELECT rowid FROM asset_text ORDER BY rowid"),
        ("asset_order", "SELECT * FROM asset_order ORDER BY asset, entity"),
        ("stock_part", "SELECT * FROM stock_part ORDER BY entity"),
        ("stock_text", "SELECT rowid FROM stock_text ORDER BY rowid"),
        ("stock_place", "SELECT * FROM stock_place ORDER BY log, id"),
        ("stock_movement", "SELECT * FROM stock_movement ORDER BY entity"),
        ("stock_day", "SELECT * FROM stock_day ORDER BY log, day"),
        ("stock_effect", "SELECT * FROM stock_effect ORDER BY log, part, place, owner, at, id, n"),
        ("stock_balance", "SELECT * FROM stock_balance ORDER BY log, part, place, owner"),
        ("stock_serial", "SELECT * FROM stock_serial ORDER BY log, part, serial"),
        ("stock_fault", "SELECT * FROM stock_fault ORDER BY log, part, place, owner"),
        ("stock_slip", "SELECT * FROM stock_slip ORDER BY entity"),
        ("stock_reserved", "SELECT * FROM stock_reserved ORDER BY entity, n"),
    ];
    TABLES.iter().map(|(name, sql)| Ok((*name, digest(conn, sql)?))).collect()
}

fn digest(conn: &Connection, sql: &str) -> Result<[u8; 32]> {
    let mut statement = conn.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut text = Hash::ZERO;
    let mut buffer = Vec::new();
    while let Some(row) = rows.next()? {
        buffer.clear();
        for at in 0..columns {
            push_value(&mut buffer, row.get_ref(at)?);
        }
        text = zaigang_sync::hash::digest(zaigang_sync::hash::Use::Request, &[&text.0, &buffer]);
    }
    Ok(text.0)
}

fn push_value(buffer: &mut Vec<u8>, value: ValueRef<'_>) {
    let (tag, bytes): (u8, &[u8]) = match value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(number) => {
            buffer.push(1);
            buffer.extend_from_slice(&number.to_le_bytes());
            return;
        }
        ValueRef::Real(number) => {
            buffer.push(2);
            buffer.extend_from_slice(&number.to_le_bytes());
            return;
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    buffer.push(tag);
    buffer.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    buffer.extend_from_slice(bytes);
}
