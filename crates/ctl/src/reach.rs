//! Reaching the door of a profile: through its running owner, or as the owner for one command.

use std::future::Future;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use zaigang_console::door::dto::{SessionDto, Stage};
use zaigang_console::door::{Caller, Door};
use zaigang_console::owner::{Attached, Serving, attach, open_door, serve};

use crate::password;
use crate::shell::Failure;

/// Which profile, and who.
#[derive(Debug, Args)]
pub(crate) struct ProfileArguments {
    /// 配置目录（缺省为系统的用户数据目录下的 zaigang）
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// 登录名；没有正在运行的在岗程序时，为这一条命令登录
    #[arg(long, global = true, value_name = "LOGIN")]
    pub(crate) login: Option<String>,
    /// 从文件读取密码（第一行）；不给则询问
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

impl ProfileArguments {
    /// The profile's folder.
    ///
    /// # Errors
    /// Bad input where none is given and the system tells none.
    pub(crate) fn dir(&self) -> Result<PathBuf, Failure> {
        let given = self.dir.clone().or_else(default_dir);
        given.ok_or_else(|| Failure::BadInput("--dir：系统没有给出用户数据目录，请写明配置目录".to_owned()))
    }

    /// The password from the file or the terminal.
    ///
    /// # Errors
    /// Bad input when it cannot be read.
    pub(crate) fn password(&self, prompt: &str) -> Result<String, Failure> {
        password::read(self.password_file.as_deref(), prompt)
    }
}

/// Where each system keeps a user's data.
#[expect(clippy::disallowed_methods, reason = "a program's main reads the environment, once")]
fn default_dir() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("zaigang"))
}

/// Runs a command that talks to the door.
///
/// # Errors
/// The command's.
pub(crate) fn run(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN);
    log.init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::Failed(format!("无法启动：{error}")))?.block_on(command)
}

/// The door, reached.
pub(crate) enum Reached {
    /// Through the running owner.
    Attached(Attached),
    /// As the owner, until [`Reached::leave`].
    Owner {
        /// The door.
        door: Door,
        /// Others may attach meanwhile.
        _serving: Option<Serving>,
        /// A log-in of this command alone, ended with it.
        logged_in: bool,
    },
}

impl Reached {
    /// Reaches the door, logging in where `--login` says so.
    ///
    /// # Errors
    /// Not allowed when somebody else is logged in at the running owner, or the password is wrong.
    pub(crate) async fn open(profile: &ProfileArguments) -> Result<Self, Failure> {
        let mut reached = Self::without_log_in(profile).await?;
        if let Some(login) = &profile.login {
            reached.log_in(profile, login).await?;
        }
        Ok(reached)
    }

    /// Reaches the door as it is.
    ///
    /// # Errors
    /// Failed when the profile cannot be opened.
    pub(crate) async fn without_log_in(profile: &ProfileArguments) -> Result<Self, Failure> {
        let dir = profile.dir()?;
        let found = attach(&dir).await;
        let found = found.map_err(|error| Failure::Failed(format!("无法连接正在运行的在岗程序：{error}")))?;
        if let Some(attached) = found {
            return Ok(Self::Attached(attached));
        }
        let door = open_door(&dir)?;
        // Without a socket this command works all the same; only nobody can attach to it.
        let serving = serve(door.clone(), &dir).inspect_err(|error| tracing::warn!(%error, "no socket")).ok();
        door.start_sync()?;
        Ok(Self::Owner { door, _serving: serving, logged_in: false })
    }

    async fn log_in(&mut self, profile: &ProfileArguments, login: &str) -> Result<(), Failure> {
        let session: SessionDto = self.call("session.get", json!({})).await?;
        let present = session.user.as_ref().map(|user| user.login.as_str());
        match (session.stage, present) {
            (Stage::Open, Some(present)) if present == login => return Ok(()),
            (Stage::Open | Stage::Locked, Some(present)) if present != login => {
                let message = format!("正在运行的在岗程序由“{present}”登录，请先退出登录或用其身份操作。");
                return Err(Failure::NotAllowed(message));
            }
            _ => {}
        }
        let password = profile.password(&format!("{login} 的密码："))?;
        let _: SessionDto =
            self.call("session.log_in", json!({ "login": login, "password": password })).await?;
        if let Self::Owner { logged_in, .. } = self {
            *logged_in = true;
        }
        Ok(())
    }

    /// Calls a command of the door.
    ///
    /// # Errors
    /// The door's.
    pub(crate) async fn call<T: DeserializeOwned>(
        &mut self,
        command: &str,
        args: impl Serialize,
    ) -> Result<T, Failure> {
        let reply = self.call_raw(command, serde_json::to_value(args)?).await?;
        serde_json::from_value(reply)
            .map_err(|error| Failure::Failed(format!("正在运行的在岗程序版本不同，应答无法识别：{error}")))
    }

    /// Calls a command of the door, with JSON.
    ///
    /// # Errors
    /// The door's.
    pub(crate) async fn call_raw(&mut self, command: &str, args: Value) -> Result<Value, Failure> {
        Ok(match self {
            Self::Attached(attached) => attached.call(command, args).await?,
            Self::Owner { door, .. } => door.call(command, args, Caller::CommandLine).await?,
        })
    }

    /// Ends the log-in of this command, gives what was written a chance to reach the centre, and goes.
    ///
    /// # Errors
    /// Failed when the log-out cannot be written.
    pub(crate) async fn leave(self) -> Result<(), Failure> {
        let Self::Owner { door, logged_in, .. } = self else { return Ok(()) };
        if logged_in {
            door.call("session.log_out", Value::Null, Caller::CommandLine).await?;
        }
        door.flush().await;
        door.stop_sync().await;
        Ok(())
    }
}

/// Opens, runs `work`, and leaves, whatever came of it.
///
/// # Errors
/// Of `work` first, then of leaving.
pub(crate) async fn with_door<T>(
    profile: &ProfileArguments,
    work: impl AsyncFnOnce(&mut Reached) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut reached = Reached::open(profile).await?;
    let result = work(&mut reached).await;
    let left = reached.leave().await;
    let value = result?;
    left.map(|()| value)
}
