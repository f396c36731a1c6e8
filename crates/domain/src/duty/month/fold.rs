//! The fold of a month's events. One function for confirmed and pending ones.

use super::payload::{
    At, Commented, Consented, Decided, Edited, Opened, Said, SwapAnswered, SwapAsked, TakenOver, Waived,
    Wished,
};
use super::state::{
    Acted, Cell, Comment, Confirmation, Consent, RosterMonth, Stage, Swap, SwapState, Takeover,
    TakeoverState, Version, Waiver, WishOf, apply as apply_swap,
};
use super::table;
use crate::duty::counts;
use crate::event::{Recorded, UserId, Verdict, event_type};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// Folds one event into a month.
///
/// Accepted events take effect, the verdict is trusted. Pending ones take effect where the stage allows
/// them. A type or version this program does not know makes the month read-only. Nothing is ever refused.
pub fn fold_month(state: Option<RosterMonth>, event: &Recorded<'_>) -> Option<RosterMonth> {
    let Some(mut month) = state else { return create(event) };
    let known = event_type(event.kind).is_some_and(|row| (1..=row.tv).contains(&event.tv));
    month.pending = month.pending.saturating_add(u32::from(event.is_pending()));
    match event.verdict {
        Some(Verdict::Rejected | Verdict::Parked | Verdict::Unreconciled) => {}
        Some(Verdict::Accepted) | None if !known => remember_unknown(&mut month, event.kind),
        None if !table::allows_stage(event.kind, month.stage) => {}
        Some(Verdict::Accepted) | None => {
            if apply(&mut month, event).is_none() {
                remember_unknown(&mut month, event.kind);
            }
        }
    }
    Some(month)
}

fn create(event: &Recorded<'_>) -> Option<RosterMonth> {
    if event.kind != "roster.opened" || !counts(event) {
        return None;
    }
    let p: Opened = serde_json::from_str(event.payload).ok()?;
    let first = format!("{}-01", event.entity.local()).parse().ok()?;
    let mut month = RosterMonth {
        first,
        contract_hash: p.contract_hash,
        calendar_hash: p.calendar_hash,
        posts: p.posts,
        rules: p.rules,
        stage: Stage::Draft,
        cells: BTreeMap::new(),
        published: None,
        versions: Vec::new(),
        pins: BTreeMap::new(),
        waivers: BTreeMap::new(),
        comments: Vec::new(),
        wishes: BTreeMap::new(),
        swaps: Vec::new(),
        takeovers: Vec::new(),
        confirmations: BTreeMap::new(),
        acts: Vec::new(),
        consent: None,
        submitted_by: None,
        approved_by: None,
        on: None,
        opened: event.id,
        staged: event.id,
        pending: u32::from(event.is_pending()),
        unknown: Vec::new(),
    };
    month.acts.push(acted("opened", event, String::new()));
    Some(month)
}

fn remember_unknown(month: &mut RosterMonth, kind: &str) {
    // Eight names are enough to tell a person what is missing.
    if month.unknown.len() < 8 && !month.unknown.iter().any(|k| k == kind) {
        month.unknown.push(kind.to_owned());
    }
}

fn read<T: DeserializeOwned>(event: &Recorded<'_>) -> Option<T> {
    serde_json::from_str(event.payload).ok()
}

fn acted(act: &str, event: &Recorded<'_>, text: String) -> Acted {
    Acted {
        act: act.to_owned(),
        by: event.user.cloned(),
        at: event.effective_at,
        text,
        pending: event.is_pending(),
    }
}

/// Lets a known event take effect; `None` when its payload cannot be read.
fn apply(month: &mut RosterMonth, event: &Recorded<'_>) -> Option<()> {
    match event.kind {
        "roster.edited" => edit(month, event, read(event)?),
        "roster.waived" => waive(month, event, &read(event)?),
        "roster.commented" => comment(month, event, read(event)?),
        "roster.wished" => wish(month, event, &read(event)?),
        "roster.submitted" => {
            month.submitted_by = event.user.cloned();
            stage(month, event, "submitted", Stage::Submitted, read::<Said>(event)?.text);
        }
        "roster.returned" => stage(month, event, "returned", Stage::Draft, read::<Said>(event)?.text),
        "roster.approved" => {
            month.approved_by = event.user.cloned();
            stage(month, event, "approved", Stage::Approved, read::<Said>(event)?.text);
        }
        "roster.consented" => {
            let said: Consented = read(event)?;
            let text = format!("{} {}", said.who, said.paper).trim().to_owned();
            month.consent = Some(Consent { by: event.user.cloned(), said });
            stage(month, event, "consented", Stage::Consented, text);
        }
        "roster.published" => publish(month, event, read(event)?),
        "roster.seen" => know(month, event, false),
        "roster.confirmed" => know(month, event, true),
        "roster.swap_asked" => ask_swap(month, event, read(event)?),
        "roster.swap_accepted" => answer_swap(month, event, read(event)?),
        "roster.swap_decided" => decide_swap(month, event, read(event)?),
        "roster.taken_over" => take_over(month, event, read(event)?),
        "roster.takeover_decided" => decide_takeover(month, event, read(event)?),
        // A second opening was judged before.
        _ => {}
    }
    Some(())
}

fn edit(month: &mut RosterMonth, event: &Recorded<'_>, p: Edited) {
    for set in p.cells {
        let at = At { date: set.date, post: set.post };
        if month.has(&at) {
            put(month, event, at.key(), set.people);
        }
    }
    for pin in p.pins {
        let key = At { date: pin.date, post: pin.post }.key();
        let pinned = month.pins.entry(key).or_default();
        if pin.pinned {
            pinned.insert(pin.person);
        } else {
            pinned.remove(&pin.person);
        }
    }
    month.pins.retain(|_, pinned| !pinned.is_empty());
    month.on = month.on.max(Some(p.on));
    if month.stage == Stage::Published {
        month.stage = Stage::Draft;
        month.staged = event.id;
    }
}

fn put(month: &mut RosterMonth, event: &Recorded<'_>, key: String, mut people: Vec<UserId>) {
    people.sort();
    people.dedup();
    if let Some(pinned) = month.pins.get_mut(&key) {
        pinned.retain(|person| people.contains(person));
    }
    let cell = Cell { people, event: event.id, by: event.user.cloned(), pending: event.is_pending() };
    month.cells.insert(key, cell);
}

fn waive(month: &mut RosterMonth, event: &Recorded<'_>, p: &Waived) {
    if p.reason.trim().is_empty() {
        month.waivers.remove(&p.key());
    } else {
        month.waivers.insert(p.key(), Waiver { reason: p.reason.clone(), by: event.user.cloned() });
    }
}

fn comment(month: &mut RosterMonth, event: &Recorded<'_>, p: Commented) {
    if month.comments.len() == RosterMonth::LISTED_MAX {
        month.comments.remove(0);
    }
    month.comments.push(Comment {
        id: event.id,
        date: p.date,
        post: p.post,
        text: p.text,
        by: event.user.cloned(),
        at: event.effective_at,
        pending: event.is_pending(),
    });
}

fn wish(month: &mut RosterMonth, event: &Recorded<'_>, p: &Wished) {
    let Some(person) = event.user.cloned() else { return };
    let key = format!("{}/{person}", p.date);
    match p.want.as_str() {
        "on" | "off" => {
            let wish = WishOf { person, date: p.date, on: p.want == "on", weight: p.weight.clamp(1, 3) };
            month.wishes.insert(key, wish);
        }
        _ => {
            month.wishes.remove(&key);
        }
    }
}

fn stage(month: &mut RosterMonth, event: &Recorded<'_>, act: &str, to: Stage, text: String) {
    month.stage = to;
    month.staged = event.id;
    if month.acts.len() == RosterMonth::LISTED_MAX {
        month.acts.remove(0);
    }
    month.acts.push(acted(act, event, text));
    if to == Stage::Draft {
        (month.consent, month.submitted_by, month.approved_by) = (None, None, None);
    }
}

fn publish(month: &mut RosterMonth, event: &Recorded<'_>, p: Said) {
    month.on = month.on.max(p.on);
    let frozen = month.published.as_ref().and(month.on);
    let before: BTreeMap<String, Vec<UserId>> = match &month.published {
        Some(cells) => cells.keys().map(|key| (key.clone(), month.holders(key))).collect(),
        None => BTreeMap::new(),
    };
    let after = published(month, &before, frozen);
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = |cells: &BTreeMap<String, Vec<UserId>>, key: &str| cells.get(key).cloned().unwrap_or_default();
    let changed = keys.into_iter().filter(|key| of(&before, key) != of(&after, key));
    let changed: BTreeMap<String, Vec<UserId>> = changed.map(|key| (key.clone(), of(&before, key))).collect();
    let n = month.version() + 1;
    tell(month, n, &changed, &after);
    keep(month, &after, event);
    month.published = Some(after);
    month.versions.push(Version {
        n,
        at: event.effective_at,
        by: event.user.cloned(),
        submitted_by: month.submitted_by.take(),
        approved_by: month.approved_by.take(),
        consent: month.consent.take(),
        note: p.text.clone(),
        before: changed,
    });
    stage(month, event, "published", Stage::Published, p.text);
}

/// The cells of a new version: what is past stays as it was held.
fn published(
    month: &RosterMonth,
    before: &BTreeMap<String, Vec<UserId>>,
    frozen: Option<Date>,
) -> BTreeMap<String, Vec<UserId>> {
    let is_past = |key: &str| frozen.is_some_and(|frozen| At::of_key(key).is_some_and(|at| at.date < frozen));
    let past =
        before.iter().filter(|(key, _)| is_past(key)).map(|(key, people)| (key.clone(), people.clone()));
    let worked = month.cells.iter().filter(|(key, _)| !is_past(key));
    let worked = worked.map(|(key, cell)| (key.clone(), cell.people.clone()));
    past.chain(worked).filter(|(_, people)| !people.is_empty()).collect()
}

/// Everybody whose duties changed has to look again.
fn tell(
    month: &mut RosterMonth,
    n: u32,
    changed: &BTreeMap<String, Vec<UserId>>,
    after: &BTreeMap<String, Vec<UserId>>,
) {
    for (key, before) in changed {
        let after = after.get(key).cloned().unwrap_or_default();
        let one_side = before.iter().filter(|who| !after.contains(who));
        for person in one_side.chain(after.iter().filter(|who| !before.contains(who))) {
            let told = Confirmation { version: n, ..Confirmation::default() };
            month.confirmations.insert(person.to_string(), told);
        }
    }
}

/// What could not be published any more is given up in the working cells too.
fn keep(month: &mut RosterMonth, after: &BTreeMap<String, Vec<UserId>>, event: &Recorded<'_>) {
    let keys: BTreeSet<String> = month.cells.keys().chain(after.keys()).cloned().collect();
    for key in keys {
        let people = after.get(&key).cloned().unwrap_or_default();
        if month.people(&key) != people {
            put(month, event, key, people);
        }
    }
}

fn know(month: &mut RosterMonth, event: &Recorded<'_>, confirms: bool) {
    let Some(person) = event.user else { return };
    let Ok(said) = serde_json::from_str::<Said>(event.payload) else { return };
    let Some(known) = month.confirmations.get_mut(person.as_str()) else { return };
    // An answer to an older version says nothing about this one.
    if said.version < known.version {
        return;
    }
    known.seen_at = known.seen_at.or(Some(event.effective_at));
    if confirms {
        known.confirmed_at = known.confirmed_at.or(Some(event.effective_at));
    }
}

fn ask_swap(month: &mut RosterMonth, event: &Recorded<'_>, p: SwapAsked) {
    let Some(by) = event.user.cloned().filter(|_| month.swaps.len() < RosterMonth::LISTED_MAX) else {
        return;
    };
    month.swaps.push(Swap {
        id: event.id,
        by,
        mine: p.mine,
        with: p.with,
        theirs: p.theirs,
        reason: p.reason,
        state: SwapState::Asked,
        at: event.effective_at,
        version: 0,
        decided_by: None,
        text: String::new(),
        consent: String::new(),
        event: event.id,
        pending: event.is_pending(),
    });
}

fn answer_swap(month: &mut RosterMonth, event: &Recorded<'_>, p: SwapAnswered) {
    let Some(swap) = month.swaps.iter_mut().find(|swap| swap.id.to_string() == p.swap) else { return };
    swap.state = match (p.accept, event.user == Some(&swap.by)) {
        (true, _) => SwapState::Accepted,
        (false, true) => SwapState::Withdrawn,
        (false, false) => SwapState::Declined,
    };
    (swap.text, swap.event, swap.pending) = (p.text, event.id, event.is_pending());
}

/// The cells that are worked on follow, so that the next version does not undo the swap.
fn decide_swap(month: &mut RosterMonth, event: &Recorded<'_>, p: Decided) {
    let version = month.version();
    let Some(swap) = month.swaps.iter_mut().find(|swap| swap.id.to_string() == p.of) else { return };
    swap.state = if p.approve { SwapState::Approved } else { SwapState::Refused };
    (swap.version, swap.decided_by) = (version, event.user.cloned());
    swap.consent = format!("{} {}", p.consent_who, p.consent_paper).trim().to_owned();
    (swap.text, swap.event, swap.pending) = (p.text, event.id, event.is_pending());
    let swap = swap.clone();
    month.on = month.on.max(Some(p.on));
    if swap.state != SwapState::Approved {
        return;
    }
    for key in [Some(swap.mine.key()), swap.theirs.as_ref().map(At::key)].into_iter().flatten() {
        let mut people = month.people(&key).to_vec();
        apply_swap(&swap, &key, &mut people);
        if people != month.people(&key) {
            put(month, event, key, people);
        }
    }
}

fn take_over(month: &mut RosterMonth, event: &Recorded<'_>, p: TakenOver) {
    if month.takeovers.len() == RosterMonth::LISTED_MAX {
        return;
    }
    month.takeovers.push(Takeover {
        id: event.id,
        place: p.at,
        from: p.from,
        person: p.person,
        instead_of: p.instead_of,
        reason: p.reason,
        by: event.user.cloned(),
        state: TakeoverState::Open,
        text: String::new(),
        event: event.id,
        pending: event.is_pending(),
    });
}

fn decide_takeover(month: &mut RosterMonth, event: &Recorded<'_>, p: Decided) {
    let Some(takeover) = month.takeovers.iter_mut().find(|takeover| takeover.id.to_string() == p.of) else {
        return;
    };
    takeover.state = if p.approve { TakeoverState::Approved } else { TakeoverState::Refused };
    (takeover.text, takeover.event, takeover.pending) = (p.text, event.id, event.is_pending());
}
