//! Publishing settings: one act of consent, with the open orders that shall follow them.

use super::preview::{Draft as Settings, changes};
use super::version::may_settle;
use crate::door::dto::{DoorCode, DoorError, SettingPublish, Written};
use crate::order::{Pen, key};
use crate::store::{Act, Draft};
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::order::{Order, Step, StepInput, decide};
use zaigang_domain::people::Settled;
use zaigang_sync::envelope::DEVICE_EVENT_BYTES_MAX;

/// Room that an event's envelope and signature take beside its payload, in bytes: a generous guess.
const ENVELOPE_BYTES: usize = 2_048;

/// Longest note, in characters.
const NOTE_CHARS_MAX: usize = 2_000;

impl Pen<'_> {
    /// Publishes settings for the version in force, and binds the orders named to the new one. Works
    /// without the centre: both wait for its verdict, and the orders' share of it with the settings'.
    ///
    /// # Errors
    /// Not allowed without the role or the scope; not now where another version came meanwhile, or where
    /// an order may not be bound; bad input naming what is wrong with the values. Nothing is written then.
    pub fn publish_settings(&mut self, args: &SettingPublish) -> Result<Written, DoorError> {
        if !may_settle(self.actor, &args.contract) {
            return Err(DoorError::not_allowed("只有本合同的项目经理或系统管理员可以发布约定。"));
        }
        let key = key(self, "settle", &args.idempotency_key)?;
        if self.is_repeated(&key)? {
            return Ok(published(args, Vec::new()));
        }
        let draft = self.desk().settings_draft(&args.contract, &args.values)?;
        let settled = settled(args, &draft)?;
        let entity = EntityId::new(format!("contract/{}", args.contract)).map_err(DoorError::broken)?;
        let mut acts = vec![Act {
            log: LogName::site(),
            entity,
            drafts: vec![self.settling(&settled, &draft)?],
            stands_on: None,
        }];
        for order in &args.rebind {
            acts.push(self.rebinding(order, args, &settled)?);
        }
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        Ok(published(args, written.changed.into_iter().collect()))
    }

    fn settling(&self, settled: &Settled, draft: &Settings) -> Result<Draft, DoorError> {
        let payload = serde_json::to_string(settled).map_err(DoorError::broken)?;
        if payload.len() + ENVELOPE_BYTES > DEVICE_EVENT_BYTES_MAX {
            let message = format!(
                "约定全文约 {} KB，超过一次发布的上限 {} KB，没有发布。请精简说明与答复，或请管理员在中心端发布。",
                payload.len().div_ceil(1_024),
                (DEVICE_EVENT_BYTES_MAX - ENVELOPE_BYTES) / 1_024
            );
            return Err(DoorError::bad_input(message).at("values"));
        }
        let now = self.host.now().as_millisecond();
        let deps = draft.newest.head.event.into_iter().collect();
        Ok(Draft { deps, ..Draft::fact("contract.settled", payload, now) })
    }

    fn rebinding(&self, id: &str, args: &SettingPublish, settled: &Settled) -> Result<Act, DoorError> {
        let (id, order) = self.desk().order(id).map_err(|error| error.at("rebind"))?;
        if order.contract != args.contract {
            let message = format!("工单 {} 不属于这份合同，没有发布。", order.number);
            return Err(DoorError::bad_input(message).at("rebind"));
        }
        let calendar_hash = order.calendar_hash.clone();
        self.rebound(id, &order, &settled.hash, &calendar_hash, &settled.note)
    }

    /// An order bound to other versions, as an act that stands on the first of the same transaction.
    ///
    /// # Errors
    /// As the order's rules say, at the field `rebind`.
    pub(crate) fn rebound(
        &self,
        id: EntityId,
        order: &Order,
        contract_hash: &str,
        calendar_hash: &str,
        reason: &str,
    ) -> Result<Act, DoorError> {
        let input = StepInput::of(&[
            ("contract_hash", contract_hash),
            ("calendar_hash", calendar_hash),
            ("reason", reason),
        ]);
        let drafts = decide(order, Step::Rebind, &input, self.actor, self.host.now()).map_err(|refusal| {
            let error = DoorError::from(refusal);
            let message = format!("工单 {} 不能换用新版本，没有发布：{}", order.number, error.message);
            DoorError { message, ..error }.at("rebind")
        })?;
        let log = LogName::division(&order.contract, &order.division).map_err(DoorError::broken)?;
        Ok(Act { log, entity: id, drafts: drafts.into_iter().map(Draft::from).collect(), stands_on: Some(0) })
    }
}

/// What is to be published, once the values are found good.
fn settled(args: &SettingPublish, draft: &Settings) -> Result<Settled, DoorError> {
    if args.base_hash != draft.base.hash {
        return Err(DoorError::new(
            DoorCode::NotNow,
            "您编辑期间已有新的版本发布，没有发布。您的改动仍在，请对照现行版本核对后重新发布。",
        )
        .at("base_hash"));
    }
    let note = args.note.trim();
    if note.is_empty() || note.chars().count() > NOTE_CHARS_MAX {
        let message = format!("请写明为何修改、凭哪份文件（最多 {NOTE_CHARS_MAX} 字）。");
        return Err(DoorError::bad_input(message).at("note"));
    }
    match &draft.read {
        Err(problems) => {
            let first = problems.first().map(|problem| {
                let row = problem.row.map(|row| format!("第 {} 条", row + 1)).unwrap_or_default();
                let title = zaigang_domain::contract::form::section_of(&problem.section)
                    .map_or(problem.section.as_str(), |section| section.title);
                format!("{title}{row}：{}", problem.message)
            });
            let message =
                format!("约定有 {} 处不对，没有发布。{}。", problems.len(), first.unwrap_or_default());
            Err(DoorError::bad_input(message).at("values"))
        }
        Ok(profile) if changes(draft.newest.profile, profile).is_empty() => {
            Err(DoorError::not_now("约定与现行版本相同，不必发布。"))
        }
        Ok(_) => Ok(Settled::of(&draft.base, draft.text.clone(), note.to_owned())),
    }
}

fn published(args: &SettingPublish, changed: Vec<String>) -> Written {
    let orders = match args.rebind.len() {
        0 => String::new(),
        count => format!("，{count} 张工单换用新版本"),
    };
    Written {
        id: format!("contract/{}", args.contract),
        message: format!("已发布约定{orders}，中心端确认后对新工单生效"),
        changed,
    }
}
