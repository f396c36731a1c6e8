//! The one zone of the program: +08:00, compiled in.
//!
//! Inside the crate instants are whole microseconds since 1970-01-01T00:00Z in an `i64`: exact for
//! every instant that can be written here, and cheap to compare.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// China Standard Time, without daylight saving.
pub const ZONE: Offset = Offset::constant(8);

/// Microseconds in a minute.
pub(crate) const MINUTE: i64 = 60_000_000;
/// Microseconds in a day of 24 hours.
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
const ZONE_MICROSECONDS: i64 = 8 * 60 * MINUTE;

/// The instant of a microsecond count; saturates far outside the supported years.
#[must_use]
pub fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(if microseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// The civil date in +08:00 at an instant.
#[must_use]
pub fn civil_date(at: Timestamp) -> Date {
    ZONE.to_datetime(at).date()
}

/// Midnight at the start of a date in +08:00, in microseconds.
#[must_use]
pub fn midnight(date: Date) -> i64 {
    day_number(date) * DAY - ZONE_MICROSECONDS
}

/// RFC 3339 in +08:00 with seconds (fractions only where there are any).
#[must_use]
pub fn format_instant(at: Timestamp) -> String {
    at.display_with_offset(ZONE).to_string()
}

/// Reads an RFC 3339 instant; any offset is accepted, none is refused.
///
/// # Errors
/// The reason in Chinese, when the text is not RFC 3339 or lies outside 1900-2100.
pub fn parse_instant(text: &str) -> Result<Timestamp, String> {
    let full = text.len() >= 20 && matches!(text.as_bytes().get(10), Some(b'T' | b't'));
    let has_zone_name = text.contains('[');
    let has_offset = text.ends_with(['Z', 'z'])
        || text
            .len()
            .checked_sub(6)
            .and_then(|i| text.as_bytes().get(i))
            .is_some_and(|b| matches!(b, b'+' | b'-'));
    if !full || has_zone_name || !has_offset {
        return Err("不是带时区的 RFC 3339 时刻（例如 2025-10-01T08:00:00+08:00）".to_owned());
    }
    let at: Timestamp = text
        .parse()
        .map_err(|_| "不是带时区的 RFC 3339 时刻（例如 2025-10-01T08:00:00+08:00）".to_owned())?;
    let year = civil_date(at).year();
    if (super::YEAR_MIN..=super::YEAR_MAX).contains(&year) {
        Ok(at)
    } else {
        Err("年份须在 1900 至 2100 之间".to_owned())
    }
}

/// Days since 1970-01-01 of a civil date.
pub(crate) fn day_number(date: Date) -> i64 {
    let year = i64::from(date.year()) - i64::from(date.month() <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = (i64::from(date.month()) + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + i64::from(date.day()) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn midnight_is_sixteen_hours_before_utc_noon() {
        assert_eq!(instant(midnight(date(2025, 10, 1))).to_string(), "2025-09-30T16:00:00Z");
        assert_eq!(instant(midnight(date(1900, 3, 1))).to_string(), "1900-02-28T16:00:00Z");
        assert_eq!(civil_date(instant(midnight(date(2024, 2, 29)))), date(2024, 2, 29));
        assert_eq!(civil_date(instant(midnight(date(2024, 2, 29)) - 1)), date(2024, 2, 28));
    }

    #[test]
    fn an_instant_needs_an_offset() {
        assert!(parse_instant("2025-10-01T08:00:00+08:00").is_ok());
        assert!(parse_instant("2025-10-01T00:00:00Z").is_ok());
        for bad in [
            "2025-10-01T08:00:00",
            "2025-10-01",
            "2025-13-01T08:00:00Z",
            "2101-01-01T00:00:00+08:00",
            "x",
            "2025-10-01T08:00:00+08:00[Asia/Shanghai]",
            "2025-10-01 08:00:00+08:00",
            "",
        ] {
            assert!(parse_instant(bad).is_err(), "{bad} must be refused");
        }
    }

    #[test]
    fn output_is_in_plus_eight_with_seconds() {
        assert_eq!(
            format_instant(parse_instant("2025-10-01T00:00:00Z").unwrap()),
            "2025-10-01T08:00:00+08:00"
        );
    }
}
