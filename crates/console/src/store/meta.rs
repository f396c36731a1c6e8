//! Facts about this console: who it is, which centre it belongs to, when it last synced.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension as _, params};
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::keys::PublicKeyBytes;
use zeroize::Zeroizing;

use super::error::{Result, StoreError};
use super::{Store, logs};

/// Who this device is and which centre it belongs to.
#[derive(Clone)]
pub struct Identity {
    /// Device id.
    pub device: Id,
    /// Incarnation.
    pub incarnation: u32,
    /// The device's key.
    pub device_key: SigningKey,
    /// Name of the device.
    pub device_name: String,
    /// The centre.
    pub server_id: Id,
    /// Its public key for heads and certificates.
    pub centre_key: PublicKeyBytes,
    /// Its address, such as `https://10.0.0.5:7443`.
    pub centre: String,
    /// First 32 hex digits of the hash of its CA's public key.
    pub ca: String,
    /// Site name.
    pub site: String,
    /// The site's recovery recipient.
    pub recovery: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("device", &uuid::Uuid::from_bytes(self.device))
            .field("incarnation", &self.incarnation)
            .field("centre", &self.centre)
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// The device id as text, as users, sessions and the site log name it.
    #[must_use]
    pub fn device_text(&self) -> String {
        hex::encode(&self.device)
    }
}

pub(crate) fn set(conn: &Connection, name: &str, value: &[u8]) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
    )?
    .execute(params![name, value])?;
    Ok(())
}

pub(crate) fn get(conn: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

fn get_array<const N: usize>(conn: &Connection, name: &'static str) -> Result<Option<[u8; N]>> {
    get(conn, name)?.map(|bytes| bytes.try_into().map_err(|_| StoreError::Malformed(name))).transpose()
}

pub(crate) fn get_i64(conn: &Connection, name: &'static str) -> Result<Option<i64>> {
    Ok(get_array::<8>(conn, name)?.map(i64::from_le_bytes))
}

pub(crate) fn set_i64(conn: &Connection, name: &str, value: i64) -> Result<()> {
    set(conn, name, &value.to_le_bytes())
}

fn get_text(conn: &Connection, name: &'static str) -> Result<String> {
    let bytes = get(conn, name)?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|_| StoreError::Malformed(name))
}

pub(crate) fn load_identity(conn: &Connection) -> Result<Option<Identity>> {
    let Some(device) = get_array::<16>(conn, "device")? else { return Ok(None) };
    let missing = StoreError::Malformed;
    let key = Zeroizing::new(get_array::<32>(conn, "device_key")?.ok_or(missing("device_key"))?);
    let recovery = get_text(conn, "recovery")?;
    Ok(Some(Identity {
        device,
        incarnation: u32::try_from(get_i64(conn, "incarnation")?.unwrap_or(1))
            .map_err(|_| missing("incarnation"))?,
        device_key: SigningKey::from_bytes(&key),
        device_name: get_text(conn, "device_name")?,
        server_id: get_array(conn, "server_id")?.ok_or(missing("server_id"))?,
        centre_key: get_array(conn, "centre_key")?.ok_or(missing("centre_key"))?,
        centre: get_text(conn, "centre")?,
        ca: get_text(conn, "ca")?,
        site: get_text(conn, "site")?,
        recovery: Some(recovery).filter(|text| !text.is_empty()),
    }))
}

impl Store {
    /// Who this device is, once enrolled.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Keeps who this device is and the logs it is enrolled for.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn enrol(&mut self, identity: Identity, log_names: &[String]) -> Result<()> {
        let tx = self.begin()?;
        for (name, value) in [
            ("device", identity.device.as_slice()),
            ("device_key", identity.device_key.as_bytes()),
            ("device_name", identity.device_name.as_bytes()),
            ("server_id", &identity.server_id),
            ("centre_key", &identity.centre_key),
            ("centre", identity.centre.as_bytes()),
            ("ca", identity.ca.as_bytes()),
            ("site", identity.site.as_bytes()),
            ("recovery", identity.recovery.as_deref().unwrap_or_default().as_bytes()),
        ] {
            set(&tx, name, value)?;
        }
        set_i64(&tx, "incarnation", i64::from(identity.incarnation))?;
        for name in log_names {
            logs::ensure(&tx, name)?;
        }
        tx.commit()?;
        self.identity = Some(identity);
        Ok(())
    }

    /// The centre's time at the last contact, Unix milliseconds; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_centre_time(&self) -> Result<i64> {
        Ok(get_i64(&self.conn, "last_centre_time")?.unwrap_or(0))
    }

    /// Keeps the centre's time; it never runs back within a store.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_last_centre_time(&mut self, time: i64) -> Result<()> {
        if time > self.last_centre_time()? {
            set_i64(&self.conn, "last_centre_time", time)?;
        }
        Ok(())
    }

    /// When the last complete round ended by this console's clock, Unix milliseconds.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_synced_at(&self) -> Result<Option<i64>> {
        get_i64(&self.conn, "last_synced_at")
    }

    /// Keeps when the last complete round ended.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_last_synced_at(&mut self, at: i64) -> Result<()> {
        set_i64(&self.conn, "last_synced_at", at)
    }

    /// Keeps which session is open, so that one left open by a crash is closed at the next log-in.
    pub(crate) fn note_session(&mut self, session: Option<(Id, &str)>) -> Result<()> {
        match session {
            Some((id, user)) => set(&self.conn, "open_session", &[&id, user.as_bytes()].concat()),
            None => {
                self.conn.execute("DELETE FROM meta WHERE name = 'open_session'", [])?;
                Ok(())
            }
        }
    }

    /// The session noted as open.
    pub(crate) fn noted_session(&self) -> Result<Option<(Id, String)>> {
        let Some(bytes) = get(&self.conn, "open_session")? else { return Ok(None) };
        let malformed = || StoreError::Malformed("open_session");
        let (id, user) = bytes.split_at_checked(16).ok_or_else(malformed)?;
        let id = id.try_into().map_err(|_| malformed())?;
        Ok(Some((id, String::from_utf8(user.to_vec()).map_err(|_| malformed())?)))
    }

    /// A setting of this console.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// Changes a setting of this console.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            )?
            .execute([name, value])?;
        Ok(())
    }

    /// Settings whose name begins so, by name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settings_under(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name, value FROM setting WHERE name >= ?1 AND name < ?1 || char(1114111) ORDER BY name",
        )?;
        let rows = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Removes a setting, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_setting(&mut self, name: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// The next serial number of orders registered on this device on `date` (`20251001`), from 1.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn next_order_serial(&mut self, date: &str) -> Result<u32> {
        let name = format!("order_serial/{date}");
        let next = get_i64_named(&self.conn, &name)?.unwrap_or(0) + 1;
        set_i64(&self.conn, &name, next)?;
        Ok(u32::try_from(next).unwrap_or(u32::MAX))
    }
}

fn get_i64_named(conn: &Connection, name: &str) -> Result<Option<i64>> {
    get(conn, name)?
        .map(|bytes| bytes.try_into().map(i64::from_le_bytes).map_err(|_| StoreError::Malformed("serial")))
        .transpose()
}
