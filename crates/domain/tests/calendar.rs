//! Calendar: every kind of day of the announced years, office hours, and working time there and back.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::str::FromStr;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use zaigang_domain::calendar::interface::days;
use zaigang_domain::calendar::{
    Calendar, DayKind, DayOverride, MonthDay, OfficeHours, Pack, Season, Window, WorkTime, instant, midnight,
    read_packs,
};

const HOUR: i64 = 3_600_000_000;

fn hours(windows: &[&str]) -> OfficeHours {
    OfficeHours { seasons: vec![season(None, None, windows)], days: Vec::new() }
}

fn season(from: Option<&str>, to: Option<&str>, windows: &[&str]) -> Season {
    Season {
        from: from.map(|text| MonthDay::from_str(text).unwrap()),
        to: to.map(|text| MonthDay::from_str(text).unwrap()),
        since: None,
        divisions: Vec::new(),
        windows: windows.iter().map(|text| Window::from_str(text).unwrap()).collect(),
        source: "setting".to_owned(),
    }
}

fn worktime(windows: &[&str]) -> WorkTime {
    WorkTime::compile(&Calendar::builtin(), &hours(windows), None).unwrap()
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

/// All days of a kind in a year as `MM-DD`, so that a table reads like the notice.
fn of_kind(year: i16, kind: DayKind) -> Vec<String> {
    let calendar = Calendar::builtin();
    let all = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
    all.filter(|day| calendar.day(*day).kind == kind).map(|day| day.strftime("%m-%d").to_string()).collect()
}

#[test]
fn statutory_days_follow_the_version_of_the_rules_in_force() {
    assert_eq!(
        of_kind(2024, DayKind::Statutory),
        ["01-01", "02-10", "02-11", "02-12", "04-04", "05-01", "06-10", "09-17", "10-01", "10-02", "10-03"]
    );
    assert_eq!(
        of_kind(2025, DayKind::Statutory),
        [
            "01-01", "01-28", "01-29", "01-30", "01-31", "04-04", "05-01", "05-02", "05-31", "10-01",
            "10-02", "10-03", "10-06"
        ]
    );
    assert_eq!(
        of_kind(2026, DayKind::Statutory),
        [
            "01-01", "02-16", "02-17", "02-18", "02-19", "04-05", "05-01", "05-02", "06-19", "09-25",
            "10-01", "10-02", "10-03"
        ]
    );
}

#[test]
fn a_statutory_day_on_a_weekend_is_made_up_for_once() {
    assert_eq!(of_kind(2024, DayKind::Substitute), ["02-13", "02-14"]);
    assert_eq!(of_kind(2025, DayKind::Substitute), ["06-02"]);
    assert_eq!(of_kind(2026, DayKind::Substitute), ["04-06", "05-04", "10-05"]);
}

#[test]
fn every_other_weekday_off_is_a_bridge() {
    assert_eq!(
        of_kind(2024, DayKind::Bridge),
        ["02-15", "02-16", "04-05", "05-02", "05-03", "09-16", "10-04", "10-07"]
    );
    assert_eq!(of_kind(2025, DayKind::Bridge), ["02-03", "02-04", "05-05", "10-07", "10-08"]);
    assert_eq!(of_kind(2026, DayKind::Bridge), ["01-02", "02-20", "02-23", "05-05", "10-06", "10-07"]);
}

#[test]
fn makeup_days_are_the_notices() {
    assert_eq!(
        of_kind(2024, DayKind::Makeup),
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]
    );
    assert_eq!(of_kind(2025, DayKind::Makeup), ["01-26", "02-08", "04-27", "09-28", "10-11"]);
    assert_eq!(of_kind(2026, DayKind::Makeup), ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]);
}

#[test]
fn as_many_bridges_as_makeup_days() {
    for year in [2024, 2025, 2026] {
        assert_eq!(of_kind(year, DayKind::Bridge).len(), of_kind(year, DayKind::Makeup).len(), "{year}");
    }
}

#[test]
fn the_heading_is_verbatim_for_the_span_and_its_makeup_days() {
    let calendar = Calendar::builtin();
    let holiday = |day: Date| calendar.day(day).holiday.map(str::to_owned);
    let both = Some("国庆节、中秋节".to_owned());
    for day in
        [date(2025, 10, 1), date(2025, 10, 4), date(2025, 10, 8), date(2025, 9, 28), date(2025, 10, 11)]
    {
        assert_eq!(holiday(day), both, "{day}");
    }
    assert_eq!(holiday(date(2025, 9, 30)), None);
    assert_eq!(holiday(date(2025, 10, 9)), None);
    assert_eq!(holiday(date(2026, 2, 14)).as_deref(), Some("春节"));
    assert_eq!(
        (calendar.day(date(2025, 10, 4)).kind, calendar.day(date(2025, 10, 11)).kind),
        (DayKind::Weekend, DayKind::Makeup)
    );
}

#[test]
fn a_year_without_a_notice_is_not_guessed() {
    let calendar = Calendar::builtin();
    for day in [
        date(2023, 12, 30),
        date(2023, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(1900, 1, 1),
        date(2100, 12, 31),
    ] {
        assert_eq!(
            (calendar.day(day).kind, calendar.day(day).holiday),
            (DayKind::Unannounced, None),
            "{day}"
        );
    }
    assert_eq!(calendar.workday_after(date(2026, 12, 30), 1), Some(date(2026, 12, 31)));
    assert_eq!(calendar.workday_after(date(2026, 12, 31), 1), None);
}

#[test]
fn workdays_count_makeup_saturdays() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.workday_after(date(2025, 9, 30), 1), Some(date(2025, 10, 9)));
    assert_eq!(calendar.workday_after(date(2025, 10, 10), 1), Some(date(2025, 10, 11)));
    assert_eq!(calendar.workday_after(date(2025, 9, 26), 2), Some(date(2025, 9, 29)));
    assert_eq!(calendar.workday_after(date(2025, 10, 3), 1), Some(date(2025, 10, 9)));
}

#[test]
fn printed_days_include_both_ends_and_refuse_bad_spans() {
    let calendar = Calendar::builtin();
    let stated = hours(&["08:00-12:00", "14:30-18:30"]);
    let printed = days(&calendar, Some(&stated), "2025-10-10", "2025-10-12").unwrap();
    let json = serde_json::to_value(&printed).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            {"date": "2025-10-10", "kind": "workday", "holiday": null, "windows": [["08:00", "12:00"], ["14:30", "18:30"]]},
            {"date": "2025-10-11", "kind": "makeup", "holiday": "国庆节、中秋节", "windows": [["08:00", "12:00"], ["14:30", "18:30"]]},
            {"date": "2025-10-12", "kind": "weekend", "holiday": null, "windows": []},
        ])
    );
    assert_eq!(days(&calendar, None, "2025-10-10", "2025-10-10").unwrap()[0].windows, None);
    assert_eq!(
        days(&calendar, Some(&OfficeHours::default()), "2025-10-10", "2025-10-10").unwrap()[0].windows,
        None
    );
    for (from, to) in [
        ("2025-10-02", "2025-10-01"),
        ("1899-12-31", "1900-01-01"),
        ("2100-12-31", "2101-01-01"),
        ("2025-02-29", "2025-03-01"),
        ("20251001", "2025-10-02"),
        ("", "2025-10-02"),
    ] {
        assert!(days(&calendar, None, from, to).is_err(), "{from} {to}");
    }
    assert_eq!(days(&calendar, None, "1900-01-01", "2100-12-31").unwrap().len(), 73_414);
}

#[test]
fn hours_differ_by_season_division_and_the_buyers_own_days() {
    let calendar = Calendar::builtin();
    let mut stated = OfficeHours {
        seasons: vec![
            season(Some("05-01"), Some("09-30"), &["08:00-12:00", "15:00-18:00"]),
            season(Some("10-01"), Some("04-30"), &["08:00-12:00", "14:00-17:00"]),
        ],
        days: Vec::new(),
    };
    let mut own = season(None, None, &["09:00-17:00"]);
    own.divisions = vec!["L总队".to_owned()];
    stated.seasons.push(own);
    stated.days.push(DayOverride {
        date: date(2025, 12, 24),
        divisions: Vec::new(),
        windows: Vec::new(),
        reason: "停电检修".to_owned(),
    });
    let first = |day: Date, division: Option<&str>| {
        stated
            .windows(calendar.day(day), division)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(first(date(2025, 9, 30), None), "08:00-12:00 15:00-18:00");
    assert_eq!(first(date(2025, 10, 9), None), "08:00-12:00 14:00-17:00");
    assert_eq!(first(date(2025, 1, 2), None), "08:00-12:00 14:00-17:00");
    assert_eq!(first(date(2025, 10, 9), Some("L总队")), "09:00-17:00");
    assert_eq!(first(date(2025, 10, 9), Some("A总队")), "08:00-12:00 14:00-17:00");
    assert_eq!(first(date(2025, 12, 24), None), "");
    assert_eq!(first(date(2025, 10, 4), None), "");
}

#[test]
fn windows_are_read_strictly() {
    for good in ["00:00-24:00", "08:00-12:00", "23:59-24:00"] {
        assert_eq!(Window::from_str(good).unwrap().to_string(), good);
    }
    for bad in [
        "8:00-12:00",
        "12:00-08:00",
        "08:00-08:00",
        "08:00",
        "24:00-24:01",
        "08:60-09:00",
        "25:00-26:00",
        "08:00-24:01",
        "+8:00-09:00",
    ] {
        assert!(Window::from_str(bad).is_err(), "{bad}");
    }
}

#[test]
fn working_time_passes_over_a_holiday_and_a_makeup_saturday() {
    let work = worktime(&["08:00-12:00", "15:00-18:00"]);
    // Tuesday 30 September 17:00 + 2 h: 1 h that day, 1 h on Thursday 9 October.
    assert_eq!(work.walk(at("2025-09-30T17:00:00+08:00"), 2 * HOUR), Some(at("2025-10-09T09:00:00+08:00")));
    // Friday 10 October 17:00 + 2 h ends on the make-up Saturday.
    assert_eq!(work.walk(at("2025-10-10T17:00:00+08:00"), 2 * HOUR), Some(at("2025-10-11T09:00:00+08:00")));
    assert_eq!(
        work.measure(at("2025-09-30T17:00:00+08:00"), at("2025-10-09T09:00:00+08:00")),
        Some(2 * HOUR)
    );
    assert_eq!(
        work.measure(at("2025-10-09T09:00:00+08:00"), at("2025-09-30T17:00:00+08:00")),
        Some(-2 * HOUR)
    );
}

#[test]
fn work_that_fills_a_window_ends_with_it() {
    let work = worktime(&["08:00-12:00", "15:00-18:00"]);
    assert_eq!(work.walk(at("2025-10-09T08:00:00+08:00"), 4 * HOUR), Some(at("2025-10-09T12:00:00+08:00")));
    assert_eq!(work.walk(at("2025-10-09T12:00:00+08:00"), HOUR), Some(at("2025-10-09T16:00:00+08:00")));
    assert_eq!(work.walk(at("2025-10-09T03:00:00+08:00"), HOUR), Some(at("2025-10-09T09:00:00+08:00")));
    assert_eq!(work.is_open(at("2025-10-09T12:00:00+08:00")), Some(false));
    assert_eq!(work.is_open(at("2025-10-09T11:59:59+08:00")), Some(true));
    assert_eq!(work.walk(at("2025-10-09T12:30:00+08:00"), 0), Some(at("2025-10-09T12:30:00+08:00")));
}

#[test]
fn a_window_may_end_at_midnight() {
    let work = worktime(&["20:00-24:00"]);
    assert_eq!(work.walk(at("2025-10-09T20:00:00+08:00"), 4 * HOUR), Some(at("2025-10-10T00:00:00+08:00")));
    assert_eq!(work.walk(at("2025-10-09T23:00:00+08:00"), 2 * HOUR), Some(at("2025-10-10T21:00:00+08:00")));
    let whole = worktime(&["00:00-24:00"]);
    assert_eq!(whole.walk(at("2025-10-09T23:00:00+08:00"), 25 * HOUR), Some(at("2025-10-11T00:00:00+08:00")));
}

#[test]
fn walking_back_stops_at_a_windows_start() {
    let work = worktime(&["08:00-12:00", "15:00-18:00"]);
    let start = at("2025-10-09T15:00:00+08:00");
    assert_eq!(work.walk(start, HOUR).and_then(|to| work.walk(to, -HOUR)), Some(start));
    assert_eq!(work.walk(start, -HOUR), Some(at("2025-10-09T11:00:00+08:00")));
}

#[test]
fn windows_that_touch_are_one_stretch() {
    let work = worktime(&["00:00-24:00"]);
    // Thursday to the make-up Saturday without an edge.
    assert_eq!(work.next_edge(at("2025-10-09T08:00:00+08:00")), Some(at("2025-10-12T00:00:00+08:00")));
    assert_eq!(work.next_edge(at("2026-12-31T08:00:00+08:00")), Some(at("2027-01-01T00:00:00+08:00")));
    assert_eq!(work.next_edge(at("2027-01-01T00:00:00+08:00")), None);
}

#[test]
fn working_time_ends_where_the_notices_end() {
    let work = worktime(&["08:00-12:00"]);
    assert_eq!(work.walk(at("2026-12-31T11:00:00+08:00"), HOUR), Some(at("2026-12-31T12:00:00+08:00")));
    assert_eq!(work.walk(at("2026-12-31T11:00:00+08:00"), 2 * HOUR), None);
    assert_eq!(work.walk(at("2027-01-04T09:00:00+08:00"), HOUR), None);
    assert_eq!(work.walk(at("2024-01-02T08:30:00+08:00"), -HOUR), None);
    assert_eq!(work.measure(at("2026-12-31T11:00:00+08:00"), at("2027-01-04T09:00:00+08:00")), None);
    assert_eq!(work.is_open(at("2023-12-29T09:00:00+08:00")), None);
}

#[test]
fn a_gap_between_announced_years_is_not_stepped_over() {
    let packs: Vec<Pack> = Calendar::builtin().packs().filter(|pack| pack.year != 2025).cloned().collect();
    let work = WorkTime::compile(&Calendar::from_packs(packs), &hours(&["08:00-12:00"]), None).unwrap();
    assert_eq!(work.walk(at("2024-12-31T11:00:00+08:00"), 2 * HOUR), None);
    assert_eq!(work.measure(at("2024-12-31T11:00:00+08:00"), at("2026-01-05T09:00:00+08:00")), None);
    assert_eq!(work.walk(at("2026-01-05T08:00:00+08:00"), -HOUR / 2), Some(at("2026-01-04T11:30:00+08:00")));
}

#[test]
fn a_changed_pack_shows_what_it_changes() {
    let before = Calendar::builtin();
    let mut pack = before.packs().find(|pack| pack.year == 2026).unwrap().clone();
    pack.items[0].makeup.clear();
    let after = before.with_pack(pack);
    let changes = before.changes_to(&after);
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].date, changes[0].before, changes[0].after),
        (date(2026, 1, 4), DayKind::Makeup, DayKind::Weekend)
    );
    assert_ne!(before.version(), after.version());
    assert!(before.changes_to(&before.clone()).is_empty());
}

#[test]
fn a_notice_may_reach_into_an_announced_december() {
    let text = r#"{"schema":1,"year":2027,"title":"t","number":"n","issued":"2026-11-01","source":"s","statutory_source":"z",
      "items":[{"heading":"元旦","text":"x","from":"2026-12-31","to":"2027-01-02","makeup":["2026-12-27"],"statutory":[{"date":"2027-01-01","name":"元旦"}]}]}"#;
    let calendar = Calendar::builtin().with_pack(Pack::parse("2027.json", text).unwrap());
    assert_eq!(
        (calendar.day(date(2026, 12, 31)).kind, calendar.day(date(2026, 12, 31)).holiday),
        (DayKind::Bridge, Some("元旦"))
    );
    assert_eq!(calendar.day(date(2026, 12, 27)).kind, DayKind::Makeup);
    let alone = Calendar::from_packs([Pack::parse("2027.json", text).unwrap()]);
    assert_eq!(
        (alone.day(date(2026, 12, 31)).kind, alone.day(date(2026, 12, 31)).holiday),
        (DayKind::Unannounced, None)
    );
}

#[test]
fn a_broken_pack_names_every_mistake() {
    let text = r#"{"schema":2,"year":2027,"title":"t","number":"n","issued":"2026-11-01","source":"s","statutory_source":"z",
      "items":[{"heading":"","text":"x","from":"2027-01-01","to":"2027-01-03","makeup":["2027-01-04","2027-01-02"],
      "statutory":[{"date":"2027-01-05","name":"元旦"}]},
      {"heading":"春节","text":"x","from":"2027-02-09","to":"2027-02-05","makeup":[],"statutory":[]}]}"#;
    let found = Pack::parse("p.json", text).unwrap_err().0;
    let keys: Vec<&str> = found.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "/schema",
            "/items/0/heading",
            "/items/0/makeup/0",
            "/items/0/makeup/1",
            "/items/0/statutory/0/date",
            "/items/1/from"
        ]
    );
    let unknown = Pack::parse("p.json", "{\"schema\":1,\n\"extra\":2}").unwrap_err().0;
    assert_eq!((unknown[0].file.as_str(), unknown[0].line), ("p.json", Some(2)));
    for text in ["", "[]", "{", "null", "{\"schema\":1}"] {
        assert!(Pack::parse("p.json", text).is_err(), "{text}");
    }
}

/// Hours of a day that leave room for boundaries: none to three windows.
fn any_windows() -> impl Strategy<Value = Vec<Window>> {
    proptest::collection::btree_set(0u16..=48, 2..7).prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().map(|cut| cut * 30).collect();
        cuts.chunks_exact(2).map(|pair| Window { from: pair[0], to: pair[1] }).collect()
    })
}

fn compiled(windows: Vec<Window>) -> WorkTime {
    let stated = OfficeHours {
        seasons: vec![Season {
            from: None,
            to: None,
            since: None,
            divisions: Vec::new(),
            windows,
            source: "setting".to_owned(),
        }],
        days: Vec::new(),
    };
    WorkTime::compile(&Calendar::builtin(), &stated, None).unwrap()
}

proptest! {
    #[test]
    fn walking_there_and_back_returns(windows in any_windows(), start in 0i64..1_500_000, minutes in 0i64..60_000) {
        let work = compiled(windows);
        let from = midnight(date(2024, 1, 1)) + start * 60_000_000;
        let duration = minutes * 60_000_000;
        if work.is_open(from) == Some(true) && let Some(to) = work.walk(from, duration) {
            prop_assert_eq!(work.walk(to, -duration), Some(from));
            prop_assert_eq!(work.measure(from, to), Some(duration));
        }
    }

    /// The oracle counts minute by minute, without the tables.
    #[test]
    fn measuring_agrees_with_counting_minutes(windows in any_windows(), day in 0i32..1_000, from in 0i64..4_000, length in 0i64..4_000) {
        let calendar = Calendar::builtin();
        let first = date(2024, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let start = midnight(first) / 60_000_000 + from;
        let open = |minute: i64| {
            let at = instant(minute * 60_000_000);
            let civil = zaigang_domain::calendar::ZONE.to_datetime(at);
            let of_day = u16::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).unwrap();
            let works = calendar.day(civil.date()).kind.is_worked() == Some(true);
            works && windows.iter().any(|window| window.from <= of_day && of_day < window.to)
        };
        let counted = (start..start + length).filter(|minute| open(*minute)).count();
        let work = compiled(windows.clone());
        let measured = work.measure(start * 60_000_000, (start + length) * 60_000_000);
        prop_assert_eq!(measured, Some(i64::try_from(counted).unwrap() * 60_000_000));
    }

    #[test]
    fn a_pack_never_panics(text in "\\PC*") {
        let _ = Pack::parse("x", &text);
    }
}

#[test]
fn a_published_text_holds_one_pack_or_several() {
    let (one, other) = (
        include_str!("../../../assets/calendars/2025.json"),
        include_str!("../../../assets/calendars/2026.json"),
    );
    let years = |text: &str| {
        read_packs("calendar", text)
            .map(|packs| packs.into_iter().map(|pack| pack.year).collect::<Vec<_>>())
            .ok()
    };
    assert_eq!(years(one), Some(vec![2025]));
    assert_eq!(years(&format!("[{one},{other}]")), Some(vec![2025, 2026]));
    assert_eq!(years(&format!("[{one},{{}}]")), None, "all of it is sound, or nothing");
}
