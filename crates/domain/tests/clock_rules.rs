//! Every service level rule of the five documents, one row each, with the line it stands on.
//!
//! The table is written from the documents, not from the profiles: what a rule promises, by when, from
//! when, and whether it is suggested by itself, has to be chosen, or promises nothing that a clock counts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use zaigang_domain::calendar::{Calendar, format_instant};
use zaigang_domain::clock::interface;
use zaigang_domain::contract::{Profile, SHIPPED};

/// Columns: contract, source, rule, object, level, when, how, promises.
///
/// - when: `=` Thursday 2025-10-09 09:00; `night` 20:00 of that day; `in NAME` and `out NAME` the same
///   moment inside or outside a named window.
/// - how: `auto` suggested where these facts are known; `choose` listed and left to a person; `none` no clock.
/// - promises: target and limit: `15` minutes, `3d` days, `1w` workdays, `-` no number; then where it
///   starts unless at the report: `@remote_failed` (waits for it, counts from the report), `@arrived`,
///   `@restored`, `@missed`. A `~` before the target: another rule with a number is suggested instead.
const TABLE: &str = "
guangxi-petition | 000:96       | sms-fault         | 1.1  | - | = | choose | restoration 240
guangxi-petition | 000:96       | sms-provider      | 1.1  | - | = | choose | restoration 60
guangxi-petition | 000:98       | realname-fault    | 1.1  | - | = | choose | restoration 240
guangxi-petition | 000:98       | realname-provider | 1.1  | - | = | choose | restoration 60
guangxi-petition | 000:476      | bigdata-severe    | 2    | 严重故障 | = | auto | response 20, restoration 240
guangxi-petition | 000:442      | bigdata-interface | 2    | - | = | auto | restoration 1440
guangxi-petition | 000:435      | bigdata-escalate  | 2    | 严重问题 | = | auto | escalation 30
guangxi-petition | 000:86       | emergency         | 1.1  | - | = | auto | restoration -
guangxi-petition | 000:82       | server-down       | 1.1  | - | = | none |
guangxi-petition | 000:83       | data-loss         | 1.1  | - | = | none |
guangxi-petition | 000:106      | security-event    | 1.1  | - | = | choose | start -
guangxi-petition | 000:109      | redeploy          | 1.1  | - | = | choose | start -
guangxi-petition | 000:224      | dynamic-hotline   | 1.3  | - | = | auto | response -
guangxi-petition | 000:280      | beijing-hotline   | 1.4  | - | = | auto | response -
guangxi-petition | 000:309      | website-hotline   | 1.5  | - | = | auto | response -
guangxi-petition | 000:331      | article-delete    | 1.5  | - | = | choose | response -
guangxi-petition | 000:338      | exchange          | x-exchange  | - | = | auto | restoration -
guangxi-petition | 000:456      | rollback-crm      | 2    | - | = | choose | start -
guangxi-petition | 000:465      | bigdata-channel   | 2    | - | = | auto | response -
guangxi-petition | 000:466      | bigdata-limit     | 2    | - | = | choose | restoration -
guangxi-petition | 000:468      | bigdata-failover  | 2    | - | = | choose | start -
guangxi-petition | 000:584      | holiday-arrive    | 1.1  | - | = | choose | arrival -

guangxi-police   | 001:52-54    | L1                | 1.1  | 1 | = | auto | response 15, restoration 240
guangxi-police   | 001:55-57    | L2                | 1.1  | 2 | = | auto | response 30, restoration 480
guangxi-police   | 001:58-60    | L3                | 1.1  | 3 | = | auto | response 45, restoration 1440
guangxi-police   | 001:61-63    | L4                | 1.1  | 4 | = | auto | response 60, restoration 2880
guangxi-police   | 001:1921     | fault-report-3d   | 1.1  | 1 | = | auto | report 3d @restored
guangxi-police   | 001:245      | E-1h-24h          | 5.7  | 1 | = | auto | response 60, arrival 1440 @remote_failed
guangxi-police   | 001:490      | H87-1h-12h        | 8.7  | 1 | = | auto | response 60, solution 720
guangxi-police   | 001:435      | H84-specified     | 8.4  | 1 | = | auto | ~response -, solution -, arrival -
guangxi-police   | 001:408      | levels-ref        | 8.3  | 1 | = | none |
guangxi-police   | 001:535      | I94-remote        | 9.4  | 1 | = | choose | arrival -
guangxi-police   | 001:667      | L1211-oa          | 12.11 | 1 | = | auto | response 120
guangxi-police   | 001:717      | L1215-osn         | 12.15 | 1 | = | auto | ~response -, arrival -
guangxi-police   | 001:733      | L1216-h3c         | 12.16 | 1 | = | none |
guangxi-police   | 001:749      | L1217-ce          | 12.17 | 1 | = | auto | ~response -, arrival -
guangxi-police   | 001:774      | L1219-fk          | 12.19 | 1 | = | auto | ~response -
guangxi-police   | 001:1520     | F62-remote-post   | 6.2  | 1 | = | auto | ~response -
guangxi-police   | 001:1935     | offhours-reach    | 1.1  | 1 | out 工作时间 | auto | arrival -

xuchang | 002:120  | GEN-SYS-1        | 2   | 1 | = | auto | response 10, restoration 60, report 480
xuchang | 002:121  | GEN-SYS-2        | 2   | 2 | = | auto | response 10, restoration 120, report 1440
xuchang | 002:122  | GEN-SYS-3        | 2   | 3 | = | auto | response 10, restoration 720
xuchang | 002:124  | GEN-SYS-4        | 2   | 4 | = | auto | response 10, restoration 1440
xuchang | 002:132  | GEN-LINK-1       | 109 | 1 | = | auto | response 15, restoration 120
xuchang | 002:133  | GEN-LINK-2       | 109 | 2 | = | auto | response 30, restoration 240
xuchang | 002:101  | GEN-LINK-SPARE   | 109 | 1 | = | auto | swap 240
xuchang | 002:103  | GEN-LINK-SEC     | 109 | - | = | auto | response 30
xuchang | 002:228  | N001-EMERGENCY   | 1   | 1 | = | auto | arrival 120
xuchang | 002:353  | N005-COLUMN      | 9   | - | = | choose | response 1w
xuchang | 002:363  | N005-FAULT       | 5   | - | = | choose | start 30, restoration 120
xuchang | 002:377  | N005-EMERGENCY   | 9   | - | = | choose | response 15
xuchang | 002:383  | N005-RESTORE     | 5   | - | = | choose | start 30
xuchang | 002:417  | N006-SITE        | 6   | 1 | = | auto | ~restoration -
xuchang | 002:455  | N007-SITE        | 7   | - | = | auto | restoration -
xuchang | 002:659  | N011-RESTORE     | 11  | 1 | = | auto | restoration 120
xuchang | 002:835  | N013-ATTACK-WORK | 13  | - | = | choose | response 15, solution 60, restoration 300
xuchang | 002:835  | N013-ATTACK-OFF  | 13  | - | night | choose | response 15, solution 60, restoration 480
xuchang | 002:843  | N013-RESTORE     | 13  | - | = | choose | start 30, restoration 240
xuchang | 002:781  | N013-FAULT       | 13  | - | = | choose | restoration -
xuchang | 002:921  | N015-SECURITY    | 15  | 1 | = | auto | ~response -
xuchang | 002:1460 | N028-REPLACE     | 87  | - | = | auto | restoration -
xuchang | 002:1577 | N031-FAULT       | 31  | 3 | = | auto | ~restoration -
xuchang | 002:1772 | N036-DAILY       | 36  | 1 | = | choose | response -
xuchang | 002:1772 | N036-MAJOR       | 36  | 1 | = | choose | arrival 2880 @remote_failed
xuchang | 002:2271 | N044-HARDWARE    | 44  | 4 | = | auto | response 10, arrival 30, restoration 60
xuchang | 002:2513 | N049-FAULT       | 49  | 1 | = | auto | escalation -
xuchang | 002:2570 | N050-FAULT       | 50  | 1 | = | auto | restoration 1440
xuchang | 002:3189 | N062-SUPPORT     | 62  | 1 | = | auto | response 5
xuchang | 002:3188 | N062-CONSULT     | 62  | - | = | auto | restoration 1w
xuchang | 002:3288 | N063-HARDWARE    | 63  | 1 | = | auto | response 720, arrival 2880
xuchang | 002:3480 | N064-EMERGENCY   | 65  | 1 | = | auto | arrival -
xuchang | 002:3594 | N066-FAULT       | 66  | 1 | = | auto | ~response -, dispatch 120, restoration 720
xuchang | 002:3628 | N067-FAULT       | 68  | - | = | auto | response -
xuchang | 002:3889 | N072-FIXED       | 72  | - | in 工作时间 | choose | arrival 120, restoration 120
xuchang | 002:3889 | N072-MOBILE      | 72  | - | in 工作时间 | choose | restoration 240
xuchang | 002:3958 | N073-GENERAL     | 73  | 一般故障 | = | auto | diagnosis 15, restoration 120
xuchang | 002:3958 | N073-MAJOR       | 73  | 重大故障 | = | auto | diagnosis 15, restoration -
xuchang | 002:4024 | N074-REMOTE      | 74  | - | = | auto | response -
xuchang | 002:4380 | N080-FAULT       | 80  | 2 | = | auto | ~response -
xuchang | 002:4439 | N081-FAULT       | 81  | 2 | = | auto | ~restoration -
xuchang | 002:4459 | N082-FAULT       | 82  | 3 | = | auto | response 30, report -
xuchang | 002:5153 | N089-1-OFF       | 89  | 1 | out 关键运行时段 | auto | response 10, restoration 120
xuchang | 002:5153 | N089-1-KEY       | 89  | 1 | in 关键运行时段 | auto | response 5, restoration 60
xuchang | 002:5154 | N089-2-OFF       | 89  | 2 | out 关键运行时段 | auto | response 20, restoration 240
xuchang | 002:5154 | N089-2-KEY       | 89  | 2 | in 关键运行时段 | auto | response 10, restoration 120
xuchang | 002:5155 | N089-3-OFF       | 89  | 3 | out 关键运行时段 | auto | response 30, restoration 360
xuchang | 002:5155 | N089-3-KEY       | 89  | 3 | in 关键运行时段 | auto | response 20, restoration 180
xuchang | 002:5142 | N089-COMPLAINT   | 89  | - | = | choose | response 1w, restoration 5w
xuchang | 002:5250 | N090-PHONE       | 91  | 1 | = | auto | ~response -
xuchang | 002:5357 | N092-FAULT       | 92  | 4 | = | auto | restoration 120, swap 120
xuchang | 002:5409 | VIDEO-REPAIR     | 107 | 1 | = | choose | restoration 1440
xuchang | 002:5413 | VIDEO-TUNE       | 93  | 1 | = | choose | restoration 1440
xuchang | 002:6266 | N107-FAULT       | 107 | 1 | = | auto | restoration 1440
xuchang | 002:5480 | PDT-FAULT        | 96  | 3 | = | auto | restoration 120, swap 120
xuchang | 002:5628 | N098-1-OFF       | 98  | 1 | out 关键运行时段 | auto | response 10, restoration 120
xuchang | 002:5628 | N098-1-KEY       | 98  | 1 | in 关键运行时段 | auto | response 5, restoration 60
xuchang | 002:5629 | N098-2-OFF       | 98  | 2 | out 关键运行时段 | auto | response 20, restoration 240
xuchang | 002:5629 | N098-2-KEY       | 98  | 2 | in 关键运行时段 | auto | response 10, restoration 120
xuchang | 002:5630 | N098-3-OFF       | 98  | 3 | out 关键运行时段 | auto | response 30, restoration 360
xuchang | 002:5630 | N098-3-KEY       | 98  | 3 | in 关键运行时段 | auto | response 20, restoration 180
xuchang | 002:5631 | N098-4-OFF       | 98  | 4 | out 关键运行时段 | auto | response 60, restoration 480
xuchang | 002:5631 | N098-4-KEY       | 98  | 4 | in 关键运行时段 | auto | response 30, restoration 240
xuchang | 002:5707 | N099-GENERAL     | 99  | 一般故障 | = | auto | solution 120, restoration 480
xuchang | 002:5707 | N099-MAJOR       | 99  | 重大故障 | = | auto | solution 120, restoration 1440, report -
xuchang | 002:5709 | N099-FORCE       | 99  | - | = | choose | solution -
xuchang | 002:5956 | N104-FAULT       | 104 | - | = | auto | restoration -
xuchang | 002:6151 | N106-FAULT       | 106 | - | = | auto | restoration -

shaanxi-civil    | 003:149      | urgent            | 5    | 紧急故障 | = | auto | response 30, arrival 120, restoration 120 @arrived, alternative 120 @missed
shaanxi-civil    | 003:149      | normal            | 5    | 一般故障 | = | auto | response 30, arrival 240, restoration 240 @arrived, alternative 120 @missed
shaanxi-civil    | 003:172      | problem-24h       | 5    | - | = | auto | restoration 1440
shaanxi-civil    | 003:165      | vendor-takeover   | 5    | - | = | none |
shaanxi-civil    | 003:150      | hotline-missed    | 5    | - | = | none |
shaanxi-civil    | 003:87       | patrol-emergency  | 4    | - | = | choose | start -, report -

dazhou-onestop   | 004:73       | consult-work      | -    | - | in 上班时间 | choose | response 10, restoration 30
dazhou-onestop   | 004:73       | consult-off       | -    | - | out 上班时间 | choose | response 30, restoration 60
dazhou-onestop   | 004:74       | data-normal       | -    | 一般 | = | choose | restoration 720
dazhou-onestop   | 004:74       | data-major        | -    | 重大 | = | choose | restoration 1440
dazhou-onestop   | 004:75       | defect            | -    | - | = | choose | solution 1d, restoration 5d
dazhou-onestop   | 004:39       | api               | chapter-4 | - | = | choose | restoration -
";

struct Row {
    contract: &'static str,
    source: &'static str,
    rule: &'static str,
    object: Option<&'static str>,
    level: Option<&'static str>,
    when: &'static str,
    how: &'static str,
    promises: Vec<Promise>,
}

struct Promise {
    /// Another rule is suggested instead.
    behind: bool,
    target: &'static str,
    limit: &'static str,
    start: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    TABLE.lines().filter(|line| !line.is_empty()).map(row).collect()
}

fn row(line: &'static str) -> Row {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let stated = |text: &'static str| (text != "-").then_some(text);
    let promises = cells[7].split(',').map(str::trim).filter(|text| !text.is_empty());
    Row {
        contract: cells[0],
        source: cells[1],
        rule: cells[2],
        object: stated(cells[3]),
        level: stated(cells[4]),
        when: cells[5],
        how: cells[6],
        promises: promises
            .map(|text| {
                let words: Vec<&str> = text.split(' ').collect();
                Promise {
                    behind: words[0].starts_with('~'),
                    target: words[0].trim_start_matches('~'),
                    limit: words[1],
                    start: words.get(2).map(|word| word.trim_start_matches('@')),
                }
            })
            .collect(),
    }
}

fn at(time: &str) -> Timestamp {
    format!("2025-10-{time}:00+08:00").parse().unwrap()
}

fn plus(at: Timestamp, minutes: i64) -> Timestamp {
    at + SignedDuration::from_mins(minutes)
}

impl Row {
    fn reported(&self) -> Timestamp {
        at(if self.when == "night" { "09T20:00" } else { "09T09:00" })
    }

    fn windows(&self) -> Value {
        match self.when.split_once(' ') {
            Some(("in", name)) => json!({name: [["2025-10-09T09:00:00+08:00", "2025-10-09T12:00:00+08:00"]]}),
            Some(("out", name)) => {
                json!({name: [["2025-10-09T07:00:00+08:00", "2025-10-09T09:00:00+08:00"]]})
            }
            _ => json!({}),
        }
    }

    /// The report of this row's order after some events, at a moment.
    fn count(&self, profile: &Profile, forced: bool, events: &[(Timestamp, &str)], now: Timestamp) -> Value {
        let reported = [(self.reported(), "reported")];
        let events: Vec<Value> = reported
            .iter()
            .chain(events)
            .map(|(at, kind)| json!({"at": format_instant(*at), "kind": kind}))
            .collect();
        let case = json!({
            "object": self.object, "division": null, "rule": forced.then_some(self.rule), "level": self.level,
            "windows": self.windows(), "events": events, "now": format_instant(now),
        });
        let report = interface::run(profile, &Calendar::builtin(), self.rule, &case.to_string());
        serde_json::to_value(report.unwrap_or_else(|mistakes| panic!("{}: {mistakes}", self.rule))).unwrap()
    }

    fn minutes_of(&self, target: &str) -> i64 {
        self.promises.iter().find(|one| one.target == target).unwrap().limit.parse().unwrap()
    }

    /// What happens ten minutes after the report, when the clock is asked, and its true start.
    fn course(&self, promise: &Promise) -> (Vec<(Timestamp, &'static str)>, Timestamp, Timestamp) {
        let reported = self.reported();
        let later = plus(reported, 10);
        match promise.start {
            Some("remote_failed") => (vec![(later, "remote_failed")], later, reported),
            Some("arrived") => (vec![(later, "arrived")], later, later),
            Some("restored") => (vec![(later, "restored")], later, later),
            Some("missed") => {
                let missed = plus(later, self.minutes_of("restoration"));
                (vec![(later, "arrived")], plus(missed, 1), missed)
            }
            _ => (Vec::new(), reported, reported),
        }
    }
}

/// Last moment of a limit, by hand: 10 October is a Friday, 11 October a Saturday to be worked.
fn deadline(start: Timestamp, limit: &str) -> Option<Timestamp> {
    match limit {
        "-" => None,
        "1w" => Some(at("11T00:00")),
        "5w" => Some(at("16T00:00")),
        days if days.ends_with('d') => {
            Some(plus(start, days.trim_end_matches('d').parse::<i64>().unwrap() * 1440))
        }
        minutes => Some(plus(start, minutes.parse().unwrap())),
    }
}

fn limit(limit: &str) -> Value {
    let (value, unit) = match limit.strip_suffix(['d', 'w']) {
        _ if limit == "-" => return Value::Null,
        Some(value) if limit.ends_with('d') => (value, "day"),
        Some(value) => (value, "workday"),
        None => (limit, "minute"),
    };
    json!({"value": value.parse::<u32>().unwrap(), "unit": unit})
}

fn listed<'a>(report: &'a Value, target: &str, rule: &str) -> Option<&'a Value> {
    let mut rows = report["matched"].as_array().unwrap().iter();
    rows.find(|row| row["target"] == target && row["rule"] == rule)
}

#[test]
fn every_rule_of_every_document_stands_in_the_table() {
    let table: BTreeSet<(String, String)> =
        rows().iter().map(|row| (row.contract.to_owned(), row.rule.to_owned())).collect();
    assert_eq!(table.len(), rows().len(), "each rule once");
    let mut documents: BTreeSet<(String, String)> = BTreeSet::new();
    for shipped in SHIPPED {
        // From the text itself: every id in an `[[sla]]` row.
        let sections = shipped.facts.text.split("\n[[").filter(|section| section.starts_with("sla]]"));
        let ids =
            sections.map(|section| section.lines().find_map(|line| line.strip_prefix("id = \"")).unwrap());
        documents.extend(ids.map(|id| (shipped.id.to_owned(), id.trim_end_matches('"').to_owned())));
    }
    let missing: Vec<_> = documents.symmetric_difference(&table).collect();
    assert!(missing.is_empty(), "no table case, or no such rule: {missing:?}");
    assert_eq!(table.len(), 119);
}

#[test]
fn every_rule_promises_what_its_clause_says() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for row in rows().iter().filter(|row| row.contract == shipped.id) {
            let rule = profile.rule(row.rule).unwrap();
            assert_eq!(rule.source, row.source, "{}", row.rule);
            let targets: Vec<&str> = rule.targets.iter().map(|promise| promise.target.as_str()).collect();
            let promised: Vec<&str> = row.promises.iter().map(|promise| promise.target).collect();
            assert_eq!(targets, promised, "{}", row.rule);
            assert_eq!(promised.is_empty(), row.how == "none", "{}", row.rule);
        }
    }
}

#[test]
fn every_rule_is_suggested_or_left_to_a_person_as_its_clause_says() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for row in rows().iter().filter(|row| row.contract == shipped.id) {
            let report = row.count(&profile, false, &[], row.reported());
            if row.how == "none" {
                let rules = report["matched"].as_array().unwrap();
                assert!(rules.iter().all(|listed| listed["rule"] != row.rule), "{}", row.rule);
            }
            for promise in &row.promises {
                let found = listed(&report, promise.target, row.rule)
                    .unwrap_or_else(|| panic!("{} {} in {report:#}", row.rule, promise.target));
                let expected = match row.how {
                    "choose" => (false, json!(["rule"])),
                    _ => (!promise.behind, json!([])),
                };
                assert_eq!(
                    (found["suggested"] == true, found["needs"].clone()),
                    expected,
                    "{} {}",
                    row.rule,
                    promise.target
                );
            }
        }
    }
}

#[test]
fn every_rule_counts_to_the_moment_its_clause_says() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for row in rows().iter().filter(|row| row.contract == shipped.id) {
            for promise in &row.promises {
                let forced = promise.behind || row.how == "choose";
                let (events, now, start) = row.course(promise);
                let report = row.count(&profile, forced, &events, now);
                let mut clocks = report["targets"].as_array().unwrap().iter();
                let clock = clocks
                    .find(|clock| clock["target"] == promise.target)
                    .unwrap_or_else(|| panic!("{} {} in {report:#}", row.rule, promise.target));
                let due = deadline(start, promise.limit).map(format_instant);
                let state = if promise.limit == "-" { "no_limit" } else { "running" };
                let found = ["rule", "source", "limit", "starts_at", "deadline", "state"];
                let found: Vec<Value> = found.iter().map(|key| clock[*key].clone()).collect();
                assert_eq!(
                    found,
                    [
                        json!(row.rule),
                        json!(row.source),
                        limit(promise.limit),
                        json!(format_instant(start)),
                        json!(due),
                        json!(state)
                    ],
                    "{} {}",
                    row.rule,
                    promise.target
                );
            }
        }
    }
}

/// What waits for another event has no start before it.
#[test]
fn every_clock_that_waits_has_no_deadline_before_its_start() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for row in rows().iter().filter(|row| row.contract == shipped.id) {
            for promise in row.promises.iter().filter(|promise| promise.start.is_some()) {
                let report = row.count(&profile, true, &[], plus(row.reported(), 9));
                let mut clocks = report["targets"].as_array().unwrap().iter();
                let clock = clocks.find(|clock| clock["target"] == promise.target).unwrap();
                assert_eq!(
                    (&clock["state"], &clock["deadline"], &clock["segments"]),
                    (&json!("waiting"), &Value::Null, &json!([])),
                    "{}",
                    row.rule
                );
            }
        }
    }
}

/// A word without a number is shown and never judged, however long it takes.
#[test]
fn a_word_without_a_number_is_never_met_or_broken() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        for row in rows().iter().filter(|row| row.contract == shipped.id) {
            for promise in row.promises.iter().filter(|promise| promise.limit == "-") {
                let end = match promise.target {
                    "response" => "responded",
                    "start" => "work_started",
                    "solution" => "solution_given",
                    "arrival" => "arrived",
                    "escalation" => "escalated",
                    "report" => "report_submitted",
                    _ => "restored",
                };
                for minutes in [1, 60_000] {
                    let ended = plus(row.reported(), minutes);
                    let report = row.count(&profile, true, &[(ended, end)], ended);
                    let mut clocks = report["targets"].as_array().unwrap().iter();
                    let clock = clocks.find(|clock| clock["target"] == promise.target).unwrap();
                    assert_eq!(
                        (&clock["state"], &clock["ended_by"], &clock["remaining_minutes"]),
                        (&json!("no_limit"), &json!(end), &Value::Null),
                        "{}",
                        row.rule
                    );
                }
            }
        }
    }
}

/// Thresholds of the buyer's own platform and due days of visits are not clocks of an order.
#[test]
fn working_day_limits_that_are_not_clocks_make_no_rule() {
    let xuchang = Profile::builtin("xuchang").unwrap().unwrap();
    assert_eq!(xuchang.row("deliverable", "DLV-068").unwrap().source, "002:4152");
    assert!(xuchang.rules.iter().all(|rule| rule.source != "002:4152"));
    let petition = Profile::builtin("guangxi-petition").unwrap().unwrap();
    for line in ["000:227", "000:228"] {
        assert!(petition.rules.iter().all(|rule| rule.source != line), "{line}");
    }
}
