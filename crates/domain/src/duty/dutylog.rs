//! 值班日志 and 日报: what happened on a day, noted as it comes, and told to the manager at its end.
//!
//! The report is what documents ask for at the end of each working day (000:35, 000:433). Promises: a
//! note is never altered, a better one takes its place and both stay readable; the manager's receipt is
//! for one text and no other. Left out: drafting from the day's events (the console reads these).

use super::{counts, is_optional_text, is_text};
use crate::event::{EntityId, EventId, Recorded, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// Longest part of a report, in characters.
pub const REPORT_CHARS_MAX: usize = 4_000;
/// Most orders named by a note or a part of a report.
pub const ORDERS_MAX: usize = 200;

/// `dutylog/<date>`.
///
/// # Panics
/// Never: a date is a part of a name.
pub fn dutylog_of(date: Date) -> EntityId {
    EntityId::new(format!("dutylog/{date}")).expect("a date is a part of a name")
}

/// `dutylog.noted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// When it happened.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Orders it is about: `order/<uuid>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
    /// The note it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EventId>,
    /// The entry that was drafted for it, so that it is not offered again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub drafted: String,
}

impl Noted {
    /// Whether it keeps to its limits and says something.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        is_text(&self.text, NOTE_CHARS_MAX)
            && self.orders.len() <= ORDERS_MAX
            && is_optional_text(&self.drafted, NOTE_CHARS_MAX)
    }
}

/// `dutylog.reported`: 日报.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reported {
    /// Counts of the day by their stable words: `kind.incident`, `closed`, `hotline.missed` …
    pub counts: BTreeMap<String, u32>,
    /// 当日已解决的问题.
    pub solved: String,
    /// 超时或未完成的问题.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unsolved: String,
    /// 值班、巡检与交接情况.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duty: String,
    /// 次日事项.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next: String,
    /// Orders named, so that they can be opened: `order/<uuid>`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
}

impl Reported {
    /// Whether it keeps to its limits and says something.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        is_text(&self.solved, REPORT_CHARS_MAX)
            && [&self.unsolved, &self.duty, &self.next]
                .into_iter()
                .all(|text| is_optional_text(text, REPORT_CHARS_MAX))
            && self.orders.len() <= ORDERS_MAX
            && self.counts.len() <= ORDERS_MAX
    }
}

/// `dutylog.received`: the manager has read a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The event of the report.
    pub report: EventId,
    /// What he says to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A note as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its event.
    pub event: EventId,
    /// Who wrote it.
    pub by: Option<UserId>,
    /// What it says.
    pub noted: Noted,
    /// The note that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<EventId>,
    /// Waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A report as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its event.
    pub event: EventId,
    /// Who sent it.
    pub by: Option<UserId>,
    /// When, by the time that counts.
    pub at: Timestamp,
    /// What it says.
    pub reported: Reported,
    /// Who received it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Receipt>,
    /// Waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who.
    pub by: Option<UserId>,
    /// When, by the time that counts.
    pub at: Timestamp,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// The log of a day: `dutylog/<date>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DutyLog {
    /// In the order of the log.
    pub notes: Vec<Note>,
    /// Oldest first: the last one stands.
    pub reports: Vec<Report>,
}

impl DutyLog {
    /// A field a claim may rely on: `report`, the event of the report that stands, or `-`.
    pub fn field(&self, name: &str) -> Option<String> {
        (name == "report")
            .then(|| self.reports.last().map_or_else(|| "-".to_owned(), |report| report.event.to_string()))
    }

    /// The notes that stand, by the time of what they tell.
    pub fn standing(&self) -> Vec<&Note> {
        let mut notes: Vec<&Note> = self.notes.iter().filter(|note| note.replaced_by.is_none()).collect();
        notes.sort_by_key(|note| (note.noted.at, note.event));
        notes
    }
}

/// Folds an event of `dutylog/<date>`. What cannot be read changes nothing.
pub fn fold_dutylog(state: Option<DutyLog>, event: &Recorded<'_>) -> Option<DutyLog> {
    if !counts(event) {
        return state;
    }
    let before = state.clone().unwrap_or_default();
    folded(before, event).or(state)
}

fn folded(mut log: DutyLog, event: &Recorded<'_>) -> Option<DutyLog> {
    let (by, pending) = (event.user.cloned(), event.verdict.is_none());
    match event.kind {
        "dutylog.noted" => {
            let noted: Noted = serde_json::from_str(event.payload).ok()?;
            if let Some(old) = log.notes.iter_mut().find(|note| Some(note.event) == noted.replaces) {
                old.replaced_by = Some(event.id);
            }
            log.notes.push(Note { event: event.id, by, noted, replaced_by: None, pending });
        }
        "dutylog.reported" => {
            let reported = serde_json::from_str(event.payload).ok()?;
            let at = event.effective_at;
            log.reports.push(Report { event: event.id, by, at, reported, received: None, pending });
        }
        "dutylog.received" => {
            let received: Received = serde_json::from_str(event.payload).ok()?;
            let report = log.reports.iter_mut().find(|report| report.event == received.report)?;
            report.received = Some(Receipt { by, at: event.effective_at, text: received.text });
        }
        _ => return None,
    }
    Some(log)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Verdict;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
    }

    fn step(state: Option<DutyLog>, n: u8, kind: &str, payload: &str) -> Option<DutyLog> {
        let (wang, entity) = (UserId::new("wang").unwrap(), dutylog_of(jiff::civil::date(2025, 10, 9)));
        let event = Recorded {
            id: EventId([n; 16]),
            kind,
            tv: 1,
            user: Some(&wang),
            entity: &entity,
            seq: Some(1),
            effective_at: at(i64::from(n)),
            claimed_at: at(i64::from(n)),
            trust: None,
            verdict: Some(Verdict::Accepted),
            deps: &[],
            payload,
        };
        fold_dutylog(state, &event)
    }

    fn note(minute: i64, text: &str, replaces: Option<u8>) -> String {
        let replaces = replaces.map(|n| EventId([n; 16]));
        let noted =
            Noted { at: at(minute), text: text.into(), orders: vec![], replaces, drafted: String::new() };
        assert!(noted.is_sound());
        serde_json::to_string(&noted).unwrap()
    }

    #[test]
    fn notes_stand_by_their_time_and_a_better_one_takes_the_place() {
        let log = step(None, 1, "dutylog.noted", &note(30, "夜班巡视", None));
        let log = step(log, 2, "dutylog.noted", &note(10, "接班", None));
        let log = step(log, 3, "dutylog.noted", &note(31, "夜班巡视，空调告警", Some(1))).unwrap();
        let texts: Vec<&str> = log.standing().iter().map(|note| note.noted.text.as_str()).collect();
        assert_eq!(texts, ["接班", "夜班巡视，空调告警"]);
        assert_eq!(log.notes.len(), 3, "the old words stay readable");
        assert_eq!(step(Some(log.clone()), 4, "dutylog.noted", "7"), Some(log));
        assert_eq!(step(None, 4, "dutylog.noted", "7"), None);
    }

    #[test]
    fn a_receipt_is_for_one_text() {
        let text = r#"{"counts":{"closed":2},"solved":"二件"}"#;
        let log = step(None, 1, "dutylog.reported", text).unwrap();
        assert_eq!(serde_json::to_string(&log.reports[0].reported).unwrap(), text, "bytes in logs for ever");
        let received = format!(r#"{{"report":"{}","text":"已阅"}}"#, EventId([1; 16]));
        let log = step(Some(log), 2, "dutylog.received", &received);
        let log = step(log, 3, "dutylog.reported", text).unwrap();
        assert_eq!(log.reports[0].received.as_ref().unwrap().text, "已阅");
        assert_eq!(log.reports[1].received, None, "a later text is not received yet");
        assert_eq!(log.field("report"), Some(EventId([3; 16]).to_string()));
        assert_eq!(DutyLog::default().field("report").as_deref(), Some("-"));
    }
}
