//! The buyer's own attendance list against ours: the same marks, read the way people write them.
//!
//! Nothing is written by it. An empty cell says nothing; a mark nobody can read is told of, never guessed.

use std::collections::BTreeSet;

/// Ways to write a mark, each with the letter of our sheet.
const MARKS: [(&str, &str); 44] = [
    ("√", "√"),
    ("✓", "√"),
    ("✔", "√"),
    ("正常", "√"),
    ("出勤", "√"),
    ("出", "√"),
    ("到", "√"),
    ("在岗", "√"),
    ("值班", "值"),
    ("值", "值"),
    ("迟到", "迟"),
    ("迟", "迟"),
    ("早退", "退"),
    ("退", "退"),
    ("缺卡", "缺"),
    ("缺", "缺"),
    ("半天", "半"),
    ("半", "半"),
    ("旷工", "旷"),
    ("缺勤", "旷"),
    ("旷", "旷"),
    ("×", "旷"),
    ("x", "旷"),
    ("事假", "事"),
    ("事", "事"),
    ("病假", "病"),
    ("病", "病"),
    ("年休假", "年"),
    ("年假", "年"),
    ("年", "年"),
    ("调休", "调"),
    ("调", "调"),
    ("婚假", "婚"),
    ("婚", "婚"),
    ("产假", "产"),
    ("产", "产"),
    ("陪产假", "陪"),
    ("陪", "陪"),
    ("丧假", "丧"),
    ("丧", "丧"),
    ("出差", "差"),
    ("公出", "差"),
    ("差", "差"),
    ("培训", "培"),
];
/// Marks of days off.
const REST: [&str; 3] = ["休息", "休", "公休"];
/// What may stand between two marks.
const BETWEEN: &[char] = &['/', '、', '，', ',', ' ', '\n'];

/// The letters of a cell; `None` for a mark that cannot be read; empty where the cell says nothing.
#[must_use]
pub fn marks(cell: &str) -> Option<BTreeSet<&'static str>> {
    let mut found = BTreeSet::new();
    let text = cell.trim().to_lowercase();
    for part in text.split(BETWEEN).filter(|part| !part.is_empty() && *part != "-" && *part != "—") {
        found.extend(read(part)?);
    }
    Some(found)
}

/// One mark, or marks without anything between them, such as `迟退`.
fn read(mut part: &str) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    while !part.is_empty() {
        let all = MARKS.iter().copied().chain(REST.iter().map(|word| (*word, "休"))).chain([("培", "培")]);
        let longest = all.filter(|(word, _)| part.starts_with(word)).max_by_key(|(word, _)| word.len());
        let (word, letter) = longest?;
        found.push(letter);
        part = part.get(word.len()..)?;
    }
    Some(found)
}

/// Whether two sets of letters say the same: a day of duty in order is also a day in order.
#[must_use]
pub fn agree(ours: &BTreeSet<&str>, theirs: &BTreeSet<&str>) -> bool {
    let plain = |marks: &BTreeSet<&str>| -> BTreeSet<String> {
        marks.iter().map(|mark| if *mark == "值" { "√" } else { mark }.to_owned()).collect()
    };
    plain(ours) == plain(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_people_write_them() {
        for (cell, expected) in [
            ("√", Some(vec!["√"])),
            (" ✓ ", Some(vec!["√"])),
            ("出差", Some(vec!["差"])),
            ("出", Some(vec!["√"])),
            ("迟退", Some(vec!["迟", "退"])),
            ("迟到、早退", Some(vec!["迟", "退"])),
            ("X", Some(vec!["旷"])),
            ("年休假", Some(vec!["年"])),
            ("公休", Some(vec!["休"])),
            ("公出", Some(vec!["差"])),
            ("培训", Some(vec!["培"])),
            ("", Some(vec![])),
            ("—", Some(vec![])),
            ("√/病", Some(vec!["√", "病"])),
            ("8.5h", None),
            ("？", None),
        ] {
            let expected = expected.map(|letters| letters.into_iter().collect::<BTreeSet<_>>());
            assert_eq!(marks(cell), expected, "{cell}");
        }
    }

    #[test]
    fn duty_in_order_is_in_order() {
        let set = |letters: &[&'static str]| letters.iter().copied().collect::<BTreeSet<_>>();
        assert!(agree(&set(&["值"]), &set(&["√"])));
        assert!(agree(&set(&["迟", "退"]), &set(&["退", "迟"])));
        assert!(!agree(&set(&["√"]), &set(&["迟"])));
        assert!(!agree(&set(&["病"]), &set(&["事"])));
    }
}
