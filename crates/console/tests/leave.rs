//! People and leave at the door: papers with their clauses, phones for those who call, leave asked and decided
//! on two consoles, deputies within their dates, and the chain of a substitute.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::{Value, json};
use site::seat::Seat;
use site::{Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::people::Role;

/// A site with the contract published, where 周 (`boss`) and 吴 (`chief`) supervise, 郑 (`buyer`) is the buyer's
/// contact and 孙 (`watch`) the overseer. The clock stands at 09:00 of Wednesday 2025-10-15.
fn site() -> Site {
    let mut site = Site::new();
    for (login, name, role) in [
        ("boss", "周衡", Role::Supervisor),
        ("chief", "吴岳", Role::Supervisor),
        ("buyer", "郑联", Role::BuyerContact),
        ("watch", "孙监", Role::Overseer),
    ] {
        let divisions = vec!["E总队".to_owned()];
        site.centre.user_add(&NewUser { divisions, ..person(login, name, role) }).unwrap();
    }
    site.publish(site::CONTRACT);
    site
}

async fn refused(seat: &Seat, command: &str, args: Value) -> (DoorCode, String) {
    let error = seat.try_call(command, args).await.unwrap_err();
    (error.code, error.field.unwrap_or_default())
}

fn ask(from: &str, to: &str, key: &str) -> Value {
    json!({ "kind": "annual", "from": from, "to": to, "reason": "探亲", "idempotency_key": key })
}

async fn leaves(seat: &Seat) -> Vec<LeaveRow> {
    let list: LeaveList = seat.call("leave.list", json!({ "month": "2025-10" })).await;
    list.leaves
}

async fn only(seat: &Seat) -> LeaveRow {
    let rows = leaves(seat).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap()
}

fn decide(row: &LeaveRow, approve: bool, words: &str, key: &str) -> Value {
    json!({ "id": row.id, "approve": approve, "words": words, "idempotency_key": key })
}

fn answer(row: &LeaveRow, step: &str, key: &str) -> Value {
    json!({ "id": row.id, "step": step, "approve": true, "idempotency_key": key })
}

#[tokio::test]
async fn a_supervisor_notes_papers_and_everybody_sees_what_is_missing_with_its_clause() {
    let mut site = site();
    let boss = Seat::new(&mut site, "boss", 1);
    let wang = Seat::new(&mut site, "wang", 2);
    let of_wang = wang.user("wang");
    let note = json!({
        "user": of_wang, "skills": ["网络", "网络", " 机房 "], "joined": "2024-12-01",
        "papers": { "vetting": "2024-11-20", "nda": "2024-11-22", "filing": "2024-11-28", "badge": "2025-10-10" },
        "notices": [{ "kind": "resignation", "date": "2025-11-30", "applied": null, "confirmed": null, "paper": "" }],
        "phones": { "mobile": "130 0000 0001", "extension": "80120" }, "idempotency_key": "n1",
    });
    let written: Written = boss.call("staff.note", note.clone()).await;
    assert!(written.message.contains("王强") && written.changed.contains(&"staff".to_owned()));
    let again: Written = boss.call("staff.note", note).await;
    assert_eq!(again.changed, Vec::<String>::new(), "the same key has one effect");
    boss.sync(&mut site);
    wang.sync(&mut site);

    let list: StaffList = wang.call("staff.list", json!({})).await;
    let row = list.people.iter().find(|row| row.id == of_wang).unwrap();
    assert!(row.mine && row.present && !row.pending);
    assert_eq!(row.skills, ["网络", "机房"]);
    let states: Vec<&str> = row.papers.iter().map(|paper| paper.state.as_str()).collect();
    assert_eq!((states, row.missing), (vec!["ok", "ok", "ok", "expired"], 1));
    let sources: Vec<&str> = list.papers.iter().map(|paper| paper.source.as_str()).collect();
    assert_eq!(sources, ["001:103", "001:99", "001:31", "001:33"]);
    let tasks: Vec<_> = list.tasks.iter().filter(|task| task.user == of_wang).collect();
    let due: Vec<_> =
        tasks.iter().map(|task| (task.due.as_deref(), task.overdue, task.source.as_str())).collect();
    assert_eq!(
        due,
        [(Some("2025-10-10"), true, "001:33"), (Some("2025-10-30"), false, "001:32")],
        "{tasks:?}"
    );
    assert!(!serde_json::to_string(&list).unwrap().contains("0000 0001"), "no list holds a phone");

    assert_eq!((row.may_note.as_str(), row.may_name_deputy), ("phones", false));
    let skills = json!({ "user": of_wang, "skills": [], "idempotency_key": "n2" });
    assert_eq!(refused(&wang, "staff.note", skills).await.0, DoorCode::NotAllowed);
    let phones = json!({ "user": of_wang, "phones": { "mobile": "abc" }, "idempotency_key": "n3" });
    assert_eq!(refused(&wang, "staff.note", phones).await, (DoorCode::BadInput, "mobile".to_owned()));
    let date = json!({ "user": of_wang, "papers": { "badge": "明年" }, "idempotency_key": "n4" });
    assert_eq!(refused(&boss, "staff.note", date).await, (DoorCode::BadInput, "papers.badge".to_owned()));
    let nothing = json!({ "user": of_wang, "joined": "2024-12-01", "idempotency_key": "n5" });
    assert_eq!(refused(&boss, "staff.note", nothing).await.0, DoorCode::BadInput, "nothing changed");
}

#[tokio::test]
async fn phones_are_shown_to_those_who_call_and_in_the_call_list() {
    let mut site = site();
    let boss = Seat::new(&mut site, "boss", 1);
    let of_wang = boss.user("wang");
    let note = json!({ "user": of_wang, "phones": { "mobile": "13000000001", "extension": "80120" }, "idempotency_key": "n" });
    let _: Written = boss.call("staff.note", note).await;
    boss.sync(&mut site);
    let phones = async |seat: &Seat| {
        let one: StaffDetail = seat.call("staff.get", json!({ "user": of_wang })).await;
        assert!(one.row.has_phone);
        (one.may_see_phones, one.phones.map(|phones| phones.mobile))
    };
    let zhao = Seat::new(&mut site, "zhao", 2);
    assert_eq!(phones(&zhao).await, (true, Some("13000000001".to_owned())));
    let register = json!({
        "kind": "incident", "title": "登录失败", "division": "E总队", "object": "5.1", "channel": "phone",
        "detail": "", "reporter_unit": "", "facts": {}, "idempotency_key": "r1",
    });
    let order: Written = zhao.call("order.register", register).await;
    let detail: OrderDetail = zhao.call("order.get", json!({ "id": order.id })).await;
    let callee = detail.callees.iter().find(|callee| callee.id == of_wang).unwrap();
    assert_eq!((callee.phone.as_deref(), callee.extension.as_deref()), (Some("13000000001"), Some("80120")));
    zhao.hand_over(&mut site, "watch");
    assert_eq!(phones(&zhao).await, (false, None), "an overseer calls nobody");
    zhao.hand_over(&mut site, "buyer");
    assert_eq!(phones(&zhao).await, (false, None));
}

#[tokio::test]
async fn two_supervisors_change_one_date_and_the_second_is_told_who_was_first() {
    let mut site = site();
    let boss = Seat::new(&mut site, "boss", 1);
    let chief = Seat::new(&mut site, "chief", 2);
    let of_wang = boss.user("wang");
    let badge = |date: &str| json!({ "user": of_wang, "papers": { "badge": date }, "idempotency_key": "b" });
    let _: Written = boss.call("staff.note", badge("2026-01-31")).await;
    let _: Written = chief.call("staff.note", badge("2026-12-31")).await;
    let skills = json!({ "user": of_wang, "skills": ["机房"], "idempotency_key": "s" });
    let _: Written = chief.call("staff.note", skills).await;
    boss.sync(&mut site);
    chief.sync(&mut site);
    let conflicts: Vec<ConflictDto> = chief.call("sync.conflicts", json!({})).await;
    let badge = conflicts.iter().find(|item| item.text.contains("2026-12-31")).unwrap();
    assert_eq!((badge.kind.as_str(), badge.act.as_str()), ("rejected", "人员资料"));
    assert!(badge.order.contains("王强") && badge.winner.as_ref().unwrap().contains("周衡"), "{badge:?}");
    let one: StaffDetail = chief.call("staff.get", json!({ "user": of_wang })).await;
    assert_eq!(one.row.papers[3].date.as_deref(), Some("2026-01-31"));
    assert_eq!(
        (one.row.skills.as_slice(), conflicts.len()),
        (["机房".to_owned()].as_slice(), 1),
        "{conflicts:?}"
    );
}

#[tokio::test]
async fn a_leave_asked_offline_is_decided_at_another_desk() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let boss = Seat::new(&mut site, "boss", 2);
    let check: LeaveCheck = wang.call("leave.check", ask("2025-10-24", "2025-10-27", "")).await;
    assert_eq!((check.days, check.workdays, check.problem), (4, Some(2), None));
    let written: Written = wang.call("leave.ask", ask("2025-10-24", "2025-10-27", "k1")).await;
    assert_eq!(wang.call::<Written>("leave.ask", ask("2025-10-24", "2025-10-27", "k1")).await.id, written.id);
    let row = only(&wang).await;
    assert!(row.mine && row.pending && row.may.withdraw && !row.may.decide);
    assert_eq!(row.reason.as_deref(), Some("探亲"));
    assert_eq!(refused(&wang, "leave.decide", decide(&row, true, "", "d0")).await.0, DoorCode::NotAllowed);
    assert_eq!(refused(&wang, "leave.ask", ask("2025-10-27", "2025-10-30", "k2")).await.0, DoorCode::NotNow);
    let bare = json!({ "kind": "sick", "from": "2025-10-20", "to": "2025-10-20", "idempotency_key": "k3" });
    assert_eq!(refused(&wang, "leave.ask", bare).await, (DoorCode::BadInput, "reason".to_owned()));
    let turned = ask("2025-10-22", "2025-10-20", "k4");
    assert_eq!(refused(&wang, "leave.ask", turned).await.0, DoorCode::BadInput);

    wang.sync(&mut site);
    boss.sync(&mut site);
    let row = only(&boss).await;
    assert!(row.may.decide && !row.may.withdraw && !row.counts);
    assert_eq!(row.reason.as_deref(), Some("探亲"), "whoever decides reads why");
    let no = refused(&boss, "leave.decide", decide(&row, false, " ", "d1")).await;
    assert_eq!(no, (DoorCode::BadInput, "words".to_owned()));
    let _: Written = boss.call("leave.decide", decide(&row, true, "", "d2")).await;
    boss.sync(&mut site);
    wang.sync(&mut site);
    let row = only(&wang).await;
    assert_eq!((row.stage.as_str(), row.counts, row.pending), ("approved", true, false));
    assert_eq!((row.steps[1].by.as_str(), row.steps[1].state.as_str()), ("周衡", "done"));
    assert!(row.may.withdraw, "it has not begun");
    let _: Written = wang.call("leave.withdraw", json!({ "id": row.id, "idempotency_key": "w" })).await;
    wang.sync(&mut site);
    assert_eq!(only(&wang).await.stage, "withdrawn");
    wang.hand_over(&mut site, "li");
    assert_eq!(leaves(&wang).await, [], "what was taken back is nobody else's");
}

#[tokio::test]
async fn of_two_leaves_that_overlap_the_centre_takes_the_first() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let zhao = Seat::new(&mut site, "zhao", 2);
    let of_wang = zhao.user("wang");
    let _: Written = wang.call("leave.ask", ask("2025-10-24", "2025-10-24", "k1")).await;
    let mut behalf = ask("2025-10-23", "2025-10-25", "k2");
    behalf["person"] = json!(of_wang);
    let _: Written = zhao.call("leave.ask", behalf).await;
    assert!(only(&zhao).await.steps[0].text.contains("代记"));
    wang.sync(&mut site);
    zhao.sync(&mut site);
    assert_eq!(only(&zhao).await.from, "2025-10-24", "the other is gone from view");
    let conflicts: Vec<ConflictDto> = zhao.call("sync.conflicts", json!({})).await;
    let [lost] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert!(lost.order.contains("王强") && lost.reason.contains("重叠"), "{lost:?}");
    assert!(lost.winner.as_ref().unwrap().contains("10-24"), "{lost:?}");
    assert!(!serde_json::to_string(&lost).unwrap().contains("探亲"), "the reason stays sealed");
}

#[tokio::test]
async fn a_deputy_decides_within_his_dates_and_never_his_own() {
    let mut site = site();
    let boss = Seat::new(&mut site, "boss", 1);
    let li = Seat::new(&mut site, "li", 2);
    let (of_boss, of_li) = (boss.user("boss"), boss.user("li"));
    let deputy = |from: &str, to: &str| json!({ "user": of_li, "from": from, "to": to });
    let name =
        |deputy: Value, key: &str| json!({ "user": of_boss, "deputy": deputy, "idempotency_key": key });
    let turned = name(deputy("2025-10-20", "2025-10-10"), "n0");
    assert_eq!(refused(&boss, "staff.note", turned).await, (DoorCode::BadInput, "deputy".to_owned()));
    let _: Written = boss.call("staff.note", name(deputy("2025-10-16", "2025-10-20"), "n1")).await;
    let mut behalf = ask("2025-10-27", "2025-10-27", "k1");
    behalf["person"] = json!(boss.user("wang"));
    let _: Written = boss.call("leave.ask", behalf).await;
    let _: Written = boss.call("leave.ask", ask("2025-10-28", "2025-10-28", "k2")).await;
    boss.sync(&mut site);
    li.sync(&mut site);
    let _: Written = li.call("leave.ask", ask("2025-10-29", "2025-10-29", "k3")).await;
    let of = async |name: &str| {
        let rows = leaves(&li).await;
        rows.into_iter().find(|row| row.name == name).unwrap()
    };
    assert!(!of("王强").await.may.decide, "from tomorrow on");
    assert_eq!(
        refused(&li, "leave.decide", decide(&of("王强").await, true, "", "d0")).await.0,
        DoorCode::NotAllowed
    );
    li.host.advance_ms(24 * 3_600_000);
    site.advance_ms(24 * 3_600_000);
    assert!(of("王强").await.may.decide);
    for own in ["周衡", "李敏"] {
        assert!(!of(own).await.may.decide, "{own}");
        let denied = refused(&li, "leave.decide", decide(&of(own).await, true, "", "d1")).await;
        assert_eq!(denied.0, DoorCode::NotAllowed, "{own}");
    }
    let list: LeaveList = li.call("leave.list", json!({})).await;
    assert_eq!(list.deputy_for, "周衡");
    let _: Written = li.call("leave.decide", decide(&of("王强").await, true, "", "d2")).await;
    li.sync(&mut site);
    boss.sync(&mut site);
    let rows = leaves(&boss).await;
    let row = rows.iter().find(|row| row.name == "王强").unwrap();
    assert_eq!((row.stage.as_str(), row.steps[1].by.as_str()), ("approved", "李敏（代周衡）"));
}

#[tokio::test]
async fn an_emergency_holds_at_once_and_its_substitute_is_agreed_on_step_by_step() {
    let mut site = site();
    let li = Seat::new(&mut site, "li", 1);
    let boss = Seat::new(&mut site, "boss", 2);
    let sick = json!({
        "person": li.user("wang"), "kind": "sick", "from": "2025-10-15", "to": "2025-10-16", "reason": "发烧",
        "emergency": true, "substitute": li.user("li"), "idempotency_key": "k1",
    });
    let _: Written = li.call("leave.ask", sick).await;
    let row = only(&li).await;
    assert!(row.counts && row.stands_in && row.emergency);
    assert_eq!((row.due.as_deref(), row.overdue), (Some("2025-10-16"), false));
    assert_eq!(row.may.answer.as_deref(), Some("substitute"));
    let early = refused(&li, "leave.answer", answer(&row, "manager", "a0")).await;
    assert_eq!(early.0, DoorCode::NotNow);
    let _: Written = li.call("leave.answer", answer(&row, "substitute", "a1")).await;
    li.sync(&mut site);
    boss.sync(&mut site);

    let row = only(&boss).await;
    assert_eq!((row.may.answer.as_deref(), row.may.decide), (Some("manager"), true));
    let _: Written = boss.call("leave.decide", decide(&row, true, "", "d1")).await;
    let _: Written = boss.call("leave.answer", answer(&row, "manager", "a2")).await;
    let row = only(&boss).await;
    assert!(row.may.records_buyer && row.due.is_some(), "the buyer's word is still owed");
    let mut consent = answer(&row, "buyer", "a3");
    consent["unit"] = json!("科信办");
    consent["paper"] = json!("替班报备单");
    assert_eq!(
        refused(&boss, "leave.answer", consent.clone()).await,
        (DoorCode::BadInput, "date".to_owned())
    );
    consent["date"] = json!("2025-10-15");
    let _: Written = boss.call("leave.answer", consent).await;
    boss.sync(&mut site);
    li.sync(&mut site);
    let row = only(&li).await;
    assert_eq!((row.stage.as_str(), row.substitute_stage.as_deref()), ("approved", Some("consented")));
    assert_eq!((row.due, row.steps.len()), (None, 5));
    assert!(row.steps[4].text.contains("科信办 2025-10-15"), "{:?}", row.steps[4]);
    assert_eq!(row.may, LeaveMay::default(), "nothing is left to do");
}

#[tokio::test]
async fn the_buyer_answers_by_his_own_account() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let mut request = ask("2025-10-20", "2025-10-20", "k1");
    request["substitute"] = json!(wang.user("li"));
    let _: Written = wang.call("leave.ask", request).await;
    wang.sync(&mut site);
    for (login, step) in [("li", "substitute"), ("boss", "manager"), ("buyer", "buyer")] {
        wang.hand_over(&mut site, login);
        let row = only(&wang).await;
        assert_eq!((row.may.answer.as_deref(), row.may.records_buyer), (Some(step), false), "{login}");
        assert_eq!(row.reason.is_some(), login == "boss", "{login}");
        let _: Written = wang.call("leave.answer", answer(&row, step, step)).await;
        wang.sync(&mut site);
    }
    let row = only(&wang).await;
    assert!(row.stands_in && !row.counts, "the leave itself is not decided yet");
    assert_eq!(row.steps[4].by, "郑联");
}
