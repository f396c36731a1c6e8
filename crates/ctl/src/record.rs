//! `verify`, `export`, `chart`: proof, the way out, and the picture.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use zaigang_console::door::dto::{ChartArgs, ChartDto, ExportDto, SyncStatus, VerifyDto};

use crate::account::Plain;
use crate::reach::{ProfileArguments, with_door};
use crate::shell::{Failure, print_json, print_note, print_text};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// 写到文件；不给则输出到屏幕。文件与其中的记录同样保密。
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Chart {
    /// 只画这一种时限，如 response、arrival、restoration
    #[arg(long)]
    target: Option<String>,
    /// 往回几周，1 至 26
    #[arg(long, default_value_t = 12)]
    weeks: u32,
    /// light 或 dark
    #[arg(long, default_value = "light")]
    theme: String,
    /// 宽（像素）
    #[arg(long, default_value_t = 960)]
    width: u32,
    /// 高（像素）
    #[arg(long, default_value_t = 320)]
    height: u32,
    /// 写到文件
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 输出 JSON（含图和数）
    #[arg(long)]
    json: bool,
}

pub(crate) async fn verify(profile: &ProfileArguments, arguments: &Plain) -> Result<(), Failure> {
    let found =
        with_door(profile, async |reached| reached.call::<VerifyDto>("audit.verify", json!({})).await)
            .await?;
    if arguments.json {
        print_json(&found)?;
    } else {
        print_text(&[[found.message.clone()].as_slice(), &found.problems].concat().join("\n"))?;
    }
    if found.ok { Ok(()) } else { Err(Failure::Failed("核对未通过。".to_owned())) }
}

pub(crate) async fn export(profile: &ProfileArguments, arguments: &Export) -> Result<(), Failure> {
    let (export, unsent) = with_door(profile, async |reached| {
        let export = reached.call::<ExportDto>("audit.export", json!({})).await?;
        Ok((export, reached.call::<SyncStatus>("sync.status", json!({})).await?.files.up))
    })
    .await?;
    let text: String = export.lines.iter().map(|line| format!("{line}\n")).collect();
    match &arguments.file {
        Some(file) => write_new(file, &text)?,
        None if export.lines.is_empty() => {}
        None => print_text(&text)?,
    }
    if let Some(left_out) = left_out(export.lines.len(), unsent) {
        print_note(&left_out);
    }
    Ok(())
}

/// What an export of so many lines leaves out, where so many files have not reached the centre.
fn left_out(lines: usize, unsent: u32) -> Option<String> {
    match (lines, unsent) {
        (0, 0) => None,
        (_, 0) => Some("附件的内容不在导出里。".to_owned()),
        _ => Some(format!(
            "附件的内容不在导出里：还有 {unsent} 个附件没有送到中心端，请先联网同步，或另存原件。"
        )),
    }
}

pub(crate) async fn chart(profile: &ProfileArguments, arguments: &Chart) -> Result<(), Failure> {
    let args = ChartArgs {
        target: arguments.target.clone(),
        weeks: arguments.weeks,
        theme: arguments.theme.clone(),
        width: arguments.width,
        height: arguments.height,
    };
    let chart =
        with_door(profile, async |reached| reached.call::<ChartDto>("chart.met_missed", &args).await).await?;
    if arguments.json {
        return print_json(&chart);
    }
    match &arguments.out {
        Some(file) => write_new(file, &chart.svg),
        None => print_text(&chart.svg),
    }
}

/// Writes a file that is not there yet, readable by this user only.
fn write_new(file: &Path, text: &str) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut out| std::io::Write::write_all(&mut out, text.as_bytes()));
    written.map_err(|error| Failure::BadInput(format!("{}：无法写入：{error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_says_that_files_are_left_out() {
        assert_eq!(left_out(0, 0), None);
        assert_eq!(left_out(3, 0).unwrap(), "附件的内容不在导出里。");
        for lines in [0, 3] {
            assert!(left_out(lines, 2).unwrap().contains("还有 2 个附件没有送到中心端"), "{lines}");
        }
    }
}
