//! The level assistant: the matrix of document 001 cell by cell, and levels that stand in words.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use zaigang_domain::clock::{
    CaseFacts, LevelOutcome, Share, SystemClass, level_advice, level_of, levels_that_fit, shares_of,
};
use zaigang_domain::contract::{Profile, SHIPPED};

fn police() -> Profile {
    Profile::builtin("guangxi-police").unwrap().unwrap()
}

/// 001:52-63 by hand: levels that fit a subject hitting (half or more, under half, 1-3 users).
const MATRIX: [(&str, [&[&str]; 3]); 5] = [
    ("security", [&["1"], &["2"], &["2", "3"]]),
    ("core", [&["1"], &["2"], &["2", "3"]]),
    ("important", [&["2"], &["3"], &["3"]]),
    ("general", [&[], &["3"], &["3", "4"]]),
    ("request", [&["3"], &["4"], &["4"]]),
];

/// Every combination of known and unknown facts.
fn every_fact() -> impl Iterator<Item = CaseFacts> {
    let flags = [None, Some(false), Some(true)];
    let classes = [None].into_iter().chain(SystemClass::ALL.iter().copied().map(Some));
    let shares: Vec<Option<Share>> = [None].into_iter().chain(Share::ALL.iter().copied().map(Some)).collect();
    let mut found = Vec::new();
    for system_class in classes {
        for share in &shares {
            for vip in flags {
                for request in flags {
                    for security_event in flags {
                        found.push(CaseFacts { system_class, share: *share, vip, security_event, request });
                    }
                }
            }
        }
    }
    found.into_iter()
}

/// What the matrix says, or the first fact that it still needs.
fn expected(facts: &CaseFacts) -> Result<&'static [&'static str], &'static str> {
    let row = |name: &str| MATRIX.iter().find(|(subject, _)| *subject == name).unwrap().1;
    let row = match facts {
        CaseFacts { vip: None, .. } => return Err("vip"),
        CaseFacts { vip: Some(true), .. } => return Ok(&["1"]),
        CaseFacts { request: None, .. } => return Err("request"),
        CaseFacts { request: Some(true), .. } => row("request"),
        CaseFacts { security_event: None, .. } => return Err("security_event"),
        CaseFacts { security_event: Some(true), .. } => row("security"),
        CaseFacts { system_class, .. } => row(system_class.ok_or("system_class")?.as_str()),
    };
    Ok(match facts.share.ok_or("share")? {
        Share::HalfOrMore => row[0],
        Share::UnderHalf => row[1],
        Share::Individual => row[2],
    })
}

#[test]
fn the_matrix_of_001_cell_by_cell() {
    let profile = police();
    let mut seen = [0; 4];
    for facts in every_fact() {
        let advice = level_advice(&profile, None, &facts, None);
        match (&advice.outcome, expected(&facts)) {
            (LevelOutcome::Ask { key }, Err(missing)) => {
                assert_eq!(*key, missing, "{facts:?}");
                seen[0] += 1;
            }
            (LevelOutcome::Level { clause }, Ok([only])) => {
                assert_eq!(clause.level, *only, "{facts:?}");
                assert_eq!(level_of(&profile.level_cases, &facts), Some(*only), "{facts:?}");
                let source = ["001:52-54", "001:55-57", "001:58-60", "001:61-63"];
                assert_eq!(clause.source, source[only.parse::<usize>().unwrap() - 1]);
                seen[1] += 1;
            }
            (LevelOutcome::Gap { sources, .. }, Ok([])) => {
                assert_eq!(sources.len(), 4);
                assert_eq!(level_of(&profile.level_cases, &facts), None);
                seen[2] += 1;
            }
            (LevelOutcome::Overlap { clauses, .. }, Ok(several)) => {
                let levels: Vec<&str> = clauses.iter().map(|clause| clause.level.as_str()).collect();
                assert_eq!(levels, several, "{facts:?}");
                assert_eq!(level_of(&profile.level_cases, &facts), None);
                assert_eq!(levels_that_fit(&profile.level_cases, &facts), several);
                seen[3] += 1;
            }
            other => panic!("{facts:?}: {other:?}"),
        }
    }
    assert_eq!(seen.iter().sum::<i32>(), 4 * 4 * 27);
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn the_two_known_doubts_of_001() {
    let profile = police();
    let fault = |class, share| CaseFacts {
        vip: Some(false),
        request: Some(false),
        security_event: Some(false),
        system_class: Some(class),
        share: Some(share),
    };
    let gap = level_advice(&profile, None, &fault(SystemClass::General, Share::HalfOrMore), None).outcome;
    let LevelOutcome::Gap { sources, text } = gap else { panic!("{gap:?}") };
    assert_eq!(sources, ["001:52-54", "001:55-57", "001:58-60", "001:61-63"]);
    assert!(text.contains("一般系统") && text.contains("二分之一"), "{text}");
    let overlap = level_advice(&profile, None, &fault(SystemClass::Core, Share::Individual), None).outcome;
    let LevelOutcome::Overlap { clauses, .. } = overlap else { panic!("{overlap:?}") };
    let found: Vec<(&str, &str)> =
        clauses.iter().map(|one| (one.level.as_str(), one.source.as_str())).collect();
    assert_eq!(found, [("2", "001:55-57"), ("3", "001:58-60")]);
}

#[test]
fn the_class_of_the_object_is_known_from_the_settings() {
    let profile = police();
    let facts = CaseFacts {
        vip: Some(false),
        request: Some(false),
        security_event: Some(false),
        share: Some(Share::HalfOrMore),
        system_class: None,
    };
    let level = |object| match level_advice(&profile, Some(object), &facts, None).outcome {
        LevelOutcome::Level { clause } => clause.level,
        other => format!("{other:?}"),
    };
    assert_eq!((level("1.1").as_str(), level("2.2").as_str()), ("1", "2"));
    let unlisted = level_advice(&profile, Some("2.4"), &facts, None).outcome;
    assert_eq!(unlisted, LevelOutcome::Ask { key: "system_class" });
}

#[test]
fn only_what_decides_is_asked() {
    let profile = police();
    let keys = |facts: CaseFacts| -> Vec<&'static str> {
        level_advice(&profile, None, &facts, None).questions.iter().map(|question| question.key).collect()
    };
    assert_eq!(keys(CaseFacts { vip: Some(true), ..CaseFacts::default() }), ["vip"]);
    assert_eq!(keys(CaseFacts { request: Some(true), ..CaseFacts::default() }), ["vip", "request", "share"]);
    assert_eq!(
        keys(CaseFacts { security_event: Some(true), ..CaseFacts::default() }),
        ["vip", "request", "security_event", "share"]
    );
    assert_eq!(keys(CaseFacts::default()), ["vip", "request", "security_event", "system_class", "share"]);
}

#[test]
fn levels_in_words_are_one_question_of_the_own_scheme() {
    let xuchang = Profile::builtin("xuchang").unwrap().unwrap();
    let none = CaseFacts::default();
    let choices = |object: &str| -> Vec<String> {
        let advice = level_advice(&xuchang, Some(object), &none, None);
        assert_eq!(advice.outcome, LevelOutcome::Ask { key: "level" });
        advice.questions[0].choices.iter().map(|choice| choice.value.clone()).collect()
    };
    assert_eq!(choices("2"), ["1", "2", "3", "4"]);
    assert_eq!(choices("89"), ["1", "2", "3"]);
    assert_eq!(choices("73"), ["一般故障", "重大故障"]);
    assert_eq!(choices("109"), ["1", "2"]);
    let chosen = level_advice(&xuchang, Some("89"), &none, Some("2")).outcome;
    let LevelOutcome::Level { clause } = chosen else { panic!("{chosen:?}") };
    assert_eq!((clause.level.as_str(), clause.source.as_str()), ("2", "002:5154"));
    let unknown = level_advice(&xuchang, Some("89"), &none, Some("4")).outcome;
    assert_eq!(unknown, LevelOutcome::Ask { key: "level" });
}

#[test]
fn an_object_without_levels_says_so() {
    let petition = Profile::builtin("guangxi-petition").unwrap().unwrap();
    let advice = level_advice(&petition, Some("1.1"), &CaseFacts::default(), None);
    assert_eq!((advice.questions.len(), advice.outcome), (0, LevelOutcome::NoLevels));
}

/// Whatever is asked can be answered, and in the end no question is open.
#[test]
fn every_object_of_every_contract_reaches_an_end() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for object in &profile.objects {
            let mut facts = CaseFacts::default();
            let mut level = None;
            for _ in 0..7 {
                match level_advice(&profile, Some(&object.id), &facts, level.as_deref()).outcome {
                    LevelOutcome::Ask { key: "vip" } => facts.vip = Some(false),
                    LevelOutcome::Ask { key: "request" } => facts.request = Some(false),
                    LevelOutcome::Ask { key: "security_event" } => facts.security_event = Some(false),
                    LevelOutcome::Ask { key: "system_class" } => {
                        facts.system_class = Some(SystemClass::Important)
                    }
                    LevelOutcome::Ask { key: "share" } => facts.share = Some(Share::UnderHalf),
                    LevelOutcome::Ask { key: "level" } => {
                        level = profile.levels(Some(&object.id)).first().map(|level| (*level).to_owned());
                    }
                    _ => break,
                }
            }
            let outcome = level_advice(&profile, Some(&object.id), &facts, level.as_deref()).outcome;
            assert!(!matches!(outcome, LevelOutcome::Ask { .. }), "{} {}", shipped.id, object.id);
        }
    }
}

#[test]
fn users_hit_give_a_share() {
    use Share::{HalfOrMore, Individual, UnderHalf};
    for (hit, users, shares) in [
        (50, 100, &[HalfOrMore][..]),
        (49, 100, &[UnderHalf]),
        (3, 100, &[UnderHalf, Individual]),
        (2, 4, &[HalfOrMore, Individual]),
        (4, 7, &[HalfOrMore]),
        (0, 10, &[UnderHalf]),
        (u32::MAX, u32::MAX, &[HalfOrMore]),
    ] {
        assert_eq!(shares_of(hit, users), shares, "{hit} of {users}");
    }
}
