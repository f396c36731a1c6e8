//! Folds of users, devices, sessions, contracts and calendars.

use crate::event::{DeviceId, EventId, LogName, Recorded, UserId, Verdict};
use crate::people::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A user as the site log tells; payload of `user.added`, and of `user.changed` where only the
/// fields given are replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserState {
    /// Log-in name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Contracts the roles hold for; empty means all of the site.
    pub contracts: Vec<String>,
    /// Divisions the roles hold for; empty means all of those contracts.
    pub divisions: Vec<String>,
    /// Contract post, such as `P02`.
    pub post: Option<String>,
    /// On site (false: remote, others record for him).
    pub onsite: bool,
    /// Disabled users may do nothing.
    pub disabled: bool,
    /// Grows with each password reset: verifiers cached before it are void.
    pub resets: u32,
    /// Public keys by device, certified by the centre.
    pub keys: BTreeMap<String, UserKey>,
    /// Type names of a newer program seen here; not empty means read-only.
    pub unknown: Vec<String>,
}

/// A user's signing key on one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserKey {
    /// Ed25519 public key, 64 hex digits.
    pub public_key: String,
    /// Event that certified it.
    pub by: EventId,
}

#[derive(Deserialize)]
struct UserPatch {
    login: Option<String>,
    name: Option<String>,
    roles: Option<Vec<String>>,
    contracts: Option<Vec<String>>,
    divisions: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    post: Option<Option<String>>,
    onsite: Option<bool>,
}

/// Tells `"post": null` (take it away) from no `post` at all (leave it).
fn given<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(de).map(Some)
}

#[derive(Deserialize)]
struct KeyCertified {
    device: String,
    public_key: String,
}

/// Whether a fold applies the event: pending counts as accepted, unreconciled moves nothing.
fn counts(event: &Recorded<'_>) -> bool {
    matches!(event.verdict, None | Some(Verdict::Accepted))
}

/// Folds an event of `user/<id>`. A rejected, parked or unreadable one changes nothing.
pub fn fold_user(state: Option<UserState>, event: &Recorded<'_>) -> Option<UserState> {
    if !counts(event) {
        return state;
    }
    if crate::event::event_type(event.kind).is_none() {
        let mut user = state.unwrap_or_default();
        remember(&mut user.unknown, event.kind);
        return Some(user);
    }
    match event.kind {
        "user.added" | "user.changed" => {
            let Ok(patch) = serde_json::from_str::<UserPatch>(event.payload) else { return state };
            let fresh = UserState { onsite: true, ..UserState::default() };
            Some(patch.apply(state.unwrap_or(fresh)))
        }
        "user.disabled" => state.map(|user| UserState { disabled: true, ..user }),
        "user.reset" => state.map(|user| UserState { resets: user.resets.saturating_add(1), ..user }),
        "user.key_certified" => {
            let mut user = state?;
            if let Ok(key) = serde_json::from_str::<KeyCertified>(event.payload) {
                user.keys.insert(key.device, UserKey { public_key: key.public_key, by: event.id });
            }
            Some(user)
        }
        _ => state,
    }
}

impl UserPatch {
    fn apply(self, mut user: UserState) -> UserState {
        set(&mut user.login, self.login);
        set(&mut user.name, self.name);
        // A role of a newer program is skipped: it grants nothing here.
        set(
            &mut user.roles,
            self.roles.map(|roles| roles.iter().filter_map(|r| Role::from_code(r)).collect()),
        );
        set(&mut user.contracts, self.contracts);
        set(&mut user.divisions, self.divisions);
        set(&mut user.post, self.post);
        set(&mut user.onsite, self.onsite);
        user
    }
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn remember(list: &mut Vec<String>, kind: &str) {
    // Eight names are enough to tell a person what is missing.
    if list.len() < 8 && !list.iter().any(|k| k == kind) {
        list.push(kind.to_owned());
    }
}

/// A console as the site log tells; payload of `device.enrolled` and `device.changed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceState {
    /// Name, such as `值班室1号机`.
    pub name: String,
    /// Ed25519 public key, 64 hex digits.
    pub public_key: String,
    /// Logs it may hold.
    pub logs: Vec<LogName>,
    /// Revoked devices get nothing and what they send is parked.
    pub revoked: bool,
    /// Type names of a newer program seen here.
    pub unknown: Vec<String>,
}

#[derive(Deserialize)]
struct DevicePatch {
    name: Option<String>,
    public_key: Option<String>,
    logs: Option<Vec<LogName>>,
}

/// Folds an event of `device/<id>`.
pub fn fold_device(state: Option<DeviceState>, event: &Recorded<'_>) -> Option<DeviceState> {
    if !counts(event) {
        return state;
    }
    if crate::event::event_type(event.kind).is_none() {
        let mut device = state.unwrap_or_default();
        remember(&mut device.unknown, event.kind);
        return Some(device);
    }
    match event.kind {
        "device.enrolled" | "device.changed" => {
            let Ok(patch) = serde_json::from_str::<DevicePatch>(event.payload) else { return state };
            let mut device = state.unwrap_or_default();
            set(&mut device.name, patch.name);
            set(&mut device.public_key, patch.public_key);
            set(&mut device.logs, patch.logs);
            Some(device)
        }
        "device.revoked" => state.map(|device| DeviceState { revoked: true, ..device }),
        _ => state,
    }
}

/// A log-in; payload of `session.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionState {
    /// Who.
    pub user: UserId,
    /// Where.
    pub device: DeviceId,
    /// From when, by the device's clock: for display, decides nothing.
    pub from: Timestamp,
    /// Until when at most, by the device's clock: for display, decides nothing.
    pub until: Timestamp,
    /// Whether the log-in was checked by the centre (else against the cached verifier).
    #[serde(default)]
    pub online: bool,
    /// The user's signature over the session, hex.
    #[serde(default)]
    pub sig: String,
    /// How far it reaches, once `session.closed` said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<SessionClosed>,
}

/// How far a session reaches; payload of `session.closed`.
///
/// Told by places in the device's own chains and by no clock: what stands in a chain up to the place
/// named was written while the session was open, whenever it arrives and whatever its clocks show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClosed {
    /// Incarnation of the device whose chains these are.
    pub incarnation: u32,
    /// Last own event of the device in each log, at the closing; a log it never wrote to is absent.
    pub ends: BTreeMap<LogName, ChainEnd>,
}

/// The last event of a device's chain in one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    /// Its place, from 1.
    pub seq: u64,
    /// Its event hash, 64 hex digits.
    pub hash: String,
}

impl SessionClosed {
    /// Whether the event at a place of the device's chain was written before the closing. An earlier
    /// incarnation is all before it, a later one all after.
    #[must_use]
    pub fn covers(&self, log: &LogName, incarnation: u32, seq: u64, hash: &str) -> bool {
        if incarnation != self.incarnation {
            return incarnation < self.incarnation;
        }
        self.ends.get(log).is_some_and(|end| seq < end.seq || (seq == end.seq && hash == end.hash))
    }
}

/// Folds an event of `session/<id>`. A session is opened once, and the first closing stands.
pub fn fold_session(state: Option<SessionState>, event: &Recorded<'_>) -> Option<SessionState> {
    if !counts(event) {
        return state;
    }
    match (event.kind, state) {
        ("session.opened", None) => serde_json::from_str(event.payload).ok(),
        ("session.closed", Some(session)) if session.closed.is_none() => {
            Some(SessionState { closed: serde_json::from_str(event.payload).ok(), ..session })
        }
        (_, state) => state,
    }
}

/// Versions of a contract profile or calendar pack published through the centre.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Published {
    /// Oldest first; the last one is in force for new orders.
    pub versions: Vec<PublishedVersion>,
}

/// One version; payload of `contract.published` and `calendar.published`. It carries every text a
/// reader needs: no console fills a gap from its own program, where another version may lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedVersion {
    /// Hash of all its texts, hex: see [`PublishedVersion::text_hash`].
    pub hash: String,
    /// Event that published it.
    #[serde(default)]
    pub by: Option<EventId>,
    /// Title or version name for people.
    #[serde(default)]
    pub title: String,
    /// Start of service, for contracts (`2024-12-01`).
    #[serde(default)]
    pub accepted_on: Option<String>,
    /// The text itself: TOML of the profile, JSON of the pack.
    #[serde(default)]
    pub content: String,
    /// Our reading of the contract's words, TOML; for contracts.
    #[serde(default)]
    pub reading: Option<String>,
    /// The site's settings text, TOML; for contracts.
    #[serde(default)]
    pub settings: Option<String>,
}

impl PublishedVersion {
    /// Hash of a version's texts, BLAKE3 in 64 hex digits: what an order is bound to. Each text is
    /// hashed with its length, an absent one as none at all, so that no two versions share a hash.
    #[must_use]
    pub fn text_hash(content: &str, reading: Option<&str>, settings: Option<&str>) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"zaigang published version v1");
        for text in [Some(content), reading, settings] {
            let Some(text) = text else {
                hasher.update(&[0]);
                continue;
            };
            hasher.update(&[1]);
            hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Whether its hash is that of its texts.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.hash == Self::text_hash(&self.content, self.reading.as_deref(), self.settings.as_deref())
    }
}

/// What a site agrees on anew for a contract: payload of `contract.settled`. Facts and reading stay
/// those of the version it changes, so that only the settings travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Hash of the version it changes, hex.
    pub base: String,
    /// The site's settings text, TOML.
    pub settings: String,
    /// Why, and on what paper.
    #[serde(default)]
    pub note: String,
    /// Hash of the version it makes: see [`PublishedVersion::text_hash`].
    pub hash: String,
}

impl Settled {
    /// Settings for a version.
    #[must_use]
    pub fn of(base: &PublishedVersion, settings: String, note: String) -> Self {
        let hash = PublishedVersion::text_hash(&base.content, base.reading.as_deref(), Some(&settings));
        Self { base: base.hash.clone(), settings, note, hash }
    }

    /// The version it makes of another; `None` where that is not the one it changes, or where the hash
    /// is not that of the texts.
    #[must_use]
    pub fn version(&self, base: &PublishedVersion) -> Option<PublishedVersion> {
        let version = PublishedVersion {
            hash: self.hash.clone(),
            by: None,
            settings: Some(self.settings.clone()),
            ..base.clone()
        };
        (base.hash == self.base && version.is_sound()).then_some(version)
    }
}

/// Folds an event of `contract/<id>` or `calendar/<id>`. The same version twice is one version.
pub fn fold_published(state: Option<Published>, event: &Recorded<'_>) -> Option<Published> {
    let Some(mut version) = Some(event).filter(|event| counts(event)).and_then(|event| made(&state, event))
    else {
        return state;
    };
    let mut published = state.unwrap_or_default();
    version.by = Some(event.id);
    if published.versions.last().is_none_or(|last| last.hash != version.hash) {
        published.versions.push(version);
    }
    Some(published)
}

/// The version an event makes; `None` where it makes none of the versions so far.
fn made(state: &Option<Published>, event: &Recorded<'_>) -> Option<PublishedVersion> {
    match event.kind {
        "contract.published" | "calendar.published" => serde_json::from_str(event.payload).ok(),
        "contract.settled" => {
            let settled = serde_json::from_str::<Settled>(event.payload).ok()?;
            settled.version(state.as_ref()?.versions.last()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> SessionClosed {
        let end = ChainEnd { seq: 12, hash: "ab".repeat(32) };
        SessionClosed { incarnation: 2, ends: BTreeMap::from([(LogName::site(), end)]) }
    }

    /// The bytes of this payload are in logs for ever.
    #[test]
    fn the_payload_of_a_closing_is_frozen() {
        let text =
            format!(r#"{{"incarnation":2,"ends":{{"site":{{"seq":12,"hash":"{}"}}}}}}"#, "ab".repeat(32));
        assert_eq!(serde_json::to_string(&closed()).unwrap(), text);
        assert_eq!(serde_json::from_str::<SessionClosed>(&text).unwrap(), closed());
    }

    #[test]
    fn a_closed_session_reaches_to_its_places() {
        let (site, other) = (LogName::site(), LogName::common("c1").unwrap());
        let hash = "ab".repeat(32);
        for (log, incarnation, seq, hash, covered) in [
            (&site, 2, 11, "of another", true),
            (&site, 2, 12, hash.as_str(), true),
            (&site, 2, 12, "of another", false),
            (&site, 2, 13, hash.as_str(), false),
            (&other, 2, 1, hash.as_str(), false),
            (&site, 1, 99, "of another", true),
            (&site, 3, 1, hash.as_str(), false),
        ] {
            assert_eq!(closed().covers(log, incarnation, seq, hash), covered, "{log:?} {incarnation} {seq}");
        }
    }
}
