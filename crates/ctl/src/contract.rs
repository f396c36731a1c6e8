//! `contract check` and `contract show`: is a profile sound, and what does it say.

use clap::{Args, Subcommand};
use zaigang_domain::contract::{Summary, summary};

use crate::shell::{ContractArguments, Failure, print_json, print_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 检查合同数据和约定，列出全部错误
    Check(Options),
    /// 列出合同的对象、规则和约定
    Show(Options),
}

#[derive(Debug, Args)]
struct Options {
    #[command(flatten)]
    contract: ContractArguments,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Check(options) => check(options),
        Command::Show(options) => show(options),
    }
}

fn check(options: &Options) -> Result<(), Failure> {
    let profile = options.contract.load()?;
    let summary = summary(&profile);
    if options.json {
        return print_json(&serde_json::json!({
            "contract": summary.contract, "ok": true, "version": summary.version, "rows": summary.rows,
        }));
    }
    print_text(&format!("{}：没有错误\n{}", summary.contract, head(&summary)))
}

fn show(options: &Options) -> Result<(), Failure> {
    let profile = options.contract.load()?;
    let summary = summary(&profile);
    if options.json {
        return print_json(&summary);
    }
    let objects = summary.objects.iter().map(|object| {
        let span = match (object.from, object.to) {
            (Some(from), Some(to)) => format!("{from} 至 {to}"),
            _ => "服务期未定".to_owned(),
        };
        format!("对象 {} {} [{}] {span}", object.id, object.name, object.source)
    });
    let rules =
        summary.rules.iter().map(|rule| format!("规则 {} [{}] {}", rule.id, rule.source, rule.definition));
    let lines: Vec<String> = std::iter::once(head(&summary)).chain(objects).chain(rules).collect();
    print_text(&lines.join("\n"))
}

fn head(summary: &Summary<'_>) -> String {
    format!(
        "{}\n{}\n合同数据 {}\n本项目约定 {}",
        summary.name, summary.buyer, summary.version.facts, summary.version.settings
    )
}
