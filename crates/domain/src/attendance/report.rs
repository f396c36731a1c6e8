//! The answer: one entry for each person and day.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::why::Why;
use crate::calendar::{ZONE, format_instant};

/// What a day or a span came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayResult {
    /// 正常.
    Normal,
    /// 迟到.
    Late,
    /// 早退.
    EarlyLeave,
    /// 迟到且早退.
    LateEarly,
    /// 缺卡.
    MissingPunch,
    /// 半天.
    HalfDay,
    /// 旷工.
    Absent,
    /// 请假.
    Leave,
    /// 出差.
    Trip,
    /// 休息.
    Rest,
    /// 待定: not to be concluded yet.
    Unknown,
}

impl DayResult {
    /// Every result.
    pub const ALL: [Self; 11] = [
        Self::Normal,
        Self::Late,
        Self::EarlyLeave,
        Self::LateEarly,
        Self::MissingPunch,
        Self::HalfDay,
        Self::Absent,
        Self::Leave,
        Self::Trip,
        Self::Rest,
        Self::Unknown,
    ];

    /// Stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Late => "late",
            Self::EarlyLeave => "early_leave",
            Self::LateEarly => "late_early",
            Self::MissingPunch => "missing_punch",
            Self::HalfDay => "half_day",
            Self::Absent => "absent",
            Self::Leave => "leave",
            Self::Trip => "trip",
            Self::Rest => "rest",
            Self::Unknown => "unknown",
        }
    }

    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Normal => "正常",
            Self::Late => "迟到",
            Self::EarlyLeave => "早退",
            Self::LateEarly => "迟到且早退",
            Self::MissingPunch => "缺卡",
            Self::HalfDay => "半天",
            Self::Absent => "旷工",
            Self::Leave => "请假",
            Self::Trip => "出差",
            Self::Rest => "休息",
            Self::Unknown => "待定",
        }
    }
}

/// Every day asked for: people in the order of the question, of each the days in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The days.
    pub days: Vec<Day>,
}

/// One day of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Who.
    pub person: String,
    /// The date its shift begins.
    pub date: Date,
    /// What it came to.
    pub result: DayResult,
    /// Whole minutes late, beyond grace, of all spans that could be concluded.
    pub minutes_late: u32,
    /// Whole minutes early, likewise.
    pub minutes_early: u32,
    /// Its spans in order.
    pub spans: Vec<SpanDay>,
    /// Why.
    pub why: Why,
    /// Why, in Chinese.
    pub text: String,
}

/// One span of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanDay {
    /// Beginning.
    #[serde(serialize_with = "at")]
    pub from: Timestamp,
    /// End.
    #[serde(serialize_with = "at")]
    pub to: Timestamp,
    /// The earliest punch that serves it.
    #[serde(rename = "in", serialize_with = "maybe_at")]
    pub punched_in: Option<Timestamp>,
    /// The latest punch that serves it.
    #[serde(rename = "out", serialize_with = "maybe_at")]
    pub punched_out: Option<Timestamp>,
    /// What it came to.
    pub result: DayResult,
    /// Why; the command line prints the day's only.
    #[serde(skip)]
    pub why: Why,
    /// Whole minutes late, beyond grace; 0 while unknown.
    #[serde(skip)]
    pub minutes_late: u32,
    /// Whole minutes early, likewise.
    #[serde(skip)]
    pub minutes_early: u32,
    /// Devices whose data is not complete, where the result waits for them.
    #[serde(skip)]
    pub waits_for: Vec<String>,
}

fn at<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&format_instant(*at))
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn maybe_at<S: Serializer>(at: &Option<Timestamp>, out: S) -> Result<S::Ok, S::Error> {
    at.map(format_instant).serialize(out)
}

/// The sentence of a day: its reason, then what each span that is not in order shows.
pub(super) fn sentence(why: Why, spans: &[SpanDay]) -> String {
    let parts: Vec<String> = spans.iter().filter_map(part).collect();
    if parts.is_empty() { why.text().to_owned() } else { format!("{}：{}", why.text(), parts.join("；")) }
}

/// `等待 A、B 等 13 台设备`: the first two by name.
#[must_use]
pub fn waiting_text(devices: &[String]) -> String {
    match devices {
        [first, second, _, ..] => format!("等待 {first}、{second} 等 {} 台设备", devices.len()),
        few => format!("等待 {}", few.join("、")),
    }
}

fn part(span: &SpanDay) -> Option<String> {
    let time = |at: Timestamp| ZONE.to_datetime(at).strftime("%H:%M").to_string();
    let late = (span.minutes_late > 0).then(|| format!("迟到 {} 分钟", span.minutes_late));
    let early = (span.minutes_early > 0).then(|| format!("早退 {} 分钟", span.minutes_early));
    let minutes: Vec<String> = late.into_iter().chain(early).collect();
    let what = match span.why {
        Why::Late | Why::EarlyLeave | Why::LateEarly => minutes.join("、"),
        Why::HalfDayMinutes | Why::AbsentMinutes => {
            format!("{}，算{}", minutes.join("、"), span.result.title())
        }
        Why::MissingIn | Why::MissingOut if minutes.is_empty() => span.why.text().to_owned(),
        Why::MissingIn | Why::MissingOut => format!("{}，{}", span.why.text(), minutes.join("、")),
        Why::NoPunch => "没有打卡".to_owned(),
        Why::NotOver => "尚未结束".to_owned(),
        Why::ClockJumped => "时间不可信".to_owned(),
        Why::NotComplete => waiting_text(&span.waits_for),
        _ => return None,
    };
    Some(format!("{}—{} {what}", time(span.from), time(span.to)))
}

#[cfg(test)]
mod tests {
    use super::waiting_text;

    #[test]
    fn of_many_devices_two_are_named_and_all_are_counted() {
        let names = |count: usize| (1..=count).map(|n| format!("pc{n}")).collect::<Vec<_>>();
        for (count, text) in [
            (1, "等待 pc1"),
            (2, "等待 pc1、pc2"),
            (3, "等待 pc1、pc2 等 3 台设备"),
            (13, "等待 pc1、pc2 等 13 台设备"),
        ] {
            assert_eq!(waiting_text(&names(count)), text);
        }
    }
}
