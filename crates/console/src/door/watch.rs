//! What happens without a call: reminders, and the lock of an idle screen.

use super::dto::PushDto;
use super::{Door, settings};
use crate::door::dto::{DoorError, ReminderDto};
use crate::order::Desk;
use crate::reminder;
use crate::session::Stage;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often the door looks by itself. Clocks count in minutes; half of one is soon enough.
const LOOK_EVERY: Duration = Duration::from_secs(15);

impl Door {
    /// Looks by itself until dropped: reminders are pushed, an idle screen is locked.
    pub async fn watch(self) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            let door = self.clone();
            let looked = tokio::task::spawn_blocking(move || door.look()).await;
            if let Ok(Err(error)) = looked {
                tracing::warn!(%error, "looking for reminders failed");
            }
        }
    }

    /// Looks once.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn look(&self) -> Result<(), DoorError> {
        self.lock_when_idle()?;
        let reminders = self.reminders()?;
        if !reminders.is_empty() {
            let changed = vec!["orders".to_owned(), "counts".to_owned()];
            self.send(PushDto { changed, reminders });
        }
        Ok(())
    }

    fn lock_when_idle(&self) -> Result<(), DoorError> {
        let locked = {
            let mut console = self.console();
            let limit = i64::from(settings::idle_lock_minutes(&console)?) * 60_000;
            let idle = console.host().evidence().wall_at - self.inner.active_at.load(Ordering::Relaxed);
            let locks = console.stage() == Stage::Open && idle >= limit;
            if locks {
                console.lock();
            }
            locks
        };
        if locked {
            self.push(["session".to_owned()]);
        }
        Ok(())
    }

    /// The reminders due now, each once, for whoever is logged in; also while the screen is locked.
    fn reminders(&self) -> Result<Vec<ReminderDto>, DoorError> {
        let mut console = self.console();
        let now = console.host().now();
        let Some(user) = console.session().map(|session| session.user.clone()) else { return Ok(Vec::new()) };
        let store = console.store()?;
        let actor = store.actor(&user)?;
        let desk = Desk { store, contracts: &self.inner.contracts, actor: &actor, now };
        let watched = reminder::watched(&desk)?;
        let before = reminder::load_told(store, user.as_str())?;
        let told = before.clone().unwrap_or_else(|| reminder::silenced(&watched));
        let wanted = settings::notify(store)?;
        let (reminders, after) = reminder::due(&watched, &told, now);
        if before.as_ref() != Some(&after) {
            reminder::save_told(console.store_mut()?, user.as_str(), &after)?;
        }
        Ok(if wanted { reminders } else { Vec::new() })
    }
}
