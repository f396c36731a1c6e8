//! The door: who may call what, what a write does, and lists against an oracle.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::{Value, json};
use site::seat::At;
use site::{PASSWORD, Pc, Site};
use zaigang_console::door::dto::*;
use zaigang_console::door::{COMMANDS, Caller, Door, Works};
use zaigang_console::order::{Contracts, Desk};
use zaigang_domain::calendar::parse_instant;
use zaigang_domain::order::table::Step;

/// A door at which `login` is logged in, with the contract published and synced.
fn at(login: &str) -> At {
    At::new(Site::published(), login)
}

impl At {
    async fn register(&self, title: &str, key: &str) -> Written {
        self.call("order.register", form(title, key)).await
    }

    /// Reads the store beside the door, as the user logged in.
    fn desk<T>(&self, read: impl FnOnce(&Desk<'_>) -> T) -> T {
        let console = self.door.console();
        let store = console.store().unwrap();
        let actor = store.actor(&console.session().unwrap().user).unwrap();
        read(&Desk { store, contracts: &self.contracts, actor: &actor, now: console.host().now() })
    }
}

fn form(title: &str, key: &str) -> RegisterArgs {
    RegisterArgs {
        kind: "incident".into(),
        title: title.into(),
        division: "E总队".into(),
        level: Some("2".into()),
        level_reason: Some("测试".into()),
        reporter: Some(ReporterDto {
            name: "周某".into(),
            phone: "8001".into(),
            room: "301".into(),
            extension: "8".into(),
        }),
        idempotency_key: key.into(),
        ..RegisterArgs::default()
    }
}

fn step(order: &str, step: &str, key: &str) -> StepArgs {
    let (order_id, step, idempotency_key) = (order.into(), step.into(), key.into());
    StepArgs { order_id, step, idempotency_key, text: Some("好".into()), ..StepArgs::default() }
}

#[tokio::test]
async fn names_are_unique_and_unknown_ones_refused() {
    for (i, row) in COMMANDS.iter().enumerate() {
        assert!(COMMANDS[..i].iter().all(|other| other.name != row.name), "{}", row.name);
    }
    let at = at("wang");
    assert_eq!(at.try_call("order.delete", json!({})).await.unwrap_err().code, DoorCode::BadInput);
}

#[tokio::test]
async fn every_command_is_refused_while_locked_or_logged_out() {
    let at = at("wang");
    let _: SessionDto = at.call("session.lock", json!({})).await;
    for row in COMMANDS.iter().filter(|row| row.works == Works::Open) {
        assert_eq!(
            at.try_call(row.name, json!({})).await.unwrap_err().code,
            DoorCode::Locked,
            "{}",
            row.name
        );
    }
    let session: SessionDto = at.call("session.unlock", json!({ "password": PASSWORD })).await;
    assert_eq!(session.stage, Stage::Open);
    let _: SessionDto = at.call("session.log_out", json!({})).await;
    for row in COMMANDS.iter().filter(|row| row.works != Works::Always) {
        let code = at.try_call(row.name, json!({})).await.unwrap_err().code;
        assert_eq!(code, DoorCode::LogInNeeded, "{}", row.name);
    }
    let _: SyncStatus = at.call("sync.status", json!({})).await;
}

#[tokio::test]
async fn an_idle_screen_locks_and_its_own_reads_do_not_keep_it_open() {
    let at = at("wang");
    let _: SettingsDto = at
        .call(
            "settings.change",
            SettingsChange { theme: None, idle_lock_minutes: Some(5), notify: None, duty_pc: None },
        )
        .await;
    for _ in 0..4 {
        at.host.advance_ms(60_000);
        let _: QueueCounts = at.call("order.counts", json!({})).await;
        at.door.look().unwrap();
    }
    let stage = async || at.call::<SessionDto>("session.get", json!({})).await.stage;
    assert_eq!(stage().await, Stage::Open);
    at.host.advance_ms(60_001);
    at.door.look().unwrap();
    assert_eq!(stage().await, Stage::Locked);
}

#[tokio::test]
async fn a_repeated_write_has_one_effect() {
    let at = at("wang");
    let first = at.register("打印机不工作", "k1").await;
    let again = at.register("打印机不工作", "k1").await;
    assert_eq!(first.id, again.id);
    assert!(first.changed.contains(&"orders".to_owned()), "{first:?}");
    assert!(first.changed.contains(&format!("order:{}", first.id)), "{first:?}");
    let page: OrderPage = at.call("order.list", json!({ "view": "all", "limit": 10 })).await;
    assert_eq!(page.total, 1);

    let accepted: Written = at.call("order.step", step(&first.id, "accept", "k2")).await;
    assert!(accepted.message.starts_with("已接单"), "{}", accepted.message);
    let repeated: Written = at.call("order.step", step(&first.id, "accept", "k2")).await;
    assert_eq!(repeated.id, first.id, "the second accept would be refused: it is answered, not decided");
    let error = at.try_call("order.step", step(&first.id, "accept", "k3")).await.unwrap_err();
    assert!(matches!(error.code, DoorCode::NotNow | DoorCode::NotAllowed), "{error:?}");
    let error = at.try_call("order.step", step(&first.id, "arrive", "")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("idempotency_key")));
    let order: OrderDetail = at.call("order.get", json!({ "id": first.id })).await;
    assert_eq!(order.timeline.iter().filter(|entry| entry.kind == "order.accepted").count(), 1);
}

#[tokio::test]
async fn an_order_tells_its_whole_story() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "k1").await.id;
    at.host.advance_ms(5 * 60_000);
    let _: Written = at.call("order.step", step(&id, "accept", "k2")).await;
    let order: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    assert_eq!(order.reporter.as_ref().unwrap().phone, "8001");
    assert_eq!(order.row.status, OrderStatusDto::Accepted);
    assert!(order.row.pending > 0);
    let response = order.clocks.iter().find(|clock| clock.target == "response").unwrap();
    assert_eq!(response.state, "met");
    assert!(!response.clause.is_empty() && response.source.starts_with("001:"), "{response:?}");
    assert!(order.steps.iter().any(|step| step.step == "arrive" && step.primary));
    let level = order.steps.iter().find(|step| step.step == "change_level").unwrap();
    assert!(level.fields[0].choices.iter().any(|choice| choice.value == "1"), "{level:?}");
    let by_number: OrderDetail = at.call("order.get", json!({ "id": order.row.number })).await;
    assert_eq!(by_number.row.id, id);

    let explained: ExplainDto =
        at.call("order.explain", json!({ "order_id": id, "target": "restoration" })).await;
    assert!(!explained.segments.is_empty() && !explained.days.is_empty());
    assert!(explained.events.iter().any(|entry| entry.kind == "order.registered"));
    let error = at.try_call("order.explain", json!({ "order_id": id, "target": "lunch" })).await.unwrap_err();
    assert_eq!(error.code, DoorCode::BadInput);

    let today: TodayDto = at.call("today.get", json!({})).await;
    assert_eq!((today.mine.len(), today.counts.mine), (1, 1));
    assert_eq!(today.today.iter().map(|count| count.met).sum::<u32>(), 1);
    let chart = json!({ "target": null, "weeks": 4, "theme": "dark", "width": 600, "height": 200 });
    let chart: ChartDto = at.call("chart.met_missed", chart).await;
    assert!(chart.svg.starts_with("<svg") && chart.rows.len() == 1);
    let verified: VerifyDto = at.call("audit.verify", json!({})).await;
    assert!(verified.ok, "{verified:?}");
    let export: ExportDto = at.call("audit.export", json!({})).await;
    assert!(export.lines.iter().any(|line| line.contains("核心交换机中断")));
}

#[tokio::test]
async fn a_form_is_refused_by_field_and_uses_no_number_up() {
    let at = at("wang");
    let refused = |args: RegisterArgs| async { at.try_call("order.register", args).await.unwrap_err() };
    let field = |error: DoorError| (error.code, error.field.unwrap_or_default());
    let table = [
        (RegisterArgs { title: " ".into(), ..form("x", "1") }, "title"),
        (RegisterArgs { division: "A总队".into(), ..form("x", "2") }, "division"),
        (RegisterArgs { object: "99.9".into(), ..form("x", "3") }, "object"),
        (RegisterArgs { level: Some("9".into()), ..form("x", "4") }, "level"),
        (RegisterArgs { level_reason: None, ..form("x", "5") }, "level_reason"),
        (RegisterArgs { kind: "lunch".into(), ..form("x", "6") }, "kind"),
        (RegisterArgs { dispatch_to: Some("nobody".into()), ..form("x", "7") }, "dispatch_to"),
        (RegisterArgs { reported_at: Some("gestern".into()), ..form("x", "8") }, "reported_at"),
    ];
    for (args, expected) in table {
        assert_eq!(field(refused(args).await), (DoorCode::BadInput, expected.to_owned()));
    }
    let written = at.register("x", "9").await;
    assert!(written.message.contains("-001"), "{}", written.message);
}

#[tokio::test]
async fn form_and_advice_come_from_the_contract() {
    let at = at("wang");
    let form: RegisterForm = at.call("order.register_form", json!({})).await;
    assert_eq!(form.divisions, ["E总队"]);
    assert!(
        !form.objects.is_empty()
            && form.objects.iter().all(|object| object.division == "E总队" || object.division.is_empty())
    );
    assert_eq!(
        form.levels.iter().map(|level| level.level.as_str()).collect::<Vec<_>>(),
        ["1", "2", "3", "4"]
    );
    assert!(form.people.iter().any(|person| person.name == "李敏"));
    let ask = json!({ "object": null, "system_class": "core", "share": "half_or_more", "vip": null, "security_event": null, "request": null });
    let advice: LevelAdvice = at.call("order.level_advice", ask).await;
    assert_eq!(advice.level.as_deref(), Some("1"), "{}", advice.why);
    assert!(advice.clocks.iter().any(|clock| clock.target == "response"));
    let ask = json!({ "system_class": "core", "share": "individual" });
    let advice: LevelAdvice = at.call("order.level_advice", ask).await;
    assert!(advice.level.is_none() && advice.fits.len() == 2, "the document's own overlap: {}", advice.why);
}

#[tokio::test]
async fn rights_follow_the_role_and_reminders_come_once() {
    let at = at("zhao");
    let id = at.register("网络中断", "k1").await.id;
    let error = at.try_call("order.step", step(&id, "accept", "k2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "a dispatcher does not accept");
    at.door.look().unwrap();
    let mut pushes = at.door.pushes();
    at.host.advance_ms(3 * 24 * 3_600_000);
    let _: SettingsDto = at.call("settings.get", json!({})).await;
    at.door.look().unwrap();
    at.door.look().unwrap();
    let mut reminders = Vec::new();
    while let Ok(push) = pushes.try_recv() {
        reminders.extend(push.reminders);
    }
    assert!(
        reminders.iter().any(|reminder| reminder.kind == "broken" && reminder.order_id == id),
        "{reminders:?}"
    );
    let mut seen: Vec<_> = reminders.iter().map(|r| (&r.kind, &r.body)).collect();
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all, "each once");
    assert!(reminders.iter().all(|r| !r.title.contains("周某") && !r.body.contains("8001")));
}

#[tokio::test]
async fn where_people_are_is_said_by_themselves_or_by_the_desk() {
    let at = at("wang");
    let tell = |person: Option<String>, place: &str, back: Option<&str>, key: &str| WhereaboutsTell {
        person,
        at: "meeting".into(),
        place: place.into(),
        back_at: back.map(str::to_owned),
        idempotency_key: key.into(),
    };
    let written: Written = at.call("whereabouts.tell", tell(None, "4楼会议室", None, "k1")).await;
    assert_eq!(
        (written.message.as_str(), written.changed.contains(&"whereabouts".to_owned())),
        ("去向已改为“会议”", true)
    );
    let board: WhereaboutsBoard = at.call("whereabouts.board", json!({})).await;
    let mine = &board.items[0];
    assert_eq!((mine.mine, mine.text.as_str(), mine.place.as_str()), (true, "会议", "4楼会议室"));
    assert!(mine.pending && !mine.old && mine.by.is_none());
    assert!(board.items.iter().skip(1).all(|item| item.at.is_none() && item.text == "未说明"));
    let li = Some(at.user("li"));
    let refused = at.try_call("whereabouts.tell", tell(li, "", None, "k2")).await.unwrap_err();
    assert_eq!(refused.code, DoorCode::NotAllowed);
    for (args, field) in [
        (tell(None, &"长".repeat(41), None, "k3"), "place"),
        (tell(None, "", Some("2020-01-01T00:00:00+08:00"), "k3"), "back_at"),
        (tell(Some("nobody".into()), "", None, "k3"), "person"),
        (WhereaboutsTell { at: "moon".into(), ..tell(None, "", None, "k3") }, "at"),
    ] {
        let error = at.try_call("whereabouts.tell", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)));
    }
    at.host.advance_ms(24 * 3_600_000);
    let _: SettingsDto = at.call("settings.get", json!({})).await;
    let board: WhereaboutsBoard = at.call("whereabouts.board", json!({})).await;
    assert!(board.items[0].old, "yesterday's word does not hold today");
}

#[tokio::test]
async fn a_fault_of_the_first_level_sounds_until_taken_and_calls_are_noted() {
    let at = at("wang");
    let settings = SettingsChange { theme: None, idle_lock_minutes: None, notify: None, duty_pc: Some(true) };
    let _: SettingsDto = at.call("settings.change", settings).await;
    at.register("普通故障", "k1").await;
    let alarms: AlarmList = at.call("order.alarms", json!({})).await;
    assert!(alarms.sounds && alarms.orders.is_empty(), "not of the first level");
    let grave = RegisterArgs { level: Some("1".into()), ..form("核心系统全断", "k2") };
    let grave: Written = at.call("order.register", grave).await;
    let id = grave.id;
    let alarms: AlarmList = at.call("order.alarms", json!({})).await;
    assert_eq!(alarms.orders.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    let detail: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    let callee = detail.callees.first().unwrap();
    let fields = [("to", &callee.id), ("tier", &callee.tier), ("result", &"no_answer".to_owned())];
    let fields = fields.map(|(key, value)| (key.to_owned(), value.clone())).into();
    let call = StepArgs { fields, ..step(&id, "call", "k3") };
    let _: Written = at.call("order.step", call).await;
    let detail: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    let called = detail.callees.iter().find(|one| one.id == callee.id).unwrap();
    assert_eq!((called.calls, called.last.as_deref()), (1, Some("无人接听")));
    let said = detail.timeline.last().unwrap();
    assert!(said.title == "呼叫" && said.text.contains("结果：无人接听"), "{said:?}");
    let _: Written = at.call("order.step", step(&id, "accept", "k4")).await;
    let alarms: AlarmList = at.call("order.alarms", json!({})).await;
    let detail: OrderDetail = at.call("order.get", json!({ "id": id })).await;
    assert!(alarms.orders.is_empty() && detail.callees.is_empty(), "taken: nobody is called any more");

    let later = zaigang_console::host::Host::now(at.host.as_ref()) + jiff::SignedDuration::from_hours(1);
    let planned = RegisterArgs {
        level: Some("1".into()),
        scheduled_at: Some(later.to_string()),
        ..form("核心系统切换保障", "k5")
    };
    let planned: Written = at.call("order.register", planned).await;
    let alarms: AlarmList = at.call("order.alarms", json!({})).await;
    assert_eq!(alarms.orders, [], "planned work alarms nobody before its time");
    at.host.advance_ms(2 * 3_600_000);
    let _: SettingsDto = at.call("settings.get", json!({})).await;
    let alarms: AlarmList = at.call("order.alarms", json!({})).await;
    assert_eq!(alarms.orders.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), [planned.id]);
}

/// Small, seeded, and enough to mix filters.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn maybe<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (self.below(3) == 0).then(|| self.pick(of))
    }
}

const TITLES: &[&str] = &["硬盘故障", "打印机卡纸", "会议室无声音", "VPN 登录失败", "更换硬盘"];

async fn random_orders(at: &At, random: &mut Random, count: usize) {
    for i in 0..count {
        at.host.advance_ms(random.below(36) as u64 * 1_800_000);
        let args = RegisterArgs {
            kind: random.pick(&["incident", "request", "work_record"]).into(),
            level: random.maybe(&["1".to_owned(), "3".to_owned()]),
            dispatch_to: random.maybe(&["pool".to_owned(), at.user("li"), at.user("wang")]),
            ..form(TITLES[i % TITLES.len()], &format!("r{i}"))
        };
        let id = at.call::<Written>("order.register", args).await.id;
        for (n, name) in ["accept", "arrive", "suspend", "restore"].iter().enumerate().take(random.below(5)) {
            at.host.advance_ms(random.below(90) as u64 * 60_000);
            let mut args = step(&id, name, &format!("s{i}-{n}"));
            args.fields.extend(
                [("reason", "等备件"), ("party", "buyer"), ("evidence", "电话")]
                    .map(|(k, v)| (k.into(), v.into())),
            );
            let _ = at.try_call("order.step", args).await;
        }
    }
}

/// What a list must hold, from the orders themselves and their full clocks.
fn expected(at: &At, args: &OrderListArgs, all: &[(OrderDetail, Option<String>)], me: &str) -> Vec<String> {
    let now = zaigang_console::host::Host::now(at.host.as_ref());
    let mut rows: Vec<(i64, i64, String)> = Vec::new();
    for (order, assignee) in all {
        let row = &order.row;
        let open = !matches!(row.status, OrderStatusDto::Closed | OrderStatusDto::Merged);
        let running = order.clocks.iter().filter(|c| matches!(c.state.as_str(), "running" | "missed_open"));
        let due = |clock: &ClockDto| clock.deadline.as_deref().map(|at| parse_instant(at).unwrap());
        let deadline = running.clone().filter_map(due).min();
        let minute = jiff::SignedDuration::from_mins(1);
        let soon = running
            .clone()
            .any(|clock| due(clock).is_some_and(|at| at - minute * clock.warn_minutes as i32 <= now));
        let view = match args.view.as_str() {
            "mine" => open && assignee.as_deref() == Some(me),
            "unassigned" => open && assignee.is_none(),
            "broken" => open && deadline.is_some_and(|at| at < now),
            "due_soon" => open && soon && deadline.is_some_and(|at| at >= now),
            "to_confirm" => row.status == OrderStatusDto::Restored,
            "open" | "division" => open,
            _ => true,
        };
        let date = row.reported_at.get(..10).unwrap();
        let fits = view
            && (args.statuses.is_empty() || args.statuses.contains(&row.status))
            && args.level.as_ref().is_none_or(|level| row.level.as_ref() == Some(level))
            && args.kind.as_ref().is_none_or(|kind| &row.kind == kind)
            && args.assignee.as_ref().is_none_or(|user| assignee.as_ref() == Some(user))
            && args.from.as_deref().is_none_or(|from| date >= from)
            && args.to.as_deref().is_none_or(|to| date <= to)
            && args
                .search
                .as_deref()
                .is_none_or(|text| row.title.contains(text) || row.number.contains(text));
        if fits {
            let reported = parse_instant(&row.reported_at).unwrap().as_millisecond();
            let key = match args.sort.as_deref() {
                Some("reported") => 0,
                _ => deadline.map_or(i64::MAX, |at| at.as_millisecond()),
            };
            rows.push((key, -reported, row.number.clone()));
        }
    }
    rows.sort();
    rows.into_iter().map(|(.., number)| number).collect()
}

#[tokio::test]
async fn lists_agree_with_an_oracle() {
    let at = at("wang");
    let mut random = Random(20_251_015);
    random_orders(&at, &mut random, 60).await;
    let page: OrderPage = at.call("order.list", json!({ "view": "all", "limit": 200 })).await;
    let mut all = Vec::new();
    for row in &page.rows {
        let order: OrderDetail = at.call("order.get", json!({ "id": row.id })).await;
        let state = at.desk(|desk| desk.store.order(&row.id).unwrap().unwrap().1);
        all.push((order, state.assignee.map(|user| user.to_string())));
    }
    assert_eq!(all.len(), 60);
    let (me, li) = (at.user("wang"), at.user("li"));
    for round in 0..300 {
        let args = OrderListArgs {
            view: random
                .pick(&["all", "open", "mine", "unassigned", "broken", "due_soon", "to_confirm", "division"])
                .into(),
            search: random.maybe(&["硬盘", "打印机", "会议室", "E总队-2025"]).map(str::to_owned),
            statuses: random
                .maybe(&[
                    vec![OrderStatusDto::Suspended],
                    vec![OrderStatusDto::Accepted, OrderStatusDto::Restored],
                ])
                .unwrap_or_default(),
            level: random.maybe(&["1".to_owned(), "3".to_owned()]),
            kind: random.maybe(&["incident".to_owned(), "request".to_owned()]),
            assignee: random.maybe(&[me.clone(), li.clone()]),
            from: random.maybe(&["2025-10-20".to_owned(), "2025-11-01".to_owned()]),
            to: random.maybe(&["2025-10-25".to_owned(), "2025-11-20".to_owned()]),
            sort: Some(random.pick(&["deadline", "reported"]).into()),
            division: random.maybe(&["E总队".to_owned()]),
            limit: 200,
            ..OrderListArgs::default()
        };
        let page: OrderPage = at.call("order.list", &args).await;
        let mut found: Vec<String> = page.rows.iter().map(|row| row.number.clone()).collect();
        let mut wanted = expected(&at, &args, &all, &me);
        assert_eq!(page.total as usize, wanted.len(), "round {round}: {args:?}");
        // Orders of one instant have no order between them here.
        if args.sort.as_deref() == Some("reported") {
            found.sort();
            wanted.sort();
        }
        assert_eq!(found, wanted, "round {round}: {args:?}");
        let paged = OrderListArgs { offset: 3, limit: 4, ..args.clone() };
        let part: OrderPage = at.call("order.list", &paged).await;
        let whole: Vec<&String> = page.rows.iter().map(|row| &row.id).skip(3).take(4).collect();
        assert_eq!(part.rows.iter().map(|row| &row.id).collect::<Vec<_>>(), whole);
    }
    let counts: QueueCounts = at.call("order.counts", json!({})).await;
    for (view, count) in [
        ("mine", counts.mine),
        ("unassigned", counts.unassigned),
        ("broken", counts.broken),
        ("due_soon", counts.due_soon),
        ("open", counts.open),
    ] {
        let page: OrderPage = at.call("order.list", json!({ "view": view, "limit": 1 })).await;
        assert_eq!(page.total, count, "{view}");
    }
}

#[test]
fn pinyin_and_number_find_an_order() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let at = at("wang");
        let order = at.register("硬盘故障", "k1").await;
        let number = at.desk(|desk| desk.store.order(&order.id).unwrap().unwrap().1.number);
        for search in ["硬盘", "盘故", "yp", "ypgz", "pgz", &number, "E总队-2025", "001"] {
            let page: OrderPage =
                at.call("order.list", json!({ "view": "all", "limit": 5, "search": search })).await;
            assert_eq!(page.total, 1, "{search}");
        }
        for search in ["软盘", "zzz", "*", "\" OR 1"] {
            let page: OrderPage =
                at.call("order.list", json!({ "view": "all", "limit": 5, "search": search })).await;
            assert_eq!(page.total, 0, "{search}");
        }
    });
}

#[test]
fn filters_never_touch_the_rows() {
    let at = at("wang");
    let plan = at.desk(|desk| {
        let sql = "EXPLAIN QUERY PLAN SELECT entity, reported_at, next_deadline_at FROM orders INDEXED BY orders_filter
                   WHERE level = '1' AND reported_at >= 5 AND unreconciled > 0 AND contract IN ('a')";
        desk.store.reader().query_row(sql, [], |row| row.get::<_, String>(3)).unwrap()
    });
    assert!(plan.contains("USING COVERING INDEX orders_filter"), "{plan}");
}

#[tokio::test]
async fn two_accept_one_order_and_the_loser_is_told_who_won() {
    let mut site = Site::new();
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut wang = Pc::enrolled(&mut site, first.path(), 1, false);
    let mut li = Pc::enrolled(&mut site, second.path(), 2, false);
    wang.log_in(&mut site, "wang", PASSWORD).unwrap();
    wang.sync(&mut site).unwrap();
    let order = wang.register("硬盘故障");
    wang.sync(&mut site).unwrap();
    li.log_in(&mut site, "li", PASSWORD).unwrap();
    li.sync(&mut site).unwrap();
    wang.step(&order, Step::Accept, &[]);
    li.step(&order, Step::Accept, &[("text", "我在现场，马上处理")]);
    wang.sync(&mut site).unwrap();
    li.sync(&mut site).unwrap();

    let door = Door::new(li.console, Contracts::new());
    let call = async |command: &str, args: Value| door.call(command, args, Caller::Desktop).await;
    let items: Vec<ConflictDto> =
        serde_json::from_value(call("sync.conflicts", json!({})).await.unwrap()).unwrap();
    let [item] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((item.kind.as_str(), item.act.as_str(), item.by.as_str()), ("rejected", "接单", "李敏"));
    assert!(item.text.contains("我在现场"), "nothing that was entered is lost: {item:?}");
    assert!(item.winner.as_ref().unwrap().contains("王强"), "{item:?}");
    assert!(!item.can_redo, "the order is another's now");

    let settle = |how: &str| json!({ "id": item.id, "how": how });
    assert!(call("sync.settle", settle("redo")).await.is_err());
    assert_eq!(call("sync.settle", settle("forget")).await.unwrap_err().code, DoorCode::BadInput);
    call("sync.settle", settle("give_up")).await.unwrap();
    assert_eq!(call("sync.conflicts", json!({})).await.unwrap(), json!([]));
    assert_eq!(call("sync.settle", settle("give_up")).await.unwrap_err().code, DoorCode::NotFound);
}
