//! Attendance through the door: punches with and without the centre, what is concluded when, corrections.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use site::seat::Seat;
use site::{CONTRACT, PASSWORD, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

const HOURS: &str = "[[office_hours]]\nwindows = [\"09:00-12:00\", \"14:00-18:00\"]\n";

/// A site with a project manager `sun` and the colleague `chen`, who is not on site.
fn site(settings: &str) -> Site {
    let mut site = Site::new();
    let sun = person("sun", "孙理", Role::Supervisor);
    let chen = NewUser { remote: true, ..person("chen", "陈远", Role::Engineer) };
    for new in [sun, chen] {
        site.centre.user_add(&new).unwrap();
    }
    let settings = format!("contract = \"{CONTRACT}\"\nacceptance_date = \"2024-09-01\"\n{settings}");
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: &settings }));
    site
}

/// Two consoles at 09:00 of Wednesday 2025-10-15: at the first `wang` is logged in and `li` was before, at
/// the second `sun`.
struct Two {
    site: Site,
    a: Seat,
    b: Seat,
}

impl Two {
    fn new(settings: &str) -> Self {
        let mut site = site(settings);
        let a = Seat::new(&mut site, "li", 1);
        a.hand_over(&mut site, "wang");
        a.sync(&mut site);
        let b = Seat::new(&mut site, "sun", 2);
        Self { site, a, b }
    }

    /// Lets time pass everywhere.
    fn pass(&self, minutes: u64) {
        for host in [&self.a.host, &self.b.host] {
            host.advance_ms(minutes * 60_000);
        }
        self.site.advance_ms(i64::try_from(minutes).unwrap() * 60_000);
    }

    /// Two rounds: what waited goes out in the first, and the second says that all is there.
    fn sync(&mut self, first: bool) {
        let seat = if first { &self.a } else { &self.b };
        seat.sync(&mut self.site);
        seat.sync(&mut self.site);
    }

    fn punches_waiting(&self) -> usize {
        let console = self.a.door.console();
        let waiting = console.store().unwrap().pending(50).unwrap();
        waiting.iter().filter(|event| event.kind == "attendance.punched").count()
    }

    async fn punch(&self, login: Option<&str>, key: &str) -> Written {
        self.a.call("attendance.punch", punch(login, PASSWORD, key)).await
    }
}

fn punch(login: Option<&str>, password: &str, key: &str) -> PunchArgs {
    let login = login.map(str::to_owned);
    PunchArgs { login, password: password.into(), idempotency_key: key.into() }
}

async fn day(seat: &Seat, login: &str) -> AttendanceDay {
    let person = seat.user(login);
    seat.call("attendance.day", AttendanceDayArgs { person, date: "2025-10-15".into() }).await
}

async fn result(seat: &Seat, login: &str) -> String {
    let day = day(seat, login).await;
    let spans: Vec<&str> = day.spans.iter().map(|span| span.result.as_str()).collect();
    format!("{} [{}]", day.result, spans.join(" "))
}

#[tokio::test]
async fn absence_is_unknown_until_every_console_has_spoken_and_then_alike_everywhere() {
    let mut two = Two::new(HOURS);
    two.punch(None, "k1").await;
    two.punch(Some("li"), "k2").await;
    for (minutes, key) in [(180, "k3"), (120, "k4"), (240, "k5")] {
        two.pass(minutes);
        two.punch(None, key).await;
    }
    two.pass(60);
    // Only the second console has spoken: the punches lie at the first.
    two.sync(false);
    let unknown = "unknown [unknown unknown]";
    assert_eq!(result(&two.b, "wang").await, unknown);
    let text = day(&two.b, "wang").await.text;
    assert!(text.contains("值班室1号机"), "says which console is waited for: {text}");
    assert_eq!(result(&two.a, "wang").await, "normal [normal normal]", "here the punches are known");

    two.sync(true);
    two.sync(false);
    for (login, expected) in [
        ("wang", "normal [normal normal]"),
        ("li", "half_day [missing_punch absent]"),
        ("zhao", "absent [absent absent]"),
    ] {
        assert_eq!(result(&two.b, login).await, expected, "{login}");
    }
    two.a.hand_over(&mut two.site, "sun");
    for login in ["wang", "li", "zhao"] {
        assert_eq!(result(&two.a, login).await, result(&two.b, login).await, "{login}");
    }
    let conflicts: Vec<ConflictDto> = two.a.call("sync.conflicts", json!({})).await;
    assert_eq!(conflicts, [], "the centre took every punch");
    let kept = day(&two.b, "li").await;
    assert_eq!(kept.punches.len(), 1);
    assert_eq!((kept.punches[0].place.as_str(), kept.punches[0].pending), ("值班室1号机", false));
}

#[tokio::test]
async fn a_late_console_moves_no_punch() {
    let mut two = Two::new(HOURS);
    two.punch(None, "k1").await;
    two.pass(180);
    // In the meantime wang punches at the other console, which syncs first.
    two.b.hand_over(&mut two.site, "wang");
    let _: Written = two.b.call("attendance.punch", punch(None, "", "k2")).await;
    two.sync(false);
    two.sync(true);
    let punches: Vec<String> = day(&two.a, "wang").await.punches.into_iter().map(|punch| punch.at).collect();
    assert_eq!(punches, ["2025-10-15T09:00:00+08:00", "2025-10-15T12:00:00+08:00"]);
}

#[tokio::test]
async fn a_colleague_punches_by_his_own_password_and_the_session_stays() {
    let two = Two::new(HOURS);
    let written = two.punch(Some("li"), "k1").await;
    assert_eq!(written.message, "李敏 已打卡 09:00");
    assert!(written.changed.contains(&"attendance".to_owned()));
    let session: SessionDto = two.a.call("session.get", json!({})).await;
    assert_eq!(session.user.unwrap().login, "wang");
    two.punch(Some("li"), "k1").await;
    assert_eq!(two.punches_waiting(), 1, "the same key punches once");
    for (args, code, field) in [
        (punch(Some("li"), "wrong", "k2"), DoorCode::WrongPassword, Some("password")),
        (punch(Some("zhao"), PASSWORD, "k2"), DoorCode::CentreNeeded, Some("password")),
        (punch(None, "", " "), DoorCode::BadInput, Some("idempotency_key")),
    ] {
        let error = two.a.try_call("attendance.punch", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, field), "{}", error.message);
    }
}

#[tokio::test]
async fn only_people_on_site_punch_and_only_overseers_see_others() {
    let mut two = Two::new(HOURS);
    let month: AttendanceMonth = two.a.call("attendance.month", json!({})).await;
    assert_eq!(month.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["王强"]);
    let of_li = AttendanceDayArgs { person: two.a.user("li"), date: "2025-10-15".into() };
    let refused = two.a.try_call("attendance.day", of_li).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotFound);
    two.a.hand_over(&mut two.site, "chen");
    let refused = two.a.try_call("attendance.punch", punch(None, "", "k1")).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed);
    let refused = two.a.try_call("attendance.mine", json!({})).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed);
}

#[tokio::test]
async fn a_month_has_a_letter_a_day_and_sums() {
    let mut two = Two::new(HOURS);
    two.punch(None, "k1").await;
    two.pass(180);
    two.punch(None, "k2").await;
    two.pass(24 * 60 - 180);
    two.sync(true);
    two.sync(false);
    let month: AttendanceMonth = two.b.call("attendance.month", json!({ "month": "2025-10" })).await;
    let names: Vec<&str> = month.rows.iter().map(|row| row.name.as_str()).collect();
    assert!(names.contains(&"王强") && !names.contains(&"陈远"), "{names:?}");
    let wang = month.rows.iter().find(|row| row.name == "王强").unwrap();
    let letters: String =
        wang.cells.iter().map(|cell| if cell.letter.is_empty() { "·" } else { &cell.letter }).collect();
    // 10-01 to 08 off, make-up Saturday the 11th, absent before the first punch, half of the 15th, today open.
    assert_eq!(letters, "休休休休休休休休旷旷旷休旷旷半？·休休·····休休·····");
    let on = |day: usize| (wang.cells[day - 1].morning.as_str(), wang.cells[day - 1].afternoon.as_str());
    assert_eq!((on(15), on(11), on(12)), (("√", "旷"), ("旷", "旷"), ("休", "休")));
    let AttendanceTotals { due, present, absent, half, unknown, .. } = wang.totals;
    assert_eq!((due, present, absent, half, unknown), (7, 1, 5, 1, 1));
    assert_eq!((month.days[10].badge.as_str(), month.days[0].badge.as_str()), ("班", "节"));
    let refused = two.b.try_call("attendance.month", json!({ "month": "2025-13" })).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (DoorCode::BadInput, Some("month")));
}

#[tokio::test]
async fn without_office_hours_nobody_is_absent() {
    let two = Two::new("");
    let month: AttendanceMonth = two.b.call("attendance.month", json!({})).await;
    assert!(month.hours_missing);
    assert!(month.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.result == "rest"));
    let mine: MyAttendance = two.a.call("attendance.mine", json!({})).await;
    assert_eq!((mine.days[0].result.as_str(), mine.next.as_str()), ("rest", "今明两天没有班次"));
}

fn ask(came_at: &str, reason: &str) -> CorrectionAsk {
    CorrectionAsk {
        date: "2025-10-15".into(),
        came_at: Some(format!("2025-10-15T{came_at}:00+08:00")),
        reason: reason.into(),
        evidence: "门禁记录".into(),
        idempotency_key: format!("ask {came_at} {reason}"),
        ..CorrectionAsk::default()
    }
}

#[tokio::test]
async fn a_correction_counts_once_the_project_manager_agreed() {
    let mut two = Two::new(HOURS);
    two.pass(40);
    two.punch(None, "k1").await;
    for (minutes, key) in [(140, "k2"), (120, "k3"), (240, "k4")] {
        two.pass(minutes);
        two.punch(None, key).await;
    }
    assert_eq!(result(&two.a, "wang").await, "late [late normal]");
    for (args, field) in [
        (ask("09:00", " "), "reason"),
        (ask("23:00", "忘记"), "came_at"),
        (CorrectionAsk { came_at: None, ..ask("09:00", "忘记") }, "came_at"),
        (CorrectionAsk { date: "10-15".into(), ..ask("09:00", "忘记") }, "date"),
        (
            CorrectionAsk { left_at: Some("2025-10-15T08:00:00+08:00".into()), ..ask("09:00", "忘记") },
            "left_at",
        ),
        (CorrectionAsk { set_aside: vec!["x".into()], ..ask("09:00", "忘记") }, "set_aside"),
    ] {
        let error = two.a.try_call("attendance.ask_correction", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)));
    }
    let _: Written = two.a.call("attendance.ask_correction", ask("08:58", "忘记打卡")).await;
    assert_eq!(result(&two.a, "wang").await, "late [late normal]", "asked is not decided");
    two.sync(true);
    two.sync(false);
    let month: AttendanceMonth = two.b.call("attendance.month", json!({})).await;
    let waiting = &month.corrections[0];
    assert_eq!((waiting.asked.as_str(), waiting.may_decide), ("补上班 08:58", true));
    let decide = |approved: bool, words: &str, key: &str| CorrectionDecide {
        entity: waiting.entity.clone(),
        id: waiting.id.clone(),
        approved,
        words: words.into(),
        idempotency_key: key.into(),
    };
    let refused = two.a.try_call("attendance.decide_correction", decide(true, "", "d1")).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed, "nobody decides about himself");
    let wordless = two.b.try_call("attendance.decide_correction", decide(false, "", "d1")).await.unwrap_err();
    assert_eq!(wordless.field.as_deref(), Some("words"));
    let _: Written = two.b.call("attendance.decide_correction", decide(true, "门禁核对过", "d1")).await;
    let again = two.b.try_call("attendance.decide_correction", decide(false, "不", "d2")).await.unwrap_err();
    assert_eq!(again.code, DoorCode::NotNow);
    two.sync(false);
    two.sync(true);
    for seat in [&two.a, &two.b] {
        assert_eq!(result(seat, "wang").await, "normal [normal normal]");
        let day = day(seat, "wang").await;
        assert_eq!(day.punches.len(), 4, "the original stays");
        let correction = &day.corrections[0];
        assert_eq!(
            (correction.state.as_str(), correction.decision.as_str()),
            ("approved", "孙理 同意：门禁核对过")
        );
        assert!(!correction.pending);
    }
    let conflicts: Vec<ConflictDto> = two.b.call("sync.conflicts", json!({})).await;
    assert_eq!(conflicts, []);
}

#[tokio::test]
async fn the_sheet_is_printed_by_who_may_and_kept_as_an_export() {
    let two = Two::new(HOURS);
    let print = |key: &str| AttendancePrint { idempotency_key: key.into(), ..AttendancePrint::default() };
    let sheets: AttendanceSheets = two.b.call("attendance.print", print("p1")).await;
    assert_eq!(sheets.watermark, "打印：孙理（sun）2025-10-15 09:00，值班室1号机");
    let again = two.b.try_call("attendance.print", print("p1")).await.unwrap_err();
    assert_eq!(again.code, DoorCode::NotNow, "each copy has an event of its own");
    let refused = two.a.try_call("attendance.print", print("p1")).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed);
}

/// Office hours, a night of duty on 10-15 and standby on 10-16.
const POSTS: &str = r#"[[office_hours]]
windows = ["09:00-12:00", "14:00-18:00"]
[[duty_post]]
id = "night"
name = "夜间值班"
kind = "duty"
shift = "night"
from = "2025-10-15"
to = "2025-10-15"
[[duty_post]]
id = "standby"
name = "备勤"
kind = "standby"
shift = "24h"
from = "2025-10-16"
to = "2025-10-16"
"#;

/// Publishes October with `wang` at both posts.
async fn publish(two: &mut Two) {
    let wang = two.b.user("wang");
    let cell = |date: &str, post: &str| json!({ "date": date, "post": post, "people": [wang] });
    let cells = json!([cell("2025-10-15", "night"), cell("2025-10-16", "standby")]);
    let act = |more: Value, key: &str| {
        let mut args = json!({ "month": "2025-10", "text": "", "idempotency_key": key });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    };
    let consent = json!({ "who": "科信办", "date": "2025-10-14", "paper": "值班表确认单" });
    for (command, more) in [
        ("roster.open", json!({})),
        ("roster.edit", json!({ "cells": cells })),
        ("roster.submit", json!({})),
        ("roster.approve", json!({})),
        ("roster.consent", consent),
        ("roster.publish", json!({})),
    ] {
        let _: Written = two.b.call(command, act(more, command)).await;
        two.sync(false);
    }
    two.sync(true);
}

fn spans(day: &AttendanceDay) -> Vec<String> {
    let clock = |at: &str| at[8..16].replace('T', " ");
    day.spans.iter().map(|span| format!("{}-{}", clock(&span.from), clock(&span.to))).collect()
}

#[tokio::test]
async fn the_published_roster_and_leave_say_what_is_worked() {
    let mut two = Two::new(POSTS);
    let office = ["15 09:00-15 12:00", "15 14:00-15 18:00"];
    assert_eq!(spans(&day(&two.a, "wang").await), office, "nothing is rostered yet");
    publish(&mut two).await;
    for seat in [&two.a, &two.b] {
        let rostered = spans(&day(seat, "wang").await);
        assert_eq!(rostered, [office[0], office[1], "15 20:00-16 08:00"], "duty across midnight");
    }
    let ask = json!({ "kind": "sick", "from": "2025-10-16", "to": "2025-10-19", "reason": "就诊",
        "idempotency_key": "l1" });
    let _: Written = two.a.call("leave.ask", ask).await;
    let ask = json!({ "kind": "trip", "from": "2025-10-20", "to": "2025-10-20", "reason": "外派",
        "idempotency_key": "l2" });
    let _: Written = two.a.call("leave.ask", ask).await;
    two.sync(true);
    two.sync(false);
    let leaves: LeaveList = two.b.call("leave.list", json!({ "month": "2025-10" })).await;
    for row in &leaves.leaves {
        let yes = json!({ "id": row.id, "approve": true, "idempotency_key": row.id });
        let _: Written = two.b.call("leave.decide", yes).await;
    }
    let month: AttendanceMonth = two.b.call("attendance.month", json!({ "month": "2025-10" })).await;
    let wang = month.rows.iter().find(|row| row.name == "王强").unwrap();
    let letters: Vec<&str> = wang.cells[15..20].iter().map(|cell| cell.letter.as_str()).collect();
    assert_eq!(letters, ["病", "病", "休", "休", "差"], "days off within a leave stay days off");
    assert_eq!((wang.cells[15].morning.as_str(), wang.cells[15].afternoon.as_str()), ("病", "病"));
    let overtime: OvertimeList = two.b.call("overtime.list", json!({ "month": "2025-10" })).await;
    let trips: Vec<_> =
        overtime.trips.iter().map(|trip| (trip.name.as_str(), trip.kind_name.as_str())).collect();
    assert_eq!(trips, [("王强", "公出")]);
}

fn overtime(from: &str, to: &str, key: &str) -> OvertimeAsk {
    OvertimeAsk {
        from: format!("2025-10-14T{from}:00+08:00"),
        to: format!("2025-10-14T{to}:00+08:00"),
        work: "夜间割接".into(),
        idempotency_key: key.into(),
        ..OvertimeAsk::default()
    }
}

#[tokio::test]
async fn overtime_is_written_down_and_counts_once_granted() {
    let mut two = Two::new(HOURS);
    for (args, field) in [
        (OvertimeAsk { work: " ".into(), ..overtime("19:00", "21:30", "o0") }, "work"),
        (overtime("21:30", "19:00", "o0"), "to"),
        (OvertimeAsk { from: "昨晚".into(), ..overtime("19:00", "21:30", "o0") }, "from"),
    ] {
        let error = two.a.try_call("overtime.ask", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)));
    }
    let _: Written = two.a.call("overtime.ask", overtime("19:00", "21:30", "o1")).await;
    let again: Written = two.a.call("overtime.ask", overtime("19:00", "21:30", "o1")).await;
    assert!(again.changed.is_empty(), "the same key has one effect");
    let error = two.a.try_call("overtime.ask", overtime("21:00", "22:00", "o2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow, "it overlaps: {}", error.message);
    let for_li = OvertimeAsk { person: Some(two.a.user("li")), ..overtime("19:00", "20:00", "o3") };
    let error = two.a.try_call("overtime.ask", for_li.clone()).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "an engineer writes his own only");
    let _: Written = two.b.call("overtime.ask", for_li).await;
    two.sync(true);
    two.sync(false);

    let list: OvertimeList = two.b.call("overtime.list", json!({})).await;
    let row = list.rows.iter().find(|row| row.name == "王强").unwrap();
    assert_eq!((row.minutes, row.stage.as_str(), row.may_decide), (150, "asked", true));
    let decide = |id: &str, approve: bool, words: &str, key: &str| json!({ "id": id, "approve": approve, "words": words, "idempotency_key": key });
    let own = two.a.try_call("overtime.decide", decide(&row.id, true, "", "d0")).await.unwrap_err();
    assert_eq!(own.code, DoorCode::NotAllowed, "nobody decides about himself");
    let error = two.b.try_call("overtime.decide", decide(&row.id, false, " ", "d0")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("words"));
    let _: Written = two.b.call("overtime.decide", decide(&row.id, true, "", "d1")).await;
    let error = two.b.try_call("overtime.decide", decide(&row.id, false, "不", "d2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow);
    two.sync(false);
    two.sync(true);
    for seat in [&two.a, &two.b] {
        let month: AttendanceMonth = seat.call("attendance.month", json!({})).await;
        let wang = month.rows.iter().find(|row| row.name == "王强").unwrap();
        assert_eq!(wang.totals.overtime_minutes, 150);
        let list: OvertimeList = seat.call("overtime.list", json!({})).await;
        let row = list.rows.iter().find(|row| row.name == "王强").unwrap();
        assert_eq!((row.decision.as_str(), row.pending), ("孙理 同意", false));
    }
    let mine: OvertimeList = two.a.call("overtime.list", json!({})).await;
    assert_eq!(mine.rows.len(), 1, "an engineer sees his own");
    let conflicts: Vec<ConflictDto> = two.b.call("sync.conflicts", json!({})).await;
    assert_eq!(conflicts, []);
}

async fn checks(seat: &Seat) -> Vec<SpotRow> {
    let list: SpotList = seat.call("spotcheck.list", json!({ "month": "2025-10" })).await;
    list.rows
}

#[tokio::test]
async fn a_spot_check_keeps_where_he_said_he_was_and_what_he_explained_that_day() {
    let mut two = Two::new(HOURS);
    let tell = json!({ "at": "machine_room", "place": "负一层", "idempotency_key": "w1" });
    let _: Written = two.a.call("whereabouts.tell", tell).await;
    two.sync(true);
    two.sync(false);
    two.pass(30);
    let note = |at: Option<&str>, key: &str| {
        json!({ "person": two.b.user("wang"), "at": at, "found": false, "unit": "科信处", "note": "座位无人",
            "idempotency_key": key })
    };
    let ahead = note(Some("2025-10-15T10:00:00+08:00"), "c0");
    let error = two.b.try_call("spotcheck.note", ahead).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("at")));
    let _: Written = two.b.call("spotcheck.note", note(None, "c1")).await;
    let _: Written = two.b.call("spotcheck.note", note(Some("2025-10-15T08:50:00+08:00"), "c2")).await;
    let error = two.a.try_call("spotcheck.note", note(None, "c3")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "an engineer checks nobody");
    two.sync(false);
    two.sync(true);

    let rows = checks(&two.a).await;
    let told: Vec<_> = rows.iter().map(|row| (row.told.as_str(), row.state.as_str())).collect();
    assert_eq!(told, [("机房（09:00 起）", "owed"), ("当时没有登记去向", "owed")]);
    assert_eq!((rows[0].checker.as_str(), rows[0].may_explain), ("科信处", true));
    let explain =
        |id: &str, words: &str, key: &str| json!({ "id": id, "words": words, "idempotency_key": key });
    let error = two.a.try_call("spotcheck.explain", explain(&rows[0].id, " ", "e0")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("words"));
    let error = two.b.try_call("spotcheck.explain", explain(&rows[0].id, "在机房", "e0")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "only he himself");
    let _: Written = two.a.call("spotcheck.explain", explain(&rows[0].id, "在机房换硬盘", "e1")).await;
    two.pass(24 * 60);
    let _: Written = two.a.call("spotcheck.explain", explain(&rows[1].id, "忘了登记", "e2")).await;
    two.sync(true);
    two.sync(false);
    for seat in [&two.a, &two.b] {
        let states: Vec<String> = checks(seat).await.into_iter().map(|row| row.state).collect();
        assert_eq!(states, ["explained", "late"]);
    }
    two.a.hand_over(&mut two.site, "li");
    assert_eq!(checks(&two.a).await, [], "colleagues see nothing of it");
}

fn close(date: &str, key: &str) -> AttendanceClose {
    AttendanceClose { from: date.into(), to: date.into(), idempotency_key: key.into() }
}

fn reopen(reason: &str, key: &str) -> AttendanceReopen {
    AttendanceReopen { date: "2025-10-14".into(), reason: reason.into(), idempotency_key: key.into() }
}

fn correct_14(key: &str) -> CorrectionAsk {
    let at = |time: &str| Some(format!("2025-10-14T{time}:00+08:00"));
    CorrectionAsk {
        date: "2025-10-14".into(),
        came_at: at("08:58"),
        left_at: at("12:01"),
        reason: "门禁故障".into(),
        idempotency_key: key.into(),
        ..CorrectionAsk::default()
    }
}

#[tokio::test]
async fn a_closed_day_is_corrected_only_after_it_was_opened_again() {
    let mut two = Two::new(HOURS);
    two.sync(true);
    two.sync(false);
    let error = two.b.try_call("attendance.close", close("2025-10-15", "k0")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("to")));
    let error = two.a.try_call("attendance.close", close("2025-10-14", "k0")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed);
    let range = AttendanceClose { from: "2025-10-13".into(), ..close("2025-10-14", "k1") };
    let _: Written = two.b.call("attendance.close", range).await;
    // The first console has not heard of it.
    let _: Written = two.a.call("attendance.ask_correction", correct_14("a1")).await;
    two.sync(false);
    two.sync(true);
    let conflicts: Vec<ConflictDto> = two.a.call("sync.conflicts", json!({})).await;
    let told: Vec<_> = conflicts.iter().map(|one| (one.kind.as_str(), one.order.as_str())).collect();
    assert_eq!(told, [("unreconciled", "考勤：王强 2025-10")]);
    assert!(conflicts[0].reason.contains("关账") && conflicts[0].text.contains("门禁故障"));

    let month: AttendanceMonth = two.a.call("attendance.month", json!({})).await;
    let closed: Vec<u32> = month.days.iter().filter(|day| day.closed).map(|day| day.day).collect();
    assert_eq!((closed, month.may_close), (vec![13, 14], false));
    let error = two.a.try_call("attendance.ask_correction", correct_14("a2")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::NotNow, Some("date")));
    let error = two.b.try_call("attendance.reopen", reopen(" ", "r0")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("reason"));
    let _: Written = two.b.call("attendance.reopen", reopen("门禁故障，补录", "r1")).await;
    let error = two.b.try_call("attendance.reopen", reopen("再开", "r2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow);
    two.sync(false);
    two.sync(true);
    let _: Written = two.a.call("attendance.ask_correction", correct_14("a3")).await;
    two.sync(true);
    two.sync(false);
    let error = two.b.try_call("attendance.close", close("2025-10-14", "k2")).await.unwrap_err();
    assert!(error.message.contains("王强") && error.message.contains("更正待审批"), "{}", error.message);
    let args = AttendanceDayArgs { person: two.b.user("wang"), date: "2025-10-14".into() };
    let day: AttendanceDay = two.b.call("attendance.day", args).await;
    assert_eq!((day.closed, day.may_close), (None, true));
    assert_eq!(day.reopened, ["孙理 10-15 09:00 重开：门禁故障，补录"]);
    // The next day only the second console has spoken.
    two.pass(24 * 60);
    two.sync(false);
    let error = two.b.try_call("attendance.close", close("2025-10-15", "k3")).await.unwrap_err();
    assert!(error.message.contains("待定"), "{}", error.message);
}

#[tokio::test]
async fn a_named_deputy_closes_days_within_his_dates() {
    let mut two = Two::new(HOURS);
    let (sun, wang) = (two.b.user("sun"), two.b.user("wang"));
    let deputy = json!({ "user": wang, "from": "2025-10-15", "to": "2025-10-16" });
    let note = json!({ "user": sun, "deputy": deputy, "idempotency_key": "n" });
    let _: Written = two.b.call("staff.note", note).await;
    two.sync(false);
    two.sync(true);
    let month: AttendanceMonth = two.a.call("attendance.month", json!({})).await;
    assert!(month.may_close && month.rows.len() > 1, "he sees whom he closes for");
    let _: Written = two.a.call("attendance.close", close("2025-10-13", "k1")).await;
    two.sync(true);
    two.sync(false);
    let args = AttendanceDayArgs { person: two.b.user("wang"), date: "2025-10-13".into() };
    let day: AttendanceDay = two.b.call("attendance.day", args).await;
    assert_eq!(day.closed.as_deref(), Some("王强（代孙理） 10-15 09:00 关账"), "the centre took it");
    two.pass(2 * 24 * 60);
    let month: AttendanceMonth = two.a.call("attendance.month", json!({})).await;
    assert!(!month.may_close, "his dates are over");
    let error = two.a.try_call("attendance.close", close("2025-10-14", "k2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed);
}

#[tokio::test]
async fn the_sheet_is_a_workbook_too() {
    let two = Two::new(HOURS);
    let args = |key: &str| AttendancePrint { idempotency_key: key.into(), ..AttendancePrint::default() };
    let file: ExportedFile = two.b.call("attendance.export", args("x1")).await;
    assert_eq!(file.name, "驻场人员考勤表（2025-10）.xlsx");
    let rows = zaigang_report::read_xlsx(&STANDARD.decode(&file.base64).unwrap()).unwrap();
    assert_eq!(rows[2][..5], ["序号", "姓名", "岗位", "时段", "1\n节"].map(str::to_owned));
    assert_eq!(rows[2][35..38], ["应出勤", "实出勤", "迟到"].map(str::to_owned));
    let refused = two.a.try_call("attendance.export", args("x1")).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed);
}

#[tokio::test]
async fn a_list_of_the_buyers_shows_what_differs_and_writes_nothing() {
    let mut two = Two::new(HOURS);
    two.sync(true);
    two.sync(false);
    let head = "序号\t姓名\t9\t10\t11\t12\t13\t14";
    let list = |rows: &str| json!({ "month": "2025-10", "text": format!("十月考勤\n{head}\n{rows}") });
    let rows = "1\t王强\t旷\t√\t旷工\t休\t\t8.5h\n2\t李敏\t×\t旷\t旷\t\t旷\t病假\n3\t路人\t√\t√\t√\t√\t√\t√";
    let compared: AttendanceCompare = two.b.call("attendance.compare", list(rows)).await;
    let differences: Vec<_> = compared
        .differences
        .iter()
        .map(|one| (one.name.as_str(), one.date.as_str(), one.ours.as_str(), one.theirs.as_str()))
        .collect();
    assert_eq!(differences, [("王强", "2025-10-10", "旷", "√"), ("李敏", "2025-10-14", "旷", "病假")]);
    assert_eq!((compared.people, compared.compared), (2, 9));
    assert_eq!(compared.mistakes, ["第 3 行 2025-10-14：看不懂“8.5h”", "第 5 行：“路人”不在本月考勤表中"]);
    assert!(compared.missing.contains(&"孙理".to_owned()));
    // Two rows a person are the halves of the day.
    let halves = "1\t王强\t旷\t旷\t旷\t休\t旷\t√\n\t\t旷\t旷\t旷\t休\t旷\t旷";
    let compared: AttendanceCompare = two.b.call("attendance.compare", list(halves)).await;
    assert_eq!(compared.differences.len(), 1);
    assert_eq!(
        (compared.differences[0].half.as_str(), compared.differences[0].theirs.as_str()),
        ("上午", "√")
    );
    // An empty row between people is no half of a day.
    let apart = "1\t王强\t旷\t√\t旷\t休\t旷\t旷\n\t\t\t\t\t\t\t\n2\t李敏\t旷\t旷\t旷\t休\t旷\t旷";
    let compared: AttendanceCompare = two.b.call("attendance.compare", list(apart)).await;
    let halves: Vec<&str> = compared.differences.iter().map(|one| one.half.as_str()).collect();
    assert_eq!(halves, [""]);
    let error = two.b.try_call("attendance.compare", json!({ "text": "王强\t√" })).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("text")));
    let error = two.b.try_call("attendance.compare", json!({ "file": "//8A" })).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("file")));
}

#[tokio::test]
async fn exceptions_are_proposed_with_the_clause_and_its_points() {
    let mut two = Two::new(HOURS);
    two.sync(true);
    two.sync(false);
    let list: AttendanceProposals = two.b.call("attendance.proposals", json!({ "month": "2025-10" })).await;
    let wang: Vec<_> = list.rows.iter().filter(|row| row.name == "王强").collect();
    let told: Vec<_> =
        wang.iter().map(|row| (row.date.as_str(), row.breach.as_str(), row.by_contract)).collect();
    // From 10-09 on, with the make-up Saturday; today is not over.
    let days = ["2025-10-09", "2025-10-10", "2025-10-11", "2025-10-13", "2025-10-14"];
    assert_eq!(told, days.map(|date| (date, "absent", true)));
    let count = u32::try_from(list.rows.len()).unwrap();
    let clauses: Vec<_> =
        list.clauses.iter().map(|one| (one.source.as_str(), one.points.as_deref(), one.count)).collect();
    assert_eq!(clauses, [("001:1933", Some("2"), count), ("001:2027", Some("2"), count)]);
    let mine: AttendanceProposals = two.a.call("attendance.proposals", json!({ "month": "2025-10" })).await;
    assert!(mine.rows.iter().all(|row| row.name == "王强") && mine.rows.len() == days.len());
}
