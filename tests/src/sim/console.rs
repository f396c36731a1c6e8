//! A console in the simulator: the real store on a real file and the real round, one message at a
//! time, so that anything may happen between two of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use ed25519_dalek::SigningKey;
use zaigang_console::host::{FixedHost, Host as _, random_id};
use zaigang_console::store::{Author, Draft, NoClocks, Store, StoreError, StoreKey};
use zaigang_console::sync::{Request, Round};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_sync::keys::SessionClaim;

/// A reply on its way back: HTTP status and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200, or the centre's refusal.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// An event this console wrote, as the simulator remembers it.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its log.
    pub log: String,
    /// Its type.
    pub kind: String,
    /// Its payload, as entered.
    pub payload: String,
}

/// Someone logged in here.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// Who.
    pub user: UserId,
    /// Under which session.
    pub session: [u8; 16],
}

/// A console.
pub struct Console {
    /// Number.
    pub index: usize,
    /// Folder of the profile.
    pub dir: PathBuf,
    /// The open store.
    pub store: Store,
    /// Its clocks.
    pub host: Arc<FixedHost>,
    key: StoreKey,
    /// Keys of users on this device.
    pub user_keys: BTreeMap<String, SigningKey>,
    /// Who is logged in.
    pub logged_in: Option<LoggedIn>,
    /// The round under way.
    pub round: Option<Round>,
    /// All it ever wrote, but for what a restore from a copy took away.
    pub made: BTreeMap<EventId, Made>,
}

impl Console {
    /// Opens the store in `dir`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(
        index: usize,
        dir: &Path,
        key: &StoreKey,
        host: Arc<FixedHost>,
        user_keys: BTreeMap<String, SigningKey>,
    ) -> Result<Self> {
        Ok(Self {
            index,
            dir: dir.to_owned(),
            store: open_store(dir, key)?,
            host,
            key: key.clone(),
            user_keys,
            logged_in: None,
            round: None,
            made: BTreeMap::new(),
        })
    }

    /// Drops the open store and opens the files in the folder again, as after a crash or a restore.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reopen(&mut self) -> Result<()> {
        self.store = open_store(&self.dir, &self.key)?;
        self.round = None;
        Ok(())
    }

    /// The device id as text.
    #[must_use]
    pub fn device(&self) -> String {
        self.store.identity().map(|i| i.device_text()).unwrap_or_default()
    }

    /// The device's wall clock, Unix milliseconds.
    #[must_use]
    pub fn host_now(&self) -> i64 {
        self.host.now().as_millisecond()
    }

    /// Opens a session for a user, and ends the one before it: events of the site log.
    ///
    /// # Errors
    /// What the store says.
    pub fn log_in(&mut self, user: &str) -> Result<(), StoreError> {
        let Some(key) = self.user_keys.get(user).cloned() else { return Ok(()) };
        self.log_out()?;
        let session = random_id(self.host.as_ref());
        let user = UserId::new(user).expect("users of the simulator have plain names");
        let identity = self.store.identity().cloned().ok_or(StoreError::NotEnrolled)?;
        let from = self.host.now();
        let until = jiff::Timestamp::from_millisecond(from.as_millisecond() + 12 * 3_600_000).unwrap_or(from);
        let claim = SessionClaim {
            session,
            user: user.as_str(),
            device: identity.device,
            from: from.as_millisecond(),
            until: until.as_millisecond(),
        };
        let payload = serde_json::json!({
            "user": user, "device": identity.device_text(), "from": from, "until": until, "online": false,
            "sig": zaigang_sync::hex::encode(&claim.sign(&key)),
        });
        let entity =
            EntityId::new(format!("session/{}", zaigang_sync::hex::encode(&session))).expect("hex is a name");
        let draft = Draft::fact("session.opened", payload.to_string(), from.as_millisecond());
        let author = Author { user: &user, session, key: &key };
        let written = self.store.append(
            self.host.as_ref(),
            &LogName::site(),
            &entity,
            vec![draft.clone()],
            Some(author),
            None,
        )?;
        self.remember("site", &[draft], &written.ids);
        self.logged_in = Some(LoggedIn { user, session });
        Ok(())
    }

    /// Ends the session, if there is one.
    ///
    /// # Errors
    /// What the store says.
    pub fn log_out(&mut self) -> Result<(), StoreError> {
        let Some(LoggedIn { session, .. }) = self.logged_in.clone() else { return Ok(()) };
        let entity =
            EntityId::new(format!("session/{}", zaigang_sync::hex::encode(&session))).expect("hex is a name");
        let closed = serde_json::to_string(&self.store.session_closed()?)?;
        let draft = Draft::fact("session.closed", closed, self.host_now());
        self.write(&LogName::site(), &entity, vec![draft])?;
        self.logged_in = None;
        Ok(())
    }

    /// Writes drafts as the user logged in; none when nobody is.
    ///
    /// # Errors
    /// What the store says.
    pub fn write(
        &mut self,
        log: &LogName,
        entity: &EntityId,
        drafts: Vec<Draft>,
    ) -> Result<Vec<EventId>, StoreError> {
        let Some(LoggedIn { user, session }) = self.logged_in.clone() else { return Ok(Vec::new()) };
        let Some(key) = self.user_keys.get(user.as_str()).cloned() else { return Ok(Vec::new()) };
        let author = Author { user: &user, session, key: &key };
        let written =
            self.store.append(self.host.as_ref(), log, entity, drafts.clone(), Some(author), None)?;
        self.remember(log.as_str(), &drafts, &written.ids);
        Ok(written.ids)
    }

    /// What a driver without a memory of its tries would do: the same act, written a second time.
    pub fn write_last_again(&mut self) {
        let Some(LoggedIn { user, session }) = self.logged_in.clone() else { return };
        let Some(key) = self.user_keys.get(user.as_str()).cloned() else { return };
        let Some(made) = self.made.values().find(|made| made.kind.starts_with("order.")) else { return };
        let draft = Draft::fact(&made.kind, made.payload.clone(), self.host_now());
        let (Ok(log), Ok(entity)) = (LogName::new(made.log.clone()), EntityId::new("order/again")) else {
            return;
        };
        let author = Author { user: &user, session, key: &key };
        // That it fails on a stopped log changes nothing here.
        let _ = self.store.append(self.host.as_ref(), &log, &entity, vec![draft], Some(author), None);
    }

    fn remember(&mut self, log: &str, drafts: &[Draft], ids: &[EventId]) {
        for (draft, id) in drafts.iter().zip(ids) {
            let made = Made { log: log.to_owned(), kind: draft.kind.clone(), payload: draft.payload.clone() };
            self.made.insert(*id, made);
        }
    }

    /// The next request of the round; begins one when none is under way. `None` when it ends.
    ///
    /// # Errors
    /// What the store says.
    pub fn next_request(&mut self) -> Result<Option<Request>, StoreError> {
        let round = self.round.get_or_insert_default();
        let next = round.next(&mut self.store, self.host.as_ref())?;
        if next.is_none() {
            self.round = None;
        }
        Ok(next)
    }

    /// Takes the reply to the last request. Says how the round stands, for the trace.
    ///
    /// # Errors
    /// What the store says.
    pub fn take(&mut self, reply: &Reply) -> Result<String, StoreError> {
        let Some(round) = self.round.as_mut() else { return Ok("no round".into()) };
        round.on_reply(&mut self.store, reply.status, &reply.body)?;
        let report = round.report();
        let refused = report.refused.as_ref().map(|r| r.code.as_str());
        Ok(format!(
            "{:?} pushed {} pulled {} stopped {:?} refused {refused:?} garbled {}",
            report.outcome,
            report.pushed,
            report.pulled,
            report.stopped,
            report.garbled.is_some()
        ))
    }
}

fn open_store(dir: &Path, key: &StoreKey) -> Result<Store> {
    let store = Store::open(dir, key, Arc::new(NoClocks), "sim").context("opening a console's store")?;
    // Files in memory need no syncing; a busy neighbour is an error at once, not after five seconds.
    store.reader().execute_batch("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 0;")?;
    Ok(store)
}
