//! The month of everybody one may see: a letter a day, sums, and the corrections that wait.

use jiff::ToSpan as _;
use jiff::civil::Date;
use zaigang_domain::attendance::{Day, DayResult, SpanDay};
use zaigang_domain::calendar::{DayKind, ZONE, civil_date, format_instant};

use super::{Derived, date_of, division_of, rules_text};
use crate::door::dto::{
    AttendanceCell, AttendanceMonth, AttendanceMonthArgs, AttendanceRow, AttendanceTotals, CorrectionDto,
    DoorError, LegendItem, MonthDayDto,
};
use crate::order::Desk;
use crate::store::Person;

impl Desk<'_> {
    /// The month of one's scope; of oneself for those who oversee nobody.
    ///
    /// # Errors
    /// Bad input for an unreadable month; not now where this console holds no common log or contract.
    pub fn attendance_month(&self, args: &AttendanceMonthArgs) -> Result<AttendanceMonth, DoorError> {
        let today = civil_date(self.now);
        let first = match &args.month {
            Some(month) => date_of(&format!("{}-01", month.trim()), "month")?,
            None => today.first_of_month(),
        };
        let division = args.division.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let contract = super::contract_of(&self.common_log()?).to_owned();
        let wanted = |person: &Person| {
            self.may_see(person, &contract) && division.is_none_or(|name| division_of(person) == name)
        };
        let derived = self.derive(first, first.last_of_month(), wanted)?;
        let profile = derived.in_force.bound.profile;
        Ok(AttendanceMonth {
            month: first.strftime("%Y-%m").to_string(),
            contract: profile.facts.contract.name.clone(),
            divisions: self.divisions_seen(&contract)?,
            days: days_of(&derived, first),
            rows: rows(&derived, today),
            corrections: self.waiting(&derived)?,
            legend: legend(),
            hours_missing: !profile.hours.are_stated() && profile.hours.days.is_empty(),
            rules: rules_text(&derived),
            as_of: format_instant(self.now),
        })
    }

    fn divisions_seen(&self, contract: &str) -> Result<Vec<String>, DoorError> {
        let people = self.store.people()?.into_iter();
        let seen = people.filter(|one| super::punches(one, contract) && self.may_see(one, contract));
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

fn rows(derived: &Derived, today: Date) -> Vec<AttendanceRow> {
    let row = |person: &Person| {
        let days: Vec<&Day> = derived.days.iter().filter(|day| day.person == person.id).collect();
        AttendanceRow {
            person: person.id.clone(),
            name: person.name.clone(),
            division: division_of(person).to_owned(),
            post: person.post.clone().unwrap_or_default(),
            cells: days.iter().map(|day| cell(day, today)).collect(),
            totals: totals(days.into_iter().filter(|day| day.date <= today)),
        }
    };
    let mut rows: Vec<AttendanceRow> = derived.people.iter().map(row).collect();
    rows.sort_by(|a, b| (&a.division, &a.name, &a.person).cmp(&(&b.division, &b.name, &b.person)));
    rows
}

fn cell(day: &Day, today: Date) -> AttendanceCell {
    // Of days to come only what is certain is shown.
    let ahead = day.date > today && day.result == DayResult::Unknown;
    if ahead {
        let blank = String::new;
        return AttendanceCell {
            result: blank(),
            letter: blank(),
            morning: blank(),
            afternoon: blank(),
            text: blank(),
        };
    }
    let half = |is_morning: bool| {
        let spans = day.spans.iter().filter(|span| (ZONE.to_datetime(span.from).hour() < 12) == is_morning);
        spans.map(|span: &SpanDay| letter(span.result)).next().unwrap_or_default().to_owned()
    };
    AttendanceCell {
        result: day.result.code().to_owned(),
        letter: letter(day.result).to_owned(),
        morning: half(true),
        afternoon: half(false),
        text: format!("{}：{}", day.result.title(), day.text),
    }
}

fn totals<'d>(days: impl Iterator<Item = &'d Day>) -> AttendanceTotals {
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
        sums.leave += u32::from(day.result == R::Leave);
        sums.trip += u32::from(day.result == R::Trip);
        sums.unknown += u32::from(day.result == R::Unknown);
    }
    sums
}

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
    let item = |result: DayResult| LegendItem {
        result: result.code().to_owned(),
        letter: letter(result).to_owned(),
        title: result.title().to_owned(),
    };
    DayResult::ALL.into_iter().map(item).collect()
}

fn days_of(derived: &Derived, first: Date) -> Vec<MonthDayDto> {
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
        MonthDayDto {
            date: date.to_string(),
            day: date.day().unsigned_abs().into(),
            weekday: ["一", "二", "三", "四", "五", "六", "日"]
                .get(usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default())
                .copied()
                .unwrap_or_default()
                .to_owned(),
            badge: badge.to_owned(),
            off: known.kind.is_worked() == Some(false),
        }
    };
    dates.map(day).collect()
}
