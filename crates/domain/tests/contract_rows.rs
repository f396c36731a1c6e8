//! Nothing of a document is dropped in silence: every row has its key, and counts and hashes per table
//! are those of the committed manifest.
//!
//! After a deliberate change of a profile:
//! `cargo run -p zaigang-ctl -- contract manifest > assets/contracts/manifest.tsv`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::collections::{BTreeMap, BTreeSet};

use zaigang_domain::contract::{Profile, SHIPPED, Text, manifest, shipped};

const MANIFEST: &str = include_str!("../../../assets/contracts/manifest.tsv");

fn profiles() -> Vec<Profile> {
    SHIPPED.iter().map(|shipped| shipped.load().unwrap()).collect()
}

/// The profile with its facts changed, or the reason why it does not load.
fn changed(id: &str, change: impl Fn(&str) -> String) -> Result<Profile, String> {
    let texts = shipped(id).unwrap();
    let facts = change(texts.facts.text);
    assert_ne!(facts, texts.facts.text, "the change must hit");
    Profile::load(id, Text { file: "f", text: &facts }, Some(texts.reading), texts.settings)
        .map_err(|mistakes| mistakes.to_string())
}

/// Tables whose line in the manifest differs from the committed one.
fn differing(profile: &Profile) -> Vec<String> {
    let now: BTreeSet<String> = manifest([profile]).lines().map(str::to_owned).collect();
    let prefix = format!("{}\t", profile.id);
    let then: BTreeSet<String> =
        MANIFEST.lines().filter(|line| line.starts_with(&prefix)).map(str::to_owned).collect();
    let tables = now.symmetric_difference(&then).map(|line| line.split('\t').nth(1).unwrap().to_owned());
    tables.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn the_shipped_profiles_are_those_of_the_manifest() {
    let now = manifest(&profiles());
    for (now, then) in now.lines().zip(MANIFEST.lines()) {
        assert_eq!(now, then, "regenerate the manifest if this change is meant");
    }
    assert_eq!(now.lines().count(), MANIFEST.lines().count());
}

#[test]
fn the_five_documents_have_2162_rows() {
    let counts: Vec<(String, usize)> =
        profiles().into_iter().map(|profile| (profile.document, profile.rows.len())).collect();
    let expected = [("000", 329), ("001", 434), ("002", 1206), ("003", 114), ("004", 79)];
    let mut sorted = counts;
    sorted.sort();
    assert_eq!(sorted, expected.map(|(document, rows)| (document.to_owned(), rows)));
    assert_eq!(expected.iter().map(|(_, rows)| rows).sum::<usize>(), 2162);
}

/// Counts as the hand-written overviews of the documents give them, not as the loader does.
#[test]
fn tables_have_the_rows_that_were_counted_by_hand() {
    let table = [
        (
            "guangxi-petition",
            "sla 22 coverage 36 position 5 staff_rule 12 quota 86 threshold 39 inspection 30 deliverable 14 assessment 2 maintenance_object 16 asset 13 security_rule 38 record_rule 16",
        ),
        (
            "guangxi-police",
            "sla 17 coverage 22 position 54 staff_rule 21 quota 39 inspection 40 deliverable 34 assessment 44 maintenance_object 59 asset 59 spare 8 security_rule 19 record_rule 18",
        ),
        (
            "shaanxi-civil",
            "sla 6 coverage 6 position 4 staff_rule 14 quota 10 inspection 9 deliverable 16 assessment 8 maintenance_object 14 asset 6 security_rule 11 record_rule 10",
        ),
        (
            "dazhou-onestop",
            "sla 6 coverage 1 position 1 staff_rule 4 quota 10 inspection 9 deliverable 11 assessment 3 maintenance_object 19 asset 2 security_rule 7 record_rule 6",
        ),
        (
            "xuchang",
            "sla 68 onsite 26 inspection 227 deliverable 100 coverage 47 spare 80 target 60 requirement 109 platform_feature 22 ticket_feature 98 asset 369",
        ),
    ];
    for (contract, words) in table {
        let profile = Profile::builtin(contract).unwrap().unwrap();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &profile.rows {
            *found.entry(&row.kind).or_default() += 1;
        }
        let words: Vec<&str> = words.split(' ').collect();
        let expected: BTreeMap<&str, usize> =
            words.chunks(2).map(|pair| (pair[0], pair[1].parse().unwrap())).collect();
        assert_eq!(found, expected, "{contract}");
    }
}

#[test]
fn every_row_has_its_own_key_and_its_line() {
    for profile in profiles() {
        let keys: BTreeSet<(&str, &str)> =
            profile.rows.iter().map(|row| (row.kind.as_str(), row.id.as_str())).collect();
        assert_eq!(keys.len(), profile.rows.len(), "{}", profile.id);
        for row in &profile.rows {
            let (document, lines) = row.source.split_once(':').unwrap();
            assert_eq!(document, profile.document, "{row:?}");
            assert!(lines.split('-').all(|line| line.parse::<u32>().unwrap() > 0), "{row:?}");
            assert_eq!(row.text.is_some(), row.fields.contains_key("source_text"), "{row:?}");
        }
    }
}

#[test]
fn rows_without_an_id_get_one() {
    let profile = Profile::builtin("xuchang").unwrap().unwrap();
    let ids = |kind: &str| -> Vec<String> {
        profile.rows.iter().filter(|row| row.kind == kind).map(|row| row.id.clone()).collect()
    };
    assert_eq!(ids("requirement"), (1..=109).map(|number| format!("N{number}")).collect::<Vec<_>>());
    assert_eq!(ids("onsite"), (1..=26).map(|place| format!("ON-{place:02}")).collect::<Vec<_>>());
    assert_eq!(profile.row("requirement", "N75").unwrap().source, "002:4040");
    let without: BTreeMap<&str, usize> =
        profile.rows.iter().filter(|row| row.text.is_none()).fold(BTreeMap::new(), |mut counts, row| {
            *counts.entry(row.kind.as_str()).or_default() += 1;
            counts
        });
    assert_eq!(without, BTreeMap::from([("asset", 369), ("onsite", 17), ("requirement", 109)]));
}

#[test]
fn a_dropped_row_turns_its_table_red() {
    let without = |header: &'static str| {
        move |text: &str| {
            let start = text.rfind(header).unwrap();
            let end = text[start + 2..].find("\n[[").map_or(text.len(), |end| start + 2 + end + 1);
            format!("{}{}", &text[..start], &text[end..])
        }
    };
    for (contract, kind, header) in [
        ("guangxi-police", "quota", "[[quota]]"),
        ("guangxi-police", "spare", "[[spare]]"),
        ("guangxi-petition", "threshold", "[[threshold]]"),
        ("xuchang", "ticket_feature", "[[ticket_feature]]"),
        ("xuchang", "onsite", "[[onsite]]"),
        ("shaanxi-civil", "record_rule", "[[record_rule]]"),
        ("dazhou-onestop", "asset", "[[asset]]"),
    ] {
        assert_eq!(differing(&changed(contract, without(header)).unwrap()), [kind], "{contract}");
    }
}

#[test]
fn a_changed_key_turns_its_table_red() {
    for (contract, kind, from, to) in [
        ("guangxi-police", "sla", "response_minutes = 15", "response_minutes = 16"),
        ("guangxi-police", "contract", "months = 21", "months = 20"),
        ("guangxi-petition", "working_hours", "workdays_per_year = 248", "workdays_per_year = 249"),
        ("guangxi-petition", "threshold", "value = 80", "value = 81"),
        ("xuchang", "deliverable", "due_workdays_if_holiday = 3", "due_workdays_if_holiday = 4"),
        ("shaanxi-civil", "sla", "应在30分钟内响应，2小时内到场", "应在30分钟内响应，3小时内到场"),
        ("dazhou-onestop", "sla", "source_line = 75", "source_line = 76"),
    ] {
        let profile = changed(contract, |text| text.replacen(from, to, 1)).unwrap();
        assert_eq!(differing(&profile), [kind], "{contract}: {from}");
    }
}

#[test]
fn two_rows_that_change_places_turn_their_table_red() {
    let swapped = changed("dazhou-onestop", |text| {
        text.replacen("id = \"consult-work\"", "id = \"x\"", 1)
            .replacen("id = \"consult-off\"", "id = \"consult-work\"", 1)
            .replacen("id = \"x\"", "id = \"consult-off\"", 1)
    });
    assert_eq!(differing(&swapped.unwrap()), ["sla"]);
}

#[test]
fn a_row_written_twice_is_refused() {
    let twice = changed("guangxi-police", |text| {
        let start = text.find("[[spare]]").unwrap();
        let end = start + 2 + text[start + 2..].find("\n[[").unwrap() + 1;
        format!("{text}\n{}", &text[start..end])
    });
    assert!(twice.unwrap_err().contains("编号重复"));
}
