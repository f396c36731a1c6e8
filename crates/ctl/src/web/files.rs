//! The UI's files, read once into memory: what is not among them cannot be asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::shell::Failure;

/// All files together, in bytes; the built UI has a few megabytes.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A file of the UI.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Content type.
    pub(super) kind: &'static str,
    /// Its bytes.
    pub(super) bytes: axum::body::Bytes,
}

/// The UI's files by path, such as `/assets/index.js`.
#[derive(Debug)]
pub(super) struct Files {
    by_path: BTreeMap<String, File>,
}

/// The UI: from the folder asked for, else from inside the program where it carries one, else from the folder
/// found.
pub(super) fn open(asked: Option<&Path>) -> Result<Files, Failure> {
    match asked {
        Some(dir) => Files::load(dir),
        None => carried().map_or_else(|| Files::load(&find()?), Ok),
    }
}

/// The UI built into a program that has to be one file.
#[cfg(feature = "compat")]
fn carried() -> Option<Files> {
    #[derive(rust_embed::Embed)]
    #[folder = "../../ui/dist"]
    struct Built;

    let file = |name: &str| {
        let bytes = Built::get(name)?.data.into_owned().into();
        Some((format!("/{name}"), File { kind: content_type(name), bytes }))
    };
    Some(Files { by_path: Built::iter().filter_map(|name| file(&name)).collect() })
}

#[cfg(not(feature = "compat"))]
fn carried() -> Option<Files> {
    None
}

/// Where the UI lies: beside the program as packages put it, or as built in a checkout.
fn find() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    let places = [
        beside.map(|dir| dir.join("ui")),
        beside.map(|dir| dir.join("../share/zaigang/ui")),
        Some(PathBuf::from("ui/dist")),
        beside.map(|dir| dir.join("../../ui/dist")),
    ];
    let found = places.into_iter().flatten().find(|dir| dir.join("index.html").is_file());
    found.ok_or_else(|| {
        Failure::BadInput("--ui-dir：找不到界面文件，请先构建界面（ui/dist）或写明目录".to_owned())
    })
}

impl Files {
    /// Reads all files under a folder.
    fn load(dir: &Path) -> Result<Self, Failure> {
        let mut by_path = BTreeMap::new();
        let mut left = BYTES_MAX;
        add(dir, "", &mut by_path, &mut left)
            .map_err(|error| Failure::BadInput(format!("--ui-dir {}：无法读取：{error}", dir.display())))?;
        if !by_path.contains_key("/index.html") {
            return Err(Failure::BadInput(format!("--ui-dir {}：其中没有 index.html", dir.display())));
        }
        Ok(Self { by_path })
    }

    /// The file of a path; a page of the UI's own routes is its index.
    pub(super) fn get(&self, path: &str) -> Option<&File> {
        let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
        self.by_path.get(path).or_else(|| is_page.then(|| self.by_path.get("/index.html")).flatten())
    }
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the UI it serves, once at its start")]
fn add(dir: &Path, prefix: &str, files: &mut BTreeMap<String, File>, left: &mut u64) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{prefix}/{name}")) else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            add(&entry.path(), &name, files, left)?;
        } else if kind.is_file() {
            *left = left
                .checked_sub(entry.metadata()?.len())
                .ok_or_else(|| std::io::Error::other("the UI's files are too large"))?;
            let bytes = std::fs::read(entry.path())?.into();
            files.insert(name.clone(), File { kind: content_type(&name), bytes });
        }
    }
    Ok(())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
