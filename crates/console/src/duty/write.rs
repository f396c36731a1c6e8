//! Opening a month, changing its cells, and what people say and wish about it.

use super::check::Cells;
use super::month::{Roster, first_day, user_of};
use crate::door::dto::{
    CellEdit, DoorError, RosterComment, RosterEdit, RosterOpen, RosterWaive, RosterWish, Written,
};
use crate::order::{Desk, Pen, already, date_of, key};
use crate::store::{Conflict, Draft};
use zaigang_domain::duty::month::payload::{Commented, Edited, PinSet, Waived, Wished};
use zaigang_domain::duty::month::{self, Place, month_entity};
use zaigang_domain::event::{LogName, UserId};
use zaigang_domain::people::Role;

/// Most cells of one call: a month of thirty posts.
const CELLS_MAX: usize = 1_000;

impl Pen<'_> {
    /// Opens a month with the posts agreed in the version in force.
    ///
    /// # Errors
    /// Bad input for a month's name; not now where it is open already or no posts were agreed.
    pub fn open_roster(&mut self, args: &RosterOpen) -> Result<Written, DoorError> {
        let first = first_day(&args.month)?;
        let key = key(self, "roster/open", &args.idempotency_key)?;
        let entity = month_entity(first);
        let message = format!("已开 {} 排班表", first.strftime("%Y年%-m月"));
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let desk = self.desk();
        let (contract, log) = desk.common_log(None)?;
        if !desk.actor.has(Role::Supervisor) || !desk.actor.divisions.is_empty() {
            return Err(DoorError::not_allowed("排班表由合同项目经理（不限总队）开月。"));
        }
        if desk.store.entity_in(log.as_str(), entity.as_str())?.is_some() {
            return Err(DoorError::not_now("这个月的排班表已经开了，请直接编排。"));
        }
        let in_force = desk
            .in_force_of(&contract)?
            .ok_or_else(|| DoorError::not_now("本机尚无这份合同的已发布版本，同步完成后再开月。"))?;
        let settings = &in_force.bound.profile.settings;
        let now = self.host.now();
        let draft = month::open(settings, &in_force.contract_hash, &in_force.calendar_hash, first, now)?;
        self.put(&log, &entity, Draft::from(draft), &key, message)
    }

    /// Changes cells and pins.
    ///
    /// # Errors
    /// Bad input naming the cell; not now at a stage that forbids it or for the published past.
    pub fn edit_roster(&mut self, args: &RosterEdit) -> Result<Written, DoorError> {
        let roster = self.desk().roster(&args.month)?;
        let key = key(self, &format!("roster/{}/edit", roster.month.name()), &args.idempotency_key)?;
        let count = args.cells.len();
        let message = format!("已保存 {count} 格的改动");
        if self.is_repeated(&key)? {
            return Ok(already(&roster.entity, message));
        }
        let cells = cell_edits(&roster, &args.cells)?;
        self.desk().check_scope(&roster, &cells)?;
        let pins = args.pins.iter().enumerate().map(|(n, pin)| {
            let date = date_of(&pin.date, &format!("pins.{n}.date"))?;
            let person = user_of(&pin.person, &format!("pins.{n}.person"))?;
            Ok(PinSet { date, post: pin.post.clone(), person, pinned: pin.pinned })
        });
        let pins = pins.collect::<Result<Vec<_>, DoorError>>()?;
        let (now, note) = (self.host.now(), args.note.trim());
        let drafts = month::edit(&roster.month, &cells, &pins, note, self.actor, roster.today, now)?;
        self.keep(&roster, drafts, &key, message)
    }

    /// Does an edit again that lost to another: the same people into the same cells as they stand now.
    pub(crate) fn redo_roster_edit(&mut self, item: &Conflict) -> Result<Written, DoorError> {
        let edited: Edited = serde_json::from_str(&item.payload)
            .map_err(|_| DoorError::not_now("这条改动来自更新的程序版本，请在排班表上重新编排。"))?;
        let cells = edited.cells.into_iter().map(|cell| CellEdit {
            date: cell.date.to_string(),
            post: cell.post,
            people: cell.people.iter().map(ToString::to_string).collect(),
            was: None,
        });
        self.edit_roster(&RosterEdit {
            month: item.entity.trim_start_matches("roster/").to_owned(),
            cells: cells.collect(),
            pins: Vec::new(),
            note: edited.note,
            idempotency_key: format!("redo-{}", item.id),
        })
    }

    /// Lets a breach pass, or takes that back.
    ///
    /// # Errors
    /// Bad input without a rule; not now at a stage that forbids it.
    pub fn waive(&mut self, args: &RosterWaive) -> Result<Written, DoorError> {
        let date = args.date.as_deref().map(|date| date_of(date, "date")).transpose()?;
        let person = args.person.as_deref().map(|person| user_of(person, "person")).transpose()?;
        let reason = args.reason.trim().to_owned();
        let message = if reason.is_empty() { "已撤销放行" } else { "已放行，理由随版本保存" };
        let waived = Waived { rule: args.rule.clone(), date, post: args.post.clone(), person, reason };
        self.roster_act(&args.month, "roster.waived", &waived, &args.idempotency_key, message)
    }

    /// Says something about the month or a cell.
    ///
    /// # Errors
    /// Bad input without words.
    pub fn comment_roster(&mut self, args: &RosterComment) -> Result<Written, DoorError> {
        let date = args.date.as_deref().map(|date| date_of(date, "date")).transpose()?;
        let text = args.text.trim().to_owned();
        let said = Commented { date, post: args.post.clone(), text };
        self.roster_act(&args.month, "roster.commented", &said, &args.idempotency_key, "已提交意见")
    }

    /// A wish of one's own.
    ///
    /// # Errors
    /// Bad input for an unknown wish or a day of another month.
    pub fn wish(&mut self, args: &RosterWish) -> Result<Written, DoorError> {
        let date = date_of(&args.date, "date")?;
        if !matches!(args.want.as_str(), "on" | "off" | "none") {
            return Err(
                DoorError::bad_input("意愿只能是想上（on）、不想上（off）或取消（none）。").at("want")
            );
        }
        let wished = Wished { date, want: args.want.clone(), weight: args.weight.clamp(1, 3) };
        self.roster_act(&args.month, "roster.wished", &wished, &args.idempotency_key, "已登记意愿")
    }

    /// Writes one act whose payload says all there is to it.
    pub(super) fn roster_act<T: serde::Serialize>(
        &mut self,
        month: &str,
        kind: &'static str,
        payload: &T,
        idempotency_key: &str,
        message: &str,
    ) -> Result<Written, DoorError> {
        let roster = self.desk().roster(month)?;
        self.act_on(&roster, kind, payload, idempotency_key, message)
    }

    /// The same for a month that was read.
    pub(super) fn act_on<T: serde::Serialize>(
        &mut self,
        roster: &Roster,
        kind: &'static str,
        payload: &T,
        idempotency_key: &str,
        message: &str,
    ) -> Result<Written, DoorError> {
        let key = key(self, &format!("{kind}/{}", roster.month.name()), idempotency_key)?;
        if self.is_repeated(&key)? {
            return Ok(already(&roster.entity, message.to_owned()));
        }
        self.check_right(kind, &roster.log)?;
        let draft = month::act(&roster.month, kind, payload, self.actor, self.host.now())?;
        self.keep(roster, vec![draft], &key, message.to_owned())
    }

    /// Whether the person holds a role that may do this at all.
    pub(super) fn check_right(&self, kind: &str, log: &LogName) -> Result<(), DoorError> {
        if zaigang_domain::people::may(self.actor, kind, log) {
            return Ok(());
        }
        let title = zaigang_domain::event::event_type(kind).map_or(kind, |row| row.title);
        Err(DoorError::not_allowed(format!("您没有“{title}”的权限，请由项目经理办理。")))
    }

    pub(super) fn keep(
        &mut self,
        roster: &Roster,
        drafts: Vec<zaigang_domain::order::Draft>,
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let drafts = drafts.into_iter().map(Draft::from).collect();
        let written = self.append(&roster.log, &roster.entity, drafts, key)?;
        let changed = written.changed.into_iter().collect();
        Ok(Written { id: roster.entity.to_string(), message, changed })
    }
}

impl Desk<'_> {
    /// A division's supervisor moves only people of his divisions.
    fn check_scope(&self, roster: &Roster, cells: &[month::CellEdit]) -> Result<(), DoorError> {
        if !self.actor.has(Role::Supervisor) {
            return Err(DoorError::not_allowed("排班由项目经理编排。您可以登记意愿、提意见或申请换班。"));
        }
        let scope = &self.actor.divisions;
        for (n, cell) in cells.iter().enumerate() {
            let now = roster.month.people(&cell.at.key());
            let moved = cell.people.iter().filter(|id| !now.contains(id));
            let moved = moved.chain(now.iter().filter(|id| !cell.people.contains(id)));
            for id in moved {
                let person = roster.person(id.as_str());
                let outside =
                    person.is_none_or(|person| !person.divisions.iter().any(|name| scope.contains(name)));
                if !scope.is_empty() && outside {
                    let name = roster.name(id.as_str());
                    let message = format!("{name} 不属于您负责的总队，只能编排本总队的人员。");
                    return Err(DoorError::not_allowed(message).at(format!("cells.{n}.people")));
                }
            }
        }
        Ok(())
    }
}

/// Cells of a request, each once, with people of the team.
pub(super) fn cell_edits(roster: &Roster, cells: &[CellEdit]) -> Result<Vec<month::CellEdit>, DoorError> {
    if cells.len() > CELLS_MAX {
        let message = format!("一次最多保存 {CELLS_MAX} 格，请分几次保存。");
        return Err(DoorError::bad_input(message).at("cells"));
    }
    let mut edits: Vec<month::CellEdit> = Vec::new();
    for (n, cell) in cells.iter().enumerate() {
        let date = date_of(&cell.date, &format!("cells.{n}.date"))?;
        let at = Place { date, post: cell.post.clone() };
        if !roster.month.has(&at) {
            return Err(
                DoorError::bad_input("所填的日期或岗位不在这个月的排班表里。").at(format!("cells.{n}.post"))
            );
        }
        if edits.iter().any(|edit| edit.at == at) {
            return Err(DoorError::bad_input("同一格写了两次。").at(format!("cells.{n}.date")));
        }
        let field = format!("cells.{n}.people");
        let people = people_of(roster, &cell.people, &at, &field)?;
        let was = cell.was.as_ref().map(|was| was.iter().map(|id| user_of(id, &field)).collect());
        edits.push(month::CellEdit { at, people, was: was.transpose()? });
    }
    Ok(edits)
}

fn people_of(roster: &Roster, ids: &[String], at: &Place, field: &str) -> Result<Vec<UserId>, DoorError> {
    let stands = roster.month.people(&at.key());
    let mut people = Vec::new();
    for id in ids {
        let id = user_of(id, field)?;
        let known = roster.person(id.as_str()).is_some_and(|person| !person.disabled);
        if !known && !stands.contains(&id) {
            return Err(DoorError::bad_input("没有这个人，或已停用，请重新选择。").at(field));
        }
        people.push(id);
    }
    people.sort();
    people.dedup();
    Ok(people)
}

/// The month's cells with edits that are not saved.
pub(super) fn with_edits(roster: &Roster, edits: &[CellEdit]) -> Result<Cells, DoorError> {
    let mut cells = roster.month.cells_of(0).unwrap_or_default();
    for edit in cell_edits(roster, edits)? {
        cells.insert(edit.at.key(), edit.people);
    }
    cells.retain(|_, people| !people.is_empty());
    Ok(cells)
}
