//! Listening, and stopping without losing anybody's answer.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;

use super::app::App;
use super::routes::router;

/// How often commits of other processes are looked for.
const LOOK_AROUND: Duration = Duration::from_millis(200);
/// How long running requests may take to end.
const GRACE: Duration = Duration::from_secs(5);

/// Why the server could not run.
#[derive(Debug, thiserror::Error)]
#[error("serving: {0}")]
pub struct ServeError(String);

/// A server that accepts connections.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: Arc<App>,
    handle: Handle<SocketAddr>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    watch: tokio::task::JoinHandle<()>,
}

/// Starts to serve on a bound listener.
///
/// # Errors
/// [`ServeError`] when the listener cannot be used.
pub fn serve(app: Arc<App>, listener: TcpListener, tls: rustls::ServerConfig) -> Result<Running, ServeError> {
    let fail = |error: std::io::Error| ServeError(error.to_string());
    let address = listener.local_addr().map_err(fail)?;
    listener.set_nonblocking(true).map_err(fail)?;
    let handle = Handle::new();
    let config = RustlsConfig::from_config(Arc::new(tls));
    let server = axum_server::from_tcp_rustls(listener, config).map_err(fail)?.handle(handle.clone());
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(server.serve(service));
    let watch = tokio::spawn(watch(app.clone()));
    Ok(Running { address, app, handle, server, watch })
}

/// Wakes consoles for what the command line or another process committed.
async fn watch(app: Arc<App>) {
    let mut seen = None;
    let mut tick = tokio::time::interval(LOOK_AROUND);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = app.look_around(&mut seen).await {
            tracing::error!(%error, "looking for other commits");
        }
    }
}

impl Running {
    /// Accepts nothing new, lets running requests end, and returns.
    ///
    /// # Errors
    /// [`ServeError`] when the server had failed.
    pub async fn stop(self) -> Result<(), ServeError> {
        self.app.stop();
        self.handle.graceful_shutdown(Some(GRACE));
        self.wait().await
    }

    async fn wait(self) -> Result<(), ServeError> {
        let ended = self.server.await;
        self.watch.abort();
        match ended {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(ServeError(error.to_string())),
            Err(error) => Err(ServeError(error.to_string())),
        }
    }
}
