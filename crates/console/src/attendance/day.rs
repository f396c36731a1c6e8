//! One day of one person: spans, punches, corrections and why the day is what it is.

use jiff::{SignedDuration, Timestamp};
use zaigang_domain::attendance::{
    Correction, CorrectionAsked, Day, DayResult, MonthKept, PersonMonth, PunchKept, SpanDay, Trust, is_aside,
    may_decide, waiting_text,
};
use zaigang_domain::calendar::{civil_date, format_instant, instant, midnight};
use zaigang_domain::people::Role;

use super::{Derived, clock_text, day_after, day_before, rules_text};
use crate::door::dto::{
    AttendanceDay, AttendanceDayArgs, AttendanceSpan, CorrectionDto, DoorError, MyAttendance, PunchDto,
};
use crate::duty::weekday;
use crate::order::{Desk, date_of};

/// How long after a day its punches are still shown with it: those of a night shift and of late leaving.
const SHOWN_AFTER: SignedDuration = SignedDuration::from_hours(12);

impl Desk<'_> {
    /// One's own attendance today, with yesterday's where that is still open.
    ///
    /// # Errors
    /// Not now where this console holds no common log or contract; not allowed for somebody not on site.
    pub fn my_attendance(&self) -> Result<MyAttendance, DoorError> {
        let today = civil_date(self.now);
        let me = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let derived = self.derive(day_before(today), day_after(today), |person| person.id == me)?;
        let person = derived.people.first().ok_or_else(|| {
            DoorError::not_allowed("考勤只记驻场人员。您的账号不是驻场人员，如有误请联系管理员。")
        })?;
        let keep = |day: &&Day| day.date == today || (day.date < today && is_open(day));
        let days = derived.days.iter().filter(keep).map(|day| self.day_dto(&derived, day));
        let mut days = days.collect::<Result<Vec<_>, _>>()?;
        days.reverse();
        Ok(MyAttendance {
            name: person.name.clone(),
            days,
            next: next(&derived, self.now),
            rules: rules_text(&derived),
        })
    }

    /// One day of a person.
    ///
    /// # Errors
    /// Bad input for an unreadable date, not found for somebody unknown or outside one's scope.
    pub fn attendance_day(&self, args: &AttendanceDayArgs) -> Result<AttendanceDay, DoorError> {
        let date = date_of(&args.date, "date")?;
        let derived = self.derive(date, date, |person| person.id == args.person)?;
        let seen = derived.people.first().filter(|person| self.may_see(person, &derived.contract));
        let (Some(_), Some(day)) = (seen, derived.days.first()) else {
            return Err(DoorError::not_found("没有这个人的考勤，或不在您的负责范围内。").at("person"));
        };
        self.day_dto(&derived, day)
    }

    fn day_dto(&self, derived: &Derived, day: &Day) -> Result<AttendanceDay, DoorError> {
        let months = derived.kept.get(&day.person).map_or(&[][..], Vec::as_slice);
        let mut corrections = Vec::new();
        for (of, month) in months {
            for correction in month.corrections.iter().filter(|one| one.asked.date == day.date) {
                corrections.push(self.correction_dto(&derived.contract, of, correction)?);
            }
        }
        let month = self.closed_days(day.date)?;
        let closed = month.days.get(&day.date).map(|closing| self.closing_text(closing)).transpose()?;
        let of_day = month.reopened.iter().filter(|one| one.date == day.date);
        Ok(AttendanceDay {
            reopened: of_day.map(|one| self.reopening_text(one)).collect::<Result<_, _>>()?,
            may_close: day.date < civil_date(self.now) && self.closes_as(&derived.contract)?.is_some(),
            person: day.person.clone(),
            name: self.store.person_name(&day.person)?,
            date: day.date.to_string(),
            weekday: weekday(day.date).to_owned(),
            result: day.result.code().to_owned(),
            title: day.result.title().to_owned(),
            text: day.text.clone(),
            spans: day.spans.iter().map(span_dto).collect(),
            punches: punches_near(months, day),
            corrections,
            may_ask: closed.is_none() && self.actor.user().is_some_and(|user| user.as_str() == day.person),
            closed,
            rules: rules_text(derived),
        })
    }

    /// A correction as screens show it.
    pub(super) fn correction_dto(
        &self,
        contract: &str,
        of: &PersonMonth,
        correction: &Correction,
    ) -> Result<CorrectionDto, DoorError> {
        let Correction { id, asked, at, pending, decision } = correction;
        let (state, said) = match decision {
            None => ("waiting", String::new()),
            Some(decision) => {
                let by = decision.by.as_ref().map_or(Ok(String::new()), |by| self.name(by.as_str()))?;
                let said = if decision.approved { "同意" } else { "不同意" };
                let words =
                    if decision.words.is_empty() { String::new() } else { format!("：{}", decision.words) };
                (if decision.approved { "approved" } else { "refused" }, format!("{by} {said}{words}"))
            }
        };
        let may =
            self.actor.has(Role::Supervisor) && may_decide(self.actor, &of.user, contract, &asked.division);
        Ok(CorrectionDto {
            id: id.to_string(),
            entity: of.entity().map_err(DoorError::broken)?.to_string(),
            person: of.user.to_string(),
            name: self.name(of.user.as_str())?,
            date: asked.date.to_string(),
            asked: asked_text(asked),
            reason: asked.reason.clone(),
            evidence: asked.evidence.clone(),
            at: format_instant(*at),
            state: state.to_owned(),
            decision: said,
            pending: *pending || decision.as_ref().is_some_and(|decision| decision.pending),
            may_decide: may && decision.is_none(),
        })
    }
}

/// Whether yesterday still matters today.
fn is_open(day: &Day) -> bool {
    day.result == DayResult::Unknown || day.spans.iter().any(|span| civil_date(span.to) > day.date)
}

fn next(derived: &Derived, now: Timestamp) -> String {
    let spans = derived.days.iter().flat_map(|day| &day.spans);
    let text = |span: &SpanDay| format!("{}—{}", clock_text(span.from), clock_text(span.to));
    let mut ahead = spans.clone().filter(|span| span.from > now);
    match (spans.clone().find(|span| span.from <= now && now < span.to), ahead.next()) {
        (Some(running), _) => format!("当前时段 {}", text(running)),
        (None, Some(span)) => format!("下一时段 {} {}", day_word(span.from, now), text(span)),
        (None, None) => "今明两天没有班次".to_owned(),
    }
}

fn day_word(at: Timestamp, now: Timestamp) -> &'static str {
    if civil_date(at) == civil_date(now) { "今天" } else { "明天" }
}

fn span_dto(span: &SpanDay) -> AttendanceSpan {
    AttendanceSpan {
        from: format_instant(span.from),
        to: format_instant(span.to),
        punched_in: span.punched_in.map(format_instant),
        punched_out: span.punched_out.map(format_instant),
        result: span.result.code().to_owned(),
        title: span.result.title().to_owned(),
        text: span_text(span),
        waits_for: span.waits_for.clone(),
    }
}

fn span_text(span: &SpanDay) -> String {
    let mut parts = vec![span.why.text().to_owned()];
    parts.extend((span.minutes_late > 0).then(|| format!("迟到 {} 分钟", span.minutes_late)));
    parts.extend((span.minutes_early > 0).then(|| format!("早退 {} 分钟", span.minutes_early)));
    if !span.waits_for.is_empty() {
        parts.push(waiting_text(&span.waits_for));
    }
    parts.join("，")
}

/// Punches of the day and of the hours after it; those of the hours before belong to yesterday's night.
fn punches_near(months: &[(PersonMonth, MonthKept)], day: &Day) -> Vec<PunchDto> {
    let from = day.spans.first().map_or(instant(midnight(day.date)), |span| span.from)
        - SignedDuration::from_hours(4);
    let end = instant(midnight(day_after(day.date)));
    let to = day.spans.last().map_or(end, |span| end.max(span.to)) + SHOWN_AFTER;
    let near = months.iter().flat_map(|(_, month)| &month.punches);
    near.filter(|punch| (from..=to).contains(&punch.at))
        .map(|punch| punch_dto(punch, is_aside(months.iter().map(|(_, month)| month), punch.id)))
        .collect()
}

fn punch_dto(punch: &PunchKept, set_aside: bool) -> PunchDto {
    let trust_text = match punch.trust {
        Trust::Ok => None,
        Trust::Jumped => Some("打卡时设备时钟与其他记录矛盾，时间不可信。"),
        Trust::Offline if punch.pending => Some("离线打卡，待同步。"),
        Trust::Offline => Some("离线打卡。"),
    };
    PunchDto {
        id: punch.id.to_string(),
        at: format_instant(punch.at),
        place: punch.place.clone(),
        trust_text: trust_text.map(str::to_owned),
        pending: punch.pending,
        set_aside,
    }
}

pub(super) fn asked_text(asked: &CorrectionAsked) -> String {
    let came = asked.came_at.map(|at| format!("补上班 {}", clock_text(at)));
    let left = asked.left_at.map(|at| format!("补下班 {}", clock_text(at)));
    let count = asked.set_aside.len();
    let aside = (count > 0).then(|| format!("不计 {count} 次打卡"));
    came.into_iter().chain(left).chain(aside).collect::<Vec<_>>().join("，")
}
