//! The files of an order: what may be added, what was, and adding.

use super::desk::Desk;
use super::pen::Pen;
use super::step::{key, stated_time};
use super::words::instant_text;
use crate::door::dto::{AddFiles, Choice, DoorError, FileDto, FileRules, Written};
use crate::file::staging::Ready;
use crate::store::{Draft, EAGER_BYTES_MAX, FileRow, Step, StoreError};
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::file::{DEFAULT_TYPES, FILE_BYTES_MAX, FILES_MAX, FileKind, FileType};
use zaigang_domain::order::payload::{Filed, FiledFile};
use zaigang_domain::order::{NewFile, Order, StepInput, add_files};
use zaigang_sync::Hash;

/// Bytes of a piece: as base64 in JSON well below what the loopback host takes at once.
pub(crate) const PIECE_BYTES: u32 = 512 * 1024;

impl Desk<'_> {
    /// Types of files the order takes, by what it is bound to.
    pub(crate) fn file_types(&self, order: &Order) -> Vec<FileType> {
        let agreed = self.bound(order).map(|bound| bound.profile.settings.file_types(&order.division));
        agreed.unwrap_or(DEFAULT_TYPES).to_vec()
    }

    pub(crate) fn file_rules(&self, order: &Order) -> FileRules {
        let kind =
            |kind: &FileKind| Choice { value: kind.as_str().to_owned(), label: kind.title().to_owned() };
        FileRules {
            types: self.file_types(order).iter().map(|kind| kind.as_str().to_owned()).collect(),
            bytes_max: u32::try_from(FILE_BYTES_MAX).unwrap_or(u32::MAX),
            files_max: u32::try_from(FILES_MAX).unwrap_or(u32::MAX),
            piece_bytes: PIECE_BYTES,
            kinds: FileKind::ALL.iter().map(kind).collect(),
        }
    }

    /// The files of an order with these events, in their order.
    pub(crate) fn files(&self, id: &EntityId, told: &[Step]) -> Result<Vec<FileDto>, StoreError> {
        let rows = self.store.files_of(id.as_str())?;
        let mut files = Vec::with_capacity(rows.len());
        for step in told.iter().filter(|step| step.kind == "order.filed") {
            let Ok(filed) = serde_json::from_str::<Filed>(&step.payload) else { continue };
            let keys = self.store.file_keys(step.id)?;
            for file in &filed.files {
                let named = |row: &&FileRow| row.event == step.id && row.hash.to_hex() == file.hash;
                if let Some(row) = rows.iter().find(named) {
                    files.push(self.file(step, file, row, keys.contains_key(&row.hash))?);
                }
            }
        }
        Ok(files)
    }

    fn file(
        &self,
        step: &Step,
        file: &FiledFile,
        row: &FileRow,
        has_key: bool,
    ) -> Result<FileDto, StoreError> {
        let (state, percent) = state(row, has_key);
        let file_type = FileType::of_media(&file.media);
        let kind: Option<FileKind> = file.kind.parse().ok();
        Ok(FileDto {
            event_id: step.id.to_string(),
            hash: file.hash.clone(),
            name: file.name.clone(),
            file_type: file_type.map_or("", FileType::as_str).to_owned(),
            kind_name: kind.unwrap_or(FileKind::Other).title().to_owned(),
            bytes: u32::try_from(file.bytes).unwrap_or(u32::MAX),
            by: step.user.as_deref().map(|user| self.name(user)).transpose()?.unwrap_or_default(),
            at: instant_text(step.at()),
            state: state.to_owned(),
            percent,
            is_image: file_type.is_some_and(FileType::is_image),
            is_here: row.is_here() && has_key,
        })
    }

    /// A file that an order within the person's scope names, as its event says.
    pub(crate) fn named_file(&self, event: &str, hash: &str) -> Result<(FileRow, FiledFile), DoorError> {
        let unknown = || DoorError::not_found("本机没有这个附件，或不在您的负责范围内。请刷新工单后再试。");
        let (Ok(event), Some(hash)) = (event.parse::<EventId>(), Hash::from_hex(hash)) else {
            return Err(unknown());
        };
        let (Some(row), Some(step)) = (self.store.file(event, hash)?, self.store.event(event)?) else {
            return Err(unknown());
        };
        self.order(&step.entity).map_err(|_| unknown())?;
        let filed: Filed = serde_json::from_str(&step.payload).map_err(DoorError::broken)?;
        let file = filed.files.into_iter().find(|file| file.hash == hash.to_hex()).ok_or_else(unknown)?;
        if row.erased {
            return Err(DoorError::not_found("这个附件已按规定清除，内容不再保留。"));
        }
        Ok((row, file))
    }
}

/// Where a file is, in one word, and how far it is while it moves.
fn state(row: &FileRow, has_key: bool) -> (&'static str, Option<u32>) {
    let percent = |done: u64| u32::try_from(done * 100 / row.sealed_bytes.max(1)).ok();
    let comes = row.wanted || row.sealed_bytes <= EAGER_BYTES_MAX;
    let at_centre = row.at_centre >= row.sealed_bytes;
    match row {
        _ if row.erased => ("erased", None),
        FileRow { counts: Some(false), .. } => ("refused", None),
        _ if !has_key => ("no_key", None),
        _ if row.is_here() && at_centre => ("uploaded", None),
        _ if row.is_here() && row.at_centre > 0 => ("uploading", percent(row.at_centre)),
        _ if row.is_here() => ("waiting", None),
        _ if at_centre && comes => ("downloading", percent(row.here)),
        _ if at_centre => ("at_centre", None),
        _ => ("absent", None),
    }
}

impl Pen<'_> {
    /// Adds files that lie ready. The same idempotency key twice has one effect and one answer.
    ///
    /// # Errors
    /// What the domain refuses; bad input for a file that does not lie ready, or a kind that is none.
    pub(crate) fn add_files(
        &mut self,
        args: &AddFiles,
        ready: &dyn Fn(&str) -> Option<Ready>,
    ) -> Result<Written, DoorError> {
        let (id, order) = self.desk().order(&args.order_id)?;
        let key = key(self, &format!("files/{}", id.local()), &args.idempotency_key)?;
        let message = format!("已添加 {} 个附件", args.files.len());
        let mut written = Written { id: id.to_string(), message, changed: Vec::new() };
        if self.is_repeated(&key)? {
            return Ok(written);
        }
        let mut files = Vec::with_capacity(args.files.len());
        for file in &args.files {
            let Some(ready) = ready(&file.upload) else {
                return Err(
                    DoorError::bad_input("有附件没有准备好或已被清理，请重新选择后再添加。").at("files")
                );
            };
            let kind = file.kind.parse();
            let kind =
                kind.map_err(|()| DoorError::bad_input("没有这种附件类别，请重新选择。").at("kind"))?;
            files.push(new_file(&ready, kind));
        }
        let text = args.text.clone().unwrap_or_default();
        let input = StepInput {
            claimed_at: stated_time(args.claimed_at.as_deref(), "claimed_at")?,
            fields: [("text".to_owned(), text)].into(),
        };
        let drafts = add_files(&order, &files, args.redacted, &input, self.actor, self.host.now())?;
        let log = LogName::division(&order.contract, &order.division).map_err(DoorError::broken)?;
        let appended = self.append(&log, &id, drafts.into_iter().map(Draft::from).collect(), &key)?;
        for hash in files.iter().filter_map(|file| Hash::from_hex(&file.hash)) {
            self.store.settle_file(hash)?;
        }
        written.changed = appended.changed.into_iter().collect();
        Ok(written)
    }
}

fn new_file(ready: &Ready, kind: FileKind) -> NewFile {
    NewFile {
        hash: ready.hash.to_hex(),
        key: zaigang_sync::hex::encode(&*ready.key),
        bytes: ready.bytes,
        file_type: ready.file_type,
        name: ready.name.clone(),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_says_where_the_content_is() {
        let row = |here, at_centre, bytes: u64| FileRow {
            event: EventId([1; 16]),
            hash: Hash([2; 32]),
            bytes,
            sealed_bytes: bytes,
            counts: Some(true),
            erased: false,
            here,
            at_centre,
            wanted: false,
        };
        let large = EAGER_BYTES_MAX * 2;
        for (row, key, expected) in [
            (row(100, 0, 100), true, ("waiting", None)),
            (row(100, 40, 100), true, ("uploading", Some(40))),
            (row(100, 100, 100), true, ("uploaded", None)),
            (row(30, 100, 100), true, ("downloading", Some(30))),
            (row(0, large, large), true, ("at_centre", None)),
            (FileRow { wanted: true, ..row(0, large, large) }, true, ("downloading", Some(0))),
            (row(0, 0, 100), true, ("absent", None)),
            (row(100, 100, 100), false, ("no_key", None)),
            (FileRow { counts: Some(false), ..row(100, 0, 100) }, true, ("refused", None)),
            (FileRow { erased: true, ..row(100, 100, 100) }, true, ("erased", None)),
        ] {
            assert_eq!(state(&row, key), expected, "{row:?}");
        }
    }
}
