//! How the web view paints.

use tauri::WebviewWindow;

/// Has WebKit paint on the processor. The pages are still tables and forms: a context of the graphics
/// library costs each window some 100 MB (measured by `cargo xtask bench --only window`) and shows an
/// empty window under the old drivers of duty PCs. Other systems bring their own web view.
///
/// # Errors
/// When the window is gone already.
#[cfg(target_os = "linux")]
pub(crate) fn on_the_processor(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Nothing to set outside Linux.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub(crate) fn on_the_processor(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
