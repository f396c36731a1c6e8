//! What the demo's people do beside orders: papers, leave, October's roster, handovers, the duty phone, the
//! log, plans for holidays, punches, the store-room, devices.
//!
//! A list of acts with their times, carried out between the steps of orders ([`super::feed`]). Where the
//! domain decides (months of duty) it is asked; all else is judged by the centre like everybody's.

mod asset;
mod attendance;
mod coverage;
mod leave;
mod papers;
mod roster;
mod stock;
mod today;

use std::collections::VecDeque;

use anyhow::{Context, Result};
use jiff::civil::{Date, DateTime, date};
use jiff::{Span, Timestamp};
use serde::Serialize;
use zaigang_domain::calendar::{ZONE, civil_date};
use zaigang_domain::event::UserId;
use zaigang_domain::order::Draft;

use super::assets::{Assets, Person};
use super::write::Fleet;

/// The supervisor of the whole contract.
const SUPERVISOR: &str = "linyizhou";
/// The first day of the month that is published.
const MONTH: Date = date(2025, 10, 1);

/// One act with its time.
type Turn = (Timestamp, Act);

/// What is done.
#[derive(Debug, Clone)]
enum Act {
    /// Something noted of somebody.
    Papers(Box<papers::Noting>),
    /// A word about a leave, by its place in the list of leaves.
    Leave(usize, leave::Word),
    /// A step of the month.
    Month(roster::Step),
    /// Something of the daily course of duty.
    Today(today::Event),
    /// A step of a plan of 保障.
    Coverage(coverage::Event),
    /// Something about attendance.
    Attendance(attendance::Event),
    /// Something of the store-room.
    Stock(stock::Event),
    /// A device is noted.
    Asset(Box<asset::Event>),
}

/// The acts that are still to come.
#[derive(Debug)]
pub struct Duty<'a> {
    assets: &'a Assets,
    turns: VecDeque<Turn>,
    leaves: Vec<leave::Request>,
}

impl<'a> Duty<'a> {
    /// Everything up to the demo's moment.
    ///
    /// # Errors
    /// A time that is none.
    pub fn new(assets: &'a Assets) -> Result<Self> {
        let leaves = leave::requests();
        let mut turns = papers::turns(assets)?;
        turns.extend(leave::turns(&leaves)?);
        turns.extend(roster::turns()?);
        turns.extend(today::turns(civil_date(assets.logins.now))?);
        turns.extend(attendance::turns(civil_date(assets.logins.now))?);
        turns.extend(stock::turns(civil_date(assets.logins.now))?);
        turns.extend(coverage::turns(civil_date(assets.logins.now))?);
        turns.extend(asset::turns(assets, civil_date(assets.logins.now))?);
        turns.sort_by_key(|(at, _)| *at);
        Ok(Self { assets, turns: turns.into(), leaves })
    }

    /// Carries out everything before `until`.
    ///
    /// # Errors
    /// An act that the rules do not allow.
    pub fn run(&mut self, fleet: &mut Fleet<'_>, until: Timestamp) -> Result<()> {
        while let Some((at, act)) = self.turns.pop_front_if(|(at, _)| *at < until) {
            self.act(fleet, at, &act).with_context(|| format!("{act:?} at {at}"))?;
        }
        Ok(())
    }

    fn act(&mut self, fleet: &mut Fleet<'_>, at: Timestamp, act: &Act) -> Result<()> {
        match act {
            Act::Papers(noting) => papers::note(fleet, noting, at),
            Act::Leave(index, word) => {
                let request = self.leaves.get_mut(*index).context("no such leave")?;
                leave::say(fleet, request, word, at)
            }
            Act::Month(step) => roster::step(self.assets, fleet, step, at),
            Act::Today(event) => today::tell(fleet, event, at),
            Act::Attendance(attendance::Event::Day(date)) => {
                self.turns.extend(attendance::of_day(self.assets, fleet, *date)?);
                self.turns.make_contiguous().sort_by_key(|(at, _)| *at);
                Ok(())
            }
            Act::Attendance(attendance::Event::Punch(login)) => attendance::punch(fleet, login, at),
            Act::Stock(event) => stock::keep(fleet, event, at),
            Act::Coverage(event) => coverage::tell(fleet, event, at),
            Act::Asset(event) => asset::note(fleet, event, at),
        }
    }
}

/// The people of the contract on site.
fn on_site(assets: &Assets) -> impl Iterator<Item = &Person> {
    assets.people.iter().filter(|person| person.onsite && person.post.is_some())
}

fn user(fleet: &Fleet<'_>, login: &str) -> Result<UserId> {
    Ok(UserId::new(fleet.user(login))?)
}

/// A moment of a day, in minutes after its midnight.
fn moment(date: Date, hour: i8, minute: i8) -> Result<Timestamp> {
    Ok(ZONE.to_timestamp(DateTime::from_parts(date, jiff::civil::time(hour, minute, 0, 0)))?)
}

fn days_later(date: Date, days: i32) -> Date {
    date.saturating_add(Span::new().days(days))
}

fn draft<T: Serialize>(kind: &'static str, payload: &T, at: Timestamp) -> Result<Draft> {
    Ok(Draft::new(kind, serde_json::to_string(payload)?, at))
}

#[cfg(test)]
mod tests;
