//! Settings of this console, and what it says about itself.

use super::Door;
use super::dto::{AlarmList, DoorError, SettingsChange, SettingsDto};
use crate::session::Console;
use crate::store::Store;
use zaigang_domain::calendar::Calendar;

/// Minutes without input until the lock where nobody changed it. A guess within the asked-for 1-60.
const IDLE_LOCK_MINUTES: u32 = 10;

const THEME: &str = "theme";
const IDLE: &str = "idle_lock_minutes";
const NOTIFY: &str = "notify";
const DUTY_PC: &str = "duty_pc";

/// Minutes without input until the lock.
pub(super) fn idle_lock_minutes(console: &Console) -> Result<u32, DoorError> {
    // Before anything opened the store there is no session to lock.
    let Ok(store) = console.store() else { return Ok(IDLE_LOCK_MINUTES) };
    Ok(store.setting(IDLE)?.and_then(|text| text.parse().ok()).unwrap_or(IDLE_LOCK_MINUTES))
}

/// Whether notices are wanted.
pub(super) fn notify(store: &Store) -> Result<bool, DoorError> {
    Ok(store.setting(NOTIFY)?.is_none_or(|text| text != "0"))
}

/// Whether this console stands in the duty room, where a fault of the gravest level sounds until taken.
fn duty_pc(store: &Store) -> Result<bool, DoorError> {
    Ok(store.setting(DUTY_PC)?.is_some_and(|text| text == "1"))
}

impl Door {
    /// Faults of the gravest level that wait, and whether this console sounds for them.
    pub(super) fn alarms(&self) -> Result<AlarmList, DoorError> {
        self.read(|desk| Ok(AlarmList { sounds: duty_pc(desk.store)?, orders: desk.alarms()? }))
    }

    pub(super) fn settings(&self) -> Result<SettingsDto, DoorError> {
        let console = self.console();
        let store = console.store()?;
        let identity = store.identity();
        let (files_here, file_bytes) = store.file_space()?;
        let text =
            |of: fn(&crate::store::Identity) -> &str| identity.map(|i| of(i).to_owned()).unwrap_or_default();
        let device =
            identity.map(|identity| format!("{}（{}）", identity.device_name, identity.device_text()));
        Ok(SettingsDto {
            theme: store.setting(THEME)?.unwrap_or_else(|| "system".to_owned()),
            idle_lock_minutes: idle_lock_minutes(&console)?,
            notify: notify(store)?,
            duty_pc: duty_pc(store)?,
            centre: text(|identity| &identity.centre),
            centre_fingerprint: text(|identity| &identity.ca),
            device: device.unwrap_or_default(),
            store_path: store.path().display().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            keyring_slot: console.slots().is_some_and(crate::keys::Slots::has_keyring),
            contracts: contracts(store)?,
            calendar_years: years(store)?,
            files_here,
            files_kib: u32::try_from(file_bytes.div_ceil(1024)).unwrap_or(u32::MAX),
        })
    }

    pub(super) fn change_settings(&self, args: &SettingsChange) -> Result<SettingsDto, DoorError> {
        if args.theme.as_deref().is_some_and(|theme| !matches!(theme, "light" | "dark" | "system")) {
            return Err(DoorError::bad_input("配色只能是浅色、深色或跟随系统。").at("theme"));
        }
        if args.idle_lock_minutes.is_some_and(|minutes| !(1..=60).contains(&minutes)) {
            return Err(DoorError::bad_input("自动锁屏时间须在 1 至 60 分钟之间。").at("idle_lock_minutes"));
        }
        {
            let mut console = self.console();
            let store = console.store_mut()?;
            let changes = [
                (THEME, args.theme.clone()),
                (IDLE, args.idle_lock_minutes.map(|minutes| minutes.to_string())),
                (NOTIFY, args.notify.map(|on| u8::from(on).to_string())),
                (DUTY_PC, args.duty_pc.map(|on| u8::from(on).to_string())),
            ];
            for (name, value) in changes {
                if let Some(value) = value {
                    store.set_setting(name, &value)?;
                }
            }
        }
        self.push(["session", "settings"].map(str::to_owned));
        self.settings()
    }
}

/// The version in force of each contract.
fn contracts(store: &Store) -> Result<Vec<String>, DoorError> {
    let all = store.publication_heads(None)?;
    let contracts = all.iter().filter(|version| version.entity.starts_with("contract/"));
    // Versions stand in their order: the last one of each contract is in force.
    let latest = contracts
        .clone()
        .filter(|v| !contracts.clone().any(|w| w.entity == v.entity && w.version > v.version));
    let text = |version: &crate::store::PublicationHead| {
        let id = version.entity.trim_start_matches("contract/");
        let hash: String = version.hash.chars().take(8).collect();
        format!("{id} 第{}版 {hash}", version.version)
    };
    Ok(latest.map(text).collect())
}

fn years(store: &Store) -> Result<String, DoorError> {
    let mut years: std::collections::BTreeSet<i16> = Calendar::builtin().announced_years().collect();
    let heads = store.publication_heads(None)?;
    for head in heads.iter().filter(|head| head.entity.starts_with("calendar/")) {
        let version = store.publication(&head.hash)?;
        years.extend(crate::order::calendar(version.as_ref()).announced_years());
    }
    Ok(years.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))
}
