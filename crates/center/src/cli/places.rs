//! Contracts, calendars, and the care of the store.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zaigang_domain::contract::Text;

use super::args::{At, Backup, Calendar, Contract, ContractPublish, Restore};
use super::dir::Dir;
use super::{Answer, CliError};
use crate::core::{CalendarText, Centre, ContractTexts, files_beside, restore_files};
use crate::host::{DirLock, Durability, Host as _, checksum, read_text, replace_file};

fn required(path: &Path) -> Result<String, CliError> {
    let text = read_text(path).map_err(|error| CliError::Input(format!("{}: {error}", path.display())))?;
    text.ok_or_else(|| CliError::Input(format!("没有文件 {}", path.display())))
}

fn optional(path: Option<&PathBuf>) -> Result<Option<(String, String)>, CliError> {
    path.map(|path| Ok((path.display().to_string(), required(path)?))).transpose()
}

pub(super) fn contract(Contract::Publish(publish): &Contract) -> Result<Answer, CliError> {
    let id = publish.profile.file_stem().and_then(|stem| stem.to_str());
    let id = id.ok_or_else(|| CliError::Input("--profile 的文件名须为合同编号".into()))?;
    let file = publish.profile.display().to_string();
    let profile = required(&publish.profile)?;
    let reading = reading(publish, id)?;
    let settings = optional(publish.settings.as_ref())?;
    let texts = ContractTexts {
        id,
        profile: Text { file: &file, text: &profile },
        reading: reading.as_ref().map(|(file, text)| Text { file, text }),
        settings: settings.as_ref().map(|(file, text)| Text { file, text }),
    };
    let published = Dir::of(&publish.at).open()?.contract_publish(&texts)?;
    let text = format!("已发布合同 {id}，版本 {}。", published.hash);
    Answer::new(published, text)
}

/// The reading given, or the one that lies beside the profile.
fn reading(publish: &ContractPublish, id: &str) -> Result<Option<(String, String)>, CliError> {
    let beside = publish.profile.with_file_name(format!("{id}.reading.toml"));
    let path = publish.reading.clone().or_else(|| beside.exists().then_some(beside));
    optional(path.as_ref())
}

pub(super) fn calendar(Calendar::Publish(publish): &Calendar) -> Result<Answer, CliError> {
    let (file, text) = (publish.file.display().to_string(), required(&publish.file)?);
    let calendar = CalendarText { file: &file, text: &text };
    let published = Dir::of(&publish.at).open()?.calendar_publish(calendar)?;
    let text = format!("已发布 {}，版本 {}。", published.title, published.hash);
    Answer::new(published, text)
}

pub(super) fn status(at: &At) -> Result<Answer, CliError> {
    let status = Dir::of(at).open()?.status()?;
    let mut text = format!(
        "中心端「{}」  地址 {}\n密钥指纹 {}\n用户 {}，工作台 {}\n",
        status.site, status.address, status.fingerprint, status.users, status.devices
    );
    for log in &status.logs {
        let _ =
            writeln!(text, "{}\t{} 条\t暂存 {}\t待核对 {}", log.log, log.seq, log.parked, log.unreconciled);
    }
    for stop in &status.stopped {
        let _ = writeln!(
            text,
            "已停止：工作台 {} 在 {} 第 {} 条起历史不一致",
            stop.device, stop.log, stop.device_seq
        );
    }
    Answer::new(status, text.trim_end())
}

fn checksum_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".b3");
    PathBuf::from(name)
}

pub(super) fn backup(backup: &Backup) -> Result<Answer, CliError> {
    if backup.to.exists() {
        return Err(CliError::Input(format!("{} 已存在，未作任何改动", backup.to.display())));
    }
    // Names and password hashes are inside: for the owner's eyes only.
    replace_file(&backup.to, b"", Durability::Lazy).map_err(CliError::failed("备份文件"))?;
    let made = Dir::of(&backup.at).open()?.back_up(&backup.to, checksum)?;
    let name = backup.to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let line = format!("{}  {name}\n", made.blake3);
    replace_file(&checksum_file(&backup.to), line.as_bytes(), Durability::Synced)
        .map_err(CliError::failed("校验文件"))?;
    let text = format!(
        "已备份到 {}（{} 字节，BLAKE3 {}），附件 {} 个（{} 字节）在 {}。\n备份不含密钥目录，请另行保管。",
        made.file.display(),
        made.bytes,
        made.blake3,
        made.files,
        made.file_bytes,
        files_beside(&backup.to).display()
    );
    Answer::new(made, text)
}

/// Puts a backup in place. What was there is set aside, never deleted.
pub(super) fn restore(restore: &Restore) -> Result<Answer, CliError> {
    let dir = Dir::of(&restore.at);
    let Some(_lock) = DirLock::take(&dir.lock_file()).map_err(CliError::failed("serve.lock"))? else {
        return Err(CliError::NotAllowed("中心端正在运行，请先停止再恢复".into()));
    };
    let (_, found) =
        checksum(&restore.from).map_err(|error| CliError::Input(format!("备份文件: {error}")))?;
    if let Some(line) = read_text(&checksum_file(&restore.from)).map_err(CliError::failed("校验文件"))?
        && !line.starts_with(&found)
    {
        return Err(CliError::Input("备份文件与其校验值不符，未作任何改动".into()));
    }
    let (database, host) = (dir.database(), dir.host()?);
    let aside = database.with_extension(format!("replaced-{}", host.now_ms()));
    for suffix in ["", "-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        if with(&database).exists() {
            std::fs::rename(with(&database), with(&aside)).map_err(CliError::failed("数据库"))?;
        }
    }
    std::fs::copy(&restore.from, &database).map_err(CliError::failed("恢复"))?;
    let centre = Centre::begin_epoch(&database, Arc::new(host), &*dir.signing_key()?)?;
    let files = restore_files(&centre, &restore.from)?;
    let epoch = zaigang_sync::hex::encode(&centre.meta().epoch);
    let text = format!(
        "已从 {} 恢复，附件 {files} 个，新的纪元 {epoch}。\n原数据库留在 {}。\n各工作台下次连接时会发现历史不一致并停止同步。",
        restore.from.display(),
        aside.display()
    );
    Answer::new(
        serde_json::json!({ "epoch": epoch, "set_aside": aside.display().to_string(), "files": files }),
        text,
    )
}

pub(super) fn verify(at: &At) -> Result<Answer, CliError> {
    let verified = Dir::of(at).open()?.verify()?;
    if let Some(bad) = &verified.bad {
        return Err(CliError::Failed(format!("log {} seq {}: {}", bad.log, bad.seq, bad.what)));
    }
    let entries: u64 = verified.logs.values().sum();
    let text = format!(
        "全部无误：{} 份日志，{entries} 条记录，附件 {} 个（另有 {} 个尚未上传）。",
        verified.logs.len(),
        verified.files,
        verified.files_missing
    );
    Answer::new(verified, text)
}
