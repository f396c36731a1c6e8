//! Adding files: the one step whose input is more than text.

use jiff::Timestamp;

use crate::file::{FILE_BYTES_MAX, FILES_MAX, FileKind, FileType, is_tidy};
use crate::order::decide::{TEXT_CHARS_MAX, claimed_at, json, permitted};
use crate::order::payload::{FILE_KEYS, FileKeys, Filed, FiledFile};
use crate::order::table::{self, Step};
use crate::order::{Draft, Order, Refusal, SealedPart, StepInput};
use crate::people::Actor;

/// A file whose encrypted content lies ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Hash of the encrypted content, 64 hex digits.
    pub hash: String,
    /// Its key, 64 hex digits.
    pub key: String,
    /// Size before encryption, in bytes.
    pub bytes: u64,
    /// Type, as the content showed.
    pub file_type: FileType,
    /// Name shown.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
}

/// Decides that files are added to an order: facts, in any state. `redacted` is the tick 已脱敏.
///
/// # Errors
/// [`Refusal`]: not this person, no tick, no file or too many, a name or size out of bounds.
pub fn add_files(
    order: &Order,
    files: &[NewFile],
    redacted: bool,
    input: &StepInput,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let Some(row) = table::row(Step::AddFiles) else { return Err(Refusal::not_now("没有这一步。")) };
    permitted(order, row, actor, None)?;
    let text = input.fields.get("text").map(|text| text.trim().to_owned()).unwrap_or_default();
    check(files, redacted, &text)?;
    let keys = FileKeys { keys: files.iter().map(|file| (file.hash.clone(), file.key.clone())).collect() };
    let filed = Filed { files: files.iter().map(filed).collect(), redacted, text };
    Ok(vec![Draft {
        deps: order.pending_claims.clone(),
        sealed: vec![SealedPart { name: FILE_KEYS, json: json(&keys)? }],
        ..Draft::new(row.event, json(&filed)?, claimed_at(input, now)?)
    }])
}

fn filed(file: &NewFile) -> FiledFile {
    FiledFile {
        hash: file.hash.clone(),
        bytes: file.bytes,
        media: file.file_type.media().to_owned(),
        name: file.name.clone(),
        kind: file.kind.as_str().to_owned(),
    }
}

fn check(files: &[NewFile], redacted: bool, text: &str) -> Result<(), Refusal> {
    if !redacted {
        return Err(Refusal::bad_input(
            "redacted",
            "请先确认附件不含涉密信息和公民个人信息，勾选“已脱敏”后再添加。",
        ));
    }
    if files.is_empty() {
        return Err(Refusal::bad_input("files", "请先选择要添加的附件。"));
    }
    if files.len() > FILES_MAX {
        return Err(Refusal::bad_input("files", format!("一次最多添加 {FILES_MAX} 个附件，请分几次添加。")));
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::bad_input("text", format!("“说明”太长，最多 {TEXT_CHARS_MAX} 字。")));
    }
    let wrong = files.iter().find(|file| !is_tidy(&file.name) || !(1..=FILE_BYTES_MAX).contains(&file.bytes));
    match wrong {
        Some(file) => Err(Refusal::bad_input("files", format!("“{}”的名称或大小不合要求。", file.name))),
        None => Ok(()),
    }
}
