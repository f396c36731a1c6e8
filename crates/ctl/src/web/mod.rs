//! `web`: the same UI and the same door in a browser on this host, over loopback.
//!
//! Promises: listens on a loopback address only; Host and Origin of every request are checked; no
//! cookie; nothing but the UI's own files is served without a token, and a token is traded for a typed
//! one-time code; nothing may be kept by the browser.

mod code;
mod files;
mod guard;
mod routes;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tokio::net::TcpListener;
use zaigang_console::owner::{attach, open_door, serve};

use crate::reach::ProfileArguments;
use crate::shell::Failure;

pub(crate) use code::random_text;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 监听地址，只能是本机回环地址；端口 0 为任选
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    listen: SocketAddr,
    /// 界面文件所在目录
    #[arg(long, value_name = "DIR")]
    ui_dir: Option<PathBuf>,
    /// 地址和登录码用 JSON 输出，一行一条
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(profile: &ProfileArguments, arguments: &Arguments) -> Result<(), Failure> {
    if !arguments.listen.ip().is_loopback() {
        return Err(Failure::BadInput("--listen：只能监听本机回环地址，如 127.0.0.1:0".to_owned()));
    }
    let dir = profile.dir()?;
    let running =
        attach(&dir).await.map_err(|error| Failure::Failed(format!("无法查看配置目录：{error}")))?;
    if running.is_some() {
        return Err(Failure::Failed("这个配置目录已由另一个在岗程序使用，请先关闭它。".to_owned()));
    }
    let ui = files::open(arguments.ui_dir.as_deref())?;
    let door = open_door(&dir)?;
    let _serving = serve(door.clone(), &dir)
        .map_err(|error| Failure::Failed(format!("无法在配置目录中建立本机套接字：{error}")))?;
    door.start_sync()?;
    let watching = tokio::spawn(door.clone().watch());

    let listener = TcpListener::bind(arguments.listen).await;
    let listener =
        listener.map_err(|error| Failure::BadInput(format!("--listen {}：{error}", arguments.listen)))?;
    let address = listener.local_addr().map_err(|error| Failure::Failed(error.to_string()))?;
    let keys = Arc::new(code::Keys::new());
    announce(address, &keys.new_code(), arguments.json)?;
    let asking = Arc::clone(&keys);
    let json = arguments.json;
    std::thread::spawn(move || new_code_on_enter(&asking, address, json));

    let app =
        routes::router(routes::Web { door: door.clone(), keys, ui: Arc::new(ui), port: address.port() });
    let served = axum::serve(listener, app).with_graceful_shutdown(asked_to_end());
    // An open stream of pushes never ends by itself: what remains after the signal is cut.
    let result = tokio::select! {
        result = async { served.await } => result,
        () = async { asked_to_end().await; tokio::time::sleep(std::time::Duration::from_millis(300)).await } => Ok(()),
    };
    watching.abort();
    door.stop_sync().await;
    door.wipe_opened();
    result.map_err(|error| Failure::Failed(format!("本机网页服务出错：{error}")))
}

fn announce(address: SocketAddr, code: &str, as_json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{}", json!({ "address": format!("http://{address}"), "code": code }))?;
    } else {
        writeln!(out, "请在浏览器中打开 http://{address}")?;
        writeln!(out, "登录码 {code}（一次有效；按回车换一个，Ctrl+C 结束）")?;
    }
    out.flush()?;
    Ok(())
}

/// Each Enter in the terminal makes the code before void and a new one. Ends with the input.
fn new_code_on_enter(keys: &code::Keys, address: SocketAddr, as_json: bool) {
    for line in std::io::stdin().lines() {
        if line.is_err() || announce(address, &keys.new_code(), as_json).is_err() {
            return;
        }
    }
}

async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminated = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminated) => terminated,
            Err(_) => return drop(interrupted.await),
        };
        tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
