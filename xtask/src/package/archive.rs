//! A package from its content: a folder laid out as on the system, then `dpkg-deb`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::content::Content;
use super::empty;
use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Maintainer scripts, those that a package has.
const SCRIPTS: &[&str] = &["preinst", "postinst", "prerm", "postrm"];

/// Writes `<name>_<version>_<architecture>.deb` into `folder`.
///
/// Programs are stripped. Dependencies on libraries are asked from `dpkg-shlibdeps`, so they name the oldest
/// version that has the symbols in use. Packages of debug programs are not compressed: they live a minute.
pub(super) fn build(
    workspace: &Workspace,
    content: &Content,
    programs: &Path,
    notices: &str,
    version: &str,
    release: bool,
    folder: &Path,
) -> Result<PathBuf> {
    let stage = workspace.target.join("packages/stage").join(content.name);
    empty(&stage)?;
    lay_out(workspace, content, programs, notices, &stage)?;
    write_control(workspace, content, version, &stage)?;

    let architecture = Invocation::words("dpkg --print-architecture").output(&workspace.root)?;
    let file = folder.join(format!("{}_{version}_{}.deb", content.name, architecture.trim()));
    Invocation::words("dpkg-deb --root-owner-group")
        .arg(if release { "-Zxz" } else { "-Znone" })
        .env("SOURCE_DATE_EPOCH", last_commit(workspace)?)
        .arg("--build")
        .args([shown(&stage), shown(&file)])
        .output(&workspace.root)?;
    fs::remove_dir_all(&stage).with_context(|| format!("removing {}", stage.display()))?;
    Ok(file)
}

fn lay_out(
    workspace: &Workspace,
    content: &Content,
    programs: &Path,
    notices: &str,
    stage: &Path,
) -> Result<()> {
    copy(&content.sources.join("files"), stage)?;
    for (from, to) in &content.files {
        copy(from, &stage.join(to))?;
    }
    let folder = stage.join("usr/bin");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for name in content.programs {
        let call = Invocation::words("strip --strip-unneeded -o");
        call.args([shown(&folder.join(name)), shown(&programs.join(name))]).output(&workspace.root)?;
    }
    let documents = stage.join("usr/share/doc").join(content.name);
    let licence = workspace.root.join("LICENSE");
    let licence = fs::read_to_string(&licence).with_context(|| format!("reading {}", licence.display()))?;
    let copyright = format!("Zaigang is licensed under the Apache License 2.0:\n\n{licence}\n\n{notices}");
    let file = documents.join("copyright");
    fs::write(&file, copyright).with_context(|| format!("writing {}", file.display()))?;
    set_modes(stage, &folder)
}

fn write_control(workspace: &Workspace, content: &Content, version: &str, stage: &Path) -> Result<()> {
    let debian = stage.join("DEBIAN");
    let write = |name: &str, text: &str, mode: u32| -> Result<()> {
        let file = debian.join(name);
        fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
        set_mode(&file, mode)
    };
    let files = files_below(stage)?;
    let bytes: u64 =
        files.iter().filter_map(|file| fs::metadata(stage.join(file)).ok()).map(|file| file.len()).sum();
    let architecture = Invocation::words("dpkg --print-architecture").output(&workspace.root)?;
    let template = content.sources.join("control");
    let template =
        fs::read_to_string(&template).with_context(|| format!("reading {}", template.display()))?;
    let control = template
        .replace("@VERSION@", version)
        .replace("@ARCHITECTURE@", architecture.trim())
        .replace("@INSTALLED_SIZE@", &bytes.div_ceil(1024).to_string())
        .replace("@LIBRARIES@", &libraries(workspace, content, stage)?);
    let sums = Invocation::words("md5sum --").args(files.iter().cloned()).output(stage)?;

    fs::create_dir(&debian).with_context(|| format!("making {}", debian.display()))?;
    set_mode(&debian, 0o755)?;
    write("control", &control, 0o644)?;
    write("md5sums", &sums, 0o644)?;
    let settings = files.iter().filter(|file| file.starts_with("etc/"));
    let settings: String = settings.map(|file| format!("/{file}\n")).collect();
    if !settings.is_empty() {
        write("conffiles", &settings, 0o644)?;
    }
    for name in SCRIPTS {
        if let Ok(script) = fs::read_to_string(content.sources.join(name)) {
            write(name, &script, 0o755)?;
        }
    }
    Ok(())
}

/// What the programs link to, as a line for `Depends`.
fn libraries(workspace: &Workspace, content: &Content, stage: &Path) -> Result<String> {
    // It looks for a source package around it: an empty one will do.
    let around = workspace.target.join("packages/stage/shlibdeps");
    empty(&around.join("debian"))?;
    fs::write(around.join("debian/control"), "Source: zaigang\n").context("writing for dpkg-shlibdeps")?;
    let programs =
        content.programs.iter().map(|name| format!("-e{}", shown(&stage.join("usr/bin").join(name))));
    let answer = Invocation::words("dpkg-shlibdeps -O").args(programs).output(&around)?;
    fs::remove_dir_all(&around).context("removing what dpkg-shlibdeps needed")?;
    let line = answer.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    line.map(str::to_owned).with_context(|| format!("dpkg-shlibdeps said {answer:?}"))
}

/// Seconds since 1970 of the last commit: dates inside the package do not depend on when it is built.
fn last_commit(workspace: &Workspace) -> Result<String> {
    Ok(Invocation::words("git log -1 --format=%ct").output(&workspace.root)?.trim().to_owned())
}

/// Copies a file, or a folder with all below it; a source that is not there is an error, but for `files`.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
        for entry in fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
            let entry = entry.with_context(|| format!("listing {}", from.display()))?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    let parent = to.parent().context("a file lies in a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

/// All files below a folder as paths from there, sorted.
fn files_below(folder: &Path) -> Result<Vec<String>> {
    let found = Invocation::words("find . -type f -printf %P\\n").output(folder)?;
    let mut files: Vec<String> = found.lines().map(str::to_owned).collect();
    files.sort();
    Ok(files)
}

/// Folders and programs can be entered and run by all, files be read; whatever the checkout's umask was.
fn set_modes(folder: &Path, programs: &Path) -> Result<()> {
    set_mode(folder, 0o755)?;
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry.with_context(|| format!("listing {}", folder.display()))?.path();
        if path.is_dir() {
            set_modes(&path, programs)?;
        } else {
            set_mode(&path, if folder == programs { 0o755 } else { 0o644 })?;
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(path, permissions).with_context(|| format!("setting the mode of {}", path.display()))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
