//! Papers, notices and deputies as tables; which of two changes counts.

use super::*;
use crate::contract::{Profile, shipped};
use crate::event::{LogName, Reason, Verdict};
use crate::judge::{Beside, EntityState, Incoming, Wanted, judge_beside, wanted};
use crate::order::tests::{actor, at, id, user};
use crate::people::{Actor, Role, UserState};
use std::collections::BTreeMap;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn profile(id: &str) -> Profile {
    let texts = shipped(id).unwrap();
    Profile::load(id, texts.facts, Some(texts.reading), texts.settings).unwrap()
}

fn person(divisions: &[&str], roles: &[Role]) -> EntityState {
    let divisions = divisions.iter().map(|name| (*name).to_owned()).collect();
    EntityState::User(UserState { divisions, roles: roles.to_vec(), onsite: true, ..UserState::default() })
}

fn site() -> Beside {
    let people = [("u1", person(&["E总队"], &[Role::Engineer])), ("s1", person(&[], &[Role::Supervisor]))];
    Beside {
        entities: people.into_iter().map(|(name, state)| (EntityId::user(&user(name)), state)).collect(),
    }
}

fn supervisor(divisions: &[&str]) -> Actor {
    let divisions = divisions.iter().map(|name| (*name).to_owned()).collect();
    Actor { divisions, ..actor("s1", &[Role::Supervisor]) }
}

/// Judges and folds `staff.noted` about `who`.
fn note(
    state: &mut Option<EntityState>,
    n: u8,
    who: &str,
    payload: &str,
    expect: &[(&str, &str)],
    by: &Actor,
) -> (Verdict, Option<Reason>, Option<EventId>) {
    let (log, entity) = (LogName::common("c").unwrap(), staff_of(&user(who)));
    let expect: BTreeMap<String, String> = expect.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let incoming = Incoming {
        id: id(n),
        kind: "staff.noted",
        tv: 1,
        log: &log,
        entity: &entity,
        expect: &expect,
        payload,
        consent_signed: false,
    };
    let judged = judge_beside(state.as_ref(), &incoming, by, &[], &site());
    let event = Recorded {
        id: id(n),
        kind: "staff.noted",
        tv: 1,
        user: by.user(),
        entity: &entity,
        seq: Some(u64::from(n)),
        effective_at: at(i64::from(n)),
        claimed_at: at(i64::from(n)),
        trust: None,
        verdict: Some(judged.verdict),
        deps: &[],
        payload,
    };
    *state = crate::judge::fold_entity(state.take(), &event);
    (judged.verdict, judged.reason, judged.winner)
}

#[test]
fn papers_are_asked_for_with_the_clause_that_names_them() {
    let rules = StaffRules::of(&profile("guangxi-police"));
    let clauses: Vec<_> =
        Paper::ALL.iter().map(|paper| rules.papers.get(paper).map(String::as_str)).collect();
    assert_eq!(clauses, [Some("001:103"), Some("001:99"), Some("001:31"), Some("001:33")]);
    let petition = StaffRules::of(&profile("guangxi-petition"));
    assert!(petition.papers.is_empty(), "the document names none: 本项目约定");
    let civil = StaffRules::of(&profile("shaanxi-civil"));
    assert_eq!(civil.substitute.as_ref().map(|(_, source)| source.as_str()), Some("003:171"));
    assert_eq!(rules.substitute, None, "001 has no clause about substitutes");

    let held = |papers: &[(Paper, &str)]| Staff {
        papers: papers.iter().map(|(paper, day)| (*paper, date(day))).collect(),
        ..Staff::default()
    };
    let all = [
        (Paper::Vetting, "2025-09-01"),
        (Paper::Nda, "2025-09-02"),
        (Paper::Filing, "2025-09-10"),
        (Paper::Badge, "2025-10-31"),
    ];
    /// Papers with their dates, the day asked for, what is missing and whether it expired.
    type Case<'a> = (&'a [(Paper, &'a str)], &'a str, &'a [(Paper, bool)]);
    let table: &[Case<'_>] = &[
        (&all, "2025-10-15", &[]),
        (&all, "2025-10-31", &[]),
        (&all, "2025-11-01", &[(Paper::Badge, true)]),
        (&all, "2025-09-09", &[(Paper::Filing, false)]),
        (&all[1..], "2025-10-15", &[(Paper::Vetting, false)]),
    ];
    for (papers, day, expected) in table {
        let missing = missing_papers(Some(&held(papers)), date(day), &rules);
        let got: Vec<_> = missing.iter().map(|missing| (missing.paper, missing.expired)).collect();
        assert_eq!(got, *expected, "{day}");
    }
    assert_eq!(missing_papers(None, date("2025-10-15"), &rules).len(), 4, "nothing noted is nothing held");
}

#[test]
fn notices_become_tasks_with_the_days_of_the_contract() {
    let rules = StaffRules::of(&profile("guangxi-police"));
    let notice = |kind, applied: Option<&str>, confirmed: Option<&str>| Notice {
        kind,
        date: date("2025-11-30"),
        applied: applied.map(date),
        confirmed: confirmed.map(date),
        paper: String::new(),
    };
    use NoticeKind::{Replacement, Resignation, Strike};
    /// A notice and the task it makes: kind, day, clause.
    type Case<'a> = (Notice, Option<(TaskKind, Option<&'a str>, &'a str)>);
    let table: &[Case<'_>] = &[
        (notice(Replacement, None, None), Some((TaskKind::Apply, Some("2025-11-23"), "001:31"))),
        (notice(Resignation, None, None), Some((TaskKind::Apply, Some("2025-10-30"), "001:32"))),
        (
            notice(Resignation, Some("2025-10-20"), None),
            Some((TaskKind::Confirm, Some("2025-11-30"), "001:32")),
        ),
        (
            notice(Resignation, Some("2025-11-10"), None),
            Some((TaskKind::Confirm, Some("2025-11-30"), "001:32")),
        ),
        (notice(Resignation, Some("2025-10-20"), Some("2025-10-25")), None),
        (notice(Strike, None, None), Some((TaskKind::Strikes, None, "001:31"))),
    ];
    for (notice, expected) in table {
        let staff = Staff { notices: vec![notice.clone()], ..Staff::default() };
        let found = tasks(Some(&staff), false, date("2025-10-15"), &rules);
        let got = found.first().map(|task| (task.kind, task.due.map(|d| d.to_string()), task.clause.clone()));
        let expected =
            expected.map(|(kind, due, clause)| (kind, due.map(str::to_owned), Some(clause.to_owned())));
        assert_eq!(got, expected, "{notice:?}");
    }
    let late = Staff { notices: vec![notice(Resignation, Some("2025-11-10"), None)], ..Staff::default() };
    assert!(tasks(Some(&late), false, date("2025-11-15"), &rules)[0].text.contains("晚于应提前的日期"));
    assert_eq!(StaffRules::of(&profile("dazhou-onestop")).apply_by(Resignation, date("2025-11-30")), None);
}

#[test]
fn a_newcomer_owes_his_papers_by_his_first_day_and_nobody_who_left_owes_any() {
    let rules = StaffRules::default();
    let staff =
        Staff { joined: Some(date("2025-11-01")), left: Some(date("2026-01-31")), ..Staff::default() };
    let found = tasks(Some(&staff), true, date("2025-10-15"), &rules);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|task| task.due == Some(date("2025-11-01")) && task.clause.is_none()));
    assert_eq!(tasks(Some(&staff), false, date("2025-10-15"), &rules), []);
    assert_eq!(tasks(Some(&staff), true, date("2026-02-01"), &rules), []);
    for (day, here) in
        [("2025-10-31", false), ("2025-11-01", true), ("2026-01-31", true), ("2026-02-01", false)]
    {
        assert_eq!(present(Some(&staff), date(day)), here, "{day}");
    }
    let badge = Staff { papers: BTreeMap::from([(Paper::Badge, date("2025-11-14"))]), ..Staff::default() };
    let expiring = |day: &str| {
        let found = tasks(Some(&badge), true, date(day), &rules);
        found.iter().any(|task| task.kind == TaskKind::Expiring)
    };
    assert_eq!([expiring("2025-10-14"), expiring("2025-10-15"), expiring("2025-11-14")], [false, true, true]);
}

#[test]
fn who_may_note_what() {
    let (own, colleague) = (actor("u1", &[Role::Engineer]), actor("u2", &[Role::Engineer]));
    let admin = actor("a1", &[Role::Administrator]);
    let (skills, phones) = (r#"{"skills":["网络"]}"#, r#"{"phones":true}"#);
    let deputy = r#"{"deputy":{"user":"u1","from":"2025-10-10","to":"2025-10-20"}}"#;
    let own_deputy = r#"{"deputy":{"user":"s1","from":"2025-10-10","to":"2025-10-20"}}"#;
    let (accepted, no_right) = ((Verdict::Accepted, None), (Verdict::Parked, Some(Reason::NoRight)));
    let malformed = (Verdict::Rejected, Some(Reason::Malformed));
    for (who, payload, by, expected) in [
        ("u1", skills, &supervisor(&[]), accepted),
        ("u1", skills, &supervisor(&["E总队"]), accepted),
        ("u1", skills, &supervisor(&["A总队"]), no_right),
        ("u1", skills, &own, no_right),
        ("u1", phones, &own, accepted),
        ("u1", phones, &colleague, no_right),
        ("u1", r#"{"phones":true,"skills":[]}"#, &own, no_right),
        ("u1", skills, &admin, accepted),
        ("s1", deputy, &supervisor(&[]), accepted),
        ("s1", own_deputy, &supervisor(&[]), malformed),
        ("s1", deputy, &admin, accepted),
        ("u1", own_deputy, &supervisor(&[]), no_right),
        ("nobody", skills, &supervisor(&[]), (Verdict::Parked, Some(Reason::NoEntity))),
        ("u1", r#"{"joined":"soon"}"#, &supervisor(&[]), malformed),
    ] {
        let judged = note(&mut None, 1, who, payload, &[], by);
        assert_eq!((judged.0, judged.1), expected, "{who} {payload} by {:?}", by.doer);
    }
}

#[test]
fn of_two_changes_of_one_field_the_first_wins_and_others_stand() {
    let boss = supervisor(&[]);
    let mut state = None;
    let seen = [("papers.badge", "")];
    note(&mut state, 1, "u1", r#"{"papers":{"badge":"2026-01-01"}}"#, &seen, &boss);
    let lost = note(&mut state, 2, "u1", r#"{"papers":{"badge":"2027-01-01"}}"#, &seen, &boss);
    assert_eq!(lost, (Verdict::Rejected, Some(Reason::StateChanged), Some(id(1))));
    let stands =
        note(&mut state, 3, "u1", r#"{"papers":{"nda":"2025-01-01"}}"#, &[("papers.nda", "")], &boss);
    assert_eq!(stands.0, Verdict::Accepted);
    let gone = r#"{"papers":{"nda":null},"joined":null}"#;
    note(&mut state, 4, "u1", gone, &[("papers.nda", "2025-01-01"), ("joined", "")], &boss);
    let staff = state.as_ref().and_then(EntityState::staff).unwrap();
    assert_eq!(staff.papers, BTreeMap::from([(Paper::Badge, date("2026-01-01"))]));
    let unknown = note(&mut state, 5, "u1", "{}", &[("height", "2")], &boss);
    assert_eq!((unknown.0, unknown.1), (Verdict::Parked, Some(Reason::UnknownType)));
}

#[test]
fn a_deputy_stands_in_within_his_dates_only() {
    let deputy = Deputy { user: user("u1"), from: date("2025-10-10"), to: date("2025-10-20") };
    let chief = Staff { deputy: Some(deputy), ..Staff::default() };
    let mut beside = site();
    beside.entities.insert(EntityId::user(&user("u2")), person(&["E总队"], &[Role::Engineer]));
    beside.entities.insert(staff_of(&user("s1")), EntityState::Staff(Box::new(chief)));
    let (u1, u3) = (actor("u1", &[Role::Engineer]), actor("u3", &[Role::Engineer]));
    let s1 = user("s1");
    let asked = |by: &Actor, person: &str, for_user: Option<&UserId>, on: &str, beside: &Beside| {
        let standing = Standing { for_user, on: date(on) };
        stands_in(by, &user(person), standing, "c", beside).err().map(|objection| objection.reason)
    };
    for (by, person, for_user, on, expected) in [
        (&u1, "u2", Some(&s1), "2025-10-10", None),
        (&u1, "u2", Some(&s1), "2025-10-20", None),
        (&u1, "u2", Some(&s1), "2025-10-09", Some(Reason::NoRight)),
        (&u1, "u2", Some(&s1), "2025-10-21", Some(Reason::NoRight)),
        (&u1, "u2", None, "2025-10-15", Some(Reason::NoRight)),
        (&u3, "u2", Some(&s1), "2025-10-15", Some(Reason::NoRight)),
        (&u1, "u1", Some(&s1), "2025-10-15", Some(Reason::OwnRequest)),
        (&u1, "s1", Some(&s1), "2025-10-15", Some(Reason::OwnRequest)),
        (&supervisor(&[]), "s1", None, "2025-10-15", Some(Reason::OwnRequest)),
        (&supervisor(&["A总队"]), "u2", None, "2025-10-15", Some(Reason::NoRight)),
        (&supervisor(&[]), "u9", None, "2025-10-15", Some(Reason::NoEntity)),
    ] {
        assert_eq!(asked(by, person, for_user, on, &beside), expected, "{:?} {person} {on}", by.doer);
    }
    beside.entities.insert(EntityId::user(&s1), person(&["A总队"], &[Role::Supervisor]));
    let narrowed = asked(&u1, "u2", Some(&s1), "2025-10-15", &beside);
    assert_eq!(narrowed, Some(Reason::NoRight), "a deputy has no more than the one he stands in for");
    beside.entities.insert(EntityId::user(&s1), person(&[], &[Role::Engineer]));
    assert_eq!(
        asked(&u1, "u2", Some(&s1), "2025-10-15", &beside),
        Some(Reason::NoRight),
        "no approver any more"
    );
}

#[test]
fn the_words_are_frozen() {
    let noted = Noted {
        skills: Some(vec!["网络".into()]),
        joined: Some(Some(date("2025-01-02"))),
        left: Some(None),
        papers: BTreeMap::from([(Paper::Vetting, Some(date("2025-01-01"))), (Paper::Badge, None)]),
        deputy: Some(Some(Deputy { user: user("u1"), from: date("2025-10-10"), to: date("2025-10-20") })),
        notices: Some(vec![Notice {
            kind: NoticeKind::Resignation,
            date: date("2025-11-30"),
            applied: Some(date("2025-10-20")),
            confirmed: None,
            paper: "离职更换申请".into(),
        }]),
        phones: true,
    };
    let text = concat!(
        r#"{"skills":["网络"],"joined":"2025-01-02","left":null,"papers":{"vetting":"2025-01-01","badge":null},"#,
        r#""deputy":{"user":"u1","from":"2025-10-10","to":"2025-10-20"},"notices":[{"kind":"resignation","#,
        r#""date":"2025-11-30","applied":"2025-10-20","paper":"离职更换申请"}],"phones":true}"#
    );
    assert_eq!(serde_json::to_string(&noted).unwrap(), text);
    assert_eq!(serde_json::from_str::<Noted>(text).unwrap(), noted);
    assert_eq!(serde_json::to_string(&Noted::default()).unwrap(), "{}");
    assert_eq!(serde_json::from_str::<Noted>(r#"{"shoe_size":43}"#).unwrap(), Noted::default());
    assert_eq!(serde_json::to_string(&Phones::default()).unwrap(), r#"{"mobile":"","extension":""}"#);
    for paper in Paper::ALL {
        assert_eq!(Paper::from_code(paper.code()), Some(paper));
        assert_eq!(serde_json::to_string(&paper).unwrap(), format!("\"{}\"", paper.code()));
    }
    for kind in NoticeKind::ALL {
        assert_eq!(NoticeKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
    }
}

#[test]
fn an_event_of_a_newer_program_makes_it_read_only() {
    let entity = staff_of(&user("u1"));
    let event = Recorded {
        id: id(1),
        kind: "staff.promoted",
        tv: 1,
        user: None,
        entity: &entity,
        seq: Some(1),
        effective_at: at(1),
        claimed_at: at(1),
        trust: None,
        verdict: Some(Verdict::Accepted),
        deps: &[],
        payload: "{}",
    };
    let state = crate::judge::fold_entity(None, &event).unwrap();
    assert!(state.is_read_only());
    let log = LogName::common("c").unwrap();
    let incoming = Incoming {
        id: id(2),
        kind: "staff.noted",
        tv: 1,
        log: &log,
        entity: &entity,
        expect: &BTreeMap::new(),
        payload: "{}",
        consent_signed: false,
    };
    assert_eq!(wanted(None, &incoming), [Wanted::User(user("u1"))]);
}
