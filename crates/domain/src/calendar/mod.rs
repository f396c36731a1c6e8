//! Civil calendar of the contracts: which days are worked, which are off and why, and how working
//! time is added and measured.
//!
//! The zone is a fixed +08:00 and no zone file is read. What is known about a year comes from the
//! State Council's notice for that year (a [`Pack`]); a year without one is [`DayKind::Unannounced`]
//! and nothing is guessed about it. Office hours are not part of a notice: they come from a contract
//! or from the site's settings ([`OfficeHours`]) and may be unknown. [`WorkTime`] is both compiled to
//! intervals for fast arithmetic.

mod day;
mod hours;
pub mod interface;
mod notices;
mod pack;
mod worktime;
mod zone;

pub use day::{Day, DayKind};
pub(crate) use hours::minute_of_day;
pub use hours::{DayOverride, MonthDay, OfficeHours, Season, Window};
pub use notices::{Calendar, DayChange, YEAR_MAX, YEAR_MIN};
pub use pack::{Item, Pack, StatutoryDay, read_packs};
pub use worktime::WorkTime;
pub(crate) use worktime::end_of_work;
pub(crate) use zone::{DAY, MINUTE};
pub use zone::{ZONE, civil_date, format_instant, instant, midnight, parse_instant};
