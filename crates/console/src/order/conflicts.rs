//! 同步与冲突: what the centre did not simply take, with its text, and the two ways out.

use super::desk::Desk;
use super::pen::Pen;
use super::timeline::act_name;
use super::words::{instant_text, reason_text};
use crate::door::dto::{ConflictDto, DoorError, SettleConflict, StepArgs, Written};
use crate::store::{Conflict, ConflictKind, Settled as Done, StoreError};
use serde_json::Value;
use std::collections::BTreeMap;
use zaigang_domain::event::EventId;
use zaigang_domain::order::table::{Row, row_of};
use zaigang_domain::order::{Order, decide};
use zaigang_domain::people::{Role, Settled};

impl Desk<'_> {
    /// The open items this person may see: his own, and all of his scope for dispatcher and supervisor.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn conflicts(&self) -> Result<Vec<ConflictDto>, DoorError> {
        let items = self.store.conflicts()?;
        items.iter().filter(|item| self.may_settle(item)).map(|item| self.conflict(item)).collect()
    }

    fn may_settle(&self, item: &Conflict) -> bool {
        let own = self.actor.user().map(ToString::to_string) == item.user;
        own || [Role::Dispatcher, Role::Supervisor].iter().any(|role| self.actor.has(*role))
    }

    fn conflict(&self, item: &Conflict) -> Result<ConflictDto, DoorError> {
        let order = self.order(&item.entity).ok().map(|(_, order)| order);
        let title = match order.as_ref() {
            Some(order) => Some(format!("{} {}", order.number, order.title)),
            None => self.other_title(item)?,
        };
        let by = item.user.as_deref().map(|user| self.name(user)).transpose()?;
        Ok(ConflictDto {
            id: item.id.to_string(),
            kind: kind(item.kind).to_owned(),
            order_id: item.entity.clone(),
            order: title.unwrap_or_else(|| "（此工单未被中心端采纳）".to_owned()),
            act: act_name(&item.act).to_owned(),
            by: by.unwrap_or_default(),
            at: instant_text(item.at),
            text: self.kept_text(item)?,
            reason: item.reason.as_deref().map(reason_text).unwrap_or_default(),
            winner: item.winner.map(|id| self.event_text(id)).transpose()?,
            can_redo: match order {
                Some(order) => self.can_redo(item, &order),
                None => self.can_redo_roster(item),
            },
        })
    }

    /// The whole text that was entered; settings with every word of theirs.
    fn kept_text(&self, item: &Conflict) -> Result<String, StoreError> {
        let text = self.payload_text(&item.act, &item.payload)?;
        Ok(match serde_json::from_str::<Settled>(&item.payload) {
            Ok(settled) if item.act == "contract.settled" => format!("{text}\n\n{}", settled.settings),
            _ => text,
        })
    }

    /// What an item is about that is no order.
    fn other_title(&self, item: &Conflict) -> Result<Option<String>, StoreError> {
        let (kind, local) = item.entity.split_once('/').unwrap_or_default();
        Ok(match kind {
            "roster" => Some(format!("{local} 排班表")),
            "handover" => Some("交接班".to_owned()),
            "hotline" => Some("值班电话记录".to_owned()),
            "dutylog" => Some(format!("{local} 的值班日志")),
            "staff" => self.staff_title(&item.entity)?,
            "coverage" => self.coverage_title(&item.entity)?,
            "leave" => self.leave_title(&item.entity, &item.act, &item.payload)?,
            "attendance" | "attendance_month" | "overtime" | "spotcheck" => {
                self.attendance_title(&item.entity)?
            }
            _ => self.contract_title(&item.entity)?,
        })
    }

    /// Name of the contract that an item is about, if it is about one.
    fn contract_title(&self, entity: &str) -> Result<Option<String>, StoreError> {
        let Some(id) = entity.strip_prefix("contract/") else { return Ok(None) };
        let heads = self.store.publication_heads(Some(entity))?;
        let profile = heads.last().and_then(|head| self.profile(&head.hash));
        let name = profile.map_or(id, |profile| profile.facts.contract.name.as_str());
        Ok(Some(format!("合同“{name}”")))
    }

    /// Whether the same people could be put into the same cells as they stand now.
    fn can_redo_roster(&self, item: &Conflict) -> bool {
        let own = self.actor.user().map(ToString::to_string) == item.user;
        own && item.kind == ConflictKind::Rejected
            && item.act == "roster.edited"
            && item.reason.as_deref() == Some("state_changed")
    }

    /// Whether the same act would be taken on the present state.
    fn can_redo(&self, item: &Conflict, order: &Order) -> bool {
        let own = self.actor.user().map(ToString::to_string) == item.user;
        let Some(row) = row_of(&item.act).filter(|_| own && item.kind == ConflictKind::Rejected) else {
            return false;
        };
        let input = self.input(order, row.step, &again(item, row));
        input.is_ok_and(|input| decide(order, row.step, &input, self.actor, self.now).is_ok())
    }
}

fn kind(kind: ConflictKind) -> &'static str {
    match kind {
        ConflictKind::Rejected => "rejected",
        ConflictKind::Unreconciled => "unreconciled",
        ConflictKind::Parked => "parked",
    }
}

/// The act as it was entered; it happens now.
fn again(item: &Conflict, row: &Row) -> StepArgs {
    let payload: BTreeMap<String, Value> = serde_json::from_str(&item.payload).unwrap_or_default();
    let texts = payload.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())));
    StepArgs {
        order_id: item.entity.clone(),
        step: row.code.to_owned(),
        fields: texts.filter(|(key, _)| row.fields.iter().any(|field| field.key == key)).collect(),
        idempotency_key: format!("redo-{}", item.id),
        ..StepArgs::default()
    }
}

impl Pen<'_> {
    /// Settles an item: does it again on the present state, or gives it up.
    ///
    /// # Errors
    /// Not found; not allowed for another's item; what the domain refuses when done again.
    pub fn settle(&mut self, args: &SettleConflict) -> Result<Written, DoorError> {
        let id: EventId =
            args.id.parse().map_err(|_| DoorError::bad_input("记录编号不对，请刷新后重试。").at("id"))?;
        let item = self.store.conflict(id)?.filter(|item| item.settled.is_none());
        let item = item.ok_or_else(|| DoorError::not_found("这条记录已经处理过，请刷新。"))?;
        if !self.desk().may_settle(&item) {
            return Err(DoorError::not_allowed("只有操作人本人、服务台或项目经理可以处理这条记录。"));
        }
        let (how, mut written) = match args.how.as_str() {
            "redo" => (Done::Redone, self.redo(&item)?),
            "give_up" => {
                let message = "已放弃，原文仍保留在日志中。".to_owned();
                (Done::GivenUp, Written { id: item.entity.clone(), message, changed: Vec::new() })
            }
            _ => return Err(DoorError::bad_input("处理方式只能是重做或放弃。").at("how")),
        };
        self.store.settle_conflict(id, how, self.host.now().as_millisecond())?;
        written.changed.extend(["sync".to_owned(), "counts".to_owned()]);
        Ok(written)
    }

    fn redo(&mut self, item: &Conflict) -> Result<Written, DoorError> {
        let own = self.actor.user().map(ToString::to_string) == item.user;
        if !own {
            return Err(DoorError::not_allowed(
                "只有操作人本人可以重做；您可以放弃它，或请其本人登录后重做。",
            ));
        }
        if self.desk().can_redo_roster(item) {
            return self.redo_roster_edit(item);
        }
        let row = row_of(&item.act).filter(|_| item.kind == ConflictKind::Rejected);
        let row = row.ok_or_else(|| {
            DoorError::not_now(match item.act.as_str() {
                "contract.settled" => "约定不能原样重做：请在现行版本的“本项目约定”中修改后重新发布。",
                act if act.starts_with("roster.") => "这一步不能原样重做：请打开排班表，按现状重新办理。",
                act if act.starts_with("leave.") || act.starts_with("staff.") => {
                    "请在“排班 → 请假”或“排班 → 人员”中按现状重新操作，再放弃这一条。"
                }
                "handover.signed_out" | "handover.accepted" | "handover.refused" | "handover.witnessed" => {
                    "交接班不能原样重做：请打开这次交接班，查看现状后重新签字。"
                }
                act if act.starts_with("coverage.") => {
                    "请在“保障”中打开这份方案，按现状重新办理，再放弃这一条。"
                }
                "dutylog.reported" => "日报不能原样重做：请打开当日值班日志，对照已报送的一稿后重新报送。",
                _ => "这类记录不能重做：它已保留在日志中，由服务台核对。",
            })
        })?;
        self.step(&again(item, row))
    }
}
