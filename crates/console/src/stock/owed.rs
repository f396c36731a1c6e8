//! What of a store waits for somebody, the spares of the contract's list, and what stock puts into other forms.

use super::{Shelf, small};
use crate::door::dto::{
    DoorError, SlipsArgs, SpareListDto, SpareRow, StockMatter, StockMatters, StoreRef, ThingDto,
    TransfersArgs,
};
use crate::order::Desk;
use crate::store::StoreError;
use rusqlite::params;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::contract::facts::Spare;
use zaigang_domain::duty::coverage::SpareNeed;
use zaigang_domain::duty::handover::ThingKind;
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{MovementKind, PartCard, TakeOwed, answers_item, take_owed};

/// Days after which something in transit is told. 本项目约定.
const TRANSIT_DAYS_MAX: u32 = 7;
/// Days ahead that a stocktake is told. 本项目约定.
const TAKE_DAYS_AHEAD: i32 = 15;
/// Models a plan or handover is filled with at most.
const FILLED_MAX: usize = 50;

fn matter(kind: &str, id: &str, text: String, due: Option<String>, overdue: bool) -> StockMatter {
    StockMatter {
        kind: kind.to_owned(),
        store: String::new(),
        id: id.to_owned(),
        text,
        who: String::new(),
        due,
        overdue,
    }
}

impl Desk<'_> {
    /// What of the stores waits for somebody: for keepers and supervisors, the overdue first.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn stock_matters(&self) -> Result<StockMatters, DoorError> {
        let mut matters = Vec::new();
        if !self.store_may().keep {
            return Ok(StockMatters { matters });
        }
        for shelf in self.shelves()? {
            let mut found = self.owed_back(&shelf)?;
            found.extend(self.owed_approvals(&shelf)?);
            found.extend(self.long_in_transit(&shelf)?);
            found.extend(self.owed_take(&shelf)?);
            matters.extend(found.into_iter().map(|row| StockMatter { store: shelf.log.to_string(), ..row }));
        }
        matters.sort_by(|a, b| (!a.overdue, &a.due, &a.text).cmp(&(!b.overdue, &b.due, &b.text)));
        Ok(StockMatters { matters })
    }

    /// Loans and repairs past their day.
    fn owed_back(&self, shelf: &Shelf) -> Result<Vec<StockMatter>, DoorError> {
        let mut found = Vec::new();
        for (kind, moved, what) in
            [("loan", MovementKind::Borrowed, "借出未还"), ("repair", MovementKind::SentToRepair, "送修未回")]
        {
            for row in self.outstanding(shelf, moved)?.into_iter().filter(|row| row.overdue) {
                let movement = &row.movement;
                let text = format!(
                    "{what}：{} {} {}，{}",
                    movement.part_name, row.quantity, movement.unit, row.text
                );
                let matter = matter(kind, &movement.id, text, row.due.clone(), true);
                found.push(StockMatter { who: movement.custodian.clone(), ..matter });
            }
        }
        Ok(found)
    }

    /// Parts taken in an emergency whose approval is owed.
    fn owed_approvals(&self, shelf: &Shelf) -> Result<Vec<StockMatter>, DoorError> {
        let args =
            SlipsArgs { store: Some(shelf.log.to_string()), limit: super::PAGE.1, ..SlipsArgs::default() };
        let slips = self.stock_slips(&args)?.rows.into_iter().filter(|slip| slip.stage == "taken");
        let row = |slip: crate::door::dto::SlipDto| {
            let text = format!("紧急领用待补批：{}，{}", slip.number, slip.asker_name);
            StockMatter { who: slip.asker_name, ..matter("slip", &slip.id, text, slip.due, slip.overdue) }
        };
        Ok(slips.map(row).collect())
    }

    /// Transfers that are on the way for long, or differ.
    fn long_in_transit(&self, shelf: &Shelf) -> Result<Vec<StockMatter>, DoorError> {
        let args = TransfersArgs { store: Some(shelf.log.to_string()), view: Some("in_transit".to_owned()) };
        let rows = self.stock_transfers(&args)?.rows.into_iter();
        let late = rows.filter(|row| row.stage == "differs" || row.days > TRANSIT_DAYS_MAX);
        let told = |row: crate::door::dto::TransferDto| {
            let to = if row.role == "in" { "自" } else { "至" };
            let what = if row.stage == "differs" {
                "收货有差异，待结清".to_owned()
            } else {
                format!("在途 {} 天", row.days)
            };
            let text = format!("调拨 {} {to}{}：{what}", row.number, row.other_name);
            matter("transfer", &row.id, text, None, true)
        };
        Ok(late.map(told).collect())
    }

    /// The stocktake of the quarter that a store owes.
    pub(super) fn take_owed_of(&self, shelf: &Shelf) -> Result<Option<TakeOwed>, StoreError> {
        let first: Option<i64> = self
            .store
            .reader()
            .prepare_cached("SELECT min(at) FROM stock_movement WHERE log = ?1")?
            .query_row(params![shelf.n], |row| row.get(0))?;
        let states = self.store.states(&shelf.log, "stocktake")?;
        let takes = states.iter().filter_map(|(_, state)| state.take());
        let begun = first.map(|at| civil_date(crate::order::instant(at)));
        Ok(take_owed(takes, begun, civil_date(self.now)))
    }

    fn owed_take(&self, shelf: &Shelf) -> Result<Option<StockMatter>, DoorError> {
        let Some(owed) = self.take_owed_of(shelf)? else { return Ok(None) };
        let left = civil_date(self.now).until(owed.due).map_or(0, |span| span.get_days());
        if !owed.overdue && left > TAKE_DAYS_AHEAD {
            return Ok(None);
        }
        let text = take_text(shelf, &owed);
        let who = "库管员与采购人".to_owned();
        Ok(Some(StockMatter { who, ..matter("take", "", text, Some(owed.due.to_string()), owed.overdue) }))
    }

    /// The spares the contract lists, with what the store has of them.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn spare_list(&self, args: &StoreRef) -> Result<SpareListDto, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let profile = self.in_force_of(&shelf.contract)?.map(|in_force| in_force.bound.profile);
        let spares = profile.map(|profile| profile.facts.spare.as_slice()).unwrap_or_default();
        let document = profile.map(|profile| profile.document.clone()).unwrap_or_default();
        let mut cards = Vec::new();
        for (id, state) in self.store.states(&shelf.log, "part")? {
            if let EntityState::Part(part) = state {
                cards.push((self.available(&shelf, id.as_str())?, part.card));
            }
        }
        let items = spares.iter().filter(|spare| spare.kind.as_deref() == Some("item"));
        let rows: Vec<SpareRow> = items.filter_map(|spare| spare_row(&document, spare, &cards)).collect();
        let rule = spares.iter().find_map(|spare| Some((spare, spare.coverage_percent?)));
        let covered = rows.iter().filter(|row| row.state == "covered").count();
        let share = (covered * 100).checked_div(rows.len()).and_then(|share| u32::try_from(share).ok());
        let hint = if rows.is_empty() {
            "合同文本没有逐项列出备件。清单另行约定的，请把各型号登记到库里并写明下限，低于下限会提醒。"
        } else {
            "按名称、类别和适用设备与库里的型号对照；对不上的，请在型号的“适用设备”中写明清单上的名称。"
        };
        Ok(SpareListDto {
            required: rule.map(|(_, percent)| percent),
            clause: rule
                .map(|(spare, _)| format!("{document}:{} {}", spare.source_line, spare.source_text))
                .unwrap_or_default(),
            share: share.unwrap_or(0),
            covered: super::many(covered),
            rows,
            hint: hint.to_owned(),
        })
    }

    /// What stock puts into a new coverage plan: models with a minimum, and what there is of them.
    pub(crate) fn plan_spares(&self) -> Result<Vec<SpareNeed>, DoorError> {
        let mut needs = Vec::new();
        for shelf in self.shelves()? {
            for (id, state) in self.store.states(&shelf.log, "part")? {
                let EntityState::Part(part) = state else { continue };
                if needs.len() >= FILLED_MAX || part.card.closed || part.card.minimum == 0 {
                    continue;
                }
                let available = self.available(&shelf, id.as_str())?.max(0);
                let quantity = u32::try_from(available).unwrap_or(u32::MAX).min(part.card.minimum);
                needs.push(SpareNeed { name: part.card.title(), quantity, place: shelf.name() });
            }
        }
        Ok(needs)
    }

    /// What stock puts into a handover: parts that are lent.
    pub(crate) fn lent_things(&self) -> Result<Vec<ThingDto>, DoorError> {
        let mut things = Vec::new();
        for shelf in self.shelves()? {
            for row in self.outstanding(&shelf, MovementKind::Borrowed)? {
                let movement = &row.movement;
                let serial =
                    if movement.serial.is_empty() { String::new() } else { format!(" {}", movement.serial) };
                let who = if movement.custodian.is_empty() { &movement.reason } else { &movement.custodian };
                things.push(ThingDto {
                    kind: ThingKind::Part.code().to_owned(),
                    name: format!("{}{serial}", movement.part_name),
                    count: u32::try_from(row.quantity.max(0)).unwrap_or(0),
                    note: [format!("借出，{who}"), row.text.clone()].join("，"),
                });
            }
        }
        things.truncate(FILLED_MAX);
        Ok(things)
    }
}

/// `信息中心备件库 2025 年第 4 季度联合盘点，12-31 到期`.
fn take_text(shelf: &Shelf, owed: &TakeOwed) -> String {
    let state = if owed.overdue { "已逾期" } else { "到期" };
    format!(
        "{} {} 年第 {} 季度联合盘点（全库），{} {state}",
        shelf.name(),
        owed.year,
        owed.quarter,
        owed.due.strftime("%m-%d")
    )
}

/// An item of the contract's list with the models that answer it.
fn spare_row(document: &str, spare: &Spare, cards: &[(i64, PartCard)]) -> Option<SpareRow> {
    let item = spare.item.clone()?;
    let fitting: Vec<&(i64, PartCard)> = cards.iter().filter(|(_, card)| answers_item(card, &item)).collect();
    let available: i64 = fitting.iter().map(|(available, _)| available.max(&0)).sum();
    let wanted = i64::from(spare.quantity.unwrap_or(1));
    let (state, state_name) = if fitting.is_empty() {
        ("missing", "缺")
    } else if available < wanted {
        ("out", "有型号，无可用")
    } else {
        ("covered", "已覆盖")
    };
    let names: Vec<String> = fitting.iter().map(|(_, card)| card.title()).collect();
    Some(SpareRow {
        id: spare.id.clone(),
        item,
        group: spare.group.clone().unwrap_or_default(),
        clause: format!("{document}:{}", spare.source_line),
        state: state.to_owned(),
        state_name: state_name.to_owned(),
        parts: names.join("、"),
        available: small(available),
    })
}
