//! `attendance`: what days came to, from punches, shifts and rules.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use zaigang_domain::attendance::{Report, interface};

use crate::shell::{ContractArguments, Failure, print_json, print_text, read_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 由打卡、班次与规则推算每人每天的考勤
    Derive(Derive),
}

#[derive(Debug, Args)]
struct Derive {
    #[command(flatten)]
    contract: ContractArguments,
    /// 班次、打卡、请假与规则（JSON）
    #[arg(long, value_name = "FILE", required_unless_present = "codes")]
    file: Option<PathBuf>,
    /// 列出所有理由代码
    #[arg(long)]
    codes: bool,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Derive(arguments) = &arguments.command;
    if arguments.codes {
        return codes(arguments.json);
    }
    let path =
        arguments.file.as_ref().ok_or_else(|| Failure::BadInput("--file：须写明考勤文件".to_owned()))?;
    // The rules come with the file; the contract is only asked for to be one that exists and can be read.
    arguments.contract.load()?;
    let report = interface::run(&path.display().to_string(), &read_text(path)?)?;
    if arguments.json { print_json(&report) } else { print_text(&lines(&report)) }
}

fn lines(report: &Report) -> String {
    let lines: Vec<String> = report
        .days
        .iter()
        .map(|day| format!("{}\t{}\t{}\t{}", day.person, day.date, day.result.title(), day.text))
        .collect();
    lines.join("\n")
}

fn codes(json: bool) -> Result<(), Failure> {
    let codes = interface::codes();
    if json {
        return print_json(&codes);
    }
    let lines: Vec<String> = codes.iter().map(|code| format!("{}\t{}", code.code, code.text)).collect();
    print_text(&lines.join("\n"))
}
