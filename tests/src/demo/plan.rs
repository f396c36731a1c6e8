//! When work comes and what it is: orders as plain data, in the order of their reports.

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::calendar::{Calendar, ZONE};
use zaigang_domain::clock::SystemClass;
use zaigang_domain::contract::{Object, in_service};
use zaigang_domain::order::payload::{Facts, Inspection, Registered, Reporter, WorkRecord};
use zaigang_domain::order::{OrderKind, Step, StepInput, Then};

use super::assets::{Assets, Theme};
use super::course;
use super::random::Random;

/// Seed of the demo: the day it was first drawn.
pub const SEED: u64 = 20_251_015;

/// How much work, and from when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// First day.
    pub from: Date,
    /// Nothing happens after this moment.
    pub until: Timestamp,
    /// Fewest and most orders of a workday.
    pub workday: (i64, i64),
    /// Seed.
    pub seed: u64,
}

impl Scale {
    /// Forty-five days before the demo's moment, 100 to 150 orders a workday.
    #[must_use]
    pub fn demo(until: Timestamp) -> Self {
        let today = ZONE.to_datetime(until).date();
        let from = today.saturating_sub(jiff::Span::new().days(45));
        Self { from, until, workday: (100, 150), seed: SEED }
    }

    /// About as many orders as asked for, over the year before `until`.
    #[must_use]
    pub fn orders(until: Timestamp, orders: u32) -> Self {
        let today = ZONE.to_datetime(until).date();
        // 248 workdays carry all but about four per cent of the year's work.
        let workday = (i64::from(orders) * 96 / 100 / 248).max(1);
        let from = today.saturating_sub(jiff::Span::new().days(365));
        Self { from, until, workday: (workday - workday / 5, workday + workday / 5), seed: SEED }
    }
}

/// One order and all that is done to it.
#[derive(Debug, Clone)]
pub struct PlannedOrder {
    /// Id of the order: a UUIDv7.
    pub id: [u8; 16],
    /// The form, without the hashes that the centre's publication gives.
    pub form: Registered,
    /// The reporter, made up.
    pub reporter: Option<Reporter>,
    /// What is done, in time's order; the first act registers it.
    pub acts: Vec<Act>,
}

/// One act of a person.
#[derive(Debug, Clone)]
pub struct Act {
    /// When it is written down.
    pub at: Timestamp,
    /// Log-in name.
    pub by: String,
    /// What.
    pub what: What,
}

/// What is done.
#[derive(Debug, Clone)]
pub enum What {
    /// The order is registered, with what follows at once.
    Register(Then),
    /// A step is taken.
    Take(Step, StepInput),
    /// The centre takes nothing from the device for so long that the step comes after what others
    /// did: it is written without looking at the state.
    Stray(Step, StepInput),
    /// A photo of this name is named as added; its content lies nowhere.
    File(String),
}

/// Draws the work of each day; an iterator over orders in the order of their reports.
#[derive(Debug)]
pub struct Plan<'a> {
    assets: &'a Assets,
    calendar: Calendar,
    scale: Scale,
    next_day: Date,
    ready: std::collections::VecDeque<PlannedOrder>,
    random: Random,
    serial: u32,
    last_day: bool,
}

impl<'a> Plan<'a> {
    /// The plan of a scale.
    #[must_use]
    pub fn new(assets: &'a Assets, scale: Scale) -> Self {
        Self {
            assets,
            calendar: Calendar::builtin(),
            scale,
            next_day: scale.from,
            ready: std::collections::VecDeque::new(),
            random: Random::new(scale.seed),
            serial: 0,
            last_day: false,
        }
    }

    fn draw_day(&mut self) -> Result<()> {
        let date = self.next_day;
        let worked = self.calendar.day(date).kind.is_worked().unwrap_or(false);
        let mut random = self.random.branch(day_number(date));
        let (low, high) = self.scale.workday;
        let count = if worked { random.between(low, high) } else { random.between(low / 20, low / 10) };
        let mut reports = Vec::new();
        for _ in 0..count {
            reports.push((time_of_day(&mut random, date, worked)?, false));
        }
        // Two to four a month, on the same days of every month whatever the scale.
        if severe_days(&self.random, date).contains(&date.day()) {
            reports.push((time_of_day(&mut random, date, worked)?, true));
        }
        reports.sort_unstable();
        self.serial = 0;
        for (at, severe) in reports {
            if at >= self.scale.until {
                break;
            }
            let order = self.draw_order(at, severe, worked, &mut random)?;
            self.ready.push_back(order);
        }
        self.next_day = date.tomorrow().context("the calendar ends")?;
        self.last_day = self.next_day > ZONE.to_datetime(self.scale.until).date();
        Ok(())
    }

    fn draw_order(
        &mut self,
        at: Timestamp,
        severe: bool,
        worked: bool,
        random: &mut Random,
    ) -> Result<PlannedOrder> {
        let kind = if severe { OrderKind::Incident } else { kind_of(random, worked) };
        let object = self.draw_object(at, severe, random)?;
        let subject = Subject::draw(self.assets, object, kind, severe, random)?;
        self.serial += 1;
        let form = subject.form(self.assets, object, kind, at, self.serial);
        let reporter = (!matches!(kind, OrderKind::WorkRecord)).then(|| reporter(random, self.assets));
        let acts = course::run(
            &course::Case { assets: self.assets, object, form: &form, subject: &subject, worked },
            random,
        )?;
        let acts = acts.into_iter().filter(|act| act.at <= self.scale.until).collect();
        Ok(PlannedOrder { id: random.uuid_v7(at.as_millisecond()), form, reporter, acts })
    }

    /// An object in service on that day; the twelfth division has most of the work.
    fn draw_object(&self, at: Timestamp, severe: bool, random: &mut Random) -> Result<&'a Object> {
        let date = ZONE.to_datetime(at).date();
        let acceptance = self.assets.profile.settings.acceptance_date;
        let fits = |object: &&Object| {
            in_service(object, acceptance, date).unwrap_or(true)
                && (!severe || object.class == Some(SystemClass::Core))
                && object.id != "12.10" // a post, not a system
        };
        let objects: Vec<&'a Object> = self.assets.profile.objects.iter().filter(fits).collect();
        let weights: Vec<u32> = objects.iter().map(|object| weight_of(object)).collect();
        objects.get(random.weighted(&weights)).copied().context("no object is in service")
    }
}

impl Iterator for Plan<'_> {
    type Item = Result<PlannedOrder>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.last_day {
            if let Err(error) = self.draw_day() {
                self.last_day = true;
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

/// What an order is about, in words.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Title.
    pub title: String,
    /// What was found.
    pub found: String,
    /// What was done.
    pub done: String,
    /// Service of 附件3, for work records.
    pub service: Option<u32>,
    /// Facts the level follows from.
    pub facts: Facts,
    /// The level by the matrix of 001.
    pub level: Option<String>,
    /// How it came.
    pub channel: &'static str,
    /// Unit of whoever reported it.
    pub unit: String,
}

impl Subject {
    fn draw(
        assets: &Assets,
        object: &Object,
        kind: OrderKind,
        severe: bool,
        random: &mut Random,
    ) -> Result<Self> {
        let theme = assets.theme(&object.id).context("an object without a theme")?;
        let fill = |random: &mut Random, text: &str| filled(text, assets, random);
        let (title, found, done, service) = match kind {
            OrderKind::WorkRecord => {
                let weights: Vec<u32> = assets.work.daily.iter().map(|daily| daily.weight).collect();
                let daily = assets.work.daily.get(random.weighted(&weights)).context("no daily services")?;
                let (title, text) = (
                    fill(random, text_of(random.clone().pick(&daily.title))),
                    text_of(random.pick(&daily.text)),
                );
                (title, String::new(), fill(random, text), Some(daily.service))
            }
            _ => {
                let title = text_of(random.pick(titles(theme, kind)));
                let (found, done) = (text_of(random.pick(&theme.found)), text_of(random.pick(&theme.done)));
                (fill(random, title), fill(random, found), fill(random, done), None)
            }
        };
        let facts = facts_of(object, kind, severe, random);
        let level = level_of(&facts, kind);
        let channel = channel_of(kind, random);
        let unit =
            text_of(random.pick(assets.work.fill.get("unit").map_or(&[][..], Vec::as_slice))).to_owned();
        Ok(Self { title, found, done, service, facts, level, channel, unit })
    }

    fn form(
        &self,
        assets: &Assets,
        object: &Object,
        kind: OrderKind,
        at: Timestamp,
        serial: u32,
    ) -> Registered {
        let division = object.division.clone().unwrap_or_default();
        let date = ZONE.to_datetime(at).date().strftime("%Y%m%d").to_string();
        let detail = match self.service {
            Some(service) => format!("附件3第{service}项。对象：{}。", object.name),
            None => format!("{}报：{}。对象：{}。", self.unit, self.title, object.name),
        };
        Registered {
            number: format!("{}-{date}-00-{serial:04}", division.trim_end_matches("总队")),
            kind,
            title: self.title.clone(),
            detail,
            object: Some(object.id.clone()),
            division,
            level: self.level.clone(),
            level_reason: None,
            facts: self.facts.clone(),
            channel: self.channel.to_owned(),
            reported_at: at,
            reporter_unit: self.unit.clone(),
            contract: assets.profile.id.clone(),
            contract_hash: String::new(),
            calendar_hash: String::new(),
            scheduled_at: None,
            late_reason: None,
            external_no: None,
            registered_at: None,
            record: self.service.and_then(|service| record(assets, service, serial)),
            on_behalf: None,
            remote: None,
            source: None,
            alarm_key: None,
            asset: None,
        }
    }
}

/// What a work record says beyond its title: the category is the service of 附件3 by its number.
fn record(assets: &Assets, service: u32, serial: u32) -> Option<WorkRecord> {
    let place = usize::try_from(service.checked_sub(1)?).ok()?;
    let category = assets.profile.record_categories.get(place)?;
    Some(WorkRecord {
        category: category.name.clone(),
        minutes: 15 + serial % 4 * 15,
        confirmed_by: if category.confirmed { "科信处值班员".to_owned() } else { String::new() },
        authorisation: category.authorised.then(|| format!("SQ-{serial:04}")),
        inspection: category.inspected.then_some(Inspection::Normal),
        ..WorkRecord::default()
    })
}

fn text_of(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

fn titles(theme: &Theme, kind: OrderKind) -> &[String] {
    if kind == OrderKind::Incident || kind == OrderKind::Finding { &theme.incident } else { &theme.request }
}

/// Puts places and numbers into a text.
fn filled(text: &str, assets: &Assets, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for (word, choices) in &assets.work.fill {
        let mark = format!("{{{word}}}");
        if text.contains(&mark) {
            text = text.replace(&mark, text_of(random.pick(choices)));
        }
    }
    // 会议室会议室 comes from a place that already says what it is.
    text = text.replace("会议室会议室", "会议室");
    if text.contains("{n}") { text.replace("{n}", &random.between(2, 9).to_string()) } else { text }
}

/// Requests and daily work records are more than 85 of 100.
fn kind_of(random: &mut Random, worked: bool) -> OrderKind {
    let weights: &[u32] = if worked { &[400, 480, 95, 15, 7, 3] } else { &[550, 200, 240, 10, 0, 0] };
    match random.weighted(weights) {
        0 => OrderKind::WorkRecord,
        1 => OrderKind::Request,
        2 => OrderKind::Incident,
        3 => OrderKind::Finding,
        4 => OrderKind::Change,
        _ => OrderKind::Problem,
    }
}

fn channel_of(kind: OrderKind, random: &mut Random) -> &'static str {
    match kind {
        OrderKind::WorkRecord => "onsite",
        OrderKind::Finding => "inspection",
        // Half of all work reaches the engineer by phone or at the door.
        _ => ["dispatch", "phone", "onsite", "alarm"]
            .get(random.weighted(&[47, 33, 15, 5]))
            .copied()
            .unwrap_or("phone"),
    }
}

fn facts_of(object: &Object, kind: OrderKind, severe: bool, random: &mut Random) -> Facts {
    let class = match object.class {
        Some(SystemClass::Core) => "core",
        Some(SystemClass::Important) => "important",
        _ => "general",
    };
    let request = matches!(kind, OrderKind::Request | OrderKind::Change);
    let share = match (severe, class) {
        (true, _) => "half_or_more",
        (_, "core" | "important") if !request && random.chance(120) => "under_half",
        _ if random.chance(180) => "under_half",
        _ => "individual",
    };
    // A core fault with one to three users fits two levels of 001; a fault of one is drawn as such
    // only where one level answers.
    let share = if class == "core" && !request && share == "individual" { "under_half" } else { share };
    Facts {
        system_class: Some(class.to_owned()),
        share: Some(share.to_owned()),
        vip: Some(false),
        security_event: Some(false),
        request: Some(request),
    }
}

/// The matrix of 001:52-63 for the facts drawn here.
pub(super) fn level_of(facts: &Facts, kind: OrderKind) -> Option<String> {
    if !matches!(kind, OrderKind::Incident | OrderKind::Request | OrderKind::Change) {
        return None;
    }
    let level = match (facts.request == Some(true), facts.system_class.as_deref(), facts.share.as_deref()) {
        (true, _, Some("half_or_more")) => "3",
        (true, ..) => "4",
        (false, Some("core"), Some("half_or_more")) => "1",
        (false, Some("core"), _) | (false, Some("important"), Some("half_or_more")) => "2",
        (false, Some("important"), _) | (false, _, Some("under_half")) => "3",
        _ => "4",
    };
    Some(level.to_owned())
}

fn weight_of(object: &Object) -> u32 {
    let division = match object.division.as_deref() {
        Some("L总队") => 6,
        Some("H总队" | "B总队" | "I总队") => 4,
        Some("E总队") => 1,
        _ => 3,
    };
    let class = match object.class {
        Some(SystemClass::Core) => 2,
        Some(SystemClass::Important) => 4,
        _ => 2,
    };
    division * class
}

fn reporter(random: &mut Random, assets: &Assets) -> Reporter {
    let room = text_of(random.pick(assets.work.fill.get("floor").map_or(&[][..], Vec::as_slice)));
    Reporter {
        name: format!("演示用户{:02}", random.between(1, 60)),
        phone: format!("内线 {}", random.between(60_000, 69_999)),
        room: format!("{room}{:02}室", random.between(1, 24)),
        extension: String::new(),
    }
}

fn day_number(date: Date) -> u64 {
    u64::try_from(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
        .unwrap_or(0)
}

/// Two to four days of a month on which something severe happens.
fn severe_days(random: &Random, date: Date) -> Vec<i8> {
    let mut random = random.branch(day_number(date) / 100);
    let count = random.between(2, 4);
    let mut days = std::collections::BTreeSet::new();
    while i64::try_from(days.len()).unwrap_or(i64::MAX) < count {
        days.insert(i8::try_from(random.between(1, 28)).unwrap_or(1));
    }
    days.into_iter().collect()
}

/// Weight of each hour of a workday: peaks at 9-11 and 15-17.
const WORKDAY_HOURS: [u32; 24] =
    [2, 1, 1, 1, 1, 2, 6, 18, 90, 170, 165, 80, 22, 20, 60, 165, 160, 70, 22, 16, 12, 9, 6, 4];
const FREE_DAY_HOURS: [u32; 24] =
    [2, 1, 1, 1, 1, 2, 6, 8, 14, 16, 14, 10, 6, 6, 8, 12, 12, 10, 8, 8, 6, 6, 4, 3];

fn time_of_day(random: &mut Random, date: Date, worked: bool) -> Result<Timestamp> {
    let hours = if worked { &WORKDAY_HOURS } else { &FREE_DAY_HOURS };
    let hour = random.weighted(hours);
    let second = i64::try_from(hour)? * 3_600 + random.between(0, 3_599);
    let midnight = ZONE.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))?;
    Ok(midnight.checked_add(SignedDuration::from_secs(second))?)
}

#[cfg(test)]
mod tests;
