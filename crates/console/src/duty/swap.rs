//! Swaps and takeovers: asked, answered, decided.

use super::check::{Cells, Checked};
use super::compare::place_text;
use super::month::{Roster, user_of};
use crate::door::dto::{
    DoorError, PlaceDto, ProblemDto, SwapAnswer, SwapAsk, SwapDecide, SwapDto, TakeOver, Written,
};
use crate::order::{Desk, Pen, already, date_of, key, stated_time};
use zaigang_domain::calendar::format_instant;
use zaigang_domain::duty::month::payload::{Decided, SwapAnswered, SwapAsked, TakenOver};
use zaigang_domain::duty::month::{self, Place, Swap, SwapState, table};
use zaigang_domain::event::UserId;
use zaigang_domain::people::{Role, may};

impl Desk<'_> {
    /// Swaps of a month, newest first: one's own, and all for a supervisor.
    ///
    /// # Errors
    /// Not found for a month that was not opened.
    pub fn roster_swaps(&self, month: &str) -> Result<Vec<SwapDto>, DoorError> {
        let roster = self.roster(month)?;
        let checked = self.compiled(&roster)?;
        let known = self.problems(&roster, &checked, &roster.month.held().collect());
        let mine = |swap: &&Swap| {
            self.actor.is(Some(&swap.by))
                || self.actor.is(Some(&swap.with))
                || self.actor.has(Role::Supervisor)
        };
        let swaps = roster.month.swaps.iter().rev().filter(mine);
        swaps.map(|swap| self.swap_dto(&roster, &checked, &known, swap)).collect()
    }

    fn swap_dto(
        &self,
        roster: &Roster,
        checked: &Checked,
        known: &[ProblemDto],
        swap: &Swap,
    ) -> Result<SwapDto, DoorError> {
        let open = matches!(swap.state, SwapState::Asked | SwapState::Accepted);
        let can = roster.month.can_swap(&swap.by, &swap.mine, &swap.with, swap.theirs.as_ref());
        let void = open && !can;
        let (state, state_text) = match void {
            true => ("void", "班次已变，申请失效"),
            false => (swap.state.as_str(), swap.state.title()),
        };
        let asked = self.actor.is(Some(&swap.with)) && swap.state == SwapState::Asked && !void;
        let decided = roster.month.version() > 0
            && self.may_decide(roster, &swap.id.to_string(), "roster.swap_decided");
        Ok(SwapDto {
            id: swap.id.to_string(),
            by: swap.by.to_string(),
            by_name: self.name(swap.by.as_str())?,
            mine: place_dto(&swap.mine),
            with: swap.with.to_string(),
            with_name: self.name(swap.with.as_str())?,
            theirs: swap.theirs.as_ref().map(place_dto),
            reason: swap.reason.clone(),
            state: state.to_owned(),
            state_text: state_text.to_owned(),
            asked_at: format_instant(swap.at),
            decided_by: swap.decided_by.as_ref().map(|by| self.name(by.as_str())).transpose()?,
            text: swap.text.clone(),
            problems: if open && can { self.swap_problems(roster, checked, known, swap) } else { Vec::new() },
            may_answer: asked,
            may_withdraw: self.actor.is(Some(&swap.by)) && open,
            may_decide: decided,
            pending: swap.pending,
        })
    }

    fn may_decide(&self, roster: &Roster, id: &str, kind: &str) -> bool {
        let of = Decided {
            of: id.to_owned(),
            on: roster.today,
            approve: true,
            text: String::new(),
            consent_who: "-".to_owned(),
            consent_paper: "-".to_owned(),
        };
        let payload = serde_json::to_string(&of).unwrap_or_default();
        may(self.actor, kind, &roster.log) && table::allows(kind, &roster.month, self.actor, &payload).is_ok()
    }

    /// Breaches that the swap would make, which are not `known` without it.
    fn swap_problems(
        &self,
        roster: &Roster,
        checked: &Checked,
        known: &[ProblemDto],
        swap: &Swap,
    ) -> Vec<ProblemDto> {
        let mut after: Cells = roster.month.held().collect();
        give(&mut after, &swap.mine, &swap.by, &swap.with);
        if let Some(theirs) = &swap.theirs {
            give(&mut after, theirs, &swap.with, &swap.by);
        }
        let mut found = self.problems(roster, checked, &after);
        found.retain(|one| one.severity == "hard" && !known.contains(one));
        found
    }
}

fn give(cells: &mut Cells, at: &Place, gone: &UserId, come: &UserId) {
    if let Some(people) = cells.get_mut(&at.key()) {
        people.retain(|person| person != gone);
        people.push(come.clone());
        people.sort();
    }
}

fn place_dto(at: &Place) -> PlaceDto {
    PlaceDto { date: at.date.to_string(), post: at.post.clone() }
}

fn place_of(roster: &Roster, place: &PlaceDto, field: &str) -> Result<Place, DoorError> {
    let at = Place { date: date_of(&place.date, &format!("{field}.date"))?, post: place.post.clone() };
    if roster.month.has(&at) {
        return Ok(at);
    }
    Err(DoorError::bad_input("所选的班次不在这个月的排班表里，请重新选择。").at(field))
}

impl Pen<'_> {
    /// Asks a colleague to take one's duty.
    ///
    /// # Errors
    /// Bad input naming the field; not now where the duty is not one's own.
    pub fn ask_swap(&mut self, args: &SwapAsk) -> Result<Written, DoorError> {
        let roster = self.desk().roster(&args.month)?;
        let key = key(self, &format!("roster/{}/swap", roster.month.name()), &args.idempotency_key)?;
        let mine = place_of(&roster, &args.mine, "mine")?;
        let theirs = args.theirs.as_ref().map(|theirs| place_of(&roster, theirs, "theirs")).transpose()?;
        let with = user_of(&args.with, "with")?;
        if roster.person(with.as_str()).is_none_or(|person| person.disabled) {
            return Err(DoorError::bad_input("没有这个人，或已停用，请另选一位同事。").at("with"));
        }
        let message = format!("已向 {} 申请换班，待其答复", roster.name(with.as_str()));
        if self.is_repeated(&key)? {
            return Ok(already(&roster.entity, message));
        }
        self.check_right("roster.swap_asked", &roster.log)?;
        let reason = args.reason.trim().to_owned();
        let asked = SwapAsked { on: roster.today, mine, with, theirs, reason };
        let draft = month::ask_swap(&roster.month, &asked, self.actor, self.host.now())?;
        self.keep(&roster, vec![draft], &key, message)
    }

    /// Answers a colleague, or takes back one's own asking.
    ///
    /// # Errors
    /// Not allowed for anybody else; not now where it is decided.
    pub fn answer_swap(&mut self, args: &SwapAnswer) -> Result<Written, DoorError> {
        let text = args.text.trim().to_owned();
        let answer = SwapAnswered { swap: args.swap.clone(), accept: args.accept, text };
        let message = if args.accept {
            "已同意换班，待项目经理审批"
        } else {
            "已答复，换班不成立"
        };
        self.decided(&args.month, "roster.swap_accepted", &args.swap, &answer, &args.idempotency_key, message)
    }

    /// Decides on a swap that both want.
    ///
    /// # Errors
    /// Not allowed for whoever is part of it; bad input without the consent the settings demand.
    pub fn decide_swap(&mut self, args: &SwapDecide) -> Result<Written, DoorError> {
        let message = if args.approve { "已批准换班" } else { "未批准换班" };
        let decided = self.decision(args);
        self.decided(&args.month, "roster.swap_decided", &args.swap, &decided, &args.idempotency_key, message)
    }

    /// Decides on a takeover that happened.
    ///
    /// # Errors
    /// Not allowed for whoever is part of it.
    pub fn decide_takeover(&mut self, args: &SwapDecide) -> Result<Written, DoorError> {
        let message = if args.approve { "已认可顶岗" } else { "未认可顶岗" };
        let decided = self.decision(args);
        let kind = "roster.takeover_decided";
        self.decided(&args.month, kind, &args.swap, &decided, &args.idempotency_key, message)
    }

    fn decision(&self, args: &SwapDecide) -> Decided {
        Decided {
            of: args.swap.clone(),
            on: zaigang_domain::calendar::civil_date(self.host.now()),
            approve: args.approve,
            text: args.text.trim().to_owned(),
            consent_who: args.consent_who.trim().to_owned(),
            consent_paper: args.consent_paper.trim().to_owned(),
        }
    }

    fn decided<T: serde::Serialize>(
        &mut self,
        month: &str,
        kind: &'static str,
        id: &str,
        payload: &T,
        idempotency_key: &str,
        message: &str,
    ) -> Result<Written, DoorError> {
        let roster = self.desk().roster(month)?;
        let key = key(self, &format!("{kind}/{id}"), idempotency_key)?;
        if self.is_repeated(&key)? {
            return Ok(already(&roster.entity, message.to_owned()));
        }
        self.check_right(kind, &roster.log)?;
        let draft = month::decide_swap(&roster.month, kind, id, payload, self.actor, self.host.now())?;
        self.keep(&roster, vec![draft], &key, message.to_owned())
    }

    /// Takes over a duty at once, or registers that somebody did.
    ///
    /// # Errors
    /// Bad input naming the field; not now where the other does not hold it.
    pub fn take_over(&mut self, args: &TakeOver) -> Result<Written, DoorError> {
        let date = date_of(&args.place.date, "place.date")?;
        let month = super::month::month_name(&date.first_of_month());
        let roster = self.desk().roster(&month)?;
        let key = key(self, "roster/take_over", &args.idempotency_key)?;
        let at = place_of(&roster, &args.place, "place")?;
        let now = self.host.now();
        let from = stated_time(args.from.as_deref(), "from")?.unwrap_or(now);
        if from > now {
            return Err(DoorError::bad_input("顶岗时间不能晚于现在；以后的班请申请换班。").at("from"));
        }
        let own = self.actor.user().map(UserId::as_str).unwrap_or_default().to_owned();
        let person = args.person.as_deref().map(str::trim).filter(|person| !person.is_empty());
        let person = user_of(person.unwrap_or(&own), "person")?;
        let instead_of = user_of(&args.instead_of, "instead_of")?;
        if args.reason.trim().is_empty() {
            return Err(DoorError::bad_input("请写明顶岗的原因。").at("reason"));
        }
        let message = format!("已登记顶岗：{}，须在下一工作日内补批", place_text(&roster, &at, &person));
        if self.is_repeated(&key)? {
            return Ok(already(&roster.entity, message));
        }
        self.check_right("roster.taken_over", &roster.log)?;
        let reason = args.reason.trim().to_owned();
        let taken = TakenOver { at, from, person, instead_of, reason };
        let draft = month::act(&roster.month, "roster.taken_over", &taken, self.actor, now)?;
        self.keep(&roster, vec![draft], &key, message)
    }
}
