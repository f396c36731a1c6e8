//! `zaigangctl` as one file for systems with an older C library: the UI inside, OpenSSL compiled in, linked by
//! zig against glibc 2.28 (2018: Debian 10, and what Kylin V10 and UOS 20 are made from).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::notices;
use super::sbom::{self, Bundle};
use crate::invocation::Invocation;
use crate::metadata::Metadata;
use crate::workspace::Workspace;

/// The newest version of the C library that may be asked for.
const GLIBC: (u32, u32) = (2, 28);
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// The feature with everything that makes it one file.
const FEATURE: &str = "zaigang-ctl/compat";
/// Wheels of the Python Package Index: the linker, and what puts it behind cargo.
const TOOLS: &[&str] = &["ziglang==0.17.1", "cargo-zigbuild==0.24.0"];
/// Libraries that every such system has: parts of the C library, and of the compiler's runtime.
const LIBRARIES: &[&str] = &[
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];

/// Builds it into `folder`, with its own list of components and licence texts, and looks at what it asks of the system.
pub(super) fn build(workspace: &Workspace, release: bool, version: &str, folder: &Path) -> Result<()> {
    let tools = tools(workspace)?;
    let path = std::env::var("PATH").unwrap_or_default();
    let call = Invocation::program(&tools.join("cargo-zigbuild"))
        .args(["zigbuild", "--locked", "--package", "zaigang-ctl", "--bin", "zaigangctl"])
        .args(["--features", FEATURE, "--target"])
        .arg(format!("{TARGET}.{}.{}", GLIBC.0, GLIBC.1))
        .env("PATH", format!("{}:{path}", tools.display()));
    let call = if release { call.arg("--release") } else { call };
    println!("{call}");
    call.run(&workspace.root)?;

    let profile = if release { "release" } else { "debug" };
    let built = workspace.target.join(TARGET).join(profile).join("zaigangctl");
    let name = format!("zaigangctl-{version}-linux-x86_64-glibc{}.{}", GLIBC.0, GLIBC.1);
    let file = folder.join(&name);
    let shown = |path: &Path| path.display().to_string();
    Invocation::words("strip --strip-unneeded -o").args([shown(&file), shown(&built)]).output(folder)?;
    judge(&file)?;
    Invocation::program(&file).arg("--version").output(folder)?;

    let metadata = Metadata::ask_with(&workspace.root, &[FEATURE])?;
    let bundle = Bundle { name: "zaigangctl", metadata: &metadata, members: &["zaigang-ctl"] };
    let bill = folder.join(format!("{name}.cdx.json"));
    let text = sbom::write(workspace, &bundle, version)?;
    fs::write(&bill, text).with_context(|| format!("writing {}", bill.display()))?;
    let copyright = folder.join(format!("{name}.copyright"));
    let text = notices::gather(workspace, &bundle)?;
    fs::write(&copyright, text).with_context(|| format!("writing {}", copyright.display()))
}

/// The tools in a Python environment of their own; its `bin`.
fn tools(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.tools().join("zig");
    let stamp = folder.join("installed");
    let wanted = TOOLS.join(" ");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder.join("bin"));
    }
    let made = Invocation::words("python3 -m venv --clear").arg(folder.display().to_string());
    made.output(&workspace.root).context("--compat needs Python 3 with venv (Debian: python3-venv)")?;
    Invocation::program(&folder.join("bin/pip"))
        .args(["install", "--quiet", "--only-binary", ":all:"])
        .args(TOOLS.iter().copied())
        .run(&workspace.root)?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(folder.join("bin"))
}

/// Fails when the program needs a newer C library, or another library, than it may.
fn judge(file: &Path) -> Result<()> {
    let objdump = |option: &str| {
        let folder = file.parent().context("a file lies in a folder")?;
        Invocation::words("objdump").arg(option).arg(file.display().to_string()).output(folder)
    };
    let (headers, symbols) = (objdump("--private-headers")?, objdump("--dynamic-syms")?);
    let needed = needed_libraries(&headers);
    if let Some(foreign) = needed.iter().find(|name| !LIBRARIES.contains(&name.as_str())) {
        bail!("{} links to {foreign}, which older systems may lack", file.display());
    }
    let newest = newest_glibc(&symbols).with_context(|| format!("{} names no glibc", file.display()))?;
    if newest > GLIBC {
        bail!(
            "{} asks for glibc {}.{}, the limit is {}.{}",
            file.display(),
            newest.0,
            newest.1,
            GLIBC.0,
            GLIBC.1
        );
    }
    let libraries: Vec<&str> = needed.iter().map(String::as_str).collect();
    println!("{}: glibc {}.{}, {}", file.display(), newest.0, newest.1, libraries.join(" "));
    Ok(())
}

/// From `objdump -p`: `  NEEDED               libc.so.6`.
fn needed_libraries(headers: &str) -> BTreeSet<String> {
    let lines = headers.lines().filter_map(|line| line.trim().strip_prefix("NEEDED "));
    lines.map(|name| name.trim().to_owned()).collect()
}

/// The largest `GLIBC_x.y` in the symbol table of `objdump -T`; versions compare as numbers.
fn newest_glibc(symbols: &str) -> Option<(u32, u32)> {
    symbols
        .split("GLIBC_")
        .skip(1)
        .filter_map(|rest| {
            let version = rest.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?;
            let mut parts = version.split('.');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_found_by_number() {
        let symbols = "0 DF *UND* 0 (GLIBC_2.2.5) write\n0 DF *UND* 0 (GLIBC_2.28) fcntl64\n0 DF *UND* 0 GLIBC_2.9 x\n0 g DF .text 1 Base main\n";
        assert_eq!(newest_glibc(symbols), Some((2, 28)));
        assert!(newest_glibc(&symbols.replace("2.9", "2.34")).unwrap() > GLIBC);
        assert_eq!(newest_glibc("nothing"), None);
    }

    #[test]
    fn libraries_are_read_from_the_headers() {
        let headers = "Dynamic Section:\n  NEEDED               libc.so.6\n  NEEDED               libcrypto.so.3\n  SONAME               x\n";
        let needed = needed_libraries(headers);
        assert_eq!(needed.iter().map(String::as_str).collect::<Vec<_>>(), ["libc.so.6", "libcrypto.so.3"]);
        assert!(!LIBRARIES.contains(&"libcrypto.so.3"), "OpenSSL has to be compiled in");
    }
}
