//! The file of slots beside the store.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::keyring::Keyring;
use super::wrap::{Cost, Wrapped, derive, unwrap, wrap};
use crate::host::{Host, random_id};
use crate::store::StoreKey;

/// Name of the file in a profile's folder.
pub const SLOTS_FILE: &str = "slots.json";
/// Version of the file this program writes.
const VERSION: u32 = 1;

/// What can go wrong with the file of slots.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or written.
    #[error("{doing}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is damaged: set aside, not overwritten, by whoever repairs it.
    #[error("the file of key slots is damaged: {0}")]
    Damaged(String),
    /// Written by a newer program.
    #[error("the file of key slots has version {0}, newer than this program's")]
    Newer(u32),
}

fn file(doing: &'static str) -> impl FnOnce(std::io::Error) -> KeyError {
    move |source| KeyError::File { doing, source }
}

/// A user who logged in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSlot {
    /// User id.
    pub user: String,
    /// Log-in name.
    pub login: String,
    /// Name shown in the log-in form; the log-in name until the site log told another.
    pub name: String,
    /// When the centre last checked the password, Unix milliseconds.
    pub verified_at: i64,
    /// Days an offline log-in works from then on.
    pub offline_days: u32,
    /// The password must be changed before anything else.
    #[serde(default)]
    pub must_change_password: bool,
    /// Password resets the site log told of when the password was checked; absent until the round after.
    #[serde(default)]
    pub(crate) resets: Option<u32>,
    salt: String,
    cost: Cost,
    /// The store's key and the user's private key.
    secrets: Wrapped,
}

/// Wrong tries in a row for one log-in name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    /// Unix milliseconds.
    pub(crate) locked_until: i64,
}

/// What the profile's folder says in the clear.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slots {
    v: u32,
    /// Id under which the keyring keeps this profile's secret.
    profile: String,
    /// Site name for the log-in screen.
    pub site: String,
    /// Device name for the log-in screen.
    pub device_name: String,
    /// Users who logged in here.
    pub users: Vec<UserSlot>,
    /// Latest time ever seen here, Unix milliseconds: a clock set back does not make a log-in younger.
    #[serde(default)]
    pub(crate) seen_at: i64,
    #[serde(default)]
    pub(crate) failures: std::collections::BTreeMap<String, Failures>,
    /// The store's key wrapped by the secret in the keyring.
    keyring: Option<Wrapped>,
    /// The store's key sealed to the site's recovery key.
    pub(crate) recovery: Option<String>,
    /// The key of a store that holds nothing but this device's own key yet: from enrolment to the
    /// first log-in, which gives the store another.
    bootstrap: Option<String>,
    #[serde(skip)]
    path: PathBuf,
}

impl Slots {
    /// A file not written yet.
    #[must_use]
    pub fn new(dir: &Path, host: &dyn Host, site: &str, device_name: &str) -> Self {
        Self {
            v: VERSION,
            profile: zaigang_sync::hex::encode(&random_id(host)),
            site: site.to_owned(),
            device_name: device_name.to_owned(),
            users: Vec::new(),
            seen_at: 0,
            failures: std::collections::BTreeMap::new(),
            keyring: None,
            recovery: None,
            bootstrap: None,
            path: dir.join(SLOTS_FILE),
        }
    }

    /// Reads the file in a profile's folder; `None` when there is none.
    ///
    /// # Errors
    /// [`KeyError`].
    #[expect(clippy::disallowed_methods, reason = "the file of slots is read here and nowhere else")]
    pub fn load(dir: &Path) -> Result<Option<Self>, KeyError> {
        let path = dir.join(SLOTS_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file("reading the key slots")(error)),
        };
        let slots: Self =
            serde_json::from_str(&text).map_err(|error| KeyError::Damaged(error.to_string()))?;
        if slots.v > VERSION {
            return Err(KeyError::Newer(slots.v));
        }
        Ok(Some(Self { path, ..slots }))
    }

    /// Writes the file: beside it first, synced, then moved over the old one.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn save(&self) -> Result<(), KeyError> {
        let next = self.path.with_extension("json.next");
        let text =
            serde_json::to_string_pretty(self).map_err(|error| KeyError::Damaged(error.to_string()))?;
        let mut out =
            crate::store::private_file(std::fs::OpenOptions::new().create(true).write(true).truncate(true))
                .open(&next)
                .map_err(file("writing the key slots"))?;
        out.write_all(text.as_bytes()).map_err(file("writing the key slots"))?;
        out.sync_all().map_err(file("writing the key slots"))?;
        std::fs::rename(&next, &self.path).map_err(file("replacing the key slots"))
    }

    /// The slot of a log-in name.
    #[must_use]
    pub fn user(&self, login: &str) -> Option<&UserSlot> {
        self.users.iter().find(|slot| slot.login == login)
    }

    /// The key of a store that nobody logged in to yet.
    pub(crate) fn bootstrap_key(&self) -> Option<StoreKey> {
        zaigang_sync::hex::decode(self.bootstrap.as_deref()?).map(StoreKey::new)
    }

    pub(crate) fn set_bootstrap(&mut self, key: Option<&StoreKey>) {
        self.bootstrap = key.map(|key| zaigang_sync::hex::encode(key.as_slice()));
    }

    /// The store's key by way of the keyring.
    pub(crate) fn open_by_keyring(&self, keyring: &dyn Keyring) -> Option<StoreKey> {
        let wrapped = self.keyring.as_ref()?;
        let secret = unwrap(&*keyring.get(&self.profile)?, &self.profile, wrapped)?;
        secret.as_slice().try_into().ok().map(StoreKey::new)
    }

    /// Whether a keyring slot exists.
    #[must_use]
    pub fn has_keyring(&self) -> bool {
        self.keyring.is_some()
    }

    /// Makes or renews the keyring slot where the keyring takes it.
    pub(crate) fn put_keyring(&mut self, host: &dyn Host, keyring: &dyn Keyring, key: &StoreKey) {
        let mut secret = Zeroizing::new([0; 32]);
        host.random(secret.as_mut_slice());
        self.keyring =
            keyring.set(&self.profile, &secret).then(|| wrap(host, &secret, &self.profile, key.as_slice()));
    }

    /// Makes or replaces a user's slot: the store's key and the user's key, wrapped by the password.
    /// `None` when the cost cannot be used.
    pub(crate) fn put_user(
        &mut self,
        host: &dyn Host,
        cost: Cost,
        slot: &NewSlot<'_>,
        password: &str,
        key: &StoreKey,
    ) -> Option<()> {
        let salt = random_id(host);
        let kek = derive(password, &salt, cost)?;
        let mut secrets = Zeroizing::new([0; 64]);
        let (first, second) = secrets.split_at_mut(32);
        first.copy_from_slice(key.as_slice());
        second.copy_from_slice(slot.user_key.as_bytes());
        let row = UserSlot {
            secrets: wrap(host, &kek, slot.user, secrets.as_slice()),
            user: slot.user.to_owned(),
            login: slot.login.to_owned(),
            name: slot.name.to_owned(),
            verified_at: slot.verified_at,
            offline_days: slot.offline_days,
            must_change_password: slot.must_change_password,
            resets: None,
            salt: zaigang_sync::hex::encode(&salt),
            cost,
        };
        match self.users.iter_mut().find(|known| known.user == slot.user || known.login == slot.login) {
            Some(known) => *known = row,
            None => self.users.push(row),
        }
        Some(())
    }
}

/// What a user's slot is made of.
pub(crate) struct NewSlot<'a> {
    pub(crate) user: &'a str,
    pub(crate) login: &'a str,
    pub(crate) name: &'a str,
    pub(crate) verified_at: i64,
    pub(crate) offline_days: u32,
    pub(crate) must_change_password: bool,
    pub(crate) user_key: &'a SigningKey,
}

impl UserSlot {
    /// The store's key and the user's key, if the password is the one they were wrapped by.
    pub(crate) fn open(&self, password: &str) -> Option<(StoreKey, SigningKey)> {
        let salt = zaigang_sync::hex::decode(&self.salt)?;
        let secrets = unwrap(&*derive(password, &salt, self.cost)?, &self.user, &self.secrets)?;
        let (store, user) = secrets.split_at_checked(32)?;
        let user: Zeroizing<[u8; 32]> = Zeroizing::new(user.try_into().ok()?);
        Some((StoreKey::new(store.try_into().ok()?), SigningKey::from_bytes(&user)))
    }

    /// Until when an offline log-in works, Unix milliseconds.
    #[must_use]
    pub fn offline_until(&self) -> i64 {
        self.verified_at.saturating_add(i64::from(self.offline_days).saturating_mul(86_400_000))
    }
}
