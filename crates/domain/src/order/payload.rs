//! Payloads of order events. Unknown fields are tolerated on reading and absent ones take their
//! default, so that every version ever released can be read; stored bytes are never rewritten.

use crate::clock::CaseFacts;
use crate::contract::Profile;
use crate::event::{EntityId, UserId};
use crate::file::{FILE_BYTES_MAX, FILES_MAX, is_tidy};
use crate::order::OrderKind;
use crate::people::Source;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `order.registered`. Name, phone, room and extension of the reporter travel as the sealed part `reporter`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Number given by the device, printed on forms, never changed.
    pub number: String,
    /// What kind of work it is.
    pub kind: OrderKind,
    /// One line.
    pub title: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Maintenance object, by its id in the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Division; must be the one of the log.
    pub division: String,
    /// Fault level as the contract prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Why this level, where the matrix gives none, two or another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_reason: Option<String>,
    /// Facts the level was derived from.
    #[serde(default)]
    pub facts: Facts,
    /// `dispatch|phone|onsite|alarm|inspection|platform`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// The reporter's unit (not sealed).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reporter_unit: String,
    /// Contract id; must be the one of the log.
    pub contract: String,
    /// Version of the contract bound to it.
    pub contract_hash: String,
    /// Version of the calendar bound to it.
    pub calendar_hash: String,
    /// When the work is planned, for work scheduled ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
    /// Why it was registered late or outside the service period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<String>,
    /// Number at the platform it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// When it was written down by this device's clock, where that was later than the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Timestamp>,
    /// What a work record says beyond its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<WorkRecord>,
    /// 代记: the colleague who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<UserId>,
    /// How that colleague worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteWork>,
    /// The program it comes from, where no user registered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What tells the alarms of one fault from others: alarms with the same key are one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_key: Option<String>,
    /// The device it is about: `asset/<event id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<EntityId>,
}

/// The daily service of a work record (工作记录, 001:1122-1244). Its title is what was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkRecord {
    /// Category of service, as the contract or the settings print it.
    pub category: String,
    /// How long it took, in minutes.
    pub minutes: u32,
    /// What came of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// Who confirmed it on the buyer's side: a unit or post.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub confirmed_by: String,
    /// Number of the authorisation, for work on data (001:1198).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<String>,
    /// What an inspection found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspection: Option<Inspection>,
}

/// What an inspection found (巡检).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inspection {
    /// 正常.
    Normal,
    /// 异常.
    Abnormal,
}

/// How a colleague who has no post on site worked (代记).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteWork {
    /// By phone, or as a visitor.
    pub way: RemoteWay,
    /// Number of the entry permit of a visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_permit: Option<String>,
    /// Who went along on a visit: a post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escort: Option<String>,
    /// Person-days used, in tenths: 5 is half a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_days_tenths: Option<u32>,
}

/// Way of remote work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteWay {
    /// 电话支持.
    Phone,
    /// 到场服务.
    Visit,
}

/// Facts the level assistant asks for; absent = not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// `core|important|general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_class: Option<String>,
    /// `half_or_more|under_half|individual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// VIP user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vip: Option<bool>,
    /// Security event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_event: Option<bool>,
    /// A service request, not a fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<bool>,
}

impl Facts {
    /// The facts as the clocks read them; words they do not know count as not stated.
    #[must_use]
    pub fn case(&self) -> CaseFacts {
        CaseFacts {
            system_class: self.system_class.as_deref().and_then(|word| word.parse().ok()),
            share: self.share.as_deref().and_then(|word| word.parse().ok()),
            vip: self.vip,
            security_event: self.security_event,
            request: self.request,
        }
    }

    /// Takes the class of an object from the site's list where none is stated; tells whether it did.
    pub fn take_class(&mut self, profile: &Profile, object: Option<&str>) -> bool {
        let class = object.and_then(|id| profile.object(id)).and_then(|object| object.class);
        match (class, &self.system_class) {
            (Some(class), None) => {
                self.system_class = Some(class.as_str().to_owned());
                true
            }
            _ => false,
        }
    }
}

/// The sealed part `reporter` of `order.registered`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reporter {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Room.
    pub room: String,
    /// Extension (分机).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub extension: String,
}

/// The sealed part `visitors` of `order.vendor_noted`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visitors {
    /// Names of those who come, as written on the entry permit.
    pub names: String,
}

/// The other half of an exchange: what a store booked, in a log of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockHalf {
    /// The store's log.
    pub store: String,
    /// Its movements: `movement/<event id>`.
    pub movements: Vec<EntityId>,
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$fdoc])* #[serde(skip_serializing_if = "is_default")] pub $field: $ty,)*
        }
    )*};
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

payloads! {
    /// `order.dispatched`: to a user, or to the division's pool.
    Dispatched {
        /// To whom.
        to: Option<UserId>,
        /// To the pool: any engineer of the division may take it.
        pool: bool,
        /// Remark.
        text: String,
    }
    /// `order.accepted`.
    Accepted {
        /// 代记: the colleague (remote, for example) who took it.
        on_behalf: Option<UserId>,
        /// Remark.
        text: String,
    }
    /// `order.responded`, `arrived`, `work_started`, `diagnosed`, `solution_given`,
    /// `alternative_given`, `remote_failed`, `workaround`, `escalated`, `report_submitted`.
    Fact {
        /// What was found or done.
        text: String,
        /// 代记: the colleague who did it.
        on_behalf: Option<UserId>,
        /// Whom it was escalated or submitted to.
        to: Option<String>,
        /// The device it is about.
        asset: Option<EntityId>,
    }
    /// `order.restored`.
    Restored {
        /// What was done.
        text: String,
        /// Cause.
        cause: Option<String>,
        /// Responsible party: `supplier|buyer|third_party|force_majeure`.
        party: Option<String>,
        /// 代记: the colleague who did it.
        on_behalf: Option<UserId>,
        /// Class of the cause, a word of [`crate::order::classes::CAUSE_CLASSES`].
        cause_class: Option<String>,
        /// Units hit, as told.
        affected_units: String,
        /// Users hit.
        affected_users: Option<u32>,
        /// From when the service was out.
        affected_from: Option<Timestamp>,
        /// Until when it was out.
        affected_to: Option<Timestamp>,
        /// What proves cause and party: a log, a letter, a ticket elsewhere.
        evidence: String,
        /// Kind of security event, a word of [`crate::order::classes::SECURITY_CLASSES`].
        security_class: Option<String>,
    }
    /// `order.swapped`: a part or unit was exchanged.
    Swapped {
        /// What was exchanged for what.
        text: String,
        /// Serial number taken out.
        old_serial: Option<String>,
        /// Serial number put in.
        new_serial: Option<String>,
        /// 代记: the colleague who did it.
        on_behalf: Option<UserId>,
        /// Its other half in a store's log, where the part came from one.
        stock: Option<StockHalf>,
        /// The device it was done on.
        asset: Option<EntityId>,
    }
    /// `order.suspended`.
    Suspended {
        /// Why: a code of the contract or the settings, or free text.
        reason: String,
        /// Responsible party: `supplier|buyer|third_party|force_majeure`.
        party: String,
        /// What proves it: a letter, a call, a ticket elsewhere.
        evidence: String,
    }
    /// `order.resumed`, `order.merged` has its own.
    Resumed {
        /// Remark.
        text: String,
    }
    /// `order.level_changed`.
    LevelChanged {
        /// New level, as the contract prints it.
        level: String,
        /// Why.
        reason: String,
    }
    /// `order.rule_chosen`.
    RuleChosen {
        /// Rule id.
        rule: String,
        /// Target it sets.
        target: String,
        /// Why this one.
        why: String,
    }
    /// `order.rebound`.
    Rebound {
        /// New version of the contract.
        contract_hash: String,
        /// New version of the calendar.
        calendar_hash: String,
        /// Why.
        reason: String,
    }
    /// `order.returned`, `order.reopened` and `order.voided`.
    Reasoned {
        /// Why.
        reason: String,
    }
    /// `order.transferred`.
    Transferred {
        /// To whom; the pool when absent.
        to: Option<UserId>,
        /// Why.
        reason: String,
    }
    /// `order.confirmed`: by the buyer's contact's own account, or recorded by the engineer.
    Confirmed {
        /// Name of the person who confirmed.
        who: String,
        /// Unit.
        unit: String,
        /// `account|paper|phone|onsite`.
        way: String,
        /// How satisfied: `satisfied|fairly|dissatisfied`.
        satisfaction: Option<String>,
        /// Number of the signed paper.
        paper: Option<String>,
        /// Remark.
        text: String,
    }
    /// `order.spot_checked`: 抽查, by the overseer or the buyer, or recorded for them.
    SpotChecked {
        /// Name of the person who checked.
        who: String,
        /// Unit.
        unit: String,
        /// What was found.
        found: String,
        /// What is to be put right.
        asks: String,
        /// Remark.
        text: String,
    }
    /// `order.entered`: the record stands in the buyer's own platform. A later one corrects an earlier.
    Entered {
        /// Number there.
        number: String,
        /// Remark.
        text: String,
    }
    /// `order.closed`.
    Closed {
        /// Summary.
        text: String,
        /// What was seen, for whoever meets it again.
        symptom: String,
        /// Why it was so.
        cause: String,
        /// What helped, step by step.
        steps: String,
    }
    /// `order.knowledge_noted`: what is worth knowing when it happens again.
    KnowledgeNoted {
        /// What was seen.
        symptom: String,
        /// Why it was so.
        cause: String,
        /// What helped, step by step.
        steps: String,
    }
    /// `order.assist_asked`: a colleague or another unit is asked to assist (协办); whoever is in charge
    /// stays so (主办).
    AssistAsked {
        /// The colleague; absent where a unit without accounts here is asked.
        to: Option<UserId>,
        /// The unit.
        unit: String,
        /// For what.
        text: String,
    }
    /// `order.assist_accepted` and `order.assist_finished`.
    AssistAnswered {
        /// The event that asked.
        assist: String,
        /// Remark, or what was done.
        text: String,
        /// 代记: the colleague who assists.
        on_behalf: Option<UserId>,
    }
    /// `order.vendor_noted`: how it stands with a maker or other outside party. Names of those who come
    /// travel as the sealed part `visitors`.
    VendorNoted {
        /// Maker or company.
        maker: String,
        /// Number of the case there.
        case_no: String,
        /// When somebody is promised to arrive.
        promised_at: Option<Timestamp>,
        /// When somebody arrived.
        arrived_at: Option<Timestamp>,
        /// How many came or will come.
        people: Option<u32>,
        /// Who escorts them.
        escort: Option<UserId>,
        /// Number of the entry permit.
        permit_no: String,
        /// Remark.
        text: String,
    }
    /// `order.merged`.
    Merged {
        /// Entity id of the order it goes on in.
        into: String,
        /// Why.
        reason: String,
    }
    /// `order.reconciled`: an unreconciled fact was looked at and taken off the list.
    Reconciled {
        /// The fact's event id.
        event: String,
        /// `taken` (it happened, the state was put right by other steps) or `set_aside`.
        how: String,
        /// Remark.
        text: String,
    }
    /// `order.called`: somebody was called for this order, outside office hours above all.
    Called {
        /// Who was called.
        to: Option<UserId>,
        /// In what turn: `duty|standby|second|manager`.
        tier: String,
        /// What came of it: `answered|no_answer|busy|unreachable|refused`.
        result: String,
        /// What was said.
        text: String,
    }
    /// `order.alarmed`: the same fault was alarmed again while it was worked on.
    Alarmed {
        /// What the alarm says.
        text: String,
    }
    /// `order.noted`, `order.urged`, `order.supervised`.
    Noted {
        /// The text.
        text: String,
    }
}

/// `order.filed`: files stand beside the order from now on. Their keys travel as the sealed part
/// [`FILE_KEYS`], so that nobody without the right to it reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The files, in the order shown; never none.
    #[serde(default)]
    pub files: Vec<FiledFile>,
    /// 已脱敏: who adds them has looked and says so.
    #[serde(default)]
    pub redacted: bool,
    /// Remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// One file of an `order.filed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledFile {
    /// Hash of the encrypted content, 64 hex digits.
    pub hash: String,
    /// Size before encryption, in bytes.
    pub bytes: u64,
    /// Media type, as the content showed.
    pub media: String,
    /// Name shown.
    pub name: String,
    /// What it is: a word of [`crate::file::FileKind`], or of a newer program's.
    #[serde(default)]
    pub kind: String,
}

/// Name of the sealed part of `order.filed`, a [`FileKeys`].
pub const FILE_KEYS: &str = "file_keys";

/// The sealed part [`FILE_KEYS`] of `order.filed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileKeys {
    /// Hash of a file → its key, 64 hex digits.
    #[serde(default)]
    pub keys: std::collections::BTreeMap<String, String>,
}

impl Filed {
    /// Whether every part is there and within its limits; the tick 已脱敏 is one of them.
    pub fn is_sound(&self) -> bool {
        let sound = |file: &FiledFile| {
            file.hash.len() == 64
                && file.hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
                && (1..=FILE_BYTES_MAX).contains(&file.bytes)
                && is_tidy(&file.name)
        };
        self.redacted && (1..=FILES_MAX).contains(&self.files.len()) && self.files.iter().all(sound)
    }
}

/// Whether the payload of this known type can be read.
pub fn is_readable(kind: &str, payload: &str) -> bool {
    fn reads<T: serde::de::DeserializeOwned>(payload: &str) -> bool {
        serde_json::from_str::<T>(payload).is_ok()
    }
    match kind {
        "order.registered" => reads::<Registered>(payload),
        "order.dispatched" => reads::<Dispatched>(payload),
        "order.accepted" => reads::<Accepted>(payload),
        "order.restored" => reads::<Restored>(payload),
        "order.swapped" => reads::<Swapped>(payload),
        "order.suspended" => reads::<Suspended>(payload),
        "order.resumed" => reads::<Resumed>(payload),
        "order.level_changed" => reads::<LevelChanged>(payload),
        "order.rule_chosen" => reads::<RuleChosen>(payload),
        "order.rebound" => reads::<Rebound>(payload),
        "order.returned" | "order.reopened" | "order.voided" => reads::<Reasoned>(payload),
        "order.transferred" => reads::<Transferred>(payload),
        "order.confirmed" => reads::<Confirmed>(payload),
        "order.spot_checked" => reads::<SpotChecked>(payload),
        "order.entered" => reads::<Entered>(payload),
        "order.closed" => reads::<Closed>(payload),
        "order.merged" => reads::<Merged>(payload),
        "order.reconciled" => reads::<Reconciled>(payload),
        "order.called" => reads::<Called>(payload),
        "order.alarmed" => reads::<Alarmed>(payload),
        "order.filed" => serde_json::from_str::<Filed>(payload).is_ok_and(|filed| filed.is_sound()),
        "order.urged" | "order.supervised" | "order.noted" => reads::<Noted>(payload),
        "order.assist_asked" => reads::<AssistAsked>(payload),
        "order.assist_accepted" | "order.assist_finished" => reads::<AssistAnswered>(payload),
        "order.vendor_noted" => reads::<VendorNoted>(payload),
        "order.knowledge_noted" => reads::<KnowledgeNoted>(payload),
        _ => reads::<Fact>(payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_fields_are_tolerated_and_absent_ones_default() {
        let read: Suspended = serde_json::from_str(r#"{"reason":"waits","from_2031":[1]}"#).unwrap();
        assert_eq!(read, Suspended { reason: "waits".into(), ..Suspended::default() });
        let short = serde_json::to_string(&Accepted::default()).unwrap();
        assert_eq!(short, "{}");
    }

    #[test]
    fn golden_bytes_of_a_record_made_for_a_colleague() {
        let json = r#"{"number":"E-1","kind":"work_record","title":"t","division":"E总队","facts":{},"reported_at":"2025-10-01T01:00:00Z","contract":"c","contract_hash":"h","calendar_hash":"k","registered_at":"2025-10-01T09:00:00Z","record":{"category":"数据服务","minutes":20,"result":"正常","confirmed_by":"科信处","authorisation":"SQ-1","inspection":"normal"},"on_behalf":"u2","remote":{"way":"visit","entry_permit":"RC-1","escort":"值班员","person_days_tenths":5}}"#;
        let read: Registered = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        let reporter = r#"{"name":"","phone":"","room":""}"#;
        assert_eq!(serde_json::to_string(&Reporter::default()).unwrap(), reporter);
    }

    #[test]
    fn golden_bytes_of_files_and_what_is_not_sound() {
        let hash = "ab".repeat(32);
        let json = format!(
            r#"{{"files":[{{"hash":"{hash}","bytes":7,"media":"image/png","name":"机房.png","kind":"photo"}}],"redacted":true}}"#
        );
        let read: Filed = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert!(is_readable("order.filed", &json));
        for (from, to) in [
            ("true", "false"),
            ("\"bytes\":7", "\"bytes\":0"),
            ("\"bytes\":7", "\"bytes\":52428801"),
            (hash.as_str(), "ab"),
            (hash.as_str(), &"AB".repeat(32)),
            ("机房.png", "../机房.png"),
        ] {
            assert!(!is_readable("order.filed", &json.replace(from, to)), "{to}");
        }
        assert!(!is_readable("order.filed", r#"{"files":[],"redacted":true}"#));
        let newer = json.replace("\"photo\"", "\"hologram\",\"depth\":3");
        assert!(is_readable("order.filed", &newer), "kinds of a newer program are kept");
    }

    #[test]
    fn golden_bytes_of_a_registration() {
        let json = r#"{"number":"E-20251001-01-0001","kind":"incident","title":"t","division":"E总队","facts":{},"reported_at":"2025-10-01T01:00:00Z","contract":"c","contract_hash":"h","calendar_hash":"k"}"#;
        let read: Registered = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
