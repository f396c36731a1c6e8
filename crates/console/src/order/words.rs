//! Chinese words for the codes that lists and details show.

use jiff::Timestamp;
use zaigang_domain::calendar::{ZONE, format_instant};
use zaigang_domain::event::Reason;
use zaigang_domain::order::OrderKind;

/// `11-24 08:00` in +08:00.
pub(crate) fn short_instant(at: Timestamp) -> String {
    ZONE.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

/// RFC 3339 in +08:00 from Unix milliseconds.
pub(crate) fn instant_text(millis: i64) -> String {
    format_instant(instant(millis))
}

/// An instant from Unix milliseconds; the epoch for what no clock can have given.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The Chinese sentence of a stable reason code; the code itself where a newer centre gave it.
pub(crate) fn reason_text(code: &str) -> String {
    Reason::from_code(code).map_or_else(|| code.to_owned(), |reason| reason.sentence().to_owned())
}

/// Chinese name of a kind of work.
pub(crate) fn kind_name(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Incident => "故障",
        OrderKind::Request => "服务请求",
        OrderKind::WorkRecord => "工作记录",
        OrderKind::Change => "变更",
        OrderKind::Problem => "问题",
        OrderKind::Finding => "巡检发现",
    }
}
