//! Which rules match an order, and which one is suggested for each target.
//!
//! No document states a precedence: all matching rules are kept, the most specific is suggested per
//! target, and what cannot be known (kind of problem, level, a named window) is listed as a need.

use jiff::Timestamp;
use serde::Serialize;

use super::case::Case;
use super::code::Why;
use super::kind::{LimitUnit, Target};
use crate::calendar::{Calendar, OfficeHours, Window, ZONE, civil_date};
use crate::contract::{Preference, Profile, Rule, RuleTarget, RuleWindow, WindowDays, WindowSetting};

/// What has to be known before a rule can be suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The level, in the rule's own scheme.
    Level,
    /// The choice between rules told apart by the kind of problem.
    Rule,
    /// The named window.
    Windows,
    /// The notice of the year.
    Calendar,
}

/// One rule's promise for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Its promise.
    pub promise: &'p RuleTarget,
    /// Whether it is the one suggested.
    pub suggested: bool,
    /// Why it is suggested or not.
    pub why: Why,
    /// What is missing.
    pub needs: Vec<Need>,
}

/// Rules that reach an order and whose window the fault started in, whatever its level.
pub(super) struct Selection<'p> {
    reached: Vec<(&'p Rule, Vec<Need>)>,
    scheme: Option<bool>,
    /// The site's policy for each target of this object.
    preferences: Vec<(Target, Preference)>,
}

impl<'p> Selection<'p> {
    pub(super) fn new(profile: &'p Profile, calendar: &Calendar, case: &Case, reported: Timestamp) -> Self {
        let lineage = profile.lineage(case.object.as_deref());
        let around = Around { profile, calendar, case, reported };
        let reached = profile
            .rules
            .iter()
            .filter(|rule| !rule.targets.is_empty() && rule.reaches(&lineage))
            .filter_map(|rule| around.needs(rule).map(|needs| (rule, needs)))
            .collect();
        let preference = |target: &Target| (*target, profile.settings.preference(&lineage, *target));
        let preferences = if profile.settings.precedence.is_empty() {
            Vec::new()
        } else {
            Target::ALL.iter().map(preference).collect()
        };
        Self { reached, scheme: profile.scheme(&lineage), preferences }
    }

    /// Candidates at a level: by target, most specific first, then in the document's order.
    pub(super) fn candidates(&self, level: Option<&str>) -> Vec<Candidate<'p>> {
        let mut candidates = Vec::new();
        for (rule, window) in &self.reached {
            let Some(missing_level) = self.level_need(rule, level) else { continue };
            let mut needs = window.clone();
            needs.extend(missing_level);
            needs.extend(rule.choose.then_some(Need::Rule));
            needs.sort_unstable();
            candidates.extend(rule.targets.iter().map(|promise| Candidate {
                rule,
                promise,
                suggested: false,
                why: Why::LessSpecific,
                needs: needs.clone(),
            }));
        }
        candidates
            .sort_by_key(|candidate| (candidate.promise.target, std::cmp::Reverse(candidate.rule.rank())));
        candidates
            .chunk_by_mut(|one, other| one.promise.target == other.promise.target)
            .for_each(|same| suggest(same, self.preference(same)));
        candidates
    }

    fn preference(&self, candidates: &[Candidate<'_>]) -> Preference {
        let target = candidates.first().map(|candidate| candidate.promise.target);
        let agreed = self.preferences.iter().find(|(one, _)| Some(*one) == target);
        agreed.map_or(Preference::Specific, |(_, preference)| *preference)
    }

    /// Nothing when the rule does not apply at this level, else what it still needs.
    fn level_need(&self, rule: &Rule, level: Option<&str>) -> Option<Option<Need>> {
        match (rule.level.as_deref(), level) {
            (None, _) => Some(None),
            (Some(_), None) => Some(Some(Need::Level)),
            (Some(_), Some(_)) if Some(rule.rank().0) != self.scheme => Some(Some(Need::Level)),
            (Some(own), Some(level)) => (own == level).then_some(None),
        }
    }
}

/// Marks the one best candidate that needs nothing; a rule with a number goes before one without.
fn suggest(candidates: &mut [Candidate<'_>], preference: Preference) {
    let ready = |candidate: &&Candidate<'_>| candidate.needs.is_empty();
    let numbered = candidates.iter().filter(ready).any(|candidate| candidate.promise.limit.is_some());
    let fits = |candidate: &Candidate<'_>| {
        candidate.needs.is_empty() && (candidate.promise.limit.is_some() || !numbered)
    };
    let order = |candidate: &Candidate<'_>| (strictness(candidate, preference), candidate.rule.rank());
    let best = candidates.iter().filter(|candidate| fits(candidate)).map(order).max();
    let rank = candidates.iter().filter(|candidate| fits(candidate)).map(|one| one.rule.rank()).max();
    let count = candidates.iter().filter(|one| fits(one) && Some(order(one)) == best).count();
    for candidate in candidates {
        let first = fits(candidate) && Some(order(candidate)) == best;
        if first && count > 1 {
            candidate.needs.push(Need::Rule);
        }
        candidate.suggested = first && count == 1;
        let most_specific = Some(candidate.rule.rank()) == rank;
        candidate.why = match candidate.needs.first() {
            _ if candidate.suggested && most_specific => Why::MostSpecific,
            _ if candidate.suggested => Why::AgreedPrecedence,
            Some(Need::Level) => Why::NeedsLevel,
            Some(Need::Rule) => Why::NeedsRule,
            Some(Need::Windows) => Why::NeedsWindow,
            Some(Need::Calendar) => Why::NeedsCalendar,
            None if candidate.promise.limit.is_none() && numbered => Why::NoNumber,
            None if preference == Preference::Strict => Why::BehindAgreed,
            None => Why::LessSpecific,
        };
    }
}

/// How strict a limit is where the site prefers the strictest; a workday counts as a day here.
fn strictness(candidate: &Candidate<'_>, preference: Preference) -> std::cmp::Reverse<u64> {
    let minutes = candidate.promise.limit.map_or(u64::MAX, |limit| match limit.unit {
        LimitUnit::Minute => u64::from(limit.value),
        LimitUnit::Day | LimitUnit::Workday => u64::from(limit.value) * 1440,
    });
    std::cmp::Reverse(if preference == Preference::Strict { minutes } else { 0 })
}

struct Around<'a> {
    profile: &'a Profile,
    calendar: &'a Calendar,
    case: &'a Case,
    reported: Timestamp,
}

impl Around<'_> {
    /// What a rule's window still needs; `None` when the fault started outside it.
    fn needs(&self, rule: &Rule) -> Option<Vec<Need>> {
        let Some(window) = &rule.window else { return Some(Vec::new()) };
        match self.is_inside(window) {
            Ok(inside) => (inside == window.inside).then(Vec::new),
            Err(need) => Some(vec![need]),
        }
    }

    fn is_inside(&self, window: &RuleWindow) -> Result<bool, Need> {
        let Some(name) = &window.name else { return self.is_in_printed_hours(&window.hours) };
        if let Some(pairs) = self.case.windows.get(name) {
            return Ok(pairs.iter().any(|[from, to]| from.0 <= self.reported && self.reported < to.0));
        }
        if let Some(agreed) = self.is_in_agreed_window(name) {
            return agreed;
        }
        if self.profile.office_windows.contains(name) {
            return self.is_in_office_hours(&self.profile.hours);
        }
        Err(Need::Windows)
    }

    /// By the settings; `None` where they do not say when this window is open for this object.
    fn is_in_agreed_window(&self, name: &str) -> Option<Result<bool, Need>> {
        let lineage = self.profile.lineage(self.case.object.as_deref());
        let division = self.case.division.as_ref();
        let here = |row: &&WindowSetting| {
            row.name == name
                && (row.objects.is_empty() || row.objects.iter().any(|id| lineage.contains(&id.as_str())))
                && (row.divisions.is_empty() || division.is_some_and(|name| row.divisions.contains(name)))
        };
        let mut rows = self.profile.settings.window.iter().filter(here).peekable();
        rows.peek()?;
        let open: Vec<Result<bool, Need>> = rows.map(|row| self.is_in_row(row)).collect();
        Some(match open.contains(&Ok(true)) {
            true => Ok(true),
            false => open.into_iter().find(Result::is_err).unwrap_or(Ok(false)),
        })
    }

    fn is_in_row(&self, row: &WindowSetting) -> Result<bool, Need> {
        let date = civil_date(self.reported);
        if row.from.is_some_and(|from| date < from) || row.to.is_some_and(|to| date > to) {
            return Ok(false);
        }
        let wanted = match row.days.unwrap_or(WindowDays::All) {
            WindowDays::All => return Ok(self.is_in(&row.windows)),
            WindowDays::Workday => true,
            WindowDays::Nonworkday => false,
        };
        let worked = self.calendar.day(date).kind.is_worked().ok_or(Need::Calendar)?;
        Ok(worked == wanted && self.is_in(&row.windows))
    }

    fn is_in_printed_hours(&self, hours: &[Window]) -> Result<bool, Need> {
        let worked = self.calendar.day(civil_date(self.reported)).kind.is_worked().ok_or(Need::Calendar)?;
        Ok(worked && self.is_in(hours))
    }

    fn is_in_office_hours(&self, hours: &OfficeHours) -> Result<bool, Need> {
        let day = self.calendar.day(civil_date(self.reported));
        if !hours.are_stated() {
            return Err(Need::Windows);
        }
        day.kind.is_worked().ok_or(Need::Calendar)?;
        let windows = hours.windows(day, self.case.division.as_deref()).ok_or(Need::Windows)?;
        Ok(self.is_in(windows))
    }

    fn is_in(&self, windows: &[Window]) -> bool {
        let time = ZONE.to_datetime(self.reported).time();
        let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
        windows.iter().any(|window| i32::from(window.from) <= minute && minute < i32::from(window.to))
    }
}
