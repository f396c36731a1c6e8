//! Files at the door: limits, types, the tick, pictures, opening and wiping.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use site::seat::Seat;
use site::{PASSWORD, Site};
use zaigang_console::door::dto::*;
use zaigang_console::door::{Caller, Door};

/// A door at which an engineer is logged in, with one order.
struct At {
    door: Door,
    order: String,
    dir: tempfile::TempDir,
    _site: Site,
}

async fn at() -> At {
    let mut site = Site::published();
    let Seat { door, dir, .. } = Seat::new(&mut site, "wang", 1);
    let mut at = At { door, order: String::new(), dir, _site: site };
    let form = RegisterArgs {
        kind: "incident".into(),
        title: "三楼打印机故障".into(),
        division: "E总队".into(),
        level: Some("2".into()),
        level_reason: Some("测试".into()),
        idempotency_key: "r".into(),
        ..RegisterArgs::default()
    };
    at.order = at.call::<Written>("order.register", form).await.unwrap().id;
    at
}

impl At {
    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        command: &str,
        args: impl serde::Serialize,
    ) -> Result<T, DoorError> {
        let reply = self.door.call(command, serde_json::to_value(args).unwrap(), Caller::Desktop).await?;
        Ok(serde_json::from_value(reply).unwrap())
    }

    /// Hands over a file in pieces of `size` bytes.
    async fn stage(
        &self,
        upload: &str,
        name: &str,
        content: &[u8],
        size: usize,
    ) -> Result<StagedFile, DoorError> {
        let mut last = None;
        for (n, piece) in content.chunks(size).enumerate() {
            let args = StageFile {
                order_id: self.order.clone(),
                upload: upload.into(),
                name: name.into(),
                bytes: u32::try_from(content.len()).unwrap(),
                from: u32::try_from(n * size).unwrap(),
                piece: STANDARD.encode(piece),
            };
            last = Some(self.call("file.stage", args).await?);
        }
        Ok(last.unwrap())
    }

    async fn add(&self, uploads: &[&str], redacted: bool, key: &str) -> Result<Written, DoorError> {
        let file = |upload: &&str| AddedFile { upload: (*upload).into(), kind: "photo".into() };
        let args = AddFiles {
            order_id: self.order.clone(),
            files: uploads.iter().map(file).collect(),
            redacted,
            text: Some("现场情况".into()),
            claimed_at: None,
            idempotency_key: key.into(),
        };
        self.call("order.add_files", args).await
    }

    async fn detail(&self) -> OrderDetail {
        self.call("order.get", OrderGet { id: self.order.clone() }).await.unwrap()
    }

    async fn the_file(&self) -> FileRef {
        let files = self.detail().await.files;
        FileRef { event_id: files[0].event_id.clone(), hash: files[0].hash.clone() }
    }
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(640, 320, |x, y| image::Rgb([x as u8, y as u8, 90]));
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

/// Every file under a folder.
fn all(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_picture_is_added_shown_and_nothing_of_it_lies_plain() {
    let at = at().await;
    let content = png();
    let staged = at.stage("u1", "C:\\照片\\机柜.PNG", &content, 1_000).await.unwrap();
    assert!(staged.ready && staged.is_image && staged.findings.is_empty());
    assert_eq!((staged.name.as_str(), staged.file_type.as_str()), ("机柜.PNG", "png"));
    let asked = |file: Option<FileRef>, upload: Option<&str>, large| PictureArgs {
        file,
        upload: upload.map(Into::into),
        large,
    };
    let before: PictureDto = at.call("file.picture", asked(None, Some("u1"), false)).await.unwrap();
    assert_eq!((before.width, before.height), (240, 120));

    let written = at.add(&["u1"], true, "k1").await.unwrap();
    assert_eq!(written.message, "已添加 1 个附件");
    let detail = at.detail().await;
    let [file] = detail.files.as_slice() else { panic!("{:?}", detail.files) };
    assert_eq!((file.state.as_str(), file.kind_name.as_str()), ("waiting", "现场照片"));
    assert_eq!((file.name.as_str(), file.bytes as usize), ("机柜.PNG", content.len()));
    let entry = detail.timeline.iter().find(|entry| entry.kind == "order.filed").unwrap();
    assert_eq!(entry.text, "现场情况；附件：机柜.PNG");
    let of = at.the_file().await;
    for large in [false, true] {
        let shown: PictureDto = at.call("file.picture", asked(Some(of.clone()), None, large)).await.unwrap();
        assert_eq!(shown.width, if large { 640 } else { 240 });
        assert!(STANDARD.decode(shown.jpeg).unwrap().starts_with(b"\xff\xd8"), "encoded anew");
    }
    let settings: SettingsDto = at.call("settings.get", json!({})).await.unwrap();
    assert_eq!(settings.files_here, 1);
    let status: SyncStatus = at.call("sync.status", json!({})).await.unwrap();
    assert_eq!(status.files.up, 0, "nothing is on its way before the event counts");
    for path in all(at.dir.path()) {
        let bytes = std::fs::read(&path).unwrap();
        let plain = &content[..64];
        assert!(!bytes.windows(plain.len()).any(|window| window == plain), "plain in {}", path.display());
    }
}

#[tokio::test]
async fn without_the_tick_or_a_ready_file_nothing_is_added_and_a_repeat_adds_once() {
    let at = at().await;
    at.stage("u1", "记录.txt", "温度 22 度".as_bytes(), 100).await.unwrap();
    let refused = at.add(&["u1"], false, "k1").await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (DoorCode::BadInput, Some("redacted")));
    assert!(refused.message.contains("已脱敏"));
    assert_eq!(at.add(&["nobody"], true, "k1").await.unwrap_err().field.as_deref(), Some("files"));
    at.add(&["u1"], true, "k1").await.unwrap();
    at.add(&["u1"], true, "k1").await.unwrap();
    assert_eq!(at.detail().await.files.len(), 1);
    assert!(at.add(&["u1"], true, "k2").await.is_err(), "it was added already");
}

#[tokio::test]
async fn sizes_types_and_pages_are_refused_with_what_to_do() {
    let at = at().await;
    let table: &[(&str, &[u8], &str)] = &[
        ("页面.svg", b"<svg xmlns='x'/>", "不是可添加的类型"),
        ("页面.html", b"<html>", "不是可添加的类型"),
        ("程序.exe", b"MZ", "不是可添加的类型"),
        ("旧文档.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "不是可添加的类型"),
        ("假图.jpg", b"<svg xmlns='x' onload='x'/>", "内容与扩展名不符"),
        ("假文.txt", b"<script>", "内容与扩展名不符"),
        ("无扩展名", b"x", "不是可添加的类型"),
    ];
    for (name, content, why) in table {
        let refused = at.stage("u", name, content, 100).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (DoorCode::BadInput, Some("name")), "{name}");
        assert!(refused.message.contains(why), "{name}: {}", refused.message);
    }
    let whole = |bytes, from, piece: &[u8]| StageFile {
        order_id: at.order.clone(),
        upload: "u".into(),
        name: "大.pdf".into(),
        bytes,
        from,
        piece: STANDARD.encode(piece),
    };
    let large = at.call::<StagedFile>("file.stage", whole(52_428_801, 0, b"%PDF")).await.unwrap_err();
    assert!(large.message.contains("50.0 MB，超过单个附件 50 MB 的上限"), "{}", large.message);
    let empty = at.call::<StagedFile>("file.stage", whole(0, 0, b"")).await.unwrap_err();
    assert!(empty.message.contains("空文件"));
    let gap = at.call::<StagedFile>("file.stage", whole(100, 50, b"%PDF")).await.unwrap_err();
    assert_eq!(gap.field.as_deref(), Some("from"));
    let stray = StageFile { order_id: "order/none".into(), ..whole(4, 0, b"%PDF") };
    assert_eq!(at.call::<StagedFile>("file.stage", stray).await.unwrap_err().code, DoorCode::NotFound);
}

#[tokio::test]
async fn personal_data_in_names_and_texts_is_warned_about() {
    let at = at().await;
    let name = at.stage("u1", "报修 13812345678.png", &png(), 500_000).await.unwrap();
    assert_eq!(name.findings, ["手机号"]);
    let text = "报修人 11010519491231002X，车 桂A12345".as_bytes();
    let content = at.stage("u2", "登记.txt", text, 500_000).await.unwrap();
    assert_eq!(content.findings, ["身份证号", "车牌号"]);
    assert!(content.ready, "a warning, never a refusal");
    let renamed = at.stage("u3", "其实是图.txt", &png(), 500_000).await.unwrap();
    assert_eq!(renamed.name, "其实是图.png", "it is opened as what it is");
}

#[tokio::test]
async fn a_file_is_opened_from_a_folder_that_is_wiped_at_the_lock() {
    let at = at().await;
    let text = "温度 22 度".as_bytes();
    at.stage("u1", "记录.txt", text, 100).await.unwrap();
    at.add(&["u1"], true, "k1").await.unwrap();
    let file = at.the_file().await;
    let refused = at.call::<Nothing>("file.open", file.clone()).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotNow, "no program of the system is known here");
    let opened: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let noted = Arc::clone(&opened);
    at.door.opens_files_with(Box::new(move |path| {
        noted.lock().unwrap().push(path.to_owned());
        Ok(())
    }));
    at.call::<Nothing>("file.open", file.clone()).await.unwrap();
    let path = opened.lock().unwrap()[0].clone();
    assert_eq!(path.file_name().unwrap(), "记录.txt");
    assert_eq!(std::fs::read(&path).unwrap(), text);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o400, 0o700));
    }
    let _: SessionDto = at.call("session.lock", json!({})).await.unwrap();
    assert!(!path.exists());
    let locked = at.door.download(file.clone(), Caller::Web).await.map(drop).unwrap_err();
    assert_eq!(locked.code, DoorCode::Locked);
    let _: SessionDto = at.call("session.unlock", json!({ "password": PASSWORD })).await.unwrap();
    let download = at.door.download(file.clone(), Caller::Web).await.unwrap();
    assert_eq!((download.name.as_str(), download.content.as_slice()), ("记录.txt", text));
    at.call::<Nothing>("file.open", file).await.unwrap();
    let At { door, dir, .. } = at;
    drop(door);
    assert_eq!(all(&dir.path().join("opened")), Vec::<PathBuf>::new(), "nor does it outlive the program");
}

#[tokio::test]
async fn what_is_discarded_or_left_at_log_out_is_gone() {
    let at = at().await;
    at.stage("u1", "a.txt", b"one", 100).await.unwrap();
    at.stage("u2", "b.txt", b"two", 100).await.unwrap();
    let kept = || all(&at.dir.path().join("files")).len();
    assert_eq!(kept(), 2);
    let _: Nothing = at.call("file.discard", StagedRef { upload: "u1".into() }).await.unwrap();
    assert_eq!(kept(), 1);
    let _: SessionDto = at.call("session.log_out", json!({})).await.unwrap();
    assert_eq!(kept(), 0);
}
