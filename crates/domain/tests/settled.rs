//! How settings of a site are judged and folded.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panic")]

use std::collections::BTreeMap;

use zaigang_domain::contract::shipped;
use zaigang_domain::event::{EntityId, EventId, LogName, Reason, Recorded, UserId, Verdict};
use zaigang_domain::judge::{EntityState, Incoming, Judgement, fold_entity, judge};
use zaigang_domain::people::{Actor, DeviceState, Published, PublishedVersion, Role, Settled, UserState};

const SETTINGS: &str = "contract = \"xuchang\"\nwarning_percent = [60]\n";

fn version() -> PublishedVersion {
    let texts = shipped("xuchang").unwrap();
    let (content, reading) = (texts.facts.text.to_owned(), Some(texts.reading.text.to_owned()));
    PublishedVersion {
        hash: PublishedVersion::text_hash(&content, reading.as_deref(), None),
        by: Some(EventId([1; 16])),
        title: "002".into(),
        accepted_on: None,
        content,
        reading,
        settings: None,
    }
}

fn state() -> EntityState {
    EntityState::Contract(Published { versions: vec![version()] })
}

fn actor(role: Role, contracts: &[&str]) -> Actor {
    let state = UserState {
        roles: vec![role],
        contracts: contracts.iter().map(|id| (*id).to_owned()).collect(),
        ..UserState::default()
    };
    Actor::of(UserId::new("u1").unwrap(), &state, Some(&DeviceState::default()), true)
}

fn settled(settings: &str) -> Settled {
    Settled::of(&version(), settings.to_owned(), "确认单".to_owned())
}

fn judged(state: Option<&EntityState>, settled: &Settled, who: &Actor, consent_signed: bool) -> Judgement {
    let payload = serde_json::to_string(settled).unwrap();
    let incoming = Incoming {
        id: EventId([2; 16]),
        kind: "contract.settled",
        tv: 1,
        log: &LogName::site(),
        entity: &EntityId::new("contract/xuchang").unwrap(),
        expect: &BTreeMap::new(),
        payload: &payload,
        consent_signed,
    };
    judge(state, &incoming, who, &[])
}

#[test]
fn settings_are_judged_by_right_signature_base_hash_and_text() {
    let boss = actor(Role::Supervisor, &[]);
    let other_base = Settled { base: "0".repeat(64), ..settled(SETTINGS) };
    let other_hash = Settled { hash: "0".repeat(64), ..settled(SETTINGS) };
    let unreadable = settled("contract = \"xuchang\"\nwarning_percent = [0]\n");
    let of_another = settled("contract = \"guangxi-police\"\n");
    let good = settled(SETTINGS);
    let some = Some(state());
    let cases: &[(&Settled, Actor, bool, Verdict, Option<Reason>)] = &[
        (&good, boss.clone(), true, Verdict::Accepted, None),
        (&good, actor(Role::Administrator, &["xuchang"]), true, Verdict::Accepted, None),
        (&good, boss.clone(), false, Verdict::Rejected, Some(Reason::NoConsent)),
        (&good, actor(Role::Engineer, &[]), true, Verdict::Parked, Some(Reason::NoRight)),
        (&good, actor(Role::Supervisor, &["guangxi-police"]), true, Verdict::Parked, Some(Reason::NoRight)),
        (&good, Actor::centre(), true, Verdict::Parked, Some(Reason::NoRight)),
        (&other_base, boss.clone(), true, Verdict::Rejected, Some(Reason::BaseChanged)),
        (&other_hash, boss.clone(), true, Verdict::Rejected, Some(Reason::Malformed)),
        (&unreadable, boss.clone(), true, Verdict::Rejected, Some(Reason::SettingsMistaken)),
        (&of_another, boss.clone(), true, Verdict::Rejected, Some(Reason::SettingsMistaken)),
    ];
    for (settled, who, signed, verdict, reason) in cases {
        let judgement = judged(some.as_ref(), settled, who, *signed);
        assert_eq!((judgement.verdict, judgement.reason), (*verdict, *reason), "{:?}", who.roles);
    }
    assert_eq!(judged(some.as_ref(), &other_base, &boss, true).winner, version().by, "the winner is named");
    assert_eq!(judged(None, &good, &boss, true).reason, Some(Reason::NoEntity));
}

#[test]
fn settings_make_a_version_of_the_same_facts_and_reading() {
    let entity = EntityId::new("contract/xuchang").unwrap();
    let fold = |settled: &Settled, verdict| {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let payload = serde_json::to_string(settled).unwrap();
        let event = Recorded {
            id: EventId([2; 16]),
            kind: "contract.settled",
            tv: 1,
            user: None,
            entity: &entity,
            seq: None,
            effective_at: at,
            claimed_at: at,
            trust: None,
            verdict,
            deps: &[],
            payload: &payload,
        };
        match fold_entity(Some(state()), &event) {
            Some(EntityState::Contract(published)) => published.versions,
            other => panic!("{other:?}"),
        }
    };
    for verdict in [None, Some(Verdict::Accepted)] {
        let versions = fold(&settled(SETTINGS), verdict);
        let [before, after] = versions.as_slice() else { panic!("{}", versions.len()) };
        assert_eq!((&after.content, &after.reading), (&before.content, &before.reading));
        assert_eq!(after.settings.as_deref(), Some(SETTINGS));
        assert!(after.is_sound() && after.by == Some(EventId([2; 16])));
    }
    assert_eq!(fold(&settled(SETTINGS), Some(Verdict::Rejected)).len(), 1);
    let stale = Settled { base: "0".repeat(64), ..settled(SETTINGS) };
    assert_eq!(fold(&stale, None).len(), 1, "a pending one whose base is gone shows nothing");
}

/// The bytes of this payload are in logs for ever.
#[test]
fn the_payload_is_frozen() {
    let settled = Settled { base: "a".into(), settings: "s".into(), note: "n".into(), hash: "h".into() };
    let text = r#"{"base":"a","settings":"s","note":"n","hash":"h"}"#;
    assert_eq!(serde_json::to_string(&settled).unwrap(), text);
    assert_eq!(serde_json::from_str::<Settled>(text).unwrap(), settled);
}
