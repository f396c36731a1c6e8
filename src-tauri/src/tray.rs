//! The tray icon with the number of open orders, where the system can show one.
//!
//! On Linux the tray needs the Ayatana AppIndicator library; without it the call panics, so the
//! library is looked for first and the tray left out where it is missing.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager as _};

/// Id of the one tray icon.
const TRAY: &str = "main";
/// Menu entry that brings the window to the front.
const SHOW: &str = "show";

/// Where distributions put the library; the soname is what the tray crate opens.
const INDICATOR_DIRS: [&str; 6] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/loongarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
];
const INDICATOR_LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

/// Whether a tray can be shown at all.
fn supported() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    INDICATOR_DIRS
        .iter()
        .flat_map(|dir| {
            INDICATOR_LIBRARIES.iter().map(move |library| std::path::Path::new(dir).join(library))
        })
        .any(|path| path.exists())
}

/// Builds the tray where it is supported; says so in the log where it is not.
///
/// # Errors
/// Whatever the menu or the icon fails with.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<()> {
    if !supported() {
        tracing::warn!("no appindicator library found: running without a tray icon");
        return Ok(());
    }
    let show = MenuItem::with_id(app, SHOW, "打开在岗工作台", true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&show])?;
    let mut tray = TrayIconBuilder::with_id(TRAY).menu(&menu).tooltip("在岗").on_menu_event(|app, event| {
        if event.id() == SHOW {
            show_window(app);
        }
    });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}

/// Brings the window to the front.
pub(crate) fn show_window(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "could not bring the window to the front");
        }
    }
}

/// Shows the counts beside the icon: mine open, broken clocks.
pub(crate) fn show_counts(app: &AppHandle, mine: u32, broken: u32) {
    let Some(tray) = app.tray_by_id(TRAY) else { return };
    let title = if mine == 0 { String::new() } else { mine.to_string() };
    let tooltip = format!("在岗：我的工单 {mine}，已超时 {broken}");
    if let Err(error) = tray.set_title(Some(title)).and_then(|()| tray.set_tooltip(Some(tooltip))) {
        tracing::warn!(%error, "could not update the tray icon");
    }
}
