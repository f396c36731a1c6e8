//! What people do: registrations and steps as the domain offers them, and poison that no screen
//! would write but a program with a bug, or an attacker, might.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::Timestamp;
use zaigang_console::host::{Host as _, new_id};
use zaigang_console::store::{Draft, SealedDraft};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::payload::{Registered, Reporter};
use zaigang_domain::order::{FieldKind, Order, Step, StepInput, StepOffer, Then, decide, register, steps};
use zaigang_domain::people::{Actor, DeviceState, UserState};

use super::console::Console;
use super::random::Random;

/// Something to be written.
#[derive(Debug)]
pub struct Act {
    /// Log.
    pub log: LogName,
    /// Entity.
    pub entity: EntityId,
    /// Drafts, one group.
    pub drafts: Vec<Draft>,
    /// One word for the trace.
    pub name: String,
}

/// The orders a console shows, with their log.
///
/// # Errors
/// SQLite's.
pub fn shown_orders(console: &Console) -> Result<Vec<(LogName, EntityId, Order)>> {
    let mut statement = console.store.reader().prepare_cached(
        "SELECT log.name, entity.name, coalesce(shown, confirmed) FROM entity JOIN log ON log.n = entity.log
         WHERE entity.name LIKE 'order/%' AND coalesce(shown, confirmed) IS NOT NULL ORDER BY entity.n",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (log, name, text): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let EntityState::Order(order) = serde_json::from_str(&text)? {
            found.push((LogName::new(log)?, EntityId::new(name)?, *order));
        }
    }
    Ok(found)
}

/// The actor behind the user logged in, as this console's own site log tells.
///
/// # Errors
/// SQLite's.
pub fn actor(console: &Console, user: &UserId) -> Result<Actor> {
    use rusqlite::OptionalExtension as _;
    let text: Option<String> = console
        .store
        .reader()
        .prepare_cached("SELECT confirmed FROM entity WHERE name = ?1 AND confirmed IS NOT NULL LIMIT 1")?
        .query_row([EntityId::user(user).as_str()], |row| row.get(0))
        .optional()?;
    let state = match text.map(|t| serde_json::from_str(&t)).transpose()? {
        Some(EntityState::User(state)) => state,
        _ => UserState { disabled: true, ..UserState::default() },
    };
    Ok(Actor::of(user.clone(), &state, Some(&DeviceState::default()), true))
}

const CHANNELS: [&str; 4] = ["phone", "onsite", "dispatch", "alarm"];

/// A registration in one of the divisions the console holds, perhaps with what follows at once.
///
/// # Errors
/// SQLite's.
pub fn registration(
    console: &Console,
    contract: &str,
    divisions: &[&str],
    people: &[String],
    random: &mut Random,
) -> Result<Option<Act>> {
    let Some(logged_in) = &console.logged_in else { return Ok(None) };
    let Some(division) = random.pick(divisions) else { return Ok(None) };
    let actor = actor(console, &logged_in.user)?;
    let now = console.host.now();
    let id = new_id(console.host.as_ref());
    let form = form(contract, division, now, random, &EventId(id).to_string())?;
    let reporter = Reporter {
        name: "来电人".into(),
        phone: format!("1390000{}", random.below(9999)),
        room: "301".into(),
        extension: String::new(),
    };
    let then = match random.below(6) {
        0 | 1 => Then::Accept,
        2 => Then::Pool,
        3 => Then::DispatchTo(UserId::new(random.pick(people).cloned().unwrap_or_default())?),
        _ => Then::Nothing,
    };
    let Ok(drafts) = register(&form, Some(&reporter).filter(|_| random.chance(60)), then, &actor, now) else {
        return Ok(None);
    };
    let log = LogName::division(contract, division)?;
    let drafts = drafts.into_iter().map(Draft::from).collect();
    Ok(Some(Act { log, entity: EntityId::order(EventId(id)), drafts, name: "register".into() }))
}

fn form(contract: &str, division: &str, now: Timestamp, random: &mut Random, id: &str) -> Result<Registered> {
    let earlier = jiff::SignedDuration::from_secs(random.between(0, 7_200));
    let reported_at = now.checked_sub(earlier)?;
    let kind = ["incident", "request", "work_record"].get(random.below(3)).copied().unwrap_or("incident");
    Ok(serde_json::from_value(serde_json::json!({
        "number": format!("{division}-{}", id.get(..8).unwrap_or(id)), "kind": kind, "title": "打印机不通",
        "detail": "二楼打印机无法连接", "division": division, "reported_at": reported_at, "contract": contract,
        "contract_hash": "h1", "calendar_hash": "k1", "level": "3",
        "channel": CHANNELS.get(random.below(4)).copied().unwrap_or("phone"), "late_reason": "先处理，后登记",
    }))?)
}

/// A step the domain offers the user on an order the console shows.
///
/// # Errors
/// SQLite's.
pub fn step(console: &Console, people: &[String], random: &mut Random) -> Result<Option<Act>> {
    let Some(logged_in) = &console.logged_in else { return Ok(None) };
    let orders = shown_orders(console)?;
    let Some((log, entity, order)) = random.pick(&orders).cloned() else { return Ok(None) };
    let actor = actor(console, &logged_in.user)?;
    // What is only written down beside the order is seldom what two people clash over.
    let spoken = random.chance(10);
    let mut offers = steps(&order, &actor);
    // Files come with a call of their own.
    offers.retain(|offer| offer.row.step != Step::AddFiles && (spoken || !BESIDE.contains(&offer.row.event)));
    let primary: Vec<StepOffer> = offers.iter().copied().filter(|o| o.primary).collect();
    let from = if random.chance(50) && !primary.is_empty() { &primary } else { &offers };
    let Some(offer) = random.pick(from).copied() else { return Ok(None) };
    let input = fill(&offer, &order, people, random);
    let Ok(drafts) = decide(&order, offer.row.step, &input, &actor, console.host.now()) else {
        return Ok(None);
    };
    let drafts = drafts.into_iter().map(Draft::from).collect();
    Ok(Some(Act { log, entity, drafts, name: offer.row.code.into() }))
}

/// Facts that change neither status nor charge of an order.
const BESIDE: [&str; 8] = [
    "order.called",
    "order.spot_checked",
    "order.entered",
    "order.assist_asked",
    "order.assist_accepted",
    "order.assist_finished",
    "order.vendor_noted",
    "order.knowledge_noted",
];

fn fill(offer: &StepOffer, order: &Order, people: &[String], random: &mut Random) -> StepInput {
    let mut fields = BTreeMap::new();
    for field in offer.row.fields {
        let value = match (field.key, field.kind) {
            ("event", _) => order.unreconciled.first().map(ToString::to_string).unwrap_or_default(),
            ("target", _) => "arrival".into(),
            ("rule", _) => ["r1", "r2"].get(random.below(2)).copied().unwrap_or("r1").into(),
            ("into", _) => "order/00000000-0000-7000-8000-000000000000".into(),
            // Which cooperation is meant follows where there is one.
            ("on_behalf" | "assist", _) => continue,
            (_, FieldKind::Number) => random.below(1000).to_string(),
            (_, FieldKind::Time) => continue,
            (_, FieldKind::User) => people.get(random.below(3)).cloned().unwrap_or_default(),
            (_, FieldKind::Level) => {
                ["1", "2", "3", "4"].get(random.below(4)).copied().unwrap_or("1").to_owned()
            }
            (_, FieldKind::Choice) if !field.choices.is_empty() => {
                random.pick(field.choices).map(|c| c.0.to_owned()).unwrap_or_default()
            }
            _ => format!("文字{}", random.below(1000)),
        };
        fields.insert(field.key.to_owned(), value);
    }
    StepInput { claimed_at: None, fields }
}

/// A step taken on what the user saw some time ago, whatever the order is now: two people at two
/// screens, or one with an old page.
///
/// # Errors
/// SQLite's.
pub fn stale_step(console: &Console, people: &[String], random: &mut Random) -> Result<Option<Act>> {
    let orders = shown_orders(console)?;
    let Some((log, entity, _)) = random.pick(&orders).cloned() else { return Ok(None) };
    let kinds: [(&str, &str); 8] = [
        ("order.accepted", "{}"),
        ("order.arrived", r#"{"text":"到了"}"#),
        ("order.restored", r#"{"text":"好了"}"#),
        ("order.workaround", r#"{"text":"先用备机"}"#),
        ("order.suspended", r#"{"reason":"等件","party":"buyer","evidence":"函1"}"#),
        ("order.closed", "{}"),
        ("order.returned", r#"{"reason":"不在岗"}"#),
        ("order.level_changed", r#"{"level":"1","reason":"扩大"}"#),
    ];
    let Some((kind, payload)) = random.pick(&kinds).copied() else { return Ok(None) };
    let mut draft = Draft::fact(kind, payload.to_owned(), console.host.evidence().wall_at);
    let old = |field: &str, values: &[&str], random: &mut Random| {
        (field.to_owned(), random.pick(values).copied().unwrap_or_default().to_owned())
    };
    draft.expect = match kind {
        "order.accepted" | "order.returned" => BTreeMap::from([
            old("status", &["registered", "dispatched", "accepted"], random),
            old("assignee", &["", people.first().map_or("", String::as_str)], random),
        ]),
        "order.suspended" => BTreeMap::from([old("suspended", &["false", "true"], random)]),
        "order.closed" => BTreeMap::from([old("status", &["restored", "confirmed"], random)]),
        "order.level_changed" => BTreeMap::from([old("level", &["3", "2"], random)]),
        _ => BTreeMap::new(),
    };
    Ok(Some(Act { log, entity, drafts: vec![draft], name: format!("stale {kind}") }))
}

/// Events no screen writes.
///
/// # Errors
/// SQLite's.
pub fn poison(console: &Console, random: &mut Random) -> Result<Option<Act>> {
    let orders = shown_orders(console)?;
    let Some((log, entity, _)) = random.pick(&orders).cloned() else { return Ok(None) };
    let at = console.host.evidence().wall_at;
    let mut draft = Draft::fact("order.noted", r#"{"text":"x"}"#.into(), at);
    let mut act = Act { log, entity, drafts: Vec::new(), name: String::new() };
    act.name = match random.below(9) {
        0 => {
            draft.kind = "order.teleported".into();
            "unknown type"
        }
        1 => {
            draft.tv = 9;
            "newer version"
        }
        2 => {
            draft.payload = "{not json".into();
            "malformed payload"
        }
        3 => {
            draft.payload = r#"{"text":7}"#.into();
            "wrong field"
        }
        4 => {
            act.entity = EntityId::new("order/nowhere")?;
            "no such order"
        }
        5 => {
            draft.deps = vec![EventId([7; 16])];
            "missing dependency"
        }
        6 => {
            draft.claimed_at = at.saturating_add(random.between(-400, 400).saturating_mul(86_400_000));
            "odd time"
        }
        7 => {
            draft.kind = "order.merged".into();
            draft.payload = r#"{"into":"order/x","reason":"r"}"#.into();
            "not his to do"
        }
        _ => {
            draft.sealed.push(SealedDraft {
                name: "other".into(),
                class: "restricted".into(),
                json: "{}".into(),
            });
            "foreign part"
        }
    }
    .into();
    act.drafts.push(draft);
    Ok(Some(act))
}
