//! The one table of what may happen to a month, by stage and person. The console's `decide`, the
//! centre's `judge` and what a screen offers read it and nothing else.

use super::payload::{
    At, Commented, Consented, Decided, Edited, Said, SwapAnswered, SwapAsked, TakenOver, Waived, Wished,
};
use super::state::{RosterMonth, Stage, SwapState, TakeoverState};
use crate::event::{EventId, UserId};
use crate::people::{Actor, Role};
use Stage::{Approved, Consented as ConsentedTo, Draft, Published, Submitted};

/// Who may do it, beyond what the table of event types says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A supervisor, for posts of his divisions.
    Scoped,
    /// A supervisor of the whole contract.
    Supervisor,
    /// A supervisor of the whole contract who did not submit it, unless nobody else is.
    Reviewer,
    /// A supervisor of the whole contract, or the buyer.
    SupervisorOrBuyer,
    /// Who holds the duty.
    Holder,
    /// The colleague who was asked; who asked may take it back.
    Asked,
    /// A supervisor who gets or gives nothing by it.
    Neutral,
    /// Whoever the table of event types names.
    Anyone,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Event type.
    pub kind: &'static str,
    /// Stages at which it is legal; empty: all.
    pub stages: &'static [Stage],
    /// Who.
    pub who: Who,
}

const fn row(kind: &'static str, stages: &'static [Stage], who: Who) -> Row {
    Row { kind, stages, who }
}

/// Every act on a month that exists.
pub static ROWS: &[Row] = &[
    row("roster.edited", &[Draft, Published], Who::Scoped),
    row("roster.waived", &[Draft, Submitted, Published], Who::Scoped),
    row("roster.commented", &[], Who::Anyone),
    row("roster.wished", &[], Who::Anyone),
    row("roster.submitted", &[Draft], Who::Supervisor),
    row("roster.returned", &[Submitted, Approved, ConsentedTo], Who::SupervisorOrBuyer),
    row("roster.approved", &[Submitted], Who::Reviewer),
    row("roster.consented", &[Approved], Who::SupervisorOrBuyer),
    row("roster.published", &[ConsentedTo], Who::Supervisor),
    row("roster.seen", &[], Who::Anyone),
    row("roster.confirmed", &[], Who::Anyone),
    row("roster.swap_asked", &[], Who::Holder),
    row("roster.swap_accepted", &[], Who::Asked),
    row("roster.swap_decided", &[], Who::Neutral),
    row("roster.taken_over", &[], Who::Anyone),
    row("roster.takeover_decided", &[], Who::Neutral),
];

/// Why an act is not legal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// The payload cannot be read, or names what the month does not have.
    Content,
    /// Not at this stage, or what it answers is not open any more; with the event that made it so.
    Now(Option<EventId>),
    /// Not this person's to do.
    Person,
    /// He would decide on his own.
    Own,
    /// Published and past.
    Past,
}

/// Whether the stage allows it; a type without a row is never allowed.
#[must_use]
pub fn allows_stage(kind: &str, stage: Stage) -> bool {
    ROWS.iter().any(|row| row.kind == kind && (row.stages.is_empty() || row.stages.contains(&stage)))
}

/// Whether an act is legal on a month.
///
/// # Errors
/// The first [`Objection`]: content, stage, person, then what the act itself asks.
pub fn allows(kind: &str, month: &RosterMonth, actor: &Actor, payload: &str) -> Result<(), Objection> {
    let row = ROWS.iter().find(|row| row.kind == kind).ok_or(Objection::Content)?;
    if !allows_stage(kind, month.stage) {
        return Err(Objection::Now(Some(month.staged)));
    }
    let act = Act { month, actor, payload };
    match kind {
        "roster.edited" => act.edited(),
        "roster.waived" => act.waived(),
        "roster.commented" => act.commented(),
        "roster.wished" => act.wished(),
        "roster.consented" => act.consented(),
        "roster.approved" => act.approved(),
        "roster.returned" => act.returned(),
        "roster.seen" | "roster.confirmed" => act.known(),
        "roster.swap_asked" => act.swap_asked(),
        "roster.swap_accepted" => act.swap_answered(),
        "roster.swap_decided" => act.swap_decided(),
        "roster.taken_over" => act.taken_over(),
        "roster.takeover_decided" => act.takeover_decided(),
        _ => act.read::<Said>().map(|_| ()),
    }?;
    act.person(row.who)
}

struct Act<'a> {
    month: &'a RosterMonth,
    actor: &'a Actor,
    payload: &'a str,
}

fn check(holds: bool, objection: Objection) -> Result<(), Objection> {
    if holds { Ok(()) } else { Err(objection) }
}

impl Act<'_> {
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Objection> {
        serde_json::from_str(self.payload).map_err(|_| Objection::Content)
    }

    /// The relations that need nothing of the payload; the others are asked where it is read.
    fn person(&self, who: Who) -> Result<(), Objection> {
        let whole = self.actor.divisions.is_empty();
        let supervisor = whole && self.actor.has(Role::Supervisor);
        let fits = match who {
            Who::Supervisor | Who::Reviewer => supervisor,
            Who::SupervisorOrBuyer => supervisor || self.actor.has(Role::BuyerContact),
            Who::Scoped | Who::Neutral => self.actor.has(Role::Supervisor),
            Who::Holder | Who::Asked | Who::Anyone => self.actor.user().is_some(),
        };
        check(fits, Objection::Person)
    }

    fn is(&self, user: &UserId) -> bool {
        self.actor.is(Some(user))
    }

    /// Whether the actor's divisions reach a post; a post of all divisions is everybody's.
    fn reaches(&self, post: &str) -> bool {
        let scope = &self.actor.divisions;
        let post = self.month.post(post);
        post.is_none_or(|post| {
            scope.is_empty()
                || post.divisions.is_empty()
                || post.divisions.iter().any(|division| scope.contains(division))
        })
    }

    fn is_past(&self, date: jiff::civil::Date, on: jiff::civil::Date) -> bool {
        self.month.frozen_before(on).is_some_and(|frozen| date < frozen)
    }

    fn edited(&self) -> Result<(), Objection> {
        let p: Edited = self.read()?;
        let cells = p.cells.iter().map(|cell| At { date: cell.date, post: cell.post.clone() });
        let pins = p.pins.iter().map(|pin| At { date: pin.date, post: pin.post.clone() });
        let places: Vec<At> = cells.chain(pins).collect();
        check(!places.is_empty() && places.iter().all(|at| self.month.has(at)), Objection::Content)?;
        check(!places.iter().any(|at| self.is_past(at.date, p.on)), Objection::Past)?;
        check(places.iter().all(|at| self.reaches(&at.post)), Objection::Person)
    }

    fn waived(&self) -> Result<(), Objection> {
        let p: Waived = self.read()?;
        check(!p.rule.is_empty() && p.key().len() < 300, Objection::Content)?;
        check(p.post.as_deref().is_none_or(|post| self.reaches(post)), Objection::Person)
    }

    fn commented(&self) -> Result<(), Objection> {
        let p: Commented = self.read()?;
        check(!p.text.trim().is_empty(), Objection::Content)
    }

    fn wished(&self) -> Result<(), Objection> {
        let p: Wished = self.read()?;
        let known = matches!(p.want.as_str(), "on" | "off" | "none");
        check(known && p.date.first_of_month() == self.month.first, Objection::Content)
    }

    fn returned(&self) -> Result<(), Objection> {
        let p: Said = self.read()?;
        check(!p.text.trim().is_empty(), Objection::Content)
    }

    /// 编制 ≠ 审核, unless nobody else holds the role and that is said.
    fn approved(&self) -> Result<(), Objection> {
        let p: Said = self.read()?;
        let own = self.actor.is(self.month.submitted_by.as_ref());
        check(!own || p.alone, Objection::Own)
    }

    /// What is recorded for the buyer names a unit and a paper; his own account needs neither.
    fn consented(&self) -> Result<(), Objection> {
        let p: Consented = self.read()?;
        let recorded = !p.who.trim().is_empty() && !p.paper.trim().is_empty();
        check(recorded || self.actor.has(Role::BuyerContact), Objection::Content)
    }

    fn known(&self) -> Result<(), Objection> {
        let _: Said = self.read()?;
        let known =
            self.actor.user().is_some_and(|user| self.month.confirmations.contains_key(user.as_str()));
        check(known, Objection::Now(Some(self.month.staged)))
    }

    fn swap_asked(&self) -> Result<(), Objection> {
        let p: SwapAsked = self.read()?;
        let Some(by) = self.actor.user() else { return Err(Objection::Person) };
        let places: Vec<&At> = std::iter::once(&p.mine).chain(&p.theirs).collect();
        check(p.with != *by && places.iter().all(|at| self.month.has(at)), Objection::Content)?;
        check(!places.iter().any(|at| self.is_past(at.date, p.on)), Objection::Past)?;
        let can = self.month.can_swap(by, &p.mine, &p.with, p.theirs.as_ref());
        check(can, Objection::Now(Some(self.month.staged)))
    }

    fn swap_answered(&self) -> Result<(), Objection> {
        let p: SwapAnswered = self.read()?;
        let swap = self.month.swap(&p.swap).ok_or(Objection::Content)?;
        let takes_back = !p.accept && self.is(&swap.by);
        let open = match swap.state {
            SwapState::Asked => true,
            SwapState::Accepted => takes_back,
            _ => false,
        };
        check(open, Objection::Now(Some(swap.event)))?;
        check(takes_back || self.is(&swap.with), Objection::Person)
    }

    fn swap_decided(&self) -> Result<(), Objection> {
        let p: Decided = self.read()?;
        let swap = self.month.swap(&p.of).ok_or(Objection::Content)?;
        check(swap.state == SwapState::Accepted, Objection::Now(Some(swap.event)))?;
        check(!self.is(&swap.by) && !self.is(&swap.with), Objection::Own)?;
        if !p.approve {
            return check(!p.text.trim().is_empty(), Objection::Content);
        }
        let consented = !p.consent_who.trim().is_empty() && !p.consent_paper.trim().is_empty();
        check(consented || !self.month.rules.swap_consent, Objection::Content)?;
        let mut places = std::iter::once(&swap.mine).chain(&swap.theirs);
        check(!places.any(|at| self.is_past(at.date, p.on)), Objection::Past)?;
        let can = self.month.can_swap(&swap.by, &swap.mine, &swap.with, swap.theirs.as_ref());
        check(can, Objection::Now(Some(self.month.staged)))
    }

    /// It happened: what does not fit is kept beside.
    fn taken_over(&self) -> Result<(), Objection> {
        let p: TakenOver = self.read()?;
        check(p.person != p.instead_of && self.month.has(&p.at), Objection::Content)?;
        let mut holders = self.month.holders(&p.at.key());
        let taken = self.month.takeovers.iter().filter(|one| one.place == p.at);
        holders.extend(taken.map(|one| one.person.clone()));
        let fits = holders.contains(&p.instead_of) && !holders.contains(&p.person);
        check(fits, Objection::Now(Some(self.month.staged)))
    }

    fn takeover_decided(&self) -> Result<(), Objection> {
        let p: Decided = self.read()?;
        let takeover = self.month.takeover(&p.of).ok_or(Objection::Content)?;
        check(takeover.state == TakeoverState::Open, Objection::Now(Some(takeover.event)))?;
        check(!self.is(&takeover.person) && !self.is(&takeover.instead_of), Objection::Own)?;
        check(p.approve || !p.text.trim().is_empty(), Objection::Content)
    }
}
