//! The legal table against its printed form, and properties of the fold.

use crate::event::{EntityId, EventId, Recorded, UserId, Verdict};
use crate::order::payload::{Registered, RemoteWay, RemoteWork, Restored, WorkRecord};
use crate::order::table::{Pause, STEPS, allows};
use crate::order::{
    AssistState, MarkKind, Order, OrderKind, RefusalCode, Status, Step, StepInput, Then, Wait, decide, fold,
    register, steps, waiting,
};
use crate::people::{Actor, DeviceState, Role, SourceState, UserState};
use jiff::Timestamp;
use proptest::prelude::*;

pub(crate) fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

pub(crate) fn actor(id: &str, roles: &[Role]) -> Actor {
    let state = UserState { roles: roles.to_vec(), ..UserState::default() };
    Actor::of(user(id), &state, Some(&DeviceState::default()), true)
}

pub(crate) fn id(n: u8) -> EventId {
    EventId([n; 16])
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
}

pub(crate) fn form() -> Registered {
    serde_json::from_value(serde_json::json!({
        "number": "E-20251001-01-0001", "kind": "incident", "title": "打印机不通", "division": "E总队",
        "reported_at": at(0), "contract": "c", "contract_hash": "h1", "calendar_hash": "k1", "level": "3",
    }))
    .unwrap()
}

pub(crate) fn source() -> Actor {
    let state = SourceState { name: "监控平台".into(), contract: "c".into(), ..SourceState::default() };
    Actor::of_source("s1", &state)
}

/// One letter per kind of person: f = engineer while nobody is in charge, a = engineer in charge,
/// o = engineer while another is in charge, then dispatcher, supervisor, buyer, oVerseer,
/// store Keeper, administrator (x), another program (p).
fn people() -> Vec<(char, Actor, Option<&'static str>)> {
    vec![
        ('f', actor("u1", &[Role::Engineer]), None),
        ('a', actor("u1", &[Role::Engineer]), Some("u1")),
        ('o', actor("u1", &[Role::Engineer]), Some("u2")),
        ('d', actor("d1", &[Role::Dispatcher]), Some("u2")),
        ('s', actor("s1", &[Role::Supervisor]), Some("u2")),
        ('b', actor("b1", &[Role::BuyerContact]), Some("u2")),
        ('v', actor("v1", &[Role::Overseer]), Some("u2")),
        ('k', actor("k1", &[Role::StoreKeeper]), Some("u2")),
        ('x', actor("x1", &[Role::Administrator]), Some("u2")),
        ('p', source(), None),
    ]
}

/// Who may do what from where, as the table computes it.
fn printed(kind: OrderKind) -> String {
    let mut out = String::new();
    for row in STEPS {
        out += row.event;
        for status in Status::ALL {
            let mut order = Order { kind, status, suspended: row.pause == Pause::Only, ..Order::default() };
            let mut cell = String::new();
            for (letter, actor, assignee) in people() {
                order.assignee = assignee.map(user);
                if allows(row.event, &order, &actor, None).is_ok() {
                    cell.push(letter);
                }
            }
            out += &format!(" {}={}", status.code(), if cell.is_empty() { "-" } else { &cell });
        }
        out.push('\n');
    }
    out
}

#[test]
fn legal_steps_are_these_and_no_others() {
    assert_eq!(printed(OrderKind::Incident), include_str!("legal_steps.txt"));
}

/// A role that no row of the steps names would be told "later" for what it can never do.
#[test]
fn roles_of_types_are_those_of_the_steps() {
    for row in STEPS {
        for role in Role::ALL {
            let log = crate::event::LogName::division("c", "E总队").unwrap();
            let named = row.legal.iter().any(|(who, _)| who.is_of(role));
            assert_eq!(
                crate::people::may(&actor("u1", &[role]), row.event, &log),
                named,
                "{} {role:?}",
                row.event
            );
        }
    }
}

#[test]
fn a_work_record_is_closed_by_the_engineer_who_wrote_it() {
    let incident = printed(OrderKind::Incident);
    let record = printed(OrderKind::WorkRecord);
    let differing: Vec<_> =
        record.lines().zip(incident.lines()).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
    assert_eq!(
        differing,
        [
            "order.closed registered=fao dispatched=fao accepted=fao arrived=fao worked_around=fao restored=faods \
          confirmed=faods closed=- merged=-"
        ]
    );
}

#[test]
fn suspension_is_asked_for_where_the_table_says() {
    let mut order = Order { status: Status::Accepted, ..Order::default() };
    let supervisor = actor("s1", &[Role::Supervisor]);
    assert!(allows("order.suspended", &order, &supervisor, None).is_ok());
    assert!(allows("order.resumed", &order, &supervisor, None).is_err());
    order.suspended = true;
    assert!(allows("order.suspended", &order, &supervisor, None).is_err());
    assert!(allows("order.resumed", &order, &supervisor, None).is_ok());
}

#[test]
fn keys_and_codes_are_unique_and_leave_the_frame_its_own() {
    for (i, row) in STEPS.iter().enumerate() {
        for earlier in &STEPS[..i] {
            assert_ne!(row.code, earlier.code);
            assert_ne!(row.event, earlier.event);
            let shared = row.key.is_some() && row.key == earlier.key;
            // 挂起 and 解除挂起 share H: never both at once.
            assert!(
                !shared || (row.key == Some('H') && row.pause != earlier.pause),
                "{} {}",
                row.code,
                earlier.code
            );
        }
        assert!(!matches!(row.key, Some('J' | 'K' | 'E')), "{}", row.code);
        assert_eq!(Step::from_code(row.code), Some(row.step));
        assert!(crate::event::event_type(row.event).is_some(), "{} is in the table of types", row.event);
    }
}

/// A log of one order, folded as accepted.
struct Story {
    order: Option<Order>,
    seq: u64,
}

impl Story {
    fn new() -> Self {
        Self { order: None, seq: 0 }
    }

    fn event(
        &mut self,
        kind: &str,
        who: &str,
        minute: i64,
        payload: &str,
        verdict: Option<Verdict>,
    ) -> EventId {
        self.seq += 1;
        let event = id(u8::try_from(self.seq).unwrap());
        let entity = EntityId::new("order/o1").unwrap();
        let recorded = Recorded {
            id: event,
            kind,
            tv: 1,
            user: Some(&user(who)),
            entity: &entity,
            seq: verdict.map(|_| self.seq),
            effective_at: at(minute),
            claimed_at: at(minute),
            trust: None,
            verdict,
            deps: &[],
            payload,
        };
        self.order = fold(self.order.take(), &recorded);
        event
    }

    fn accept(&mut self, kind: &str, who: &str, minute: i64, payload: &str) -> EventId {
        self.event(kind, who, minute, payload, Some(Verdict::Accepted))
    }

    fn registered() -> Self {
        let mut story = Self::new();
        story.accept("order.registered", "d1", 0, &serde_json::to_string(&form()).unwrap());
        story
    }

    fn order(&self) -> &Order {
        self.order.as_ref().unwrap()
    }
}

#[test]
fn an_order_from_call_to_close() {
    let mut s = Story::registered();
    s.accept("order.dispatched", "d1", 1, r#"{"to":"u1"}"#);
    s.accept("order.accepted", "u1", 2, "{}");
    s.accept("order.arrived", "u1", 20, "{}");
    s.accept("order.suspended", "u1", 25, r#"{"reason":"等备件","party":"supplier","evidence":"单号1"}"#);
    assert!(s.order().suspended);
    s.accept("order.level_changed", "d1", 26, r#"{"level":"2","reason":"影响扩大"}"#);
    s.accept("order.restored", "u1", 40, r#"{"text":"换网线"}"#);
    assert!(!s.order().suspended, "restoring ends a suspension");
    s.accept("order.confirmed", "u1", 50, r#"{"who":"甲","way":"paper"}"#);
    s.accept("order.closed", "u1", 60, "{}");
    let order = s.order();
    assert_eq!((order.status, order.assignee.clone()), (Status::Closed, Some(user("u1"))));
    assert_eq!(order.level.as_deref(), Some("2"));
    use MarkKind as M;
    assert_eq!(
        order.marks.iter().map(|m| m.kind).collect::<Vec<_>>(),
        [
            M::Reported,
            M::Dispatched,
            M::Accepted,
            M::Arrived,
            M::Suspended,
            M::LevelChanged,
            M::Resumed,
            M::Restored,
            M::Closed
        ]
    );
    assert_eq!(order.touched["status"], id(9));
    assert_eq!(order.touched["level"], id(6));
    assert_eq!(order.seq, 9);
}

#[test]
fn reopening_goes_back_to_whoever_was_in_charge() {
    let mut s = Story::registered();
    s.accept("order.restored", "d1", 5, r#"{"text":"电话解决"}"#);
    s.accept("order.reopened", "d1", 6, r#"{"reason":"复发"}"#);
    assert_eq!(s.order().status, Status::Registered);
    s.accept("order.accepted", "u1", 7, "{}");
    s.accept("order.restored", "u1", 8, "{}");
    s.accept("order.reopened", "d1", 9, "{}");
    assert_eq!(s.order().status, Status::Accepted);
}

#[test]
fn rejected_and_parked_change_only_counters() {
    for (verdict, counter) in [(Verdict::Rejected, (1, 0)), (Verdict::Parked, (0, 1))] {
        for row in STEPS {
            let mut s = Story::registered();
            let before = s.order().clone();
            s.event(row.event, "u1", 5, r#"{"to":"u1","level":"1","reason":"r"}"#, Some(verdict));
            let after = s.order().clone();
            assert_eq!((after.rejected, after.parked), counter);
            assert_eq!(Order { rejected: 0, parked: 0, seq: before.seq, ..after }, before, "{}", row.event);
        }
    }
}

#[test]
fn unreconciled_facts_are_listed_until_looked_at() {
    let mut s = Story::registered();
    let late = s.event("order.arrived", "u9", 5, "{}", Some(Verdict::Unreconciled));
    assert_eq!(s.order().status, Status::Registered);
    assert_eq!(s.order().unreconciled, [late]);
    s.accept("order.reconciled", "d1", 6, &format!(r#"{{"event":"{late}","how":"taken"}}"#));
    assert!(s.order().unreconciled.is_empty());
}

#[test]
fn unknown_types_and_versions_make_it_read_only() {
    let mut s = Story::registered();
    s.accept("order.teleported", "u1", 5, "{}");
    assert!(s.order().is_read_only());
    assert_eq!(s.order().unknown, ["order.teleported"]);
    let refused = decide(
        s.order(),
        Step::Note,
        &StepInput::of(&[("text", "x")]),
        &actor("u1", &[Role::Engineer]),
        at(9),
    );
    assert_eq!(refused.unwrap_err().code, RefusalCode::NotNow);
    assert!(steps(s.order(), &actor("u1", &[Role::Engineer])).is_empty());
}

#[test]
fn pending_events_count_where_the_table_allows_and_not_elsewhere() {
    let mut s = Story::registered();
    let mine = s.event("order.accepted", "u1", 2, "{}", None);
    assert_eq!((s.order().status, s.order().pending), (Status::Accepted, 1));
    assert_eq!(s.order().pending_claims, [mine]);
    let draft =
        decide(s.order(), Step::Arrive, &StepInput::default(), &actor("u1", &[Role::Engineer]), at(3))
            .unwrap();
    assert_eq!(draft[0].deps, [mine], "what follows names the pending claim it stands on");

    let mut lost = Story::registered();
    lost.accept("order.accepted", "u2", 1, "{}");
    lost.event("order.accepted", "u1", 2, "{}", None);
    assert_eq!((lost.order().assignee.clone(), lost.order().pending), (Some(user("u2")), 1));
}

#[test]
fn registering_and_accepting_in_one_group() {
    let engineer = actor("u1", &[Role::Engineer]);
    let drafts = register(&form(), None, Then::Accept, &engineer, at(30)).unwrap();
    assert_eq!(drafts.iter().map(|d| d.kind).collect::<Vec<_>>(), ["order.registered", "order.accepted"]);
    assert_eq!(drafts[0].claimed_at, at(0), "a registration counts from the report");
    assert_eq!(drafts[1].after, [0]);
    assert_eq!(drafts[1].expect["status"], "registered");
    let refused =
        register(&form(), None, Then::Accept, &actor("d1", &[Role::Dispatcher]), at(30)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotAllowed);
}

#[test]
fn registering_checks_its_form() {
    let d = actor("d1", &[Role::Dispatcher]);
    let cases: [(Registered, &'static str); 4] = [
        (Registered { title: " ".into(), ..form() }, "title"),
        (Registered { number: String::new(), ..form() }, "number"),
        (Registered { reported_at: at(99), ..form() }, "reported_at"),
        (Registered { division: "a/b".into(), ..form() }, "division"),
    ];
    for (form, field) in cases {
        let refused = register(&form, None, Then::Nothing, &d, at(30)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::BadInput { field });
    }
}

fn record() -> Registered {
    let said = WorkRecord { category: "日常维护".into(), minutes: 20, ..WorkRecord::default() };
    Registered { kind: OrderKind::WorkRecord, record: Some(said), ..form() }
}

fn with_record(change: impl FnOnce(&mut WorkRecord)) -> Registered {
    let mut form = record();
    change(form.record.as_mut().unwrap());
    form
}

fn remote(way: RemoteWay) -> RemoteWork {
    RemoteWork { way, entry_permit: None, escort: None, person_days_tenths: None }
}

#[test]
fn a_report_written_down_late_owes_a_reason_and_is_flagged() {
    let d = actor("d1", &[Role::Dispatcher]);
    let reason = Some("电话先处理，事后补录".to_owned());
    // Minutes after the report, kind, reason given: refused, flagged minutes. 30 minutes exactly are in time;
    // a work record is late on another date (the report was at 16:53 +08:00).
    let cases = [
        (30, OrderKind::Incident, None, false, None),
        (31, OrderKind::Incident, None, true, None),
        (31, OrderKind::Request, reason.clone(), false, Some(31)),
        (400, OrderKind::WorkRecord, None, false, None),
        (440, OrderKind::WorkRecord, None, true, None),
        (440, OrderKind::WorkRecord, reason, false, Some(440)),
    ];
    for (minutes, kind, late_reason, refused, flagged) in cases {
        let form = Registered { kind, late_reason, ..form() };
        let decided = register(&form, None, Then::Nothing, &d, at(minutes));
        let Ok(drafts) = decided else {
            assert!(refused, "{minutes} {kind:?}");
            assert_eq!(decided.unwrap_err().code, RefusalCode::BadInput { field: "reason" });
            continue;
        };
        assert!(!refused, "{minutes} {kind:?}");
        let mut story = Story::new();
        story.event(drafts[0].kind, "d1", 0, &drafts[0].payload, None);
        assert_eq!(story.order().late_minutes(), flagged, "{minutes} {kind:?}");
    }
}

#[test]
fn a_record_is_registered_and_closed_in_one_group() {
    let engineer = actor("u1", &[Role::Engineer]);
    let drafts = register(&record(), None, Then::Close, &engineer, at(30)).unwrap();
    assert_eq!(drafts.iter().map(|d| d.kind).collect::<Vec<_>>(), ["order.registered", "order.closed"]);
    assert_eq!((drafts[0].claimed_at, drafts[1].claimed_at), (at(0), at(0)));
    assert_eq!(drafts[1].after, [0]);
    assert_eq!(
        drafts[1].expect.iter().collect::<Vec<_>>(),
        [(&"status".to_owned(), &"registered".to_owned())]
    );
    let mut story = Story::new();
    for draft in &drafts {
        story.event(draft.kind, "u1", 0, &draft.payload, None);
    }
    assert_eq!(story.order().status, Status::Closed);
    assert_eq!(story.order().record.as_ref().unwrap().minutes, 20);
    let code =
        |form: &Registered, who: &Actor| register(form, None, Then::Close, who, at(30)).unwrap_err().code;
    assert_eq!(
        code(&form(), &engineer),
        RefusalCode::NotAllowed,
        "only a work record is done as it is written"
    );
    assert_eq!(code(&record(), &actor("d1", &[Role::Dispatcher])), RefusalCode::NotAllowed);
}

#[test]
fn a_record_says_what_it_must() {
    let engineer = actor("u1", &[Role::Engineer]);
    let phone = || Some(remote(RemoteWay::Phone));
    let colleague = Some(user("u2"));
    let visit = RemoteWork { entry_permit: Some("RC-1".into()), ..remote(RemoteWay::Visit) };
    let long = "字".repeat(401);
    let cases = [
        (with_record(|r| r.category = " ".into()), "category"),
        (with_record(|r| r.minutes = 0), "minutes"),
        (with_record(|r| r.minutes = 1_441), "minutes"),
        (with_record(|r| r.result = long.clone()), "result"),
        (with_record(|r| r.authorisation = Some(long.clone())), "authorisation"),
        (Registered { remote: phone(), ..record() }, "on_behalf"),
        (Registered { remote: phone(), on_behalf: colleague.clone(), ..record() }, "confirmed_by"),
        (
            Registered { remote: Some(remote(RemoteWay::Visit)), on_behalf: colleague.clone(), ..form() },
            "entry_permit",
        ),
        (Registered { remote: Some(visit.clone()), on_behalf: colleague.clone(), ..form() }, "escort"),
        (
            Registered {
                remote: Some(RemoteWork { person_days_tenths: Some(1_001), ..remote(RemoteWay::Phone) }),
                on_behalf: colleague,
                ..form()
            },
            "person_days",
        ),
    ];
    for (form, field) in cases {
        let refused = register(&form, None, Then::Nothing, &engineer, at(30)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::BadInput { field }, "{}", refused.message);
    }
}

#[test]
fn what_is_recorded_for_a_colleague_is_the_colleagues() {
    let form = Registered { on_behalf: Some(user("u2")), remote: Some(remote(RemoteWay::Phone)), ..form() };
    let drafts = register(&form, None, Then::Accept, &actor("u1", &[Role::Engineer]), at(5)).unwrap();
    let mut story = Story::new();
    for draft in &drafts {
        story.event(draft.kind, "u1", 0, &draft.payload, None);
    }
    let order = story.order();
    assert_eq!((order.assignee.clone(), order.registered_by.clone()), (Some(user("u2")), Some(user("u1"))));
}

#[test]
fn planned_work_runs_no_clock_before_its_time() {
    let d = actor("d1", &[Role::Dispatcher]);
    let planned = Registered { scheduled_at: Some(at(600)), ..form() };
    for now in [600, 700] {
        let refused = register(&planned, None, Then::Nothing, &d, at(now)).unwrap_err();
        let late = Registered { late_reason: Some("补录".into()), ..planned.clone() };
        assert_eq!(refused.code, RefusalCode::BadInput { field: "reason" });
        let refused = register(&late, None, Then::Nothing, &d, at(now)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::BadInput { field: "scheduled_at" });
    }
    let drafts = register(&planned, None, Then::Nothing, &d, at(10)).unwrap();
    let mut story = Story::new();
    story.event(drafts[0].kind, "d1", 0, &drafts[0].payload, None);
    story.accept("order.accepted", "u1", 20, "{}");
    story.accept("order.arrived", "u1", 590, "{}");
    story.accept("order.restored", "u1", 640, "{}");
    let order = story.order();
    let marks: Vec<_> = order.marks.iter().map(|mark| (mark.kind, mark.at)).collect();
    use MarkKind as M;
    assert_eq!(
        marks,
        [(M::Reported, at(600)), (M::Accepted, at(600)), (M::Arrived, at(600)), (M::Restored, at(640))]
    );
    assert_eq!((order.reported_at, order.last_at), (at(0), at(640)), "the report stays when it was");
    assert_eq!((order.ahead(at(599)), order.ahead(at(600))), (Some(at(600)), None));
}

#[test]
fn a_record_wrongly_made_is_void_by_who_wrote_it() {
    let (mine, other) = (actor("u1", &[Role::Engineer]), actor("u2", &[Role::Engineer]));
    let drafts = register(&record(), None, Then::Close, &mine, at(30)).unwrap();
    let mut story = Story::new();
    for draft in &drafts {
        story.event(draft.kind, "u1", 0, &draft.payload, Some(Verdict::Accepted));
    }
    let input = StepInput::of(&[("reason", "录错对象")]);
    let code =
        |order: &Order, step, who: &Actor| decide(order, step, &input, who, at(40)).map_err(|r| r.code);
    assert_eq!(code(story.order(), Step::Void, &other).unwrap_err(), RefusalCode::NotAllowed);
    let drafts = code(story.order(), Step::Void, &mine).unwrap();
    assert_eq!(drafts[0].expect["status"], "closed");
    story.accept("order.voided", "u1", 40, &drafts[0].payload);
    assert!(story.order().voided);
    assert_eq!(story.order().status, Status::Closed);
    for step in [Step::Void, Step::Reopen] {
        assert_eq!(code(story.order(), step, &mine).unwrap_err(), RefusalCode::NotNow, "{step:?}");
    }
    let offered: Vec<_> = steps(story.order(), &mine).iter().map(|offer| offer.row.code).collect();
    assert_eq!(offered, ["note"]);
    // An incident is never void.
    let mut incident = Story::registered();
    incident.accept("order.restored", "d1", 5, "{}");
    incident.accept("order.confirmed", "d1", 6, "{}");
    incident.accept("order.closed", "d1", 7, "{}");
    let order = Order { registered_by: Some(user("u1")), ..incident.order().clone() };
    assert_eq!(code(&order, Step::Void, &mine).unwrap_err(), RefusalCode::NotNow);
}

#[test]
fn decisions_refuse_with_the_right_code() {
    let mut s = Story::registered();
    s.accept("order.dispatched", "d1", 1, r#"{"to":"u1"}"#);
    let (u1, u2, d1) =
        (actor("u1", &[Role::Engineer]), actor("u2", &[Role::Engineer]), actor("d1", &[Role::Dispatcher]));
    let none = StepInput::default();
    let code = |step, input: &StepInput, who: &Actor| {
        decide(s.order(), step, input, who, at(10)).map_err(|r| r.code).err()
    };
    assert_eq!(code(Step::Accept, &none, &u1), None);
    assert_eq!(code(Step::Accept, &none, &u2), Some(RefusalCode::NotAllowed));
    assert_eq!(code(Step::Accept, &StepInput::of(&[("on_behalf", "u1")]), &u2), None, "代记");
    assert_eq!(code(Step::Accept, &none, &d1), Some(RefusalCode::NotAllowed));
    assert_eq!(code(Step::Close, &none, &d1), Some(RefusalCode::NotNow));
    assert_eq!(code(Step::Note, &none, &u1), Some(RefusalCode::BadInput { field: "text" }));
    assert_eq!(
        code(Step::Note, &StepInput::of(&[("text", &"字".repeat(9_000))]), &u1),
        Some(RefusalCode::BadInput { field: "text" })
    );
    assert_eq!(
        code(Step::Suspend, &StepInput::of(&[("reason", "r"), ("party", "moon"), ("evidence", "e")]), &u1),
        Some(RefusalCode::BadInput { field: "party" })
    );
    let ahead = StepInput { claimed_at: Some(at(20)), ..none };
    assert_eq!(code(Step::Accept, &ahead, &u1), Some(RefusalCode::BadInput { field: "claimed_at" }));
    let outside = Actor { divisions: vec!["A总队".into()], ..u1 };
    assert_eq!(code(Step::Accept, &StepInput::default(), &outside), Some(RefusalCode::NotAllowed));
}

#[test]
fn every_offered_step_can_be_decided() {
    let fields = [
        ("text", "t"),
        ("reason", "r"),
        ("party", "buyer"),
        ("evidence", "e"),
        ("level", "1"),
        ("target", "arrival"),
        ("rule", "x"),
        ("why", "w"),
        ("contract_hash", "h2"),
        ("calendar_hash", "k2"),
        ("who", "甲"),
        ("way", "phone"),
        ("found", "f"),
        ("number", "IT-1"),
        ("into", "order/o2"),
        ("how", "taken"),
        ("event", "05050505-0505-0505-0505-050505050505"),
        ("to", "u7"),
        ("tier", "duty"),
        ("result", "answered"),
        ("maker", "甲厂"),
        ("symptom", "s"),
        ("steps", "1"),
    ];
    for status in Status::ALL {
        for role in Role::ALL {
            let mut order = Story::registered().order.unwrap();
            order.status = status;
            order.unreconciled = vec![id(5)];
            let offers = steps(&order, &actor("u1", &[role]));
            // Files come with a call of their own.
            for offer in offers.iter().filter(|offer| offer.row.step != Step::AddFiles) {
                let drafts =
                    decide(&order, offer.row.step, &StepInput::of(&fields), &actor("u1", &[role]), at(9));
                let drafts = drafts.unwrap_or_else(|r| panic!("{status:?} {} {}", offer.row.code, r.message));
                assert!(crate::order::payload::is_readable(drafts[0].kind, &drafts[0].payload));
                for (field, value) in &drafts[0].expect {
                    assert_eq!(order.field(field).as_ref(), Some(value));
                }
            }
        }
    }
}

const KINDS: [&str; 23] = [
    "order.dispatched",
    "order.accepted",
    "order.responded",
    "order.arrived",
    "order.workaround",
    "order.restored",
    "order.suspended",
    "order.resumed",
    "order.level_changed",
    "order.returned",
    "order.transferred",
    "order.reopened",
    "order.confirmed",
    "order.closed",
    "order.voided",
    "order.noted",
    "order.urged",
    "order.assist_asked",
    "order.assist_accepted",
    "order.assist_finished",
    "order.vendor_noted",
    "order.knowledge_noted",
    "order.future",
];

fn any_verdict() -> impl Strategy<Value = Option<Verdict>> {
    prop_oneof![
        4 => Just(Some(Verdict::Accepted)),
        1 => Just(Some(Verdict::Unreconciled)),
        1 => Just(Some(Verdict::Rejected)),
        1 => Just(Some(Verdict::Parked)),
        1 => Just(None),
    ]
}

proptest! {
    /// Whatever was accepted in whatever order, the marks stay a legal case for the clocks, the
    /// state survives storing, and folding again gives the same.
    #[test]
    fn any_history_folds_to_a_legal_state(
        history in prop::collection::vec((0..KINDS.len(), -50_i64..200, any_verdict(), 0..3_u8), 0..40)
    ) {
        let run = |through_storage: bool| {
            let mut s = Story::registered();
            for (kind, minute, verdict, who) in &history {
                let payload = format!(r#"{{"to":"u{who}","level":"{who}","reason":"r"}}"#);
                s.event(KINDS[*kind], &format!("u{who}"), *minute, &payload, *verdict);
                if through_storage {
                    let text = serde_json::to_string(s.order()).unwrap();
                    s.order = Some(serde_json::from_str(&text).unwrap());
                }
            }
            s.order.unwrap()
        };
        let order = run(false);
        prop_assert_eq!(&order, &run(true));
        prop_assert!(order.marks.is_sorted_by_key(|m| m.at));
        legal_marks(&order)?;
    }
}

/// The rules of INTERFACES `clock`, written down a second time.
fn legal_marks(order: &Order) -> Result<(), TestCaseError> {
    let (mut suspended, mut restored, mut closed) = (false, false, false);
    for (i, mark) in order.marks.iter().enumerate() {
        prop_assert_eq!(mark.kind == MarkKind::Reported, i == 0);
        if closed {
            prop_assert!(matches!(
                mark.kind,
                MarkKind::ReportSubmitted | MarkKind::RuleChosen | MarkKind::Reopened
            ));
        }
        match mark.kind {
            MarkKind::Suspended => {
                prop_assert!(!suspended);
                suspended = true;
            }
            MarkKind::Resumed => {
                prop_assert!(suspended);
                suspended = false;
            }
            MarkKind::Restored => {
                prop_assert!(!restored);
                restored = true;
            }
            MarkKind::Reopened => {
                prop_assert!(restored || closed);
                (restored, closed) = (false, false);
            }
            MarkKind::Closed => closed = true,
            _ => {}
        }
    }
    Ok(())
}

fn waits(order: &Order) -> Vec<(String, Wait)> {
    waiting(order).into_iter().map(|(user, wait)| (user.to_string(), wait)).collect()
}

#[test]
fn an_order_waits_for_whoever_is_asked_and_for_nobody_else() {
    let mut s = Story::registered();
    assert_eq!(waits(s.order()), []);
    s.accept("order.dispatched", "d1", 1, r#"{"to":"u1"}"#);
    assert_eq!(waits(s.order()), [("u1".into(), Wait::Assigned)]);
    s.accept("order.urged", "d1", 2, "{}");
    s.accept("order.supervised", "s1", 3, r#"{"text":"快"}"#);
    assert_eq!(s.order().urged.as_ref().unwrap().times, 2);
    assert_eq!(waits(s.order()), [("u1".into(), Wait::Assigned), ("u1".into(), Wait::Urged)]);
    s.accept("order.noted", "d1", 4, r#"{"text":"在看"}"#);
    assert!(s.order().urged.is_some(), "a word of another is no answer");
    s.accept("order.accepted", "u1", 5, "{}");
    assert_eq!(waits(s.order()), [], "accepting answers the urge");
    s.accept("order.urged", "d1", 6, "{}");
    s.accept("order.transferred", "d1", 7, r#"{"to":"u2","reason":"r"}"#);
    assert_eq!(
        waits(s.order()),
        [("u2".into(), Wait::Assigned), ("u2".into(), Wait::Urged)],
        "the urge goes on to whoever takes it over"
    );
    s.accept("order.returned", "u2", 8, r#"{"reason":"非本人职责"}"#);
    assert_eq!(waits(s.order()), [("d1".into(), Wait::Returned)], "it comes back to who dispatched it");
    s.accept("order.accepted", "u3", 9, "{}");
    s.accept("order.urged", "d1", 10, "{}");
    s.accept("order.restored", "u1", 11, "{}");
    assert_eq!(waits(s.order()), [], "restored: nothing to urge any more");
}

#[test]
fn colleagues_and_units_assist() {
    let mut s = Story::registered();
    s.accept("order.accepted", "u1", 1, "{}");
    let (u1, u2) = (actor("u1", &[Role::Engineer]), actor("u2", &[Role::Engineer]));
    let codes = |order: &Order, who: &Actor| -> Vec<&str> {
        steps(order, who).iter().map(|offer| offer.row.code).filter(|code| code.contains("assist")).collect()
    };
    assert_eq!(codes(s.order(), &u1), ["ask_assist"]);
    assert_eq!(codes(s.order(), &u2), [""; 0], "one who is not in charge asks nobody");
    let ask = |fields: &[(&str, &str)]| {
        decide(s.order(), Step::AskAssist, &StepInput::of(fields), &u1, at(2)).map_err(|r| r.code)
    };
    let to = Err(RefusalCode::BadInput { field: "to" });
    assert_eq!(ask(&[("text", "查交换机")]).map(|_| ()), to);
    assert_eq!(ask(&[("text", "查交换机"), ("to", "u1")]).map(|_| ()), to);
    assert!(ask(&[("text", "查交换机"), ("to", "u2")]).is_ok());

    let first = s.accept("order.assist_asked", "u1", 2, r#"{"to":"u2","text":"查交换机"}"#);
    let unit = s.accept("order.assist_asked", "u1", 3, r#"{"unit":"网络组","text":"查线路"}"#);
    assert_eq!(waits(s.order()), [("u2".into(), Wait::Assist)]);
    assert_eq!(codes(s.order(), &u2), ["accept_assist", "finish_assist"]);
    let answer = |order: &Order, step, who: &Actor, fields: &[(&str, &str)]| {
        decide(order, step, &StepInput::of(fields), who, at(9)).map(|drafts| drafts[0].payload.clone())
    };
    let accepted = answer(s.order(), Step::AcceptAssist, &u2, &[]).unwrap();
    assert!(accepted.contains(&first.to_string()), "his own is the only one it can be: {accepted}");
    assert!(
        answer(s.order(), Step::AcceptAssist, &u1, &[]).unwrap().contains(&unit.to_string()),
        "whoever is in charge answers for a unit, not for a colleague"
    );
    let two = answer(s.order(), Step::FinishAssist, &u1, &[("text", "好")]).unwrap_err();
    assert_eq!(two.code, RefusalCode::BadInput { field: "assist" });

    s.accept("order.assist_finished", "u2", 4, &format!(r#"{{"assist":"{first}","text":"已查"}}"#));
    s.accept("order.assist_accepted", "u2", 5, &format!(r#"{{"assist":"{first}"}}"#));
    assert_eq!(s.order().assists[0].state, AssistState::Finished, "an end stays an end");
    assert_eq!(s.order().assignee, Some(user("u1")), "who is in charge stays so");
    assert_eq!(codes(s.order(), &u2), [""; 0]);
    let gone = answer(s.order(), Step::AcceptAssist, &u2, &[]).unwrap_err();
    assert_eq!(gone.code, RefusalCode::NotAllowed);

    let again = s.accept("order.assist_asked", "u1", 6, r#"{"to":"u2","text":"再查"}"#);
    let recorded =
        answer(s.order(), Step::AcceptAssist, &actor("u3", &[Role::Engineer]), &[("on_behalf", "u2")]);
    assert!(recorded.unwrap().contains(&again.to_string()), "what has ended is not answered again");
}

#[test]
fn of_many_cooperations_those_that_ended_make_room() {
    let mut s = Story::registered();
    s.accept("order.accepted", "u1", 1, "{}");
    let u1 = actor("u1", &[Role::Engineer]);
    let ask = |order: &Order| {
        let input = StepInput::of(&[("unit", "网络组"), ("text", "查线路")]);
        decide(order, Step::AskAssist, &input, &u1, at(90)).map(|_| ()).map_err(|refusal| refusal.code)
    };
    let asked: Vec<EventId> = (0..Order::LISTED_MAX)
        .map(|_| {
            assert_eq!(ask(s.order()), Ok(()));
            s.accept("order.assist_asked", "u1", 2, r#"{"unit":"网络组"}"#)
        })
        .collect();
    assert_eq!(ask(s.order()), Err(RefusalCode::NotNow), "one more would be lost");
    s.accept("order.assist_finished", "u1", 3, &format!(r#"{{"assist":"{}"}}"#, asked[1]));
    assert_eq!(ask(s.order()), Ok(()));
    let last = s.accept("order.assist_asked", "u1", 4, r#"{"unit":"网络组"}"#);
    let listed: Vec<EventId> = s.order().assists.iter().map(|assist| assist.id).collect();
    assert_eq!(listed.len(), Order::LISTED_MAX);
    assert!(listed.contains(&asked[0]) && !listed.contains(&asked[1]) && listed.last() == Some(&last));
}

#[test]
fn a_restoration_tells_cause_party_and_extent() {
    let mut s = Story::registered();
    s.accept("order.accepted", "u1", 1, "{}");
    let u1 = actor("u1", &[Role::Engineer]);
    let asked = |order: &Order| {
        let row = crate::order::table::row(Step::Restore).unwrap();
        row.asked(order).any(|field| field.key == "security_class")
    };
    assert!(!asked(s.order()));
    let flagged = Order {
        facts: crate::order::payload::Facts { security_event: Some(true), ..Default::default() },
        ..s.order().clone()
    };
    assert!(asked(&flagged), "a security event is classed");
    let restore_on = |order: &Order, fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().copied().chain([("text", "换电源")]).collect();
        decide(order, Step::Restore, &StepInput::of(&fields), &u1, at(90))
    };
    let restore = |fields: &[(&str, &str)]| restore_on(s.order(), fields);
    let payload_of = |drafts: Vec<crate::order::Draft>| serde_json::from_str::<Restored>(&drafts[0].payload);
    let whole = restore(&[
        ("cause_class", "hardware"),
        ("party", "third_party"),
        ("affected_units", "指挥中心"),
        ("affected_users", "120"),
        ("affected_from", &at(0).to_string()),
        ("affected_to", &at(30).to_string()),
        ("evidence", "厂商单号 7"),
    ]);
    let expected = Restored {
        text: "换电源".into(),
        party: Some("third_party".into()),
        cause_class: Some("hardware".into()),
        affected_units: "指挥中心".into(),
        affected_users: Some(120),
        affected_from: Some(at(0)),
        affected_to: Some(at(30)),
        evidence: "厂商单号 7".into(),
        ..Restored::default()
    };
    assert_eq!(payload_of(whole.unwrap()).unwrap(), expected);
    let classed = restore_on(&flagged, &[("security_class", "malware")]).unwrap();
    assert_eq!(payload_of(classed).unwrap().security_class.as_deref(), Some("malware"));
    for (fields, field) in [
        (&[("affected_users", "很多")][..], "affected_users"),
        (&[("affected_from", "昨天")], "affected_from"),
        (
            &[("affected_from", "2025-10-09T09:30:00Z"), ("affected_to", "2025-10-09T09:00:00Z")],
            "affected_to",
        ),
        (&[("affected_to", "2030-01-01T00:00:00Z")], "affected_to"),
        (&[("cause_class", "moon")], "cause_class"),
        (&[("security_class", "moon")], "security_class"),
    ] {
        assert_eq!(restore(fields).unwrap_err().code, RefusalCode::BadInput { field }, "{fields:?}");
    }
}

#[test]
fn names_of_visitors_travel_sealed() {
    let s = Story::registered();
    let input = StepInput::of(&[
        ("maker", "甲厂"),
        ("case_no", "C-7"),
        ("promised_at", "2030-01-01T00:00:00Z"),
        ("people", "2"),
        ("names", "赵某、钱某"),
        ("escort", "u7"),
        ("permit_no", "RC-1"),
    ]);
    let drafts = decide(s.order(), Step::NoteVendor, &input, &actor("u1", &[Role::Engineer]), at(9)).unwrap();
    let open = r#"{"maker":"甲厂","case_no":"C-7","promised_at":"2030-01-01T00:00:00Z","people":2,"escort":"u7","permit_no":"RC-1"}"#;
    assert_eq!(drafts[0].payload, open, "all but the names");
    let sealed = &drafts[0].sealed[0];
    assert_eq!((sealed.name, sealed.json.as_str()), ("visitors", r#"{"names":"赵某、钱某"}"#));
    let ahead = StepInput::of(&[("maker", "甲厂"), ("arrived_at", "2030-01-01T00:00:00Z")]);
    let refused = decide(s.order(), Step::NoteVendor, &ahead, &actor("u1", &[Role::Engineer]), at(9));
    assert_eq!(refused.unwrap_err().code, RefusalCode::BadInput { field: "arrived_at" });
}

#[test]
fn knowledge_is_kept_from_notes_and_from_closing() {
    let mut s = Story::registered();
    s.accept("order.knowledge_noted", "u1", 1, r#"{"symptom":"卡纸","steps":"清辊"}"#);
    s.accept("order.closed", "d1", 2, r#"{"text":"完"}"#);
    assert_eq!(s.order().knowledge.len(), 1, "closing without a lesson adds none");
    s.accept("order.closed", "d1", 3, r#"{"symptom":"卡纸","cause":"受潮","steps":"换纸"}"#);
    assert_eq!(s.order().knowledge[1].cause, "受潮");
    for minute in 4..40 {
        let payload = format!(r#"{{"symptom":"{minute}","steps":"x"}}"#);
        s.accept("order.knowledge_noted", "u1", minute, &payload);
    }
    assert_eq!(s.order().knowledge.len(), Order::LISTED_MAX);
    assert_eq!(s.order().knowledge.last().unwrap().symptom, "39", "the newest stay");
}

fn taken(order: &Order, step: Step, by: &Actor, fields: &[(&str, &str)], n: u8) -> Order {
    let drafts = decide(order, step, &StepInput::of(fields), by, at(i64::from(n))).unwrap();
    let entity = EntityId::new("order/x").unwrap();
    let by = by.user().unwrap();
    let event = Recorded {
        id: id(n),
        kind: drafts[0].kind,
        tv: 1,
        user: Some(by),
        entity: &entity,
        seq: Some(u64::from(n)),
        effective_at: at(i64::from(n)),
        claimed_at: drafts[0].claimed_at,
        trust: None,
        verdict: Some(Verdict::Accepted),
        deps: &[],
        payload: &drafts[0].payload,
    };
    fold(Some(order.clone()), &event).unwrap()
}

#[test]
fn a_later_entry_in_the_platform_corrects_the_earlier() {
    let engineer = actor("u1", &[Role::Engineer]);
    let order =
        Order {
            contract: "c".into(), division: "E总队".into(), status: Status::Closed, ..Order::default()
        };
    assert!(order.entered.is_none());
    let first = taken(&order, Step::Enter, &engineer, &[("number", " IT-1 ")], 1);
    assert_eq!(first.external_no.as_deref(), Some("IT-1"));
    let second = taken(&first, Step::Enter, &actor("d1", &[Role::Dispatcher]), &[("number", "IT-2")], 2);
    assert_eq!(second.external_no.as_deref(), Some("IT-2"));
    let entry = second.entered.unwrap();
    assert_eq!((entry.by, entry.at), (Some(user("d1")), at(2)));
    assert_eq!(second.status, Status::Closed, "an entry moves nothing else");
    for bad in ["", "a b", &"9".repeat(65)] {
        let refused = decide(&order, Step::Enter, &StepInput::of(&[("number", bad)]), &engineer, at(3));
        assert_eq!(refused.unwrap_err().code, RefusalCode::BadInput { field: "number" }, "{bad}");
    }
}

#[test]
fn what_is_done_counts_and_is_not_entered_is_to_be_entered() {
    let entry = crate::order::Entry { by: None, at: at(1) };
    for status in Status::ALL {
        let done = matches!(status, Status::Restored | Status::Confirmed | Status::Closed);
        let order = Order { status, ..Order::default() };
        assert_eq!(order.is_to_enter(), done, "{status:?}");
        assert!(!Order { voided: true, ..order.clone() }.is_to_enter(), "{status:?}, void");
        assert!(!Order { entered: Some(entry.clone()), ..order }.is_to_enter(), "{status:?}, entered");
    }
}

#[test]
fn what_the_platform_dispatched_stands_there_already() {
    let registered = |channel: &str, external_no: Option<&str>| {
        let form =
            Registered { channel: channel.into(), external_no: external_no.map(str::to_owned), ..form() };
        let entity = EntityId::new("order/x").unwrap();
        let event = Recorded {
            id: id(1),
            kind: "order.registered",
            tv: 1,
            user: Some(&user("u1")),
            entity: &entity,
            seq: Some(1),
            effective_at: at(5),
            claimed_at: at(5),
            trust: None,
            verdict: Some(Verdict::Accepted),
            deps: &[],
            payload: &serde_json::to_string(&form).unwrap(),
        };
        fold(None, &event).unwrap().entered.is_some()
    };
    assert!(registered("platform", Some("IT-1")));
    assert!(!registered("platform", None));
    assert!(!registered("phone", Some("IT-1")));
}

#[test]
fn only_the_buyer_confirms_by_his_own_account() {
    let order = Order {
        contract: "c".into(),
        division: "E总队".into(),
        status: Status::Restored,
        ..Order::default()
    };
    // role, way, satisfaction, field at fault
    let table = [
        (Role::Engineer, "paper", "satisfied", None),
        (Role::Engineer, "account", "satisfied", Some("way")),
        (Role::BuyerContact, "account", "dissatisfied", None),
        (Role::BuyerContact, "account", "", None),
        (Role::Dispatcher, "phone", "delighted", Some("satisfaction")),
    ];
    for (role, way, satisfaction, expected) in table {
        let input = StepInput::of(&[("who", "科长"), ("way", way), ("satisfaction", satisfaction)]);
        let decided = decide(&order, Step::Confirm, &input, &actor("u1", &[role]), at(1));
        let field = decided.err().map(|refusal| refusal.code);
        assert_eq!(field, expected.map(|field| RefusalCode::BadInput { field }), "{role:?} {way}");
    }
}

#[test]
fn it_waits_for_the_buyer_since_the_last_restoration() {
    let engineer = actor("u1", &[Role::Engineer]);
    let order = Order {
        contract: "c".into(),
        division: "E总队".into(),
        status: Status::Accepted,
        ..Order::default()
    };
    assert_eq!(order.waits_for_buyer_since(), None);
    let once = taken(&order, Step::Restore, &engineer, &[("text", "好")], 1);
    assert_eq!(once.waits_for_buyer_since(), Some(at(1)));
    let again = taken(&once, Step::Reopen, &engineer, &[("reason", "又坏")], 2);
    assert_eq!(again.waits_for_buyer_since(), None);
    let twice = taken(&again, Step::Restore, &engineer, &[("text", "好")], 3);
    let noted = taken(&twice, Step::Note, &engineer, &[("text", "等")], 4);
    assert_eq!(noted.waits_for_buyer_since(), Some(at(3)), "a note does not make it younger");
    let checked = taken(
        &noted,
        Step::SpotCheck,
        &actor("v1", &[Role::Overseer]),
        &[("who", "监理"), ("found", "属实")],
        5,
    );
    assert_eq!(checked.status, Status::Restored);
    let done = taken(&checked, Step::Confirm, &engineer, &[("who", "科长"), ("way", "paper")], 6);
    assert_eq!(done.waits_for_buyer_since(), None);
}

#[test]
fn files_are_added_in_any_state_with_the_tick_and_their_keys_sealed() {
    use crate::file::{FILES_MAX, FileKind, FileType};
    use crate::order::payload::{FILE_KEYS, FileKeys, Filed};
    use crate::order::{NewFile, add_files};
    let file = NewFile {
        hash: "ab".repeat(32),
        key: "cd".repeat(32),
        bytes: 9,
        file_type: FileType::Png,
        name: "机房.png".into(),
        kind: FileKind::Photo,
    };
    let mut order = Story::registered().order.unwrap();
    let input = StepInput::of(&[("text", " 机柜 ")]);
    let add = |order: &Order, files: &[NewFile], ticked, role| {
        add_files(order, files, ticked, &input, &actor("u1", &[role]), at(9))
    };
    for status in Status::ALL {
        order.status = status;
        let drafts = add(&order, std::slice::from_ref(&file), true, Role::Engineer).unwrap();
        let filed: Filed = serde_json::from_str(&drafts[0].payload).unwrap();
        assert!(filed.is_sound() && filed.text == "机柜");
        assert!(!drafts[0].payload.contains(&file.key), "the key is in the sealed part only");
        assert_eq!(drafts[0].sealed[0].name, FILE_KEYS);
        let keys: FileKeys = serde_json::from_str(&drafts[0].sealed[0].json).unwrap();
        assert_eq!(keys.keys.get(&file.hash), Some(&file.key));
    }
    let code = |result: Result<Vec<crate::order::Draft>, crate::order::Refusal>| result.unwrap_err().code;
    let one = std::slice::from_ref(&file);
    assert_eq!(code(add(&order, one, false, Role::Engineer)), RefusalCode::BadInput { field: "redacted" });
    assert_eq!(code(add(&order, &[], true, Role::Engineer)), RefusalCode::BadInput { field: "files" });
    let many = vec![file.clone(); FILES_MAX + 1];
    assert_eq!(code(add(&order, &many, true, Role::Engineer)), RefusalCode::BadInput { field: "files" });
    let path = NewFile { name: "a/b.png".into(), ..file.clone() };
    assert_eq!(code(add(&order, &[path], true, Role::Engineer)), RefusalCode::BadInput { field: "files" });
    assert_eq!(code(add(&order, one, true, Role::Administrator)), RefusalCode::NotAllowed);
}
