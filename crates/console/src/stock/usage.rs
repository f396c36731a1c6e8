//! What is used of what and for what, and how old what lies there is.
//!
//! Promises: every number is a sum of movements that a list shows, and the reply says how it was reckoned.

use super::{Shelf, many, small, unsigned};
use crate::door::dto::{
    AgeRow, AgedPart, AgeingArgs, AgeingBoard, DoorError, UsageArgs, UsageBoard, UsageRow,
};
use crate::order::{Desk, filled, instant, object_text};
use crate::store::StoreError;
use jiff::Span;
use jiff::civil::Date;
use rusqlite::params;
use zaigang_domain::calendar::{civil_date, midnight};
use zaigang_report::{NamedBar, Theme, named_bars};

/// Days looked back where nothing is said, and at most.
const DAYS: (u32, u32) = (90, 3_660);
/// Rows of a table.
const ROWS_MAX: usize = 50;
/// Bars of a picture.
const BARS_MAX: usize = 12;
/// Models of the list of what is old.
const AGED_MAX: usize = 500;

/// Ages: code, name, and the days up to which it reaches.
const AGES: [(&str, &str, i64); 5] = [
    ("d90", "90 天以内", 90),
    ("d180", "91 至 180 天", 180),
    ("d365", "181 至 365 天", 365),
    ("y2", "1 至 2 年", 730),
    ("old", "2 年以上", i64::MAX),
];

/// What stands for movements of no maintenance object, and of orders that are not here.
const NO_OBJECT: &str = "-";
const ELSEWHERE: &str = "?";

/// The object of a movement `m`, or why there is none.
pub(super) const OBJECT_OF: &str = "CASE WHEN m.order_id IS NULL THEN '-'
    ELSE coalesce((SELECT coalesce(o.object, '-') FROM orders o WHERE o.id = m.order_id), '?') END";

impl Desk<'_> {
    /// What was used in the last days: 领用出库 less 退库, by model and by maintenance object.
    ///
    /// # Errors
    /// Bad input for too many days; not now where this console holds no store's log.
    pub fn stock_usage(&self, args: &UsageArgs) -> Result<UsageBoard, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let days = if args.days == 0 { DAYS.0 } else { args.days };
        if days > DAYS.1 {
            return Err(DoorError::bad_input(format!("最多看 {} 天。", DAYS.1)).at("days"));
        }
        let today = civil_date(self.now);
        let from = today.saturating_sub(Span::new().days(i64::from(days) - 1));
        let mut models = Vec::new();
        for (part, quantity) in self.used_by(&shelf, "+m.part", from)? {
            let (name, unit) = self.part_head(&shelf, &part)?;
            models.push(UsageRow { id: part, name, unit, quantity: small(quantity) });
        }
        let bound = self.in_force_of(&shelf.contract)?.map(|in_force| in_force.bound);
        let mut objects = Vec::new();
        for (object, quantity) in self.used_by(&shelf, OBJECT_OF, from)? {
            let name = match object.as_str() {
                NO_OBJECT => "未关联维护对象".to_owned(),
                ELSEWHERE => "工单不在本机".to_owned(),
                no => object_text(bound, no),
            };
            objects.push(UsageRow { id: object, name, unit: "件".to_owned(), quantity: small(quantity) });
        }
        Ok(UsageBoard {
            from: from.to_string(),
            models_total: many(models.len()),
            model_svg: self.usage_svg(&models, args)?,
            object_svg: self.usage_svg(&objects, args)?,
            how: format!(
                "{from} 至 {today}，领用出库数量减退库数量；借出、送修、移库、报废不算用量。维护对象取自用件工单。"
            ),
            models: models.into_iter().take(ROWS_MAX).collect(),
            objects: objects.into_iter().take(ROWS_MAX).collect(),
        })
    }

    /// Amounts used since a day by an expression over movements `m`, the largest first. A plain column is given
    /// a plus: the days are to be found by the index, not the groups.
    fn used_by(&self, shelf: &Shelf, by: &str, from: Date) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = format!(
            "SELECT {by} AS what, sum(CASE m.kind WHEN 'issued' THEN m.quantity ELSE -m.quantity END) AS used
             FROM stock_movement m WHERE m.log = ?1 AND m.kind IN ('issued', 'returned') AND m.at >= ?2
                AND m.unreconciled = 0
             GROUP BY what HAVING used <> 0 ORDER BY used DESC, what"
        );
        let conn = self.store.reader();
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params![shelf.n, midnight(from) / 1_000], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn usage_svg(&self, rows: &[UsageRow], args: &UsageArgs) -> Result<String, DoorError> {
        let bars: Vec<NamedBar> = rows
            .iter()
            .take(BARS_MAX)
            .map(|row| NamedBar {
                name: row.name.clone(),
                amount: i64::from(row.quantity),
                unit: row.unit.clone(),
            })
            .collect();
        picture(&bars, &args.theme, args.width)
    }

    /// How long what can be handed out has been there, first in first out.
    ///
    /// # Errors
    /// Bad input for an unknown age; not now where this console holds no store's log.
    pub fn stock_ageing(&self, args: &AgeingArgs) -> Result<AgeingBoard, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let age = filled(args.age.as_ref());
        let wanted = age.map(|age| AGES.iter().position(|(code, ..)| *code == age));
        if wanted == Some(None) {
            return Err(DoorError::bad_input("没有这个库龄段，请重新选择。").at("age"));
        }
        let mut sums = [(0_i64, 0_u32); AGES.len()];
        let mut parts = Vec::new();
        for (part, on_hand, first_at) in self.there(&shelf)? {
            let (ages, oldest) = self.ages_of(&shelf, &part, on_hand, first_at)?;
            for (sum, quantity) in sums.iter_mut().zip(ages) {
                sum.0 += quantity;
                sum.1 += u32::from(quantity > 0);
            }
            let is_wanted = |at: usize| ages.get(at).is_some_and(|quantity| *quantity > 0);
            if wanted.flatten().is_none_or(is_wanted) {
                parts.push((oldest, part, on_hand, ages));
            }
        }
        parts.sort();
        let total = many(parts.len());
        let mut listed = Vec::new();
        for (oldest, part, on_hand, ages) in parts.into_iter().take(AGED_MAX) {
            let (name, unit) = self.part_head(&shelf, &part)?;
            listed.push(AgedPart {
                part,
                name,
                unit,
                on_hand: small(on_hand),
                oldest: civil_date(instant(oldest)).to_string(),
                ages: ages.into_iter().map(unsigned).collect(),
            });
        }
        let rows = AGES.iter().zip(sums).map(|((code, name, _), (quantity, models))| AgeRow {
            id: (*code).to_owned(),
            name: (*name).to_owned(),
            quantity: unsigned(quantity),
            models,
        });
        let rows: Vec<AgeRow> = rows.collect();
        let bars: Vec<NamedBar> = rows
            .iter()
            .map(|row| NamedBar {
                name: row.name.clone(),
                amount: i64::from(row.quantity),
                unit: "件".to_owned(),
            })
            .collect();
        let svg = if listed.is_empty() { String::new() } else { picture(&bars, &args.theme, args.width)? };
        Ok(AgeingBoard { rows, svg, total, parts: listed, how: HOW_OLD.to_owned() })
    }

    /// Models of which something is there, how many, and when they first moved.
    fn there(&self, shelf: &Shelf) -> Result<Vec<(String, i64, i64)>, StoreError> {
        let conn = self.store.reader();
        let mut statement = conn.prepare_cached(
            "SELECT id, on_hand, coalesce(first_at, 0) FROM stock_part WHERE log = ?1 AND on_hand > 0 ORDER BY id",
        )?;
        let rows = statement.query_map([shelf.n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Pieces by age, and the instant of the oldest: the last that came in are those that are still there.
    fn ages_of(
        &self,
        shelf: &Shelf,
        part: &str,
        on_hand: i64,
        first_at: i64,
    ) -> Result<([i64; AGES.len()], i64), StoreError> {
        let conn = self.store.reader();
        let mut statement = conn.prepare_cached(
            "SELECT at, quantity FROM stock_movement
             WHERE log = ?1 AND part = ?2 AND +kind = 'received' AND unreconciled = 0 ORDER BY at DESC, id DESC",
        )?;
        let mut rows = statement.query(params![shelf.n, part])?;
        let (mut ages, mut left, mut oldest) = ([0; AGES.len()], on_hand, self.now.as_millisecond());
        let mut put = |at: i64, quantity: i64| {
            let days = (self.now.as_millisecond() - at) / crate::store::DAY_MS;
            let age = AGES.iter().position(|(_, _, up_to)| days <= *up_to).unwrap_or(0);
            if let Some(age) = ages.get_mut(age) {
                *age += quantity;
            }
            oldest = oldest.min(at);
        };
        while left > 0 {
            // What no receipt tells of is as old as the first movement.
            let Some(row) = rows.next()? else {
                put(first_at, left);
                break;
            };
            let quantity = left.min(row.get::<_, i64>(1)?);
            put(row.get(0)?, quantity);
            left -= quantity;
        }
        Ok((ages, oldest))
    }
}

const HOW_OLD: &str = "按先进先出推算：现存的视为最近入库的那些，从入库之日算到今天；没有入库记录的（盘盈、更正）从该型号第一笔流水算起。";

fn picture(bars: &[NamedBar], theme: &str, width: u32) -> Result<String, DoorError> {
    if bars.is_empty() || width == 0 {
        return Ok(String::new());
    }
    let theme = if theme == "dark" { Theme::Dark } else { Theme::Light };
    named_bars(bars, theme, width).map_err(DoorError::broken)
}
