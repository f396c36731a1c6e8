//! Search text: Chinese split character by character, pinyin initials beside it.

use pinyin::ToPinyin as _;

/// Whether a character is written without spaces around words, so that each stands for itself.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The text with a space around every CJK character.
pub(crate) fn split_cjk(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 4 / 3);
    for c in text.chars() {
        if is_cjk(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    out
}

/// Pinyin initials of the Chinese characters, other letters and digits kept: `硬盘A1` gives `ypa1`.
#[must_use]
pub fn initials(text: &str) -> String {
    text.chars().filter_map(initial).collect()
}

fn initial(c: char) -> Option<char> {
    match c.to_pinyin() {
        Some(syllable) => syllable.plain().chars().next(),
        None => Some(c.to_ascii_lowercase()).filter(char::is_ascii_alphanumeric),
    }
}

/// Initials of every run of a text, each run also from each of its characters on, so that the
/// middle of a word is found by a prefix: at most 24 characters of each run, and 40 runs.
pub(crate) fn initials_column(text: &str) -> String {
    let mut out = String::new();
    let runs = text.split(|c: char| initial(c).is_none()).map(initials).filter(|run| !run.is_empty());
    for run in runs.take(40) {
        let run = run.get(..24.min(run.len())).unwrap_or(&run);
        for (at, _) in run.char_indices() {
            out.push_str(run.get(at..).unwrap_or_default());
            out.push(' ');
        }
    }
    out
}

/// The FTS5 query for what a person typed; `None` when nothing searchable is in it. Chinese words
/// match as phrases in the body, letters and digits as prefixes in number, body and initials.
#[must_use]
pub fn search_query(typed: &str) -> Option<String> {
    let words: Vec<String> = typed.split_whitespace().take(8).filter_map(query_word).collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

fn query_word(word: &str) -> Option<String> {
    let kept: String = word.chars().filter(|c| c.is_alphanumeric() || *c == '-').take(64).collect();
    if !kept.chars().any(char::is_alphanumeric) {
        return None;
    }
    if kept.chars().any(is_cjk) {
        return Some(format!("body : \"{}\"", split_cjk(&kept).trim()));
    }
    let lower = kept.to_ascii_lowercase();
    Some(format!("(\"{kept}\" * OR initials : \"{lower}\" *)"))
}

/// Most words by which texts are compared.
const ALIKE_WORDS_MAX: usize = 16;

/// The words by which others like a text are found: pairs of neighbouring Chinese characters, and runs of
/// at least two letters and digits; each once, the first sixteen.
#[must_use]
pub fn alike_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if word.chars().count() >= 2 && !words.contains(&word) && words.len() < ALIKE_WORDS_MAX {
            words.push(word);
        }
    };
    let mut before: Option<char> = None;
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if is_cjk(c) && c.is_alphanumeric() {
            if let Some(before) = before {
                add([before, c].iter().collect());
            }
            before = Some(c);
        } else {
            before = None;
        }
        if c.is_ascii_alphanumeric() {
            run.push(c.to_ascii_lowercase());
        } else {
            add(std::mem::take(&mut run));
        }
    }
    words
}

/// The FTS5 query of one such word.
#[must_use]
pub fn alike_query(word: &str) -> String {
    let kept: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    format!("body : \"{}\"", split_cjk(&kept).trim())
}

/// The FTS5 query for texts that share any such word with this one; `None` when it has none.
pub(crate) fn alike_any(text: &str) -> Option<String> {
    let words = alike_words(text);
    (!words.is_empty()).then(|| words.iter().map(|word| alike_query(word)).collect::<Vec<_>>().join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_pairs_and_words() {
        assert_eq!(alike_words("三楼VPN-01 卡纸。卡纸"), ["三楼", "vpn", "01", "卡纸"]);
        assert!(alike_words("断 x").is_empty());
        assert_eq!(alike_words(&"一二三四五六七八九十百千万亿兆京垓秭".repeat(2)).len(), ALIKE_WORDS_MAX);
        assert_eq!(alike_query("卡纸"), "body : \"卡  纸\"");
        assert_eq!(alike_query("a\"b"), "body : \"ab\"");
    }

    #[test]
    fn chinese_is_split_and_initials_are_found() {
        assert_eq!(split_cjk("硬盘A"), " 硬  盘 A");
        assert_eq!(initials("值班室1号机"), "zbs1hj");
        assert_eq!(initials_column("硬盘"), "yp p ");
        assert_eq!(search_query("硬盘").unwrap(), "body : \"硬  盘\"");
        assert_eq!(search_query("yp").unwrap(), "(\"yp\" * OR initials : \"yp\" *)");
        assert_eq!(search_query("\" * ( "), None);
        assert_eq!(alike_any("硬盘 A1").unwrap(), "body : \"硬  盘\" OR body : \"a1\"");
        assert_eq!(alike_any("\" * ("), None);
        assert_eq!(search_query("a\" OR b").unwrap().matches('"').count(), 12);
    }
}
