//! A file's encryption: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over
//! ChaCha20-Poly1305, in segments as `zaigang_sync::file` lays them out.
//!
//! Each file has a random key of its own, so the nonce needs no random part: it is seven zeros, the
//! segment's number and whether it is the last. Cutting, joining or swapping segments does not open.

use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use zaigang_sync::file::{SEGMENT_BYTES, TAG_BYTES, sealed_bytes};
use zeroize::Zeroizing;

/// A file's key: random, used for one content only.
pub(crate) type FileKey = Zeroizing<[u8; 32]>;

fn nonce(segment: u32, last: bool) -> [u8; 12] {
    let [a, b, c, d] = segment.to_be_bytes();
    [0, 0, 0, 0, 0, 0, 0, a, b, c, d, u8::from(last)]
}

fn each(
    content: &[u8],
    segment_bytes: u64,
    mut act: impl FnMut(&[u8], &[u8; 12]) -> Option<Vec<u8>>,
    into: &mut Vec<u8>,
) -> Option<()> {
    let segment_bytes = usize::try_from(segment_bytes).ok()?;
    let count = content.len().div_ceil(segment_bytes);
    for (n, segment) in content.chunks(segment_bytes).enumerate() {
        let nonce = nonce(u32::try_from(n).ok()?, n + 1 == count);
        into.extend(Zeroizing::new(act(segment, &nonce)?).iter());
    }
    Some(())
}

/// Encrypts a content that is not empty.
pub(crate) fn seal(key: &FileKey, plain: &[u8]) -> Vec<u8> {
    let cipher = ChaCha20Poly1305::new((&**key).into());
    let room = usize::try_from(sealed_bytes(plain.len() as u64)).unwrap_or(0);
    let mut sealed = Vec::with_capacity(room);
    each(plain, SEGMENT_BYTES, |segment, nonce| cipher.encrypt(nonce.into(), segment).ok(), &mut sealed)
        .expect("a segment is below every limit of the cipher, and 2^32 of them above every file");
    sealed
}

/// Decrypts a content; `None` when the key is another or a byte was changed.
pub(crate) fn open(key: &FileKey, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = ChaCha20Poly1305::new((&**key).into());
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    each(
        sealed,
        SEGMENT_BYTES + TAG_BYTES,
        |segment, nonce| cipher.decrypt(nonce.into(), segment).ok(),
        &mut plain,
    )?;
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_its_key_whole_and_in_order_only() {
        let key = FileKey::new([7; 32]);
        for len in [1, 15, 65_535, 65_536, 65_537, 200_000] {
            let plain: Vec<u8> = (0..len).map(|n: u32| n as u8).collect();
            let sealed = seal(&key, &plain);
            assert_eq!(sealed.len() as u64, sealed_bytes(u64::from(len)));
            assert_eq!(open(&key, &sealed).unwrap().as_slice(), plain);
            assert!(open(&FileKey::new([8; 32]), &sealed).is_none());
            for at in [0, sealed.len() / 2, sealed.len() - 1] {
                let mut changed = sealed.clone();
                changed[at] ^= 1;
                assert!(open(&key, &changed).is_none(), "{len} {at}");
            }
        }
        let sealed = seal(&key, &vec![1; 200_000]);
        let segment = 65_552;
        assert!(open(&key, &sealed[..2 * segment]).is_none(), "cut at a segment's end");
        let swapped = [&sealed[segment..2 * segment], &sealed[..segment], &sealed[2 * segment..]].concat();
        assert!(open(&key, &swapped).is_none());
    }
}
