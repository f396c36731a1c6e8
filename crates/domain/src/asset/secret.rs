//! Text that looks like a secret: a word for one, followed by a value.

/// Words for secrets. `key` and the like count only with a sign between them and the value, since devices are
/// called `USB Key 2000`.
const LOOSE: &[&str] = &["口令", "密码", "password", "passwd", "passphrase", "pwd"];
const STRICT: &[&str] =
    &["密钥", "团体字", "团体名", "key", "secret", "token", "psk", "pass", "community", "pw"];

/// Shortest value that is taken for one, in characters.
const VALUE_CHARS_MIN: usize = 2;
/// Shortest value without a sign before it, in characters: `密码 Admin@1`, not `密码 A1`.
const BARE_CHARS_MIN: usize = 4;

/// Whether a text names a secret and gives its value, such as `口令：Admin@123` or `pwd=abc`. Names of
/// equipment (`密码机 SJJ1012`, `密钥管理系统`) and where a secret is kept (`密码：见保险柜`) do not count.
#[must_use]
pub fn looks_secret(text: &str) -> bool {
    let text: Vec<char> = text.chars().map(narrow).collect();
    let said = |words: &[&str], bare: bool| words.iter().any(|word| gives_value(&text, word, bare));
    said(LOOSE, true) || said(STRICT, false)
}

/// Full-width signs, letters and digits as the narrow ones, letters small.
fn narrow(c: char) -> char {
    let code = u32::from(c);
    let c = match code {
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    };
    c.to_ascii_lowercase()
}

fn gives_value(text: &[char], word: &str, bare: bool) -> bool {
    let word: Vec<char> = word.chars().collect();
    let starts = text.windows(word.len()).enumerate().filter(|(_, window)| *window == word);
    starts.map(|(at, _)| at).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let inside = before.is_some_and(char::is_ascii_alphabetic) && word.iter().all(char::is_ascii);
        !inside && follows(text.get(at + word.len()..).unwrap_or_default(), bare)
    })
}

/// Whether a value follows a word: after a sign or 为, 是; or, where a bare one counts, a run with digits or
/// signs in it.
fn follows(rest: &[char], bare: bool) -> bool {
    let skipped = rest.iter().take_while(|c| is_gap(**c)).count();
    let sign = rest.iter().take(skipped).any(|c| !c.is_whitespace());
    let value: Vec<char> =
        rest.iter().skip(skipped).copied().take_while(|c| c.is_ascii_graphic() && !is_stop(*c)).collect();
    if sign {
        return value.len() >= VALUE_CHARS_MIN;
    }
    bare && value.len() >= BARE_CHARS_MIN && value.iter().any(|c| !c.is_ascii_alphabetic())
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '=' | '是' | '为' | '"' | '\'')
}

fn is_stop(c: char) -> bool {
    matches!(c, ',' | ';')
}
