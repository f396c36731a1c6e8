//! Files as they cross the door.

use super::dto::Choice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What may be added to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileRules {
    /// Types taken, by extension: `jpg`, `pdf` …; agreed by the site or the safe default.
    pub types: Vec<String>,
    /// Largest file, in bytes.
    pub bytes_max: u32,
    /// Most files added at once.
    pub files_max: u32,
    /// Bytes of a piece handed to `file.stage`, at most.
    pub piece_bytes: u32,
    /// What a file can be to its order.
    pub kinds: Vec<Choice>,
}

/// A file of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileDto {
    /// The event that names it.
    pub event_id: String,
    /// Hash of its encrypted content, 64 hex digits.
    pub hash: String,
    /// Name.
    pub name: String,
    /// Type by extension; empty where a newer program added it.
    pub file_type: String,
    /// Chinese name of what it is to the order.
    pub kind_name: String,
    /// Size, in bytes.
    pub bytes: u32,
    /// Who added it.
    pub by: String,
    /// When it was added.
    pub at: String,
    /// `waiting` (待上传), `uploading`, `uploaded`, `downloading`, `at_centre` (not here), `absent` (nowhere
    /// yet), `refused` (its event does not count), `no_key` (not for this console), `erased`.
    pub state: String,
    /// How far it is, in percent, while it moves.
    pub percent: Option<u32>,
    /// A picture of it can be shown.
    pub is_image: bool,
    /// Its content is here.
    pub is_here: bool,
}

/// Request: hand over a piece of a file that is to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageFile {
    /// The order it is for.
    pub order_id: String,
    /// The screen's own number for it, new for each file.
    pub upload: String,
    /// Name.
    pub name: String,
    /// Size of the whole, in bytes.
    pub bytes: u32,
    /// Where the piece begins.
    pub from: u32,
    /// The piece, base64.
    pub piece: String,
}

/// How far a file is that is to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StagedFile {
    /// The screen's own number.
    pub upload: String,
    /// Bytes taken.
    pub received: u32,
    /// All of it is there, was looked into and lies ready, encrypted.
    pub ready: bool,
    /// Name as it will be shown.
    pub name: String,
    /// Type by extension, once ready.
    pub file_type: String,
    /// A picture of it can be shown.
    pub is_image: bool,
    /// What its name or text seems to contain: `身份证号`, `手机号`, `车牌号`.
    pub findings: Vec<String>,
}

/// A file that lies ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StagedRef {
    /// The screen's own number.
    pub upload: String,
}

/// One of the files to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddedFile {
    /// The screen's own number.
    pub upload: String,
    /// What it is: one of the rules' kinds.
    pub kind: String,
}

/// Request: add files that lie ready to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddFiles {
    /// The order.
    pub order_id: String,
    /// The files.
    pub files: Vec<AddedFile>,
    /// 已脱敏.
    pub redacted: bool,
    /// Remark.
    pub text: Option<String>,
    /// When it happened, if not now.
    pub claimed_at: Option<String>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A file of an order, by the event that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileRef {
    /// The event.
    pub event_id: String,
    /// The file.
    pub hash: String,
}

/// Request: a picture of a file of an order, or of one that lies ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PictureArgs {
    /// A file of an order.
    pub file: Option<FileRef>,
    /// A file that lies ready.
    pub upload: Option<String>,
    /// Large enough to look at; else for a list.
    pub large: bool,
}

/// A picture, encoded anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PictureDto {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Its bytes, JPEG, base64.
    pub jpeg: String,
}

/// Files on their way between this console and the centre.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileTrafficDto {
    /// Files still to be handed over.
    pub up: u32,
    /// What they lack, in KiB.
    pub up_kib: u32,
    /// Files still to be fetched.
    pub down: u32,
    /// What they lack, in KiB.
    pub down_kib: u32,
}
