//! Lower-case hex, as ids, keys and signatures stand in JSON and headers.

use std::fmt::Write as _;

/// Bytes as lower-case hex.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing into a string cannot fail");
    }
    text
}

/// Exactly `N` bytes from `2 N` lower-case hex digits: one value has one spelling.
#[must_use]
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_with_one_spelling() {
        assert_eq!(encode(&[0, 0xab, 255]), "00abff");
        assert_eq!(decode::<3>("00abff"), Some([0, 0xab, 255]));
        for wrong in ["", "00abf", "00ABFF", "00abffff", "00abfg", "0é0ab"] {
            assert_eq!(decode::<3>(wrong), None, "{wrong}");
        }
    }
}
