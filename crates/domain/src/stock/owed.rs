//! What a store owes by the calendar and by the contract: the joint stocktake of each quarter, and the spares of
//! the contract's list.

use super::{PartCard, Take, TakeStage};
use crate::calendar::civil_date;
use jiff::civil::{Date, date};

/// The joint stocktake of a quarter. 本项目约定: one of the whole store in each calendar quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeOwed {
    /// Its year.
    pub year: i16,
    /// Its quarter, 1 to 4.
    pub quarter: i8,
    /// Last day by which it is to be finished.
    pub due: Date,
    /// That day has passed.
    pub overdue: bool,
}

/// `(2025, 4)` of a date in the fourth quarter.
fn quarter_of(day: Date) -> (i16, i8) {
    (day.year(), (day.month() - 1) / 3 + 1)
}

fn last_day((year, quarter): (i16, i8)) -> Date {
    date(year, quarter * 3, 1).last_of_month()
}

/// The stocktake that is owed next: of the quarter after the one in which the whole store was counted last, or
/// of the one in which the store began. `begun` is the first day of the store, absent while nothing moved.
#[must_use]
pub fn take_owed<'a>(
    takes: impl IntoIterator<Item = &'a Take>,
    begun: Option<Date>,
    today: Date,
) -> Option<TakeOwed> {
    let whole = |take: &&Take| take.stage == TakeStage::Adjusted && take.opened.places.is_empty();
    let counted = takes.into_iter().filter(whole).map(|take| civil_date(take.at)).max();
    let (year, quarter) = match (counted, begun) {
        (Some(day), _) => match quarter_of(day) {
            (year, 4) => (year.saturating_add(1), 1),
            (year, quarter) => (year, quarter + 1),
        },
        (None, Some(day)) => quarter_of(day),
        (None, None) => return None,
    };
    let due = last_day((year, quarter));
    Some(TakeOwed { year, quarter, due, overdue: due < today })
}

/// Whether a model answers an item of the contract's list: one names the other, by name, category or what it fits.
#[must_use]
pub fn answers_item(card: &PartCard, item: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
    let item = plain(item);
    let named = |text: &String| {
        let text = plain(text);
        !text.is_empty() && (text.contains(&item) || item.contains(&text))
    };
    !card.closed
        && !item.is_empty()
        && (named(&card.name) || named(&card.category) || card.compatible.iter().any(named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventId;
    use crate::stock::Opened;

    fn take(day: Date, stage: TakeStage, whole: bool) -> Take {
        let place = crate::stock::entity_of("place", EventId([1; 16]));
        let places = if whole { Vec::new() } else { vec![place] };
        let opened = serde_json::json!({ "name": "盘点", "blind": false, "places": places });
        Take {
            opened: serde_json::from_value::<Opened>(opened).unwrap(),
            by: None,
            at: format!("{day}T10:00:00+08:00").parse().unwrap(),
            first: EventId([0; 16]),
            stage,
            lines: Vec::new(),
            closed: None,
            signatures: Vec::new(),
            adjusted: None,
            cancelled: None,
            touched: EventId([0; 16]),
            pending: Vec::new(),
        }
    }

    #[test]
    fn a_whole_stocktake_is_owed_in_each_quarter() {
        use TakeStage::{Adjusted, Signed};
        let today = date(2025, 10, 15);
        let began = Some(date(2025, 5, 3));
        let table = [
            (vec![], None, None),
            (vec![], began, Some((2025, 2, date(2025, 6, 30), true))),
            (vec![], Some(today), Some((2025, 4, date(2025, 12, 31), false))),
            (
                vec![take(date(2025, 9, 30), Adjusted, true)],
                began,
                Some((2025, 4, date(2025, 12, 31), false)),
            ),
            (vec![take(date(2025, 6, 30), Adjusted, true)], began, Some((2025, 3, date(2025, 9, 30), true))),
            (vec![take(today, Adjusted, true)], began, Some((2026, 1, date(2026, 3, 31), false))),
            // One that is not finished, or only of some places, is not that of the quarter.
            (vec![take(today, Signed, true)], Some(today), Some((2025, 4, date(2025, 12, 31), false))),
            (vec![take(today, Adjusted, false)], Some(today), Some((2025, 4, date(2025, 12, 31), false))),
        ];
        for (at, (takes, begun, expected)) in table.iter().enumerate() {
            let owed = take_owed(takes, *begun, today);
            let owed = owed.map(|owed| (owed.year, owed.quarter, owed.due, owed.overdue));
            assert_eq!(owed, *expected, "row {at}");
        }
    }

    #[test]
    fn a_model_answers_an_item_by_what_either_is_called() {
        let card = PartCard {
            name: "服务器主板".into(),
            category: "服务器配件".into(),
            compatible: vec!["大屏 LED 屏幕".into()],
            ..PartCard::default()
        };
        for (item, fits) in
            [("主板", true), ("屏幕", true), ("供电单元", false), ("", false), ("服务器 主板", true)]
        {
            assert_eq!(answers_item(&card, item), fits, "{item}");
        }
        assert!(!answers_item(&PartCard { closed: true, ..card }, "主板"), "not in use any more");
    }
}
