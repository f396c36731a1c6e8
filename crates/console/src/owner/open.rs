//! Opening a profile as its owner.

use crate::door::Door;
use crate::door::dto::{DoorCode, DoorError};
use crate::host::SystemHost;
use crate::keys::{Cost, SystemKeyring};
use crate::order::Contracts;
use crate::session::{Console, Profile};
use std::path::Path;
use std::sync::Arc;

/// Opens the profile in `dir`, creating it where there is none, and becomes its owner. What was damaged
/// is set aside, and a fresh store opened: the door tells.
///
/// # Errors
/// Not now when another process owns it; what else keeps the store from being opened.
pub fn open_door(dir: &Path) -> Result<Door, DoorError> {
    let host = SystemHost::of_profile(dir).map_err(|error| {
        tracing::error!(%error, "the demo's clock cannot be read");
        DoorError::new(DoorCode::Internal, "演示数据的时钟文件无法读取，请重新生成演示数据。")
    })?;
    let contracts = Contracts::new();
    let profile = Profile {
        dir: dir.to_owned(),
        host: Arc::new(host),
        keyring: Box::new(SystemKeyring),
        clocks: Arc::<Contracts>::clone(&contracts),
        cost: Cost::PRODUCT,
    };
    Ok(Door::new(Console::open(profile)?, contracts))
}
