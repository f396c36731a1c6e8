//! `roster`: a month's roster drafted by the machine or checked, from a file; the month of a console shown
//! and published, at its door.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::json;
use zaigang_console::door::dto::{ProblemDto, RosterAct, RosterView, Written};
use zaigang_domain::calendar::Calendar;
use zaigang_domain::duty::roster::interface::{CheckReport, DraftReport, check, read_plan};
use zaigang_domain::duty::roster::{Cost, Gap, draft, steps_for};

use crate::order::fresh_key;
use crate::reach::{self, ProfileArguments, with_door};
use crate::shell::{ContractArguments, Failure, print_json, print_text, read_text};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 由程序排出一个月的班
    Draft(DraftArguments),
    /// 核对一个月的班表
    Check(FileArguments),
    /// 一个月的排班：进度、问题、每天每岗是谁
    Month(MonthArguments),
    /// 发布一个月已经同意的排班
    Publish(PublishArguments),
}

#[derive(Debug, Args)]
struct MonthArguments {
    /// 月份，如 2025-10
    month: String,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct PublishArguments {
    /// 月份，如 2025-10
    month: String,
    /// 说明
    #[arg(long, default_value = "")]
    text: String,
    /// 防重编号：同一编号只发布一次
    #[arg(long)]
    key: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct FileArguments {
    #[command(flatten)]
    contract: ContractArguments,
    /// 人员、岗位、请假与规则（JSON）
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct DraftArguments {
    #[command(flatten)]
    common: FileArguments,
    /// 最多用时，秒；只会使计算提前结束
    #[arg(long, value_name = "N", default_value = "5", value_parser = seconds)]
    seconds: Duration,
    /// 随机种子；种子与步数相同，结果相同
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// 步数上限；不写则按班次多少而定
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
}

pub(crate) fn run(profile: &ProfileArguments, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Draft(arguments) => run_draft(arguments),
        Command::Check(arguments) => run_check(arguments),
        Command::Month(arguments) => reach::run(month(profile, arguments)),
        Command::Publish(arguments) => reach::run(publish(profile, arguments)),
    }
}

async fn month(profile: &ProfileArguments, options: &MonthArguments) -> Result<(), Failure> {
    let args = json!({ "month": options.month });
    let view =
        with_door(profile, async |reached| reached.call::<RosterView>("roster.get", args).await).await?;
    if options.json { print_json(&view) } else { print_text(&month_text(&view)) }
}

async fn publish(profile: &ProfileArguments, options: &PublishArguments) -> Result<(), Failure> {
    let args = RosterAct {
        month: options.month.clone(),
        text: options.text.clone(),
        idempotency_key: options.key.clone().unwrap_or_else(fresh_key),
    };
    let written =
        with_door(profile, async |reached| reached.call::<Written>("roster.publish", &args).await).await?;
    if options.json { print_json(&written) } else { print_text(&written.message) }
}

/// Stage and problems, then a line for each day: its posts with their people.
fn month_text(view: &RosterView) -> String {
    let mut lines = vec![format!("{} {}", view.month, view.stage_text)];
    lines.extend(view.problems.iter().map(problem_line));
    lines.extend(view.days.iter().map(|day| {
        let posts = view.posts.iter().filter(|post| post.dates.contains(&day.date));
        let posts: Vec<String> =
            posts.map(|post| format!("{}：{}", post.name, holders(view, &day.date, &post.id))).collect();
        format!("{}\t{}\t{}", day.date, day.weekday, posts.join("　"))
    }));
    lines.join("\n")
}

fn problem_line(problem: &ProblemDto) -> String {
    let weight = match (&problem.waived, problem.severity.as_str()) {
        (Some(reason), _) => format!("已放行（{reason}）"),
        (None, "hard") => "须解决".to_owned(),
        (None, _) => "提醒".to_owned(),
    };
    let date = problem.date.as_deref().unwrap_or("全月");
    format!("{date}\t{weight}\t{}（{}）", problem.text, problem.source)
}

fn holders(view: &RosterView, date: &str, post: &str) -> String {
    let cell = view.cells.iter().find(|cell| cell.date == date && cell.post == post);
    let ids = cell.into_iter().flat_map(|cell| &cell.people);
    let name = |id: &str| {
        view.people.iter().find(|person| person.id == id).map_or(id.to_owned(), |person| person.name.clone())
    };
    let names: Vec<String> = ids.map(|person| name(&person.id)).collect();
    if names.is_empty() { "空".to_owned() } else { names.join("、") }
}

#[expect(clippy::disallowed_methods, reason = "the shell measures the time that a draft may take")]
fn run_draft(arguments: &DraftArguments) -> Result<(), Failure> {
    let begin = Instant::now();
    let (file, text) = arguments.common.read()?;
    let profile = arguments.common.contract.load()?;
    let month = read_plan(&Calendar::builtin(), &profile.hours, &file, &text)?;
    let steps = arguments.steps.unwrap_or_else(|| steps_for(&month));
    let draft = draft(&month, arguments.seed, steps, &mut || begin.elapsed() >= arguments.seconds);
    let report = DraftReport { draft, seconds: begin.elapsed().as_millis() as f64 / 1000.0 };
    if arguments.common.json { print_json(&report) } else { print_text(&draft_lines(&report)) }
}

fn run_check(arguments: &FileArguments) -> Result<(), Failure> {
    let (file, text) = arguments.read()?;
    let profile = arguments.contract.load()?;
    let report = check(&Calendar::builtin(), &profile.hours, &file, &text)?;
    if arguments.json { print_json(&report) } else { print_text(&check_lines(&report)) }
}

impl FileArguments {
    fn read(&self) -> Result<(String, String), Failure> {
        Ok((self.file.display().to_string(), read_text(&self.file)?))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let refuse = || format!("“{text}”不是秒数，应为 0 至 86400 的数");
    let seconds: f64 = text.parse().map_err(|_| refuse())?;
    if (0.0..=86_400.0).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err(refuse()) }
}

fn draft_lines(report: &DraftReport) -> String {
    let draft = &report.draft;
    let mut lines: Vec<String> = draft
        .assignments
        .iter()
        .map(|turn| format!("{}\t{}\t{}", turn.date, turn.post, turn.person))
        .collect();
    lines.extend(draft.gaps.iter().map(gap_line));
    lines.push(cost_line(draft.cost));
    let proven = if draft.proven_best { "，已证明最优" } else { "" };
    lines.push(format!("用时 {:.3} 秒，{} 步{proven}", report.seconds, draft.steps));
    lines.join("\n")
}

fn gap_line(gap: &Gap) -> String {
    let why: Vec<String> =
        gap.why.iter().map(|blocked| format!("{}：{}", blocked.person, blocked.rule.title())).collect();
    format!("{}\t{}\t缺 {} 人\t{}", gap.date, gap.post, gap.missing, why.join("，"))
}

fn check_lines(report: &CheckReport) -> String {
    let mut lines: Vec<String> = report
        .violations
        .iter()
        .map(|violation| format!("{}\t{}\t{}", violation.date, violation.rule.title(), violation.text))
        .collect();
    if lines.is_empty() {
        lines.push("没有违反硬规则。".to_owned());
    }
    lines.push(cost_line(report.cost));
    lines.join("\n")
}

fn cost_line(cost: Cost) -> String {
    format!("代价 {:.2}：均衡 {:.2}，意愿 {:.2}", cost.total(), cost.fairness(), cost.wishes())
}
