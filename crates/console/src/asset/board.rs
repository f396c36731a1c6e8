//! 到期看板: what ends when, and how old devices are.

use crate::door::dto::{AssetBoard, AssetBoardArgs, AssetCount, AssetObjectCount, DoorError};
use crate::order::{Desk, filled};
use crate::store::StoreError;
use jiff::civil::Date;
use zaigang_domain::asset::{AgeCount, Dated, ObjectCount, PeriodCount, SOON_DAYS, board};
use zaigang_domain::calendar::civil_date;
use zaigang_report::{CountBar, Theme, count_bars};

impl Desk<'_> {
    /// The board of a day.
    ///
    /// # Errors
    /// Bad input for a division that is not here.
    pub fn asset_board(&self, args: &AssetBoardArgs) -> Result<AssetBoard, DoorError> {
        let site = self.asset_site()?;
        let today = civil_date(self.now);
        let logs = match filled(args.division.as_ref()) {
            Some(name) => {
                let wanted = site.of_name(&name).ok_or_else(|| {
                    DoorError::bad_input("本机没有这个部门的数据，请重新选择。").at("division")
                })?;
                format!("[{}]", wanted.n)
            }
            None => site.logs(),
        };
        let counted = board(&self.dated(&logs)?, today);
        let object_name = |id: &str| {
            site.contracts()
                .find_map(|(contract, _)| site.object(contract, id))
                .map(|object| object.name.clone())
        };
        let object = |row: &ObjectCount| AssetObjectCount {
            name: object_name(&row.object).unwrap_or_else(|| "未填运维对象".to_owned()),
            object: row.object.clone(),
            total: row.total,
            expired: row.expired,
            soon: row.soon,
            unknown: row.unknown,
        };
        let months: Vec<AssetCount> =
            counted.months.iter().map(|row| period(row, month_name(row.from))).collect();
        let svg = if args.width == 0 { String::new() } else { chart(&counted.months, today, args)? };
        Ok(AssetBoard {
            today: today.to_string(),
            basis: format!(
                "按卡片计，不含已拆除和已报废；到期日取质保和维保中较晚的一个；{SOON_DAYS} 天内到期为即将过保（本项目约定）"
            ),
            all: AssetObjectCount { name: "全部".to_owned(), ..object(&counted.all) },
            months,
            quarters: counted.quarters.iter().map(|row| period(row, quarter_name(row.from))).collect(),
            ages: counted.ages.iter().map(age).collect(),
            ageless: counted.ageless,
            objects: counted.objects.iter().map(object).collect(),
            svg,
        })
    }

    fn dated(&self, logs: &str) -> Result<Vec<Dated>, StoreError> {
        let mut list = self.store.reader().prepare_cached(
            "SELECT object, quantity, cover_end, since FROM asset
             WHERE living = 1 AND log IN (SELECT value FROM json_each(?1))",
        )?;
        let date = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
        let rows = list.query_map([logs], |row| {
            Ok(Dated {
                object: row.get(0)?,
                quantity: row.get(1)?,
                end: date(row.get(2)?),
                since: date(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn chart(months: &[PeriodCount], today: Date, args: &AssetBoardArgs) -> Result<String, DoorError> {
    let theme = if args.theme == "dark" { Theme::Dark } else { Theme::Light };
    let soon = today.saturating_add(jiff::Span::new().days(SOON_DAYS));
    let bars: Vec<CountBar> = months
        .iter()
        .map(|row| CountBar {
            label: row.from.strftime("%y-%m").to_string(),
            count: row.cards,
            marked: row.from <= soon,
        })
        .collect();
    count_bars(&bars, ("到期（台）", "90 天内"), theme, args.width, args.height).map_err(DoorError::broken)
}

fn period(row: &PeriodCount, label: String) -> AssetCount {
    AssetCount { label, from: Some(row.from.to_string()), to: Some(row.to.to_string()), count: row.cards }
}

fn month_name(first: Date) -> String {
    format!("{}年{}月", first.year(), first.month())
}

fn quarter_name(first: Date) -> String {
    let name = match first.month() {
        1..=3 => "一",
        4..=6 => "二",
        7..=9 => "三",
        _ => "四",
    };
    format!("{}年{name}季度", first.year())
}

fn age(row: &AgeCount) -> AssetCount {
    let label = match (row.from_years, row.to_years) {
        (0, Some(to)) => format!("不满 {to} 年"),
        (from, Some(to)) => format!("{from}～{to} 年"),
        (from, None) => format!("{from} 年以上"),
    };
    AssetCount {
        label,
        from: row.since_from.map(|date| date.to_string()),
        to: row.since_to.map(|date| date.to_string()),
        count: row.cards,
    }
}
