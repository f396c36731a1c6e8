//! `contract`: is a profile sound, what does it say, what differs, what is still open.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;
use zaigang_domain::contract::{
    Change, ContractDiff, FieldChange, OpenQuestion, Profile, SHIPPED, Summary, diff, manifest,
    open_questions, summary,
};

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
    Show(Show),
    /// 比较两个版本：随程序提供的与 --profile/--settings 所给的
    Diff(Diff),
    /// 待甲方提供：文件和约定都没有写明的
    Questions(Options),
    /// 随程序提供的各合同每张表的行数与哈希（assets/contracts/manifest.tsv 由此生成）
    Manifest,
}

#[derive(Debug, Args)]
struct Options {
    #[command(flatten)]
    contract: ContractArguments,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    options: Options,
    /// 逐行列出合同数据：种类、编号、出处、原文
    #[arg(long)]
    rows: bool,
    /// 只列这一种（表名）
    #[arg(long, value_name = "KIND", requires = "rows")]
    kind: Option<String>,
}

#[derive(Debug, Args)]
struct Diff {
    #[command(flatten)]
    options: Options,
    /// 以此文件为旧版合同数据
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// 以此文件为旧版本项目约定
    #[arg(long, value_name = "FILE")]
    before_settings: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Check(options) => check(options),
        Command::Show(arguments) if arguments.rows => rows(arguments),
        Command::Show(arguments) => show(&arguments.options),
        Command::Diff(arguments) => compare(arguments),
        Command::Questions(options) => questions(options),
        Command::Manifest => {
            let profiles = SHIPPED.iter().map(|shipped| shipped.load()).collect::<Result<Vec<_>, _>>()?;
            print_text(&manifest(&profiles))
        }
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

fn rows(arguments: &Show) -> Result<(), Failure> {
    let profile = arguments.options.contract.load()?;
    let wanted = |kind: &str| arguments.kind.as_deref().is_none_or(|only| only == kind);
    let rows: Vec<_> = profile.rows.iter().filter(|row| wanted(&row.kind)).collect();
    if let (Some(kind), true) = (&arguments.kind, rows.is_empty()) {
        return Err(Failure::BadInput(format!("--kind {kind}：合同 {} 没有这种数据", profile.id)));
    }
    if arguments.options.json {
        return print_json(&rows);
    }
    let text = |row: &str| row.replace(['\t', '\n'], " ");
    let lines = rows.iter().map(|row| {
        format!("{}\t{}\t{}\t{}", row.kind, row.id, row.source, text(row.text.as_deref().unwrap_or("")))
    });
    print_text(&lines.collect::<Vec<_>>().join("\n"))
}

fn compare(arguments: &Diff) -> Result<(), Failure> {
    let after = arguments.options.contract.load()?;
    let before = ContractArguments {
        contract: Some(after.id.clone()),
        profile: arguments.before.clone(),
        settings: arguments.before_settings.clone(),
    };
    let found = diff(&before.load()?, &after);
    if arguments.options.json { print_json(&found) } else { print_text(&diff_text(&found)) }
}

fn diff_text(found: &ContractDiff) -> String {
    if found.is_empty() {
        return format!("{}：没有差别", found.contract);
    }
    let mut lines = vec![format!(
        "{}：合同数据 {} 处，约定 {} 处",
        found.contract,
        found.rows.len(),
        found.settings.len()
    )];
    for row in &found.rows {
        lines.push(
            format!("{} {} {} {}", change_text(row.change), row.kind, row.id, row.source)
                .trim_end()
                .to_owned(),
        );
        lines.extend(row.fields.iter().map(field_text));
    }
    lines.extend(
        found
            .settings
            .iter()
            .map(|one| format!("{}约定 {} {}", change_text(one.change), one.table, one.entry)),
    );
    lines.push(if found.rules.is_empty() && !found.level_matrix_changed {
        "对计时没有影响".to_owned()
    } else {
        "对计时的影响（只及于改绑到新版本的未关闭工单和以后的工单）：".to_owned()
    });
    for rule in &found.rules {
        lines.push(format!("{}规则 {} [{}]", change_text(rule.change), rule.rule, rule.source));
        lines.extend(rule.meaning.iter().map(|meaning| format!("  {meaning}")));
    }
    lines.extend(found.level_matrix_changed.then(|| "改级别判定表".to_owned()));
    lines.join("\n")
}

fn change_text(change: Change) -> &'static str {
    match change {
        Change::Added => "增",
        Change::Removed => "删",
        Change::Changed => "改",
    }
}

fn field_text(field: &FieldChange) -> String {
    let text =
        |value: &Option<Value>| value.as_ref().map_or_else(|| "（无）".to_owned(), ToString::to_string);
    format!("  {}：{} → {}", field.path, text(&field.before), text(&field.after))
}

fn questions(options: &Options) -> Result<(), Failure> {
    let profile: Profile = options.contract.load()?;
    let found = open_questions(&profile, &profile.settings);
    if options.json {
        return print_json(&found);
    }
    let lines: Vec<String> =
        found.iter().enumerate().map(|(index, question)| question_text(index, question)).collect();
    print_text(&if lines.is_empty() { "没有待甲方提供的事项".to_owned() } else { lines.join("\n") })
}

fn question_text(index: usize, question: &OpenQuestion) -> String {
    let sources = if question.sources.is_empty() { "—".to_owned() } else { question.sources.join(" ") };
    format!(
        "{}. {}\n   编号 {}，由约定 {} 回答；出处 {sources}\n   影响：{}",
        index + 1,
        question.question,
        question.id,
        question.topic.as_str(),
        question.blocks
    )
}

fn head(summary: &Summary<'_>) -> String {
    format!(
        "{}\n{}\n合同数据 {}\n本项目约定 {}",
        summary.name, summary.buyer, summary.version.facts, summary.version.settings
    )
}
