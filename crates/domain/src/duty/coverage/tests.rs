//! Plans: their legal acts, their judge, and bytes that are in logs for ever.

use super::*;
use crate::event::{EntityId, EventId, LogName, Reason, Recorded, UserId, Verdict};
use crate::judge::{EntityState, Incoming, Judgement, judge};
use crate::people::{Actor, DeviceState, Role, UserState};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;

fn plan() -> Plan {
    Plan {
        name: "2025年国庆、中秋保障方案".into(),
        occasion: Occasion::KeyPeriod,
        from: date(2025, 10, 1),
        to: date(2025, 10, 8),
        divisions: vec!["L总队".into()],
        lead: Some(UserId::new("s1").unwrap()),
        escalation: vec!["值班岗".into(), "项目经理".into()],
        checks: vec![Check { key: "1".into(), what: "机房巡检".into(), days_before: 3 }],
        spares: vec![SpareNeed { name: "交换机电源".into(), quantity: 2, place: "备件库".into() }],
        patrols: vec!["09:00".into(), "21:00".into()],
        reports: vec!["16:00".into()],
        round_the_clock: true,
        freezes: vec![Freeze {
            from: "2025-09-30T10:00:00Z".parse().unwrap(),
            to: "2025-10-08T16:00:00Z".parse().unwrap(),
            what: "核心业务系统".into(),
        }],
        fallback: "启用备用链路".into(),
        paper: "示例〔2025〕1号".into(),
    }
}

fn actor(id: &str, roles: &[Role]) -> Actor {
    let state = UserState { roles: roles.to_vec(), ..UserState::default() };
    Actor::of(UserId::new(id).unwrap(), &state, Some(&DeviceState::default()), true)
}

/// A plan and what happens to it, judged and folded as the centre does.
struct Story {
    state: Option<EntityState>,
    events: u8,
}

impl Story {
    fn new() -> Self {
        Self { state: None, events: 0 }
    }

    fn planned() -> Self {
        let mut story = Self::new();
        let payload = serde_json::to_string(&plan()).unwrap();
        assert_eq!(story.take("coverage.planned", "s1", Role::Supervisor, &payload), Ok(()));
        story
    }

    fn plan(&self) -> &PlanState {
        match &self.state {
            Some(EntityState::Coverage(plan)) => plan,
            other => panic!("not a plan: {other:?}"),
        }
    }

    fn take(&mut self, kind: &str, who: &str, role: Role, payload: &str) -> Result<(), Option<Reason>> {
        let expect = match &self.state {
            Some(EntityState::Coverage(plan)) if kind != "coverage.planned" => expectations(kind, plan),
            _ => BTreeMap::new(),
        };
        self.take_expecting(kind, &actor(who, &[role]), payload, &expect).1
    }

    fn take_expecting(
        &mut self,
        kind: &str,
        who: &Actor,
        payload: &str,
        expect: &BTreeMap<String, String>,
    ) -> (Judgement, Result<(), Option<Reason>>) {
        self.events += 1;
        let (id, entity) = (EventId([self.events; 16]), EntityId::new("coverage/p1").unwrap());
        let log = LogName::common("c").unwrap();
        let incoming =
            Incoming { id, kind, tv: 1, log: &log, entity: &entity, expect, payload, consent_signed: true };
        let judgement = judge(self.state.as_ref(), &incoming, who, &[]);
        let at = Timestamp::from_second(1_759_000_000 + i64::from(self.events)).unwrap();
        let event = Recorded {
            id,
            kind,
            tv: 1,
            user: who.user(),
            entity: &entity,
            seq: Some(u64::from(self.events)),
            effective_at: at,
            claimed_at: at,
            trust: None,
            verdict: Some(judgement.verdict),
            deps: &[],
            payload,
        };
        self.state = crate::judge::fold_entity(self.state.take(), &event);
        let result = if judgement.verdict == Verdict::Accepted { Ok(()) } else { Err(judgement.reason) };
        (judgement, result)
    }
}

#[test]
fn a_plan_is_written_approved_agreed_carried_out_and_summed_up() {
    use Role::{BuyerContact as B, Engineer as E, Supervisor as S};
    let mut story = Story::planned();
    let no_right = Err(Some(Reason::NoRight));
    for (kind, who, role, payload, expected) in [
        ("coverage.approved", "s2", S, "{}", Err(Some(Reason::NotLegalNow))),
        ("coverage.submitted", "u1", E, "{}", no_right),
        ("coverage.submitted", "s1", S, "{}", Ok(())),
        ("coverage.approved", "s1", S, "{}", Err(Some(Reason::OwnRequest))),
        ("coverage.returned", "s2", S, r#"{"text":"补上特巡时间"}"#, Ok(())),
        ("coverage.submitted", "s1", S, "{}", Ok(())),
        ("coverage.approved", "s2", S, "{}", Ok(())),
        ("coverage.consented", "s1", S, r#"{"unit":"科信办"}"#, Err(Some(Reason::Malformed))),
        ("coverage.consented", "b1", B, "{}", Ok(())),
        ("coverage.checked", "u1", E, r#"{"slot":"1","fine":true}"#, Ok(())),
        (
            "coverage.patrolled",
            "u1",
            E,
            r#"{"slot":"2025-10-01 09:00","fine":false,"text":"告警一条"}"#,
            Ok(()),
        ),
        ("coverage.reported", "u1", E, r#"{"slot":""}"#, Err(Some(Reason::Malformed))),
        ("coverage.reported", "u1", E, r#"{"slot":"2025-10-01 16:00","fine":true}"#, Ok(())),
        ("coverage.closed", "s1", S, r#"{"text":"平稳"}"#, Ok(())),
        ("coverage.cancelled", "s1", S, r#"{"text":"不要了"}"#, Err(Some(Reason::NotLegalNow))),
        ("coverage.reported", "u1", E, r#"{"slot":"2025-10-08 16:00","fine":true}"#, Ok(())),
    ] {
        assert_eq!(story.take(kind, who, role, payload), expected, "{kind} by {who}");
    }
    let state = story.plan();
    assert_eq!((state.stage, state.version), (PlanStage::Closed, 1));
    assert_eq!((state.checked.len(), state.patrolled.len(), state.reported.len()), (1, 1, 2));
    assert_eq!(state.spans().len(), 3, "what was carried out stays counted");
}

#[test]
fn whoever_is_the_only_supervisor_approves_his_own_and_it_says_so() {
    let mut story = Story::planned();
    story.take("coverage.submitted", "s1", Role::Supervisor, "{}").unwrap();
    let taken = story.take("coverage.approved", "s1", Role::Supervisor, r#"{"alone":true}"#);
    assert_eq!(taken, Ok(()));
}

#[test]
fn a_supervisor_of_a_division_plans_for_it_alone() {
    let scoped = |divisions: &[&str]| Actor {
        divisions: divisions.iter().map(|division| (*division).to_owned()).collect(),
        ..actor("s3", &[Role::Supervisor])
    };
    let whole = Plan { divisions: Vec::new(), ..plan() };
    for (who, plan, expected) in [
        (scoped(&["L总队"]), plan(), Ok(())),
        (scoped(&["A总队"]), plan(), Err(Some(Reason::NoRight))),
        (scoped(&["L总队"]), whole.clone(), Err(Some(Reason::NoRight))),
        (scoped(&[]), whole, Ok(())),
    ] {
        let payload = serde_json::to_string(&plan).unwrap();
        let taken = Story::new().take_expecting("coverage.planned", &who, &payload, &BTreeMap::new());
        assert_eq!(taken.1, expected, "{who:?}");
    }
}

#[test]
fn everything_due_stands_once_by_time_and_is_overdue_until_it_is_done() {
    let mut story = Story::planned();
    let due: Vec<(String, String)> =
        dues(story.plan()).into_iter().map(|due| (due.title, due.at.to_string())).collect();
    assert_eq!(due.len(), 1 + 8 * 3);
    assert_eq!(due[0], ("机房巡检".to_owned(), "2025-09-28T10:00:00Z".to_owned()));
    assert_eq!(due[1], ("特巡 09:00".to_owned(), "2025-10-01T01:00:00Z".to_owned()));
    let now: Timestamp = "2025-10-01T02:00:00Z".parse().unwrap();
    let overdue = |story: &Story| {
        dues(story.plan()).into_iter().filter(|due| due.is_overdue(story.plan(), now)).count()
    };
    assert_eq!(overdue(&story), 0, "nobody follows a draft");
    story.take("coverage.submitted", "s1", Role::Supervisor, "{}").unwrap();
    story.take("coverage.approved", "s2", Role::Supervisor, "{}").unwrap();
    assert_eq!(overdue(&story), 2);
    let done = r#"{"slot":"2025-10-01 09:00","fine":true}"#;
    story.take("coverage.patrolled", "u1", Role::Engineer, done).unwrap();
    assert_eq!(overdue(&story), 1);
}

/// Minute of the sign, its post, whether it proves a night on the post `duty`.
#[test]
fn presence_is_proven_by_a_sign_at_the_shift() {
    use crate::duty::layers::{Member, Origin, Shift};
    let night = Shift {
        date: date(2025, 10, 1),
        post: Some("duty".into()),
        person: "u1".into(),
        spans: vec![(20 * 60, 32 * 60)],
        standby: false,
        origin: Origin::Roster,
    };
    let member =
        Member { id: "u1".into(), division: Some("L总队".into()), onsite: true, joined: None, left: None };
    let roster = Roster { shifts: &[night], posts: &[], members: &[member] };
    for (at, post, who, proven) in [
        ("2025-10-01T11:58:00Z", Some("duty"), "u1", true),
        ("2025-10-02T00:10:00Z", Some("duty"), "u1", true),
        ("2025-10-01T20:00:00Z", None, "u1", true),
        ("2025-10-01T12:00:00Z", Some("lead"), "u1", false),
        ("2025-10-01T12:00:00Z", Some("duty"), "u2", false),
        ("2025-10-01T09:00:00Z", Some("duty"), "u1", false),
        ("2025-10-02T02:30:00Z", Some("duty"), "u1", false),
    ] {
        let sign = Presence { person: who.into(), post: post.map(str::to_owned), at: at.parse().unwrap() };
        let days = duty_days(roster, &[], "001", &[sign]);
        assert_eq!((days[0].proven, days[0].division.as_deref()), (proven, Some("L总队")), "{at}");
    }
}

/// Shifts as date of October, begin and end in hours; minutes of 2 October that nobody is on duty.
#[test]
fn hours_without_anybody_on_duty_are_counted() {
    use crate::duty::layers::{Origin, Shift};
    type Case = (&'static [(i8, u16, u16)], u32);
    let table: &[Case] = &[
        (&[], 24),
        (&[(2, 8, 32)], 8),
        (&[(1, 8, 32), (2, 8, 32)], 0),
        (&[(1, 20, 32), (2, 8, 20), (2, 20, 32)], 0),
        (&[(2, 8, 12), (2, 10, 18)], 14),
        (&[(1, 8, 20), (3, 0, 24)], 24),
    ];
    for (shifts, hours) in table {
        let shift = |(day, from, to): &(i8, u16, u16)| Shift {
            date: date(2025, 10, *day),
            post: Some("duty".into()),
            person: "u1".into(),
            spans: vec![(from * 60, to * 60)],
            standby: false,
            origin: Origin::Roster,
        };
        let shifts: Vec<Shift> = shifts.iter().map(shift).collect();
        assert_eq!(unattended_minutes(&shifts, date(2025, 10, 2)), hours * 60, "{shifts:?}");
    }
    let beside = Shift {
        date: date(2025, 10, 2),
        post: Some("standby".into()),
        person: "u1".into(),
        spans: vec![(0, 1_440)],
        standby: true,
        origin: Origin::Roster,
    };
    assert_eq!(unattended_minutes(&[beside], date(2025, 10, 2)), 1_440, "standby is not presence");
}

#[test]
fn a_change_asks_for_everybodys_word_again() {
    let mut story = Story::planned();
    story.take("coverage.submitted", "s1", Role::Supervisor, "{}").unwrap();
    story.take("coverage.approved", "s2", Role::Supervisor, "{}").unwrap();
    assert_eq!(story.plan().spans()[0].period, Period { from: date(2025, 10, 1), to: date(2025, 10, 8) });
    let changed = serde_json::to_string(&Plan { to: date(2025, 10, 9), ..plan() }).unwrap();
    story.take("coverage.changed", "s1", Role::Supervisor, &changed).unwrap();
    let state = story.plan();
    assert_eq!((state.stage, state.version, state.submitter.as_ref()), (PlanStage::Draft, 2, None));
    assert_eq!(state.spans(), [], "what is not approved covers nothing");
}

#[test]
fn of_two_changes_at_once_the_first_wins_and_the_other_names_it() {
    let mut story = Story::planned();
    let seen = expectations("coverage.changed", story.plan());
    let changed = serde_json::to_string(&Plan { fallback: "改".into(), ..plan() }).unwrap();
    let (s1, s2) = (actor("s1", &[Role::Supervisor]), actor("s2", &[Role::Supervisor]));
    assert_eq!(story.take_expecting("coverage.changed", &s1, &changed, &seen).1, Ok(()));
    let first = EventId([story.events; 16]);
    let (lost, _) = story.take_expecting("coverage.changed", &s2, &changed, &seen);
    assert_eq!(lost, Judgement::rejected(Reason::StateChanged, Some(first)));
}

#[test]
fn what_cannot_be_carried_out_is_refused_with_its_field() {
    let field = |plan: &Plan| match sound(plan) {
        Err(unsound) => unsound.field,
        Ok(()) => "none",
    };
    assert_eq!(sound(&plan()), Ok(()));
    let freeze = Freeze { to: plan().freezes[0].from, ..plan().freezes[0].clone() };
    let check = Check { key: "1".into(), what: "再查".into(), days_before: 1 };
    for (bad, expected) in [
        (Plan { name: " ".into(), ..plan() }, "name"),
        (Plan { to: date(2025, 9, 30), ..plan() }, "to"),
        (Plan { to: date(2026, 1, 1), ..plan() }, "to"),
        (Plan { patrols: vec!["9:00".into()], ..plan() }, "patrols"),
        (Plan { patrols: vec!["25:00".into()], ..plan() }, "patrols"),
        (Plan { reports: vec!["09:00".into(), "09:00".into()], ..plan() }, "reports"),
        (Plan { checks: vec![plan().checks[0].clone(), check], ..plan() }, "checks"),
        (Plan { freezes: vec![freeze], ..plan() }, "freezes"),
        (Plan { escalation: vec!["岗".into(); LISTED_MAX + 1], ..plan() }, "escalation"),
    ] {
        assert_eq!(field(&bad), expected);
    }
}

#[test]
fn the_payload_is_frozen() {
    let json = r#"{"name":"2025年国庆、中秋保障方案","occasion":"key_period","from":"2025-10-01","to":"2025-10-08","divisions":["L总队"],"lead":"s1","escalation":["值班岗","项目经理"],"checks":[{"key":"1","what":"机房巡检","days_before":3}],"spares":[{"name":"交换机电源","quantity":2,"place":"备件库"}],"patrols":["09:00","21:00"],"reports":["16:00"],"round_the_clock":true,"freezes":[{"from":"2025-09-30T10:00:00Z","to":"2025-10-08T16:00:00Z","what":"核心业务系统"}],"fallback":"启用备用链路","paper":"示例〔2025〕1号"}"#;
    assert_eq!(serde_json::to_string(&plan()).unwrap(), json);
    assert_eq!(serde_json::from_str::<Plan>(json).unwrap(), plan());
}

#[test]
fn events_of_a_newer_program_leave_a_plan_to_look_at() {
    let mut story = Story::planned();
    assert_eq!(story.take("coverage.foreseen", "s1", Role::Supervisor, "{}"), Err(Some(Reason::UnknownType)));
    let event_id = EntityId::new("coverage/p1").unwrap();
    let event = Recorded {
        id: EventId([9; 16]),
        kind: "coverage.foreseen",
        tv: 1,
        user: None,
        entity: &event_id,
        seq: None,
        effective_at: Timestamp::UNIX_EPOCH,
        claimed_at: Timestamp::UNIX_EPOCH,
        trust: None,
        verdict: None,
        deps: &[],
        payload: "{}",
    };
    let state = crate::judge::fold_entity(story.state.take(), &event).unwrap();
    assert!(state.is_read_only());
}
