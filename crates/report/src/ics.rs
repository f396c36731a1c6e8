//! Duties as a calendar file (RFC 5545), for a person's own phone or desktop calendar.
//!
//! Promises: the same duties give the same bytes; an id stays the same for the same duty of the same
//! person, so that a later file changes the entry instead of doubling it; the zone travels along
//! (`VTIMEZONE`, Asia/Shanghai, no summer time since 1992). Left out: whether the site lets such files out
//! at all, and anything of the duty but its name, hours and place.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A duty of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyEntry {
    /// What stays the same for this duty: contract, date, post, person, span.
    pub id: String,
    /// What it is: `值班主`.
    pub title: String,
    /// Beginning, civil time at +08:00.
    pub from: DateTime,
    /// End, civil time at +08:00, after the beginning.
    pub to: DateTime,
    /// Where; empty: not said.
    pub place: String,
}

/// The duties of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyCalendar {
    /// Name of the calendar.
    pub name: String,
    /// Version of the roster: later ones outrank earlier ones (`SEQUENCE`).
    pub version: u32,
    /// When that version was published.
    pub published_at: Timestamp,
    /// The duties.
    pub entries: Vec<DutyEntry>,
}

/// Most octets of a line (RFC 5545, 3.1).
const LINE_OCTETS_MAX: usize = 75;

const ZONE: &[&str] = &[
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19910915T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// The calendar as a file: UTF-8, CRLF, long lines folded.
#[must_use]
pub fn duty_ics(calendar: &DutyCalendar) -> String {
    let mut out = String::new();
    let head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zaigang//roster//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ];
    head.iter().for_each(|text| line(&mut out, text));
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&calendar.name)));
    ZONE.iter().for_each(|text| line(&mut out, text));
    let stamp = calendar.published_at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    for entry in &calendar.entries {
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}@zaigang", escaped(&entry.id)));
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        line(&mut out, &format!("SEQUENCE:{}", calendar.version));
        line(&mut out, &format!("DTSTART;TZID=Asia/Shanghai:{}", entry.from.strftime("%Y%m%dT%H%M%S")));
        line(&mut out, &format!("DTEND;TZID=Asia/Shanghai:{}", entry.to.strftime("%Y%m%dT%H%M%S")));
        line(&mut out, &format!("SUMMARY:{}", escaped(&entry.title)));
        if !entry.place.is_empty() {
            line(&mut out, &format!("LOCATION:{}", escaped(&entry.place)));
        }
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// Text as a value (RFC 5545, 3.3.11); control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | ';' | ',' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
    out
}

/// A content line, folded before the octet limit and never inside a character.
fn line(out: &mut String, text: &str) {
    let mut octets = 0;
    for char in text.chars() {
        if octets + char.len_utf8() > LINE_OCTETS_MAX {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(char);
        octets += char.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    fn calendar() -> DutyCalendar {
        DutyCalendar {
            name: "值班 2025年10月".into(),
            version: 2,
            published_at: "2025-09-26T09:00:00Z".parse().unwrap(),
            entries: vec![DutyEntry {
                id: "guangxi-police-2025-10-31-duty-u1-0".into(),
                title: "值班主".into(),
                from: datetime(2025, 10, 31, 8, 0, 0, 0),
                to: datetime(2025, 11, 1, 8, 0, 0, 0),
                place: "2号楼 1205, 值班室; 转 8\n门".into(),
            }],
        }
    }

    #[test]
    fn a_duty_over_midnight_has_its_zone_its_id_and_its_version() {
        let text = duty_ics(&calendar());
        for wanted in [
            "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\n",
            "UID:guangxi-police-2025-10-31-duty-u1-0@zaigang\r\n",
            "DTSTAMP:20250926T090000Z\r\n",
            "SEQUENCE:2\r\n",
            "DTSTART;TZID=Asia/Shanghai:20251031T080000\r\n",
            "DTEND;TZID=Asia/Shanghai:20251101T080000\r\n",
            "SUMMARY:值班主\r\n",
            "LOCATION:2号楼 1205\\, 值班室\\; 转 8\\n门\r\n",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in {text}");
        }
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    }

    #[test]
    fn lines_are_folded_within_their_octets_and_unfold_to_what_they_were() {
        let long = "换机房巡检与值守的说明".repeat(12);
        let mut one = calendar();
        one.entries[0].title.clone_from(&long);
        let text = duty_ics(&one);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_OCTETS_MAX));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{long}\r\n")));
    }

    #[test]
    fn a_later_version_keeps_the_ids() {
        let later = DutyCalendar { version: 3, ..calendar() };
        let ids =
            |text: &str| text.lines().filter(|line| line.starts_with("UID:")).collect::<Vec<_>>().join("");
        assert_eq!(ids(&duty_ics(&calendar())), ids(&duty_ics(&later)));
        assert_ne!(duty_ics(&calendar()), duty_ics(&later));
    }
}
