//! The legal table against its printed form, and properties of the fold.

use crate::event::{EntityId, EventId, Recorded, UserId, Verdict};
use crate::order::payload::Registered;
use crate::order::table::{Pause, STEPS, allows};
use crate::order::{
    MarkKind, Order, OrderKind, RefusalCode, Status, Step, StepInput, Then, decide, fold, register, steps,
};
use crate::people::{Actor, DeviceState, Role, UserState};
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

/// One letter per kind of person: f = engineer while nobody is in charge, a = engineer in charge,
/// o = engineer while another is in charge, then dispatcher, supervisor, buyer, oVerseer,
/// store Keeper, administrator (x).
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
        ("into", "order/o2"),
        ("how", "taken"),
        ("event", "05050505-0505-0505-0505-050505050505"),
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

const KINDS: [&str; 16] = [
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
    "order.noted",
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
