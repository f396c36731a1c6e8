//! The system's keyring: convenient, never relied on. A host without one, or with one that hangs, works.

use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use zeroize::Zeroizing;

/// How long a keyring may take: one that asks a person to unlock it, or hangs, counts as absent.
const PATIENCE: Duration = Duration::from_secs(3);
/// Name under which the secret is kept.
const SERVICE: &str = "zaigang";

/// Keeps one secret of 32 bytes per profile.
pub trait Keyring: Send + Sync {
    /// The secret, if the keyring works and holds it.
    fn get(&self, profile: &str) -> Option<Zeroizing<[u8; 32]>>;
    /// Keeps the secret; tells whether it did.
    fn set(&self, profile: &str, secret: &[u8; 32]) -> bool;
    /// Removes the secret.
    fn remove(&self, profile: &str);
}

/// The keyring of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeyring;

/// Runs `act` on a thread of its own and waits at most [`PATIENCE`]: D-Bus may hang, and the library
/// panics where it finds an odd session.
fn patiently<T: Send + 'static>(act: impl FnOnce() -> Option<T> + Send + 'static) -> Option<T> {
    let (send, receive) = mpsc::channel();
    let run = move || {
        // Nobody listens any more when it took too long.
        let _ = send.send(act());
    };
    std::thread::Builder::new().name("keyring".into()).spawn(run).ok()?;
    receive.recv_timeout(PATIENCE).ok().flatten()
}

impl Keyring for SystemKeyring {
    fn get(&self, profile: &str) -> Option<Zeroizing<[u8; 32]>> {
        let profile = profile.to_owned();
        patiently(move || {
            let secret = Zeroizing::new(keyring::Entry::new(SERVICE, &profile).ok()?.get_secret().ok()?);
            secret.as_slice().try_into().ok().map(Zeroizing::new)
        })
    }

    fn set(&self, profile: &str, secret: &[u8; 32]) -> bool {
        let (profile, secret) = (profile.to_owned(), Zeroizing::new(*secret));
        patiently(move || keyring::Entry::new(SERVICE, &profile).ok()?.set_secret(secret.as_slice()).ok())
            .is_some()
    }

    fn remove(&self, profile: &str) {
        let profile = profile.to_owned();
        patiently(move || keyring::Entry::new(SERVICE, &profile).ok()?.delete_credential().ok());
    }
}

/// No keyring: the first person to log in opens the store.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: &str) -> Option<Zeroizing<[u8; 32]>> {
        None
    }

    fn set(&self, _: &str, _: &[u8; 32]) -> bool {
        false
    }

    fn remove(&self, _: &str) {}
}

/// A keyring in memory, for tests: clones share it, as logged-in processes do.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeyring(std::sync::Arc<Mutex<std::collections::BTreeMap<String, [u8; 32]>>>);

impl MemoryKeyring {
    /// Forgets everything, as a re-installed desktop does.
    pub fn empty(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Keyring for MemoryKeyring {
    fn get(&self, profile: &str) -> Option<Zeroizing<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(profile).copied().map(Zeroizing::new)
    }

    fn set(&self, profile: &str, secret: &[u8; 32]) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(profile.to_owned(), *secret);
        true
    }

    fn remove(&self, profile: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(profile);
    }
}
