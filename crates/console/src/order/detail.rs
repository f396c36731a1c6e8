//! One order in full: its row, clocks, timeline, steps, and why its level is what it is.

use super::behalf::remote_dto;
use super::clocks::{clock_dto, idle, report, rule_choice};
use super::contract::Bound;
use super::desk::Desk;
use super::vendor::vendor_notes;
use crate::door::dto::{Choice, DoorError, OrderDetail, ReporterDto, RuleChoice, StepDto, StepField};
use crate::store::{Person, Step as Told, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::format_instant;
use zaigang_domain::clock::{Report, Target, level_name, level_of, target_name};
use zaigang_domain::contract::facts::Sla;
use zaigang_domain::event::EventId;
use zaigang_domain::order::payload::Reporter;
use zaigang_domain::order::{Assist, Field, FieldKind, Order, Step, StepOffer, assists, steps};
use zaigang_domain::people::{Actor, Role};

/// Whether a person may see name, phone and room of the reporter: those who work for the order.
pub(crate) fn may_see_reporter(actor: &Actor) -> bool {
    actor.enabled && [Role::Engineer, Role::Dispatcher, Role::Supervisor].iter().any(|role| actor.has(*role))
}

impl Desk<'_> {
    /// The whole of one order, by id or number.
    ///
    /// # Errors
    /// Not found; internal when the store fails.
    pub fn order_detail(&self, id_or_number: &str) -> Result<OrderDetail, DoorError> {
        let (id, order) = self.order(id_or_number)?;
        let told = self.store.timeline(id.as_str())?;
        let people = self.store.people()?;
        let bound = self.bound(&order);
        let report = bound.and_then(|bound| report(bound, &order, self.now));
        let both = bound.zip(report.as_ref());
        let clocks = both.map(|(bound, report)| {
            let clocks = report.targets.iter().map(|clock| clock_dto(bound.profile, clock));
            if self.ahead(&order).is_some() { clocks.map(idle).collect() } else { clocks.collect() }
        });
        Ok(OrderDetail {
            row: self.row_with(id.to_string(), &order, bound, report.as_ref())?,
            detail: order.detail.clone(),
            channel: order.channel.clone(),
            reporter_unit: order.reporter_unit.clone(),
            reporter: self.reporter(&told)?,
            source: order.source.as_ref().map(|source| source.name.clone()),
            last_alarm_at: order.alarms.map(|alarms| format_instant(alarms.last_at)),
            late_reason: order.late_reason.clone(),
            assets: self.asset_links(&order.assets)?,
            planned_at: order.scheduled_at.map(format_instant),
            on_behalf: order.on_behalf.as_ref().map(|user| self.name(user.as_str())).transpose()?,
            remote: order.remote.as_ref().map(remote_dto),
            record: self.record_dto(&order)?,
            clocks: clocks.unwrap_or_default(),
            files: self.files(&id, &told)?,
            file_rules: self.file_rules(&order),
            steps: self.steps(&order, both, &people, &told)?,
            vendors: self.vendors(&told)?,
            assists: self.assists(&order)?,
            urged: order.urged.as_ref().map_or(0, |urge| urge.times),
            callees: self.callees(&order, &people, &told)?,
            timeline: self.entries(told)?,
            level_why: level_why(bound, &order),
            open_choices: both.map(|(bound, report)| open_choices(bound, report)).unwrap_or_default(),
            contract_version: self.version_text(&order)?,
            as_of_seq: order.seq.to_string(),
        })
    }

    fn reporter(&self, steps: &[Told]) -> Result<Option<ReporterDto>, StoreError> {
        let dto = |Reporter { name, phone, room, extension }| ReporterDto { name, phone, room, extension };
        Ok(self.reporter_of(steps)?.map(dto))
    }

    /// The reporter of an order with these events, for whoever may see him on this device.
    pub(crate) fn reporter_of(&self, steps: &[Told]) -> Result<Option<Reporter>, StoreError> {
        if !may_see_reporter(self.actor) {
            return Ok(None);
        }
        let Some(registered) = steps.iter().find(|step| step.kind == "order.registered") else {
            return Ok(None);
        };
        let Some(text) = self.store.sealed_part(registered.id, "reporter")? else { return Ok(None) };
        Ok(Some(serde_json::from_str(&text)?))
    }

    fn version_text(&self, order: &Order) -> Result<String, StoreError> {
        let short: String = order.contract_hash.chars().take(8).collect();
        let versions = self.store.publication_heads(Some(&format!("contract/{}", order.contract)))?;
        Ok(match versions.into_iter().find(|version| version.hash == order.contract_hash) {
            Some(version) => match version.accepted_on {
                Some(date) => format!("{short}，自 {date} 起"),
                None => short,
            },
            None => format!("{short}（本机尚无此版本，时限无法计算）"),
        })
    }

    fn steps(
        &self,
        order: &Order,
        both: Option<(Bound, &Report)>,
        people: &[Person],
        told: &[Told],
    ) -> Result<Vec<StepDto>, DoorError> {
        let offers = steps(order, self.actor);
        offers.iter().map(|offer| self.step(order, both, people, offer, Some(told))).collect()
    }

    /// The steps that can be taken on several orders at once.
    pub(crate) fn bulk_steps_of(&self, order: &Order, people: &[Person]) -> Result<Vec<StepDto>, DoorError> {
        let offers = steps(order, self.actor);
        let bulk = offers.iter().filter(|offer| offer.row.step.in_bulk());
        bulk.map(|offer| self.step(order, None, people, offer, None)).collect()
    }

    /// A step with its fields; without the events there are no values to begin with.
    fn step(
        &self,
        order: &Order,
        both: Option<(Bound, &Report)>,
        people: &[Person],
        offer: &StepOffer,
        told: Option<&[Told]>,
    ) -> Result<StepDto, DoorError> {
        let begun = told.map(|told| begun(offer.row.step, told)).unwrap_or_default();
        let fields = offer.row.asked(order).map(|field| {
            let mut choices: Vec<Choice> =
                field.choices.iter().map(|(value, label)| choice(value, label)).collect();
            if choices.is_empty() {
                choices = self.choices(order, both, people, offer.row.step, field)?;
            }
            Ok(StepField {
                key: field.key.to_owned(),
                label: field.label.to_owned(),
                kind: field_kind(field.kind).to_owned(),
                required: field.required,
                choices,
                value: begun.get(field.key).cloned(),
                hint: hint(both, offer.row.step, field),
            })
        });
        Ok(StepDto {
            step: offer.row.code.to_owned(),
            name: offer.row.name.to_owned(),
            key: offer.row.key.map(String::from),
            fields: fields.collect::<Result<_, DoorError>>()?,
            primary: offer.primary,
        })
    }

    /// Choices that depend on the order: people, levels, rules, versions, facts to be looked at.
    fn choices(
        &self,
        order: &Order,
        both: Option<(Bound, &Report)>,
        people: &[Person],
        step: Step,
        field: &Field,
    ) -> Result<Vec<Choice>, DoorError> {
        Ok(match (field.kind, field.key) {
            (FieldKind::User, _) => workers(people, order).map(|p| choice(&p.id, &p.name)).collect(),
            (FieldKind::Level, _) => self.bound(order).map(|bound| levels(bound, order)).unwrap_or_default(),
            (FieldKind::Order, _) => {
                let alike = self.alike_open(order)?;
                alike.iter().map(|(number, title)| choice(number, &format!("{number} {title}"))).collect()
            }
            (_, "assist") => self.answerable(order, step)?,
            (_, "to") if step == Step::Escalate => {
                both.map(|(bound, report)| escalation(bound, report)).unwrap_or_default()
            }
            (_, "target") => both.map(|(_, report)| targets(report)).unwrap_or_default(),
            (_, "rule") => both.map(|(bound, report)| rules(bound, report)).unwrap_or_default(),
            (_, "contract_hash") => self.versions(&format!("contract/{}", order.contract))?,
            (_, "calendar_hash") => self.calendars()?,
            (_, "event") if step == Step::Reconcile => self.unreconciled(order)?,
            _ => Vec::new(),
        })
    }

    fn answerable(&self, order: &Order, step: Step) -> Result<Vec<Choice>, StoreError> {
        let each = |assist: &Assist| {
            Ok(choice(&assist.id.to_string(), &format!("{}：{}", self.assistant(assist)?, assist.text)))
        };
        assists(order, step, self.actor).map(each).collect()
    }

    fn versions(&self, entity: &str) -> Result<Vec<Choice>, StoreError> {
        let versions = self.store.publication_heads(Some(entity))?;
        Ok(versions
            .iter()
            .filter(|version| !version.is_pending)
            .rev()
            .map(|v| choice(&v.hash, &format!("第{}版 {}", v.version, v.title)))
            .collect())
    }

    fn calendars(&self) -> Result<Vec<Choice>, StoreError> {
        let all = self.store.publication_heads(None)?;
        let published = all.iter().rev().filter(|version| version.entity.starts_with("calendar/"));
        let builtin = zaigang_domain::calendar::Calendar::builtin();
        let builtin = choice(builtin.version(), "随程序提供的放假安排");
        Ok(published.map(|v| choice(&v.hash, &v.title)).chain([builtin]).collect())
    }

    fn unreconciled(&self, order: &Order) -> Result<Vec<Choice>, StoreError> {
        let mut choices = Vec::new();
        for id in &order.unreconciled {
            choices.push(choice(&id.to_string(), &self.event_text(*id)?));
        }
        Ok(choices)
    }

    /// Who did what and when, in one line.
    pub(crate) fn event_text(&self, id: EventId) -> Result<String, StoreError> {
        let Some(step) = self.store.event(id)? else {
            return Ok("（本机没有这条记录）".to_owned());
        };
        let by = self.doer(&step)?;
        let at = super::words::short_instant(super::words::instant(step.at()));
        let act = super::timeline::act_name(&step.kind);
        let text = self.payload_text(&step.kind, &step.payload)?;
        let text = if text.is_empty() { text } else { format!("：{text}") };
        Ok(format!("{by} {at} {act}{text}"))
    }
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned() }
}

fn field_kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::LongText => "long_text",
        FieldKind::Choice => "choice",
        FieldKind::User => "user",
        FieldKind::Level => "level",
        FieldKind::Order => "order",
        FieldKind::Time => "time",
        FieldKind::Number => "number",
        FieldKind::Asset => "asset",
    }
}

/// Whom the clauses that apply name for an escalation, each once.
fn escalation(bound: Bound, report: &Report) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let named = escalation_clauses(bound, report).flat_map(|sla| &sla.escalate_to);
    named.filter(|name| seen.insert(name.as_str())).map(|name| choice(name, name)).collect()
}

fn escalation_clauses(bound: Bound, report: &Report) -> impl Iterator<Item = &'static Sla> {
    let rules: Vec<&str> = report
        .matched
        .iter()
        .filter(|row| row.target == Target::Escalation)
        .map(|row| row.rule.as_str())
        .collect();
    bound.profile.facts.sla.iter().filter(move |sla| rules.contains(&sla.id.as_str()))
}

/// What to know about a field: the clause an escalation rests on, or that there is none.
fn hint(both: Option<(Bound, &Report)>, step: Step, field: &Field) -> Option<String> {
    match (step, field.key) {
        (Step::Escalate, "to") => {
            let (bound, report) = both?;
            let clauses: Vec<String> = escalation_clauses(bound, report)
                .map(|sla| {
                    let source = bound.profile.rule(&sla.id).map(|rule| rule.source.clone());
                    format!("“{}”（{}）", sla.definition, source.unwrap_or_default())
                })
                .collect();
            Some(if clauses.is_empty() {
                "适用的合同条款没有写升级给谁，请按本项目约定填写。".to_owned()
            } else {
                clauses.join("；")
            })
        }
        _ => None,
    }
}

/// What a form holds to begin with: the last word about the outside party.
fn begun(step: Step, told: &[Told]) -> BTreeMap<&'static str, String> {
    if step != Step::NoteVendor {
        return BTreeMap::new();
    }
    let Some((_, noted)) = vendor_notes(told).next() else { return BTreeMap::new() };
    let at = |at: Option<jiff::Timestamp>| at.map(format_instant);
    let values = [
        ("maker", Some(noted.maker)),
        ("case_no", Some(noted.case_no)),
        ("promised_at", at(noted.promised_at)),
        ("arrived_at", at(noted.arrived_at)),
        ("people", noted.people.map(|n| n.to_string())),
        ("escort", noted.escort.map(|user| user.to_string())),
        ("permit_no", Some(noted.permit_no)),
    ];
    values.into_iter().filter_map(|(key, value)| Some((key, value.filter(|v| !v.is_empty())?))).collect()
}

/// Engineers whose scope covers the order's division.
pub(crate) fn workers<'p>(people: &'p [Person], order: &'p Order) -> impl Iterator<Item = &'p Person> {
    people.iter().filter(|person| works_for(person, &order.contract, &order.division))
}

/// Whether work of a division can go to a person.
pub(crate) fn works_for(person: &Person, contract: &str, division: &str) -> bool {
    !person.disabled && person.has(Role::Engineer) && person.covers(contract, division)
}

fn levels(bound: Bound, order: &Order) -> Vec<Choice> {
    let object = order.object.as_deref().filter(|id| bound.profile.object(id).is_some());
    bound.profile.levels(object).into_iter().map(|level| choice(level, &level_name(level))).collect()
}

fn targets(report: &Report) -> Vec<Choice> {
    let known = |target: &&Target| report.matched.iter().any(|row| row.target == **target);
    Target::ALL.iter().filter(known).map(|t| choice(t.as_str(), target_name(*t))).collect()
}

fn rules(bound: Bound, report: &Report) -> Vec<Choice> {
    // One rule can promise several targets: it is listed once, with its clause.
    let rules: BTreeMap<&str, RuleChoice> =
        report.matched.iter().map(|row| (row.rule.as_str(), rule_choice(bound.profile, row))).collect();
    rules.values().map(|rule| choice(&rule.rule, &format!("{}（{}）", rule.clause, rule.source))).collect()
}

fn open_choices(bound: Bound, report: &Report) -> Vec<RuleChoice> {
    let open = report.matched.iter().filter(|row| !row.needs.is_empty());
    open.map(|row| rule_choice(bound.profile, row)).collect()
}

/// Why the level is what it is.
fn level_why(bound: Option<Bound>, order: &Order) -> String {
    let Some(level) = &order.level else {
        return "尚未定级：按级别计的时限要等定级后才起算显示，请核对影响范围后调级。".to_owned();
    };
    let clause = bound.map(|bound| level_clause(bound, level)).unwrap_or_default();
    let name = level_name(level);
    if let Some(reason) = order.level_reason.as_deref().filter(|reason| !reason.is_empty()) {
        return format!("由人定为{name}：{reason}。{clause}");
    }
    let by_matrix = bound.and_then(|bound| level_of(&bound.profile.level_cases, &order.facts.case()));
    match by_matrix {
        Some(fits) if fits == level => format!("按登记时的情况，合同级别表得出{name}。{clause}"),
        _ => format!("登记时选定为{name}。{clause}"),
    }
}

/// The clause of a level with its lines.
pub(crate) fn level_clause(bound: Bound, level: &str) -> String {
    let rule = bound.profile.rules.iter().find(|rule| rule.level.as_deref() == Some(level));
    rule.map(|rule| format!("“{}”（{}）", rule.applies_to, rule.source)).unwrap_or_default()
}
