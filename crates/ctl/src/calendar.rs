//! `calendar days`: what each date is, and its office windows under a contract.

use clap::{Args, Subcommand};
use zaigang_domain::calendar::interface::{PrintedDay, days};
use zaigang_domain::calendar::{Calendar, DayKind};

use crate::shell::{ContractArguments, Failure, print_json, print_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 逐日列出
    Days(Days),
}

#[derive(Debug, Args)]
struct Days {
    /// 首日，如 2025-10-01
    #[arg(long, value_name = "D")]
    from: String,
    /// 末日，包括在内
    #[arg(long, value_name = "D")]
    to: String,
    #[command(flatten)]
    contract: ContractArguments,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Days(arguments) = &arguments.command;
    let profile = if arguments.contract.is_given() { Some(arguments.contract.load()?) } else { None };
    let hours = profile.as_ref().map(|profile| &profile.hours);
    let printed = days(&Calendar::builtin(), hours, &arguments.from, &arguments.to)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    if arguments.json {
        return print_json(&printed);
    }
    let lines: Vec<String> = printed.iter().map(line).collect();
    print_text(&lines.join("\n"))
}

fn line(day: &PrintedDay) -> String {
    let windows: Vec<String> = day.windows.iter().flatten().map(ToString::to_string).collect();
    format!(
        "{} {} {} {}",
        day.date,
        kind_text(day.kind),
        day.holiday.as_deref().unwrap_or(""),
        windows.join(" ")
    )
    .trim_end()
    .to_owned()
}

fn kind_text(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Statutory => "法定假日",
        DayKind::Substitute => "补假",
        DayKind::Bridge => "调休放假",
        DayKind::Makeup => "调休补班",
        DayKind::Weekend => "周末",
        DayKind::Workday => "工作日",
        DayKind::Unannounced => "尚未公布",
    }
}
