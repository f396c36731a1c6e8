//! `serve`.

use std::net::TcpListener;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::args::Serve;
use super::dir::Dir;
use super::{Answer, CliError, say};
use crate::host::{DEMO_CLOCK, DirLock};
use crate::http::{App, serve};
use crate::tls;

pub(super) fn run(args: &Serve, json: bool) -> Result<Answer, CliError> {
    let dir = Dir::of(&args.at);
    let config = dir.config()?;
    let host = dir.host()?;
    if host.is_demo() && !args.demo {
        let file = args.at.dir.join(DEMO_CLOCK);
        return Err(CliError::NotAllowed(format!(
            "{} 会拨动时钟，只用于演示。正式使用请删除它，演示请加 --demo。",
            file.display()
        )));
    }
    let Some(_lock) = DirLock::take(&dir.lock_file()).map_err(CliError::failed("serve.lock"))? else {
        return Err(CliError::NotAllowed("此目录的中心端已在运行".into()));
    };
    log_to_stderr(args.log_json);
    let app = App::open(&dir.database(), Arc::new(host), &*dir.signing_key()?)?;
    let tls = tls::server_config(&dir.text(&dir.chain())?, &dir.text(&dir.tls_key())?)
        .map_err(|error| CliError::Input(error.to_string()))?;
    let listen = args.listen.as_deref().unwrap_or(&config.listen);
    let listener = TcpListener::bind(listen).map_err(CliError::failed(listen))?;
    let runtime = tokio::runtime::Runtime::new().map_err(CliError::failed("runtime"))?;
    runtime.block_on(until_told(app, listener, tls, json))?;
    Answer::new(serde_json::json!({ "stopped": true }), "已停止。")
}

async fn until_told(
    app: Arc<App>,
    listener: TcpListener,
    tls: rustls::ServerConfig,
    json: bool,
) -> Result<(), CliError> {
    let failed = |error: crate::http::ServeError| CliError::Failed(error.to_string());
    let mut terminated = signal(SignalKind::terminate()).map_err(CliError::failed("signal"))?;
    let running = serve(app, listener, tls).map_err(failed)?;
    let address = running.address.to_string();
    tracing::info!(address, "serving");
    say(&Answer::new(serde_json::json!({ "listening": address }), format!("正在监听 {address}"))?, json);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping");
    running.stop().await.map_err(failed)
}

/// Lines about requests and faults; never a secret or a payload.
fn log_to_stderr(json: bool) {
    let filter = EnvFilter::new("info");
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second subscriber in one process is no fault of the server.
    let _ = if json { builder.json().try_init() } else { builder.with_ansi(false).try_init() };
}
