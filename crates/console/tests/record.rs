//! Work records, work planned ahead, work recorded for colleagues, and orders that look alike.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::json;
use site::seat::At;
use site::{CONTRACT, PASSWORD, Pc, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::payload::Registered;
use zaigang_domain::order::{Status, Step, Then, register};
use zaigang_domain::people::Role;

/// A door at which `login` is logged in; E总队 has a colleague `chen` who is not on site. The clock stands
/// at 09:00 of 2025-10-15.
fn at(login: &str, settings: &str) -> At {
    let mut site = Site::new();
    let chen = NewUser { remote: true, ..person("chen", "陈远", Role::Engineer) };
    let sun = NewUser { post: Some("P10".to_owned()), ..person("sun", "孙岗", Role::Engineer) };
    for new in [chen, sun] {
        site.centre.user_add(&new).unwrap();
    }
    let settings = format!("contract = \"guangxi-police\"\nacceptance_date = \"2024-09-01\"\n{settings}");
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: &settings }));
    At::new(site, login)
}

impl At {
    async fn refused(&self, command: &str, args: impl serde::Serialize) -> (DoorCode, String) {
        let error = self.try_call(command, args).await.unwrap_err();
        (error.code, error.field.unwrap_or_default())
    }

    async fn add(&self, lines: &[RecordLine], key: &str) -> Written {
        self.call("record.add", add(lines, key)).await
    }

    async fn day(&self, date: Option<&str>) -> RecordDay {
        self.call("record.day", json!({ "date": date, "mine": true })).await
    }
}

fn add(lines: &[RecordLine], key: &str) -> RecordAdd {
    RecordAdd { lines: lines.to_vec(), idempotency_key: key.into() }
}

fn line(category: &str, title: &str, minutes: u32) -> RecordLine {
    RecordLine {
        object: "5.1".into(),
        category: category.into(),
        title: title.into(),
        result: "已完成".into(),
        minutes,
        ..RecordLine::default()
    }
}

fn incident(title: &str, key: &str) -> RegisterArgs {
    RegisterArgs {
        kind: "incident".into(),
        title: title.into(),
        division: "E总队".into(),
        object: "5.1".into(),
        channel: "phone".into(),
        idempotency_key: key.into(),
        ..RegisterArgs::default()
    }
}

#[tokio::test]
async fn a_day_of_records_adds_up_and_can_be_taken_back() {
    let at = at("wang", "");
    let lines = [
        line("日常维护", "日志备份", 20),
        RecordLine { inspection: Some("abnormal".into()), ..line("设备与系统巡检", "晨检", 15) },
        RecordLine {
            authorisation: Some("SQ-7".into()),
            confirmed_by: "科信处".into(),
            ..line("数据服务", "导出", 40)
        },
    ];
    let written = at.add(&lines, "k1").await;
    assert_eq!(written.message, "已记录 3 条工作");
    assert!(written.changed.contains(&"orders".to_owned()));
    assert_eq!(at.add(&lines, "k1").await.id, written.id, "the same key has one effect");
    let day = at.day(None).await;
    assert_eq!((day.rows.len(), day.totals.count, day.totals.minutes), (3, 3, 75));
    assert_eq!((day.totals.normal, day.totals.abnormal, day.totals.unconfirmed), (0, 1, 2));
    assert_eq!(day.totals.categories[0].category, "数据服务");
    assert!(day.rows.iter().all(|row| row.mine && !row.open && row.division == "E总队"));
    let order: OrderDetail = at.call("order.get", json!({ "id": written.id })).await;
    assert_eq!((order.row.status, order.clocks.len()), (OrderStatusDto::Closed, 0));
    assert_eq!(order.record.unwrap().authorisation.as_deref(), Some("SQ-7"));
    assert!(order.timeline[0].text.contains("类别：数据服务"), "{}", order.timeline[0].text);

    let void = json!({ "order_id": written.id, "step": "void", "fields": { "reason": "录错" }, "idempotency_key": "v1" });
    let _: Written = at.call("order.step", void).await;
    let day = at.day(None).await;
    assert_eq!((day.rows.len(), day.totals.count, day.totals.minutes), (3, 2, 35));
    assert!(day.rows.iter().find(|row| row.id == written.id).unwrap().voided);
    let found: OrderPage =
        at.call("order.list", json!({ "view": "all", "search": "导出", "limit": 9 })).await;
    assert!(found.rows[0].voided);
    let to_enter: OrderPage = at.call("order.list", json!({ "view": "to_enter", "limit": 9 })).await;
    assert_eq!(to_enter.total, 2, "nobody can enter what is void");
    assert!(to_enter.rows.iter().all(|row| row.id != written.id));
}

#[tokio::test]
async fn the_last_day_with_records_is_named_for_copying() {
    let at = at("wang", "");
    assert_eq!(at.day(None).await.previous, None);
    at.add(&[line("日常维护", "日志备份", 20)], "k1").await;
    at.host.advance_ms(3 * 86_400_000);
    let today = at.day(None).await;
    assert_eq!((today.date.as_str(), today.rows.len()), ("2025-10-18", 0));
    assert_eq!(today.previous.as_deref(), Some("2025-10-15"));
    let then = at.day(today.previous.as_deref()).await;
    assert_eq!(then.rows[0].title, "日志备份");
    let error = at.refused("record.day", json!({ "date": "gestern" })).await;
    assert_eq!(error, (DoorCode::BadInput, "date".to_owned()));
}

#[tokio::test]
async fn a_record_at_fault_is_named_by_line_and_field_and_nothing_is_written() {
    let at = at("wang", "");
    let sound = line("日常维护", "日志备份", 20);
    let cases = [
        (RecordLine { category: "唱歌".into(), ..sound.clone() }, "category"),
        (RecordLine { object: "99".into(), division: "E总队".into(), ..sound.clone() }, "object"),
        (RecordLine { title: " ".into(), ..sound.clone() }, "title"),
        (RecordLine { minutes: 0, ..sound.clone() }, "minutes"),
        (RecordLine { at: Some("2025-10-15T12:00:00+08:00".into()), ..sound.clone() }, "at"),
        (RecordLine { at: Some("2025-10-14T12:00:00+08:00".into()), ..sound.clone() }, "reason"),
        (line("数据服务", "导出", 5), "authorisation"),
        (line("设备与系统巡检", "晨检", 5), "inspection"),
        (line("远程服务", "电话支持", 5), "confirmed_by"),
        (
            RecordLine {
                remote: Some(RemoteDto { way: "fax".into(), ..RemoteDto::default() }),
                ..sound.clone()
            },
            "way",
        ),
        (RecordLine { object: String::new(), division: "A总队".into(), ..sound.clone() }, "division"),
    ];
    for (wrong, field) in cases {
        let error = at.refused("record.add", add(&[sound.clone(), wrong], field)).await;
        assert_eq!(error, (DoorCode::BadInput, format!("lines.1.{field}")));
    }
    assert_eq!(at.refused("record.add", add(&[], "none")).await.1, "lines");
    assert_eq!(at.day(None).await.rows.len(), 0);
    let error = at.refused("record.add", add(std::slice::from_ref(&sound), "")).await;
    assert_eq!(error.1, "idempotency_key");
    let written = at.add(&[sound], "k").await;
    let order: OrderDetail = at.call("order.get", json!({ "id": written.id })).await;
    assert!(order.row.number.ends_with("-001"), "refused lines use no number up: {}", order.row.number);
}

#[tokio::test]
async fn only_engineers_write_records() {
    let at = at("zhao", "");
    let form: RecordForm = at.call("record.form", json!({})).await;
    assert!(!form.may_add);
    let error = at.refused("record.add", add(&[line("日常维护", "日志备份", 20)], "k")).await;
    assert_eq!(error.0, DoorCode::NotAllowed);
}

#[tokio::test]
async fn a_record_is_kept_for_a_colleague_and_says_how_he_worked() {
    let at = at("wang", "");
    let form: RecordForm = at.call("record.form", json!({})).await;
    assert_eq!(form.categories.len(), 14);
    assert_eq!(form.colleagues.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["陈远"]);
    assert!(form.caretakers.iter().all(|one| one.may), "nobody was named");
    let visit = RemoteDto {
        way: "visit".into(),
        entry_permit: Some("RC-01".into()),
        escort: Some("驻场岗".into()),
        person_days: Some("0.5".into()),
    };
    let remote = RecordLine {
        on_behalf: Some(at.user("chen")),
        confirmed_by: "科信处".into(),
        remote: Some(visit.clone()),
        ..line("远程服务", "到场升级补丁", 120)
    };
    let written = at.add(std::slice::from_ref(&remote), "k1").await;
    let order: OrderDetail = at.call("order.get", json!({ "id": written.id })).await;
    assert_eq!((order.on_behalf.as_deref(), order.remote.as_ref()), (Some("陈远"), Some(&visit)));
    assert!(order.timeline[0].text.contains("代记：陈远"), "{}", order.timeline[0].text);
    for (user, way) in [("li", "phone"), ("wang", "phone")] {
        let on_site = RecordLine {
            on_behalf: Some(at.user(user)),
            remote: Some(RemoteDto { way: way.into(), ..RemoteDto::default() }),
            ..remote.clone()
        };
        let error = at.refused("record.add", add(&[on_site], user)).await;
        assert_eq!(error, (DoorCode::BadInput, "lines.0.on_behalf".to_owned()), "{user}");
    }
}

#[tokio::test]
async fn where_a_caretaker_was_named_others_do_not_record_for_colleagues() {
    let named = "[[caretaker]]\ndivisions = [\"E总队\"]\nposts = [\"P10\"]\n";
    let args = |at: &At| RegisterArgs {
        on_behalf: Some(at.user("chen")),
        remote: Some(RemoteDto { way: "phone".into(), ..RemoteDto::default() }),
        ..incident("门户打不开", "k1")
    };
    let other = at("wang", named);
    let error = other.try_call("order.register", args(&other)).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::NotAllowed, Some("on_behalf")));
    assert!(error.message.contains("孙岗") && error.message.contains("本项目约定"), "{}", error.message);
    let caretaker = at("sun", named);
    let written: Written = caretaker.call("order.register", args(&caretaker)).await;
    let order: OrderDetail = caretaker.call("order.get", json!({ "id": written.id })).await;
    assert_eq!(order.row.assignee.as_deref(), Some("陈远"), "the colleague's work from the start");
    assert_eq!(order.row.status, OrderStatusDto::Accepted);
}

#[tokio::test]
async fn a_late_registration_owes_a_reason_and_is_flagged_everywhere() {
    let at = at("wang", "");
    let late = RegisterArgs {
        reported_at: Some("2025-10-15T08:20:00+08:00".into()),
        ..incident("门户打不开", "k1")
    };
    assert_eq!(at.refused("order.register", &late).await, (DoorCode::BadInput, "reason".to_owned()));
    let late = RegisterArgs { reason: Some("先电话处理".into()), ..late };
    let written: Written = at.call("order.register", late).await;
    let order: OrderDetail = at.call("order.get", json!({ "id": written.id })).await;
    assert_eq!(order.row.late_minutes, Some(40));
    assert_eq!(order.late_reason.as_deref(), Some("先电话处理"));
    let text = &order.timeline[0].text;
    assert!(text.contains("补录：发生后 40分钟 才登记") && text.contains("本项目约定"), "{text}");
    let page: OrderPage = at.call("order.list", json!({ "view": "open", "limit": 9 })).await;
    assert_eq!(page.rows[0].late_minutes, Some(40));
}

#[tokio::test]
async fn planned_work_stands_still_and_reminds_nobody_before_its_time() {
    let at = at("wang", "");
    let planned = RegisterArgs {
        kind: "request".into(),
        scheduled_at: Some("2025-10-15T14:00:00+08:00".into()),
        ..incident("视频会议保障", "k1")
    };
    let written: Written = at.call("order.register", planned).await;
    assert!(written.message.contains("预约 10-15 14:00"), "{}", written.message);
    let id = written.id;
    at.door.look().unwrap();
    let mut pushes = at.door.pushes();
    at.host.advance_ms(4 * 3_600_000);
    let _: SettingsDto = at.call("settings.get", json!({})).await;
    at.door.look().unwrap();
    let order: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    assert_eq!(order.row.scheduled_at.as_deref(), Some("2025-10-15T14:00:00+08:00"));
    assert!(order.row.next_clock.is_none() && !order.clocks.is_empty());
    assert!(order.clocks.iter().all(|clock| clock.state == "waiting"), "{:?}", order.clocks);
    assert!(std::iter::from_fn(|| pushes.try_recv().ok()).all(|push| push.reminders.is_empty()));

    at.host.advance_ms(3_600_000);
    let _: SettingsDto = at.call("settings.get", json!({})).await;
    at.door.look().unwrap();
    let order: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    assert_eq!(order.row.scheduled_at, None);
    assert_eq!(order.planned_at.as_deref(), Some("2025-10-15T14:00:00+08:00"));
    let response = order.clocks.iter().find(|clock| clock.target == "response").unwrap();
    assert_eq!(response.state, "running");
    assert_eq!(response.starts_at.as_deref(), Some("2025-10-15T14:00:00+08:00"));
    let reminders: Vec<_> =
        std::iter::from_fn(|| pushes.try_recv().ok()).flat_map(|push| push.reminders).collect();
    assert!(reminders.iter().any(|one| one.title.starts_with("预约时间已到")), "{reminders:?}");
    let explained: ExplainDto =
        at.call("order.explain", json!({ "order_id": id, "target": "response" })).await;
    assert!(explained.notes[0].contains("预约"), "{:?}", explained.notes);
    let past =
        RegisterArgs { scheduled_at: Some("2025-10-15T10:00:00+08:00".into()), ..incident("过去", "k2") };
    assert_eq!(at.refused("order.register", past).await.1, "scheduled_at");
}

#[tokio::test]
async fn open_orders_that_look_alike_are_shown() {
    let at = at("wang", "");
    let near: Written = at.call("order.register", incident("三楼打印机卡纸", "k1")).await;
    let same: Written =
        at.call("order.register", RegisterArgs { object: "5.3".into(), ..incident("网络中断", "k2") }).await;
    let ask = |object: &str, title: &str| json!({ "object": object, "title": title });
    let found: Vec<SimilarOrder> = at.call("order.similar", ask("", "打印机又卡纸了")).await;
    assert_eq!(
        found.iter().map(|one| (one.row.id.clone(), one.why.as_str())).collect::<Vec<_>>(),
        [(near.id.clone(), "文字相近")]
    );
    let found: Vec<SimilarOrder> = at.call("order.similar", ask("5.3", "")).await;
    assert_eq!(found.iter().map(|one| one.row.id.clone()).collect::<Vec<_>>(), [same.id]);
    let found: Vec<SimilarOrder> = at.call("order.similar", ask("5.1", "打印机卡纸")).await;
    assert_eq!(found[0].why, "同一对象，文字相近");
    let found: Vec<SimilarOrder> = at.call("order.similar", ask("", "指纹机不识别")).await;
    assert!(found.is_empty());
    at.host.advance_ms(31 * 86_400_000);
    let _: SessionDto = at.call("session.get", json!({})).await;
    let found: Vec<SimilarOrder> = at.call("order.similar", ask("", "打印机卡纸")).await;
    assert!(found.is_empty(), "older than thirty days");
}

#[tokio::test]
async fn templates_are_a_persons_own() {
    let at = at("wang", "");
    let template = |name: &str| RecordTemplate {
        name: name.into(),
        title: "日志备份".into(),
        ..RecordTemplate::default()
    };
    let keep =
        |names: &[&str]| RecordTemplates { templates: names.iter().map(|name| template(name)).collect() };
    let _: Written = at.call("record.templates", keep(&["晨检", "备份"])).await;
    let form: RecordForm = at.call("record.form", json!({})).await;
    assert_eq!(form.templates.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["晨检", "备份"]);
    for wrong in [vec!["甲", "甲"], vec![" "], vec!["一二三四五六七八九十一二三四五六七八九十一"]]
    {
        assert_eq!(
            at.refused("record.templates", keep(&wrong)).await,
            (DoorCode::BadInput, "name".to_owned())
        );
    }
}

#[tokio::test]
async fn extension_travels_with_the_sealed_part() {
    let at = at("wang", "");
    let reporter = ReporterDto {
        name: "周某".into(),
        phone: String::new(),
        room: "301".into(),
        extension: "6123".into(),
    };
    let args = RegisterArgs { reporter: Some(reporter.clone()), ..incident("门户打不开", "k1") };
    let written: Written = at.call("order.register", args).await;
    let order: OrderDetail = at.call("order.get", json!({ "id": written.id })).await;
    assert_eq!(order.reporter, Some(reporter));
    let timeline = serde_json::to_string(&order.timeline).unwrap();
    assert!(!timeline.contains("6123") && !timeline.contains("周某"));
}

#[test]
fn the_centre_takes_a_record_and_its_void() {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, false);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    let now = zaigang_console::host::Host::now(pc.host.as_ref());
    let form: Registered = serde_json::from_value(json!({
        "number": "E-1", "kind": "work_record", "title": "日志备份", "division": "E总队", "reported_at": now,
        "contract": "guangxi-police", "contract_hash": "c", "calendar_hash": "k",
        "record": { "category": "日常维护", "minutes": 20 },
    }))
    .unwrap();
    let user = pc.console.session().unwrap().user.clone();
    let actor = pc.console.store().unwrap().actor(&user).unwrap();
    let drafts = register(&form, None, Then::Close, &actor, now).unwrap();
    let id = EntityId::order(EventId(zaigang_console::host::new_id(pc.host.as_ref())));
    let log = LogName::new(site::LOG).unwrap();
    pc.console.append(&log, &id, drafts.into_iter().map(Into::into).collect(), None).unwrap();
    pc.sync(&mut site).unwrap();
    pc.step(&id, Step::Void, &[("reason", "录错")]);
    pc.sync(&mut site).unwrap();
    let (_, order) = pc.console.store().unwrap().order(id.as_str()).unwrap().unwrap();
    assert_eq!((order.status, order.voided), (Status::Closed, true));
    assert_eq!((order.pending, order.rejected, order.parked, order.unreconciled.len()), (0, 0, 0, 0));
    pc.healthy();
}
