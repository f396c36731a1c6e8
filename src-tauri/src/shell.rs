//! The window and what runs beside it: sync, reminders, the owner's socket.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;
use tauri::webview::DownloadEvent;
use tauri::{App, AppHandle, Emitter as _, RunEvent, WebviewUrl, WebviewWindowBuilder};
use tokio::sync::broadcast::error::RecvError;
use zaigang_console::door::dto::{DoorError, PushDto, QueueCounts};
use zaigang_console::door::{Caller, Door};
use zaigang_console::owner;

use crate::{arguments, notify, open, paint, tray};

/// The smallest screen that must work is 1366×768: the window opens a little smaller.
const WINDOW: (f64, f64) = (1280.0, 720.0);
/// Below this the list and the detail no longer stand side by side.
const WINDOW_MIN: (f64, f64) = (1024.0, 600.0);

/// Opens the profile and runs until the window is closed.
///
/// # Errors
/// When the profile cannot be opened, another process owns it, or the window cannot be made.
pub(crate) fn run(dir: &Path) -> Result<()> {
    let door = owner::open_door(dir).map_err(|error| anyhow!(error.message))?;
    door.opens_files_with(Box::new(open::open));
    let dir = dir.to_owned();
    let ending = door.clone();
    let app = tauri::Builder::default()
        .manage(door.clone())
        .invoke_handler(tauri::generate_handler![call])
        .setup(move |app| {
            let runtime = tauri::async_runtime::handle();
            let _entered = runtime.inner().enter();
            let serving = owner::serve(door.clone(), &dir)
                .inspect_err(|error| tracing::warn!(%error, "the command line cannot attach to this console"))
                .ok();
            door.start_sync().map_err(|error| anyhow!(error.message))?;
            tauri::async_runtime::spawn(door.clone().watch());
            tauri::async_runtime::spawn(forward(app.handle().clone(), door, serving));
            open_window(app)?;
            tray::build(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("running the window")?;
    app.run(move |_, event| {
        // The process ends without dropping anything.
        if let RunEvent::Exit = event {
            ending.wipe_opened();
        }
    });
    Ok(())
}

/// The one command of the window: parse, call, convert.
#[tauri::command]
async fn call(command: String, args: Value, door: tauri::State<'_, Door>) -> Result<Value, DoorError> {
    door.call(&command, args, Caller::Desktop).await
}

fn open_window(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("在岗")
        .inner_size(WINDOW.0, WINDOW.1)
        .min_inner_size(WINDOW_MIN.0, WINDOW_MIN.1)
        // Nothing readable may stay beside the encrypted store. WebKit refuses to let a WebDriver into an
        // incognito window, so tests drive one that is not.
        .incognito(!arguments::is_automated())
        // Exported lists are made by the page itself and go to the download folder; nothing else is kept.
        .on_download(|_, event| match event {
            DownloadEvent::Requested { url, .. } => url.scheme() == "blob",
            _ => true,
        })
        .build()?;
    paint::on_the_processor(&window)
}

/// Hands pushes of the door to window, tray and desktop, for as long as the program runs. `serving`
/// keeps the owner's socket open meanwhile.
async fn forward(app: AppHandle, door: Door, serving: Option<owner::Serving>) {
    let _serving = serving;
    let mut pushes = door.pushes();
    loop {
        let push = match pushes.recv().await {
            Ok(push) => push,
            // What was missed is unknown: everything on screen is read again.
            Err(RecvError::Lagged(_)) => PushDto { changed: everything(), reminders: Vec::new() },
            Err(RecvError::Closed) => return,
        };
        push.reminders.iter().for_each(notify::show);
        if let Err(error) = app.emit("push", &push) {
            tracing::warn!(%error, "the window was not told");
        }
        if push.changed.iter().any(|topic| topic == "counts" || topic == "session") {
            show_counts(&app, &door).await;
        }
    }
}

fn everything() -> Vec<String> {
    ["orders", "counts", "sync", "session"].map(str::to_owned).to_vec()
}

async fn show_counts(app: &AppHandle, door: &Door) {
    // Nobody logged in, or the screen is locked: the icon shows no counts then.
    let counts = door.call("order.counts", Value::Null, Caller::Desktop).await.ok();
    let counts: QueueCounts =
        counts.and_then(|counts| serde_json::from_value(counts).ok()).unwrap_or_default();
    tray::show_counts(app, counts.mine, counts.broken);
}
