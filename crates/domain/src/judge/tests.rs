//! Scenarios of judging: who wins, what cascades, what waits.

use super::*;
use crate::event::Recorded;
use crate::order::tests::{actor, at, form, id, source, user};
use crate::order::{Alarms, Step, StepInput, Then, decide, register};
use crate::people::{PublishedVersion, Role};
use Verdict::{Accepted, Parked, Rejected, Unreconciled};

/// A centre with one order and no store: judges and folds in arrival order.
struct Centre {
    state: Option<EntityState>,
    verdicts: BTreeMap<EventId, Verdict>,
    seq: u64,
}

struct Sent<'a> {
    kind: &'a str,
    payload: &'a str,
    expect: &'a [(&'a str, &'a str)],
    deps: &'a [EventId],
}

const ACCEPT: Sent<'_> = Sent {
    kind: "order.accepted",
    payload: "{}",
    expect: &[("status", "dispatched"), ("assignee", "")],
    deps: &[],
};
const ARRIVE: Sent<'_> = Sent { kind: "order.arrived", payload: "{}", expect: &[], deps: &[] };

impl Centre {
    fn empty() -> Self {
        Self { state: None, verdicts: BTreeMap::new(), seq: 0 }
    }

    fn pooled() -> Self {
        let mut centre = Self::empty();
        let dispatcher = actor("d1", &[Role::Dispatcher]);
        let form = serde_json::to_string(&form()).unwrap();
        let register = Sent { kind: "order.registered", payload: &form, expect: &[], deps: &[] };
        let pool = Sent { kind: "order.dispatched", payload: r#"{"pool":true}"#, expect: &[], deps: &[] };
        assert_eq!(centre.take(1, &dispatcher, &register).verdict, Accepted);
        assert_eq!(centre.take(2, &dispatcher, &pool).verdict, Accepted);
        centre
    }

    fn take(&mut self, n: u8, who: &Actor, sent: &Sent<'_>) -> Judgement {
        self.take_at(n, who, sent, "c/c/d/E总队", true, 1)
    }

    fn take_at(
        &mut self,
        n: u8,
        who: &Actor,
        sent: &Sent<'_>,
        log: &str,
        signed: bool,
        tv: u16,
    ) -> Judgement {
        let entity = EntityId::new("order/o1").unwrap();
        let log = LogName::new(log).unwrap();
        let expect = sent.expect.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let incoming = Incoming {
            id: id(n),
            kind: sent.kind,
            tv,
            log: &log,
            entity: &entity,
            expect: &expect,
            payload: sent.payload,
            consent_signed: signed,
        };
        let deps: Vec<_> =
            sent.deps.iter().map(|d| DepVerdict { id: *d, verdict: self.verdicts.get(d).copied() }).collect();
        let judgement = judge(self.state.as_ref(), &incoming, who, &deps);
        self.verdicts.insert(id(n), judgement.verdict);
        self.seq += 1;
        let recorded = Recorded {
            id: id(n),
            kind: sent.kind,
            tv,
            user: who.user(),
            entity: &entity,
            seq: Some(self.seq),
            effective_at: at(i64::from(n)),
            claimed_at: at(i64::from(n)),
            trust: None,
            verdict: Some(judgement.verdict),
            deps: sent.deps,
            payload: sent.payload,
        };
        self.state = fold_entity(self.state.take(), &recorded);
        judgement
    }

    fn order(&self) -> &Order {
        self.state.as_ref().and_then(EntityState::order).unwrap()
    }
}

fn engineer(id: &str) -> Actor {
    actor(id, &[Role::Engineer])
}

fn is(judgement: Judgement, verdict: Verdict, reason: Reason) {
    assert_eq!((judgement.verdict, judgement.reason), (verdict, Some(reason)));
}

#[test]
fn of_two_accepts_the_first_wins_and_is_named() {
    let mut centre = Centre::pooled();
    assert_eq!(centre.take(10, &engineer("u1"), &ACCEPT), Judgement::ACCEPTED);
    let second = centre.take(11, &engineer("u2"), &ACCEPT);
    assert_eq!(second, Judgement::rejected(Reason::StateChanged, Some(id(10))));
    assert_eq!(centre.order().assignee, Some(user("u1")));
}

#[test]
fn a_claim_loses_to_a_dispatch_elsewhere() {
    let mut centre = Centre::pooled();
    let to_u2 = Sent {
        kind: "order.dispatched",
        payload: r#"{"to":"u2"}"#,
        expect: &[("status", "dispatched"), ("assignee", "")],
        deps: &[],
    };
    centre.take(10, &actor("d1", &[Role::Dispatcher]), &to_u2);
    let lost = centre.take(11, &engineer("u1"), &ACCEPT);
    assert_eq!(lost, Judgement::rejected(Reason::StateChanged, Some(id(10))));
    // Without an expectation the table itself still says no.
    let blind = Sent { expect: &[], ..ACCEPT };
    assert_eq!(
        centre.take(12, &engineer("u1"), &blind),
        Judgement::rejected(Reason::NotAssignee, Some(id(10)))
    );
}

#[test]
fn rejection_cascades_to_claims_and_never_to_facts() {
    let mut centre = Centre::pooled();
    centre.take(10, &engineer("u1"), &ACCEPT);
    centre.take(11, &engineer("u2"), &ACCEPT);
    let on_it = [id(11)];
    let arrived = centre.take(12, &engineer("u2"), &Sent { deps: &on_it, ..ARRIVE });
    is(arrived, Unreconciled, Reason::DependencyRejected);
    let suspend = Sent {
        kind: "order.suspended",
        payload: r#"{"reason":"r"}"#,
        expect: &[("suspended", "false")],
        deps: &on_it,
    };
    let suspended = centre.take(13, &engineer("u2"), &suspend);
    assert_eq!(suspended, Judgement::rejected(Reason::DependencyRejected, Some(id(11))));
    assert_eq!(centre.order().status, crate::order::Status::Accepted);
    assert_eq!(centre.order().unreconciled, [id(12)]);
}

#[test]
fn late_and_foreign_arrivals_are_kept_unreconciled() {
    let mut centre = Centre::pooled();
    centre.take(10, &engineer("u1"), &ACCEPT);
    is(centre.take(11, &engineer("u2"), &ARRIVE), Unreconciled, Reason::NotAssignee);
    let restored = Sent { kind: "order.restored", ..ARRIVE };
    assert_eq!(centre.take(12, &engineer("u1"), &restored), Judgement::ACCEPTED);
    is(centre.take(13, &engineer("u1"), &ARRIVE), Unreconciled, Reason::NotLegalNow);
    is(centre.take(14, &engineer("u1"), &restored), Unreconciled, Reason::NotLegalNow);
}

#[test]
fn arrival_without_acceptance_takes_charge() {
    let mut centre = Centre::pooled();
    assert_eq!(centre.take(10, &engineer("u1"), &ARRIVE), Judgement::ACCEPTED);
    assert_eq!(centre.order().assignee, Some(user("u1")));
    assert_eq!(
        centre.take(11, &engineer("u2"), &ACCEPT),
        Judgement::rejected(Reason::StateChanged, Some(id(10)))
    );
}

#[test]
fn a_colleague_may_record_for_the_one_in_charge() {
    let mut centre = Centre::pooled();
    centre.take(10, &engineer("u1"), &ACCEPT);
    let for_u1 = Sent { payload: r#"{"on_behalf":"u1"}"#, ..ARRIVE };
    assert_eq!(centre.take(11, &engineer("u2"), &for_u1), Judgement::ACCEPTED);
}

#[test]
fn a_claim_relying_on_a_level_loses_to_a_change_of_it() {
    let mut centre = Centre::pooled();
    let dispatcher = actor("d1", &[Role::Dispatcher]);
    let to = |level: &'static str| Sent {
        kind: "order.level_changed",
        payload: level,
        expect: &[("level", "3")],
        deps: &[],
    };
    assert_eq!(centre.take(10, &dispatcher, &to(r#"{"level":"2"}"#)), Judgement::ACCEPTED);
    assert_eq!(
        centre.take(11, &dispatcher, &to(r#"{"level":"1"}"#)),
        Judgement::rejected(Reason::StateChanged, Some(id(10)))
    );
}

#[test]
fn what_can_be_put_right_waits() {
    let mut centre = Centre::pooled();
    let ok = engineer("u1");
    is(
        centre.take(10, &Actor { device_active: false, ..ok.clone() }, &ACCEPT),
        Parked,
        Reason::DeviceRevoked,
    );
    is(centre.take(11, &Actor { enabled: false, ..ok.clone() }, &ACCEPT), Parked, Reason::UserDisabled);
    is(centre.take(12, &Actor { session_open: false, ..ok.clone() }, &ACCEPT), Parked, Reason::NoSession);
    is(
        centre.take(13, &Actor { divisions: vec!["A总队".into()], ..ok.clone() }, &ACCEPT),
        Parked,
        Reason::NoRight,
    );
    is(centre.take(14, &ok, &Sent { kind: "order.teleported", ..ARRIVE }), Parked, Reason::UnknownType);
    is(centre.take_at(15, &ok, &ARRIVE, "c/c/d/E总队", true, 2), Parked, Reason::UnknownType);
    is(centre.take(16, &ok, &Sent { expect: &[("mood", "good")], ..ACCEPT }), Parked, Reason::UnknownType);
    let (missing, parked) = ([id(99)], [id(10)]);
    is(centre.take(17, &ok, &Sent { deps: &missing, ..ARRIVE }), Parked, Reason::DependencyMissing);
    is(centre.take(18, &ok, &Sent { deps: &parked, ..ARRIVE }), Parked, Reason::DependencyParked);
    assert_eq!(centre.order().status, crate::order::Status::Dispatched, "nothing parked moves anything");
    is(Centre::empty().take(19, &ok, &ARRIVE), Parked, Reason::NoEntity);
}

#[test]
fn malformed_and_misplaced_events_are_rejected() {
    let mut centre = Centre::pooled();
    let ok = engineer("u1");
    for payload in ["", "[", r#"{"on_behalf":7}"#, r#"{"on_behalf":"a/b"}"#] {
        is(centre.take(10, &ok, &Sent { payload, ..ARRIVE }), Rejected, Reason::Malformed);
    }
    is(centre.take_at(11, &ok, &ARRIVE, "c/c/d/A总队", true, 1), Rejected, Reason::Malformed);
    let form = serde_json::to_string(&form()).unwrap();
    let register = Sent { kind: "order.registered", payload: &form, expect: &[], deps: &[] };
    is(centre.take(12, &ok, &register), Unreconciled, Reason::AlreadyExists);
    is(Centre::empty().take_at(13, &ok, &register, "c/c/d/A总队", true, 1), Rejected, Reason::Malformed);
}

#[test]
fn consent_needs_the_users_own_signature() {
    let mut centre = Centre::pooled();
    let ok = engineer("u1");
    centre.take(10, &ok, &Sent { kind: "order.restored", ..ARRIVE });
    let confirm = Sent {
        kind: "order.confirmed",
        payload: r#"{"who":"甲"}"#,
        expect: &[("status", "restored")],
        deps: &[],
    };
    is(centre.take_at(11, &ok, &confirm, "c/c/d/E总队", false, 1), Rejected, Reason::NoConsent);
    assert_eq!(centre.take(12, &ok, &confirm), Judgement::ACCEPTED);
}

#[test]
fn site_entities_are_created_once_and_by_those_who_may() {
    let log = LogName::site();
    let judged = |state: Option<&EntityState>, kind: &str, entity: &str, payload: &str, who: &Actor| {
        let entity = EntityId::new(entity).unwrap();
        let expect = BTreeMap::new();
        let incoming = Incoming {
            id: id(1),
            kind,
            tv: 1,
            log: &log,
            entity: &entity,
            expect: &expect,
            payload,
            consent_signed: true,
        };
        let j = judge(state, &incoming, who, &[]);
        (j.verdict, j.reason)
    };
    let centre = Actor::centre();
    let there = EntityState::User(crate::people::UserState::default());
    let session =
        r#"{"user":"u1","device":"d","from":"2025-10-01T00:00:00Z","until":"2025-10-01T12:00:00Z"}"#;
    let u1 = Actor { session_open: false, ..engineer("u1") };
    assert_eq!(judged(None, "user.added", "user/u1", "{}", &centre), (Accepted, None));
    assert_eq!(
        judged(Some(&there), "user.added", "user/u1", "{}", &centre),
        (Rejected, Some(Reason::AlreadyExists))
    );
    assert_eq!(judged(None, "user.changed", "user/u1", "{}", &centre), (Parked, Some(Reason::NoEntity)));
    assert_eq!(judged(None, "user.added", "device/u1", "{}", &centre), (Rejected, Some(Reason::Malformed)));
    assert_eq!(judged(None, "user.added", "user/u2", "{}", &engineer("u1")), (Parked, Some(Reason::NoRight)));
    assert_eq!(
        judged(None, "session.opened", "session/s", session, &u1),
        (Accepted, None),
        "needs no session itself"
    );
    assert_eq!(
        judged(None, "session.opened", "session/s", session, &engineer("u2")),
        (Parked, Some(Reason::NoRight))
    );
    assert_eq!(judged(None, "session.opened", "session/s", "{}", &u1), (Rejected, Some(Reason::Malformed)));
}

/// Where a person is: his own word, or the desk's. That something left the program: whoever may export.
#[test]
fn whereabouts_and_exports_are_told_by_those_who_may() {
    let judged = |log: &LogName, kind: &str, entity: &str, payload: &str, who: &Actor| {
        let (entity, expect) = (EntityId::new(entity).unwrap(), BTreeMap::new());
        let incoming = Incoming {
            id: id(1),
            kind,
            tv: 1,
            log,
            entity: &entity,
            expect: &expect,
            payload,
            consent_signed: false,
        };
        let j = judge(None, &incoming, who, &[]);
        (j.verdict, j.reason)
    };
    let (common, site) = (LogName::common("c").unwrap(), LogName::site());
    let (desk, overseer) = (actor("d1", &[Role::Dispatcher]), actor("v1", &[Role::Overseer]));
    let out = r#"{"where":"out"}"#;
    let export = r#"{"export":"orders","what":"我的","rows":1,"format":"csv","hash":"ab"}"#;
    let (accepted, no_right) = ((Accepted, None), (Parked, Some(Reason::NoRight)));
    let malformed = (Rejected, Some(Reason::Malformed));
    for (log, kind, entity, payload, who, expected) in [
        (&common, "whereabouts.told", "whereabouts/u1", out, &engineer("u1"), accepted),
        (&common, "whereabouts.told", "whereabouts/u1", out, &engineer("u2"), no_right),
        (&common, "whereabouts.told", "whereabouts/u1", out, &desk, accepted),
        (&common, "whereabouts.told", "whereabouts/u1", out, &overseer, no_right),
        (&common, "whereabouts.told", "user/u1", out, &engineer("u1"), malformed),
        (&common, "whereabouts.told", "whereabouts/u1", r#"{"where":"moon"}"#, &engineer("u1"), malformed),
        (&site, "export.made", "export/1", export, &engineer("u1"), accepted),
        (&site, "export.made", "export/1", "{}", &engineer("u1"), malformed),
        (&site, "export.made", "export/1", export, &overseer, no_right),
    ] {
        assert_eq!(
            judged(log, kind, entity, payload, who),
            expected,
            "{kind} {entity} {payload} {:?}",
            who.doer
        );
    }
}

/// A version is bound by its hash: one that names another hash than its texts give is nobody's version.
#[test]
fn a_publication_under_another_hash_than_its_texts_give_is_rejected() {
    let log = LogName::site();
    let entity = EntityId::new("contract/c1").unwrap();
    let hash = PublishedVersion::text_hash("facts", Some("reading"), None);
    let verdict_of = |payload: &str| {
        let incoming = Incoming {
            id: id(1),
            kind: "contract.published",
            tv: 1,
            log: &log,
            entity: &entity,
            expect: &std::collections::BTreeMap::new(),
            payload,
            consent_signed: false,
        };
        judge(None, &incoming, &Actor::centre(), &[]).verdict
    };
    let payload = |reading: &str| {
        format!(r#"{{"hash":"{hash}","content":"facts","reading":{reading},"settings":null}}"#)
    };
    assert_eq!(verdict_of(&payload(r#""reading""#)), Verdict::Accepted);
    assert_eq!(verdict_of(&payload(r#""another""#)), Verdict::Rejected);
    assert_eq!(verdict_of(&payload("null")), Verdict::Rejected);
}

/// What an erasure or a release is about must be readable: it is carried out wherever it arrives.
#[test]
fn an_erasure_or_release_that_names_no_event_is_rejected() {
    let (log, entity) = (LogName::site(), EntityId::new("order/o1").unwrap());
    for kind in ["record.erased", "record.released"] {
        for (payload, verdict) in [
            (r#"{"event":"01010101-0101-0101-0101-010101010101","why":"w"}"#, Verdict::Accepted),
            (r#"{"event":"first"}"#, Verdict::Rejected),
            ("{}", Verdict::Rejected),
        ] {
            let incoming = Incoming {
                id: id(1),
                kind,
                tv: 1,
                log: &log,
                entity: &entity,
                expect: &BTreeMap::new(),
                payload,
                consent_signed: false,
            };
            assert_eq!(judge(None, &incoming, &Actor::centre(), &[]).verdict, verdict, "{kind} {payload}");
        }
    }
}

/// What another program asks for goes the way of all decisions, and says whose it is.
#[test]
fn a_source_registers_alarms_and_comments_under_its_name() {
    let mut centre = Centre::empty();
    let monitor = source();
    let form = Registered { alarm_key: Some("host-1".into()), ..form() };
    let sent = |draft: &crate::order::Draft| draft.payload.clone();
    for (n, draft) in (1..).zip(register(&form, None, Then::Pool, &monitor, at(1)).unwrap()) {
        let expect: Vec<_> = draft.expect.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let event = Sent { kind: draft.kind, payload: &sent(&draft), expect: &expect, deps: &[] };
        assert_eq!(centre.take(n, &monitor, &event), Judgement::ACCEPTED);
    }
    assert_eq!(centre.order().source.as_ref(), monitor.source());
    assert_eq!((centre.order().pool, centre.order().registered_by.as_ref()), (true, None));
    let text = StepInput::of(&[("text", "CPU 98%")]);
    let again = decide(centre.order(), Step::Alarm, &text, &monitor, at(3)).unwrap();
    let note = decide(centre.order(), Step::Note, &text, &monitor, at(4)).unwrap();
    for (n, draft) in (3..).zip([&again[0], &note[0]]) {
        let event = Sent { kind: draft.kind, payload: &draft.payload, expect: &[], deps: &[] };
        assert_eq!(centre.take(n, &monitor, &event), Judgement::ACCEPTED);
    }
    assert_eq!(centre.order().alarms, Some(Alarms { count: 2, last_at: at(3) }));
    let nameless = Sent { kind: "order.noted", payload: r#"{"text":"x"}"#, expect: &[], deps: &[] };
    is(centre.take(5, &monitor, &nameless), Rejected, Reason::Malformed);
    let other = r#"{"text":"x","source":{"id":"s2","name":"监控平台"}}"#;
    let other = Sent { kind: "order.noted", payload: other, expect: &[], deps: &[] };
    is(centre.take(6, &monitor, &other), Rejected, Reason::Malformed);
    assert!(decide(centre.order(), Step::Restore, &text, &monitor, at(5)).is_err(), "work is for people");
    is(centre.take(7, &monitor, &ARRIVE), Parked, Reason::NoRight);
    assert!(decide(centre.order(), Step::Alarm, &text, &engineer("u1"), at(5)).is_err(), "nor the reverse");
}

/// A person may write what he likes into a payload: only what has no user is a program's.
#[test]
fn a_person_who_names_a_source_is_still_the_person() {
    let mut centre = Centre::empty();
    let form = Registered { source: source().source().cloned(), ..form() };
    let form = serde_json::to_string(&form).unwrap();
    let register = Sent { kind: "order.registered", payload: &form, expect: &[], deps: &[] };
    assert_eq!(centre.take(1, &actor("d1", &[Role::Dispatcher]), &register), Judgement::ACCEPTED);
    assert_eq!(
        (centre.order().source.as_ref(), centre.order().registered_by.as_ref()),
        (None, Some(&user("d1")))
    );
}

/// Judges and folds an event (type, payload) about an entity of a common log.
fn take_common(
    entity: &str,
    n: u8,
    (kind, payload): (&str, &str),
    expect: &[(&str, String)],
    state: Option<&EntityState>,
    who: &Actor,
) -> (Judgement, Option<EntityState>) {
    let common = LogName::common("c").unwrap();
    let entity = EntityId::new(entity).unwrap();
    let expect: BTreeMap<String, String> =
        expect.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let incoming = Incoming {
        id: id(n),
        kind,
        tv: 1,
        log: &common,
        entity: &entity,
        expect: &expect,
        payload,
        consent_signed: true,
    };
    let j = judge(state, &incoming, who, &[]);
    let event = Recorded {
        id: id(n),
        kind,
        tv: 1,
        user: who.user(),
        entity: &entity,
        seq: Some(u64::from(n)),
        effective_at: jiff::Timestamp::from_second(1_760_000_000 + i64::from(n)).unwrap(),
        claimed_at: jiff::Timestamp::UNIX_EPOCH,
        trust: None,
        verdict: Some(j.verdict),
        deps: &[],
        payload,
    };
    (j, fold_entity(state.cloned(), &event))
}

/// Days are closed, once, by a project manager of the whole contract.
#[test]
fn a_day_is_closed_and_opened_by_who_manages_all_divisions() {
    let sun = actor("sun", &[Role::Supervisor]);
    let of_one = Actor { divisions: vec!["E总队".into()], ..sun.clone() };
    let sent = |n: u8, act: (&str, &str), seen: &str, state: Option<&EntityState>, who: &Actor| {
        take_common("attendance_month/2025-10", n, act, &[("2025-10-15", seen.to_owned())], state, who)
    };
    let close = ("attendance_month.closed", r#"{"date":"2025-10-15","results":{"wang":"late"}}"#);
    let open = ("attendance_month.reopened", r#"{"date":"2025-10-15","reason":"补录"}"#);
    is(sent(1, close, "open", None, &of_one).0, Parked, Reason::NoRight);
    let of_november = ("attendance_month.closed", r#"{"date":"2025-11-15"}"#);
    is(sent(1, of_november, "open", None, &sun).0, Rejected, Reason::Malformed);
    is(sent(1, open, "open", None, &sun).0, Rejected, Reason::StateChanged);
    let (j, closed) = sent(1, close, "open", None, &sun);
    assert_eq!(j, Judgement::ACCEPTED);
    let (j, _) = sent(2, close, "open", closed.as_ref(), &sun);
    assert_eq!(j, Judgement::rejected(Reason::StateChanged, Some(id(1))), "closed by another meanwhile");
    is(sent(2, open, "closed", closed.as_ref(), &of_one).0, Parked, Reason::NoRight);
    let wordless = ("attendance_month.reopened", r#"{"date":"2025-10-15","reason":" "}"#);
    is(sent(2, wordless, "closed", closed.as_ref(), &sun).0, Rejected, Reason::Malformed);
    let (j, opened) = sent(2, open, "closed", closed.as_ref(), &sun);
    assert_eq!(j, Judgement::ACCEPTED);
    assert_eq!(sent(3, close, "open", opened.as_ref(), &sun).0, Judgement::ACCEPTED);
}

/// A check is noted once, by another than who was looked for; he alone explains it.
#[test]
fn nobody_checks_himself_and_nobody_explains_for_another() {
    let (boss, wang) = (actor("boss", &[Role::Supervisor]), actor("wang", &[Role::Engineer]));
    let both = actor("wang", &[Role::Engineer, Role::Supervisor]);
    let sent = |n: u8, act: (&str, &str), state: Option<&EntityState>, who: &Actor| {
        take_common("spotcheck/1", n, act, &[], state, who)
    };
    let noted = ("spotcheck.noted", r#"{"person":"wang","at":"2025-10-15T02:10:00Z","found":false}"#);
    let explained = ("spotcheck.explained", r#"{"words":"在机房"}"#);
    is(sent(1, noted, None, &both).0, Parked, Reason::NoRight);
    is(sent(1, explained, None, &wang).0, Parked, Reason::NoEntity);
    let (j, check) = sent(1, noted, None, &boss);
    assert_eq!(j, Judgement::ACCEPTED);
    let check = check.as_ref();
    assert_eq!(sent(2, noted, check, &boss).0, Judgement::unreconciled(Reason::AlreadyExists, Some(id(1))));
    is(sent(2, explained, check, &boss).0, Parked, Reason::NoRight);
    is(sent(2, ("spotcheck.explained", r#"{"words":" "}"#), check, &wang).0, Rejected, Reason::Malformed);
    assert_eq!(sent(2, explained, check, &wang).0, Judgement::ACCEPTED);
}

/// One takes over from another, once, and says to which text.
#[test]
fn a_handover_is_taken_by_another_and_only_once() {
    let sent = |n: u8,
                kind: &str,
                payload: &str,
                expect: &[(&str, String)],
                state: Option<&EntityState>,
                who: &Actor| take_common("handover/1", n, (kind, payload), expect, state, who);
    let [u1, u2, u3, u4] = ["u1", "u2", "u3", "u4"].map(engineer);
    let signed = r#"{"turn":"10-15","posts":[{"id":"duty","name":"值班"}],"witness":"u3"}"#;
    let answer = |n: u8, text: &str| format!(r#"{{"signing":"{}","text":"{text}"}}"#, id(n));
    let at = |n: u8| vec![("signing", id(n).to_string())];

    let (j, _) = sent(1, "handover.accepted", &answer(1, ""), &[], None, &u2);
    is(j, Parked, Reason::NoEntity);
    let (j, _) = sent(1, "handover.signed_out", r#"{"turn":"","posts":[]}"#, &[], None, &u1);
    is(j, Rejected, Reason::Malformed);
    let to_myself = r#"{"turn":"10-15","posts":[{"id":"duty","name":"值班"}],"to":"u1"}"#;
    is(sent(1, "handover.signed_out", to_myself, &[], None, &u1).0, Rejected, Reason::Malformed);
    let watched_by_me = r#"{"turn":"10-15","posts":[{"id":"duty","name":"值班"}],"witness":"u1"}"#;
    is(sent(1, "handover.signed_out", watched_by_me, &[], None, &u1).0, Rejected, Reason::Malformed);
    let (j, offered) = sent(1, "handover.signed_out", signed, &[], None, &u1);
    assert_eq!(j, Judgement::ACCEPTED);
    let offered = offered.as_ref();
    is(sent(2, "handover.accepted", &answer(1, ""), &at(1), offered, &u1).0, Rejected, Reason::SamePerson);
    is(sent(2, "handover.accepted", &answer(1, ""), &at(1), offered, &u3).0, Rejected, Reason::SamePerson);
    is(sent(2, "handover.refused", &answer(1, ""), &at(1), offered, &u2).0, Rejected, Reason::Malformed);
    is(sent(2, "handover.witnessed", &answer(1, ""), &[], offered, &u2).0, Rejected, Reason::NotAssignee);
    is(sent(2, "handover.signed_out", signed, &[], offered, &u2).0, Rejected, Reason::NotAssignee);
    assert_eq!(sent(2, "handover.witnessed", &answer(1, ""), &[], offered, &u3).0, Judgement::ACCEPTED);
    is(sent(3, "handover.signed_out", watched_by_me, &at(1), offered, &u1).0, Rejected, Reason::Malformed);

    // Signed anew while somebody offline accepted the earlier text.
    let (j, again) = sent(3, "handover.signed_out", signed, &at(1), offered, &u1);
    assert_eq!(j, Judgement::ACCEPTED);
    let again = again.as_ref();
    let (j, _) = sent(4, "handover.accepted", &answer(1, ""), &at(1), again, &u2);
    assert_eq!(j, Judgement::rejected(Reason::StateChanged, Some(id(3))));
    let (j, refused) = sent(4, "handover.refused", &answer(3, "钥匙不符"), &at(3), again, &u2);
    assert_eq!(j, Judgement::ACCEPTED);
    let (j, _) = sent(5, "handover.accepted", &answer(1, ""), &at(1), refused.as_ref(), &u4);
    assert_eq!(
        j,
        Judgement::rejected(Reason::StateChanged, Some(id(3))),
        "what changed the text, not the answer to it"
    );
    let (j, accepted) = sent(5, "handover.accepted", &answer(3, ""), &at(3), again, &u2);
    assert_eq!(j, Judgement::ACCEPTED);
    let (j, _) = sent(6, "handover.accepted", &answer(3, ""), &at(3), accepted.as_ref(), &u4);
    assert_eq!(j, Judgement::rejected(Reason::NotLegalNow, Some(id(5))));
    let (j, _) = sent(6, "handover.signed_out", signed, &at(3), accepted.as_ref(), &u1);
    assert_eq!(j, Judgement::rejected(Reason::NotLegalNow, Some(id(5))));
}

/// The hotline and 值班日志: facts as they come, one report stands.
#[test]
fn calls_and_notes_are_facts_and_a_report_is_a_claim() {
    let common = LogName::common("c").unwrap();
    let call: EntityState = serde_json::from_str(&format!(
        r#"{{"hotline":{{"logged":{{"at":"2025-10-09T08:53:20Z","text":"x"}},"event":"{}","by":"u1"}}}}"#,
        id(1)
    ))
    .unwrap();
    let log: EntityState = serde_json::from_str(&format!(
        r#"{{"duty_log":{{"reports":[{{"event":"{}","by":"u1","at":"2025-10-09T08:53:20Z","reported":{{"solved":"x"}}}}]}}}}"#,
        id(2)
    ))
    .unwrap();
    let none: &[(&str, &str)] = &[];
    let first: &[(&str, &str)] = &[("report", "-")];
    let (manager, day) = (actor("s1", &[Role::Supervisor]), "dutylog/2025-10-09");
    let logged = r#"{"at":"2025-10-09T08:53:20Z","text":"打不开"}"#;
    let received = |n: u8| format!(r#"{{"report":"{}"}}"#, id(n));
    let u1 = engineer("u1");
    for (kind, entity, payload, expect, state, who, expected) in [
        ("hotline.logged", "hotline/1", logged, none, None, &u1, (Accepted, None)),
        ("hotline.logged", "hotline/1", "{}", none, None, &u1, (Rejected, Some(Reason::Malformed))),
        (
            "hotline.logged",
            "hotline/1",
            logged,
            none,
            Some(&call),
            &u1,
            (Unreconciled, Some(Reason::AlreadyExists)),
        ),
        (
            "hotline.linked",
            "hotline/1",
            r#"{"order":"order/1"}"#,
            none,
            None,
            &u1,
            (Parked, Some(Reason::NoEntity)),
        ),
        ("hotline.linked", "hotline/1", r#"{"order":"order/1"}"#, none, Some(&call), &u1, (Accepted, None)),
        ("dutylog.noted", day, logged, none, None, &u1, (Accepted, None)),
        ("dutylog.noted", "dutylog/yesterday", logged, none, None, &u1, (Rejected, Some(Reason::Malformed))),
        ("dutylog.reported", day, r#"{"solved":"x"}"#, first, None, &u1, (Accepted, None)),
        (
            "dutylog.reported",
            day,
            r#"{"solved":"x"}"#,
            first,
            Some(&log),
            &u1,
            (Rejected, Some(Reason::StateChanged)),
        ),
        ("dutylog.reported", day, r#"{"solved":""}"#, none, None, &u1, (Rejected, Some(Reason::Malformed))),
        ("dutylog.received", day, &received(2), none, Some(&log), &manager, (Accepted, None)),
        ("dutylog.received", day, &received(3), none, Some(&log), &manager, (Parked, Some(Reason::NoEntity))),
        ("dutylog.received", day, &received(2), none, Some(&log), &u1, (Parked, Some(Reason::NoRight))),
    ] {
        let expect: BTreeMap<String, String> =
            expect.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let entity = EntityId::new(entity).unwrap();
        let incoming = Incoming {
            id: id(9),
            kind,
            tv: 1,
            log: &common,
            entity: &entity,
            expect: &expect,
            payload,
            consent_signed: false,
        };
        let j = judge(state, &incoming, who, &[]);
        assert_eq!((j.verdict, j.reason), expected, "{kind} {payload}");
    }
}
