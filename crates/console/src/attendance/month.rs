//! The month of everybody one may see: a letter a day, sums, and the corrections that wait.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use zaigang_domain::attendance::{ClosedDays, Closing, Day, DayResult, SpanDay};
use zaigang_domain::calendar::{DayKind, ZONE, civil_date, format_instant};
use zaigang_domain::duty::leave::LeaveKind;

use super::{Derived, division_of, month_of, rules_text};
use crate::door::dto::{
    AttendanceCell, AttendanceMonth, AttendanceMonthArgs, AttendanceRow, AttendanceTotals, CorrectionDto,
    DoorError, LegendItem, MonthDayDto,
};
use crate::duty::weekday;
use crate::order::Desk;
use crate::store::Person;

impl Desk<'_> {
    /// The month of one's scope; of oneself for those who oversee nobody.
    ///
    /// # Errors
    /// Bad input for an unreadable month; not now where this console holds no common log or contract.
    pub fn attendance_month(&self, args: &AttendanceMonthArgs) -> Result<AttendanceMonth, DoorError> {
        let today = civil_date(self.now);
        let first = month_of(args.month.as_deref(), today)?;
        let division = args.division.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let (contract, _) = self.common_log(None)?;
        let closes = self.closes_as(&contract)?.is_some();
        let wanted = |person: &Person| {
            (closes || self.may_see(person, &contract))
                && division.is_none_or(|name| division_of(person) == name)
        };
        let derived = self.derive(first, first.last_of_month(), wanted)?;
        let profile = derived.in_force.bound.profile;
        let overtime = self.overtime_minutes(&derived.log, first)?;
        let closed = self.closed_days(first)?;
        Ok(AttendanceMonth {
            month: first.strftime("%Y-%m").to_string(),
            contract: profile.facts.contract.name.clone(),
            divisions: self.divisions_seen(&contract)?,
            days: days_of(&derived, first, &closed),
            rows: rows(&derived, today, &overtime),
            corrections: self.waiting(&derived)?,
            legend: legend(),
            hours_missing: !profile.hours.are_stated() && profile.hours.days.is_empty(),
            rules: rules_text(&derived),
            may_close: closes,
            as_of: format_instant(self.now),
        })
    }

    fn divisions_seen(&self, contract: &str) -> Result<Vec<String>, DoorError> {
        let people = self.store.people()?.into_iter();
        let seen =
            people.filter(|one| one.onsite && one.works_under(contract) && self.may_see(one, contract));
        let mut names: Vec<String> = seen.map(|one| division_of(&one).to_owned()).collect();
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn waiting(&self, derived: &Derived) -> Result<Vec<CorrectionDto>, DoorError> {
        let mut found = Vec::new();
        for (of, month) in derived.kept.values().flatten() {
            for correction in month.corrections.iter().filter(|one| one.decision.is_none()) {
                found.push(self.correction_dto(&derived.contract, of, correction)?);
            }
        }
        found.sort_by(|a, b| a.at.cmp(&b.at));
        Ok(found)
    }
}

fn rows(derived: &Derived, today: Date, overtime: &BTreeMap<String, u32>) -> Vec<AttendanceRow> {
    let row = |person: &Person| {
        let days: Vec<&Day> = derived.days.iter().filter(|day| day.person == person.id).collect();
        let totals = totals(derived, days.iter().copied().filter(|day| day.date <= today));
        AttendanceRow {
            person: person.id.clone(),
            name: person.name.clone(),
            division: division_of(person).to_owned(),
            post: person.post.clone().unwrap_or_default(),
            cells: days.iter().map(|day| cell(derived, day, today)).collect(),
            totals: AttendanceTotals {
                overtime_minutes: overtime.get(&person.id).copied().unwrap_or_default(),
                ..totals
            },
        }
    };
    let mut rows: Vec<AttendanceRow> = derived.people.iter().map(row).collect();
    rows.sort_by(|a, b| (&a.division, &a.name, &a.person).cmp(&(&b.division, &b.name, &b.person)));
    rows
}

fn cell(derived: &Derived, day: &Day, today: Date) -> AttendanceCell {
    // Of days to come only what is certain is shown.
    if day.date > today && day.result == DayResult::Unknown {
        return AttendanceCell::default();
    }
    let away = derived.away(day);
    let on_duty = derived.rostered.due.on_duty(&day.person, day.date);
    let letter = |result| match (result, away) {
        (DayResult::Leave | DayResult::Trip, Some(kind)) => kind.letter(),
        (DayResult::Normal, _) if on_duty => ON_DUTY,
        (result, _) => letter(result),
    };
    let half = |is_morning: bool| {
        let mut spans =
            day.spans.iter().filter(|span| (ZONE.to_datetime(span.from).hour() < 12) == is_morning);
        let of_span = spans.next().map(|span: &SpanDay| letter(span.result));
        // Without spans the day as a whole says what there is.
        let of_day = day.spans.is_empty().then(|| letter(day.result));
        of_span.or(of_day).unwrap_or_default().to_owned()
    };
    let title = away.map_or_else(|| day.result.title(), LeaveKind::title);
    AttendanceCell {
        result: day.result.code().to_owned(),
        letter: letter(day.result).to_owned(),
        morning: half(true),
        afternoon: half(false),
        text: format!("{title}：{}", day.text),
    }
}

fn totals<'d>(derived: &Derived, days: impl Iterator<Item = &'d Day>) -> AttendanceTotals {
    use DayResult as R;
    let mut sums = AttendanceTotals::default();
    for day in days {
        let there = matches!(
            day.result,
            R::Normal | R::Late | R::EarlyLeave | R::LateEarly | R::MissingPunch | R::HalfDay
        );
        sums.due += u32::from(day.result != R::Rest);
        sums.present += u32::from(there);
        sums.late += u32::from(day.minutes_late > 0);
        sums.early += u32::from(day.minutes_early > 0);
        sums.missing += u32::from(day.result == R::MissingPunch);
        sums.half += u32::from(day.result == R::HalfDay);
        sums.absent += u32::from(day.result == R::Absent);
        sums.unknown += u32::from(day.result == R::Unknown);
        sums.duty += u32::from(there && derived.rostered.due.on_duty(&day.person, day.date));
        match derived.away(day) {
            Some(LeaveKind::Personal) => sums.personal += 1,
            Some(LeaveKind::Sick) => sums.sick += 1,
            Some(LeaveKind::Annual) => sums.annual += 1,
            Some(LeaveKind::Compensatory) => sums.compensatory += 1,
            Some(kind) if kind.is_work() => sums.trip += 1,
            Some(_) => sums.other_leave += 1,
            None => {}
        }
    }
    sums
}

/// What the sheet shows for a day in order at a post of the roster.
const ON_DUTY: &str = "值";

/// What the sheet shows for a result.
fn letter(result: DayResult) -> &'static str {
    match result {
        DayResult::Normal => "√",
        DayResult::Late => "迟",
        DayResult::EarlyLeave => "退",
        DayResult::LateEarly => "迟退",
        DayResult::MissingPunch => "缺",
        DayResult::HalfDay => "半",
        DayResult::Absent => "旷",
        DayResult::Leave => "假",
        DayResult::Trip => "差",
        DayResult::Rest => "休",
        DayResult::Unknown => "？",
    }
}

fn legend() -> Vec<LegendItem> {
    let item = |result: DayResult, letter: &str, title: &str| LegendItem {
        result: result.code().to_owned(),
        letter: letter.to_owned(),
        title: title.to_owned(),
    };
    let results = DayResult::ALL.into_iter().filter(|one| !matches!(one, DayResult::Leave | DayResult::Trip));
    let mut items: Vec<LegendItem> = results.map(|one| item(one, letter(one), one.title())).collect();
    items.insert(1, item(DayResult::Normal, ON_DUTY, "值班"));
    items.extend(LeaveKind::ALL.map(|kind| {
        let result = if kind.is_work() { DayResult::Trip } else { DayResult::Leave };
        item(result, kind.letter(), kind.title())
    }));
    items
}

fn days_of(derived: &Derived, first: Date, closed: &ClosedDays) -> Vec<MonthDayDto> {
    let calendar = derived.in_force.bound.calendar;
    let dates = first.series(1.day()).take_while(|date| *date <= first.last_of_month());
    let day = |date: Date| {
        let known = calendar.day(date);
        let badge = match known.kind {
            DayKind::Statutory => "节",
            DayKind::Substitute | DayKind::Bridge => "放",
            DayKind::Makeup => "班",
            DayKind::Weekend | DayKind::Workday | DayKind::Unannounced => "",
        };
        let closing = closed.days.get(&date);
        MonthDayDto {
            date: date.to_string(),
            day: date.day().unsigned_abs().into(),
            weekday: weekday(date).trim_start_matches('周').to_owned(),
            badge: badge.to_owned(),
            off: known.kind.is_worked() == Some(false),
            closed: closing.is_some(),
            changed: closing.map(|closing| changed(derived, date, closing)).unwrap_or_default(),
        }
    };
    dates.map(day).collect()
}

/// How many people's day came to something else since it was closed.
fn changed(derived: &Derived, date: Date, closing: &Closing) -> u32 {
    let days = derived.days.iter().filter(|day| day.date == date);
    let other = days.filter(|day| {
        closing.results.get(&day.person).is_some_and(|then| then.as_str() != day.result.code())
    });
    u32::try_from(other.count()).unwrap_or(u32::MAX)
}
