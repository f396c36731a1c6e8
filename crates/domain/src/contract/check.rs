//! What single keys cannot show: repeated ids and references that lead nowhere, in facts, reading and
//! settings alike. Works on the rows as written, so that it also runs where some keys are broken.

use std::collections::BTreeSet;

use super::profile::Profile;
use super::rows::id_of;
use super::toml_reader::{RawRow, Source};
use crate::calendar::Window;
use crate::mistake::Mistake;

/// The texts of a profile that could be parsed.
pub(super) struct Sources<'s, 'a> {
    pub(super) facts: &'s Source<'a>,
    pub(super) reading: Option<&'s Source<'a>>,
    pub(super) settings: Option<&'s Source<'a>>,
}

/// What a key refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Object,
    /// An object, or a heading of the service list.
    Parent,
    Rule,
    Level,
    Post,
    Division,
}

impl Names {
    fn reason(self) -> &'static str {
        match self {
            Self::Object => "没有这个运维对象",
            Self::Parent => "没有这个运维对象或服务项",
            Self::Rule => "没有这条规则",
            Self::Level => "没有这个级别",
            Self::Post => "没有这个岗位",
            Self::Division => "没有这个总队或单位",
        }
    }
}

/// References between tables of the facts: (table, key, what it names).
const FACTS: &[(&str, &str, Names)] = &[
    ("sla", "object_nos", Names::Object),
    ("sla", "needs", Names::Object),
    ("sla", "sla_ids", Names::Rule),
    ("sla", "downgrade_to", Names::Level),
    ("maintenance_object", "sla_ids", Names::Rule),
    ("maintenance_object", "parent", Names::Parent),
    ("maintenance_object", "onsite_positions", Names::Post),
    ("maintenance_object", "remote_positions", Names::Post),
    ("position", "object_nos", Names::Object),
    ("asset", "object_no", Names::Object),
    ("asset", "need", Names::Object),
    ("onsite", "need", Names::Object),
    ("coverage", "needs", Names::Object),
    ("inspection", "needs", Names::Object),
    ("deliverable", "needs", Names::Object),
    ("spare", "needs", Names::Object),
    ("target", "needs", Names::Object),
    ("ticket_feature", "need", Names::Object),
];

const READING: &[(&str, &str, Names)] = &[
    ("rule", "id", Names::Rule),
    ("rule", "objects", Names::Object),
    ("rule", "except", Names::Object),
    ("level_case", "level", Names::Level),
    ("call_counter", "rule", Names::Rule),
    ("question", "rules", Names::Rule),
];

const SETTINGS: &[(&str, &str, Names)] = &[
    ("system_class", "object", Names::Object),
    ("business_system", "object", Names::Object),
    ("window", "objects", Names::Object),
    ("precedence", "objects", Names::Object),
    ("duty_order", "objects", Names::Object),
    ("duty_order", "posts", Names::Post),
    ("limit", "rule", Names::Rule),
    ("calendar", "rules", Names::Rule),
    ("pause", "rules", Names::Rule),
    ("day_meaning", "rules", Names::Rule),
    ("warning", "rules", Names::Rule),
    ("office_hours", "divisions", Names::Division),
    ("day", "divisions", Names::Division),
    ("window", "divisions", Names::Division),
    ("duty_order", "divisions", Names::Division),
    ("caretaker", "divisions", Names::Division),
    ("caretaker", "posts", Names::Post),
    ("duty_post", "divisions", Names::Division),
    ("file", "divisions", Names::Division),
    ("stock_store", "divisions", Names::Division),
    ("vip", "division", Names::Division),
];

/// Keys that together must not repeat inside a table of the settings.
const ONCE: &[(&str, &[&str])] = &[
    ("system_class", &["object"]),
    ("business_system", &["object"]),
    ("vip", &["name", "division"]),
    ("day", &["date", "divisions"]),
    ("limit", &["rule", "target"]),
    ("duty_order", &["number"]),
    ("platform", &["name"]),
    ("answer", &["question"]),
    ("record_category", &["name"]),
    ("duty_post", &["id"]),
    ("stock_store", &["id"]),
];

/// Every mistake between rows of one text or of several.
pub(super) fn check(id: &str, sources: &Sources<'_, '_>) -> Vec<Mistake> {
    let known = Known::new(sources.facts);
    let mut found = ids(sources.facts);
    found.extend(references(sources.facts, FACTS, &known));
    found.extend(order(sources.facts, "maintenance_object", "service_start", "service_end"));
    if let Some(reading) = sources.reading {
        found.extend(contract(reading, id, "不是这份合同的读法"));
        found.extend(repeated(reading, "rule", &["id"]));
        found.extend(repeated(reading, "question", &["key"]));
        found.extend(repeated(reading, "record_category", &["name"]));
        found.extend(repeated(reading, "call_counter", &["rule", "counted"]));
        found.extend(references(reading, READING, &known));
    }
    if let Some(settings) = sources.settings {
        found.extend(contract(settings, id, "不是这份合同的约定"));
        found.extend(references(settings, SETTINGS, &known));
        found.extend(ONCE.iter().flat_map(|(table, keys)| repeated(settings, table, keys)));
        for table in ["office_hours", "day", "window"] {
            found.extend(overlapping(settings, table));
        }
        found.extend(order(settings, "duty_order", "from", "to"));
        found.extend(order(settings, "window", "from", "to"));
        found.extend(order(settings, "duty_post", "from", "to"));
        found.extend(percents(settings));
    }
    found
}

/// Mistakes of the settings that only the assembled profile shows.
pub(super) fn check_settings(profile: &Profile, settings: &Source<'_>) -> Vec<Mistake> {
    let mut found = Vec::new();
    for row in settings.rows() {
        let reason = match row.table {
            "limit" => limit_mistake(profile, row),
            "window" => window_mistake(profile, row),
            "answer" => answer_mistake(profile, row),
            "duty_post" => duty_post_mistake(profile, row),
            "attendance" => attendance_mistake(profile, row),
            _ => None,
        };
        found.extend(reason.map(|(key, reason)| settings.mistake_in(row, key, &reason)));
    }
    found
}

fn limit_mistake(profile: &Profile, row: RawRow<'_>) -> Option<(&'static str, String)> {
    let limit = profile.settings.limit.get(row.index)?;
    let promise = profile.rule(&limit.rule)?.target(limit.target);
    let Some(_) = promise else {
        return Some(("target", format!("规则 {} 没有这个时限", limit.rule)));
    };
    if limit.minutes == 0 {
        return Some(("minutes", "时限不能为 0".to_owned()));
    }
    let printed = profile.facts.sla.iter().find(|printed| printed.id == limit.rule)?;
    let (least, most) = (printed.arrive_minutes_min?, printed.arrive_minutes?);
    let outside = limit.target == crate::clock::Target::Arrival && !(least..=most).contains(&limit.minutes);
    outside.then(|| ("minutes", format!("文件所印范围是 {least} 至 {most} 分钟")))
}

fn window_mistake(profile: &Profile, row: RawRow<'_>) -> Option<(&'static str, String)> {
    let name = &profile.settings.window.get(row.index)?.name;
    let mut used = profile.rules.iter().filter_map(|rule| rule.window.as_ref()?.name.as_ref());
    let known = used.any(|used| used == name);
    (!known).then(|| ("name", "没有规则使用这个时段".to_owned()))
}

fn attendance_mistake(profile: &Profile, row: RawRow<'_>) -> Option<(&'static str, String)> {
    let rules = profile.settings.attendance.get(row.index)?;
    if row.index > 0 {
        return Some(("late_grace_minutes", "考勤约定只能有一条".to_owned()));
    }
    let zero = [("half_day_minutes", rules.half_day_minutes), ("absent_minutes", rules.absent_minutes)];
    let zero = zero.into_iter().find(|(_, minutes)| *minutes == 0);
    zero.map(|(key, _)| (key, "须大于 0，否则按时打卡也会算作缺勤".to_owned()))
}

fn answer_mistake(profile: &Profile, row: RawRow<'_>) -> Option<(&'static str, String)> {
    let id = &profile.settings.answer.get(row.index)?.question;
    let known = super::questions::asked(profile, &profile.settings).iter().any(|question| question.id == *id);
    (!known).then(|| ("question", "没有这个待答的问题，或已由别的约定回答".to_owned()))
}

/// Ids of posts stand in names of cells, and a post is held by somebody else than its pair.
fn duty_post_mistake(profile: &Profile, row: RawRow<'_>) -> Option<(&'static str, String)> {
    let posts = &profile.settings.duty_post;
    let post = posts.get(row.index)?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if post.id.is_empty() || post.id.len() > 32 || !post.id.chars().all(word) {
        return Some(("id", "编号只用字母、数字、“-”和“_”，至多 32 个".to_owned()));
    }
    if post.count.is_some_and(|count| !(1..=50).contains(&count)) {
        return Some(("count", "人数须为 1 至 50".to_owned()));
    }
    if !post.dates.is_empty() && post.days.is_some() {
        return Some(("dates", "列了日期，就不再填“哪些日子”（days）".to_owned()));
    }
    let pair = post.pair_of.as_ref()?;
    let known = *pair != post.id && posts.iter().any(|other| other.id == *pair);
    (!known).then(|| ("pair_of", "没有这个岗位，或是它自己".to_owned()))
}

/// The names that the facts give.
struct Known {
    objects: BTreeSet<String>,
    items: BTreeSet<String>,
    rules: BTreeSet<String>,
    levels: BTreeSet<String>,
    posts: BTreeSet<String>,
    divisions: BTreeSet<String>,
}

impl Known {
    fn new(facts: &Source<'_>) -> Self {
        let words = |keys: &[(&str, &str)]| {
            let rows = facts.rows();
            rows.flat_map(|row| {
                let keys = keys.iter().filter(move |(table, _)| *table == row.table);
                keys.flat_map(move |(_, key)| row.words(key)).collect::<Vec<_>>()
            })
            .collect()
        };
        Self {
            objects: words(&[("maintenance_object", "id"), ("requirement", "number")]),
            items: service_items(facts),
            rules: words(&[("sla", "id")]),
            levels: words(&[("sla", "level")]),
            posts: words(&[("position", "id")]),
            divisions: words(&[
                ("maintenance_object", "division"),
                ("requirement", "owner_unit"),
                ("position", "division"),
            ]),
        }
    }

    fn has(&self, names: Names, word: &str) -> bool {
        match names {
            Names::Object => &self.objects,
            Names::Parent if self.items.contains(word) => &self.items,
            Names::Parent => &self.objects,
            Names::Rule => &self.rules,
            Names::Level => &self.levels,
            Names::Post => &self.posts,
            Names::Division => &self.divisions,
        }
        .contains(word)
    }
}

/// Numbers of the headings of the service list.
fn service_items(facts: &Source<'_>) -> BTreeSet<String> {
    let head = facts.heads().find(|(name, _)| *name == "contract").map(|(_, head)| head);
    let items = head.as_ref().and_then(|head| head.get("service_item")?.as_array());
    let numbers = items.into_iter().flatten().filter_map(|item| item.get("no")?.as_str());
    numbers.map(str::to_owned).collect()
}

fn contract(source: &Source<'_>, id: &str, reason: &str) -> Option<Mistake> {
    let stated = source.heads().find(|(name, _)| *name == "contract")?.1;
    if stated.as_str()? == id {
        return None;
    }
    let mistake = source.mistake_at("contract", reason);
    Some(Mistake { key: "contract[0].contract".to_owned(), ..mistake })
}

/// Ids repeated inside a table of the facts.
fn ids(facts: &Source<'_>) -> Vec<Mistake> {
    let mut seen = BTreeSet::new();
    let again =
        facts.rows().filter(|row| id_of(*row).is_some_and(|id| !seen.insert((row.table.to_owned(), id))));
    let key = |row: RawRow<'_>| if row.value("id").is_none() { "number" } else { "id" };
    again.map(|row| facts.mistake_in(row, key(row), "编号重复")).collect()
}

fn references(source: &Source<'_>, table: &[(&str, &str, Names)], known: &Known) -> Vec<Mistake> {
    let mut found = Vec::new();
    for (name, key, names) in table {
        for row in source.rows().filter(|row| row.table == *name) {
            for word in row.words(key).iter().filter(|word| !known.has(*names, word)) {
                let mistake = source.mistake_in(row, key, names.reason());
                found.push(Mistake { value: Some(format!("\"{word}\"")), ..mistake });
            }
        }
    }
    found
}

fn repeated(source: &Source<'_>, table: &str, keys: &[&str]) -> Vec<Mistake> {
    let mut seen = BTreeSet::new();
    let rows = source.rows().filter(|row| row.table == table);
    let again = rows.filter(|row| {
        let words: Vec<Vec<String>> = keys.iter().map(|key| row.words(key)).collect();
        !seen.insert(words)
    });
    let first = keys.first().copied().unwrap_or_default();
    again.map(|row| source.mistake_in(row, first, "写了两次")).collect()
}

/// Rows whose first date lies after their last.
fn order(source: &Source<'_>, table: &str, from: &str, to: &str) -> Vec<Mistake> {
    let date = |row: &RawRow<'_>, key: &str| row.words(key).first()?.parse::<jiff::civil::Date>().ok();
    let rows = source.rows().filter(|row| row.table == table);
    let wrong =
        rows.filter(|row| matches!((date(row, from), date(row, to)), (Some(from), Some(to)) if from > to));
    wrong.map(|row| source.mistake_in(row, from, &format!("晚于 {to}"))).collect()
}

fn overlapping(source: &Source<'_>, table: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    for row in source.rows().filter(|row| row.table == table) {
        let windows: Vec<Window> = row.words("windows").iter().filter_map(|text| text.parse().ok()).collect();
        for pair in windows.windows(2) {
            if let [first, second] = pair
                && first.to > second.from
            {
                let mistake = source.mistake_in(row, "windows", "时段须按先后排列且不重叠");
                found.push(Mistake { value: Some(format!("\"{second}\"")), ..mistake });
            }
        }
    }
    found
}

fn percents(settings: &Source<'_>) -> Vec<Mistake> {
    let outside = |value: &serde_json::Value| value.as_u64().is_some_and(|value| !(1..=99).contains(&value));
    let any = |value: &serde_json::Value| value.as_array().is_some_and(|values| values.iter().any(outside));
    let reason = "预警点须在 1 至 99 之间（百分比）";
    let general = settings.heads().filter(|(name, value)| *name == "warning_percent" && any(value));
    let mut found: Vec<Mistake> = general.map(|(name, _)| settings.mistake_at(name, reason)).collect();
    let rows = settings.rows().filter(|row| row.table == "warning");
    let wrong = rows.filter(|row| row.value("percent").is_some_and(|value| any(&value)));
    found.extend(wrong.map(|row| settings.mistake_in(row, "percent", reason)));
    found
}
