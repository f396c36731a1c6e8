//! The logs this device holds: how far each is, and why one stands still.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use zaigang_domain::event::LogName;
use zaigang_domain::people::{ChainEnd, SessionClosed};
use zaigang_sync::Hash;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::Id;
use zaigang_sync::page::ChainHeads;

use super::Store;
use super::error::{Result, StoreError};

/// Bits of `entry.place` that hold the seq.
pub(crate) const SEQ_BITS: u32 = 40;

/// One log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Number inside this store.
    pub n: i64,
    /// Name.
    pub name: String,
    /// Epoch of the centre; absent before the first pull.
    pub epoch: Option<Id>,
    /// Last seq stored.
    pub seq: u64,
    /// Head hash there.
    pub head: Hash,
    /// Last seq folded.
    pub folded_to: u64,
    /// Why it is stopped, a [`Stop`]'s word.
    pub stopped: Option<String>,
}

impl LogRow {
    /// Key of the entry at `seq`.
    pub(crate) fn place(&self, seq: u64) -> i64 {
        place(self.n, seq)
    }
}

pub(crate) fn place(log: i64, seq: u64) -> i64 {
    // A log of 2^40 entries would fill any disk this runs on.
    (log << SEQ_BITS) | (seq as i64 & ((1 << SEQ_BITS) - 1))
}

/// Why a log stands still. Nothing is discarded, export works, a screen says what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// This device's chain is known otherwise: the store was restored from a copy or cloned.
    Fork,
    /// The centre's history is not the one known here.
    Rollback,
    /// Another centre answers.
    OtherServer,
    /// A page would hide more entities at once than a person may overlook.
    Breaker,
    /// The device may no longer hold this log; it goes on by itself when the right comes back.
    Revoked,
    /// The centre holds own events of the outbox already, at places of another incarnation: the rest
    /// has to be chained anew.
    Reissued,
}

impl Stop {
    /// Stable word, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Rollback => "rollback",
            Self::OtherServer => "other_server",
            Self::Breaker => "breaker",
            Self::Revoked => "revoked",
            Self::Reissued => "reissued",
        }
    }

    /// Chinese sentence for people.
    #[must_use]
    pub fn sentence(code: &str) -> &'static str {
        match code {
            "fork" => {
                "本机数据曾被还原或复制，与中心端记录分叉；已停止同步此日志，数据未丢失，请导出后联系管理员。"
            }
            "rollback" => {
                "中心端数据曾被还原，与本机已有记录不一致；已停止同步此日志，数据未丢失，请联系管理员。"
            }
            "other_server" => "应答的不是本机登记的中心端；已停止同步此日志，请联系管理员核实。",
            "breaker" => "一次同步将隐藏大量工单，已暂停，请管理员核实后放行。",
            "revoked" => "本机已不再有权持有此日志；未发送的记录可以导出，恢复授权后自动继续同步。",
            "reissued" => {
                "本机换发身份前的部分记录中心端已收到；已停止同步此日志，数据未丢失，请导出后联系管理员。"
            }
            _ => "此日志已停止同步，请联系管理员。",
        }
    }
}

const COLUMNS: &str = "SELECT n, name, epoch, seq, head, folded_to, stopped FROM log";

fn read_row(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        n: row.get(0)?,
        name: row.get(1)?,
        epoch: row.get(2)?,
        seq: row.get(3)?,
        head: Hash(row.get(4)?),
        folded_to: row.get(5)?,
        stopped: row.get(6)?,
    })
}

/// The log of that name, created where it is missing.
pub(crate) fn ensure(conn: &Connection, name: &str) -> Result<LogRow> {
    conn.prepare_cached("INSERT INTO log (name, fold_version) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![name, super::FOLD_VERSION])?;
    find(conn, name)
}

pub(crate) fn find(conn: &Connection, name: &str) -> Result<LogRow> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?
        .query_row([name], read_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchLog(name.to_owned()))
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<LogRow>> {
    // The site log first: it holds the people and profiles that the others rely on.
    let mut statement = conn.prepare_cached(&format!("{COLUMNS} ORDER BY name <> 'site', name"))?;
    Ok(statement.query_map([], read_row)?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn any_unfolded(conn: &Connection, fold_version: u32) -> Result<bool> {
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM log WHERE folded_to < seq OR fold_version <> ?1)",
        [fold_version],
        |row| row.get(0),
    )?)
}

pub(crate) fn load_chains(conn: &Connection, log: i64) -> Result<ChainHeads> {
    let mut statement =
        conn.prepare_cached("SELECT device, incarnation, device_seq, event_hash FROM chain WHERE log = ?1")?;
    let rows = statement.query_map([log], |row| {
        let head = ChainHead { device_seq: row.get(2)?, event_hash: Hash(row.get(3)?) };
        Ok(((row.get::<_, Id>(0)?, row.get::<_, u32>(1)?), head))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// End of this device's own chain in a log, pending events included.
pub(crate) fn own_head(conn: &Connection, log: i64, incarnation: u32) -> Result<ChainHead> {
    let mut statement = conn
        .prepare_cached("SELECT device_seq, event_hash FROM own_chain WHERE log = ?1 AND incarnation = ?2")?;
    let found = statement
        .query_row(params![log, incarnation], |row| {
            Ok(ChainHead { device_seq: row.get(0)?, event_hash: Hash(row.get(1)?) })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn set_own_head(conn: &Connection, log: i64, incarnation: u32, head: ChainHead) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO own_chain (log, incarnation, device_seq, event_hash) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET device_seq = ?3, event_hash = ?4",
    )?
    .execute(params![log, incarnation, head.device_seq, head.event_hash.0])?;
    Ok(())
}

impl Store {
    /// What `session.closed` says when it is written now: where this device's own chains end.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`], [`StoreError::Malformed`], [`StoreError::Sqlite`].
    pub fn session_closed(&self) -> Result<SessionClosed> {
        let incarnation = self.identity.as_ref().ok_or(StoreError::NotEnrolled)?.incarnation;
        let mut statement = self.conn.prepare_cached(
            "SELECT log.name, own_chain.device_seq, own_chain.event_hash FROM own_chain
             JOIN log ON log.n = own_chain.log WHERE own_chain.incarnation = ?1",
        )?;
        let mut rows = statement.query([incarnation])?;
        let mut ends = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let log = LogName::new(row.get::<_, String>(0)?).map_err(|_| StoreError::Malformed("log"))?;
            ends.insert(log, ChainEnd { seq: row.get(1)?, hash: Hash(row.get(2)?).to_hex() });
        }
        Ok(SessionClosed { incarnation, ends })
    }

    /// The logs of this device, the site log first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn logs(&self) -> Result<Vec<LogRow>> {
        all(&self.conn)
    }

    /// One log by its name.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`], [`StoreError::Sqlite`].
    pub fn log(&self, name: &str) -> Result<LogRow> {
        find(&self.conn, name)
    }

    /// Makes sure that a log the device is enrolled for exists here.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn ensure_log(&mut self, name: &str) -> Result<LogRow> {
        ensure(&self.conn, name)
    }

    /// Stops a log. Nothing is discarded.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn stop_log(&mut self, name: &str, stop: Stop) -> Result<()> {
        self.conn.execute(
            "UPDATE log SET stopped = ?2 WHERE name = ?1 AND stopped IS NULL",
            [name, stop.code()],
        )?;
        tracing::warn!(log = name, reason = stop.code(), "log stopped");
        Ok(())
    }

    /// Lets a log go on that was stopped because the right was gone: the centre grants it again.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`], [`StoreError::Sqlite`].
    pub fn resume_granted(&mut self, name: &str) -> Result<LogRow> {
        self.conn.execute(
            "UPDATE log SET stopped = NULL WHERE name = ?1 AND stopped = ?2",
            [name, Stop::Revoked.code()],
        )?;
        tracing::info!(log = name, "log granted again");
        find(&self.conn, name)
    }

    /// Lets a log go on that the breaker stopped: a person looked at it. The next page may hide any number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn release_breaker(&mut self, name: &str) -> Result<()> {
        super::meta::set(&self.conn, &format!("breaker_released/{name}"), b"1")?;
        self.conn.execute("UPDATE log SET stopped = NULL WHERE name = ?1 AND stopped = 'breaker'", [name])?;
        Ok(())
    }

    /// This device's own chain in a log as far as the centre's log is known to hold it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn acknowledged(&self, log: &LogRow) -> Result<ChainHead> {
        let Some(identity) = &self.identity else { return Ok(ChainHead::default()) };
        let mut statement = self.conn.prepare_cached(
            "SELECT device_seq, event_hash FROM chain WHERE log = ?1 AND device = ?2 AND incarnation = ?3",
        )?;
        let head = statement
            .query_row(params![log.n, identity.device, identity.incarnation], |row| {
                Ok(ChainHead { device_seq: row.get(0)?, event_hash: Hash(row.get(1)?) })
            })
            .optional()?;
        Ok(head.unwrap_or_default())
    }
}
