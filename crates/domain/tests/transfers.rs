//! Transfers between two stores: who may do what, and that nothing is lost or doubled, whatever consoles do
//! offline and in whatever order their work reaches the centre.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panic")]

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zaigang_domain::event::{EntityId, EventId, LogName, Reason, Recorded, UserId, Verdict};
use zaigang_domain::judge::{
    Beside, DepVerdict, EntityState, Incoming, Wanted, fold_entity, judge_beside, wanted,
};
use zaigang_domain::people::{Actor, DeviceState, Role, UserState};
use zaigang_domain::stock::replay::{replay, sort};
use zaigang_domain::stock::{
    ShipmentAct, Standing, TransferAct, legal_shipment, legal_transfer, standing, transit,
};

const STORES: [&str; 2] = ["c/c1/s/centre", "c/c1/s/site"];
/// The store that ships, and the one that asks.
const SHIPS: usize = 0;
const ASKS: usize = 1;

fn actor(name: &str) -> Actor {
    let state = UserState { roles: vec![Role::StoreKeeper], ..UserState::default() };
    Actor::of(user(name), &state, Some(&DeviceState::default()), true)
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// An event a console wrote.
#[derive(Debug, Clone)]
struct Event {
    id: EventId,
    store: usize,
    who: &'static str,
    kind: &'static str,
    entity: EntityId,
    payload: String,
    expect: BTreeMap<String, String>,
    dep: Option<EventId>,
}

type States = BTreeMap<EntityId, EntityState>;

fn number(n: u64) -> EventId {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    EventId(id)
}

fn fold(states: &mut States, event: &Event, seq: Option<u64>, verdict: Option<Verdict>) {
    let at = Timestamp::from_second(1_760_000_000 + i64::try_from(seq.unwrap_or(1_000)).unwrap()).unwrap();
    let user = user(event.who);
    let recorded = Recorded {
        id: event.id,
        kind: event.kind,
        tv: 1,
        user: Some(&user),
        entity: &event.entity,
        seq,
        effective_at: at,
        claimed_at: at,
        trust: None,
        verdict,
        deps: &[],
        payload: &event.payload,
    };
    if let Some(state) = fold_entity(states.remove(&event.entity), &recorded) {
        states.insert(event.entity.clone(), state);
    }
}

/// The centre: both logs, and the verdict on each event.
#[derive(Default)]
struct Centre {
    logs: [States; 2],
    verdicts: BTreeMap<EventId, Verdict>,
}

impl Centre {
    fn take(&mut self, event: &Event) -> (Verdict, Option<Reason>) {
        let log = LogName::new(STORES[event.store]).unwrap();
        let incoming = Incoming {
            id: event.id,
            kind: event.kind,
            tv: 1,
            log: &log,
            entity: &event.entity,
            expect: &event.expect,
            payload: &event.payload,
            consent_signed: true,
        };
        let states = &self.logs[event.store];
        let state = states.get(&event.entity);
        let mut beside = Beside::default();
        for wanted in wanted(state, &incoming) {
            if let Wanted::Entity(name) = wanted
                && let Some(state) = states.get(&name)
            {
                beside.entities.insert(name, state.clone());
            }
        }
        let deps: Vec<DepVerdict> = event
            .dep
            .map(|id| DepVerdict { id, verdict: self.verdicts.get(&id).copied() })
            .into_iter()
            .collect();
        let judged = judge_beside(state, &incoming, &actor(event.who), &deps, &beside);
        self.verdicts.insert(event.id, judged.verdict);
        let seq = u64::try_from(self.verdicts.len()).unwrap();
        fold(&mut self.logs[event.store], event, Some(seq), Some(judged.verdict));
        (judged.verdict, judged.reason)
    }
}

fn id(text: &str) -> EntityId {
    EntityId::new(text).unwrap()
}

fn line(quantity: u32) -> Value {
    json!({ "part": "part/1", "name": "风扇", "model": "F80", "unit": "个", "quantity": quantity })
}

fn asked() -> Value {
    json!({ "number": "DB-1", "from": STORES[SHIPS], "lines": [line(5)], "reason": "补库" })
}

fn shipped(quantity: u32) -> Value {
    json!({ "number": "DB-1", "to": STORES[ASKS], "lines": [line(quantity)] })
}

/// What a log holds by its movements.
fn on_hand(states: &States) -> i64 {
    let named: Vec<(String, _)> = states
        .iter()
        .filter_map(|(id, state)| Some((id.to_string(), state.movement()?.clone())))
        .filter(|(_, movement)| !movement.unreconciled)
        .collect();
    let mut lines: Vec<_> = named.iter().map(|(id, movement)| movement.line(id)).collect();
    sort(&mut lines);
    replay(&lines).balances.values().sum()
}

/// In transit and cleared up, over both halves.
fn between(logs: &[States; 2]) -> (i64, i64) {
    let (transfer, shipment) = (id("transfer/1"), id("shipment/1"));
    let transfer = logs[ASKS].get(&transfer).and_then(EntityState::transfer);
    let shipment = logs[SHIPS].get(&shipment).and_then(EntityState::shipment);
    let rows = transit(transfer, shipment);
    (rows.values().map(|row| row.in_transit()).sum(), rows.values().map(|row| row.settled).sum())
}

fn stands(logs: &[States; 2]) -> Option<Standing> {
    let transfer = logs[ASKS].get(&id("transfer/1")).and_then(EntityState::transfer);
    let shipment = logs[SHIPS].get(&id("shipment/1")).and_then(EntityState::shipment);
    standing(transfer, shipment)
}

#[test]
fn who_may_do_what_and_when() {
    use Standing as S;
    let mut centre = Centre::default();
    let mut n = 0;
    let mut say = |who, store, kind, payload: Value, expect: &[(&str, &str)]| {
        n += 1;
        let half = if store == ASKS { "transfer/1" } else { "shipment/1" };
        let entity = if kind == "movement.made" { format!("movement/{n}") } else { half.to_owned() };
        let expect = expect.iter().map(|(field, seen)| ((*field).to_owned(), (*seen).to_owned())).collect();
        let (payload, entity) = (payload.to_string(), id(&entity));
        let said =
            centre.take(&Event { id: number(n), store, who, kind, entity, payload, expect, dep: None });
        (said, stands(&centre.logs), between(&centre.logs).0)
    };
    let ok = (Verdict::Accepted, None);
    let no = |reason| (Verdict::Rejected, Some(reason));
    let half = |kind: &str, place: &str, half: &str| {
        json!({ "kind": kind, "part": "part/1", "quantity": 5, "owner": "supplier", place: "place/a",
            "transfer": half })
    };
    let words = |words: &str| json!({ "words": words });
    let got = |n| json!({ "lines": [line(n)], "words": "短一个" });
    let early = half("issued", "from", "shipment/1");
    let table = [
        (
            ("site", ASKS, "transfer.approved", words(""), vec![]),
            (Verdict::Parked, Some(Reason::NoEntity)),
            None,
            0,
        ),
        (("site", ASKS, "transfer.asked", asked(), vec![]), ok, Some(S::Asked), 0),
        (("site", ASKS, "transfer.asked", asked(), vec![]), no(Reason::AlreadyExists), Some(S::Asked), 0),
        (("site", ASKS, "transfer.approved", words(""), vec![]), no(Reason::OwnRequest), Some(S::Asked), 0),
        (("boss", ASKS, "transfer.refused", words(""), vec![]), no(Reason::Malformed), Some(S::Asked), 0),
        (("site", ASKS, "transfer.received", got(5), vec![]), no(Reason::NotLegalNow), Some(S::Asked), 0),
        (("boss", ASKS, "transfer.approved", words(""), vec![("stage", "asked")]), ok, Some(S::Approved), 0),
        (
            ("boss", ASKS, "transfer.refused", words("不"), vec![]),
            no(Reason::NotLegalNow),
            Some(S::Approved),
            0,
        ),
        (
            ("keeper", SHIPS, "movement.made", early.clone(), vec![]),
            (Verdict::Unreconciled, Some(Reason::NotLegalNow)),
            Some(S::Approved),
            0,
        ),
        (
            ("keeper", SHIPS, "shipment.returned", json!({ "lines": [line(1)], "words": "x" }), vec![]),
            (Verdict::Parked, Some(Reason::NoEntity)),
            Some(S::Approved),
            0,
        ),
        (("keeper", SHIPS, "shipment.shipped", shipped(5), vec![]), ok, Some(S::InTransit), 5),
        (("keeper", SHIPS, "movement.made", early, vec![]), ok, Some(S::InTransit), 5),
        (
            ("other", SHIPS, "shipment.shipped", shipped(5), vec![]),
            no(Reason::AlreadyExists),
            Some(S::InTransit),
            5,
        ),
        (
            (
                "other",
                SHIPS,
                "shipment.declined",
                json!({ "number": "DB-1", "to": STORES[ASKS], "words": "缺货" }),
                vec![],
            ),
            no(Reason::AlreadyExists),
            Some(S::InTransit),
            5,
        ),
        // Taken back by somebody who did not know that it was shipped: it is received all the same.
        (
            ("site", ASKS, "transfer.cancelled", words(""), vec![("stage", "approved")]),
            ok,
            Some(S::InTransit),
            5,
        ),
        (("site", ASKS, "transfer.received", got(4), vec![("receipts", "0")]), ok, Some(S::Differs), 1),
        (
            ("boss", ASKS, "transfer.received", got(4), vec![("receipts", "0")]),
            no(Reason::StateChanged),
            Some(S::Differs),
            1,
        ),
        (
            (
                "keeper",
                SHIPS,
                "shipment.settled",
                json!({ "lines": [{ "item": { "name": "风扇", "model": "F80", "owner": "supplier" }, "quantity": 1 }], "words": "丢失" }),
                vec![],
            ),
            no(Reason::OwnRequest),
            Some(S::Differs),
            1,
        ),
        (
            (
                "other",
                SHIPS,
                "shipment.settled",
                json!({ "lines": [{ "item": { "name": "风扇", "model": "F80", "owner": "supplier" }, "quantity": 1 }], "words": "丢失" }),
                vec![("settled", "0")],
            ),
            ok,
            Some(S::Done),
            0,
        ),
    ];
    for (at, ((who, store, kind, payload, expect), verdict, stands, transit)) in table.into_iter().enumerate()
    {
        let said = say(who, store, kind, payload.clone(), &expect);
        assert_eq!(said, (verdict, stands, transit), "row {at}: {kind} {payload}");
    }
}

#[test]
fn serial_numbers_that_differ_are_told() {
    let mut centre = Centre::default();
    let piece = |serials: &[&str]| json!({ "part": "part/1", "name": "硬盘", "unit": "块", "quantity": serials.len(), "serials": serials });
    let mut take = |n, store, kind, payload: Value| {
        let half = if store == ASKS { "transfer/1" } else { "shipment/1" };
        let who = if n == 2 { "boss" } else { "site" };
        let (payload, entity, expect) = (payload.to_string(), id(half), BTreeMap::new());
        let event = Event { id: number(n), store, who, kind, entity, payload, expect, dep: None };
        assert_eq!(centre.take(&event), (Verdict::Accepted, None), "{kind}");
    };
    take(1, ASKS, "transfer.asked", asked());
    take(2, ASKS, "transfer.approved", json!({}));
    let lines = |serials: &[&str]| json!({ "number": "DB-1", "to": STORES[ASKS], "lines": [piece(serials)], "words": "" });
    take(3, SHIPS, "shipment.shipped", lines(&["S1", "S2"]));
    take(4, ASKS, "transfer.received", json!({ "lines": [piece(&["S1", "S9"])] }));
    assert_eq!((stands(&centre.logs), between(&centre.logs).0), (Some(Standing::Differs), 0));
    let (transfer, shipment) = (id("transfer/1"), id("shipment/1"));
    let rows = transit(centre.logs[ASKS][&transfer].transfer(), centre.logs[SHIPS][&shipment].shipment());
    let row = rows.iter().find(|(item, _)| item.name == "硬盘").unwrap().1;
    assert_eq!((row.missing.join(","), row.strange.join(",")), ("S2".to_owned(), "S9".to_owned()));
}

// Random consoles. -------------------------------------------------------------------------------------

/// A console with what it pulled and what it wrote meanwhile. The first two belong to the store that ships.
struct Console {
    who: [&'static str; 2],
    store: usize,
    pulled: [States; 2],
    pending: Vec<Event>,
}

impl Console {
    fn view(&self) -> [States; 2] {
        let mut view = self.pulled.clone();
        for event in &self.pending {
            fold(&mut view[event.store], event, None, None);
        }
        view
    }
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Stock(u32),
    Approve,
    Cancel,
    Ship(u32),
    Receive(u32),
    TakeBack(u32),
    Settle,
    Push,
    Pull(usize),
}

fn deeds() -> impl Strategy<Value = Vec<(usize, usize, Deed)>> {
    let deed = prop_oneof![
        (1_u32..9).prop_map(Deed::Stock),
        Just(Deed::Approve),
        Just(Deed::Cancel),
        (1_u32..6).prop_map(Deed::Ship),
        (1_u32..7).prop_map(Deed::Receive),
        (1_u32..4).prop_map(Deed::TakeBack),
        Just(Deed::Settle),
        Just(Deed::Push),
        Just(Deed::Push),
        (0_usize..2).prop_map(Deed::Pull),
        (0_usize..2).prop_map(Deed::Pull),
    ];
    proptest::collection::vec((0_usize..4, 0_usize..2, deed), 20..90)
}

/// The events of a deed as a console writes them: the half, and the movement that rests on it.
fn written(console: &Console, who: usize, deed: Deed, next: &mut u64) -> Vec<Event> {
    let view = console.view();
    let transfer = view[ASKS].get(&id("transfer/1")).and_then(EntityState::transfer).cloned();
    let shipment = view[SHIPS].get(&id("shipment/1")).and_then(EntityState::shipment).cloned();
    let (mut events, store, who) = (Vec::new(), console.store, console.who[who]);
    let mut write = |kind, entity: &str, payload: Value, expect: &[(&str, usize)], dep| {
        *next += 1;
        let entity = if entity.is_empty() { format!("movement/{next}") } else { entity.to_owned() };
        let expect = expect.iter().map(|(field, n)| ((*field).to_owned(), n.to_string())).collect();
        let (payload, entity) = (payload.to_string(), id(&entity));
        events.push(Event { id: number(*next), store, who, kind, entity, payload, expect, dep });
        Some(number(*next))
    };
    let moved = |kind: &str, quantity: u32, place: &str, half: Option<&str>| {
        json!({ "kind": kind, "part": "part/1", "quantity": quantity, "owner": "supplier", place: "place/a",
            "transfer": half })
    };
    match (deed, store) {
        (Deed::Stock(quantity), _) => {
            write("movement.made", "", moved("received", quantity, "to", None), &[], None);
        }
        (Deed::Approve, ASKS) if transfer.is_none() => {
            write("transfer.asked", "transfer/1", asked(), &[], None);
        }
        (Deed::Approve, ASKS) => {
            write("transfer.approved", "transfer/1", json!({}), &[], None);
        }
        (Deed::Cancel, ASKS) => {
            write("transfer.cancelled", "transfer/1", json!({}), &[], None);
        }
        (Deed::Ship(quantity), SHIPS) if transfer.is_some() => {
            let dep = write("shipment.shipped", "shipment/1", shipped(quantity), &[], None);
            write("movement.made", "", moved("issued", quantity, "from", Some("shipment/1")), &[], dep);
        }
        (Deed::Receive(quantity), ASKS) => {
            let seen = transfer.map_or(0, |transfer| transfer.receipts.len());
            let received = json!({ "lines": [line(quantity)] });
            let dep = write("transfer.received", "transfer/1", received, &[("receipts", seen)], None);
            write("movement.made", "", moved("received", quantity, "to", Some("transfer/1")), &[], dep);
        }
        (Deed::TakeBack(quantity), SHIPS) => {
            let seen = shipment.map_or(0, |shipment| shipment.returns.len());
            let back = json!({ "lines": [line(quantity)], "words": "退回" });
            let dep = write("shipment.returned", "shipment/1", back, &[("returns", seen)], None);
            write("movement.made", "", moved("returned", quantity, "to", Some("shipment/1")), &[], dep);
        }
        (Deed::Settle, SHIPS) if between(&view).0 != 0 => {
            let seen = shipment.map_or(0, |shipment| shipment.settled.len());
            let item = json!({ "name": "风扇", "model": "F80", "owner": "supplier" });
            let settled =
                json!({ "lines": [{ "item": item, "quantity": between(&view).0 }], "words": "查清" });
            write("shipment.settled", "shipment/1", settled, &[("settled", seen)], None);
        }
        _ => {}
    }
    events
}

/// Whether the door would write them, by what the console knows.
fn is_legal(console: &Console, events: &[Event]) -> bool {
    let view = console.view();
    events.iter().all(|event| {
        let (state, actor) = (view[event.store].get(&event.entity), actor(event.who));
        if let Some(act) = TransferAct::read(event.kind, &event.payload) {
            return legal_transfer(state.and_then(EntityState::transfer), &act, &actor).is_ok();
        }
        let act = ShipmentAct::read(event.kind, &event.payload);
        act.is_none_or(|act| legal_shipment(state.and_then(EntityState::shipment), &act, &actor).is_ok())
    })
}

/// What came from outside, by the movements of no transfer.
fn from_outside(states: &States) -> i64 {
    let movements = states.values().filter_map(EntityState::movement);
    movements.filter(|movement| movement.made.transfer.is_none()).map(|movement| movement.made.quantity).sum()
}

fn is_conserved(logs: &[States; 2]) -> Result<(), TestCaseError> {
    let stores: i64 = logs.iter().map(on_hand).sum();
    let outside: i64 = logs.iter().map(from_outside).sum();
    let (in_transit, settled) = between(logs);
    prop_assert_eq!(stores + in_transit + settled, outside);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Over both stores, what there is and what is in transit is what came from outside: at the centre and on each
    /// console, after each step, though each half is pulled by itself.
    #[test]
    fn nothing_is_lost_or_doubled_whoever_is_offline(deeds in deeds()) {
        let mut centre = Centre::default();
        let mut next = 0;
        let console = |who, store| Console { who, store, pulled: Default::default(), pending: Vec::new() };
        let mut consoles = [
            console(["keeper", "other"], SHIPS),
            console(["keeper", "other"], SHIPS),
            console(["site", "boss"], ASKS),
            console(["site", "boss"], ASKS),
        ];
        let mut written_ids = 0_usize;
        for (at, who, deed) in deeds {
            let console = &mut consoles[at];
            match deed {
                Deed::Push => {
                    for event in std::mem::take(&mut console.pending) {
                        centre.take(&event);
                    }
                    console.pulled = centre.logs.clone();
                }
                Deed::Pull(store) if console.pending.is_empty() || store != console.store => {
                    console.pulled[store] = centre.logs[store].clone();
                }
                Deed::Pull(_) => {}
                deed => {
                    let events = written(console, who, deed, &mut next);
                    let events = if is_legal(console, &events) { events } else { Vec::new() };
                    written_ids += events.len();
                    console.pending.extend(events);
                }
            }
            is_conserved(&centre.logs)?;
            // A claim that will lose is shown until the centre says so, and its movement with it.
            is_conserved(&console.view())?;
        }
        for console in &mut consoles {
            for event in std::mem::take(&mut console.pending) {
                centre.take(&event);
            }
        }
        is_conserved(&centre.logs)?;
        prop_assert_eq!(centre.verdicts.len(), written_ids, "each event has one verdict");
        let shipped = centre.logs[SHIPS].values().filter_map(EntityState::movement);
        let shipped = shipped.filter(|m| m.made.kind.code() == "issued" && !m.unreconciled).count();
        prop_assert!(shipped <= 1, "shipped once, whatever two consoles wrote");
    }
}
