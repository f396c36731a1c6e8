//! `record add|day`: work records (工作记录) from the command line.

use clap::{Args, Subcommand};
use serde_json::json;
use zaigang_console::door::dto::{RecordAdd, RecordDay, RecordLine, RecordRow, Written};

use crate::order::{OnBehalf, fresh_key};
use crate::reach::{ProfileArguments, with_door};
use crate::shell::{Failure, print_json, print_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 记一条工作
    Add(Box<Add>),
    /// 一天的工作记录与合计
    Day(Day),
}

#[derive(Debug, Args)]
struct Add {
    /// 做了什么
    #[arg(long)]
    title: String,
    /// 服务类别，如 日常维护
    #[arg(long)]
    category: String,
    /// 用时（分钟）
    #[arg(long)]
    minutes: u32,
    /// 运维对象编号
    #[arg(long, default_value = "")]
    object: String,
    /// 部门；对象已属某部门时不必写
    #[arg(long, default_value = "")]
    division: String,
    /// 设备：编号或序列号
    #[arg(long)]
    asset: Option<String>,
    /// 结果
    #[arg(long, default_value = "")]
    result: String,
    /// 确认人（写单位或岗位）
    #[arg(long, default_value = "")]
    confirmed_by: String,
    /// 授权编号（数据类工作）
    #[arg(long)]
    authorisation: Option<String>,
    /// 巡检：normal abnormal
    #[arg(long)]
    inspection: Option<String>,
    /// 完成时刻，不给即现在
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// 补录或期外的原因
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    on_behalf: OnBehalf,
    /// 防重编号：同一编号只记一次
    #[arg(long)]
    key: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Day {
    /// 日期，不给即今天
    #[arg(long)]
    date: Option<String>,
    /// 只看本人登记的
    #[arg(long)]
    mine: bool,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(profile: &ProfileArguments, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Add(options) => add(profile, options).await,
        Command::Day(options) => day(profile, options).await,
    }
}

async fn add(profile: &ProfileArguments, options: &Add) -> Result<(), Failure> {
    let line = RecordLine {
        at: options.at.clone(),
        object: options.object.clone(),
        asset: options.asset.clone(),
        division: options.division.clone(),
        category: options.category.clone(),
        title: options.title.clone(),
        result: options.result.clone(),
        minutes: options.minutes,
        confirmed_by: options.confirmed_by.clone(),
        authorisation: options.authorisation.clone(),
        inspection: options.inspection.clone(),
        reason: options.reason.clone(),
        on_behalf: options.on_behalf.on_behalf.clone(),
        remote: options.on_behalf.remote(),
    };
    let args =
        RecordAdd { lines: vec![line], idempotency_key: options.key.clone().unwrap_or_else(fresh_key) };
    let written =
        with_door(profile, async |reached| reached.call::<Written>("record.add", &args).await).await?;
    if options.json { print_json(&written) } else { print_text(&written.message) }
}

async fn day(profile: &ProfileArguments, options: &Day) -> Result<(), Failure> {
    let args = json!({ "date": options.date, "mine": options.mine });
    let day = with_door(profile, async |reached| reached.call::<RecordDay>("record.day", args).await).await?;
    if options.json { print_json(&day) } else { print_text(&day_text(&day)) }
}

fn day_text(day: &RecordDay) -> String {
    let mut lines: Vec<String> = day.rows.iter().map(row_line).collect();
    let totals = &day.totals;
    lines.push(format!("{} 共 {} 条，{} 分钟", day.date, totals.count, totals.minutes));
    let sums = totals.categories.iter();
    lines.extend(sums.map(|sum| format!("  {} {} 条，{} 分钟", sum.category, sum.count, sum.minutes)));
    lines.join("\n")
}

fn row_line(row: &RecordRow) -> String {
    let time = row.at.get(11..16).unwrap_or(&row.at);
    let mark = if row.voided { "（已作废）" } else { "" };
    let record = &row.record;
    format!(
        "{time} {} [{}] {} {} 分钟 {}{mark}",
        row.object, record.category, row.title, record.minutes, record.result
    )
}
