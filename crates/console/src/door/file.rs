//! Files at the door: handed in, added, looked at, fetched, opened.

use super::Door;
use super::dto::{
    AddFiles, DoorError, FileRef, FileTrafficDto, Nothing, PictureArgs, PictureDto, StageFile, StagedFile,
    StagedRef, Written,
};
use super::{Caller, checks, table};
use crate::file::picture::{Picture, Size, picture};
use crate::file::seal::{FileKey, open, seal};
use crate::file::staging::{Incoming, Ready, Refused, Staging, look};
use crate::file::{opened, sniff};
use crate::host::random_id;
use crate::order::PIECE_BYTES;
use crate::store::{FileTraffic, PictureRow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;
use std::sync::{MutexGuard, PoisonError};
use zaigang_domain::file::{FILE_BYTES_MAX, FILES_MAX, FileType, Finding, tidy_name};
use zaigang_sync::Hash;
use zeroize::Zeroizing;

/// Opens a file with the system's program for it. Must return at once.
pub type Opener = Box<dyn Fn(&Path) -> std::io::Result<()> + Send + Sync>;

/// A file's content for a shell that hands it to the person itself.
pub struct Download {
    /// Its name.
    pub name: String,
    /// Its bytes, as they were handed in.
    pub content: Zeroizing<Vec<u8>>,
}

/// A file of an order whose content is here.
struct Readable {
    hash: Hash,
    key: FileKey,
    name: String,
    /// Absent where a newer program added it.
    file_type: Option<FileType>,
}

impl Door {
    /// Tells how files are opened on this system; without it they can only be downloaded.
    pub fn opens_files_with(&self, opener: Opener) {
        // Told once, at the shell's start.
        let _ = self.inner.opener.set(opener);
    }

    /// Wipes what was opened in other programs, and forgets what lies ready: for a shell about to end.
    pub fn wipe_opened(&self) {
        if let Err(error) = self.discard_files() {
            tracing::warn!(%error, "files that lay ready were not removed; the next start does");
        }
        self.console().wipe_opened();
    }

    fn staging(&self) -> MutexGuard<'_, Staging> {
        self.inner.staging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stage_file(&self, args: &StageFile) -> Result<StagedFile, DoorError> {
        let types = self.read(|desk| {
            let (_, order) = desk.order(&args.order_id)?;
            Ok(desk.file_types(&order))
        })?;
        let name = check(args, &types)?;
        let piece = STANDARD.decode(&args.piece).map(Zeroizing::new);
        let piece = piece.map_err(|_| DoorError::bad_input("附件内容传送有误，请重新添加。").at("piece"))?;
        if piece.len() > PIECE_BYTES as usize {
            return Err(DoorError::bad_input("附件内容传送有误，请重新添加。").at("piece"));
        }
        let taken = self.staging().take(&args.upload, &name, args.bytes.into(), args.from.into(), &piece);
        let whole = taken.map_err(refused)?;
        let received = args.from + u32::try_from(piece.len()).unwrap_or(0);
        let Some(incoming) = whole else {
            return Ok(StagedFile {
                upload: args.upload.clone(),
                received,
                ready: false,
                name,
                file_type: String::new(),
                is_image: false,
                findings: Vec::new(),
            });
        };
        let ready = self.prepare(&incoming, &types)?;
        let staged = StagedFile {
            upload: args.upload.clone(),
            received,
            ready: true,
            name: ready.name.clone(),
            file_type: ready.file_type.as_str().to_owned(),
            is_image: ready.file_type.is_image(),
            findings: ready.findings.iter().map(|finding| Finding::title(*finding).to_owned()).collect(),
        };
        let replaced = self.staging().keep(&args.upload, ready);
        self.drop_ready(replaced)?;
        Ok(staged)
    }

    /// Looks into a whole content, encrypts it and keeps it on disk.
    fn prepare(&self, incoming: &Incoming, types: &[FileType]) -> Result<Ready, DoorError> {
        let found = sniff::file_type(&incoming.name, &incoming.content);
        let Some(file_type) = found.filter(|found| types.contains(found)) else {
            let message = format!(
                "“{}”的内容与扩展名不符、已损坏，或不是可添加的类型。请用原来的程序打开确认后另存，再添加。",
                incoming.name
            );
            return Err(DoorError::bad_input(message).at("name"));
        };
        let mut key = FileKey::new([0; 32]);
        self.inner.host.random(&mut *key);
        let sealed = seal(&key, &incoming.content);
        let hash = self.console().store()?.put_file(&sealed)?;
        let name = named_as(&incoming.name, file_type);
        let findings = look(&name, file_type, &incoming.content);
        Ok(Ready { hash, key, name, bytes: incoming.bytes, file_type, findings })
    }

    pub(super) fn discard_file(&self, args: &StagedRef) -> Result<Nothing, DoorError> {
        let ready = self.staging().forget(&args.upload);
        self.drop_ready(ready)?;
        Ok(Nothing {})
    }

    /// Forgets all files that lie ready: their keys are nowhere else.
    pub(super) fn discard_files(&self) -> Result<(), DoorError> {
        let all = self.staging().clear();
        self.drop_ready(all)
    }

    fn drop_ready(&self, ready: impl IntoIterator<Item = Ready>) -> Result<(), DoorError> {
        for ready in ready {
            self.console().store()?.discard_file(ready.hash)?;
        }
        Ok(())
    }

    pub(super) fn add_files(&self, args: &AddFiles) -> Result<Written, DoorError> {
        let ready = |upload: &str| self.staging().ready(upload).cloned();
        let written = self.write(|pen| pen.add_files(args, &ready))?;
        for file in &args.files {
            self.staging().forget(&file.upload);
        }
        Ok(written)
    }

    pub(super) fn picture(&self, args: &PictureArgs) -> Result<PictureDto, DoorError> {
        let none = || DoorError::not_found("这个附件没有可显示的图片。请用系统程序打开。");
        let size = if args.large { Size::Large } else { Size::Small };
        let (hash, key, file_type, keeps) = match (&args.upload, &args.file) {
            (Some(upload), _) => {
                let ready = self.staging().ready(upload).cloned().ok_or_else(none)?;
                (ready.hash, ready.key, ready.file_type, false)
            }
            (None, Some(file)) => {
                let file = self.readable(file)?;
                (file.hash, file.key, file.file_type.ok_or_else(none)?, !args.large)
            }
            (None, None) => return Err(none()),
        };
        if keeps && let Some(kept) = self.console().store()?.picture(hash)? {
            return Ok(picture_dto(kept));
        }
        let content = self.content(hash, &key)?;
        let Picture { width, height, jpeg } = picture(file_type, &content, size).ok_or_else(none)?;
        let row = PictureRow { width, height, jpeg };
        if keeps {
            self.console().store_mut()?.keep_picture(hash, &row)?;
        }
        Ok(picture_dto(row))
    }

    /// A file whose content is here.
    fn readable(&self, file: &FileRef) -> Result<Readable, DoorError> {
        self.read(|desk| {
            let (row, named) = desk.named_file(&file.event_id, &file.hash)?;
            let Some(key) = desk.store.file_key(row.event, row.hash)? else {
                return Err(DoorError::not_allowed(
                    "本机没有查看这个附件的授权，请在工单所属部门的电脑上查看。",
                ));
            };
            if !row.is_here() {
                return Err(DoorError::not_now(
                    "附件内容还不在本机：先下载；中心端也没有时，等添加它的电脑上线。",
                ));
            }
            let file_type = FileType::of_media(&named.media);
            Ok(Readable { hash: row.hash, key, name: named.name, file_type })
        })
    }

    fn content(&self, hash: Hash, key: &FileKey) -> Result<Zeroizing<Vec<u8>>, DoorError> {
        let sealed = self.console().store()?.file_content(hash)?;
        open(key, &sealed).ok_or_else(|| DoorError::broken(format!("the file {hash} does not open")))
    }

    pub(super) fn fetch_file(&self, args: &FileRef) -> Result<Nothing, DoorError> {
        let hash = self.read(|desk| Ok(desk.named_file(&args.event_id, &args.hash)?.0.hash))?;
        let changed = {
            let mut console = self.console();
            let store = console.store_mut()?;
            store.want_file(hash)?;
            store.file_topics(hash)?
        };
        self.push(changed);
        self.wake();
        Ok(Nothing {})
    }

    pub(super) fn open_file(&self, args: &FileRef) -> Result<Nothing, DoorError> {
        let Some(opener) = self.inner.opener.get() else {
            return Err(DoorError::not_now("这里不能直接打开附件，请下载后查看。"));
        };
        let Readable { hash, key, name, .. } = self.readable(args)?;
        let content = self.content(hash, &key)?;
        let unique = zaigang_sync::hex::encode(&random_id(self.inner.host.as_ref()));
        let dir = self.console().store()?.dir().to_owned();
        let path = opened::put(&dir, &unique, &name, &content).map_err(DoorError::broken)?;
        opener(&path).map_err(|error| {
            tracing::warn!(%error, "a file was not opened");
            DoorError::not_now(format!("系统没有打开“{name}”的程序。请联系管理员安装，或在其他电脑上查看。"))
        })?;
        Ok(Nothing {})
    }

    /// A file's content for a shell without a program of the system: the browser's host.
    ///
    /// # Errors
    /// A [`DoorError`], as the shell should pass it on.
    pub async fn download(&self, file: FileRef, caller: Caller) -> Result<Download, DoorError> {
        let spec = table::command("file.open").ok_or_else(|| DoorError::unknown_command("file.open"))?;
        let door = self.clone();
        let read = move || {
            checks::check(&door.console(), spec)?;
            let Readable { hash, key, name, .. } = door.readable(&file)?;
            Ok(Download { name, content: door.content(hash, &key)? })
        };
        let done = tokio::task::spawn_blocking(read).await.map_err(DoorError::broken)?;
        if let Err(DoorError { code, .. }) = &done {
            tracing::info!(?caller, ?code, "download refused");
        }
        done
    }
}

/// The name as it will be shown, once size and type can be taken.
fn check(args: &StageFile, types: &[FileType]) -> Result<String, DoorError> {
    let given = args.name.trim();
    if args.bytes == 0 {
        return Err(DoorError::bad_input(format!("“{given}”是空文件，没有可添加的内容。")).at("bytes"));
    }
    if u64::from(args.bytes) > FILE_BYTES_MAX {
        let message = format!(
            "“{given}”有 {:.1} MB，超过单个附件 {} MB 的上限。请压缩或拆分后再添加。",
            f64::from(args.bytes) / 1_048_576.0,
            FILE_BYTES_MAX / 1_048_576
        );
        return Err(DoorError::bad_input(message).at("bytes"));
    }
    let name =
        tidy_name(given).filter(|name| FileType::of_name(name).is_some_and(|kind| types.contains(&kind)));
    name.ok_or_else(|| {
        let types: Vec<_> = types.iter().map(|kind| kind.as_str()).collect();
        let message = format!(
            "“{given}”不是可添加的类型。可添加：{}。请另存为其中一种，或由项目经理在本项目约定中增加。",
            types.join("、")
        );
        DoorError::bad_input(message).at("name")
    })
}

/// The name with the extension of what the content is.
fn named_as(name: &str, file_type: FileType) -> String {
    if FileType::of_name(name) == Some(file_type) {
        return name.to_owned();
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let named = format!("{stem}.{}", file_type.as_str());
    tidy_name(&named).unwrap_or(named)
}

fn refused(why: Refused) -> DoorError {
    match why {
        Refused::TooMany => {
            DoorError::not_now(format!("待添加的附件太多（最多 {} 个），请先添加或移除一些。", 2 * FILES_MAX))
        }
        Refused::Gap => DoorError::bad_input("附件传送中断，请移除后重新添加。").at("from"),
    }
}

fn picture_dto(picture: PictureRow) -> PictureDto {
    PictureDto { width: picture.width, height: picture.height, jpeg: STANDARD.encode(&picture.jpeg) }
}

pub(super) fn traffic_dto(traffic: FileTraffic) -> FileTrafficDto {
    let kib = |bytes: u64| u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
    let FileTraffic { up, down } = traffic;
    FileTrafficDto { up: up.0, up_kib: kib(up.1), down: down.0, down_kib: kib(down.1) }
}
