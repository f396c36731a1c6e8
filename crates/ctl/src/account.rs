//! `enrol`, `login`, `logout`, `status`, `sync`: this console, its people and the centre.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use zaigang_console::door::dto::{LinkState, SessionDto, Stage, SyncStatus};

use crate::reach::{ProfileArguments, Reached, with_door};
use crate::shell::{Failure, print_json, print_text, read_text};

#[derive(Debug, Args)]
pub(crate) struct Plain {
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Enrol {
    /// 登记码
    #[arg(required_unless_present = "file")]
    code: Option<String>,
    /// 从登记文件读取登记码
    #[arg(long, value_name = "FILE", conflicts_with = "code")]
    file: Option<PathBuf>,
    /// 本机名称，如 值班室1号机
    #[arg(long, value_name = "NAME")]
    name: String,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn enrol(profile: &ProfileArguments, arguments: &Enrol) -> Result<(), Failure> {
    let code = match (&arguments.code, &arguments.file) {
        (Some(code), _) => code.clone(),
        (None, Some(file)) => read_text(file)?,
        (None, None) => return Err(Failure::BadInput("缺少登记码".to_owned())),
    };
    let mut reached = Reached::without_log_in(profile).await?;
    let args = json!({ "code": code.trim(), "device_name": arguments.name });
    let session: Result<SessionDto, Failure> = reached.call("session.enrol", args).await;
    reached.leave().await?;
    let session = session?;
    if arguments.json {
        return print_json(&session);
    }
    print_text(&format!(
        "已登记到“{}”，本机为“{}”。请登录：zaigangctl login --login 登录名",
        session.site, session.device
    ))
}

pub(crate) async fn login(profile: &ProfileArguments, arguments: &Plain) -> Result<(), Failure> {
    if profile.login.is_none() {
        return Err(Failure::BadInput("--login：须写明登录名".to_owned()));
    }
    let session =
        with_door(profile, async |reached| reached.call::<SessionDto>("session.get", json!({})).await)
            .await?;
    if arguments.json {
        return print_json(&session);
    }
    print_text(&session_text(&session))
}

pub(crate) async fn logout(profile: &ProfileArguments, arguments: &Plain) -> Result<(), Failure> {
    let session =
        with_door(profile, async |reached| reached.call::<SessionDto>("session.log_out", json!({})).await)
            .await?;
    if arguments.json {
        return print_json(&session);
    }
    print_text("已退出登录。")
}

pub(crate) async fn status(profile: &ProfileArguments, arguments: &Plain) -> Result<(), Failure> {
    let both = with_door(profile, async |reached| {
        let session: SessionDto = reached.call("session.get", json!({})).await?;
        Ok((session, reached.call::<SyncStatus>("sync.status", json!({})).await?))
    });
    let (session, sync) = both.await?;
    if arguments.json {
        return print_json(&json!({ "session": session, "sync": sync }));
    }
    print_text(&format!("{}\n{}", session_text(&session), sync_text(&sync)))
}

pub(crate) async fn sync(profile: &ProfileArguments, arguments: &Plain) -> Result<(), Failure> {
    let mut reached = Reached::open(profile).await?;
    let session: SessionDto = reached.call("session.get", json!({})).await?;
    let result = match session.stage {
        // The device may sync by itself where its store is open; the door asks for somebody at the console.
        Stage::LoggedOut => {
            if let Reached::Owner { door, .. } = &reached {
                door.round().await;
            }
            reached.call::<SyncStatus>("sync.status", json!({})).await
        }
        _ => reached.call::<SyncStatus>("sync.now", json!({})).await,
    };
    reached.leave().await?;
    let status = result?;
    if arguments.json {
        print_json(&status)?;
    } else {
        print_text(&sync_text(&status))?;
    }
    match status.state {
        LinkState::Synced | LinkState::Syncing => Ok(()),
        LinkState::Offline => Err(Failure::CentreNeeded("未能与中心端同步。".to_owned())),
        LinkState::Revoked | LinkState::WrongCentre => {
            Err(Failure::NotAllowed("同步被拒绝，请联系管理员。".to_owned()))
        }
        LinkState::Stopped | LinkState::UpgradeNeeded => {
            Err(Failure::Failed("同步已停止，请联系管理员。".to_owned()))
        }
    }
}

fn session_text(session: &SessionDto) -> String {
    let stage = match session.stage {
        Stage::NotEnrolled => return "本机尚未登记到中心端。".to_owned(),
        Stage::LoggedOut => "无人登录",
        Stage::Locked => "已锁屏",
        Stage::Open => "已登录",
    };
    let user =
        session.user.as_ref().map(|user| format!("：{}（{}）", user.name, user.login)).unwrap_or_default();
    format!("{}  本机 {}\n{stage}{user}\n现在 {}", session.site, session.device, session.now)
}

fn sync_text(sync: &SyncStatus) -> String {
    let state = match sync.state {
        LinkState::Synced => "已同步",
        LinkState::Syncing => "同步中",
        LinkState::Offline => "未连接中心端",
        LinkState::UpgradeNeeded => "程序版本过旧，须升级",
        LinkState::Revoked => "本机已被停用",
        LinkState::Stopped => "有日志已停止同步",
        LinkState::WrongCentre => "应答的不是登记的中心端",
    };
    let mut lines = vec![match &sync.last_synced_at {
        Some(at) => format!("{state}，数据截至 {at}"),
        None => format!("{state}，从未同步"),
    }];
    lines.push(format!("待发送 {}，待处理 {}", sync.waiting, sync.conflicts));
    lines.extend(sync.trouble.clone());
    for log in &sync.logs {
        let stopped = log.stopped.as_deref().map(|why| format!("  {why}")).unwrap_or_default();
        lines.push(format!("  {:>8}  {}  {}{stopped}", log.seq, log.head, log.title));
    }
    lines.join("\n")
}
