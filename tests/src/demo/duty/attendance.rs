//! Punches of October, by the published month, office hours and leave; a few late, a few forgotten.

use anyhow::Result;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::attendance::{PersonMonth, Punched};
use zaigang_domain::calendar::{Calendar, instant, midnight};
use zaigang_domain::duty::layers::{Member, final_view};
use zaigang_domain::duty::roster::Leave;
use zaigang_domain::judge::EntityState;

use super::{Act, Turn, draft, moment, on_site, roster, user};
use crate::demo::assets::Assets;
use crate::demo::plan::SEED;
use crate::demo::random::Random;
use crate::demo::write::Fleet;

/// The first day whose punches are kept.
const FIRST: Date = date(2025, 10, 1);
/// Of a thousand punches so many come late, and so many are forgotten.
const LATE: i64 = 15;
const FORGOTTEN: i64 = 6;

/// What is done about attendance.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// A day begins: its shifts tell who will punch, and when.
    Day(Date),
    /// Somebody, by log-in name, punches.
    Punch(String),
}

pub(super) fn turns(today: Date) -> Result<Vec<Turn>> {
    let days = FIRST.series(jiff::Span::new().days(1)).take_while(|date| *date <= today);
    days.map(|date| Ok((moment(date, 0, 5)?, Act::Attendance(Event::Day(date))))).collect()
}

/// The punches of the shifts that begin on a date.
pub(super) fn of_day(assets: &Assets, fleet: &Fleet<'_>, date: Date) -> Result<Vec<Turn>> {
    let members: Vec<Member> = on_site(assets)
        .map(|person| Member {
            id: fleet.user(&person.login).to_owned(),
            division: person.divisions.first().cloned(),
            onsite: true,
            joined: None,
            left: None,
        })
        .collect();
    let leave: Vec<Leave> = fleet.states().filter_map(|(_, state)| away(state)).collect();
    let calendar = Calendar::builtin();
    let view = final_view(roster::of(fleet)?, &members, &assets.profile.hours, &leave, &calendar);
    let mut random = Random::new(SEED ^ u64::from(date.day().unsigned_abs()));
    let mut turns = Vec::new();
    for shift in view.shifts.iter().filter(|shift| shift.date == date && !shift.standby) {
        let Some(person) = on_site(assets).find(|person| fleet.user(&person.login) == shift.person) else {
            continue;
        };
        for (from, to) in &shift.spans {
            let late = random.chance(LATE);
            let came = i64::from(*from) + if late { random.between(6, 25) } else { -random.between(2, 12) };
            let left = i64::from(*to) + random.between(1, 15);
            for minute in [came, left] {
                let after = SignedDuration::from_secs(minute * 60 + random.between(0, 59));
                let at = instant(midnight(date)).checked_add(after)?;
                if !random.chance(FORGOTTEN) {
                    turns.push((at, Act::Attendance(Event::Punch(person.login.clone()))));
                }
            }
        }
    }
    Ok(turns)
}

fn away(state: &EntityState) -> Option<Leave> {
    let leave = state.leave().filter(|leave| leave.counts())?;
    Some(Leave { person: leave.person.to_string(), from: leave.from, to: leave.to })
}

pub(super) fn punch(fleet: &mut Fleet<'_>, login: &str, at: Timestamp) -> Result<()> {
    let month = PersonMonth::at(&user(fleet, login)?, at).entity()?;
    let punched = Punched { place: fleet.seat_of(login)?.to_owned() };
    fleet.tell(login, &month, at, &[draft("attendance.punched", &punched, at)?])
}
