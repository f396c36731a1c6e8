//! `clock`: what an order owes by when, and why.

use std::path::PathBuf;

use clap::Args;
use zaigang_domain::calendar::Calendar;
use zaigang_domain::clock::{Case, Engine, Why, explain, explanations, interface};

use crate::shell::{ContractArguments, Failure, print_codes, print_json, print_text, read_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    contract: ContractArguments,
    /// 工单经过（JSON）
    #[arg(long, value_name = "FILE", required_unless_present = "codes")]
    file: Option<PathBuf>,
    /// 列出所有理由代码
    #[arg(long)]
    codes: bool,
    /// 连同条款、日历、约定和变化逐段说明
    #[arg(long)]
    explain: bool,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.codes {
        return print_codes(Why::CODES, arguments.json);
    }
    let path =
        arguments.file.as_ref().ok_or_else(|| Failure::BadInput("--file：须写明工单文件".to_owned()))?;
    let profile = arguments.contract.load()?;
    let calendar = Calendar::builtin();
    let (file, text) = (path.display().to_string(), read_text(path)?);
    if arguments.json && !arguments.explain {
        return print_json(&interface::run(&profile, &calendar, &file, &text)?);
    }
    let case = Case::parse(&file, &text)?;
    let engine = Engine::new(&profile, &calendar);
    let (report, explained) = explanations(&engine, &case, &file)?;
    if arguments.json {
        return print_json(&serde_json::json!({
            "level": report.level, "matched": report.matched, "explained": explained,
        }));
    }
    print_text(&explain(&report, &explained))
}
