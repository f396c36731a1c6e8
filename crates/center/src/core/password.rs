//! Passwords: policy, Argon2id, one-time ones.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::error::{CentreError, Result};
use crate::host::Host;

/// Fewest characters of a password. Source: this project's brief; GB/T 22239-2019 8.1.4.1 a) asks
/// for complexity and leaves the number to the site.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most bytes looked at: hashing time must not be a stranger's choice.
const PASSWORD_BYTES_MAX: usize = 256;
/// Fewest kinds out of lower case, upper case, digits, others.
const KINDS_MIN: usize = 3;

/// Whether a new password may be set by the user with this log-in name.
///
/// # Errors
/// [`CentreError::WeakPassword`] with a Chinese sentence.
pub fn check_policy(login: &str, password: &str) -> Result<()> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(CentreError::WeakPassword("密码至少 10 个字符。"));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(CentreError::WeakPassword("密码太长，最多 256 个字节。"));
    }
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    if kinds.iter().filter(|kind| password.chars().any(kind)).count() < KINDS_MIN {
        return Err(CentreError::WeakPassword("密码须含大写字母、小写字母、数字、其他字符中的至少三种。"));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(CentreError::WeakPassword("密码不能包含登录名。"));
    }
    Ok(())
}

/// Argon2id with the crate's present parameters (19 MiB, 2 passes, RFC 9106 / OWASP), as PHC text.
pub(super) fn hash(host: &dyn Host, password: &str) -> Result<String> {
    let mut salt = [0_u8; 16];
    host.fill(&mut salt);
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| CentreError::Store(format!("password hash: {error}")))
}

/// Whether the password is the one hashed. Without a hash the time of one is spent all the same,
/// so that nobody learns which names exist.
pub(super) fn fits(phc: Option<&str>, password: &str) -> bool {
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    match phc.and_then(|phc| PasswordHash::new(phc).ok()) {
        Some(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        None => {
            let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), &[7; 16]);
            false
        }
    }
}

/// A password to be handed over once: 16 characters of three kinds without look-alikes, 80 bits.
pub(super) fn one_time(host: &dyn Host) -> String {
    const KINDS: [&[u8]; 3] = [b"abcdefghijkmnpqrstuvwxyz", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"23456789"];
    let mut random = [0_u8; 16];
    host.fill(&mut random);
    random
        .iter()
        .enumerate()
        .filter_map(|(at, byte)| {
            let kind = KINDS.get(if at % 5 == 4 { 2 } else { at % 2 })?;
            kind.get(usize::from(*byte) % kind.len()).map(|c| char::from(*c))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy() {
        assert!(check_policy("wang", "Correct-Horse1").is_ok());
        assert!(check_policy("wang", "密码abcdEF12345").is_ok());
        for weak in
            ["Short-1a", "onlylowercase", "lowerUPPERonly", "1234567890", "xWANG-12345x", &"aA1".repeat(100)]
        {
            assert!(check_policy("wang", weak).is_err(), "{weak}");
        }
    }
}
