//! The recovery slot: the store's key sealed by age to the site's recovery key, whose other half the
//! administrator keeps on paper.

use std::str::FromStr as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::store::StoreKey;

/// The store's key sealed to an age recipient, base64; `None` when that is not a recipient.
#[must_use]
pub fn seal_for_recovery(recipient: &str, key: &StoreKey) -> Option<String> {
    let recipient = age::x25519::Recipient::from_str(recipient).ok()?;
    age::encrypt(&recipient, key.as_slice()).ok().map(|sealed| STANDARD.encode(sealed))
}

/// Opens a recovery slot with the site's recovery identity (`AGE-SECRET-KEY-1…`).
#[must_use]
pub fn open_recovery(identity: &str, slot: &str) -> Option<StoreKey> {
    let identity = age::x25519::Identity::from_str(identity.trim()).ok()?;
    let sealed = STANDARD.decode(slot).ok()?;
    let key = zeroize::Zeroizing::new(age::decrypt(&identity, &sealed).ok()?);
    key.as_slice().try_into().ok().map(StoreKey::new)
}
