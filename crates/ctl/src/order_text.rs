//! Orders as text for a terminal.

use zaigang_console::door::dto::{
    ClockDto, ExplainDto, OrderDetail, OrderPage, OrderRow, OrderStatusDto, TimelineEntry,
};

/// A page of a list, one order per line.
pub(crate) fn page_text(page: &OrderPage) -> String {
    let mut lines: Vec<String> = page.rows.iter().map(row_line).collect();
    lines.push(format!("共 {} 张，列出 {} 张，时刻 {}", page.total, page.rows.len(), page.now));
    lines.join("\n")
}

fn row_line(row: &OrderRow) -> String {
    let clock = row.next_clock.as_ref().map(clock_short).unwrap_or_default();
    let mut marks = String::new();
    if row.pending > 0 {
        marks.push_str(" ○待发送");
    }
    if row.unreconciled > 0 {
        marks.push_str(" ！待核对");
    }
    format!(
        "{}  {}  {}  {}  {}  {}{marks}",
        row.number,
        status_name(row.status),
        row.level.as_deref().unwrap_or("未定级"),
        row.assignee.as_deref().unwrap_or("无人负责"),
        clock,
        row.title,
    )
}

fn clock_short(clock: &ClockDto) -> String {
    match clock.remaining_minutes {
        Some(left) if left < 0 => format!("{} 已超{}分", clock.name, -i64::from(left)),
        Some(left) => format!("{} 剩{left}分", clock.name),
        None => clock.name.clone(),
    }
}

pub(crate) fn status_name(status: OrderStatusDto) -> &'static str {
    match status {
        OrderStatusDto::Registered => "已登记",
        OrderStatusDto::Dispatched => "待接单",
        OrderStatusDto::Accepted => "已接单",
        OrderStatusDto::Arrived => "已到场",
        OrderStatusDto::Suspended => "挂起",
        OrderStatusDto::Restored => "已恢复待确认",
        OrderStatusDto::WorkedAround => "已采取应急办法",
        OrderStatusDto::Confirmed => "已确认",
        OrderStatusDto::Closed => "已关闭",
        OrderStatusDto::Merged => "已并单",
    }
}

fn state_name(state: &str) -> &str {
    match state {
        "waiting" => "未起算",
        "running" => "计时中",
        "paused" => "停表",
        "met" => "按时",
        "breached" => "超时完成",
        "missed_open" => "已超时",
        "void" => "免除",
        "no_limit" => "未写明时限",
        other => other,
    }
}

/// The whole story of one order.
pub(crate) fn detail_text(order: &OrderDetail) -> String {
    let row = &order.row;
    let mut lines = vec![
        format!("{}  {}", row.number, row.title),
        format!(
            "{}  {}  {}",
            status_name(row.status),
            row.level.as_deref().unwrap_or("未定级"),
            row.division
        ),
        format!("对象 {}  负责人 {}", row.object, row.assignee.as_deref().unwrap_or("无")),
        format!(
            "报障 {}  单位 {}  合同版本 {}",
            row.reported_at, order.reporter_unit, order.contract_version
        ),
    ];
    if let Some(reporter) = &order.reporter {
        lines.push(format!("报障人 {} {} {}", reporter.name, reporter.phone, reporter.room));
    }
    if !order.detail.is_empty() {
        lines.push(order.detail.clone());
    }
    lines.push(order.level_why.clone());
    lines.push("\n时限".to_owned());
    lines.extend(order.clocks.iter().map(|clock| format!("  {}", clock_line(clock))));
    lines.push("\n经过".to_owned());
    lines.extend(order.timeline.iter().map(|entry| format!("  {}", entry_line(entry))));
    if !order.open_choices.is_empty() {
        lines.push("\n待选定的规则".to_owned());
        let choices = order.open_choices.iter();
        lines.extend(choices.map(|c| format!("  {} {} [{}] {}", c.target_name, c.rule, c.source, c.why)));
    }
    lines.push("\n可做的步骤".to_owned());
    lines.extend(order.steps.iter().map(|step| {
        let fields: Vec<String> = step
            .fields
            .iter()
            .map(|f| if f.required { format!("{}*", f.key) } else { f.key.clone() })
            .collect();
        let mark = if step.primary { "＊" } else { "　" };
        format!("{mark}{:<16}{}  {}", step.step, step.name, fields.join(" "))
    }));
    lines.join("\n")
}

fn clock_line(clock: &ClockDto) -> String {
    let due = clock.deadline.as_deref().map(|at| format!("，时限 {at}")).unwrap_or_default();
    let ended = clock.ended_at.as_deref().map(|at| format!("，结束 {at}")).unwrap_or_default();
    let left = match clock.remaining_minutes {
        Some(left) if left < 0 => format!("，已超 {} 分钟", -i64::from(left)),
        Some(left) => format!("，还剩 {left} 分钟"),
        None => String::new(),
    };
    format!(
        "{} {}：{}{due}{ended}{left}  依据 {} [{}]",
        clock.name,
        clock.limit_text,
        state_name(&clock.state),
        clock.rule,
        clock.source
    )
}

fn entry_line(entry: &TimelineEntry) -> String {
    let verdict = match entry.verdict.as_str() {
        "accepted" => String::new(),
        "pending" => " ○待中心端确认".to_owned(),
        "rejected" => " ✕未被采纳".to_owned(),
        "unreconciled" => " ！待核对".to_owned(),
        _ => " …暂存".to_owned(),
    };
    let text = if entry.text.is_empty() { String::new() } else { format!("：{}", entry.text) };
    let notes: Vec<&str> =
        [&entry.reason, &entry.trust_text].into_iter().flatten().map(String::as_str).collect();
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join("")) };
    format!("{} {} {}{text}{verdict}{notes}", entry.at, entry.by, entry.title)
}

/// Where a clock comes from.
pub(crate) fn explain_text(explained: &ExplainDto) -> String {
    let mut lines =
        vec![clock_line(&explained.clock), format!("条款 {}", explained.clock.clause), String::new()];
    lines.extend(explained.segments.iter().map(|segment| {
        let counted = if segment.counted { "计  " } else { "不计" };
        format!("  {counted} {} 至 {}  {}", segment.from, segment.to, segment.text)
    }));
    lines.push("\n改变它的记录".to_owned());
    lines.extend(explained.events.iter().map(|entry| format!("  {}", entry_line(entry))));
    lines.push("\n适用的规则".to_owned());
    lines.extend(explained.matched.iter().map(|rule| {
        let mark = if rule.suggested { "＊" } else { "　" };
        format!("{mark}{} [{}] {}", rule.rule, rule.source, rule.why)
    }));
    lines.push("\n约定".to_owned());
    lines.extend(explained.settings.iter().map(|setting| format!("  {setting}")));
    lines.join("\n")
}
