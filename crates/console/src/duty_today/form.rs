//! What a handover is filled with: open orders, running clocks, systems, and the lists of the one before.

use super::short;
use crate::door::dto::{
    DoorError, HandoverClock, HandoverForm, HandoverOrder, MatterDto, OrderListArgs, PostRefDto, SystemDto,
    ThingDto,
};
use crate::order::{Desk, REMINDER};
use crate::store::{Person, StoreError};
use zaigang_domain::calendar::{civil_date, format_instant, parse_instant};
use zaigang_domain::clock::target_name;
use zaigang_domain::duty::handover::{
    ClockLine, Handover, LINES_MAX, Matter, MatterKind, OrderLine, SignedOut, Stage, SystemLine, Thing,
    ThingKind,
};
use zaigang_domain::duty::now::Standing;

/// The post where no roster names any. 本项目约定.
const ONLY_POST: (&str, &str) = ("duty", "值班");
/// Days ahead that a holiday suggests itself as a matter. 本项目约定.
const HOLIDAY_DAYS_AHEAD: i32 = 3;

/// Open orders and running clocks at a moment, as they are written into a handover.
pub(super) struct Running {
    pub(super) orders: Vec<OrderLine>,
    pub(super) orders_left: u32,
    pub(super) clocks: Vec<ClockLine>,
}

impl Desk<'_> {
    /// The form: for a handover that waits for a better signing, filled with its words.
    ///
    /// # Errors
    /// As [`Desk::duty_now`].
    pub fn handover_form(&self) -> Result<HandoverForm, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let handovers = self.last_handovers(&log)?;
        let open = handovers
            .iter()
            .find(|(_, each)| each.stage != Stage::Accepted && self.actor.is(each.out.by.as_ref()));
        let last = handovers.iter().find(|(_, each)| each.stage == Stage::Accepted);
        let (running, shown) = (self.running()?, open.map(|(_, handover)| &handover.signed));
        let on_duty = self.on_duty(&contract, &log, &handovers)?;
        let mine = on_duty.seats.iter().filter(|seat| !seat.standby);
        let mine: Vec<_> =
            mine.filter(|seat| seat.people.iter().any(|user| self.actor.is(Some(user)))).collect();
        let turn = mine.first().map_or_else(String::new, |seat| turn_text(seat.since, seat.until));
        let due = mine.iter().find_map(|seat| match &seat.standing {
            Standing::HeldOver { due } => due.first(),
            _ => seat.next.as_ref().and_then(|next| next.people.first()),
        });
        let mut posts: Vec<PostRefDto> = on_duty
            .posts
            .iter()
            .filter(|(id, _)| !on_duty.seats.iter().any(|seat| seat.standby && seat.post == **id))
            .map(|(id, name)| PostRefDto { id: id.clone(), name: name.clone() })
            .collect();
        if posts.is_empty() {
            posts.push(PostRefDto { id: ONLY_POST.0.to_owned(), name: ONLY_POST.1.to_owned() });
        }
        let held: Vec<String> = match shown {
            Some(signed) => signed.posts.iter().map(|post| post.id.clone()).collect(),
            None => mine.iter().map(|seat| seat.post.clone()).collect(),
        };
        let held =
            if held.is_empty() { posts.iter().take(1).map(|post| post.id.clone()).collect() } else { held };
        let before = shown.or(last.map(|(_, handover)| &handover.signed));
        let notes = |order: &str| note_of(before, order);
        Ok(HandoverForm {
            id: open.map(|(id, _)| id.clone()),
            signing: open.map(|(_, handover)| handover.out.event.to_string()),
            refusal: open.map(|(_, handover)| refusal(handover)).unwrap_or_default(),
            carried: last.map(|(_, handover)| self.carried(handover)).transpose()?.unwrap_or_default(),
            turn: shown.map_or_else(|| self.default_turn(turn), |signed| signed.turn.clone()),
            posts,
            held,
            to: shown.map_or(due, |signed| signed.to.as_ref()).map(ToString::to_string),
            witness: shown.and_then(|signed| signed.witness.as_ref()).map(ToString::to_string),
            people: self.successors(&contract)?,
            orders: running
                .orders
                .iter()
                .map(|line| self.order_line(line, Some(notes(&line.order))))
                .collect::<Result<_, _>>()?,
            orders_left: running.orders_left,
            clocks: running.clocks.iter().map(|line| self.clock_line(line)).collect::<Result<_, _>>()?,
            things: match shown {
                Some(signed) => signed.things.iter().map(thing_dto).collect(),
                None => self.things(before)?,
            },
            systems: self.systems(&contract, before)?,
            matters: self.matters(shown, last.map(|(_, handover)| &handover.signed))?,
            note: shown.map(|signed| signed.note.clone()).unwrap_or_default(),
            thing_kinds: thing_kinds(),
            matter_kinds: matter_kinds(),
            may_sign: self.works_on_duty(),
            reminder: REMINDER.to_owned(),
        })
    }

    /// The things of the handover before, and what the stores have lent since.
    fn things(&self, before: Option<&SignedOut>) -> Result<Vec<ThingDto>, DoorError> {
        let things = before.map(|signed| signed.things.as_slice()).unwrap_or_default();
        let mut things: Vec<ThingDto> = things.iter().map(thing_dto).collect();
        for lent in self.lent_things()? {
            if things.len() < LINES_MAX && things.iter().all(|thing| thing.name != lent.name) {
                things.push(lent);
            }
        }
        Ok(things)
    }

    fn default_turn(&self, rostered: String) -> String {
        if !rostered.is_empty() {
            return rostered;
        }
        format!("至 {}", short(self.now))
    }

    fn carried(&self, handover: &Handover) -> Result<String, StoreError> {
        let (from, to) =
            (self.optional_name(handover.out.by.as_ref())?, self.optional_name(handover.taken_by())?);
        Ok(format!("承接 {} {from} → {to} 的交接", short(handover.out.at)))
    }

    /// Everybody of the contract who works in turns, but whoever asks.
    fn successors(&self, contract: &str) -> Result<Vec<crate::door::dto::PersonDto>, DoorError> {
        let works =
            |one: &Person| one.works_under(contract) && super::ON_DUTY.iter().any(|role| one.has(*role));
        let others = self.store.people()?.into_iter().filter(|one| works(one) && !self.is_me(&one.id));
        Ok(others
            .map(|person| crate::door::dto::PersonDto {
                division: person.divisions.join("、"),
                post: person.post.unwrap_or_default(),
                id: person.id,
                name: person.name,
                onsite: person.onsite,
                open_orders: 0,
                initials: person.initials,
            })
            .collect())
    }

    /// Open orders of the person's scope with their clocks, the next deadline first.
    pub(super) fn running(&self) -> Result<Running, DoorError> {
        let args = OrderListArgs { view: "open".into(), ..OrderListArgs::default() };
        let lines_max = u32::try_from(LINES_MAX).unwrap_or(u32::MAX);
        let (places, total) = self.listed(&args, lines_max)?;
        let (mut orders, mut clocks) = (Vec::new(), Vec::new());
        for place in places {
            let Some(row) = self.row_of(place)? else { continue };
            orders.push(OrderLine { order: row.id, number: row.number.clone(), note: String::new() });
            let Some(clock) = row.next_clock.filter(|clock| clock.deadline.is_some()) else { continue };
            let warn = i32::try_from(clock.warn_minutes).unwrap_or(i32::MAX);
            clocks.push(ClockLine {
                number: row.number,
                near: clock.remaining_minutes.is_some_and(|left| left <= warn),
                deadline: clock.deadline.as_deref().and_then(|at| parse_instant(at).ok()),
                target: clock.target,
            });
        }
        let orders_left = total.saturating_sub(u32::try_from(orders.len()).unwrap_or(u32::MAX));
        Ok(Running { orders, orders_left, clocks })
    }

    /// A line as screens show it; `note` in the place of its own.
    pub(super) fn order_line(
        &self,
        line: &OrderLine,
        note: Option<String>,
    ) -> Result<HandoverOrder, StoreError> {
        let order = self.order(&line.order).ok().map(|(_, order)| order);
        let order = order.as_ref();
        Ok(HandoverOrder {
            id: line.order.clone(),
            number: line.number.clone(),
            title: order.map(|order| order.title.clone()).unwrap_or_default(),
            division: order.map(|order| order.division.clone()).unwrap_or_default(),
            status: order.map(|order| status(order).to_owned()).unwrap_or_default(),
            assignee: self.optional_name(order.and_then(|order| order.assignee.as_ref()))?,
            note: note.unwrap_or_else(|| line.note.clone()),
        })
    }

    pub(super) fn clock_line(&self, line: &ClockLine) -> Result<HandoverClock, StoreError> {
        let order = self.order(&line.number).ok();
        let row = order.map(|(id, order)| self.row(id.to_string(), &order)).transpose()?;
        let clock = row.and_then(|row| row.next_clock).filter(|clock| clock.target == line.target);
        let name = line.target.parse().map_or_else(|_| line.target.clone(), |t| target_name(t).to_owned());
        Ok(HandoverClock {
            number: line.number.clone(),
            name,
            deadline: line.deadline.map(format_instant),
            near: line.near,
            clock,
        })
    }

    /// Systems of the divisions the person works for, in service, with what was said of them last.
    fn systems(&self, contract: &str, before: Option<&SignedOut>) -> Result<Vec<SystemDto>, StoreError> {
        let Some(in_force) = self.in_force_of(contract)? else { return Ok(Vec::new()) };
        let divisions = self.divisions()?;
        let profile = in_force.bound.profile;
        let today = civil_date(self.now);
        let served = profile.objects.iter().filter(|object| {
            let mine = object.division.as_ref().is_none_or(|name| divisions.iter().any(|(_, d)| d == name));
            mine && object.parent.is_none() && profile.in_service(object, today) != Some(false)
        });
        let said = |id: &str| before.and_then(|signed| signed.systems.iter().find(|row| row.object == id));
        Ok(served
            .take(LINES_MAX)
            .map(|object| SystemDto {
                object: object.id.clone(),
                name: object.name.clone(),
                division: object.division.clone().unwrap_or_default(),
                normal: said(&object.id).is_none_or(|row| row.normal),
                note: said(&object.id).map(|row| row.note.clone()).unwrap_or_default(),
            })
            .collect())
    }

    pub(super) fn system_line(&self, contract: &str, row: &SystemLine) -> Result<SystemDto, StoreError> {
        let in_force = self.in_force_of(contract)?;
        let object = in_force.as_ref().and_then(|found| found.bound.profile.object(&row.object));
        Ok(SystemDto {
            object: row.object.clone(),
            name: object.map_or_else(|| row.object.clone(), |object| object.name.clone()),
            division: object.and_then(|object| object.division.clone()).unwrap_or_default(),
            normal: row.normal,
            note: row.note.clone(),
        })
    }

    /// Matters that are open, alarms nobody has taken, and a holiday that is near.
    fn matters(
        &self,
        shown: Option<&SignedOut>,
        last: Option<&SignedOut>,
    ) -> Result<Vec<MatterDto>, DoorError> {
        let mut matters: Vec<MatterDto> = match shown {
            Some(signed) => signed.matters.iter().map(matter_dto).collect(),
            None => last.iter().flat_map(|signed| signed.open_matters()).map(matter_dto).collect(),
        };
        // What was told once and ticked is not suggested anew.
        let told: Vec<&Matter> = last.iter().flat_map(|signed| &signed.matters).collect();
        let is_new = |matters: &[MatterDto], id: &str| {
            matters.iter().all(|matter| matter.id != id) && told.iter().all(|matter| matter.id != id)
        };
        let today = civil_date(self.now).to_string();
        for row in self.alarms()? {
            let id = format!("alarm-{}", row.number);
            if is_new(&matters, &id) {
                let text = format!(
                    "{} {}级故障尚无人接单：{}",
                    row.number,
                    row.level.unwrap_or_default(),
                    row.object
                );
                matters.push(MatterDto {
                    id,
                    kind: MatterKind::Alarm.code().to_owned(),
                    text: text.trim_end_matches('：').to_owned(),
                    since: today.clone(),
                    done: false,
                });
            }
        }
        if let Some(day) = self.holiday_ahead()? {
            let id = format!("holiday-{}", day.0);
            if is_new(&matters, &id) {
                let text = format!("{} 起{}，核对节假日保障与封网安排", day.0, day.1);
                let kind = MatterKind::Coverage.code().to_owned();
                matters.push(MatterDto { id, kind, text, since: today, done: false });
            }
        }
        for (id, text) in self.coverage_notices()? {
            if is_new(&matters, &id) {
                let (kind, since) =
                    (MatterKind::Coverage.code().to_owned(), civil_date(self.now).to_string());
                matters.push(MatterDto { id, kind, text, since, done: false });
            }
        }
        Ok(matters)
    }

    /// The first day of the next holiday, if it is near: date, name.
    fn holiday_ahead(&self) -> Result<Option<(String, String)>, StoreError> {
        let (calendar, today) = (self.calendar()?, civil_date(self.now));
        let is_off =
            |date| calendar.day(date).holiday.filter(|_| calendar.day(date).kind.is_worked() == Some(false));
        if is_off(today).is_some() {
            return Ok(None);
        }
        let days = (1..=HOLIDAY_DAYS_AHEAD).filter_map(|n| today.checked_add(jiff::Span::new().days(n)).ok());
        let mut near =
            days.filter_map(|date| Some((date.strftime("%m-%d").to_string(), is_off(date)?.to_owned())));
        Ok(near.next())
    }
}

fn turn_text(from: Option<jiff::Timestamp>, to: Option<jiff::Timestamp>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{} 至 {}", short(from), short(to)),
        (Some(from), None) => format!("{} 起", short(from)),
        (None, _) => String::new(),
    }
}

fn note_of(before: Option<&SignedOut>, order: &str) -> String {
    let line = before.and_then(|signed| signed.orders.iter().find(|line| line.order == order));
    line.map(|line| line.note.clone()).unwrap_or_default()
}

fn refusal(handover: &Handover) -> String {
    let answer = handover.answer.as_ref().filter(|_| handover.stage == Stage::Refused);
    answer.map(|answer| answer.text.clone()).unwrap_or_default()
}

fn status(order: &zaigang_domain::order::Order) -> &'static str {
    if order.suspended { "挂起" } else { order.status.title() }
}

pub(super) fn thing_dto(thing: &Thing) -> ThingDto {
    ThingDto {
        kind: thing.kind.code().to_owned(),
        name: thing.name.clone(),
        count: thing.count,
        note: thing.note.clone(),
    }
}

pub(super) fn matter_dto(matter: &Matter) -> MatterDto {
    MatterDto {
        id: matter.id.clone(),
        kind: matter.kind.code().to_owned(),
        text: matter.text.clone(),
        since: matter.since.to_string(),
        done: matter.done,
    }
}

pub(super) fn thing_kinds() -> Vec<(String, String)> {
    ThingKind::ALL.map(|kind| (kind.code().to_owned(), kind.title().to_owned())).to_vec()
}

pub(super) fn matter_kinds() -> Vec<(String, String)> {
    MatterKind::ALL.map(|kind| (kind.code().to_owned(), kind.title().to_owned())).to_vec()
}
