//! Requests and replies between a console and the centre, other than pages.
//!
//! All travel as JSON by HTTP POST over TLS; every request but [`EnrolRequest`] carries the
//! device's signature in headers ([`HEADER_DEVICE`], [`HEADER_NONCE`], [`HEADER_SIGNATURE`]).
//! Ids, hashes and keys are lower-case hex. 64-bit numbers are JSON numbers: both ends are ours.

use serde::{Deserialize, Serialize};

/// Range of protocol versions this program speaks.
pub const PROTOCOL_MIN: u16 = 1;
/// Highest protocol version this program speaks.
pub const PROTOCOL_MAX: u16 = 1;

/// Header with the device id, hex.
pub const HEADER_DEVICE: &str = "zaigang-device";
/// Header with a random nonce, hex.
pub const HEADER_NONCE: &str = "zaigang-nonce";
/// Header with the signature over the request, hex ([`crate::keys::sign_request`]).
pub const HEADER_SIGNATURE: &str = "zaigang-signature";

/// Path of the enrolment request.
pub const PATH_ENROL: &str = "/v1/enrol";
/// Path of hello.
pub const PATH_HELLO: &str = "/v1/hello";
/// Path of push: body is a packed [`crate::page::PushPage`].
pub const PATH_PUSH: &str = "/v1/push";
/// Path of pull: JSON in, a packed [`crate::page::PullPage`] out.
pub const PATH_PULL: &str = "/v1/pull";
/// Path of log-in.
pub const PATH_LOGIN: &str = "/v1/login";
/// Path of a password change.
pub const PATH_PASSWORD: &str = "/v1/password";
/// Path of the server-sent events that wake a console: each `data:` line is a [`Wake`].
pub const PATH_WAKE: &str = "/v1/wake";

/// What an enrolment code or file says: where the centre is and how to know it. The line of text
/// that people carry, also the content of the file, is [`EnrolmentCode::to_text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentCode {
    /// Address, such as `https://10.0.0.5:7443`.
    pub centre: String,
    /// First 32 hex digits (128 bits) of the hash of the CA's public key ([`crate::keys::ca_pin`]).
    pub ca: String,
    /// One-time secret, single use, 15 minutes.
    pub secret: String,
}

/// Asks to be enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time secret.
    pub secret: String,
    /// Id the device chose.
    pub device: String,
    /// Its Ed25519 public key.
    pub public_key: String,
    /// Its name.
    pub name: String,
}

/// The device is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The centre.
    pub server_id: String,
    /// Its Ed25519 public key for heads and certificates.
    pub centre_key: String,
    /// Site name.
    pub site: String,
    /// Logs the device is enrolled for.
    pub logs: Vec<String>,
    /// The site's recovery public key (age recipient) for the recovery slot.
    pub recovery: Option<String>,
    /// The device's incarnation.
    pub incarnation: u32,
}

/// The device's own chain in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnChain {
    /// The log.
    pub log: String,
    /// Incarnation.
    pub incarnation: u32,
    /// Last place.
    pub device_seq: u64,
    /// Its hash.
    pub event_hash: String,
}

/// A cursor on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorWire {
    /// The log.
    pub log: String,
    /// Epoch known, absent before the first pull.
    pub epoch: Option<String>,
    /// Last seq stored.
    pub seq: u64,
    /// Head hash there.
    pub head: String,
}

/// Opens a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloRequest {
    /// Lowest protocol version spoken.
    pub protocol_min: u16,
    /// Highest protocol version spoken.
    pub protocol_max: u16,
    /// The centre this device was enrolled with.
    pub server_id: String,
    /// Own chains: the acknowledged part, in every log.
    pub chains: Vec<OwnChain>,
    /// Cursors.
    pub cursors: Vec<CursorWire>,
    /// Device's wall clock, Unix milliseconds.
    pub wall_at: i64,
    /// Everything done on this device up to this time (Unix milliseconds) has been pushed.
    pub complete_to: Option<i64>,
}

/// How a round can end: each is a screen state with words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Go on.
    Ok,
    /// The device's chain is known otherwise: restored or cloned.
    NewIncarnation,
    /// The centre's history is not the one the console knows.
    Rollback,
    /// No protocol version in common.
    Upgrade,
    /// The device was revoked.
    Revoked,
    /// This is another centre.
    OtherServer,
}

/// What the centre says of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogReply {
    /// The log.
    pub log: String,
    /// How this log stands.
    pub outcome: Outcome,
    /// Its last seq.
    pub seq: u64,
    /// Its head hash.
    pub head: String,
    /// What the centre holds of this device here.
    pub device_seq: u64,
    /// Hash of that event.
    pub event_hash: String,
}

/// Answer to hello.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloReply {
    /// The worst outcome over all logs.
    pub outcome: Outcome,
    /// Protocol version to use.
    pub protocol: u16,
    /// The centre.
    pub server_id: String,
    /// Its epoch.
    pub epoch: String,
    /// Its clock, Unix milliseconds.
    pub time: i64,
    /// The logs this device is enrolled for.
    pub logs: Vec<LogReply>,
}

/// Asks for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The log.
    pub log: String,
    /// Entries after this seq.
    pub after_seq: u64,
    /// Head hash there, so that another history is never continued.
    pub head: String,
    /// Most bytes wanted, unpacked.
    pub bytes_max: u32,
}

/// One verdict in answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushVerdict {
    /// The event.
    pub id: String,
    /// Place in the device's chain.
    pub device_seq: u64,
    /// Place in the log.
    pub seq: u64,
    /// The commit record's bytes, hex.
    pub commit: String,
}

/// Answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushReply {
    /// How the log stands: [`Outcome::NewIncarnation`] is a fork of the device's chain.
    pub outcome: Outcome,
    /// Verdicts, also of events that were known already.
    pub verdicts: Vec<PushVerdict>,
    /// First place missing before this page, when there is a gap.
    pub gap_from: Option<u64>,
    /// Ids of events that are in the log already at another place (issued again by a new
    /// incarnation, though the first had arrived): nothing of the page was taken. Drop these from
    /// the outbox, chain what follows anew, push again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reissued: Vec<String>,
}

/// Logs in online: the centre checks the password and certifies the user's key on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInRequest {
    /// Log-in name.
    pub login: String,
    /// Password; over TLS to the pinned centre only.
    pub password: String,
    /// The user's Ed25519 public key on this device.
    pub user_key: String,
}

/// The user may work on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInReply {
    /// User id.
    pub user: String,
    /// The centre's certificate over (user, device, user key).
    pub certificate: String,
    /// The password was reset and must be changed.
    pub must_change_password: bool,
    /// Days an offline log-in works after this one.
    pub offline_days: u32,
}

/// Changes the own password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRequest {
    /// Log-in name.
    pub login: String,
    /// Present password.
    pub old_password: String,
    /// New password.
    pub new_password: String,
}

/// Wakes a console: a log has a new head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// The log.
    pub log: String,
    /// Its last seq.
    pub seq: u64,
}

/// An error of the centre: transport and centre faults only; verdicts are never errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReply {
    /// Stable code: `bad_request`, `unauthorized`, `revoked`, `wrong_password`, `locked`, `expired_code`, `too_many`,
    /// `weak_password`, `no_right` (not enrolled for this log), `rollback` (a pull that continues another history),
    /// `no_file` (not there, or no accepted event names it), `internal`.
    pub code: String,
    /// For people, in Chinese.
    pub message: String,
    /// Seconds until another try makes sense.
    pub retry_after_seconds: Option<u32>,
}
