//! What may happen to a leave, step by step; properties over random acts.

use super::*;
use crate::duty::staff::{Deputy, Staff, staff_of};
use crate::event::{LogName, Reason, Verdict};
use crate::judge::{Beside, EntityState, Incoming, Wanted, fold_entity, judge_beside, wanted};
use crate::order::tests::{actor, at, id, user};
use crate::people::{Actor, Role, UserState};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A common log with its people, judged and folded in arrival order.
struct Log {
    entities: BTreeMap<EntityId, EntityState>,
    n: u8,
}

impl Log {
    fn new() -> Self {
        let person = |roles: &[Role], divisions: &[&str]| {
            let divisions = divisions.iter().map(|name| (*name).to_owned()).collect();
            EntityState::User(UserState {
                roles: roles.to_vec(),
                divisions,
                onsite: true,
                ..UserState::default()
            })
        };
        let people = [
            ("wang", person(&[Role::Engineer], &["E总队"])),
            ("li", person(&[Role::Engineer], &["E总队"])),
            ("chen", person(&[Role::Engineer], &["A总队"])),
            ("zhao", person(&[Role::Supervisor], &[])),
            ("qian", person(&[Role::Supervisor], &["A总队"])),
            ("sun", person(&[Role::BuyerContact], &["E总队"])),
        ];
        let people = people.into_iter().map(|(name, state)| (EntityId::user(&user(name)), state));
        Self { entities: people.collect(), n: 0 }
    }

    fn actor(&self, name: &str) -> Actor {
        let Some(EntityState::User(state)) = self.entities.get(&EntityId::user(&user(name))) else {
            panic!()
        };
        Actor { divisions: state.divisions.clone(), ..actor(name, &state.roles) }
    }

    fn beside(&self, state: Option<&EntityState>, incoming: &Incoming<'_>) -> Beside {
        let mut beside = Beside::default();
        for wanted in wanted(state, incoming) {
            let fits = |name: &EntityId| match &wanted {
                Wanted::User(user) => *name == EntityId::user(user),
                Wanted::Entity(entity) => name == entity,
                Wanted::All(kind) => name.as_str().starts_with(kind),
            };
            let found = self.entities.iter().filter(|(name, _)| fits(name));
            beside.entities.extend(found.map(|(name, state)| (name.clone(), state.clone())));
        }
        beside
    }

    /// Takes an event about leave `n`; what it relies on is what stands there.
    fn take(
        &mut self,
        leave: u8,
        by: &str,
        kind: &str,
        payload: &str,
    ) -> (Verdict, Option<Reason>, Option<EventId>) {
        self.take_expecting(leave, by, kind, payload, &BTreeMap::new())
    }

    fn take_expecting(
        &mut self,
        leave: u8,
        by: &str,
        kind: &str,
        payload: &str,
        expect: &BTreeMap<String, String>,
    ) -> (Verdict, Option<Reason>, Option<EventId>) {
        self.n += 1;
        let (log, entity, by) = (LogName::common("c").unwrap(), leave_of(id(leave)), self.actor(by));
        let incoming = Incoming {
            id: id(100 + self.n),
            kind,
            tv: 1,
            log: &log,
            entity: &entity,
            expect,
            payload,
            consent_signed: true,
        };
        let state = self.entities.get(&entity).cloned();
        let beside = self.beside(state.as_ref(), &incoming);
        let judged = judge_beside(state.as_ref(), &incoming, &by, &[], &beside);
        let event = Recorded {
            id: incoming.id,
            kind,
            tv: 1,
            user: by.user(),
            entity: &entity,
            seq: Some(u64::from(self.n)),
            effective_at: at(i64::from(self.n)),
            claimed_at: at(i64::from(self.n)),
            trust: None,
            verdict: Some(judged.verdict),
            deps: &[],
            payload,
        };
        if let Some(state) = fold_entity(state, &event) {
            self.entities.insert(entity, state);
        }
        (judged.verdict, judged.reason, judged.winner)
    }

    fn ask(&mut self, leave: u8, by: &str, person: &str, from: &str, to: &str) -> (Verdict, Option<Reason>) {
        let payload = format!(r#"{{"person":"{person}","kind":"annual","from":"{from}","to":"{to}"}}"#);
        let judged = self.take(leave, by, "leave.asked", &payload);
        (judged.0, judged.1)
    }

    fn leave(&self, n: u8) -> &Leave {
        self.entities.get(&leave_of(id(n))).and_then(EntityState::leave).unwrap()
    }
}

const TAKEN: (Verdict, Option<Reason>) = (Verdict::Accepted, None);
const NO_RIGHT: (Verdict, Option<Reason>) = (Verdict::Parked, Some(Reason::NoRight));
const OWN: (Verdict, Option<Reason>) = (Verdict::Rejected, Some(Reason::OwnRequest));
const NOT_NOW: (Verdict, Option<Reason>) = (Verdict::Rejected, Some(Reason::NotLegalNow));
const OVERLAPS: (Verdict, Option<Reason>) = (Verdict::Rejected, Some(Reason::LeaveOverlaps));
const MALFORMED: (Verdict, Option<Reason>) = (Verdict::Rejected, Some(Reason::Malformed));

fn yes(on: &str) -> String {
    format!(r#"{{"approve":true,"on":"{on}"}}"#)
}

fn word(step: &str, approve: bool) -> String {
    format!(r#"{{"step":"{step}","approve":{approve},"on":"2025-10-15"}}"#)
}

#[test]
fn a_leave_is_asked_and_decided_by_another() {
    for (decider, expected) in
        [("zhao", TAKEN), ("wang", OWN), ("li", NO_RIGHT), ("qian", NO_RIGHT), ("sun", NO_RIGHT)]
    {
        let mut log = Log::new();
        assert_eq!(log.ask(1, "wang", "wang", "2025-10-20", "2025-10-22"), TAKEN);
        let judged = log.take(1, decider, "leave.decided", &yes("2025-10-15"));
        assert_eq!((judged.0, judged.1), expected, "{decider}");
        assert_eq!(log.leave(1).counts(), expected == TAKEN);
    }
    let mut log = Log::new();
    log.ask(1, "zhao", "zhao", "2025-10-20", "2025-10-22");
    let own = log.take(1, "zhao", "leave.decided", &yes("2025-10-15"));
    assert_eq!((own.0, own.1), OWN, "a supervisor decides about others only");
    log.ask(2, "li", "wang", "2025-10-20", "2025-10-20");
    assert_eq!(log.leave(2).asked_by, Some(user("li")), "代记");
}

#[test]
fn two_decisions_have_one_winner() {
    let mut log = Log::new();
    log.ask(1, "wang", "wang", "2025-10-20", "2025-10-22");
    log.take(1, "zhao", "leave.decided", &yes("2025-10-15"));
    let won = id(100 + log.n);
    let no = r#"{"approve":false,"on":"2025-10-15","words":"人手不足"}"#;
    let expect = BTreeMap::from([("stage".to_owned(), "asked".to_owned())]);
    let lost = log.take_expecting(1, "zhao", "leave.decided", no, &expect);
    assert_eq!(lost, (Verdict::Rejected, Some(Reason::StateChanged), Some(won)));
    let again = log.take(1, "zhao", "leave.decided", no);
    assert_eq!(again, (Verdict::Rejected, Some(Reason::NotLegalNow), Some(won)));
}

#[test]
fn a_deputy_decides_within_his_dates_and_never_for_his_chief_about_him() {
    let mut log = Log::new();
    let deputy = Deputy { user: user("li"), from: date("2025-10-10"), to: date("2025-10-20") };
    let chief = Staff { deputy: Some(deputy), ..Staff::default() };
    log.entities.insert(staff_of(&user("zhao")), EntityState::Staff(Box::new(chief)));
    log.ask(1, "wang", "wang", "2025-10-23", "2025-10-23");
    log.ask(2, "zhao", "zhao", "2025-10-23", "2025-10-23");
    log.ask(3, "li", "li", "2025-10-23", "2025-10-23");
    let decide = |on: &str| format!(r#"{{"approve":true,"on":"{on}","for":"zhao"}}"#);
    for (leave, on, expected) in [
        (1, "2025-10-21", NO_RIGHT),
        (2, "2025-10-15", OWN),
        (3, "2025-10-15", OWN),
        (1, "2025-10-20", TAKEN),
    ] {
        let judged = log.take(leave, "li", "leave.decided", &decide(on));
        assert_eq!((judged.0, judged.1), expected, "{leave} {on}");
    }
    assert_eq!(log.leave(1).decision.as_ref().unwrap().for_user, Some(user("zhao")));
}

#[test]
fn overlapping_leave_of_one_person_is_refused_naming_the_other() {
    let mut log = Log::new();
    assert_eq!(log.ask(1, "wang", "wang", "2025-10-20", "2025-10-22"), TAKEN);
    let first = id(100 + log.n);
    let payload = r#"{"person":"wang","kind":"trip","from":"2025-10-22","to":"2025-10-30"}"#;
    let lost = log.take(2, "zhao", "leave.asked", payload);
    assert_eq!(lost, (Verdict::Rejected, Some(Reason::LeaveOverlaps), Some(first)));
    assert_eq!(log.ask(3, "wang", "wang", "2025-10-23", "2025-10-23"), TAKEN);
    assert_eq!(log.ask(4, "li", "li", "2025-10-20", "2025-10-22"), TAKEN, "of another person");
    let back = log.take(1, "wang", "leave.withdrawn", r#"{"on":"2025-10-15"}"#);
    assert_eq!((back.0, back.1), TAKEN);
    assert_eq!(log.ask(5, "wang", "wang", "2025-10-20", "2025-10-20"), TAKEN, "what was taken back is free");
    for (from, to) in [("2025-10-05", "2025-10-04"), ("2025-01-01", "2025-12-31")] {
        assert_eq!(log.ask(6, "li", "li", from, to), MALFORMED, "{from} {to}");
    }
}

#[test]
fn only_before_it_begins_and_only_by_himself() {
    for (by, on, expected) in [
        ("wang", "2025-10-19", TAKEN),
        ("wang", "2025-10-20", NOT_NOW),
        ("li", "2025-10-19", NO_RIGHT),
        ("zhao", "2025-10-19", NO_RIGHT),
    ] {
        let mut log = Log::new();
        log.ask(1, "wang", "wang", "2025-10-20", "2025-10-22");
        log.take(1, "zhao", "leave.decided", &yes("2025-10-15"));
        let judged = log.take(1, by, "leave.withdrawn", &format!(r#"{{"on":"{on}"}}"#));
        assert_eq!((judged.0, judged.1), expected, "{by} {on}");
    }
}

#[test]
fn a_substitute_needs_three_consents_in_their_order() {
    let mut log = Log::new();
    log.ask(1, "wang", "wang", "2025-10-20", "2025-10-22");
    let named = |person: &str| format!(r#"{{"person":"{person}"}}"#);
    let consent = concat!(
        r#"{"step":"buyer","approve":true,"on":"2025-10-16","#,
        r#""consent":{"unit":"科信办","paper":"替班报备单","date":"2025-10-16"}}"#
    );
    let bare = word("buyer", true);
    for (by, kind, payload, expected) in [
        ("wang", "leave.substituted", &named("wang"), MALFORMED),
        ("chen", "leave.substituted", &named("li"), NO_RIGHT),
        ("wang", "leave.substituted", &named("li"), TAKEN),
        ("zhao", "leave.substitute_decided", &word("manager", true), NOT_NOW),
        ("wang", "leave.substitute_decided", &word("substitute", true), NO_RIGHT),
        ("li", "leave.substitute_decided", &word("substitute", true), TAKEN),
        ("li", "leave.substitute_decided", &word("manager", true), OWN),
        ("zhao", "leave.substitute_decided", &word("manager", true), TAKEN),
        ("zhao", "leave.substitute_decided", &bare, MALFORMED),
        ("wang", "leave.substitute_decided", &consent.to_owned(), NO_RIGHT),
        ("zhao", "leave.substitute_decided", &consent.to_owned(), TAKEN),
        ("wang", "leave.substituted", &named("chen"), NOT_NOW),
    ] {
        let judged = log.take(1, by, kind, payload);
        assert_eq!((judged.0, judged.1), expected, "{by} {payload}");
    }
    assert_eq!(log.leave(1).stand_in(), Some(&user("li")));
    assert_eq!(log.leave(1).substitute.as_ref().unwrap().said.len(), 3);
}

#[test]
fn the_buyer_answers_by_his_own_account_and_a_no_frees_the_place() {
    let mut log = Log::new();
    let asked = r#"{"person":"wang","kind":"sick","from":"2025-10-20","to":"2025-10-20","substitute":"li"}"#;
    log.take(1, "wang", "leave.asked", asked);
    log.take(1, "li", "leave.substitute_decided", &word("substitute", true));
    log.take(1, "zhao", "leave.substitute_decided", &word("manager", true));
    assert_eq!(log.leave(1).stand_in(), None, "two of three");
    let no = log.take(1, "sun", "leave.substitute_decided", &word("buyer", false));
    assert_eq!((no.0, no.1), TAKEN);
    assert_eq!(log.leave(1).substitute.as_ref().unwrap().stage, ChainStage::Refused);
    let other = log.take(1, "zhao", "leave.substituted", r#"{"person":"chen"}"#);
    assert_eq!((other.0, other.1), TAKEN);
    assert_eq!(log.leave(1).substitute.as_ref().unwrap().stage, ChainStage::Named);
    log.ask(2, "li", "li", "2025-10-20", "2025-10-21");
    let away = log.take(1, "zhao", "leave.substituted", r#"{"person":"li"}"#);
    assert_eq!((away.0, away.1), OVERLAPS, "who is away himself takes nobody's place");
}

#[test]
fn an_emergency_holds_at_once_and_owes_consent_by_the_next_workday() {
    let calendar = Calendar::builtin();
    let asked = |day: &str| {
        let mut log = Log::new();
        let payload = format!(
            r#"{{"person":"wang","kind":"sick","from":"{day}","to":"{day}","emergency":true,"substitute":"li"}}"#
        );
        log.take(1, "li", "leave.asked", &payload);
        let mut leave = log.leave(1).clone();
        leave.asked_at = format!("{day}T01:00:00Z").parse().unwrap();
        leave
    };
    // Of 2025-10: 10-09 is a workday, 10-11 a Saturday to be worked, 10-01 to 08 are off.
    for (day, due) in [
        ("2025-10-09", "2025-10-10"),
        ("2025-10-10", "2025-10-11"),
        ("2025-10-11", "2025-10-13"),
        ("2025-09-30", "2025-10-09"),
    ] {
        let leave = asked(day);
        assert!(leave.counts(), "away without waiting");
        assert_eq!(leave.stand_in(), Some(&user("li")));
        assert_eq!(leave.consent_due(&calendar), Some(date(due)), "{day}");
    }
    let mut leave = asked("2025-10-09");
    leave.stage = Stage::Approved;
    assert!(leave.consent_due(&calendar).is_some(), "the substitute is still open");
    leave.substitute.as_mut().unwrap().stage = ChainStage::Consented;
    assert_eq!(leave.consent_due(&calendar), None);
    leave.stage = Stage::Refused;
    assert!(!leave.counts() && leave.stand_in().is_none());
}

#[test]
fn days_are_counted_by_the_calendar_and_owed_days_by_duty_on_days_off() {
    let calendar = Calendar::builtin();
    for (from, to, all, worked) in [
        ("2025-10-09", "2025-10-09", 1, Some(1)),
        ("2025-09-28", "2025-10-11", 14, Some(6)),
        ("2099-01-01", "2099-01-02", 2, None),
        ("2025-10-02", "2025-10-01", 0, Some(0)),
    ] {
        assert_eq!((days(date(from), date(to)), workdays(date(from), date(to), &calendar)), (all, worked));
    }
    let on = |person: &str, day: &str| DutyDay { person: user(person), date: date(day) };
    let duty = [
        on("wang", "2025-10-01"),
        on("wang", "2025-10-04"),
        on("wang", "2025-10-04"),
        on("wang", "2025-10-11"),
        on("wang", "2025-10-18"),
        on("li", "2025-10-19"),
    ];
    let mut log = Log::new();
    let payload = r#"{"person":"wang","kind":"compensatory","from":"2025-10-24","to":"2025-10-27"}"#;
    log.take(1, "wang", "leave.asked", payload);
    let owed = days_owed(&user("wang"), &duty, [log.leave(1)], &calendar);
    assert_eq!(owed.statutory, [date("2025-10-01")], "paid, not taken off");
    assert_eq!(owed.earned, [date("2025-10-04"), date("2025-10-18")], "10-11 is to be worked");
    assert_eq!(owed.balance(), 2, "what is only asked for is not taken");
    log.take(1, "zhao", "leave.decided", &yes("2025-10-15"));
    let owed = days_owed(&user("wang"), &duty, [log.leave(1)], &calendar);
    assert_eq!((owed.taken[0].days, owed.balance()), (2, 0));
}

#[test]
fn the_words_are_frozen() {
    for (kind, text) in [
        (
            "leave.asked",
            r#"{"person":"wang","kind":"sick","from":"2025-10-20","to":"2025-10-22","emergency":true,"substitute":"li"}"#,
        ),
        ("leave.asked", r#"{"person":"wang","kind":"trip","from":"2025-10-20","to":"2025-10-22"}"#),
        ("leave.withdrawn", r#"{"on":"2025-10-15"}"#),
        ("leave.decided", r#"{"approve":true,"on":"2025-10-15"}"#),
        ("leave.decided", r#"{"approve":false,"on":"2025-10-15","for":"zhao","words":"人手不足"}"#),
        ("leave.substituted", r#"{"person":"li"}"#),
        ("leave.substitute_decided", r#"{"step":"substitute","approve":true,"on":"2025-10-15"}"#),
        (
            "leave.substitute_decided",
            r#"{"step":"buyer","approve":true,"on":"2025-10-15","words":"同意","consent":{"unit":"科信办","paper":"单","date":"2025-10-15"}}"#,
        ),
    ] {
        let written = match Act::read(kind, text).unwrap() {
            Act::Asked(p) => serde_json::to_string(&p),
            Act::Withdrawn(p) => serde_json::to_string(&p),
            Act::Decided(p) => serde_json::to_string(&p),
            Act::Substituted(p) => serde_json::to_string(&p),
            Act::Answered(p) => serde_json::to_string(&p),
        };
        assert_eq!(written.unwrap(), text);
    }
    assert_eq!(serde_json::to_string(&Why { text: "发烧".into() }).unwrap(), r#"{"text":"发烧"}"#);
    let letters: Vec<_> = LeaveKind::ALL.iter().map(|kind| kind.letter()).collect();
    assert_eq!(letters.concat(), "事病年调婚产陪丧差培");
    for kind in LeaveKind::ALL {
        assert_eq!(LeaveKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
    }
    for step in Step::ALL {
        assert_eq!(Step::from_code(step.code()), Some(step));
        assert_eq!(serde_json::to_string(&step).unwrap(), format!("\"{}\"", step.code()));
    }
}

fn any_act() -> impl Strategy<Value = (u8, &'static str, &'static str, String)> {
    let who = prop::sample::select(vec!["wang", "li", "chen", "zhao", "qian", "sun"]);
    let day = (0_i64..12).prop_map(|n| date("2025-10-10").checked_add(jiff::Span::new().days(n)).unwrap());
    (1_u8..5, who.clone(), who, 0_u8..6, day, 0_i64..4, any::<bool>(), 0_u8..3).prop_map(
        |(leave, by, other, kind, from, more, flag, step)| {
            let to = from.checked_add(jiff::Span::new().days(more)).unwrap();
            let step = Step::ALL[usize::from(step)].code();
            let consent = r#""consent":{"unit":"科信办","paper":"单","date":"2025-10-15"}"#;
            let (kind, payload) = match kind {
                0 | 1 => (
                    "leave.asked",
                    format!(r#"{{"person":"{other}","kind":"annual","from":"{from}","to":"{to}","emergency":{flag}}}"#),
                ),
                2 => ("leave.withdrawn", format!(r#"{{"on":"{from}"}}"#)),
                3 => ("leave.decided", format!(r#"{{"approve":{flag},"on":"{from}"}}"#)),
                4 => ("leave.substituted", format!(r#"{{"person":"{other}"}}"#)),
                _ => (
                    "leave.substitute_decided",
                    format!(r#"{{"step":"{step}","approve":{flag},"on":"{from}",{consent}}}"#),
                ),
            };
            (leave, by, kind, payload)
        },
    )
}

proptest! {
    /// Whatever is sent in whatever order: nobody is away twice on a day, nobody decided about himself, and
    /// nobody stands in without three consents but in an emergency.
    #[test]
    fn whatever_happens_the_state_is_sound(acts in prop::collection::vec(any_act(), 1..60)) {
        let mut log = Log::new();
        for (leave, by, kind, payload) in acts {
            log.take(leave, by, kind, &payload);
        }
        let leaves: Vec<&Leave> = log.entities.values().filter_map(EntityState::leave).collect();
        for (i, one) in leaves.iter().enumerate() {
            for other in &leaves[i + 1..] {
                let both = one.is_live() && other.is_live() && one.person == other.person;
                prop_assert!(!(both && one.overlaps(other.from, other.to)), "{one:?} {other:?}");
            }
            let decided_by = one.decision.as_ref().and_then(|said| said.by.as_ref());
            prop_assert_ne!(decided_by, Some(&one.person));
            prop_assert_eq!(one.decision.is_some(), matches!(one.stage, Stage::Approved | Stage::Refused) || (one.stage == Stage::Withdrawn && one.decision.is_some()));
            if let Some(substitute) = &one.substitute {
                prop_assert_ne!(&substitute.person, &one.person);
                let manager = substitute.said.get(&Step::Manager).and_then(|said| said.by.as_ref());
                prop_assert_ne!(manager, Some(&substitute.person));
                prop_assert_ne!(manager, Some(&one.person));
                if one.stand_in().is_some() && !one.emergency {
                    prop_assert_eq!(substitute.said.values().filter(|said| said.approve).count(), 3);
                }
            }
        }
    }
}
