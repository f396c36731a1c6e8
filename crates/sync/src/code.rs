//! An enrolment code as people carry it: one line of text, or a file that holds the same line.
//!
//! The line is `ZG1.<base64url of the JSON>.<checksum>`. The checksum, four characters without
//! look-alikes, is over the JSON: it catches a line cut off or mistyped before anything is asked of
//! the network. It guards nothing else; the secret inside does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::hash::{Use, digest};
use crate::protocol::EnrolmentCode;

/// What an enrolment code begins with.
pub const CODE_PREFIX: &str = "ZG1";
/// Longest text looked at.
const TEXT_BYTES_MAX: usize = 4_096;
/// Letters and digits without 0, O, 1, I, L, U.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is not an enrolment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not of this shape.
    #[error("not an enrolment code")]
    Malformed,
    /// The checksum does not fit: cut off or mistyped.
    #[error("the enrolment code is incomplete or mistyped")]
    Checksum,
}

impl EnrolmentCode {
    /// The line people carry.
    #[must_use]
    pub fn to_text(&self) -> String {
        let json = serde_json::to_vec(self).expect("a code of texts is JSON");
        format!("{CODE_PREFIX}.{}.{}", URL_SAFE_NO_PAD.encode(&json), checksum(&json))
    }

    /// Reads the line; white space anywhere in it is dropped, as a mail or a printer may add it.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(CodeError::Malformed);
        }
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut parts = text.split('.');
        let (Some(CODE_PREFIX), Some(body), Some(sum), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(CodeError::Malformed);
        };
        let json = URL_SAFE_NO_PAD.decode(body).map_err(|_| CodeError::Checksum)?;
        if checksum(&json) != sum.to_ascii_uppercase() {
            return Err(CodeError::Checksum);
        }
        serde_json::from_slice(&json).map_err(|_| CodeError::Malformed)
    }
}

fn checksum(json: &[u8]) -> String {
    let digest = digest(Use::Secret, &[b"enrolment code", json]);
    digest
        .0
        .iter()
        .take(4)
        .filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()))
        .map(|c| char::from(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_notices_slips() {
        let code = EnrolmentCode {
            centre: "https://10.0.0.5:7443".into(),
            ca: "00".repeat(16),
            secret: "ab".repeat(16),
        };
        let text = code.to_text();
        assert_eq!(EnrolmentCode::from_text(&text), Ok(code.clone()));
        let (front, back) = text.split_at(20);
        assert_eq!(EnrolmentCode::from_text(&format!(" {front}\r\n {back}\n")), Ok(code));
        let cut = text.get(..text.len() - 8).unwrap();
        assert!(EnrolmentCode::from_text(cut).is_err());
        assert_eq!(EnrolmentCode::from_text(&text.replacen("ZG1.e", "ZG1.f", 1)), Err(CodeError::Checksum));
        assert_eq!(EnrolmentCode::from_text("hello"), Err(CodeError::Malformed));
    }
}
