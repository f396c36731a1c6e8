//! Patterns of personal data that must not stand in free text, in names or in text files. They give a
//! warning, never a refusal. The same cases hold for the screen's own check: `tests/sensitive.tsv`.

use std::ops::RangeInclusive;

/// What a text seems to contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A citizen's number of 18 digits whose date and check digit are right (GB 11643-1999).
    IdCard,
    /// A mobile phone of the mainland.
    Phone,
    /// A vehicle's plate (GA 36-2018).
    Plate,
}

impl Finding {
    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::IdCard => "身份证号",
            Self::Phone => "手机号",
            Self::Plate => "车牌号",
        }
    }
}

/// A pattern: what it tells of, whether it begins here, and that it does not begin behind a digit.
type Pattern = (Finding, fn(&[char]) -> bool, bool);

const PATTERNS: [Pattern; 3] = [
    (Finding::IdCard, is_id_card, true),
    (Finding::Phone, is_phone, true),
    (Finding::Plate, is_plate, false),
];

/// What `text` seems to contain, each kind once.
#[must_use]
pub fn findings(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    // No pattern goes over the end of a line, and a log file can be large: one line at a time.
    let mut chars = Vec::new();
    for line in text.lines() {
        chars.clear();
        chars.extend(line.chars());
        let new = PATTERNS.iter().filter(|(kind, ..)| !found.contains(kind));
        let new: Vec<Finding> =
            new.filter(|pattern| stands_in(&chars, pattern)).map(|(kind, ..)| *kind).collect();
        found.extend(new);
        if found.len() == PATTERNS.len() {
            break;
        }
    }
    found.sort_unstable();
    found
}

fn stands_in(chars: &[char], (_, begins, apart): &Pattern) -> bool {
    (0..chars.len()).any(|at| {
        let after_digit =
            at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(char::is_ascii_digit);
        !(*apart && after_digit) && chars.get(at..).is_some_and(begins)
    })
}

fn digit(c: Option<&char>) -> Option<u32> {
    c.and_then(|c| c.to_digit(10))
}

/// Number written by `count` digits at `from`.
fn number(chars: &[char], from: usize, count: usize) -> Option<u32> {
    (from..from + count).try_fold(0, |sum, at| Some(sum * 10 + digit(chars.get(at))?))
}

fn ends(chars: &[char], at: usize) -> bool {
    !chars.get(at).is_some_and(char::is_ascii_digit)
}

/// Region, date of birth, serial, check digit (GB 11643-1999).
fn is_id_card(chars: &[char]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let within = |from, count, range: RangeInclusive<u32>| {
        number(chars, from, count).is_some_and(|value| range.contains(&value))
    };
    let shaped =
        within(0, 1, 1..=9) && within(6, 4, 1900..=2099) && within(10, 2, 1..=12) && within(12, 2, 1..=31);
    let sum = WEIGHTS.iter().zip(chars).try_fold(0, |sum, (weight, c)| Some(sum + weight * c.to_digit(10)?));
    let (true, Some(sum), Some(last)) = (shaped, sum, chars.get(17)) else { return false };
    CHECKS.get((sum % 11) as usize) == Some(&last.to_ascii_uppercase()) && ends(chars, 18)
}

/// `1[3-9]\d` and eight digits, perhaps parted `3 4 4`.
fn is_phone(chars: &[char]) -> bool {
    if chars.first() != Some(&'1') || digit(chars.get(1)).is_none_or(|second| second < 3) {
        return false;
    }
    let mut at = 2;
    for count in [1, 4, 4] {
        if at > 2 && matches!(chars.get(at), Some(' ' | '-')) {
            at += 1;
        }
        if number(chars, at, count).is_none() {
            return false;
        }
        at += count;
    }
    ends(chars, at)
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";

fn is_plate_letter(c: char) -> bool {
    c.is_ascii_uppercase() && !matches!(c, 'I' | 'O')
}

fn is_plate_sign(c: char) -> bool {
    is_plate_letter(c) || c.is_ascii_digit()
}

/// Province, letter, then five signs, or six for a car with another drive.
fn is_plate(chars: &[char]) -> bool {
    let [province, office, rest @ ..] = chars else { return false };
    if !PROVINCES.contains(*province) || !is_plate_letter(*office) {
        return false;
    }
    let rest = match rest {
        ['·' | '•' | '・' | ' ', rest @ ..] => rest,
        rest => rest,
    };
    let ends = |at: usize| !rest.get(at).is_some_and(char::is_ascii_alphanumeric);
    let all = |from: usize, to: usize, fits: fn(char) -> bool| {
        rest.get(from..to).is_some_and(|part| part.iter().copied().all(fits))
    };
    let is = |at: usize, fits: fn(char) -> bool| rest.get(at).copied().is_some_and(fits);
    let is_drive = |c| matches!(c, 'D' | 'F');
    let usual =
        all(0, 4, is_plate_sign) && is(4, |c| is_plate_sign(c) || "挂学警港澳".contains(c)) && ends(5);
    let small = is(0, is_drive) && is(1, is_plate_sign) && all(2, 6, |c| c.is_ascii_digit()) && ends(6);
    let large = all(0, 5, |c| c.is_ascii_digit()) && is(5, is_drive) && ends(6);
    usual || small || large
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_contain_what_the_table_says() {
        for line in include_str!("../../tests/sensitive.tsv").lines() {
            let (text, expected) = line.split_once('\t').unwrap();
            let found: Vec<_> = findings(text).into_iter().map(Finding::title).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        let lines = "桂A12345\n\n电话 13812345678\r\n桂A12345\n138\n12345678";
        assert_eq!(findings(lines), [Finding::Phone, Finding::Plate], "each kind once, whichever line");
        assert_eq!(findings("138\n12345678"), [], "no number goes over the end of a line");
    }
}
