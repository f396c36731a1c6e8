//! What the program is started with: `zaigang [--dir DIR]`.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// The profile's folder: `--dir`, else the user's data folder.
///
/// # Errors
/// An argument that is not known, or no home folder to fall back on.
#[expect(clippy::disallowed_methods, reason = "a program's start is where the environment is read")]
pub(crate) fn profile_dir() -> Result<PathBuf> {
    match dir_of(std::env::args_os().skip(1))? {
        Some(dir) => Ok(dir),
        None => default_dir(|name| std::env::var_os(name)).context("没有用户目录，请用 --dir 指定数据目录"),
    }
}

/// Whether a WebDriver drives the window: Tauri's own switch, set by `tauri-driver`.
#[expect(clippy::disallowed_methods, reason = "a program's start is where the environment is read")]
pub(crate) fn is_automated() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

fn dir_of(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<PathBuf>> {
    let mut dir = None;
    while let Some(argument) = arguments.next() {
        if argument != "--dir" {
            bail!("不认识的参数 {}；用法：zaigang [--dir 目录]", argument.display());
        }
        dir = Some(PathBuf::from(arguments.next().context("--dir 后面要写目录")?));
    }
    Ok(dir)
}

/// The same folder as `zaigangctl` uses: XDG on Linux, the local data folder on Windows.
fn default_dir(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return Some(set("LOCALAPPDATA")?.join("zaigang"));
    }
    let data = set("XDG_DATA_HOME").filter(|path| path.is_absolute());
    Some(data.or_else(|| Some(set("HOME")?.join(".local/share")))?.join("zaigang"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<PathBuf>> {
        dir_of(arguments.iter().map(OsString::from))
    }

    #[test]
    fn only_a_folder_is_taken() {
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&["--dir", "/a"]).unwrap(), Some("/a".into()));
        assert!(read(&["--dir"]).is_err());
        assert!(read(&["--help"]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_data_folder_is_the_fallback() {
        let home = |name: &str| (name == "HOME").then(|| OsString::from("/h"));
        assert_eq!(default_dir(home), Some("/h/.local/share/zaigang".into()));
        let both = |name: &str| Some(OsString::from(if name == "HOME" { "/h" } else { "/x" }));
        assert_eq!(default_dir(both), Some("/x/zaigang".into()));
        assert_eq!(default_dir(|_| None), None);
    }
}
