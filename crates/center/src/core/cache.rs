//! What the core keeps in memory between requests: heads, states, keys. Valid only while no other
//! connection commits and no own transaction is rolled back; then it is dropped whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use zaigang_domain::contract::Profile;
use zaigang_domain::judge::EntityState;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::Id;

use crate::store::{DeviceRow, LogRow};

/// States kept at most; each takes a few kilobytes.
const ENTITIES_MAX: usize = 40_000;

/// An entity as it stands inside the present transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    pub(crate) state: Option<EntityState>,
    /// Effective time of its last accepted event, Unix milliseconds; 0 before the first.
    pub(crate) effective_at: i64,
    /// Not yet written to its row.
    pub(crate) dirty: bool,
}

/// Everything cached.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) data_version: Option<i64>,
    pub(crate) logs: BTreeMap<String, LogRow>,
    pub(crate) entities: HashMap<i64, HashMap<String, Held>>,
    pub(crate) chains: HashMap<(Id, u32, i64), ChainHead>,
    pub(crate) devices: HashMap<Id, Option<DeviceRow>>,
    /// Keys certified for (user, device in hex).
    pub(crate) user_keys: HashMap<(String, String), Vec<[u8; 32]>>,
    /// Contract versions read so far, by hash: a site has few, and they never change.
    pub(crate) profiles: HashMap<String, Arc<Profile>>,
    /// Names of dirty entities, in order, so that rows are written in key order.
    pub(crate) dirty: BTreeSet<(i64, String)>,
    /// Files were erased in the present transaction: their content goes after it.
    pub(crate) files_erased: bool,
}

impl Cache {
    /// Forgets everything that another commit could have changed.
    pub(crate) fn clear(&mut self) {
        let profiles = std::mem::take(&mut self.profiles);
        *self = Self { profiles, ..Self::default() };
    }

    /// Keeps memory bounded; called between transactions.
    pub(crate) fn trim(&mut self) {
        let held: usize = self.entities.values().map(HashMap::len).sum();
        if held > ENTITIES_MAX {
            self.entities.clear();
        }
    }
}
