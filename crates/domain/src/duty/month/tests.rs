//! Tables of legal acts, properties, and the frozen words of payloads.

use super::payload::*;
use super::state::*;
use super::table::{self, Objection};
use super::*;
use crate::calendar::{Calendar, OfficeHours, Season};
use crate::contract::{DutyDays, DutyKind};
use crate::duty::layers::{Member, Origin, final_view};
use crate::duty::roster::{Leave, ShiftKind};
use crate::event::{EntityId, EventId, LogName, Reason, Recorded, UserId, Verdict};
use crate::judge::{EntityState, Fields as _, Incoming, Judgement, fold_entity, judge};
use crate::order::Draft;
use crate::people::{Actor, DeviceState, Role, UserState};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

fn id(n: u8) -> EventId {
    EventId([n; 16])
}

fn actor(id: &str, roles: &[Role], divisions: &[&str]) -> Actor {
    let divisions = divisions.iter().map(|name| (*name).to_owned()).collect();
    let state = UserState { roles: roles.to_vec(), divisions, ..UserState::default() };
    Actor::of(user(id), &state, Some(&DeviceState::default()), true)
}

fn boss() -> Actor {
    actor("boss", &[Role::Supervisor], &[])
}

fn deputy() -> Actor {
    actor("deputy", &[Role::Supervisor], &[])
}

fn engineer(id: &str) -> Actor {
    actor(id, &[Role::Engineer], &["E总队"])
}

fn post(id: &str) -> DutyPost {
    DutyPost {
        id: id.into(),
        name: id.into(),
        kind: DutyKind::Duty,
        shift: ShiftKind::Full,
        days: DutyDays::All,
        dates: Vec::new(),
        from: None,
        to: None,
        count: 1,
        skill: None,
        pair_of: None,
        onsite: true,
        call_in_minutes: None,
        divisions: if id == "l" { vec!["L总队".into()] } else { Vec::new() },
        place: None,
        clause: None,
        basis: None,
    }
}

fn opened() -> Opened {
    Opened {
        contract_hash: "c".into(),
        calendar_hash: "k".into(),
        posts: vec![post("duty"), post("l")],
        rules: DutyRules::default(),
    }
}

fn at(day: i8) -> Place {
    Place { date: date(2025, 10, day), post: "duty".into() }
}

fn now() -> Timestamp {
    "2025-09-20T01:00:00Z".parse().unwrap()
}

/// A centre with one month and no store: judges and folds in arrival order.
#[derive(Clone)]
struct Centre {
    state: Option<EntityState>,
    n: u8,
}

impl Centre {
    fn empty() -> Self {
        Self { state: None, n: 0 }
    }

    fn opened() -> Self {
        let mut centre = Self::empty();
        let payload = serde_json::to_string(&opened()).unwrap();
        assert_eq!(centre.send(&boss(), "roster.opened", &payload, &[]).verdict, Verdict::Accepted);
        centre
    }

    /// Two people on the first and second, published by the book.
    fn published() -> Self {
        let mut centre = Self::opened();
        centre.set(&boss(), 1, &["a"], date(2025, 9, 20));
        centre.set(&boss(), 2, &["b"], date(2025, 9, 20));
        centre.publish(date(2025, 9, 25));
        centre
    }

    fn month(&self) -> &RosterMonth {
        match &self.state {
            Some(EntityState::Roster(month)) => month,
            other => panic!("{other:?}"),
        }
    }

    fn send(&mut self, who: &Actor, kind: &str, payload: &str, expect: &[(&str, &str)]) -> Judgement {
        let expect = expect.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        self.take(who, kind, payload, &expect)
    }

    fn take(
        &mut self,
        who: &Actor,
        kind: &str,
        payload: &str,
        expect: &BTreeMap<String, String>,
    ) -> Judgement {
        self.n += 1;
        let (entity, log) = (month_entity(date(2025, 10, 1)), LogName::common("c").unwrap());
        let incoming = Incoming {
            id: id(self.n),
            kind,
            tv: 1,
            log: &log,
            entity: &entity,
            expect,
            payload,
            consent_signed: true,
        };
        let judgement = judge(self.state.as_ref(), &incoming, who, &[]);
        let recorded = Recorded {
            id: id(self.n),
            kind,
            tv: 1,
            user: who.user(),
            entity: &entity,
            seq: Some(u64::from(self.n)),
            effective_at: now(),
            claimed_at: now(),
            trust: None,
            verdict: Some(judgement.verdict),
            deps: &[],
            payload,
        };
        self.state = fold_entity(self.state.take(), &recorded);
        judgement
    }

    fn take_draft(&mut self, who: &Actor, draft: &Draft) -> Judgement {
        self.take(who, draft.kind, &draft.payload, &draft.expect)
    }

    fn set(&mut self, who: &Actor, day: i8, people: &[&str], on: Date) -> Judgement {
        let edits = [CellEdit { at: at(day), people: people.iter().map(|id| user(id)).collect(), was: None }];
        match edit(self.month(), &edits, &[], "", who, on, now()) {
            Ok(drafts) => self.take_draft(who, &drafts[0]),
            Err(refusal) => panic!("{refusal}"),
        }
    }

    fn publish(&mut self, on: Date) {
        let said = Said { on: Some(on), ..Said::default() };
        let said = serde_json::to_string(&said).unwrap();
        let consent = r#"{"who":"科信办","paper":"确认单"}"#;
        for (who, kind, payload) in [
            (boss(), "roster.submitted", "{}"),
            (deputy(), "roster.approved", "{}"),
            (boss(), "roster.consented", consent),
            (boss(), "roster.published", &said),
        ] {
            let judgement = self.send(&who, kind, payload, &[]);
            assert_eq!(judgement.verdict, Verdict::Accepted, "{kind} {judgement:?}");
        }
    }

    fn swap(&mut self, by: &str, mine: i8, with: &str, theirs: Option<i8>) -> String {
        let asked = SwapAsked {
            on: date(2025, 9, 26),
            mine: at(mine),
            with: user(with),
            theirs: theirs.map(at),
            reason: "家中有事".into(),
        };
        let draft = ask_swap(self.month(), &asked, &engineer(by), now()).unwrap();
        assert_eq!(self.take_draft(&engineer(by), &draft).verdict, Verdict::Accepted);
        let swap = id(self.n).to_string();
        let yes = SwapAnswered { swap: swap.clone(), accept: true, text: String::new() };
        let draft = decide_swap(self.month(), "roster.swap_accepted", &swap, &yes, &engineer(with), now());
        assert_eq!(self.take_draft(&engineer(with), &draft.unwrap()).verdict, Verdict::Accepted);
        swap
    }

    fn approve(&mut self, who: &Actor, swap: &str, on: Date) -> Judgement {
        let decided = Decided {
            of: swap.into(),
            on,
            approve: true,
            text: String::new(),
            consent_who: String::new(),
            consent_paper: String::new(),
        };
        let payload = serde_json::to_string(&decided).unwrap();
        self.send(who, "roster.swap_decided", &payload, &[])
    }
}

fn ids(people: &[UserId]) -> Vec<&str> {
    people.iter().map(UserId::as_str).collect()
}

#[test]
fn the_steps_of_the_review_are_these_and_no_others() {
    let said = r#"{"text":"请补 3 日"}"#;
    let consent = r#"{"who":"科信办","paper":"确认单"}"#;
    let edit = r#"{"on":"2025-09-20","cells":[{"date":"2025-10-03","post":"duty","people":["a"]}]}"#;
    let acts = [
        ("roster.edited", boss(), edit),
        ("roster.submitted", boss(), "{}"),
        ("roster.returned", boss(), said),
        ("roster.approved", deputy(), "{}"),
        ("roster.consented", boss(), consent),
        ("roster.published", boss(), "{}"),
    ];
    let legal = [
        (Stage::Draft, vec!["roster.edited", "roster.submitted"]),
        (Stage::Submitted, vec!["roster.returned", "roster.approved"]),
        (Stage::Approved, vec!["roster.returned", "roster.consented"]),
        (Stage::Consented, vec!["roster.returned", "roster.published"]),
        (Stage::Published, vec!["roster.edited"]),
    ];
    for (stage, expected) in legal {
        let mut month = Centre::opened().month().clone();
        month.stage = stage;
        let allowed =
            acts.iter().filter(|(kind, who, payload)| table::allows(kind, &month, who, payload).is_ok());
        let allowed: Vec<&str> = allowed.map(|(kind, ..)| *kind).collect();
        assert_eq!(allowed, expected, "{stage:?}");
    }
}

#[test]
fn who_may_do_what() {
    let mut submitted = Centre::opened();
    submitted.set(&boss(), 3, &["a"], date(2025, 9, 20));
    submitted.send(&boss(), "roster.submitted", "{}", &[]);
    let draft = Centre::opened();
    let scoped = actor("l-boss", &[Role::Supervisor], &["L总队"]);
    let other = actor("e-boss", &[Role::Supervisor], &["E总队"]);
    let buyer = actor("buyer", &[Role::BuyerContact], &[]);
    let cell = |post: &str| {
        format!(r#"{{"on":"2025-09-20","cells":[{{"date":"2025-10-03","post":"{post}","people":["a"]}}]}}"#)
    };
    let (own, all) = (cell("l"), cell("duty"));
    type Case<'a> = (&'a Centre, &'a str, Actor, &'a str, Result<(), Objection>);
    let cases: Vec<Case<'_>> = vec![
        (&draft, "roster.edited", scoped.clone(), &own, Ok(())),
        (&draft, "roster.edited", other.clone(), &own, Err(Objection::Person)),
        (&draft, "roster.edited", other, &all, Ok(())),
        (&draft, "roster.edited", engineer("a"), &all, Err(Objection::Person)),
        (&draft, "roster.edited", boss(), r#"{"on":"2025-09-20"}"#, Err(Objection::Content)),
        (&draft, "roster.submitted", scoped, "{}", Err(Objection::Person)),
        (&submitted, "roster.approved", boss(), "{}", Err(Objection::Own)),
        (&submitted, "roster.approved", boss(), r#"{"alone":true}"#, Ok(())),
        (&submitted, "roster.approved", deputy(), "{}", Ok(())),
        (&submitted, "roster.returned", buyer.clone(), r#"{"text":"不同意"}"#, Ok(())),
        (&submitted, "roster.returned", buyer, "{}", Err(Objection::Content)),
        (&draft, "roster.wished", engineer("a"), r#"{"date":"2025-10-03","want":"off"}"#, Ok(())),
        (
            &draft,
            "roster.wished",
            engineer("a"),
            r#"{"date":"2025-11-03","want":"off"}"#,
            Err(Objection::Content),
        ),
        (&draft, "roster.future", boss(), "{}", Err(Objection::Content)),
    ];
    for (centre, kind, who, payload, expected) in cases {
        assert_eq!(table::allows(kind, centre.month(), &who, payload), expected, "{kind} {payload}");
    }
}

#[test]
fn an_edit_of_another_cell_stands_and_of_the_same_cell_loses_naming_the_winner() {
    let centre = Centre::opened();
    let on = date(2025, 9, 20);
    let one = |day, person: &str, who: &Actor| {
        let edits = [CellEdit { at: at(day), people: vec![user(person)], was: None }];
        edit(centre.month(), &edits, &[], "", who, on, now()).unwrap().remove(0)
    };
    let (first, other, same) = (one(3, "a", &boss()), one(4, "b", &deputy()), one(3, "c", &deputy()));
    let mut centre = centre.clone();
    assert_eq!(centre.take_draft(&boss(), &first).verdict, Verdict::Accepted);
    let winner = id(centre.n);
    assert_eq!(centre.take_draft(&deputy(), &other).verdict, Verdict::Accepted);
    let lost = centre.take_draft(&deputy(), &same);
    assert_eq!((lost.verdict, lost.reason), (Verdict::Rejected, Some(Reason::StateChanged)));
    assert_eq!(lost.winner, Some(winner));
    assert_eq!(ids(centre.month().people("2025-10-03/duty")), ["a"]);
    assert_eq!(ids(centre.month().people("2025-10-04/duty")), ["b"]);
    assert_eq!(
        centre.month().field("2025-10-05/duty").as_deref(),
        Some(""),
        "an empty cell can be relied on"
    );
    assert_eq!(centre.month().field("2025-11-05/duty"), None);
}

#[test]
fn a_month_is_opened_once_by_a_supervisor_of_the_whole_contract() {
    let payload = serde_json::to_string(&opened()).unwrap();
    let mut centre = Centre::opened();
    let again = centre.send(&deputy(), "roster.opened", &payload, &[]);
    assert_eq!((again.reason, again.winner), (Some(Reason::AlreadyExists), Some(id(1))));
    let scoped = actor("l-boss", &[Role::Supervisor], &["L总队"]);
    let refused = Centre::empty().send(&scoped, "roster.opened", &payload, &[]);
    assert_eq!(refused.verdict, Verdict::Parked);
    let twice = Opened { posts: vec![post("duty"), post("duty")], ..opened() };
    let twice = serde_json::to_string(&twice).unwrap();
    assert_eq!(Centre::empty().send(&boss(), "roster.opened", &twice, &[]).reason, Some(Reason::Malformed));
    let early = Centre::empty().send(&boss(), "roster.submitted", "{}", &[]);
    assert_eq!(early.reason, Some(Reason::NoEntity));
}

#[test]
fn what_is_published_and_past_stays() {
    let mut centre = Centre::published();
    let late = r#"{"on":"2025-10-02","cells":[{"date":"2025-10-01","post":"duty","people":["z"]}]}"#;
    let frozen = centre.send(&boss(), "roster.edited", late, &[]);
    assert_eq!((frozen.verdict, frozen.reason), (Verdict::Rejected, Some(Reason::PastFrozen)));
    // Somebody whose clock runs behind cannot go back over what another already did.
    centre.set(&boss(), 9, &["c"], date(2025, 10, 2));
    let behind = late.replace("2025-10-02\",\"cells", "2025-09-20\",\"cells");
    assert_eq!(centre.send(&deputy(), "roster.edited", &behind, &[]).reason, Some(Reason::PastFrozen));
    // What was changed in time and published too late is not published.
    centre.set(&boss(), 3, &["z"], date(2025, 10, 2));
    centre.publish(date(2025, 10, 5));
    assert_eq!(centre.month().holders("2025-10-03/duty"), Vec::<UserId>::new());
    assert_eq!(ids(&centre.month().holders("2025-10-09/duty")), ["c"]);
    assert!(centre.month().people("2025-10-03/duty").is_empty(), "nor does it stay in the working cells");
}

#[test]
fn a_revision_is_a_new_version_and_tells_those_concerned() {
    let mut centre = Centre::published();
    assert_eq!(centre.month().version(), 1);
    assert_eq!(centre.month().confirmations.keys().collect::<Vec<_>>(), ["a", "b"]);
    let knows = centre.send(&engineer("a"), "roster.confirmed", r#"{"version":1}"#, &[]);
    assert_eq!(knows.verdict, Verdict::Accepted);
    assert!(centre.month().confirmations["a"].confirmed_at.is_some());
    let stranger = centre.send(&engineer("x"), "roster.confirmed", r#"{"version":1}"#, &[]);
    assert_eq!(stranger.verdict, Verdict::Unreconciled);

    centre.set(&boss(), 2, &["c"], date(2025, 9, 26));
    assert_eq!(centre.month().stage, Stage::Draft);
    assert_eq!(centre.month().changes(date(2025, 9, 26)), ["2025-10-02/duty"]);
    assert_eq!(ids(&centre.month().holders("2025-10-02/duty")), ["b"], "until it is published");
    centre.publish(date(2025, 9, 27));
    let month = centre.month();
    assert_eq!((month.version(), month.versions[1].before.len()), (2, 1));
    assert_eq!(ids(&month.cells_of(1).unwrap()["2025-10-02/duty"]), ["b"]);
    assert_eq!(ids(&month.cells_of(2).unwrap()["2025-10-02/duty"]), ["c"]);
    assert_eq!(month.cells_of(3), None);
    assert!(month.confirmations["a"].confirmed_at.is_some(), "nothing changed for him");
    assert_eq!((month.confirmations["b"].version, month.confirmations["c"].version), (2, 2));
    assert_eq!(month.versions[1].approved_by, Some(user("deputy")));
    assert!(month.approved_by.is_none() && month.consent.is_none(), "the next version starts anew");
}

#[test]
fn a_swap_takes_three_and_moves_the_duty_at_once() {
    let mut centre = Centre::published();
    let swap = centre.swap("a", 1, "b", Some(2));
    let own = centre.approve(&actor("a", &[Role::Supervisor], &[]), &swap, date(2025, 9, 26));
    assert_eq!(own.reason, Some(Reason::OwnRequest));
    assert_eq!(centre.approve(&boss(), &swap, date(2025, 9, 26)).verdict, Verdict::Accepted);
    let month = centre.month();
    assert_eq!(ids(&month.holders("2025-10-01/duty")), ["b"]);
    assert_eq!(ids(&month.holders("2025-10-02/duty")), ["a"]);
    assert!(month.came_by_swap(&at(1), &user("b")));
    assert_eq!(month.version(), 1, "a swap makes no version");
    let twice = centre.approve(&boss(), &swap, date(2025, 9, 26));
    assert_eq!(twice.reason, Some(Reason::NotLegalNow));
    // The next version keeps the swap, and a later change goes over it.
    centre.set(&boss(), 5, &["c"], date(2025, 9, 26));
    centre.publish(date(2025, 9, 27));
    assert_eq!(ids(&centre.month().holders("2025-10-01/duty")), ["b"]);
    centre.set(&boss(), 1, &["a"], date(2025, 9, 27));
    centre.publish(date(2025, 9, 28));
    assert_eq!(ids(&centre.month().holders("2025-10-01/duty")), ["a"]);
}

#[test]
fn a_swap_whose_duty_went_to_another_cannot_be_approved() {
    let mut centre = Centre::published();
    let swap = centre.swap("a", 1, "c", None);
    centre.set(&boss(), 1, &["d"], date(2025, 9, 26));
    centre.publish(date(2025, 9, 27));
    assert_eq!(centre.approve(&boss(), &swap, date(2025, 9, 28)).reason, Some(Reason::NotLegalNow));
    assert_eq!(ids(&centre.month().holders("2025-10-01/duty")), ["d"]);
    let asked =
        SwapAsked { on: date(2025, 10, 2), mine: at(1), with: user("c"), theirs: None, reason: "".into() };
    assert!(ask_swap(centre.month(), &asked, &engineer("d"), now()).is_err(), "a day that is past");
    let asked = SwapAsked { on: date(2025, 9, 28), ..asked };
    assert!(ask_swap(centre.month(), &asked, &engineer("a"), now()).is_err(), "not his duty");
}

fn member(id: &str) -> Member {
    Member { id: id.into(), division: None, onsite: true, joined: None, left: None }
}

fn view(centre: &Centre, leave: &[Leave]) -> crate::duty::layers::FinalView {
    let hours = OfficeHours::default();
    final_view(centre.month(), &[member("a"), member("b")], &hours, leave, &Calendar::builtin())
}

#[test]
fn a_takeover_cuts_the_shift_and_leave_makes_a_hole() {
    let mut centre = Centre::published();
    let taken = r#"{"date":"2025-10-01","post":"duty","from":"2025-10-01T06:00:00Z","person":"c","instead_of":"a","reason":"突发"}"#;
    assert_eq!(centre.send(&engineer("c"), "roster.taken_over", taken, &[]).verdict, Verdict::Accepted);
    let again = centre.send(&engineer("d"), "roster.taken_over", &taken.replace("\"c\"", "\"d\""), &[]);
    assert_eq!(again.verdict, Verdict::Accepted, "what happened is kept; the first in time counts");
    let wrong = centre.send(&engineer("c"), "roster.taken_over", &taken.replace("\"a\"", "\"x\""), &[]);
    assert_eq!(wrong.verdict, Verdict::Unreconciled);
    let seen = view(&centre, &[]);
    let first: Vec<_> = seen.shifts.iter().filter(|shift| shift.date == date(2025, 10, 1)).collect();
    let told: Vec<_> =
        first.iter().map(|shift| (shift.person.as_str(), shift.spans.clone(), shift.origin)).collect();
    assert_eq!(
        told,
        [("a", vec![(480, 840)], Origin::Roster), ("c", vec![(840, 1920)], Origin::Takeover)],
        "one after the other, never two"
    );
    let sick = Leave { person: "b".into(), from: date(2025, 10, 2), to: date(2025, 10, 3) };
    let seen = view(&centre, &[sick]);
    assert!(seen.shifts.iter().all(|shift| shift.person != "b"));
    assert_eq!(seen.holes.len(), 1);
    assert_eq!((seen.holes[0].person.as_str(), seen.holes[0].date), ("b", date(2025, 10, 2)));
}

/// Somebody who has the office shift of a holiday is there in the hours of a working day.
#[test]
fn an_office_shift_on_a_day_off_has_the_hours_of_a_working_day() {
    let mut month = Centre::published().month().clone();
    month.posts[0].shift = ShiftKind::Office;
    let windows = vec!["09:00-12:00".parse().unwrap()];
    let season =
        Season { from: None, to: None, since: None, divisions: vec![], windows, source: "setting".into() };
    let hours = OfficeHours { seasons: vec![season], days: vec![] };
    let seen = final_view(&month, &[], &hours, &[], &Calendar::builtin());
    let told: Vec<_> = seen
        .shifts
        .iter()
        .map(|shift| (shift.date.day(), shift.person.as_str(), shift.spans.clone()))
        .collect();
    assert_eq!(told, [(1, "a", vec![(540, 720)]), (2, "b", vec![(540, 720)])]);
}

#[test]
fn nothing_is_held_before_it_is_published() {
    let mut centre = Centre::opened();
    centre.set(&boss(), 1, &["a"], date(2025, 9, 20));
    assert!(view(&centre, &[]).shifts.is_empty());
}

#[test]
fn pending_edits_show_at_a_stage_that_allows_them() {
    let centre = Centre::published();
    let payload =
        r#"{"on":"2025-09-26","cells":[{"date":"2025-10-07","post":"duty","people":["b","a","b"]}]}"#;
    let (entity, by) = (EntityId::new("roster/2025-10").unwrap(), user("boss"));
    let event = Recorded {
        id: id(200),
        kind: "roster.edited",
        tv: 1,
        user: Some(&by),
        entity: &entity,
        seq: None,
        effective_at: now(),
        claimed_at: now(),
        trust: None,
        verdict: None,
        deps: &[],
        payload,
    };
    let month = fold_month(Some(centre.month().clone()), &event).unwrap();
    let cell = &month.cells["2025-10-07/duty"];
    assert_eq!((ids(&cell.people), cell.pending, month.pending), (vec!["a", "b"], true, 1));
    let mut submitted = centre.month().clone();
    submitted.stage = Stage::Submitted;
    let month = fold_month(Some(submitted), &event).unwrap();
    assert!(!month.cells.contains_key("2025-10-07/duty"), "it must be rejected");
    let future = Recorded { kind: "roster.future", verdict: Some(Verdict::Accepted), ..event };
    let month = fold_month(Some(month), &future).unwrap();
    assert_eq!(month.unknown, ["roster.future"], "a newer program's act makes it read-only");
}

#[test]
fn a_large_edit_is_several_events_that_stand_on_each_other() {
    let centre = Centre::opened();
    let cells: Vec<CellEdit> = (1..=31)
        .flat_map(|day| {
            ["duty", "l"].map(|post| CellEdit {
                at: Place { date: date(2025, 10, day), post: post.into() },
                people: vec![user("a")],
                was: None,
            })
        })
        .collect();
    let drafts = edit(centre.month(), &cells, &[], "", &boss(), date(2025, 9, 20), now()).unwrap();
    assert_eq!(drafts.len(), 1);
    let long = "x".repeat(64);
    let people: Vec<UserId> = (0..3).map(|n| user(&format!("{}{n}", &long[..63]))).collect();
    let set =
        |n: usize| CellSet { date: date(2025, 10, 1), post: format!("{n:032}"), people: people.clone() };
    let largest = Edited {
        on: date(2025, 10, 1),
        cells: (0..CELLS_PER_EVENT_MAX).map(set).collect(),
        pins: Vec::new(),
        note: String::new(),
    };
    assert!(
        serde_json::to_string(&largest).unwrap().len() < 48 * 1024,
        "with what it relies on under 64 KiB"
    );
    let same = edit(centre.month(), &[], &[], "", &boss(), date(2025, 9, 20), now());
    assert!(same.is_err(), "nothing to save");
}

#[test]
fn the_words_of_the_payloads_are_frozen() {
    let text = |value: &dyn erased::Json| value.json();
    let cell = CellSet { date: date(2025, 10, 3), post: "duty".into(), people: vec![user("u1"), user("u2")] };
    let pin = PinSet { date: date(2025, 10, 3), post: "duty".into(), person: user("u1"), pinned: true };
    let edited = Edited { on: date(2025, 9, 20), cells: vec![cell], pins: vec![pin], note: "补班".into() };
    let cases: Vec<(Box<dyn erased::Json>, &str)> = vec![
        (
            Box::new(edited),
            r#"{"on":"2025-09-20","cells":[{"date":"2025-10-03","post":"duty","people":["u1","u2"]}],"pins":[{"date":"2025-10-03","post":"duty","person":"u1","pinned":true}],"note":"补班"}"#,
        ),
        (
            Box::new(Opened { posts: vec![post("duty")], ..opened() }),
            r#"{"contract_hash":"c","calendar_hash":"k","posts":[{"id":"duty","name":"duty","kind":"duty","shift":"24h","days":"all","count":1,"onsite":true}],"rules":{"rest_hours_min":12,"consecutive_days_max":6,"shifts_per_day_max":1,"nights_in_row_max":2}}"#,
        ),
        (
            Box::new(SwapAsked {
                on: date(2025, 9, 26),
                mine: at(1),
                with: user("u2"),
                theirs: Some(at(2)),
                reason: "有事".into(),
            }),
            r#"{"on":"2025-09-26","mine":{"date":"2025-10-01","post":"duty"},"with":"u2","theirs":{"date":"2025-10-02","post":"duty"},"reason":"有事"}"#,
        ),
        (
            Box::new(TakenOver {
                at: at(1),
                from: "2025-10-01T06:00:00Z".parse().unwrap(),
                person: user("u2"),
                instead_of: user("u1"),
                reason: "突发".into(),
            }),
            r#"{"date":"2025-10-01","post":"duty","from":"2025-10-01T06:00:00Z","person":"u2","instead_of":"u1","reason":"突发"}"#,
        ),
        (
            Box::new(Said { text: "好".into(), version: 2, on: Some(date(2025, 9, 25)), alone: true }),
            r#"{"text":"好","version":2,"on":"2025-09-25","alone":true}"#,
        ),
        (Box::new(Said::default()), "{}"),
        (
            Box::new(Consented {
                who: "科信办".into(),
                date: Some(date(2025, 9, 24)),
                paper: "确认单".into(),
            }),
            r#"{"who":"科信办","date":"2025-09-24","paper":"确认单"}"#,
        ),
        (
            Box::new(Waived {
                rule: "rest".into(),
                date: Some(date(2025, 10, 3)),
                post: Some("duty".into()),
                person: Some(user("u1")),
                reason: "本人同意".into(),
            }),
            r#"{"rule":"rest","date":"2025-10-03","post":"duty","person":"u1","reason":"本人同意"}"#,
        ),
        (
            Box::new(Wished { date: date(2025, 10, 3), want: "off".into(), weight: 2 }),
            r#"{"date":"2025-10-03","want":"off","weight":2}"#,
        ),
    ];
    for (value, expected) in cases {
        assert_eq!(text(value.as_ref()), expected);
    }
}

/// Values of different types as JSON.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

/// What somebody tries at random.
#[derive(Debug, Clone)]
enum Try {
    Set { day: i8, people: Vec<u8>, on: i8 },
    Publish { on: i8 },
    Swap { by: u8, mine: i8, with: u8, theirs: Option<i8> },
    TakeOver { day: i8, person: u8, instead_of: u8 },
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        4 => (1..8_i8, prop::collection::vec(0..4_u8, 0..2), 1..8_i8)
            .prop_map(|(day, people, on)| Try::Set { day, people, on }),
        2 => (1..8_i8).prop_map(|on| Try::Publish { on }),
        2 => (0..4_u8, 1..8_i8, 0..4_u8, prop::option::of(1..8_i8))
            .prop_map(|(by, mine, with, theirs)| Try::Swap { by, mine, with, theirs }),
        1 => (1..8_i8, 0..4_u8, 0..4_u8)
            .prop_map(|(day, person, instead_of)| Try::TakeOver { day, person, instead_of }),
    ];
    prop::collection::vec(one, 1..24)
}

fn name(n: u8) -> String {
    format!("p{n}")
}

/// Does what can be done; the rest is refused, and must leave the month as it was.
fn attempt(centre: &mut Centre, what: &Try) {
    let oct = |day: i8| date(2025, 10, day);
    match what {
        Try::Set { day, people, on } => {
            let people = people.iter().map(|n| user(&name(*n))).collect();
            let edits = [CellEdit { at: at(*day), people, was: None }];
            if let Ok(drafts) = edit(centre.month(), &edits, &[], "", &boss(), oct(*on), now()) {
                centre.take_draft(&boss(), &drafts[0]);
            }
        }
        Try::Publish { on } => {
            if centre.month().stage == Stage::Draft {
                centre.publish(oct(*on));
            }
        }
        Try::Swap { by, mine, with, theirs } => {
            let (on, by, with) = (centre.month().on.unwrap_or(oct(1)), name(*by), name(*with));
            let (mine, theirs) = (at(*mine), theirs.map(at));
            let asked = SwapAsked { on, mine, with: user(&with), theirs, reason: String::new() };
            let Ok(draft) = ask_swap(centre.month(), &asked, &engineer(&by), now()) else { return };
            centre.take_draft(&engineer(&by), &draft);
            let swap = id(centre.n).to_string();
            let yes = format!(r#"{{"swap":"{swap}","accept":true}}"#);
            centre.send(&engineer(&with), "roster.swap_accepted", &yes, &[]);
            centre.approve(&boss(), &swap, on);
        }
        Try::TakeOver { day, person, instead_of } => {
            let payload = format!(
                r#"{{"date":"2025-10-0{day}","post":"duty","from":"2025-10-0{day}T06:00:00Z","person":"{}","instead_of":"{}"}}"#,
                name(*person),
                name(*instead_of)
            );
            centre.send(&engineer(&name(*person)), "roster.taken_over", &payload, &[]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_published_past_never_changes_and_no_minute_has_two_holders(tries in tries()) {
        let mut centre = Centre::opened();
        for one in &tries {
            let before = centre.month().clone();
            attempt(&mut centre, one);
            let month = centre.month();
            if let (Some(on), true) = (before.on, before.published.is_some()) {
                for day in (1..8).filter(|day| date(2025, 10, *day) < on) {
                    let key = at(day).key();
                    prop_assert_eq!(before.holders(&key), month.holders(&key), "{:?} {}", one, key);
                }
            }
            prop_assert!(month.on >= before.on, "the known day never goes back");
            let view = final_view(month, &[], &OfficeHours::default(), &[], &Calendar::builtin());
            for (n, shift) in view.shifts.iter().enumerate() {
                let same = view.shifts[n + 1..].iter().filter(|other| other.date == shift.date);
                for other in same {
                    let shared = shift.spans.iter().any(|a| other.spans.iter().any(|b| a.0 < b.1 && b.0 < a.1));
                    prop_assert!(!shared, "{:?} and {:?}", shift, other);
                }
            }
        }
    }

    #[test]
    fn edits_of_different_cells_come_out_alike_in_any_order(days in prop::sample::subsequence((1..20_i8).collect::<Vec<_>>(), 2..6), turn in 0..5_usize) {
        let centre = Centre::opened();
        let drafts: Vec<Draft> = days.iter().map(|day| {
            let edits = [CellEdit { at: at(*day), people: vec![user("a")], was: None }];
            edit(centre.month(), &edits, &[], "", &boss(), date(2025, 9, 20), now()).unwrap().remove(0)
        }).collect();
        let end = |order: Vec<&Draft>| {
            let mut centre = centre.clone();
            for draft in order {
                assert_eq!(centre.take_draft(&boss(), draft).verdict, Verdict::Accepted);
            }
            centre.month().cells_of(0)
        };
        let mut turned: Vec<&Draft> = drafts.iter().collect();
        turned.rotate_left(turn % drafts.len());
        prop_assert_eq!(end(drafts.iter().collect()), end(turned));
    }
}
