//! The work records of a day, and what they come to.

use crate::door::dto::{DoorError, RecordDay, RecordDayArgs, RecordDto, RecordRow, RecordSum, RecordTotals};
use crate::order::{Desk, object_text, remote_dto, stated_date};
use crate::store::StoreError;
use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, params};
use zaigang_domain::calendar::{civil_date, format_instant, midnight};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::Order;
use zaigang_domain::order::payload::Inspection;

/// Most records of one day shown: a whole site's.
const ROWS_MAX: u32 = 2_000;
/// How far back an earlier day is looked for.
const DAYS_BACK: i64 = 31;

impl Desk<'_> {
    /// The work records of a day within the person's scope.
    ///
    /// # Errors
    /// Bad input for a date that is none; internal when the store fails.
    pub fn record_day(&self, args: &RecordDayArgs) -> Result<RecordDay, DoorError> {
        let date = stated_date(args.date.as_deref(), "date")?.unwrap_or_else(|| civil_date(self.now));
        let me = self.actor.user();
        let mut rows = Vec::new();
        for (id, order) in self.records_of(date)? {
            let is_mine = self.actor.is(order.registered_by.as_ref());
            if !args.mine || is_mine {
                rows.push(self.record_row(id, &order, is_mine)?);
            }
        }
        let previous = me.map(|me| self.previous_day(date, me.as_str())).transpose()?.flatten();
        let (totals, previous) = (totals(&rows), previous.map(|date| date.to_string()));
        Ok(RecordDay { date: date.to_string(), rows, totals, previous })
    }

    fn records_of(&self, date: Date) -> Result<Vec<(String, Order)>, StoreError> {
        let from = midnight(date) / 1_000;
        let mut statement = self.store.reader().prepare_cached(
            "SELECT entity.name, coalesce(entity.shown, entity.confirmed)
             FROM orders INDEXED BY orders_reported JOIN entity ON entity.n = orders.entity
             WHERE orders.reported_at >= ?1 AND orders.reported_at < ?2 AND orders.kind = 'work_record'
             ORDER BY orders.reported_at, orders.entity LIMIT ?3",
        )?;
        let mut rows = statement.query(params![from, from + 86_400_000, ROWS_MAX])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let state: EntityState = serde_json::from_str(text)?;
            let Some(order) = state.order() else { continue };
            if self.actor.covers(&order.contract, &order.division) {
                found.push((row.get(0)?, order.clone()));
            }
        }
        Ok(found)
    }

    /// The last earlier date on which a person wrote records.
    fn previous_day(&self, date: Date, user: &str) -> Result<Option<Date>, StoreError> {
        let before = midnight(date) / 1_000;
        let at: Option<i64> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT orders.reported_at
                 FROM orders INDEXED BY orders_reported JOIN entity ON entity.n = orders.entity
                 WHERE orders.reported_at < ?1 AND orders.reported_at >= ?2 AND orders.kind = 'work_record'
                    AND json_extract(coalesce(entity.shown, entity.confirmed), '$.order.registered_by') = ?3
                    AND json_extract(coalesce(entity.shown, entity.confirmed), '$.order.voided') IS NULL
                 ORDER BY orders.reported_at DESC LIMIT 1",
            )?
            .query_row(params![before, before - DAYS_BACK * 86_400_000, user], |row| row.get(0))
            .optional()?;
        Ok(at.map(|at| civil_date(crate::order::instant(at))))
    }

    fn record_row(&self, id: String, order: &Order, is_mine: bool) -> Result<RecordRow, StoreError> {
        let object = order.object.as_deref().map(|no| object_text(self.bound(order), no));
        let by = order.registered_by.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        Ok(RecordRow {
            id,
            number: order.number.clone(),
            at: format_instant(order.reported_at),
            object_no: order.object.clone().unwrap_or_default(),
            object: object.unwrap_or_default(),
            division: order.division.clone(),
            title: order.title.clone(),
            record: self.record_dto(order)?.unwrap_or_default(),
            by: by.unwrap_or_default(),
            mine: is_mine,
            late: order.late_minutes().is_some(),
            voided: order.voided,
            open: order.status.is_open(),
            pending: order.pending,
        })
    }

    /// What a work record says; `None` for one that says nothing beyond its title.
    pub(crate) fn record_dto(&self, order: &Order) -> Result<Option<RecordDto>, StoreError> {
        let Some(record) = &order.record else { return Ok(None) };
        let inspection = record.inspection.map(|found| match found {
            Inspection::Normal => "normal",
            Inspection::Abnormal => "abnormal",
        });
        Ok(Some(RecordDto {
            category: record.category.clone(),
            minutes: record.minutes,
            result: record.result.clone(),
            confirmed_by: record.confirmed_by.clone(),
            authorisation: record.authorisation.clone(),
            inspection: inspection.map(str::to_owned),
            on_behalf: order.on_behalf.as_ref().map(|user| self.name(user.as_str())).transpose()?,
            remote: order.remote.as_ref().map(remote_dto),
        }))
    }
}

fn totals(rows: &[RecordRow]) -> RecordTotals {
    let mut sum = RecordTotals::default();
    for row in rows.iter().filter(|row| !row.voided) {
        let record = &row.record;
        sum.count += 1;
        sum.minutes = sum.minutes.saturating_add(record.minutes);
        match record.inspection.as_deref() {
            Some("normal") => sum.normal += 1,
            Some("abnormal") => sum.abnormal += 1,
            _ => {}
        }
        sum.unconfirmed += u32::from(record.confirmed_by.is_empty());
        match sum.categories.iter_mut().find(|one| one.category == record.category) {
            Some(one) => {
                one.count += 1;
                one.minutes = one.minutes.saturating_add(record.minutes);
            }
            None => sum.categories.push(RecordSum {
                category: record.category.clone(),
                count: 1,
                minutes: record.minutes,
            }),
        }
    }
    sum.categories.sort_by_key(|one| std::cmp::Reverse(one.minutes));
    sum
}
