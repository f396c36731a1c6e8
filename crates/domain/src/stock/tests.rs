use super::replay::{Key, Ledger, Line, replay, resume, sort};
use super::*;
use crate::event::{LogName, Reason, UserId};
use crate::judge::{Beside, EntityState, Incoming, fold_entity, judge_beside, wanted};
use crate::people::{Actor, DeviceState, Role, UserState};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + minutes * 60).unwrap()
}

/// A movement in few words: id, minute, kind, serial, quantity, from, to.
type Row = (&'static str, i64, MovementKind, &'static str, i64, &'static str, &'static str);

fn lines<'a>(rows: &[Row]) -> Vec<Line<'a>> {
    let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    let mut lines: Vec<Line<'a>> = rows
        .iter()
        .map(|(id, minute, kind, serial, quantity, from, to)| Line {
            id,
            at: at(*minute),
            kind: *kind,
            model: "m",
            serial: some(serial),
            present: None,
            quantity: *quantity,
            from: some(from),
            to: some(to),
            owner: "supplier",
        })
        .collect();
    sort(&mut lines);
    lines
}

fn key(place: &'static str) -> Key<'static> {
    Key { model: "m", place, owner: "supplier" }
}

/// Balances by place, serial numbers by place, and 账实不符 as (place, quantity, minute, movements).
type Outcome = (Vec<(String, i64)>, Vec<(String, String)>, Vec<(String, i64, i64, Vec<String>)>);

fn outcome(rows: &[Row]) -> Outcome {
    let lines = lines(rows);
    let ledger = replay(&lines);
    let balances = ledger.balances.iter().map(|(key, n)| (key.place.to_owned(), *n)).collect();
    let serials = ledger.serials.iter();
    let serials = serials.map(|((_, serial), held)| ((*serial).to_owned(), held.place.to_owned())).collect();
    let faults = ledger.faults.iter().map(|(key, fault)| {
        let movements = fault.movements.iter().map(|at| lines[*at].id.to_owned()).collect();
        let minute = (fault.since.as_second() - at(0).as_second()) / 60;
        (key.place.to_owned(), fault.quantity(), minute, movements)
    });
    (balances, serials, faults.collect())
}

#[test]
fn what_movements_come_to() {
    use MovementKind::*;
    let has = |pairs: &[(&str, i64)]| pairs.iter().map(|(place, n)| ((*place).to_owned(), *n)).collect();
    let at_place = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(serial, place)| ((*serial).to_owned(), (*place).to_owned())).collect()
    };
    let wrong = |rows: &[(&str, i64, i64, &[&str])]| {
        let row = |(place, n, minute, ids): &(&str, i64, i64, &[&str])| {
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            ((*place).to_owned(), *n, *minute, ids)
        };
        rows.iter().map(row).collect()
    };
    let table: Vec<(&str, Vec<Row>, Outcome)> = vec![
        (
            "in, moved, out",
            vec![
                ("1", 0, Received, "", 5, "", "A"),
                ("2", 1, Transferred, "", 2, "A", "B"),
                ("3", 2, Issued, "", 2, "B", ""),
            ],
            (has(&[("A", 3)]), vec![], vec![]),
        ),
        (
            "a count is absolute, a correction signed",
            vec![
                ("1", 0, Received, "", 5, "", "A"),
                ("2", 1, Counted, "", 3, "", "A"),
                ("3", 2, Corrected, "", -1, "", "A"),
                ("4", 3, Received, "", 4, "", "A"),
            ],
            (has(&[("A", 6)]), vec![], vec![]),
        ),
        (
            "the same instant settles what its order would not",
            vec![("1", 5, Issued, "", 1, "A", ""), ("2", 5, Received, "", 1, "", "A")],
            (vec![], vec![], vec![]),
        ),
        (
            "below zero twice is one line with the lowest, the first instant and what touched it below",
            vec![
                ("1", 0, Received, "", 1, "", "A"),
                ("2", 1, Issued, "", 1, "A", ""),
                ("3", 2, Issued, "", 1, "A", ""),
                ("4", 3, Received, "", 1, "", "A"),
                ("5", 4, Issued, "", 2, "A", ""),
                ("6", 5, Corrected, "", 2, "", "A"),
            ],
            (vec![], vec![], wrong(&[("A", -2, 2, &["3", "5"])])),
        ),
        (
            "a piece has one holder",
            vec![
                ("1", 0, Received, "S1", 1, "", "A"),
                ("2", 1, Transferred, "S1", 1, "A", "B"),
                ("3", 2, Borrowed, "S1", 1, "B", "C"),
            ],
            (has(&[("C", 1)]), at_place(&[("S1", "C")]), vec![]),
        ),
        (
            "a piece booked out of where it is not is told, and is where it was booked to",
            vec![
                ("1", 0, Received, "S1", 1, "", "A"),
                ("2", 0, Received, "S2", 1, "", "B"),
                ("3", 1, Transferred, "S1", 1, "B", "C"),
            ],
            (
                has(&[("A", 1), ("C", 1)]),
                at_place(&[("S1", "C"), ("S2", "B")]),
                wrong(&[("B", 1, 1, &["3"])]),
            ),
        ),
        (
            "an unknown piece booked out takes the balance below zero: the lowest stands",
            vec![("1", 0, Issued, "S9", 1, "A", "")],
            (has(&[("A", -1)]), vec![], wrong(&[("A", -1, 0, &["1"])])),
        ),
        (
            "a piece corrected away is nowhere",
            vec![("1", 0, Received, "S1", 1, "", "A"), ("2", 1, Corrected, "S1", -1, "", "A")],
            (vec![], vec![], vec![]),
        ),
    ];
    for (name, rows, expected) in table {
        assert_eq!(outcome(&rows), expected, "{name}");
        let turned: Vec<Row> = rows.into_iter().rev().collect();
        assert_eq!(outcome(&turned), expected, "{name}, in another order");
    }
}

#[test]
fn a_count_with_serial_numbers_says_which_are_there() {
    let present = ["S2".to_owned(), "S3".to_owned()];
    let mut lines = lines(&[
        ("1", 0, MovementKind::Received, "S1", 1, "", "A"),
        ("2", 0, MovementKind::Received, "S2", 1, "", "A"),
        ("3", 1, MovementKind::Counted, "", 2, "", "A"),
    ]);
    lines[2].present = Some(&present);
    let ledger = replay(&lines);
    assert_eq!(ledger.balances[&key("A")], 2);
    let serials: Vec<&str> = ledger.serials.keys().map(|(_, serial)| *serial).collect();
    assert_eq!(serials, ["S2", "S3"]);
}

/// A ledger that shares no code: per key the sum since the last count, looked up instant by instant.
mod naive {
    use super::*;

    pub(super) fn balance(lines: &[Line<'_>], key: &Key<'_>, until: Timestamp) -> i64 {
        let mut sorted: Vec<&Line<'_>> = lines.iter().filter(|line| line.at <= until).collect();
        sorted.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)));
        let mut sum = 0;
        for line in sorted.iter().filter(|line| line.model == key.model && line.owner == key.owner) {
            let (from, to) = (line.from == Some(key.place), line.to == Some(key.place));
            match line.kind {
                MovementKind::Counted if to => sum = line.quantity,
                MovementKind::Corrected if to => sum += line.quantity,
                MovementKind::Counted | MovementKind::Corrected => {}
                _ => sum += line.quantity * (i64::from(to) - i64::from(from)),
            }
        }
        sum
    }

    pub(super) fn lowest(lines: &[Line<'_>], key: &Key<'_>) -> i64 {
        lines.iter().map(|line| balance(lines, key, line.at)).min().unwrap_or(0).min(0)
    }

    pub(super) fn place<'a>(lines: &[Line<'a>], serial: &str) -> Option<&'a str> {
        let mut sorted: Vec<&Line<'a>> = lines.iter().filter(|line| line.serial == Some(serial)).collect();
        sorted.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)));
        sorted.iter().fold(None, |place, line| match line.kind {
            MovementKind::Counted | MovementKind::Corrected if line.quantity <= 0 => {
                place.filter(|place| Some(*place) != line.to)
            }
            MovementKind::Counted | MovementKind::Corrected => line.to.or(place),
            _ if line.from.is_some() => line.to,
            _ => line.to.or(place),
        })
    }
}

const IDS: [&str; 24] = [
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23",
];

fn any_lines() -> impl Strategy<Value = Vec<Line<'static>>> {
    let place = || proptest::sample::select(vec![None, Some("A"), Some("B"), Some("C")]);
    let line = (
        0_i64..6,
        proptest::sample::select(MovementKind::ALL.to_vec()),
        proptest::sample::select(vec!["m", "n"]),
        proptest::sample::select(vec![None, Some("S1"), Some("S2")]),
        1_i64..4,
        place(),
        place(),
        proptest::sample::select(vec!["buyer", "supplier"]),
    );
    let lines = proptest::collection::vec(line, 0..IDS.len());
    lines.prop_map(|rows| {
        let made = IDS.into_iter().zip(rows);
        let made = made.map(|(id, (minute, kind, model, serial, quantity, from, to, owner))| {
            let signed = if kind == MovementKind::Corrected { 2 - quantity } else { quantity };
            let serial = serial.filter(|_| model == "m");
            Line { id, at: at(minute), kind, model, serial, present: None, quantity: signed, from, to, owner }
        });
        made.collect()
    })
}

proptest! {
    /// I17: a balance is the sum of its movements, a piece has one holder, whatever order they came in.
    #[test]
    fn the_ledger_is_that_of_a_naive_model(given in any_lines(), turn in 0_usize..24) {
        let mut sorted = given.clone();
        sorted.rotate_left(turn.min(given.len()));
        sort(&mut sorted);
        let ledger = replay(&sorted);
        for place in ["A", "B", "C"] {
            for (model, owner) in [("m", "buyer"), ("m", "supplier"), ("n", "buyer"), ("n", "supplier")] {
                let key = Key { model, place, owner };
                let balance = ledger.balances.get(&key).copied().unwrap_or(0);
                prop_assert_eq!(balance, naive::balance(&given, &key, at(100)));
                let lowest = ledger.faults.get(&key).map_or(0, |fault| fault.lowest);
                prop_assert_eq!(lowest, naive::lowest(&given, &key));
                let effects = ledger.effects.iter().filter(|effect| effect.key == key);
                prop_assert_eq!(effects.clone().map(|effect| effect.change).sum::<i64>(), balance);
                prop_assert_eq!(effects.clone().next_back().map_or(0, |effect| effect.balance), balance);
            }
        }
        for serial in ["S1", "S2"] {
            let held = ledger.serials.get(&("m", serial)).map(|held| held.place);
            prop_assert_eq!(held, naive::place(&given, serial));
        }
    }

    /// Going on from what earlier instants came to is the same as beginning anew.
    #[test]
    fn the_ledger_goes_on_from_where_it_stood(given in any_lines(), cut in 0_i64..7) {
        let mut sorted = given;
        sort(&mut sorted);
        let whole = replay(&sorted);
        let (earlier, later): (Vec<Line<'_>>, Vec<Line<'_>>) =
            sorted.iter().copied().partition(|line| line.at < at(cut));
        let before = replay(&earlier);
        let known = before.effects.len();
        let ledger = resume(before, &later);
        prop_assert_eq!(&ledger.balances, &whole.balances);
        prop_assert_eq!(&ledger.serials, &whole.serials);
        let changes = |ledger: &Ledger<'_>| -> Vec<_> {
            ledger.effects.iter().map(|effect| (effect.key.place.to_owned(), effect.change, effect.balance)).collect()
        };
        prop_assert_eq!(changes(&ledger), changes(&whole).split_off(known));
    }
}

#[test]
fn the_interface_reads_a_file_in_any_order_with_repeats() {
    let row = |id: &str, minute: &str, kind: &str, quantity: &str, from: &str, to: &str| {
        format!(
            r#"{{"id":"{id}","at":"2025-10-15T08:{minute}:00+08:00","kind":"{kind}","model":"m","serial":null,
               "quantity":{quantity},"from":{from},"to":{to},"owner":"supplier","order":null}}"#
        )
    };
    let (received, issued) =
        (row("1", "00", "received", "1", "null", "\"A\""), row("2", "30", "issued", "2", "\"A\"", "null"));
    let file = format!("[{issued},{received},{issued}]");
    let report = interface::run("f.json", &file, "2025-10-15T08:30:00+08:00").unwrap();
    let text = serde_json::to_string(&report).unwrap();
    let expected = concat!(
        r#"{"balances":[{"model":"m","place":"A","owner":"supplier","quantity":-1}],"serials":[],"#,
        r#""discrepancies":[{"model":"m","place":"A","owner":"supplier","quantity":-1,"#,
        r#""since":"2025-10-15T08:30:00+08:00","movements":["2"]}]}"#
    );
    assert_eq!(text, expected);
    let before = interface::run("f.json", &file, "2025-10-15T00:29:59Z").unwrap();
    assert_eq!(
        (before.balances[0].quantity, before.discrepancies.len()),
        (1, 0),
        "--at is included, not passed"
    );
    let refused = |text: &str, at: &str, words: &[&str]| {
        let error = interface::run("f.json", text, at).unwrap_err().to_string();
        for word in words {
            assert!(error.contains(word), "{error} / {word}");
        }
    };
    let now = "2025-10-15T12:00:00+08:00";
    refused(
        &format!("[{issued},{}]", issued.replace("\"quantity\":2", "\"quantity\":3")),
        now,
        &["f.json", "[1].id", "2", "编号相同"],
    );
    refused(&format!("[{}]", row("1", "00", "issued", "0", "\"A\"", "null")), now, &["[0].quantity", "0"]);
    refused(&format!("[{}]", row("1", "00", "counted", "-1", "null", "\"A\"")), now, &["[0].quantity", "-1"]);
    refused(&format!("[{}]", row("1", "00", "counted", "1", "\"A\"", "null")), now, &["[0].to", "null"]);
    refused(&format!("[{}]", row("1", "00", "lost", "1", "\"A\"", "null")), now, &["[0].kind", "lost"]);
    refused(&format!("[{}]", received.replace("\"order\":null", "\"x\":1")), now, &["[0]", "x"]);
    refused(&format!("[{}]", received.replace(",\"order\":null", "")), now, &["order"]);
    refused("[]", "2025-10-15", &["--at", "2025-10-15"]);
}

// What the centre says. ------------------------------------------------------------------------------

fn actor(name: &str, roles: &[Role]) -> Actor {
    let state = UserState { roles: roles.to_vec(), ..UserState::default() };
    Actor::of(UserId::new(name).unwrap(), &state, Some(&DeviceState::default()), true)
}

/// The log of a store: states, and the verdict on each event offered.
struct Log {
    states: BTreeMap<EntityId, EntityState>,
    next: u8,
}

impl Log {
    fn new() -> Self {
        Self { states: BTreeMap::new(), next: 0 }
    }

    fn say(
        &mut self,
        who: &Actor,
        kind: &str,
        entity: &str,
        payload: &serde_json::Value,
        expect: &[(&str, &str)],
    ) -> (Verdict, Option<Reason>) {
        self.next += 1;
        let (log, entity) = (LogName::store("c1", "main").unwrap(), EntityId::new(entity).unwrap());
        let expect = expect.iter().map(|(field, seen)| ((*field).to_owned(), (*seen).to_owned())).collect();
        let payload = payload.to_string();
        let incoming = Incoming {
            id: EventId([self.next; 16]),
            kind,
            tv: 1,
            log: &log,
            entity: &entity,
            expect: &expect,
            payload: &payload,
            consent_signed: true,
        };
        let state = self.states.remove(&entity);
        let mut beside = Beside::default();
        for wanted in wanted(state.as_ref(), &incoming) {
            if let crate::judge::Wanted::Entity(name) = wanted
                && let Some(state) = self.states.get(&name)
            {
                beside.entities.insert(name, state.clone());
            }
        }
        let judged = judge_beside(state.as_ref(), &incoming, who, &[], &beside);
        let event = Recorded {
            id: incoming.id,
            kind,
            tv: 1,
            user: who.user(),
            entity: &entity,
            seq: Some(u64::from(self.next)),
            effective_at: at(i64::from(self.next)),
            claimed_at: at(i64::from(self.next)),
            trust: None,
            verdict: Some(judged.verdict),
            deps: &[],
            payload: &payload,
        };
        if let Some(state) = fold_entity(state, &event) {
            self.states.insert(entity, state);
        }
        (judged.verdict, judged.reason)
    }

    fn slip(&self) -> &Slip {
        self.states[&EntityId::new("slip/1").unwrap()].slip().unwrap()
    }

    fn take(&self) -> &Take {
        self.states[&EntityId::new("stocktake/1").unwrap()].take().unwrap()
    }
}

const OK: (Verdict, Option<Reason>) = (Verdict::Accepted, None);

#[test]
fn a_slip_is_approved_and_issued_by_another_than_who_asks() {
    use serde_json::json;
    let (wang, keeper, boss) = (
        actor("wang", &[Role::Engineer]),
        actor("keeper", &[Role::StoreKeeper]),
        actor("boss", &[Role::Supervisor]),
    );
    let lines = json!([{ "part": "part/1", "quantity": 2 }]);
    let mut log = Log::new();
    let asked = json!({ "number": "LY-1", "lines": lines, "reason": "巡检备用" });
    assert_eq!(log.say(&keeper, "slip.asked", "slip/1", &asked, &[]), OK);
    let stage = [("stage", "asked")];
    let nothing = json!({});
    let own = (Verdict::Rejected, Some(Reason::OwnRequest));
    assert_eq!(log.say(&keeper, "slip.approved", "slip/1", &nothing, &stage), own, "never one's own");
    assert_eq!(log.say(&wang, "slip.approved", "slip/1", &nothing, &stage).1, Some(Reason::NoRight));
    let issued = json!({ "lines": lines });
    let early = log.say(&boss, "slip.issued", "slip/1", &issued, &stage);
    assert_eq!(early, (Verdict::Rejected, Some(Reason::NotLegalNow)), "not before it is approved");
    assert_eq!(log.say(&boss, "slip.approved", "slip/1", &nothing, &stage), OK);
    assert!(log.slip().reserves());
    assert_eq!(log.say(&keeper, "slip.issued", "slip/1", &issued, &[("stage", "approved")]), own);
    assert_eq!(log.say(&boss, "slip.issued", "slip/1", &issued, &[("stage", "approved")]), OK);
    let second = log.say(&boss, "slip.issued", "slip/1", &issued, &[("stage", "approved")]);
    assert_eq!(second, (Verdict::Rejected, Some(Reason::StateChanged)), "handed out once");
    assert!(!log.slip().reserves() && !log.slip().waits());
    let back = json!({ "line": 0, "text": "旧硬盘留存甲方" });
    assert_eq!(log.say(&wang, "slip.returned", "slip/1", &back, &[]), OK);
    let unknown = log.say(&wang, "slip.returned", "slip/1", &json!({ "line": 7, "text": "x" }), &[]);
    assert_eq!(unknown.0, Verdict::Unreconciled, "a fact is never refused for state");
    for bad in [
        json!({ "number": "LY-1", "lines": [], "reason": "x" }),
        json!({ "number": "LY-1", "lines": lines }),
        json!({ "number": "LY-1", "lines": [{ "part": "place/1", "quantity": 1 }], "reason": "x" }),
        json!({ "number": "LY-1", "lines": [{ "part": "part/1", "quantity": 2, "serials": ["S"] }], "reason": "x" }),
        json!({ "number": "LY-1", "lines": lines, "reason": "x", "taken": true }),
    ] {
        let said = log.say(&wang, "slip.asked", "slip/2", &bad, &[]);
        assert_eq!(said, (Verdict::Rejected, Some(Reason::Malformed)), "{bad}");
    }
}

#[test]
fn an_emergency_is_taken_first_and_approved_within_a_workday() {
    use crate::calendar::Calendar;
    use serde_json::json;
    let (wang, boss) = (actor("wang", &[Role::Engineer]), actor("boss", &[Role::Supervisor]));
    let mut log = Log::new();
    let asked = json!({ "number": "LY-1", "lines": [{ "part": "part/1", "quantity": 1 }], "reason": "夜间故障",
        "emergency": true, "taken": true });
    assert_eq!(log.say(&wang, "slip.asked", "slip/1", &asked, &[]), OK);
    // 2025-10-09 is a Thursday; Saturday the 11th is a make-up workday.
    let due = log.slip().approval_due(&Calendar::builtin());
    assert_eq!(due.unwrap().to_string(), "2025-10-10");
    let refused =
        log.say(&boss, "slip.refused", "slip/1", &json!({ "words": "未见故障" }), &[("stage", "taken")]);
    assert_eq!(refused, OK);
    assert_eq!(log.slip().stage, SlipStage::Disputed);
    assert!(log.slip().waits());
    assert_eq!(log.say(&boss, "slip.approved", "slip/1", &json!({}), &[("stage", "disputed")]), OK);
    assert_eq!((log.slip().stage, log.slip().approval_due(&Calendar::builtin())), (SlipStage::Issued, None));
}

#[test]
fn who_books_what_and_what_rests_on_signatures() {
    use serde_json::json;
    let (wang, keeper, boss) = (
        actor("wang", &[Role::Engineer]),
        actor("keeper", &[Role::StoreKeeper]),
        actor("boss", &[Role::Supervisor]),
    );
    let mut log = Log::new();
    let made = |kind: &str, more: serde_json::Value| {
        let mut made = json!({ "kind": kind, "part": "part/1", "quantity": 1, "owner": "supplier" });
        made.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        made
    };
    let (a, b) = (json!({ "to": "place/a" }), json!({ "from": "place/a" }));
    let table = [
        (&keeper, made("received", a.clone()), OK),
        (&wang, made("received", a.clone()), (Verdict::Parked, Some(Reason::NoRight))),
        (&wang, made("issued", b.clone()), OK),
        (&wang, made("issued", b.clone()), OK),
        (&wang, made("issued", a.clone()), (Verdict::Rejected, Some(Reason::Malformed))),
        (&keeper, made("scrapped", b.clone()), (Verdict::Rejected, Some(Reason::Malformed))),
        (
            &keeper,
            made("scrapped", json!({ "from": "place/a", "scrapping": "scrapping/1" })),
            (Verdict::Unreconciled, Some(Reason::NotLegalNow)),
        ),
        (&keeper, made("counted", a.clone()), (Verdict::Rejected, Some(Reason::Malformed))),
        (&wang, made("replaced", json!({})), (Verdict::Rejected, Some(Reason::Malformed))),
        (&wang, made("replaced", json!({ "fate": { "fate": "kept" } })), OK),
    ];
    for (n, (who, made, expected)) in table.iter().enumerate() {
        assert_eq!(log.say(who, "movement.made", &format!("movement/{n}"), made, &[]), *expected, "{made}");
    }
    let again = log.say(&keeper, "movement.made", "movement/0", &made("received", a), &[]);
    assert_eq!(again, (Verdict::Unreconciled, Some(Reason::AlreadyExists)));
    let scrap = json!({ "part": "part/1", "quantity": 1, "place": "place/a", "owner": "buyer", "reason": "无法修复",
        "fate": { "fate": "scrapped" } });
    assert_eq!(log.say(&keeper, "scrapping.asked", "scrapping/1", &scrap, &[]), OK);
    let stage = [("stage", "asked")];
    let own = log.say(&keeper, "scrapping.signed", "scrapping/1", &json!({}), &stage);
    assert_eq!(own, (Verdict::Rejected, Some(Reason::OwnRequest)), "two people");
    assert_eq!(log.say(&boss, "scrapping.signed", "scrapping/1", &json!({}), &stage), OK);
    let booked = made("scrapped", json!({ "from": "place/a", "scrapping": "scrapping/1" }));
    assert_eq!(log.say(&boss, "movement.made", "movement/20", &booked, &[]), OK);
}

#[test]
fn cards_lose_only_by_the_fields_they_change() {
    use serde_json::json;
    let keeper = actor("keeper", &[Role::StoreKeeper]);
    let mut log = Log::new();
    let card = |name: &str, minimum: u32| json!({ "name": name, "unit": "块", "minimum": minimum });
    assert_eq!(log.say(&keeper, "part.noted", "part/1", &card("硬盘", 2), &[]), OK);
    assert_eq!(log.say(&keeper, "part.noted", "part/1", &card("硬盘", 4), &[("minimum", "2")]), OK);
    assert_eq!(log.say(&keeper, "part.noted", "part/1", &card("固态硬盘", 4), &[("name", "硬盘")]), OK);
    let lost = log.say(&keeper, "part.noted", "part/1", &card("固态硬盘", 3), &[("minimum", "2")]);
    assert_eq!(lost, (Verdict::Rejected, Some(Reason::StateChanged)));
    for bad in [
        card("", 1),
        json!({ "name": "硬盘" }),
        card(" 硬盘", 1),
        json!({ "name": "硬盘", "unit": "块", "tracking": "x" }),
    ] {
        let said = log.say(&keeper, "part.noted", "part/2", &bad, &[]);
        assert_eq!(said.1, Some(Reason::Malformed), "{bad}");
    }
    let wang = actor("wang", &[Role::Engineer]);
    assert_eq!(log.say(&wang, "part.noted", "part/3", &card("硬盘", 2), &[]).1, Some(Reason::NoRight));
}

#[test]
fn two_count_sign_and_a_third_word_adjusts() {
    use serde_json::json;
    let (li, keeper, boss) = (
        actor("li", &[Role::Engineer]),
        actor("keeper", &[Role::StoreKeeper]),
        actor("boss", &[Role::Supervisor]),
    );
    let mut log = Log::new();
    let say = |log: &mut Log, who: &Actor, kind: &str, payload: serde_json::Value| {
        log.say(who, kind, "stocktake/1", &payload, &[])
    };
    assert_eq!(say(&mut log, &keeper, "stocktake.opened", json!({ "name": "季度盘点", "blind": true })), OK);
    let plain = |n: u32| json!({ "part": "part/1", "place": "place/a", "owner": "supplier", "quantity": n });
    let piece = |serial: &str, place: &str| json!({ "part": "part/2", "place": place, "owner": "supplier", "quantity": 1, "serial": serial });
    let counted = |lines: &[serde_json::Value]| json!({ "lines": lines });
    let first = counted(&[plain(3), piece("S1", "place/a"), piece("S4", "place/a")]);
    assert_eq!(say(&mut log, &keeper, "stocktake.counted", first), OK);
    assert_eq!(say(&mut log, &li, "stocktake.counted", counted(&[plain(4), piece("S1", "place/b")])), OK);
    assert_eq!(log.take().disagreements().len(), 1, "3 and 4 of the same thing");
    let (_, serial, places) = log.take().counted_twice().remove(0);
    assert_eq!((serial, places.len()), ("S1", 2));
    let right = counted(&[
        plain(4),
        json!({ "part": "part/2", "place": "place/a", "owner": "supplier", "quantity": 0, "serial": "S1" }),
    ]);
    assert_eq!(say(&mut log, &keeper, "stocktake.counted", right), OK);
    assert!(log.take().disagreements().is_empty() && log.take().counted_twice().is_empty());

    let id = |text: &str| EntityId::new(text).unwrap();
    let supplier = Owner::Supplier;
    let book = Book {
        balances: [
            ((id("part/1"), id("place/a"), supplier), 5),
            ((id("part/2"), id("place/a"), supplier), 2),
            ((id("part/3"), id("place/b"), supplier), 1),
        ]
        .into(),
        serials: [
            ((id("part/2"), "S1".to_owned()), (id("place/a"), supplier)),
            ((id("part/2"), "S2".to_owned()), (id("place/a"), supplier)),
        ]
        .into(),
        by_serial: [id("part/2")].into(),
    };
    let closed = variance(log.take(), &book);
    let told: Vec<(Variance, &str, Option<&str>, i64, i64)> = closed
        .differences
        .iter()
        .map(|d| (d.kind, d.place.as_str(), d.serial.as_deref(), d.book, d.counted))
        .collect();
    let expected = [
        (Variance::Missing, "place/a", None, 5, 4),
        (Variance::Missing, "place/a", Some("S2"), 1, 0),
        (Variance::Surplus, "place/a", Some("S4"), 0, 1),
        (Variance::Misplaced, "place/b", Some("S1"), 0, 1),
        (Variance::Missing, "place/b", None, 1, 0),
    ];
    assert_eq!(told, expected);

    let not_yet = say(&mut log, &keeper, "stocktake.signed", json!({}));
    assert_eq!(not_yet.1, Some(Reason::NotLegalNow));
    assert_eq!(say(&mut log, &keeper, "stocktake.closed", serde_json::to_value(&closed).unwrap()), OK);
    let late = say(&mut log, &li, "stocktake.counted", counted(&[plain(9)]));
    assert_eq!(late.0, Verdict::Unreconciled, "counted too late: kept, and moves nothing");
    assert_eq!(say(&mut log, &keeper, "stocktake.signed", json!({})), OK);
    let twice = say(&mut log, &keeper, "stocktake.signed", json!({}));
    assert_eq!(twice, (Verdict::Rejected, Some(Reason::OwnRequest)));
    assert_eq!(say(&mut log, &boss, "stocktake.adjusted", json!({})).1, Some(Reason::NotLegalNow));
    let count = json!({ "kind": "counted", "part": "part/1", "quantity": 4, "to": "place/a", "owner": "supplier",
        "take": "stocktake/1" });
    assert_eq!(log.say(&boss, "movement.made", "movement/1", &count, &[]).0, Verdict::Unreconciled);
    assert_eq!(say(&mut log, &li, "stocktake.signed", json!({})), OK);
    assert_eq!(say(&mut log, &keeper, "stocktake.adjusted", json!({})).1, Some(Reason::NoRight));
    assert_eq!(say(&mut log, &boss, "stocktake.adjusted", json!({})), OK);
    assert_eq!(log.say(&boss, "movement.made", "movement/2", &count, &[]), OK);
}

#[test]
fn a_storage_medium_stays_unless_released_in_writing() {
    let disk =
        PartCard { name: "硬盘".into(), unit: "块".into(), storage_medium: true, ..PartCard::default() };
    let fan = PartCard { storage_medium: false, ..disk.clone() };
    let back = Fate { fate: FateKind::Returned, ..Fate::default() };
    let released = Fate { released_by: "放行单 2025-7".into(), ..back.clone() };
    let rule = Some("001:735 与本项目约定");
    assert!(fate_allowed(&disk, &Fate::default(), rule).is_ok());
    let told = fate_allowed(&disk, &back, rule).unwrap_err();
    assert!(told.contains("001:735") && told.contains("放行") && told.contains("返厂"), "{told}");
    assert!(fate_allowed(&disk, &released, rule).is_ok());
    assert!(fate_allowed(&fan, &back, rule).is_ok());
    assert!(fate_allowed(&disk, &back, None).is_ok());
}

#[test]
fn places_stand_in_their_tree() {
    let id = |text: &str| EntityId::new(format!("place/{text}")).unwrap();
    let place = |name: &str, parent: Option<&str>| PlaceCard {
        name: name.to_owned(),
        parent: parent.map(id),
        ..PlaceCard::default()
    };
    let places = BTreeMap::from([
        (id("1"), place("主库", None)),
        (id("2"), place("2 号柜", Some("1"))),
        (id("3"), place("1 号柜", Some("1"))),
        (id("4"), place("上层", Some("3"))),
        (id("5"), place("环一", Some("6"))),
        (id("6"), place("环二", Some("5"))),
        (id("7"), place("孤", Some("9"))),
    ]);
    let paths: Vec<(usize, String)> =
        tree(&places).into_iter().map(|(_, depth, path)| (depth, path)).collect();
    let expected = [
        (0, "主库"),
        (1, "主库 / 1 号柜"),
        (2, "主库 / 1 号柜 / 上层"),
        (1, "主库 / 2 号柜"),
        (0, "孤"),
        (0, "环一"),
        (0, "环二"),
    ];
    let mut sorted = paths.clone();
    sorted.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(paths.len(), places.len(), "each place once, whatever its parent says");
    for row in expected {
        assert!(paths.contains(&(row.0, row.1.to_owned())), "{row:?} in {paths:?}");
    }
    let index = |path: &str| paths.iter().position(|(_, p)| p == path).unwrap();
    assert!(index("主库") < index("主库 / 1 号柜") && index("主库 / 1 号柜 / 上层") < index("主库 / 2 号柜"));
}
