//! `order list|show|explain|register|<step>`: the whole story of one order from the command line.

use std::collections::BTreeMap;

use clap::{Args, Parser, Subcommand};
use serde_json::{Value, json};
use zaigang_console::door::dto::{
    ExplainDto, LevelFacts, OrderDetail, OrderListArgs, OrderPage, RegisterArgs, RemoteDto, ReporterDto,
    StepArgs, Written,
};
use zaigang_domain::order::table::STEPS;

use crate::order_text::{detail_text, explain_text, page_text};
use crate::reach::{ProfileArguments, Reached, with_door};
use crate::shell::{Failure, print_json, print_text};

#[derive(Debug, Args)]
#[command(after_help = steps_help())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 列出工单
    List(Box<List>),
    /// 一张工单的全部：时限、经过、可做的步骤
    Show(Show),
    /// 一个时限从何而来
    Explain(Explain),
    /// 登记
    Register(Box<Register>),
    /// 办理一步，如 order accept 编号
    #[command(external_subcommand)]
    Step(Vec<String>),
}

fn steps_help() -> String {
    let steps = STEPS.iter().map(|row| {
        let fields: Vec<&str> = row.fields.iter().map(|field| field.key).collect();
        format!("  {:<18}{}（{}）", row.code, row.name, fields.join(" "))
    });
    let steps: Vec<String> = steps.collect();
    format!(
        "办理步骤：zaigangctl order <步骤> <编号> [--text 说明] [--at 时刻] [--set 字段=值]\n{}",
        steps.join("\n")
    )
}

#[derive(Debug, Args)]
struct List {
    /// mine waiting division unassigned due_soon broken to_confirm to_enter report_due unreconciled open all
    #[arg(long, default_value = "open")]
    view: String,
    /// 文字、编号或拼音首字母
    #[arg(long)]
    search: Option<String>,
    /// 状态，可多次给出，如 accepted suspended
    #[arg(long)]
    status: Vec<String>,
    #[arg(long)]
    division: Option<String>,
    /// 运维对象编号
    #[arg(long)]
    object: Option<String>,
    #[arg(long)]
    level: Option<String>,
    /// 合同条款编号：只列有时限按它计的工单
    #[arg(long)]
    rule: Option<String>,
    /// 合同编号
    #[arg(long)]
    contract: Option<String>,
    /// incident request work_record change problem finding
    #[arg(long)]
    kind: Option<String>,
    /// 负责人（用户编号）
    #[arg(long)]
    assignee: Option<String>,
    /// 报障日期自
    #[arg(long)]
    from: Option<String>,
    /// 报障日期至（含）
    #[arg(long)]
    to: Option<String>,
    /// deadline reported number
    #[arg(long)]
    sort: Option<String>,
    #[arg(long, default_value_t = 0)]
    offset: u32,
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Show {
    /// 工单编号
    id: String,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Explain {
    /// 工单编号
    id: String,
    /// response arrival restoration …
    target: String,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Register {
    /// 标题
    #[arg(long)]
    title: String,
    /// 部门，如 E总队
    #[arg(long)]
    division: String,
    /// 描述
    #[arg(long, default_value = "")]
    detail: String,
    /// incident request work_record change problem finding
    #[arg(long, default_value = "incident")]
    kind: String,
    /// 运维对象编号
    #[arg(long, default_value = "")]
    object: String,
    /// 设备：编号或序列号
    #[arg(long)]
    asset: Option<String>,
    /// 级别
    #[arg(long)]
    level: Option<String>,
    /// 定级原因
    #[arg(long)]
    level_reason: Option<String>,
    /// core important general
    #[arg(long)]
    system_class: Option<String>,
    /// half_or_more under_half individual
    #[arg(long)]
    share: Option<String>,
    /// VIP 用户报障
    #[arg(long)]
    vip: bool,
    /// dispatch phone onsite alarm inspection platform
    #[arg(long, default_value = "phone")]
    channel: String,
    /// 报障时刻（补录时），如 2025-10-15T09:00:00+08:00
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// 补录或期外登记的原因
    #[arg(long)]
    reason: Option<String>,
    /// 报障单位
    #[arg(long, default_value = "")]
    unit: String,
    /// 报障人姓名（另行保密保存）
    #[arg(long)]
    reporter: Option<String>,
    /// 报障人电话（另行保密保存）
    #[arg(long)]
    phone: Option<String>,
    /// 报障人房间（另行保密保存）
    #[arg(long)]
    room: Option<String>,
    /// 报障人分机（另行保密保存）
    #[arg(long)]
    extension: Option<String>,
    /// 预约时刻：到时才开始计时
    #[arg(long, value_name = "INSTANT")]
    scheduled: Option<String>,
    #[command(flatten)]
    on_behalf: OnBehalf,
    /// 派给（用户编号）；pool 为派到组；me 为自己接单
    #[arg(long, value_name = "USER|pool|me")]
    to: Option<String>,
    /// 防重编号：同一编号只登记一次
    #[arg(long)]
    key: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

/// 代记: for whom, and how he worked.
#[derive(Debug, Args)]
pub(crate) struct OnBehalf {
    /// 代记：实际办理的非驻场同事（用户编号）
    #[arg(long, value_name = "USER")]
    pub(crate) on_behalf: Option<String>,
    /// 代记的方式：phone visit
    #[arg(long, requires = "on_behalf")]
    way: Option<String>,
    /// 到场服务的入场证编号
    #[arg(long, requires = "way")]
    entry_permit: Option<String>,
    /// 到场服务的陪同人（写岗位）
    #[arg(long, requires = "way")]
    escort: Option<String>,
    /// 占用人日，如 0.5
    #[arg(long, requires = "way")]
    person_days: Option<String>,
}

impl OnBehalf {
    /// How he worked, where a way is given.
    pub(crate) fn remote(&self) -> Option<RemoteDto> {
        Some(RemoteDto {
            way: self.way.clone()?,
            entry_permit: self.entry_permit.clone(),
            escort: self.escort.clone(),
            person_days: self.person_days.clone(),
        })
    }
}

/// One step; its name stands where a program's name would.
#[derive(Debug, Parser)]
struct StepLine {
    /// 工单编号
    id: String,
    /// 说明
    #[arg(long)]
    text: Option<String>,
    /// 实际发生的时刻，如 2025-10-15T09:00:00+08:00
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// 其他字段，可多次给出
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// 防重编号：同一编号只办理一次
    #[arg(long)]
    key: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    profile: ProfileArguments,
}

pub(crate) async fn run(profile: &ProfileArguments, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::List(options) => list(profile, options).await,
        Command::Show(options) => show(profile, options).await,
        Command::Explain(options) => explain(profile, options).await,
        Command::Register(options) => register(profile, options).await,
        Command::Step(words) => step(profile, words).await,
    }
}

async fn list(profile: &ProfileArguments, options: &List) -> Result<(), Failure> {
    let statuses = options.status.iter().map(|status| serde_json::from_value(json!(status)));
    let statuses: Result<_, _> = statuses.collect();
    let args = OrderListArgs {
        view: options.view.clone(),
        search: options.search.clone(),
        statuses: statuses.map_err(|error| Failure::BadInput(format!("--status：{error}")))?,
        division: options.division.clone(),
        object: options.object.clone(),
        level: options.level.clone(),
        kind: options.kind.clone(),
        assignee: options.assignee.clone(),
        rule: options.rule.clone(),
        contract: options.contract.clone(),
        from: options.from.clone(),
        to: options.to.clone(),
        sort: options.sort.clone(),
        offset: options.offset,
        limit: options.limit,
    };
    let page =
        with_door(profile, async |reached| reached.call::<OrderPage>("order.list", &args).await).await?;
    if options.json { print_json(&page) } else { print_text(&page_text(&page)) }
}

async fn show(profile: &ProfileArguments, options: &Show) -> Result<(), Failure> {
    let args = json!({ "id": options.id });
    let order =
        with_door(profile, async |reached| reached.call::<OrderDetail>("order.get", args).await).await?;
    if options.json { print_json(&order) } else { print_text(&detail_text(&order)) }
}

async fn explain(profile: &ProfileArguments, options: &Explain) -> Result<(), Failure> {
    let (id, target) = (options.id.clone(), options.target.clone());
    let explained = with_door(profile, async |reached| {
        let id = order_id(reached, &id).await?;
        reached.call::<ExplainDto>("order.explain", json!({ "order_id": id, "target": target })).await
    });
    let explained = explained.await?;
    if options.json { print_json(&explained) } else { print_text(&explain_text(&explained)) }
}

/// The entity id of an order known by number or id: the door takes either.
async fn order_id(reached: &mut Reached, id: &str) -> Result<String, Failure> {
    let order: OrderDetail = reached.call("order.get", json!({ "id": id })).await?;
    Ok(order.row.id)
}

async fn register(profile: &ProfileArguments, options: &Register) -> Result<(), Failure> {
    let mut args = register_args(options);
    let written = with_door(profile, async |reached| {
        if args.dispatch_to.as_deref() == Some("me") {
            let session: Value = reached.call_raw("session.get", json!({})).await?;
            args.dispatch_to = session.pointer("/user/id").and_then(Value::as_str).map(str::to_owned);
        }
        reached.call::<Written>("order.register", &args).await
    });
    let written = written.await?;
    if options.json { print_json(&written) } else { print_text(&written.message) }
}

fn register_args(options: &Register) -> RegisterArgs {
    let sealed = [&options.reporter, &options.phone, &options.room, &options.extension];
    let [name, phone, room, extension] = sealed.map(|part| part.clone().unwrap_or_default());
    let reporter = ReporterDto { name, phone, room, extension };
    RegisterArgs {
        kind: options.kind.clone(),
        title: options.title.clone(),
        detail: options.detail.clone(),
        division: options.division.clone(),
        object: options.object.clone(),
        asset: options.asset.clone(),
        level: options.level.clone(),
        level_reason: options.level_reason.clone(),
        facts: LevelFacts {
            system_class: options.system_class.clone(),
            share: options.share.clone(),
            vip: options.vip.then_some(true),
            ..LevelFacts::default()
        },
        channel: options.channel.clone(),
        reported_at: options.at.clone(),
        reason: options.reason.clone(),
        reporter_unit: options.unit.clone(),
        reporter: Some(reporter).filter(|_| sealed.iter().any(|part| part.is_some())),
        scheduled_at: options.scheduled.clone(),
        on_behalf: options.on_behalf.on_behalf.clone(),
        remote: options.on_behalf.remote(),
        dispatch_to: options.to.clone(),
        idempotency_key: options.key.clone().unwrap_or_else(fresh_key),
    }
}

async fn step(profile: &ProfileArguments, words: &[String]) -> Result<(), Failure> {
    let code = words.first().map(|word| word.replace('-', "_")).unwrap_or_default();
    if !STEPS.iter().any(|row| row.code == code) {
        return Err(Failure::BadInput(format!(
            "order {code}：没有这个命令或步骤，见 zaigangctl order --help"
        )));
    }
    let line = StepLine::try_parse_from(words).map_err(|error| Failure::BadInput(error.to_string()))?;
    // Options written after the step are the step's; before it they are the program's.
    let profile = &ProfileArguments {
        dir: line.profile.dir.clone().or_else(|| profile.dir.clone()),
        login: line.profile.login.clone().or_else(|| profile.login.clone()),
        password_file: line.profile.password_file.clone().or_else(|| profile.password_file.clone()),
    };
    let mut args = StepArgs {
        order_id: line.id.clone(),
        step: code,
        text: line.text.clone(),
        claimed_at: line.at.clone(),
        fields: fields(&line.set)?,
        idempotency_key: line.key.clone().unwrap_or_else(fresh_key),
    };
    let written = with_door(profile, async |reached| {
        args.order_id = order_id(reached, &args.order_id).await?;
        reached.call::<Written>("order.step", &args).await
    });
    let written = written.await?;
    if line.json { print_json(&written) } else { print_text(&written.message) }
}

fn fields(set: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let pair = |text: &String| {
        let pair = text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
        pair.ok_or_else(|| Failure::BadInput(format!("--set {text}：应写成 字段=值")))
    };
    set.iter().map(pair).collect()
}

pub(crate) fn fresh_key() -> String {
    crate::web::random_text(32)
}
