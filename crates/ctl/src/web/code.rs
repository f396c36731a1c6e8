//! The typed one-time code and the tokens it is traded for.

use std::sync::{Mutex, PoisonError};

/// Letters and digits that are not taken for one another.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Characters of a code: 31^8 is about 10^12, with five tries.
const CODE_CHARS: usize = 8;
/// Wrong tries after which a code is void.
const TRIES: u8 = 5;
/// Browsers that hold a token at one time; the oldest is dropped.
const TOKENS_MAX: usize = 8;

/// The code in force and the tokens given out; both end with the process.
#[derive(Debug, Default)]
pub(super) struct Keys {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    code: Option<(String, u8)>,
    tokens: Vec<String>,
}

/// Why no token was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Another code; so many tries are left.
    Wrong(u8),
    /// There is no code in force: used, or tried too often.
    NoCode,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A new code; the one before is void.
    pub(super) fn new_code(&self) -> String {
        let code = random_text(CODE_CHARS);
        self.with(|inner| inner.code = Some((code.clone(), TRIES)));
        code
    }

    /// Trades a typed code for a token. Blanks, dashes and small letters are forgiven.
    pub(super) fn trade(&self, typed: &str) -> Result<String, Refused> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect();
        let typed = typed.to_ascii_uppercase();
        self.with(|inner| {
            let (code, tries) = inner.code.take().ok_or(Refused::NoCode)?;
            if !is_same(&code, &typed) {
                let left = tries - 1;
                if left > 0 {
                    inner.code = Some((code, left));
                }
                return Err(Refused::Wrong(left));
            }
            if inner.tokens.len() >= TOKENS_MAX {
                inner.tokens.remove(0);
            }
            let token = random_text(48);
            inner.tokens.push(token.clone());
            Ok(token)
        })
    }

    /// Whether a token was given out here.
    pub(super) fn knows(&self, token: &str) -> bool {
        // Every token is looked at to its end, so that time tells nothing.
        self.with(|inner| inner.tokens.iter().fold(false, |known, own| known | is_same(own, token)))
    }
}

/// Compares without an early end.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Random text of letters and digits, about 4.95 bits a character.
#[expect(clippy::disallowed_methods, reason = "the shell draws its own codes and tokens")]
pub(crate) fn random_text(chars: usize) -> String {
    let mut text = String::with_capacity(chars);
    let mut bytes = [0_u8; 64];
    while text.len() < chars {
        getrandom::fill(&mut bytes).expect("the system gives random numbers: without them no code is safe");
        // 248 is the largest multiple of 31 in a byte: what lies above would make some letters likelier.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()));
        text.extend(letters.map(|letter| char::from(*letter)).take(chars - text.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_forgives_how_it_is_typed() {
        let keys = Keys::new();
        assert_eq!(keys.trade("ANYTHING"), Err(Refused::NoCode));
        let code = keys.new_code();
        assert_eq!(code.len(), CODE_CHARS);
        let (front, back) = code.split_at(4);
        let token = keys.trade(&format!(" {}-{} ", front.to_lowercase(), back)).unwrap();
        assert!(keys.knows(&token) && !keys.knows("") && !keys.knows(&token[1..]));
        assert_eq!(keys.trade(&code), Err(Refused::NoCode), "single use");
    }

    #[test]
    fn five_wrong_tries_end_a_code_and_a_new_one_ends_the_old() {
        let keys = Keys::new();
        let code = keys.new_code();
        for left in (0..TRIES).rev() {
            assert_eq!(keys.trade("00000000"), Err(Refused::Wrong(left)));
        }
        assert_eq!(keys.trade(&code), Err(Refused::NoCode));
        let second = keys.new_code();
        let third = keys.new_code();
        assert_eq!(keys.trade(&second), Err(Refused::Wrong(TRIES - 1)));
        assert!(keys.trade(&third).is_ok());
    }

    #[test]
    fn old_tokens_give_way() {
        let keys = Keys::new();
        let tokens: Vec<String> = (0..=TOKENS_MAX).map(|_| keys.trade(&keys.new_code()).unwrap()).collect();
        assert!(!keys.knows(&tokens[0]));
        assert!(tokens[1..].iter().all(|token| keys.knows(token)));
    }
}
