//! A contract at a glance.

use super::labels::{table_title, word};
use crate::door::dto::{
    ContractView, DoorError, FactLine, ObjectItem, PeriodItem, RuleItem, RuleTargetItem, TableItem,
    VersionItem,
};
use crate::order::{Desk, RULE_BAR};
use crate::store::StoreError;
use std::collections::BTreeMap;
use zaigang_domain::clock::{limit_text, start_name, target_name};
use zaigang_domain::contract::facts::Period;
use zaigang_domain::contract::{
    Object, Profile, Rule, RuleTarget, RuleWindow, Scope, ServiceTerm, source_of,
};

/// The files' word for a rule that names its needs by their numbers.
const NEEDS: &str = "needs";
/// Most needs named in a heading; the rest is counted.
const NAMES_SHOWN: usize = 2;

impl Desk<'_> {
    /// A contract at a glance, as its newest version has it.
    ///
    /// # Errors
    /// Not found for an unknown contract.
    pub fn contract_view(&self, contract: &str) -> Result<ContractView, DoorError> {
        let newest = self.newest(contract)?;
        let profile = newest.profile;
        let signed = self.signed(&newest.head)?;
        let open = self.open_by_rule(contract)?;
        Ok(ContractView {
            id: contract.to_owned(),
            title: profile.facts.contract.name.clone(),
            version: newest.head.version,
            hash: newest.head.hash,
            pending: newest.head.is_pending,
            facts_hash: profile.version.facts.clone(),
            settings_hash: profile.version.settings.clone(),
            published_at: signed.at,
            published_by: signed.by,
            head: head(profile),
            periods: periods(profile),
            divisions: profile.divisions.clone(),
            objects: profile.objects.iter().map(|one| object(profile, one)).collect(),
            rules: profile.rules.iter().map(|one| rule(profile, one, open.get(&one.id).copied())).collect(),
            posts: posts(profile),
            duties: duties(profile),
            tables: tables(profile),
            versions: self.versions_of(contract)?,
        })
    }

    fn versions_of(&self, contract: &str) -> Result<Vec<VersionItem>, StoreError> {
        let heads = self.store.publication_heads(Some(&format!("contract/{contract}")))?;
        let version = |head: crate::store::PublicationHead| {
            let signed = self.signed(&head)?;
            let (version, hash, pending) = (head.version, head.hash, head.is_pending);
            Ok(VersionItem { version, hash, pending, published_at: signed.at, by: signed.by })
        };
        heads.into_iter().rev().map(version).collect()
    }

    /// Open orders with a clock under each rule, within the person's scope: one pass over the index.
    fn open_by_rule(&self, contract: &str) -> Result<BTreeMap<String, u32>, StoreError> {
        let mut statement = self.store.reader().prepare_cached(
            "SELECT division, rules FROM orders INDEXED BY orders_filter WHERE open = 1 AND contract = ?1",
        )?;
        let mut rows = statement.query([contract])?;
        let mut open: BTreeMap<String, u32> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let division = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if !self.actor.covers(contract, division) {
                continue;
            }
            let rules = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            for rule in rules.split(RULE_BAR).filter(|rule| !rule.is_empty()) {
                *open.entry(rule.to_owned()).or_default() += 1;
            }
        }
        Ok(open)
    }
}

fn line(profile: &Profile, id: String, label: &str, text: String, at: u32) -> FactLine {
    FactLine { id, label: label.to_owned(), text, source: source_of(&profile.document, at, None) }
}

/// The head of the document, as far as it states each thing.
fn head(profile: &Profile) -> Vec<FactLine> {
    let head = &profile.facts.contract;
    let at = head.source_line;
    let stated = [
        ("name", "合同名称", Some(head.name.clone()), head.name_line),
        ("buyer", "采购人", Some(head.buyer.clone()), head.buyer_line),
        ("buyer_type", "采购人性质", head.buyer_type.clone(), None),
        ("procurement", "采购方式", head.procurement.clone(), None),
        ("quantity", "标的数量", head.quantity.clone(), None),
        ("industry", "所属行业", head.industry.clone(), head.industry_source_line),
        ("place", "服务地点", head.place.clone(), head.place_source_line),
        ("supervisor", "监理", head.supervisor.clone(), None),
        ("goal", "服务目标", head.goal.clone(), None),
        ("service_mode", "服务方式", head.service_mode.clone(), head.service_mode_source_line),
        ("years", "服务年限", head.years_text.clone(), None),
        (
            "sign",
            "签订期限",
            head.sign_within_days.map(|days| format!("{days} 日内签订")),
            head.sign_source_line,
        ),
    ];
    let stated = stated.into_iter().filter_map(|(id, label, text, own)| {
        Some(line(profile, id.to_owned(), label, text?, own.unwrap_or(at)))
    });
    stated.chain(staffing(profile)).chain(money(profile)).chain(hours(profile)).collect()
}

fn staffing(profile: &Profile) -> Vec<FactLine> {
    let counts = profile.facts.contract.head_count.iter().enumerate();
    let item = |(index, count): (usize, &zaigang_domain::contract::facts::HeadCount)| {
        let label = format!("人员（{}）", word(&count.scope));
        line(profile, format!("head_count-{index}"), &label, count.source_text.clone(), count.source_line)
    };
    counts.map(item).collect()
}

fn money(profile: &Profile) -> Vec<FactLine> {
    let head = &profile.facts.contract;
    let payments = head.payment.iter().map(|stage| {
        let text = format!("{}%，{}", stage.percent, stage.condition);
        let label = format!("付款（第 {} 期）", stage.stage);
        line(profile, format!("payment-{}", stage.stage), &label, text, stage.source_line)
    });
    let bonds = head.bond.iter().enumerate().map(|(index, bond)| {
        line(
            profile,
            format!("bond-{index}"),
            "履约保证金",
            format!("{}%（中小企业 {}%）", bond.percent, bond.percent_sme),
            bond.source_line,
        )
    });
    payments.chain(bonds).collect()
}

fn hours(profile: &Profile) -> Vec<FactLine> {
    let Some(hours) = &profile.facts.working_hours else { return Vec::new() };
    let stated = [
        ("hours-onsite", "驻场时间", hours.onsite_pattern.clone()),
        ("hours-support", "支持时间", hours.support.clone()),
        ("hours-remote", "远程时间", hours.remote.clone()),
        ("hours-holiday", "节假日", hours.holiday.clone()),
    ];
    let lines = stated
        .into_iter()
        .filter_map(|(id, label, text)| Some(line(profile, id.to_owned(), label, text?, hours.source_line)));
    lines.collect()
}

fn periods(profile: &Profile) -> Vec<PeriodItem> {
    let periods = profile.facts.contract.period.iter().enumerate();
    periods.map(|(index, one)| period(profile, index, one)).collect()
}

fn period(profile: &Profile, index: usize, period: &Period) -> PeriodItem {
    let term = match (period.start_date, period.end_date, period.months, period.days) {
        (Some(from), Some(to), ..) => ServiceTerm::Dates { from, to },
        (_, _, Some(months), _) => ServiceTerm::Months(months),
        (_, _, _, Some(days)) => ServiceTerm::Days(days),
        _ => ServiceTerm::Unstated,
    };
    let span = term.span(profile.settings.acceptance_date);
    let printed = matches!(term, ServiceTerm::Dates { .. });
    PeriodItem {
        id: period.object_no.clone().unwrap_or_else(|| format!("period-{index}")),
        name: word(&period.applies_to).to_owned(),
        text: period.source_text.clone(),
        from: span.map(|(from, _)| from.to_string()),
        to: span.map(|(_, to)| to.to_string()),
        begins: (!printed).then(|| period.starts.clone()).flatten(),
        agreed: span.is_some() && !printed,
        source: source_of(&profile.document, period.source_line, period.source_line_end),
    }
}

fn object(profile: &Profile, object: &Object) -> ObjectItem {
    let span = profile.service_span(object);
    let lineage = profile.lineage(Some(&object.id));
    let mut reaching: Vec<&Rule> = profile.rules.iter().filter(|rule| rule.reaches(&lineage)).collect();
    reaching.sort_by_key(|rule| std::cmp::Reverse(rule.rank()));
    let printed = matches!(object.term, ServiceTerm::Dates { .. });
    ObjectItem {
        no: object.id.clone(),
        name: object.name.clone(),
        division: object.division.clone(),
        class: object.class.map(|class| class.as_str().to_owned()),
        users: profile.settings.users(&object.id),
        from: span.map(|(from, _)| from.to_string()),
        to: span.map(|(_, to)| to.to_string()),
        note: (!printed).then(|| match span {
            Some(_) => "自服务起算日起算，起算日为本项目约定".to_owned(),
            None => profile.period_text(object),
        }),
        rules: reaching.into_iter().map(|rule| rule.id.clone()).collect(),
        source: object.source.clone(),
    }
}

/// To what a rule applies: the document's words, or the needs by name where it only lists their numbers.
fn applies_to(profile: &Profile, rule: &Rule) -> String {
    match &rule.scope {
        Scope::Objects(ids) if rule.applies_to == NEEDS => needs(profile, ids),
        _ => word(&rule.applies_to).to_owned(),
    }
}

fn needs(profile: &Profile, ids: &[String]) -> String {
    let name = |id: &String| {
        let name = profile.object(id).map(|need| need.name.as_str()).unwrap_or_default();
        format!("需求{id} {name}").trim_end().to_owned()
    };
    let shown: Vec<String> = ids.iter().take(NAMES_SHOWN).map(name).collect();
    let more = if ids.len() > NAMES_SHOWN { format!("等 {} 项", ids.len()) } else { String::new() };
    format!("{}{more}", shown.join("、"))
}

fn rule(profile: &Profile, rule: &Rule, open: Option<u32>) -> RuleItem {
    RuleItem {
        id: rule.id.clone(),
        level: rule.level.clone(),
        applies_to: applies_to(profile, rule),
        text: rule.definition.clone(),
        targets: rule.targets.iter().map(target).collect(),
        window: rule.window.as_ref().map(window_text),
        note: rule.note.clone(),
        source: rule.source.clone(),
        open_orders: open.unwrap_or(0),
    }
}

fn target(promise: &RuleTarget) -> RuleTargetItem {
    let agreed = if promise.agreed { "（本项目约定）" } else { "" };
    let limit = promise.limit.map_or_else(|| "未写明时限".to_owned(), limit_text);
    RuleTargetItem {
        target: promise.target.as_str().to_owned(),
        name: target_name(promise.target).to_owned(),
        limit_text: format!("{limit}{agreed}"),
        starts_text: start_name(promise.start).to_owned(),
    }
}

fn window_text(window: &RuleWindow) -> String {
    let hours = || window.hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let name = window.name.clone().unwrap_or_else(hours);
    if window.inside { name } else { format!("{name}以外") }
}

fn posts(profile: &Profile) -> Vec<FactLine> {
    let facts = &profile.facts;
    let posts = facts.position.iter().map(|post| {
        let words = [
            post.division.clone(),
            post.count.map(|count| format!("{count} 人")),
            post.onsite.map(|onsite| if onsite { "驻场" } else { "非驻场" }.to_owned()),
            post.work_hours.clone(),
            post.duty.clone(),
        ];
        FactLine {
            id: post.id.clone(),
            label: post.name.clone(),
            text: words.into_iter().flatten().collect::<Vec<_>>().join("，"),
            source: source_of(&profile.document, post.source_line, post.source_line_end),
        }
    });
    let onsite = facts.onsite.iter().enumerate().map(|(index, row)| {
        let words = [
            Some(row.system.clone()),
            row.headcount.map(|count| format!("{count} 人")),
            row.shared_headcount.map(|count| format!("共用 {count} 人")),
        ];
        let label = row.role.clone().unwrap_or_else(|| format!("需求 {} 驻场", row.need));
        let text = words.into_iter().flatten().collect::<Vec<_>>().join("，");
        line(profile, format!("ON-{:02}", index + 1), &label, text, row.source_line)
    });
    posts.chain(onsite).collect()
}

fn duties(profile: &Profile) -> Vec<FactLine> {
    let duty = |duty: &zaigang_domain::contract::facts::Coverage| {
        let words = [duty.obligation.clone().or_else(|| duty.rule.clone()), duty.hours.clone()];
        let text: Vec<String> = words.into_iter().flatten().collect();
        let text = if text.is_empty() { duty.source_text.clone() } else { text.join("，") };
        line(profile, duty.id.clone(), word(&duty.applies_to), text, duty.source_line)
    };
    profile.facts.coverage.iter().map(duty).collect()
}

fn tables(profile: &Profile) -> Vec<TableItem> {
    let tables = profile.rows.chunk_by(|one, other| one.kind == other.kind);
    let table = |rows: &[zaigang_domain::contract::FactRow]| {
        let kind = rows.first().map(|row| row.kind.clone()).unwrap_or_default();
        TableItem {
            title: table_title(&kind).to_owned(),
            count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            kind,
        }
    };
    tables.map(table).collect()
}
