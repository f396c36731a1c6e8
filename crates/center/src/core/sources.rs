//! Other programs that register orders: added, listed, revoked, known by their key.

use serde::Serialize;
use zaigang_domain::contract::Profile;
use zaigang_domain::event::LogName;
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{Deed, RATE_PER_MINUTE_MAX, SourceState};
use zaigang_sync::hash::{Use, digest};
use zaigang_sync::hex;

use super::Centre;
use super::work::{SITE, Work};
use crate::error::{CentreError, Result};
use crate::store;

/// Longest name of a source, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Stands before every key, so that one that lies about is recognised.
const KEY_MARK: &str = "zgk_";

/// A source to be added.
#[derive(Debug, Clone, Default)]
pub struct NewSource {
    /// Name shown with everything it does.
    pub name: String,
    /// Contract it registers for.
    pub contract: String,
    /// Divisions of it; empty means all.
    pub divisions: Vec<String>,
    /// What it may do; empty means all about orders ([`Deed::ORDERS`]).
    pub may: Vec<Deed>,
    /// What it registers goes to the division's pool at once.
    pub pool: bool,
    /// Requests a minute, at most.
    pub per_minute: u32,
}

/// A source that was added; its key is told once, only a hash of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddedSource {
    /// Its id.
    pub source: String,
    /// Its key.
    pub key: String,
}

/// A source as listed, and as the interface knows who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceListing {
    /// Its id.
    pub source: String,
    /// The source as the site log tells.
    #[serde(flatten)]
    pub state: SourceState,
}

/// What is kept of a key. It has 256 random bits, so a plain hash is enough.
fn key_hash(key: &str) -> [u8; 32] {
    digest(Use::Secret, &[b"source key", key.as_bytes()]).0
}

impl Centre {
    /// Adds a source and makes its key.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] for a bad name, rate, contract or division, [`CentreError::Store`].
    pub fn source_add(&mut self, new: &NewSource) -> Result<AddedSource> {
        let bad = |why: String| Err(CentreError::BadRequest(why));
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return bad(format!("对接系统的名称须为 1 至 {NAME_CHARS_MAX} 个字符"));
        }
        if !(1..=RATE_PER_MINUTE_MAX).contains(&new.per_minute) {
            return bad(format!("每分钟请求数须为 1 至 {RATE_PER_MINUTE_MAX}"));
        }
        self.transact(|work| {
            work.check_scope(&new.contract, &new.divisions)?;
            let (source, key) = (
                format!("s{}", hex::encode(&work.random::<6>())),
                format!("{KEY_MARK}{}", hex::encode(&work.random::<32>())),
            );
            let deeds = if new.may.is_empty() { &Deed::ORDERS[..] } else { &new.may[..] };
            let payload = serde_json::json!({
                "name": name, "contract": new.contract, "divisions": new.divisions,
                "may": deeds.iter().map(|deed| deed.code()).collect::<Vec<_>>(),
                "pool": new.pool, "per_minute": new.per_minute,
            });
            work.act_on_site("source", &source, "source.added", payload)?;
            store::insert_source_key(work.conn, &key_hash(&key), &source)?;
            Ok(AddedSource { source, key })
        })
    }

    /// All sources, revoked ones included.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn source_list(&mut self) -> Result<Vec<SourceListing>> {
        self.look(|work| {
            let Some(site) = work.log(SITE) else { return Ok(Vec::new()) };
            let sources = store::entities(work.conn, site.n, "source")?;
            Ok(sources.into_iter().filter_map(|(name, state)| listing(&name, state)).collect())
        })
    }

    /// Revokes a source: its key is forgotten.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] for an unknown source, [`CentreError::Store`].
    pub fn source_revoke(&mut self, source: &str) -> Result<()> {
        self.transact(|work| {
            let Some(state) = work.source(source)? else {
                return Err(CentreError::BadRequest(format!("没有对接系统 {source}")));
            };
            store::drop_source_keys(work.conn, source)?;
            if state.revoked {
                return Ok(());
            }
            work.act_on_site("source", source, "source.revoked", serde_json::json!({}))
        })
    }

    /// Who holds this key; `None` for a key that nobody holds or that was revoked.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn source_of_key(&mut self, key: &str) -> Result<Option<SourceListing>> {
        let hash = key_hash(key);
        self.look(|work| {
            let Some(source) = store::source_of_key(work.conn, &hash)? else { return Ok(None) };
            let state = work.source(&source)?.filter(|state| !state.revoked);
            Ok(state.map(|state| SourceListing { source, state }))
        })
    }
}

impl Work<'_> {
    /// A source as the site log tells.
    pub(super) fn source(&mut self, source: &str) -> Result<Option<SourceState>> {
        Ok(match self.site_state(&format!("source/{source}"))? {
            Some(EntityState::Source(state)) => Some(state.clone()),
            _ => None,
        })
    }

    /// Whether a division is one of the contract's, or works already.
    pub(super) fn knows_division(&self, contract: &str, division: &str, profile: &Profile) -> bool {
        let log = LogName::division(contract, division);
        log.is_ok_and(|log| {
            profile.divisions.iter().any(|known| known == division) || self.log(log.as_str()).is_some()
        })
    }

    /// A source is added for a published contract and divisions that it has.
    fn check_scope(&mut self, contract: &str, divisions: &[String]) -> Result<()> {
        let Some(in_force) = self.contract_in_force(contract)? else {
            return Err(CentreError::BadRequest(format!(
                "没有已发布的合同 {contract}，请先 contract publish"
            )));
        };
        for division in divisions {
            if !self.knows_division(contract, division, &in_force.profile) {
                let known = in_force.profile.divisions.join("、");
                return Err(CentreError::BadRequest(format!("合同中没有 {division}，可用：{known}")));
            }
        }
        Ok(())
    }
}

fn listing(name: &str, state: EntityState) -> Option<SourceListing> {
    let EntityState::Source(state) = state else { return None };
    Some(SourceListing { source: name.strip_prefix("source/")?.to_owned(), state })
}
