//! Wrapping a secret by a password (Argon2id) or by another key, with XChaCha20-Poly1305.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::host::Host;

/// What deriving a key from a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Cost {
    /// 19 MiB and 2 passes: OWASP's recommendation for Argon2id, the centre's too.
    pub const PRODUCT: Self = Self { memory_kib: 19 * 1024, passes: 2 };
    /// The least Argon2 takes: for tests only.
    pub const TEST: Self = Self { memory_kib: 8, passes: 1 };
}

/// A wrapped secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// Nonce, hex.
    nonce: String,
    /// Ciphertext with its tag, hex.
    sealed: String,
}

/// Derives a key from a password; `None` when the cost is one that Argon2 does not take.
pub(crate) fn derive(password: &str, salt: &[u8; 16], cost: Cost) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, key.as_mut_slice())
        .ok()?;
    Some(key)
}

/// Wraps a secret; `bound_to` must be given again to open it.
pub(crate) fn wrap(host: &dyn Host, key: &[u8; 32], bound_to: &str, secret: &[u8]) -> Wrapped {
    let mut nonce = [0; 24];
    host.random(&mut nonce);
    let payload = Payload { msg: secret, aad: bound_to.as_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&nonce.into(), payload)
        .expect("a secret of a few bytes is below every limit of the cipher");
    Wrapped { nonce: zaigang_sync::hex::encode(&nonce), sealed: zaigang_sync::hex::encode(&sealed) }
}

/// Opens a wrapped secret; `None` when the key or what it is bound to is another.
pub(crate) fn unwrap(key: &[u8; 32], bound_to: &str, wrapped: &Wrapped) -> Option<Zeroizing<Vec<u8>>> {
    let nonce: [u8; 24] = zaigang_sync::hex::decode(&wrapped.nonce)?;
    let sealed = bytes(&wrapped.sealed)?;
    let payload = Payload { msg: &sealed, aad: bound_to.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(&nonce.into(), payload).ok().map(Zeroizing::new)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| zaigang_sync::hex::decode::<1>(std::str::from_utf8(pair).ok()?).map(|[byte]| byte))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FixedHost;

    #[test]
    fn opens_with_its_key_and_binding_only() {
        let host = FixedHost::new(jiff::Timestamp::UNIX_EPOCH, 1);
        let key = derive("password", &[1; 16], Cost::TEST).unwrap();
        let wrapped = wrap(&host, &key, "u1", b"secret");
        assert_eq!(unwrap(&key, "u1", &wrapped).unwrap().as_slice(), b"secret");
        assert!(unwrap(&key, "u2", &wrapped).is_none());
        assert!(unwrap(&derive("Password", &[1; 16], Cost::TEST).unwrap(), "u1", &wrapped).is_none());
        let broken = Wrapped { sealed: "0".into(), ..wrapped };
        assert!(unwrap(&key, "u1", &broken).is_none());
    }
}
