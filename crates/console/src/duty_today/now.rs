//! Who is on duty now, by the published roster and the handovers that were accepted.

use super::roster::Rostered;
use super::{only, short};
use crate::door::dto::{DoorError, DutyNow, MyDuty, SeatDto, SeatNext, SeatPerson};
use crate::order::Desk;
use crate::store::{Person, StoreError};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use std::collections::BTreeMap;
use zaigang_domain::calendar::{ZONE, format_instant, midnight};
use zaigang_domain::duty::handover::{Handover, Stage};
use zaigang_domain::duty::now::{Handed, Seat, Standing, seats};
use zaigang_domain::event::{EntityId, LogName, UserId};
use zaigang_domain::judge::EntityState;

/// Data older than this is said to be old: a turn of the shortest usual length. A guess.
const STALE_AFTER_SECONDS: i64 = 4 * 3600;

/// Handovers read for what is asked at every change: a month of two turns a day at two posts.
const HANDOVERS_MAX: u32 = 120;

/// By how much the clock of a PC that runs may be wrong, in days. A guess.
const CLOCKS_APART_DAYS: i64 = 31;
/// Nothing was signed before: the acceptance of the earliest contract here. A clock that says so has lost
/// its battery.
const FIRST_USE: Date = Date::constant(2024, 1, 1);
const UNIX_EPOCH: Date = Date::constant(1970, 1, 1);

/// The least name of a handover whose id was made from a date on: ids are UUIDv7 and begin with the
/// milliseconds since 1970 (RFC 9562, section 5.7).
fn named_from(date: Date) -> String {
    let ms = u64::try_from(midnight(date) / 1_000).unwrap_or(0);
    let hex = format!("{ms:012x}");
    let (high, low) = hex.split_at(8);
    format!("handover/{high}-{low}")
}

/// Duty at a moment, with what names need.
pub(super) struct OnDuty {
    pub(super) seats: Vec<Seat>,
    pub(super) posts: BTreeMap<String, String>,
    pub(super) published: bool,
}

impl Desk<'_> {
    /// The handovers of a span of days and some around it, newest first. They are found by their names,
    /// which begin with the clock of the PC they were signed at: a month on either side is read too, and
    /// whatever was named by a clock that had fallen back to its factory's date.
    pub(crate) fn handovers_between(
        &self,
        log: &LogName,
        from: Date,
        to: Date,
    ) -> Result<Vec<(String, Handover)>, StoreError> {
        let first = from.saturating_sub(CLOCKS_APART_DAYS.days());
        let end = to.saturating_add(CLOCKS_APART_DAYS.days());
        let read =
            |first: Date, end: Date| self.store.states_between(log, &named_from(first), &named_from(end));
        let mut found = read(first.max(FIRST_USE), end)?;
        found.extend(read(UNIX_EPOCH, FIRST_USE)?);
        Ok(newest_first(found))
    }

    /// The same for those that came here last: duty now stands on no older ones.
    pub(super) fn last_handovers(&self, log: &LogName) -> Result<Vec<(String, Handover)>, StoreError> {
        Ok(newest_first(self.store.newest_states(log, "handover", HANDOVERS_MAX)?))
    }

    pub(super) fn on_duty(
        &self,
        contract: &str,
        log: &LogName,
        handovers: &[(String, Handover)],
    ) -> Result<OnDuty, DoorError> {
        let Rostered { shifts, mut posts, published } = self.rostered(contract, log)?;
        let handed: Vec<Handed> = handovers.iter().filter_map(|(_, handover)| handed(handover)).collect();
        for post in handovers.iter().flat_map(|(_, handover)| &handover.signed.posts) {
            posts.entry(post.id.clone()).or_insert_with(|| post.name.clone());
        }
        Ok(OnDuty { seats: seats(&shifts, &handed, self.now), posts, published })
    }

    /// Who is on duty now.
    ///
    /// # Errors
    /// Not now where this console holds no common log; internal when the store fails.
    pub fn duty_now(&self) -> Result<DutyNow, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let handovers = self.last_handovers(&log)?;
        let on_duty = self.on_duty(&contract, &log, &handovers)?;
        let people = self.store.people()?;
        let mut rows: Vec<SeatDto> =
            on_duty.seats.iter().map(|seat| self.seat(seat, &on_duty.posts, &people)).collect();
        rows.sort_by_key(|row| (row.standby, row.people.is_empty()));
        let last = self.store.last_synced_at()?;
        let age = last.map(|at| (self.now.as_millisecond() - at).max(0) / 1_000);
        Ok(DutyNow {
            line: line(&rows, self.now),
            mine: self.my_duty(&rows, &on_duty, &handovers)?,
            note: note(&rows, on_duty.published).to_owned(),
            published: on_duty.published,
            age_seconds: age.map(|age| u32::try_from(age).unwrap_or(u32::MAX)),
            stale: age.is_none_or(|age| age > STALE_AFTER_SECONDS),
            now: format_instant(self.now),
            seats: rows,
        })
    }

    fn seat(&self, seat: &Seat, posts: &BTreeMap<String, String>, people: &[Person]) -> SeatDto {
        let names = |users: &[UserId]| users.iter().map(|user| name_of(people, user)).collect::<Vec<_>>();
        let (standing, note) = match &seat.standing {
            Standing::Rostered => ("rostered", String::new()),
            Standing::Accepted => ("accepted", String::new()),
            Standing::Vacant => ("vacant", String::new()),
            Standing::HeldOver { due } => {
                ("held_over", format!("交接班未完成，应由{}接班", names(due).join("、")))
            }
        };
        SeatDto {
            post: seat.post.clone(),
            name: posts.get(&seat.post).cloned().unwrap_or_else(|| seat.post.clone()),
            standby: seat.standby,
            people: seat.people.iter().map(|user| self.seat_person(user, people)).collect(),
            since: seat.since.map(format_instant),
            // Nobody knows how long it takes until somebody accepts.
            until: seat.until.filter(|_| standing != "held_over").map(format_instant),
            next: seat
                .next
                .as_ref()
                .map(|next| SeatNext { names: names(&next.people), from: format_instant(next.from) }),
            standing: standing.to_owned(),
            note,
        }
    }

    fn seat_person(&self, user: &UserId, people: &[Person]) -> SeatPerson {
        let division = people.iter().find(|person| person.id == user.as_str());
        SeatPerson {
            id: user.to_string(),
            name: name_of(people, user),
            division: division.map(|person| person.divisions.join("、")).unwrap_or_default(),
            mine: self.actor.is(Some(user)),
        }
    }

    fn my_duty(
        &self,
        rows: &[SeatDto],
        on_duty: &OnDuty,
        handovers: &[(String, Handover)],
    ) -> Result<Option<MyDuty>, DoorError> {
        let Some(me) = self.actor.user() else { return Ok(None) };
        let mine: Vec<&SeatDto> = rows.iter().filter(|row| row.people.iter().any(|each| each.mine)).collect();
        let (handover, handover_id) = self.my_handover(!mine.is_empty(), handovers)?;
        if !mine.is_empty() {
            let others = mine.iter().flat_map(|row| &row.people).filter(|each| !each.mine);
            let backup = rows.iter().filter(|row| row.standby).flat_map(|row| &row.people);
            let mut partners: Vec<String> = others.map(|each| each.name.clone()).collect();
            partners.extend(backup.filter(|each| !each.mine).map(|each| format!("{}（备勤）", each.name)));
            partners.dedup();
            return Ok(Some(MyDuty {
                posts: mine.iter().map(|row| row.name.clone()).collect(),
                on: true,
                at: mine.iter().find_map(|row| row.until.clone()),
                partners,
                handover,
                handover_id,
            }));
        }
        let coming = on_duty.seats.iter().filter_map(|seat| Some((seat, seat.next.as_ref()?)));
        let coming = coming.filter(|(_, next)| next.people.contains(me)).min_by_key(|(_, next)| next.from);
        let held = on_duty
            .seats
            .iter()
            .find(|seat| matches!(&seat.standing, Standing::HeldOver { due } if due.contains(me)));
        let post = |id: &str| on_duty.posts.get(id).cloned().unwrap_or_else(|| id.to_owned());
        let duty = |posts: Vec<String>, at: Option<String>| MyDuty {
            posts,
            on: false,
            at,
            partners: Vec::new(),
            handover: handover.clone(),
            handover_id: handover_id.clone(),
        };
        Ok(match (held, coming) {
            (Some(seat), _) => Some(duty(vec![post(&seat.post)], None)),
            (None, Some((seat, next))) => Some(duty(vec![post(&seat.post)], Some(format_instant(next.from)))),
            (None, None) if handover_id.is_some() => Some(duty(Vec::new(), None)),
            (None, None) => None,
        })
    }

    /// How the handover of whoever asks stands, in words, with the one that waits.
    fn my_handover(
        &self,
        on: bool,
        handovers: &[(String, Handover)],
    ) -> Result<(String, Option<String>), DoorError> {
        let open = || handovers.iter().filter(|(_, handover)| handover.stage != Stage::Accepted);
        if let Some((id, own)) = open().find(|(_, each)| self.actor.is(each.out.by.as_ref())) {
            let to = self.optional_name(own.signed.to.as_ref())?;
            let to = if to.is_empty() { "接班人".to_owned() } else { to };
            let text = match own.stage {
                Stage::Refused => "交班被退回，请改正后重新签字".to_owned(),
                _ => format!("已交班，待{to}接班"),
            };
            return Ok((text, Some(id.clone())));
        }
        let for_me = |handover: &Handover| {
            handover.stage == Stage::Offered && self.actor.is(handover.signed.to.as_ref())
        };
        if let Some((id, handover)) = open().find(|(_, each)| for_me(each)) {
            let from = self.optional_name(handover.out.by.as_ref())?;
            return Ok((format!("{from} 已交班，待您接班"), Some(id.clone())));
        }
        Ok((if on { "尚未交班".to_owned() } else { String::new() }, None))
    }
}

/// Handovers by the time of their signing, newest first.
fn newest_first(states: Vec<(EntityId, EntityState)>) -> Vec<(String, Handover)> {
    let mut found = only(states, |state| match state {
        EntityState::Handover(handover) => Some(*handover),
        _ => None,
    });
    found.sort_by_key(|(name, handover)| (std::cmp::Reverse(handover.out.at), name.clone()));
    found
}

fn handed(handover: &Handover) -> Option<Handed> {
    Some(Handed {
        posts: handover.signed.posts.iter().map(|post| post.id.clone()).collect(),
        from: handover.out.by.clone()?,
        to: handover.taken_by()?.clone(),
        at: handover.answer.as_ref()?.at,
    })
}

fn name_of(people: &[Person], user: &UserId) -> String {
    let found = people.iter().find(|person| person.id == user.as_str());
    found.map_or_else(|| user.to_string(), |person| person.name.clone())
}

/// `值班：王强 / 备勤：李敏 至 08:00`: the posts somebody holds, with the nearest end.
fn line(rows: &[SeatDto], now: jiff::Timestamp) -> String {
    let names = |standby: bool| {
        let held = rows.iter().filter(|row| row.standby == standby).flat_map(|row| &row.people);
        let mut names: Vec<&str> = held.map(|person| person.name.as_str()).collect();
        names.dedup();
        names.join("、")
    };
    let parts: Vec<String> = [("值班", names(false)), ("备勤", names(true))]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word}：{names}"))
        .collect();
    let until = rows.iter().filter(|row| !row.people.is_empty()).filter_map(|row| row.until.as_deref()).min();
    let until = until.and_then(|at| zaigang_domain::calendar::parse_instant(at).ok());
    match until.filter(|_| !parts.is_empty()) {
        // Within a day the hour alone tells which one is meant.
        Some(at) if now.duration_until(at) <= SignedDuration::from_hours(24) => {
            format!("{} 至 {}", parts.join(" / "), ZONE.to_datetime(at).strftime("%H:%M"))
        }
        Some(at) => format!("{} 至 {}", parts.join(" / "), short(at)),
        None => parts.join(" / "),
    }
}

fn note(rows: &[SeatDto], published: bool) -> &'static str {
    match (rows.iter().any(|row| !row.people.is_empty()), published) {
        (true, _) => "",
        (false, true) => "现在没有值班岗位，下一班见下。",
        (false, false) => {
            "还没有发布值班表，也没有完成过交接班。请项目经理在“排班”发布本月值班表；在此之前，完成一次交接班即可看到值班人。"
        }
    }
}
