//! Months of duty at the door: two supervisors, review, versions, swaps, checks, drafts, ledger.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use site::seat::Seat;
use site::{CONTRACT, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

const MONTH: &str = "2025-11";

/// Office hours, a pair on duty round the clock on days off, and standby at night.
const SETTINGS: &str = r#"contract = "guangxi-police"
acceptance_date = "2024-09-01"
[[office_hours]]
windows = ["08:00-12:00", "14:30-17:30"]
[[duty_post]]
id = "main"
name = "值班主"
kind = "duty"
shift = "24h"
days = "nonworkday"
pair_of = "deputy"
clause = "001:27"
[[duty_post]]
id = "deputy"
name = "值班副"
kind = "duty"
shift = "24h"
days = "nonworkday"
[[duty_post]]
id = "standby"
name = "备勤"
kind = "standby"
shift = "night"
days = "workday"
presence = "remote"
[duty_rules]
rest_hours_min = 12
consecutive_days_max = 6
shifts_per_day_max = 1
nights_in_row_max = 2
"#;

/// A site with supervisors `boss` and `second`, eight engineers on site, a colleague `far` who is not, and
/// the buyer's `jia`.
fn site() -> Site {
    let mut site = Site::new();
    let people = [
        person("boss", "周项", Role::Supervisor),
        person("second", "吴项", Role::Supervisor),
        person("jia", "甲方", Role::BuyerContact),
        NewUser { remote: true, ..person("far", "陈远", Role::Engineer) },
    ];
    for new in people {
        site.centre.user_add(&new).unwrap();
    }
    for n in 1..=6 {
        site.centre.user_add(&person(&format!("e{n}"), &format!("工程师{n}"), Role::Engineer)).unwrap();
    }
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: SETTINGS }));
    site
}

impl Seat {
    async fn refused(&self, command: &str, args: impl serde::Serialize) -> (DoorCode, String) {
        let error = self.try_call(command, args).await.unwrap_err();
        (error.code, error.message)
    }

    async fn roster(&self) -> RosterView {
        self.call("roster.get", json!({ "month": MONTH })).await
    }

    async fn put(&self, date: &str, post: &str, people: &[&str], key: &str) -> Written {
        let people: Vec<String> = people.iter().map(|login| self.user(login)).collect();
        let cells = vec![CellEdit { date: date.into(), post: post.into(), people, was: None }];
        let edit =
            RosterEdit { month: MONTH.into(), cells, idempotency_key: key.into(), ..Default::default() };
        self.call("roster.edit", edit).await
    }

    async fn act(&self, act: &str, text: &str, key: &str) -> Written {
        let args = json!({ "month": MONTH, "text": text, "idempotency_key": key });
        self.call(&format!("roster.{act}"), args).await
    }

    /// Fills the month as the machine proposes and saves it.
    async fn fill(&self, key: &str) -> RosterProposal {
        let draft = json!({ "month": MONTH, "keep": "all", "seconds": 1, "seed": 7 });
        let proposal: RosterProposal = self.call("roster.draft", draft).await;
        let edit = RosterEdit {
            month: MONTH.into(),
            cells: proposal.cells.clone(),
            idempotency_key: key.into(),
            ..Default::default()
        };
        let _: Written = self.call("roster.edit", edit).await;
        proposal
    }
}

/// Who stands in a cell, by id.
fn cell(view: &RosterView, date: &str, post: &str) -> Vec<String> {
    let cell = view.cells.iter().find(|cell| cell.date == date && cell.post == post);
    cell.map(|cell| cell.people.iter().map(|person| person.id.clone()).collect()).unwrap_or_default()
}

async fn opened(site: &mut Site) -> (Seat, Seat) {
    let (boss, second) = (Seat::new(site, "boss", 1), Seat::new(site, "second", 2));
    let _: Written = boss.call("roster.open", json!({ "month": MONTH, "idempotency_key": "o" })).await;
    boss.sync(site);
    second.sync(site);
    (boss, second)
}

/// Approved by the second supervisor, consented on paper, published by the first.
async fn publish(site: &mut Site, boss: &Seat, second: &Seat, round: &str) {
    boss.act("submit", "", &format!("s{round}")).await;
    boss.sync(site);
    second.sync(site);
    second.act("approve", "可以", &format!("a{round}")).await;
    second.sync(site);
    boss.sync(site);
    let consent = json!({ "month": MONTH, "who": "科信办", "date": "2025-10-14", "paper": "值班表确认单",
        "idempotency_key": format!("c{round}") });
    let _: Written = boss.call("roster.consent", consent).await;
    boss.act("publish", "", &format!("p{round}")).await;
    boss.sync(site);
    second.sync(site);
}

#[tokio::test]
async fn two_supervisors_edit_offline_and_the_second_reads_what_he_lost() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    boss.put("2025-11-01", "main", &["e1"], "k1").await;
    second.put("2025-11-01", "main", &["e2"], "k1").await;
    second.put("2025-11-02", "main", &["e3"], "k2").await;
    boss.sync(&mut site);
    second.sync(&mut site);
    boss.sync(&mut site);
    for seat in [&boss, &second] {
        let view = seat.roster().await;
        assert_eq!(cell(&view, "2025-11-01", "main"), [seat.user("e1")], "the first stands");
        assert_eq!(cell(&view, "2025-11-02", "main"), [seat.user("e3")], "the other cell too");
    }
    let conflicts: Vec<ConflictDto> = second.call("sync.conflicts", json!({})).await;
    let lost = &conflicts[0];
    assert_eq!((lost.order.as_str(), lost.act.as_str()), ("2025-11 排班表", "改班"));
    assert_eq!(lost.text, "11-01 值班主：工程师2");
    assert!(lost.winner.as_deref().unwrap().contains("周项"), "{lost:?}");
    assert!(lost.winner.as_deref().unwrap().contains("11-01 值班主：工程师1"), "{lost:?}");
    assert!(lost.can_redo);
    let _: Written = second.call("sync.settle", json!({ "id": lost.id, "how": "redo" })).await;
    second.sync(&mut site);
    boss.sync(&mut site);
    assert_eq!(cell(&boss.roster().await, "2025-11-01", "main"), [boss.user("e2")]);
}

#[tokio::test]
async fn from_draft_to_an_engineer_who_confirms_and_swaps() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    let engineer = Seat::new(&mut site, "e1", 3);
    let view = boss.roster().await;
    assert_eq!((view.stage, view.days.len(), view.posts.len()), (RosterStage::Draft, 30, 3));
    assert!(view.may.edit && view.may.submit && !view.may.publish);
    let uncovered = view.problems.iter().filter(|one| one.rule == "uncovered").count();
    assert_eq!(uncovered, 40, "10 days off with two posts, 20 workdays with standby");
    let main =
        view.problems.iter().find(|one| one.rule == "uncovered" && one.post.as_deref() == Some("main"));
    assert_eq!(main.unwrap().source, "001:27");
    let proposal = boss.fill("fill").await;
    assert!(proposal.gaps.is_empty(), "{:?}", proposal.gaps);
    let view = boss.roster().await;
    assert!(view.problems.iter().all(|one| one.severity != "hard"), "{:?}", view.problems);
    assert!(view.coverage.iter().all(|day| day.state == "full"));

    let args = json!({ "month": MONTH, "idempotency_key": "x" });
    let (code, message) = boss.refused("roster.publish", args.clone()).await;
    assert_eq!(code, DoorCode::NotNow);
    assert!(message.contains("先提交"), "{message}");
    boss.act("submit", "请审核", "s0").await;
    let (code, message) = boss.refused("roster.approve", args).await;
    assert_eq!(code, DoorCode::NotAllowed, "{message}");
    boss.sync(&mut site);
    second.sync(&mut site);
    let no_words = json!({ "month": MONTH, "text": " ", "idempotency_key": "r0" });
    assert_eq!(second.try_call("roster.return", no_words).await.unwrap_err().field.as_deref(), Some("text"));
    second.act("return", "1 日换人", "r1").await;
    second.sync(&mut site);
    boss.sync(&mut site);
    publish(&mut site, &boss, &second, "1").await;
    let view = second.roster().await;
    assert_eq!((view.stage, view.version), (RosterStage::Published, 1));
    assert_eq!(view.versions[0].consent.as_deref(), Some("科信办（2025-10-14，值班表确认单）"));
    assert_eq!(view.versions[0].approved_by.as_deref(), Some("吴项"));
    let titles: Vec<&str> = view.acts.iter().map(|act| act.act.as_str()).collect();
    assert_eq!(
        titles,
        ["opened", "submitted", "returned", "submitted", "approved", "consented", "published"]
    );

    engineer.sync(&mut site);
    let seen = engineer.roster().await;
    assert!(seen.may.confirm && !seen.may.edit && seen.may.swap, "{:?}", seen.may);
    engineer.act("confirm", "", "c").await;
    let me = engineer.user("e1");
    let mine = seen.cells.iter().find(|cell| cell.people.iter().any(|one| one.id == me)).unwrap();
    let free = |login: &&str| {
        let id = engineer.user(login);
        !seen.cells.iter().any(|cell| cell.date == mine.date && cell.people.iter().any(|one| one.id == id))
    };
    let with = ["e2", "e3", "e4", "e5", "e6"].into_iter().find(free).unwrap();
    let place = json!({ "date": mine.date, "post": mine.post });
    let ask = json!({ "month": MONTH, "mine": place, "with": engineer.user(with), "reason": "家中有事",
        "idempotency_key": "w" });
    let _: Written = engineer.call("roster.swap_ask", ask).await;
    engineer.sync(&mut site);
    engineer.hand_over(&mut site, with);
    let swaps: Vec<SwapDto> = engineer.call("roster.swaps", json!({ "month": MONTH })).await;
    assert!(swaps[0].may_answer && !swaps[0].may_decide);
    let answer = json!({ "month": MONTH, "swap": swaps[0].id, "accept": true, "idempotency_key": "y" });
    let _: Written = engineer.call("roster.swap_answer", answer).await;
    engineer.sync(&mut site);
    boss.sync(&mut site);
    let swaps: Vec<SwapDto> = boss.call("roster.swaps", json!({ "month": MONTH })).await;
    assert!(swaps[0].may_decide);
    let decide = json!({ "month": MONTH, "swap": swaps[0].id, "approve": true, "idempotency_key": "d" });
    let _: Written = boss.call("roster.swap_decide", decide).await;
    boss.sync(&mut site);
    engineer.sync(&mut site);
    let after = engineer.roster().await;
    assert_eq!(cell(&after, &mine.date, &mine.post), [engineer.user(with)], "one holder, the new one");
    let moved = after.cells.iter().find(|cell| cell.date == mine.date && cell.post == mine.post).unwrap();
    assert!(moved.people[0].swapped);
}

#[tokio::test]
async fn a_change_after_publishing_is_a_second_version_with_its_diff() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    boss.fill("fill").await;
    publish(&mut site, &boss, &second, "1").await;
    let before = boss.roster().await;
    let (held, me) = (cell(&before, "2025-11-01", "main"), boss.user("far"));
    let taken = ["e1", "e2", "e3", "e4", "e5", "e6", "wang", "li"];
    let stands = |login: &&&str| {
        let id = boss.user(login);
        ["2025-10-31", "2025-11-01", "2025-11-02"].iter().any(|date| {
            before
                .cells
                .iter()
                .any(|one| one.date == *date && one.people.iter().any(|person| person.id == id))
        })
    };
    let spare = taken.iter().find(|login| !stands(login)).unwrap();
    boss.put("2025-11-01", "main", &[spare], "v2").await;
    let draft = boss.roster().await;
    assert_eq!(
        (draft.stage, draft.stage_text.as_str()),
        (RosterStage::Draft, "编制中（第 2 版，现行第 1 版）")
    );
    let diff: RosterCompare = boss.call("roster.compare", json!({ "month": MONTH, "a": 1, "b": 0 })).await;
    assert_eq!(diff.changes.len(), 1);
    assert_eq!((&diff.changes[0].before, &diff.changes[0].after), (&held, &vec![boss.user(spare)]));
    publish(&mut site, &boss, &second, "2").await;
    let view = second.roster().await;
    assert_eq!((view.version, view.versions[1].changes), (2, 1));
    let second_version = view.confirmations.iter().filter(|one| one.version == 2);
    let told: Vec<&str> = second_version.map(|one| one.person.as_str()).collect();
    assert!(told.contains(&held[0].as_str()) && told.contains(&boss.user(spare).as_str()));
    assert!(!told.contains(&me.as_str()));
    let none = json!({ "month": MONTH, "a": 1, "b": 9 });
    assert_eq!(boss.try_call("roster.compare", none).await.unwrap_err().field.as_deref(), Some("b"));

    let ledger: RosterLedger = boss.call("roster.ledger", json!({ "year": 2025 })).await;
    assert_eq!(ledger.months, [MONTH]);
    let shifts: u32 = ledger.people.iter().map(|one| one.load.shifts).sum();
    assert_eq!(shifts, 20, "ten days off with a pair");
    let owed: RosterOwed = boss.call("roster.owed", json!({ "year": 2025 })).await;
    let earned: usize = owed.people.iter().map(|one| one.earned.len()).sum();
    assert_eq!(earned, 20, "November has no statutory holiday");
    let one = owed.people.iter().find(|one| !one.earned.is_empty()).unwrap();
    assert!(["值班主", "值班副"].contains(&one.earned[0].posts.as_str()), "{one:?}");
    assert_eq!((one.left_days, one.booked_days), (i32::try_from(one.earned.len()).unwrap(), 0));
    assert_eq!(ledger.people.iter().map(|one| one.load.standby).sum::<u32>(), 20);
    for kind in ["bars", "heat"] {
        let args = json!({ "year": 2025, "kind": kind, "theme": "dark", "width": 800, "height": 300 });
        let chart: LedgerChart = boss.call("roster.ledger_chart", args).await;
        assert!(chart.svg.starts_with("<svg"));
    }
}

#[tokio::test]
async fn breaches_block_publishing_until_they_are_let_pass_with_a_reason() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    boss.fill("fill").await;
    boss.put("2025-11-08", "main", &["far"], "k").await;
    let view = boss.roster().await;
    let hard: Vec<&ProblemDto> = view.problems.iter().filter(|one| one.severity == "hard").collect();
    assert_eq!(hard.iter().filter(|one| one.rule == "not_eligible").count(), 1, "{hard:?}");
    assert!(hard.iter().any(|one| one.text.contains("陈远 不是驻场")), "{hard:?}");
    let checked =
        json!({ "month": MONTH, "cells": [{ "date": "2025-11-08", "post": "main", "people": [] }] });
    let checked: RosterChecked = boss.call("roster.check", checked).await;
    assert!(
        checked
            .problems
            .iter()
            .any(|one| one.rule == "uncovered" && one.date.as_deref() == Some("2025-11-08"))
    );
    for (n, one) in hard.iter().enumerate() {
        let waive = json!({ "month": MONTH, "rule": one.rule, "date": one.date, "post": one.post,
            "person": one.person, "reason": "科信办同意临时顶班", "idempotency_key": format!("w{n}") });
        if n + 1 == hard.len() {
            boss.act("submit", "", "s").await;
            boss.sync(&mut site);
            second.sync(&mut site);
            second.act("approve", "", "a").await;
            second.sync(&mut site);
            boss.sync(&mut site);
            let consent =
                json!({ "month": MONTH, "who": "科信办", "paper": "确认单", "idempotency_key": "c" });
            let _: Written = boss.call("roster.consent", consent).await;
            let view = boss.roster().await;
            assert!(!view.may.publish && view.may.why_not.is_some());
            let (code, message) =
                boss.refused("roster.publish", json!({ "month": MONTH, "idempotency_key": "p" })).await;
            assert_eq!((code, message.contains("陈远")), (DoorCode::NotNow, true), "{message}");
            boss.act("return", "先放行", "r").await;
        }
        let _: Written = boss.call("roster.waive", waive).await;
    }
    boss.sync(&mut site);
    publish(&mut site, &boss, &second, "1").await;
    assert_eq!(boss.roster().await.version, 1);
    assert!(boss.roster().await.problems.iter().all(|one| one.waived.is_some() || one.severity == "soft"));
}

#[tokio::test]
async fn proposals_are_the_same_for_the_same_seed_and_repair_names_replacements() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    let args = json!({ "month": MONTH, "keep": "all", "seconds": 1, "seed": 3 });
    let first: RosterProposal = boss.call("roster.draft", args.clone()).await;
    let again: RosterProposal = boss.call("roster.draft", args).await;
    assert_eq!(first.cells, again.cells);
    boss.fill("fill").await;
    let view = boss.roster().await;
    let sick = cell(&view, "2025-11-15", "main")[0].clone();
    let repair = json!({ "month": MONTH, "person": sick, "from": "2025-11-15", "to": "2025-11-15" });
    let repair: RosterRepair = boss.call("roster.repair", repair).await;
    let best = &repair.proposals[0];
    assert!(!best.cells[0].people.contains(&sick) && best.text.contains("值班主"), "{best:?}");
    let bad = json!({ "month": MONTH, "person": sick, "from": "2025-11-16", "to": "2025-11-15" });
    assert_eq!(boss.try_call("roster.repair", bad).await.unwrap_err().field.as_deref(), Some("from"));
}

#[tokio::test]
async fn wishes_comments_and_those_who_may_not() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    let engineer = Seat::new(&mut site, "e1", 3);
    let wish =
        json!({ "month": MONTH, "date": "2025-11-01", "want": "off", "weight": 2, "idempotency_key": "w" });
    let _: Written = engineer.call("roster.wish", wish).await;
    let comment = json!({ "month": MONTH, "date": "2025-11-01", "post": "main", "text": "这天有考试",
        "idempotency_key": "c" });
    let _: Written = engineer.call("roster.comment", comment.clone()).await;
    let _: Written = engineer.call("roster.comment", comment).await;
    engineer.sync(&mut site);
    boss.sync(&mut site);
    let view = boss.roster().await;
    assert_eq!((view.comments.len(), view.wishes.len()), (1, 1), "the same key has one effect");
    assert!(view.wishes[0].granted);
    assert_eq!(view.cells[0].comments, 1, "a comment shows on an empty cell too");
    let cells = json!([{ "date": "2025-11-01", "post": "main", "people": [] }]);
    let edit = json!({ "month": MONTH, "cells": cells, "idempotency_key": "e" });
    assert_eq!(engineer.refused("roster.edit", edit).await.0, DoorCode::NotAllowed);
    let open = json!({ "month": "2025-12", "idempotency_key": "o" });
    assert_eq!(engineer.refused("roster.open", open).await.0, DoorCode::NotAllowed);
    let months: RosterMonths = boss.call("roster.months", json!({})).await;
    assert_eq!(months.months.iter().map(|one| one.month.as_str()).collect::<Vec<_>>(), [MONTH]);
    assert_eq!(months.months[0].gaps, 40);
    assert_eq!(boss.refused("roster.get", json!({ "month": "2025-13" })).await.0, DoorCode::BadInput);
    assert_eq!(boss.refused("roster.get", json!({ "month": "2025-01" })).await.0, DoorCode::NotFound);
    let stranger = json!({ "month": MONTH, "idempotency_key": "x",
        "cells": [{ "date": "2025-11-01", "post": "main", "people": ["nobody"] }] });
    let error = boss.try_call("roster.edit", stranger).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("cells.0.people"));
}

#[tokio::test]
async fn a_duty_is_taken_over_now_and_decided_later() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    boss.fill("fill").await;
    publish(&mut site, &boss, &second, "1").await;
    let engineer = Seat::new(&mut site, "e1", 3);
    let view = engineer.roster().await;
    let me = engineer.user("e1");
    let other = view.cells.iter().find(|cell| cell.people.iter().all(|one| one.id != me)).unwrap();
    let holder = other.people[0].id.clone();
    let take = json!({ "place": { "date": other.date, "post": other.post }, "instead_of": holder,
        "reason": "突发疾病", "idempotency_key": "t" });
    let _: Written = engineer.call("roster.take_over", take).await;
    engineer.sync(&mut site);
    boss.sync(&mut site);
    let view = boss.roster().await;
    let taken = &view.takeovers[0];
    assert_eq!((taken.person.as_str(), taken.state.as_str()), (me.as_str(), "open"));
    assert_eq!(taken.decide_by.as_deref(), Some("2025-10-16"), "the next workday");
    assert!(taken.may_decide);
    let decide = json!({ "month": MONTH, "swap": taken.id, "approve": true, "idempotency_key": "d" });
    let _: Written = boss.call("roster.takeover_decide", decide).await;
    assert_eq!(boss.roster().await.takeovers[0].state, "approved");
}

#[tokio::test]
async fn duty_now_follows_the_published_month() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    boss.fill("fill").await;
    let duty = async || -> DutyNow { boss.call("duty.now", json!({})).await };
    // 09:00 of a Saturday.
    let saturday = "2025-11-01T01:00:00Z".parse().unwrap();
    boss.host.set_wall(saturday);
    assert_eq!((duty().await.published, duty().await.seats), (false, vec![]), "a draft puts nobody on duty");
    boss.host.set_wall(site::start());
    publish(&mut site, &boss, &second, "1").await;
    boss.host.set_wall(saturday);
    let view = boss.roster().await;
    let now = duty().await;
    assert!(now.published, "{now:?}");
    for post in ["main", "deputy"] {
        let seat = now.seats.iter().find(|seat| seat.post == post).unwrap();
        let people: Vec<String> = seat.people.iter().map(|person| person.id.clone()).collect();
        assert_eq!(people, cell(&view, "2025-11-01", post));
        assert_eq!((seat.standing.as_str(), seat.standby), ("rostered", false));
        assert_eq!(seat.until.as_deref(), Some("2025-11-02T08:00:00+08:00"));
        assert!(seat.next.is_some());
    }
    // The last duty of the month goes on over its end: that month is still read.
    boss.host.set_wall("2025-11-30T18:00:00Z".parse().unwrap());
    let now = duty().await;
    assert!(!now.published, "no December");
    let main = now.seats.iter().find(|seat| seat.post == "main").unwrap();
    // Nobody signed a handover: with whoever came before, if that is somebody else.
    let [before, last] = ["2025-11-29", "2025-11-30"].map(|date| cell(&view, date, "main"));
    let (people, standing) = if before == last { (last, "rostered") } else { (before, "held_over") };
    assert_eq!(main.people.iter().map(|person| person.id.clone()).collect::<Vec<_>>(), people);
    assert_eq!(main.standing, standing);
    let ends = (standing == "rostered").then_some("2025-12-01T08:00:00+08:00");
    assert_eq!(main.until.as_deref(), ends, "without a handover it ends when somebody comes");
}

/// The bytes of a file taken out.
async fn exported(seat: &Seat, form: &str, key: &str) -> (ExportedFile, Vec<u8>) {
    let args = json!({ "month": MONTH, "form": form, "idempotency_key": key });
    let file: ExportedFile = seat.call("roster.export", args).await;
    let bytes = STANDARD.decode(&file.base64).unwrap();
    (file, bytes)
}

async fn read_table(seat: &Seat, text: &str) -> RosterImport {
    seat.call("roster.import_preview", json!({ "month": MONTH, "text": text })).await
}

#[tokio::test]
async fn the_month_is_printed_in_both_customary_forms() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    boss.put("2025-11-01", "main", &["e1"], "k1").await;
    boss.put("2025-11-01", "deputy", &["e2"], "k2").await;
    let list: RosterPrint = boss.call("roster.print", json!({ "month": MONTH, "form": "list" })).await;
    assert_eq!(list.title, "11月值班（备勤）表");
    assert_eq!(
        list.columns,
        ["日期", "星期", "带班", "值班主/副", "备勤", "联系电话", "值班地点/电话", "备注"]
    );
    assert_eq!(list.rows[0].cells[..5], ["11-01", "六", "", "工程师1 / 工程师2", ""]);
    assert!(list.rows[0].shaded && !list.rows[2].shaded);
    assert_eq!(list.rows[0].cells[5], "未登记\n未登记");
    assert!(list.watermark.is_some(), "not published");
    let grid: RosterPrint = boss.call("roster.print", json!({ "month": MONTH, "form": "grid" })).await;
    assert_eq!(grid.columns.len(), 2 + 30 + 2);
    let row = grid.rows.iter().find(|row| row.cells[0] == "工程师2").unwrap();
    assert_eq!((row.cells[2].as_str(), row.cells[32].as_str()), ("副", "1"));
    assert!(grid.legend.iter().any(|line| line.starts_with("副 值班副")));
    let (code, _) = boss.refused("roster.print", json!({ "month": MONTH, "form": "odd" })).await;
    assert_eq!(code, DoorCode::BadInput);
}

#[tokio::test]
async fn phones_are_printed_for_whoever_calls_and_never_stand_in_a_file() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    boss.put("2025-11-01", "main", &["e1"], "k1").await;
    boss.put("2025-11-01", "deputy", &["e2"], "k2").await;
    let note = json!({ "user": boss.user("e1"), "phones": { "mobile": "13000000001", "extension": "61001" },
        "idempotency_key": "n" });
    let _: Written = boss.call("staff.note", note).await;
    boss.sync(&mut site);
    let jia = Seat::new(&mut site, "jia", 3);
    let args = json!({ "month": MONTH, "form": "list" });
    let list: RosterPrint = boss.call("roster.print", args.clone()).await;
    assert_eq!(list.rows[0].cells[5], "13000000001\n未登记", "in the order of the names");
    assert!(list.notes.is_empty(), "{:?}", list.notes);
    let list: RosterPrint = jia.call("roster.print", args).await;
    assert!(list.rows.iter().all(|row| row.cells[5].is_empty()));
    assert!(list.notes[0].contains("联系电话未列出"), "{:?}", list.notes);
    let export = json!({ "month": MONTH, "form": "list", "idempotency_key": "x" });
    let file: ExportedFile = boss.call("roster.export", export).await;
    let bytes = STANDARD.decode(file.base64).unwrap();
    let cells = zaigang_report::read_xlsx(&bytes).unwrap();
    let text = format!("{cells:?}");
    assert!(!text.contains("13000000001") && text.contains("联系电话不随文件导出"), "{text}");
}

/// One post on two dates, one of them in another month.
const LISTED: &str = r#"contract = "guangxi-police"
acceptance_date = "2024-09-01"
[[office_hours]]
windows = ["08:00-12:00", "14:30-17:30"]
[[duty_post]]
id = "event"
name = "活动保障岗"
kind = "holiday"
shift = "day"
dates = ["2025-12-01", "2025-11-05"]
"#;

#[tokio::test]
async fn a_post_may_list_its_dates() {
    let mut site = site();
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: LISTED }));
    let (boss, _) = opened(&mut site).await;
    let view = boss.roster().await;
    assert_eq!(view.posts[0].dates, ["2025-11-05"]);
    assert_eq!(view.posts[0].days_text, "11-05");
    let open: Vec<_> = view.problems.iter().filter(|one| one.rule == "uncovered").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].date.as_deref(), Some("2025-11-05"));
    boss.put("2025-11-05", "event", &["e1"], "k").await;
    assert!(boss.roster().await.problems.iter().all(|one| one.severity == "soft"));
}

#[tokio::test]
async fn files_hold_what_is_printed_and_are_handed_out_once() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    boss.put("2025-11-01", "main", &["e1"], "k1").await;
    let (file, bytes) = exported(&boss, "list", "x1").await;
    assert_eq!(file.name, "11月值班（备勤）表.xlsx");
    let read = zaigang_report::read_xlsx(&bytes).unwrap();
    assert_eq!(read[3][3], "工程师1");
    let (code, _) = boss
        .refused("roster.export", json!({ "month": MONTH, "form": "list", "idempotency_key": "x1" }))
        .await;
    assert_eq!(code, DoorCode::NotNow);
    // The template is the table that is read back: as it was handed out it changes nothing.
    let (_, template) = exported(&boss, "template", "x2").await;
    let args = json!({ "month": MONTH, "file": STANDARD.encode(&template) });
    let import: RosterImport = boss.call("roster.import_preview", args).await;
    assert_eq!((import.cells.len(), import.mistakes), (0, Vec::<String>::new()));
    assert!(import.rows >= 6);
}

#[tokio::test]
async fn a_table_of_letters_is_tried_out_row_by_row() {
    let mut site = site();
    let (boss, _) = opened(&mut site).await;
    boss.put("2025-11-01", "main", &["e1"], "k1").await;
    let text = "姓名\t1\t2\t3\t4\t5\n工程师1\t休\t\t白\t\t\n工程师2\t值\t值\t备\t\t\n工程师3\t\t\t值\t\t\n某人\t值\t\t\t\t";
    let import = read_table(&boss, text).await;
    let cell = |date: &str, post: &str| {
        let cell = import.cells.iter().find(|cell| cell.date == date && cell.post == post);
        cell.map(|cell| cell.people.clone())
    };
    let e2 = vec![boss.user("e2")];
    assert_eq!(cell("2025-11-01", "main"), Some(e2.clone()));
    assert_eq!(cell("2025-11-02", "main"), Some(e2.clone()));
    assert_eq!(cell("2025-11-03", "standby"), Some(e2));
    assert_eq!(import.rows, 3);
    assert_eq!(import.mistakes, ["第 4 行 3 日：“值”不是当天的岗位", "第 5 行：没有“某人”这个人"]);
    let names = read_table(&boss, "日期\t值班主\n11-01\t工程师3\n11-02\t\n11-08\t某人").await;
    assert_eq!(names.cells.len(), 1);
    assert_eq!(names.mistakes, ["第 4 行：没有“某人”这个人"]);
    let (code, _) = boss.refused("roster.import_preview", json!({ "month": MONTH, "text": "甲\t乙" })).await;
    assert_eq!(code, DoorCode::BadInput);
}

#[tokio::test]
async fn a_calendar_leaves_only_where_it_is_agreed() {
    let mut site = site();
    let (boss, second) = opened(&mut site).await;
    let ask = json!({ "month": MONTH, "form": "ics", "idempotency_key": "i0" });
    let (code, message) = boss.refused("roster.export", ask).await;
    assert_eq!(code, DoorCode::NotNow);
    assert!(message.contains("本项目约定"), "{message}");
    let agreed = format!("{SETTINGS}calendar_file = \"on\"\n");
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: &agreed }));
    boss.sync(&mut site);
    second.sync(&mut site);
    boss.fill("f").await;
    boss.put("2025-11-01", "main", &["boss"], "k1").await;
    boss.sync(&mut site);
    let waive = boss.roster().await.problems;
    for (at, problem) in waive.into_iter().filter(|problem| problem.severity == "hard").enumerate() {
        let args = json!({ "month": MONTH, "rule": problem.rule, "date": problem.date, "post": problem.post,
            "person": problem.person, "reason": "试行", "idempotency_key": format!("w{at}") });
        let _: Written = boss.call("roster.waive", args).await;
    }
    boss.sync(&mut site);
    publish(&mut site, &boss, &second, "1").await;
    let (file, bytes) = exported(&boss, "ics", "i1").await;
    assert_eq!(file.media_type, "text/calendar;charset=utf-8");
    let text = String::from_utf8(bytes).unwrap();
    let id = format!("UID:guangxi-police-2025-11-01-main-{}-0@zaigang", boss.user("boss"));
    assert!(text.replace("\r\n ", "").contains(&id), "{text}");
    assert!(text.contains("DTSTART;TZID=Asia/Shanghai:20251101T080000"));
    assert!(text.contains("SEQUENCE:1"));
}
