//! Names of things: events, users, devices, entities and logs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A name that does not have the shape it must have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}: {text:?}")]
pub struct BadId {
    /// What it should have been.
    pub what: &'static str,
    /// What was given, cut to 80 characters.
    pub text: String,
}

fn bad(what: &'static str, text: &str) -> BadId {
    BadId { what, text: text.chars().take(80).collect() }
}

/// Id of an event: a UUIDv7, in JSON and text as 32 hex digits with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(pub [u8; 16]);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for EventId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let wrong = || bad("event id", text);
        if text.len() != 36 {
            return Err(wrong());
        }
        let mut digits = [0_u8; 32];
        let mut slots = digits.iter_mut();
        for (i, c) in text.bytes().enumerate() {
            if matches!(i, 8 | 13 | 18 | 23) {
                if c != b'-' {
                    return Err(wrong());
                }
                continue;
            }
            // Capitals are refused so that one id has one spelling.
            let value = match c {
                b'0'..=b'9' => c - b'0',
                b'a'..=b'f' => c - b'a' + 10,
                _ => return Err(wrong()),
            };
            *slots.next().ok_or_else(wrong)? = value;
        }
        let mut bytes = [0_u8; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            if let [high, low] = pair {
                *byte = high << 4 | low;
            }
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for EventId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.to_string()
    }
}

/// One part of a name: 1-64 bytes, no slash, no control character, no white space at its ends.
fn is_part(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.trim() == text && !text.chars().any(|c| c == '/' || c.is_control())
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that has the right shape.
            ///
            /// # Errors
            /// [`BadId`] when it has not.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(bad($what, &text)) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

text_id!(
    /// A user of the site: the last part of `user/<id>`.
    UserId,
    "user id",
    is_part
);
text_id!(
    /// One installed console, or the centre.
    DeviceId,
    "device id",
    is_part
);
text_id!(
    /// What an event is about: `order/<uuid>`, `user/<id>`, `device/<id>`, `contract/<id>`,
    /// `calendar/<id>`, `session/<id>`, `whereabouts/<user>`, `staff/<user>`, `leave/<event id>`, `source/<id>`,
    /// `roster/<yyyy-mm>`, `handover/<event id>`, `hotline/<event id>`, `dutylog/<date>`,
    /// `attendance/<user>.<yyyy-mm>`, `attendance_month/<yyyy-mm>`, `overtime/<event id>`,
    /// `spotcheck/<event id>`, `coverage/<event id>`, `part/<event id>`,
    /// `place/<event id>`, `movement/<event id>`, `slip/<event id>`, `scrapping/<event id>`,
    /// `stocktake/<event id>`, `transfer/<event id>`, `shipment/<event id>`, or `<word>/<id>` of a newer program.
    EntityId,
    "entity id",
    |text| text.split_once('/').is_some_and(|(kind, id)| {
        !kind.is_empty() && kind.len() <= 32 && kind.bytes().all(|c| c.is_ascii_lowercase() || c == b'_') && is_part(id)
    })
);
text_id!(
    /// Name of a log: `site`, `c/<contract>/common`, `c/<contract>/d/<division>`, `c/<contract>/s/<store>`.
    LogName,
    "log name",
    |text| LogKind::parse(text).is_some()
);

/// Kinds of entities this program folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A work order.
    Order,
    /// A user.
    User,
    /// A console.
    Device,
    /// A contract's published profile versions.
    Contract,
    /// A published calendar pack.
    Calendar,
    /// A log-in.
    Session,
    /// Where a person is.
    Whereabouts,
    /// What is known of a person under a contract.
    Staff,
    /// A request for leave.
    Leave,
    /// Another program that registers orders.
    Source,
    /// A month of duty.
    Roster,
    /// 交接班.
    Handover,
    /// A call to the duty phone.
    Hotline,
    /// 值班日志 of a day.
    DutyLog,
    /// Punches and corrections of one person in one month.
    Attendance,
    /// Closed days of a month's attendance.
    AttendanceMonth,
    /// 加班.
    Overtime,
    /// 抽查.
    SpotCheck,
    /// A coverage plan.
    Coverage,
    /// 设备.
    Asset,
    /// 备件型号.
    Part,
    /// 库位.
    Place,
    /// 出入库.
    Movement,
    /// 备件领用单.
    Slip,
    /// 报废.
    Scrapping,
    /// 盘点.
    Take,
    /// 调拨, the asking store's half.
    Transfer,
    /// 调拨, the shipping store's half.
    Shipment,
    /// Something of a newer program.
    Other,
}

impl EntityId {
    /// The kind its name tells.
    pub fn kind(&self) -> EntityKind {
        match self.0.split_once('/').map_or("", |(kind, _)| kind) {
            "order" => EntityKind::Order,
            "user" => EntityKind::User,
            "device" => EntityKind::Device,
            "contract" => EntityKind::Contract,
            "calendar" => EntityKind::Calendar,
            "session" => EntityKind::Session,
            "whereabouts" => EntityKind::Whereabouts,
            "staff" => EntityKind::Staff,
            "leave" => EntityKind::Leave,
            "source" => EntityKind::Source,
            "roster" => EntityKind::Roster,
            "handover" => EntityKind::Handover,
            "hotline" => EntityKind::Hotline,
            "dutylog" => EntityKind::DutyLog,
            "attendance" => EntityKind::Attendance,
            "attendance_month" => EntityKind::AttendanceMonth,
            "overtime" => EntityKind::Overtime,
            "spotcheck" => EntityKind::SpotCheck,
            "coverage" => EntityKind::Coverage,
            "asset" => EntityKind::Asset,
            "part" => EntityKind::Part,
            "place" => EntityKind::Place,
            "movement" => EntityKind::Movement,
            "slip" => EntityKind::Slip,
            "scrapping" => EntityKind::Scrapping,
            "stocktake" => EntityKind::Take,
            "transfer" => EntityKind::Transfer,
            "shipment" => EntityKind::Shipment,
            _ => EntityKind::Other,
        }
    }

    /// The part after the slash.
    pub fn local(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, id)| id)
    }

    /// `order/<uuid>`.
    pub fn order(id: EventId) -> Self {
        Self(format!("order/{id}"))
    }

    /// `user/<id>`.
    pub fn user(id: &UserId) -> Self {
        Self(format!("user/{id}"))
    }

    /// `device/<id>`.
    pub fn device(id: &DeviceId) -> Self {
        Self(format!("device/{id}"))
    }
}

/// What a log is for, with the names in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind<'a> {
    /// Users, devices, sessions, calendars, profiles.
    Site,
    /// Posts, people, rosters, coverage, attendance of one contract.
    Common {
        /// Contract id.
        contract: &'a str,
    },
    /// Orders, records and files of one division of a contract.
    Division {
        /// Contract id.
        contract: &'a str,
        /// Division name.
        division: &'a str,
    },
    /// Stock movements of one store of a contract.
    Store {
        /// Contract id.
        contract: &'a str,
        /// Store name.
        store: &'a str,
    },
}

impl<'a> LogKind<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if text == "site" {
            return Some(Self::Site);
        }
        let mut parts = text.split('/');
        let (head, contract, kind, name, rest) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next(), parts.next());
        if head != "c" || rest.is_some() || !is_part(contract) {
            return None;
        }
        match (kind, name) {
            ("common", None) => Some(Self::Common { contract }),
            ("d", Some(division)) if is_part(division) => Some(Self::Division { contract, division }),
            ("s", Some(store)) if is_part(store) => Some(Self::Store { contract, store }),
            _ => None,
        }
    }
}

impl LogName {
    /// The site log.
    pub fn site() -> Self {
        Self("site".to_owned())
    }

    /// The common log of a contract.
    ///
    /// # Errors
    /// [`BadId`] when the contract's id cannot be part of a name.
    pub fn common(contract: &str) -> Result<Self, BadId> {
        Self::new(format!("c/{contract}/common"))
    }

    /// The log of a store.
    ///
    /// # Errors
    /// [`BadId`] when one of the names cannot be part of a log name.
    pub fn store(contract: &str, store: &str) -> Result<Self, BadId> {
        Self::new(format!("c/{contract}/s/{store}"))
    }

    /// The log of a division.
    ///
    /// # Errors
    /// [`BadId`] when one of the names cannot be part of a log name.
    pub fn division(contract: &str, division: &str) -> Result<Self, BadId> {
        Self::new(format!("c/{contract}/d/{division}"))
    }

    /// What it is for.
    pub fn kind(&self) -> LogKind<'_> {
        // The constructor let only parsable names in.
        LogKind::parse(&self.0).unwrap_or(LogKind::Site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_id_has_one_spelling() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        let id: EventId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        for wrong in [
            "",
            "01890A5D-AC96-774B-BCCE-B302099A8057",
            "01890a5dac96774bbcceb302099a8057",
            "01890a5d-ac96-774b-bcce-b302099a805",
            "01890a5d-ac96-774b-bcce-b302099a80577",
            "01890a5d-ac96-774b-bcce_b302099a8057",
        ] {
            assert!(wrong.parse::<EventId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn log_names() {
        assert_eq!(LogName::new("site").unwrap().kind(), LogKind::Site);
        let log = LogName::division("guangxi-police", "E总队").unwrap();
        assert_eq!(log.as_str(), "c/guangxi-police/d/E总队");
        assert_eq!(log.kind(), LogKind::Division { contract: "guangxi-police", division: "E总队" });
        for wrong in [
            "",
            "c",
            "c/x",
            "c//common",
            "c/x/common/y",
            "c/x/d",
            "c/x/d/",
            "c/x/d/a/b",
            "site/x",
            "c/x/d/ a",
        ] {
            assert!(LogName::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn entity_ids() {
        assert_eq!(EntityId::new("order/1").unwrap().kind(), EntityKind::Order);
        assert_eq!(EntityId::new("future_thing/1").unwrap().kind(), EntityKind::Other);
        for wrong in ["", "order", "order/", "/x", "Order/x", "order/a/b", "order/a\n"] {
            assert!(EntityId::new(wrong).is_err(), "{wrong}");
        }
    }
}
