//! `stock`: what movements of parts come to.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use zaigang_domain::stock::interface::{self, Report};

use crate::shell::{Failure, print_json, print_text, read_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 由出入库流水算出某一时刻的结存、序列号所在与账实不符
    Replay(Replay),
}

#[derive(Debug, Args)]
struct Replay {
    /// 出入库流水（JSON）
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// 算到哪一时刻，含该时刻
    #[arg(long, value_name = "INSTANT")]
    at: String,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Replay(arguments) = &arguments.command;
    let (file, text) = (arguments.file.display().to_string(), read_text(&arguments.file)?);
    let report = interface::run(&file, &text, &arguments.at)?;
    if arguments.json { print_json(&report) } else { print_text(&lines(&report)) }
}

fn lines(report: &Report) -> String {
    let balances = report
        .balances
        .iter()
        .map(|row| format!("结存\t{}\t{}\t{}\t{}", row.model, row.place, row.owner, row.quantity));
    let serials = report
        .serials
        .iter()
        .map(|row| format!("序列号\t{}\t{}\t{}\t{}", row.model, row.place, row.owner, row.serial));
    let discrepancies = report.discrepancies.iter().map(|row| {
        let movements = row.movements.join("、");
        format!(
            "账实不符\t{}\t{}\t{}\t{}\t自 {} 起\t{movements}",
            row.model, row.place, row.owner, row.quantity, row.since
        )
    });
    let lines: Vec<String> = balances.chain(serials).chain(discrepancies).collect();
    if lines.is_empty() { "没有结存。".to_owned() } else { lines.join("\n") }
}
