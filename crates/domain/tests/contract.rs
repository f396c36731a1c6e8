//! The shipped profiles load, and a broken one is refused with everything that is wrong with it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use jiff::civil::date;
use zaigang_domain::clock::{LimitUnit, Target};
use zaigang_domain::contract::{Profile, SHIPPED, Scope, Start, Text, shipped};

fn police() -> Profile {
    Profile::builtin("guangxi-police").unwrap().unwrap()
}

fn load(facts: &str) -> Result<Profile, zaigang_domain::mistake::Mistakes> {
    Profile::load("x", Text { file: "x.toml", text: facts }, None, None)
}

#[test]
fn every_shipped_profile_loads() {
    let counts: Vec<(&str, usize, usize)> = SHIPPED
        .iter()
        .map(|shipped| {
            let profile = shipped.load().unwrap_or_else(|mistakes| panic!("{}:\n{mistakes}", shipped.id));
            (shipped.id, profile.facts.sla.len(), profile.objects.len())
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("guangxi-petition", 22, 16),
            ("guangxi-police", 17, 59),
            ("xuchang", 68, 109),
            ("shaanxi-civil", 6, 14),
            ("dazhou-onestop", 6, 19)
        ]
    );
}

#[test]
fn a_reading_names_only_clauses_of_its_document() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        let ids = shipped.reading.text.lines().filter_map(|line| line.strip_prefix("id = \""));
        for id in ids.map(|id| id.trim_end_matches('"')) {
            assert!(profile.rule(id).is_some(), "{}: {id}", shipped.id);
        }
    }
}

#[test]
fn the_police_facts_are_whole() {
    let facts = police().facts;
    assert_eq!((facts.coverage.len(), facts.position.len(), facts.staff_rule.len()), (22, 54, 21));
    assert_eq!((facts.quota.len(), facts.inspection.len(), facts.deliverable.len()), (39, 40, 34));
    assert_eq!((facts.assessment.len(), facts.asset.len(), facts.spare.len()), (44, 59, 8));
    assert_eq!(
        (facts.security_rule.len(), facts.record_rule.len(), facts.contract.period.len()),
        (19, 18, 10)
    );
    let people: u32 = facts.position.iter().filter_map(|post| post.count).sum();
    let onsite: u32 =
        facts.position.iter().filter(|post| post.onsite == Some(true)).filter_map(|post| post.count).sum();
    assert_eq!((people, onsite), (63, 33));
}

#[test]
fn clauses_become_targets_by_their_keys() {
    let profile = police();
    let level = profile.rule("L1").unwrap();
    assert_eq!(level.source, "001:52-54");
    assert_eq!(level.scope, Scope::Whole { except: Vec::new() });
    let limits: Vec<(Target, u32)> =
        level.targets.iter().map(|t| (t.target, t.limit.unwrap().value)).collect();
    assert_eq!(limits, [(Target::Response, 15), (Target::Restoration, 240)]);
    let arrival = profile.rule("E-1h-24h").unwrap().target(Target::Arrival).unwrap();
    assert_eq!((arrival.start, arrival.limit.unwrap().value), (Start::RemoteFailed, 1440));
    let report = profile.rule("fault-report-3d").unwrap().target(Target::Report).unwrap();
    assert_eq!(
        (report.start, report.limit.unwrap().unit, report.limit.unwrap().value),
        (Start::Restored, LimitUnit::Day, 3)
    );
    assert!(profile.rule("levels-ref").unwrap().targets.is_empty());
}

#[test]
fn clauses_belong_to_the_objects_whose_text_they_stand_in() {
    let petition = Profile::builtin("guangxi-petition").unwrap().unwrap();
    let scope = |id: &str| petition.rule(id).unwrap().scope.clone();
    assert_eq!(scope("sms-fault"), Scope::Objects(vec!["1.1".to_owned()]));
    assert_eq!(scope("bigdata-severe"), Scope::Objects(vec!["2".to_owned()]));
    assert_eq!(scope("holiday-arrive"), Scope::Whole { except: Vec::new() });
    let civil = Profile::builtin("shaanxi-civil").unwrap().unwrap();
    assert_eq!(
        civil.rule("patrol-emergency").unwrap().scope,
        Scope::Objects(vec!["4".to_owned(), "6".to_owned()])
    );
    assert_eq!(civil.rule("urgent").unwrap().target(Target::Restoration).unwrap().start, Start::Arrived);
}

#[test]
fn service_is_by_printed_dates_or_months_from_acceptance() {
    let profile = police();
    let span = |id: &str| profile.service_span(profile.object(id).unwrap()).unwrap();
    assert_eq!(span("1.1"), (date(2024, 7, 27), date(2025, 12, 31)));
    assert_eq!(span("2.1"), (date(2024, 9, 1), date(2026, 8, 31)));
    assert_eq!(span("6.2"), (date(2024, 9, 1), date(2026, 2, 28)));
    assert_eq!(span("12.12"), (date(2024, 9, 1), date(2026, 5, 31)));
    let object = profile.object("8.5").unwrap();
    let days = [date(2024, 11, 24), date(2024, 11, 25), date(2025, 12, 31), date(2026, 1, 1)];
    assert_eq!(
        days.map(|day| profile.in_service(object, day)),
        [Some(false), Some(true), Some(true), Some(false)]
    );
}

#[test]
fn without_an_acceptance_date_service_is_not_known() {
    let texts = shipped("guangxi-police").unwrap();
    let profile = Profile::load(texts.id, texts.facts, Some(texts.reading), None).unwrap();
    let in_service = |id: &str| profile.in_service(profile.object(id).unwrap(), date(2025, 1, 1));
    assert_eq!((in_service("2.1"), in_service("1.1")), (None, Some(true)));
}

#[test]
fn every_mistake_is_reported_with_its_line() {
    let text = "[contract]\nid = \"x\"\nname = \"名\"\nbuyer = \"方\"\nsource_line = \"一\"\nextra = 1\n\n[[sla]]\nid = \"A\"\napplies_to = \"全项目\"\ndefinition = \"d\"\nresponse_minutes = -5\nsource_line = 3\n\n[[sla]]\nid = \"B\"\nsource_line = 4\nsource_text = \"t\"\nrespond_minutes = 5\n";
    let mistakes = load(text).unwrap_err().0;
    let found: Vec<(u32, &str)> = mistakes.iter().map(|m| (m.line.unwrap(), m.key.as_str())).collect();
    assert_eq!(
        found,
        [
            (5, "contract.source_line"),
            (6, "contract.extra"),
            (12, "sla[0].response_minutes"),
            (9, "sla[0].source_text"),
            (16, "sla[1].applies_to"),
            (16, "sla[1].definition"),
            (19, "sla[1].respond_minutes"),
        ]
    );
    assert!(mistakes.iter().all(|m| m.file == "x.toml" && !m.reason.is_empty()));
    assert_eq!(mistakes[2].value.as_deref(), Some("-5"));
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let text = "[contract]\nid = \"x\"\nname = \"名\"\nbuyer = \"方\"\nsource_line = 1\n\n[[sla]]\nid = \"A\"\napplies_to = \"全项目\"\ndefinition = \"d\"\nobject_nos = [\"9.9\"]\nsla_ids = [\"Z\"]\nsource_line = 3\nsource_text = \"t\"\n\n[[sla]]\nid = \"A\"\napplies_to = \"全项目\"\ndefinition = \"d\"\nsource_line = 3\nsource_text = \"t\"\n";
    let found: Vec<(Option<u32>, String)> =
        load(text).unwrap_err().0.into_iter().map(|m| (m.line, m.key)).collect();
    assert_eq!(
        found,
        [
            (Some(17), "sla[1].id".to_owned()),
            (Some(11), "sla[0].object_nos".to_owned()),
            (Some(12), "sla[0].sla_ids".to_owned())
        ]
    );
}

#[test]
fn broken_toml_is_a_mistake_not_a_panic() {
    for text in ["[contract", "=", "[[sla]]\nid = 'a", "\u{0}", "contract = 3", ""] {
        assert!(!load(text).unwrap_err().0.is_empty(), "{text:?}");
    }
}

#[test]
fn settings_are_hashed_apart_from_facts() {
    let texts = shipped("guangxi-police").unwrap();
    let settings = texts.settings.unwrap();
    let other = settings.text.replace("2024-09-01", "2024-10-01");
    let changed =
        Profile::load(texts.id, texts.facts, Some(texts.reading), Some(Text { file: "s", text: &other }))
            .unwrap();
    let version = police().version;
    assert_eq!(changed.version.facts, version.facts);
    assert_ne!(changed.version.settings, version.settings);
}

#[test]
fn settings_of_another_contract_or_unknown_object_are_refused() {
    let texts = shipped("guangxi-police").unwrap();
    let text = "contract = \"xuchang\"\n\n[[system_class]]\nobject = \"77\"\nclass = \"core\"\n\n[[office_hours]]\nwindows = [\"09:00-12:00\", \"11:00-13:00\"]\n";
    let settings = Text { file: "s.toml", text };
    let found = Profile::load(texts.id, texts.facts, Some(texts.reading), Some(settings)).unwrap_err().0;
    let keys: Vec<&str> = found.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(keys, ["contract[0].contract", "system_class[0].object", "office_hours[0].windows"]);
}

#[test]
fn categories_of_records_are_the_headings_of_attachment_3_and_those_agreed() {
    let profile = police();
    let names: Vec<&str> = profile.record_categories.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 14);
    assert_eq!((names[0], names[13]), ("日常维护", "增值服务"));
    let category = |name: &str| profile.record_category(name).unwrap();
    assert!(category("数据服务").authorised && category("设备与系统巡检").inspected);
    assert!(category("远程服务").confirmed && !category("日常维护").confirmed);
    assert_eq!(category("数据服务").source, "001:1196");

    let texts = shipped("guangxi-police").unwrap();
    let settings = r#"contract = "guangxi-police"
        [[record_category]]
        name = "会议保障"
        needs = "confirmation"
        [[record_category]]
        name = "数据服务"
        [[caretaker]]
        divisions = ["C总队"]
        posts = ["P02", "P05"]
    "#;
    let settings = Text { file: "s", text: settings };
    let profile = Profile::load(texts.id, texts.facts, Some(texts.reading), Some(settings)).unwrap();
    let last = profile.record_categories.last().unwrap();
    assert_eq!((last.name.as_str(), last.source.as_str(), last.confirmed), ("会议保障", "本项目约定", true));
    assert!(profile.record_category("数据服务").unwrap().authorised, "the document's own goes first");
    assert_eq!(profile.caretakers("C总队"), ["P02", "P05"]);
    assert!(profile.caretakers("E总队").is_empty());
    // A document without such headings has what its site agrees.
    assert!(shipped("xuchang").unwrap().load().unwrap().record_categories.is_empty());
}

/// What the screen shows as a contract's number stands in that clause of that contract.
#[test]
fn counters_of_calls_have_their_words_in_the_clause() {
    let counters = |id: &str| shipped(id).unwrap().load().unwrap().call_counters;
    for (id, source, limit, every) in
        [("shaanxi-civil", "003:150", 5, None), ("guangxi-police", "001:1935", 3, Some(true))]
    {
        let profile = shipped(id).unwrap().load().unwrap();
        let [counter] = &profile.call_counters[..] else { panic!("{:?}", profile.call_counters) };
        let row = profile.row("sla", &counter.rule).unwrap();
        assert_eq!((row.source.as_str(), counter.limit, counter.every), (source, limit, every));
        let printed = serde_json::to_string(&row.fields).unwrap();
        assert!(printed.contains(&counter.words), "{printed}");
    }
    for id in ["guangxi-petition", "dazhou-onestop", "xuchang"] {
        assert!(counters(id).is_empty(), "{id} prints no such number");
    }
}
