//! The door at work: bulk steps, what a person keeps, cooperation, outside parties, reports and knowledge.
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

/// A door at which `login` is logged in, with the contract published and synced.
fn at(login: &str) -> At {
    At::new(Site::published(), login)
}

impl At {
    async fn register(&self, title: &str, key: &str, object: &str) -> String {
        let args = json!({
            "kind": "incident", "title": title, "division": "E总队", "object": object, "level": "2",
            "level_reason": "测试", "idempotency_key": key,
        });
        self.call::<Written>("order.register", args).await.id
    }

    async fn step(&self, order: &str, step: &str, fields: Value) -> Result<Value, DoorError> {
        let key = format!("{step}-{}", self.host_minutes());
        let args = json!({ "order_id": order, "step": step, "fields": fields, "idempotency_key": key });
        self.try_call("order.step", args).await
    }

    fn host_minutes(&self) -> i64 {
        zaigang_console::host::Host::now(self.host.as_ref()).as_second() / 60
    }

    async fn get(&self, order: &str) -> OrderDetail {
        self.call("order.get", json!({ "id": order })).await
    }

    async fn view(&self, view: &str) -> Vec<OrderRow> {
        self.call::<OrderPage>("order.list", json!({ "view": view, "limit": 50 })).await.rows
    }

    fn object(&self) -> String {
        let profile = zaigang_domain::contract::shipped("guangxi-police").unwrap().load().unwrap();
        let now = zaigang_console::host::Host::now(self.host.as_ref());
        let today = zaigang_domain::calendar::civil_date(now);
        let of_e = |object: &&zaigang_domain::contract::Object| {
            object.division.as_deref() == Some("E总队") && profile.in_service(object, today) == Some(true)
        };
        profile.objects.iter().find(of_e).unwrap().id.clone()
    }
}

#[tokio::test]
async fn a_bulk_step_tells_what_became_of_each() {
    let at = at("wang");
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(at.register(&format!("打印机 {n}"), &format!("r{n}"), "").await);
    }
    let common = async |ids: &[String]| -> Vec<String> {
        let steps: Vec<StepDto> = at.call("order.bulk_steps", json!({ "orders": ids })).await;
        assert!(steps.iter().all(|step| !step.primary));
        steps.into_iter().map(|step| step.step).collect()
    };
    assert!(common(&ids).await.contains(&"accept".to_owned()));
    assert!(!common(&ids).await.contains(&"restore".to_owned()), "each restoration is a story of its own");
    at.step(&ids[1], "accept", json!({})).await.unwrap();
    assert!(!common(&ids).await.contains(&"accept".to_owned()), "one of them is accepted already");
    assert!(common(&ids).await.contains(&"note".to_owned()));

    let asked = zaigang_domain::calendar::format_instant(zaigang_console::host::Host::now(at.host.as_ref()));
    at.host.advance_ms(10_000);
    let args = json!({
        "orders": ids, "step": "accept", "claimed_at": asked, "fields": { "text": "轮到我" }, "idempotency_key": "b1",
    });
    let reply: BulkReply = at.call("order.bulk", args.clone()).await;
    let done: Vec<&str> =
        reply.results.iter().filter(|each| each.done).map(|each| each.order_id.as_str()).collect();
    assert_eq!(done.len(), 2, "{reply:?}");
    let refused = reply.results.iter().find(|each| !each.done).unwrap();
    assert_eq!(refused.order_id, ids[1]);
    assert!(refused.message.contains("接单") && !refused.number.is_empty(), "{refused:?}");
    assert!(reply.changed.contains(&format!("order:{}", ids[0])), "{:?}", reply.changed);
    let order = at.get(&ids[0]).await;
    let accepted = order.timeline.iter().find(|entry| entry.kind == "order.accepted").unwrap();
    assert_eq!((accepted.at.as_str(), accepted.text.as_str()), (asked.as_str(), "轮到我"));

    let again: BulkReply = at.call("order.bulk", args).await;
    assert_eq!(
        again.results.iter().filter(|each| each.done).count(),
        2,
        "a repeat answers, and does nothing"
    );
    let timeline = at.get(&ids[0]).await.timeline;
    assert_eq!(timeline.iter().filter(|entry| entry.kind == "order.accepted").count(), 1);

    for (args, field) in [
        (json!({ "orders": [], "step": "accept", "idempotency_key": "b2" }), "orders"),
        (json!({ "orders": ids, "step": "confirm", "idempotency_key": "b3" }), "step"),
        (json!({ "orders": vec!["order/x"; 201], "step": "accept", "idempotency_key": "b4" }), "orders"),
    ] {
        let error = at.try_call("order.bulk", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)));
    }
}

#[tokio::test]
async fn views_columns_and_drafts_are_kept_for_the_person() {
    let at = at("wang");
    let view = |name: &str| json!({ "name": name, "query": { "view": "open", "level": "1" } });
    let kept: PersonalDto = at
        .call(
            "personal.save",
            json!({ "views": [view("一级"), view("夜间")], "columns": ["status", "kind"] }),
        )
        .await;
    assert_eq!(kept.views.iter().map(|view| view.name.as_str()).collect::<Vec<_>>(), ["一级", "夜间"]);
    let kept: PersonalDto = at.call("personal.save", json!({ "views": [view("夜间"), view("一级")] })).await;
    assert_eq!((kept.views[0].name.as_str(), kept.columns.len()), ("夜间", 2), "columns stay as they were");
    for (args, field) in [
        (json!({ "views": [view("a"), view("a ")] }), "views"),
        (json!({ "views": [view(" ")] }), "views"),
        (json!({ "views": [{ "name": "x", "query": { "sql": "1" } }] }), "views"),
        (json!({ "columns": ["password"] }), "columns"),
    ] {
        let error = at.try_call("personal.save", args.clone()).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)), "{args}");
    }
    let keep =
        async |key: &str, text: &str| at.try_call("draft.keep", json!({ "key": key, "text": text })).await;
    keep("step:o1:restore", "换了").await.unwrap();
    keep("step:o1:restore", "换了网线").await.unwrap();
    keep("order/o2", "备注").await.unwrap();
    keep("order/o2", "").await.unwrap();
    let personal: PersonalDto = at.call("personal.get", json!({})).await;
    let drafts: Vec<_> = personal.drafts.iter().map(|d| (d.key.as_str(), d.text.as_str())).collect();
    assert_eq!(drafts, [("step:o1:restore", "换了网线")]);
    assert_eq!(keep("", "x").await.unwrap_err().field.as_deref(), Some("key"));
    assert_eq!(keep("k", &"长".repeat(50_000)).await.unwrap_err().field.as_deref(), Some("text"));
    for n in 0..99 {
        keep(&format!("k{n}"), "x").await.unwrap();
    }
    assert_eq!(keep("one more", "x").await.unwrap_err().code, DoorCode::NotNow);
    keep("k1", "still").await.unwrap();
}

#[test]
fn drafts_survive_the_program_and_go_when_another_logs_in() {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, false);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    let wang = pc.console.session().unwrap().user.to_string();
    pc.console.store_mut().unwrap().keep_draft(&wang, "step:o1:restore", "换了网线").unwrap();
    let mut pc = pc.restart(dir.path());
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    assert_eq!(pc.console.store().unwrap().drafts(&wang).unwrap().len(), 1, "a crash loses nothing");
    pc.console.log_out().unwrap();
    pc.log_in(&mut site, "li", PASSWORD).unwrap();
    assert_eq!(pc.console.store().unwrap().drafts(&wang).unwrap(), []);
}

#[tokio::test]
async fn what_waits_for_me_is_listed_with_its_reason() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "r1", "").await;
    assert!(at.view("waiting").await.is_empty());
    at.step(&id, "dispatch", json!({ "to": at.user("wang") })).await.unwrap();
    let rows = at.view("waiting").await;
    assert_eq!((rows.len(), rows[0].waits.as_slice()), (1, &["待接单".to_owned()][..]));
    let counts: QueueCounts = at.call("order.counts", json!({})).await;
    assert_eq!(counts.waiting, 1);
    let today: TodayDto = at.call("today.get", json!({})).await;
    assert_eq!(today.waiting.len(), 1);
    at.step(&id, "accept", json!({})).await.unwrap();
    assert!(at.view("waiting").await.is_empty(), "accepting answers it");
    at.step(&id, "ask_assist", json!({ "to": at.user("li"), "text": "查线路" })).await.unwrap();
    assert!(at.view("waiting").await.is_empty(), "it waits for li now");
    let detail = at.get(&id).await;
    assert_eq!((detail.assists.len(), detail.assists[0].state.as_str()), (1, "asked"));
    assert_eq!(detail.assists[0].who, "李敏");
    let finish = detail.steps.iter().find(|step| step.step == "finish_assist").unwrap();
    assert!(finish.fields[0].choices[0].label.starts_with("李敏：查线路"), "{finish:?}");
    let _: Value = at.step(&id, "finish_assist", json!({ "text": "已自行处理" })).await.unwrap();
    assert_eq!(at.get(&id).await.assists[0].state, "finished");
}

#[tokio::test]
async fn a_fault_report_is_a_task_until_it_is_submitted() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "r1", "").await;
    at.step(&id, "accept", json!({})).await.unwrap();
    assert!(at.view("report_due").await.is_empty(), "owed from the restoration on (001:1921)");
    at.host.advance_ms(60 * 60_000);
    let restored = json!({
        "text": "换电源", "cause_class": "hardware", "party": "third_party", "affected_users": "120",
        "affected_from": "2025-10-15T09:00:00+08:00", "evidence": "厂商单号 7",
    });
    at.step(&id, "restore", restored).await.unwrap();
    let told = at.get(&id).await.timeline.pop().unwrap();
    for words in ["原因类别：硬件故障", "责任方：第三方", "影响用户数：120", "中断自：10-15 09:00"]
    {
        assert!(told.text.contains(words), "{words} in {}", told.text);
    }
    let rows = at.view("report_due").await;
    assert_eq!(rows[0].next_clock.as_ref().unwrap().target, "report");
    at.step(&id, "confirm", json!({ "who": "甲", "way": "phone" })).await.unwrap();
    at.step(&id, "close", json!({})).await.unwrap();
    let rows = at.view("report_due").await;
    assert_eq!(rows.len(), 1, "closing does not pay it");
    assert!(rows[0].next_clock.is_some());
    let today: TodayDto = at.call("today.get", json!({})).await;
    assert_eq!((today.reports.len(), today.counts.report_due), (1, 1));
    at.step(&id, "submit_report", json!({ "to": "科信办", "text": "已交" })).await.unwrap();
    assert!(at.view("report_due").await.is_empty());
}

#[tokio::test]
async fn outside_parties_are_told_with_their_history() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "r1", "").await;
    let first = json!({ "maker": "甲厂", "case_no": "C-7", "promised_at": "2025-10-16T10:00:00+08:00", "people": "2" });
    at.step(&id, "note_vendor", first).await.unwrap();
    at.host.advance_ms(3_600_000);
    let form = at.get(&id).await.steps.into_iter().find(|step| step.step == "note_vendor").unwrap();
    let value = |key: &str| form.fields.iter().find(|f| f.key == key).and_then(|f| f.value.clone());
    assert_eq!((value("maker").as_deref(), value("people").as_deref()), (Some("甲厂"), Some("2")));
    let second = json!({
        "maker": "甲厂", "case_no": "C-7", "names": "赵某、钱某", "escort": at.user("li"), "permit_no": "R-3",
    });
    at.step(&id, "note_vendor", second).await.unwrap();
    let order = at.get(&id).await;
    assert_eq!(order.vendors.iter().map(|v| v.current).collect::<Vec<_>>(), [true, false]);
    assert_eq!(order.vendors[0].names.as_deref(), Some("赵某、钱某"));
    assert_eq!(order.vendors[0].escort.as_deref(), Some("李敏"));
    assert!(order.timeline.iter().all(|entry| !entry.text.contains("赵某")), "names travel sealed");
    at.host.advance_ms(60_000);
    let ahead = json!({ "maker": "甲厂", "arrived_at": "2030-01-01T10:00:00+08:00" });
    assert_eq!(at.step(&id, "note_vendor", ahead).await.unwrap_err().field.as_deref(), Some("arrived_at"));
}

#[tokio::test]
async fn knowledge_is_found_by_text_and_offered_where_it_fits() {
    let at = at("wang");
    let object = at.object();
    let known = at.register("三楼打印机卡纸", "r1", "").await;
    at.step(
        &known,
        "note_knowledge",
        json!({ "symptom": "进纸口卡纸", "cause": "受潮", "steps": "换干燥纸并清辊" }),
    )
    .await
    .unwrap();
    let other = at.register("VPN 登录失败", "r2", &object).await;
    at.step(&other, "note_knowledge", json!({ "symptom": "证书过期", "steps": "续签证书" })).await.unwrap();
    let find = async |args: Value| -> Vec<KnowledgeDto> { at.call("order.knowledge", args).await };
    assert_eq!(find(json!({})).await.len(), 2);
    for (text, number) in
        [("潮", 1), ("清辊", 1), ("证书", 1), ("续签", 1), ("sldyj", 1), ("没有的话", 0), ("*", 0)]
    {
        assert_eq!(find(json!({ "search": text })).await.len(), number, "{text}");
    }
    let page: OrderPage = at.call("order.list", json!({ "view": "all", "search": "卡纸", "limit": 5 })).await;
    assert_eq!(page.total, 1);

    let like = at.register("二楼打印机卡纸", "r3", "").await;
    let offered = find(json!({ "order_id": like })).await;
    assert_eq!(
        (offered.len(), offered[0].order_id.as_str(), offered[0].why.as_str()),
        (1, known.as_str(), "标题相近")
    );
    let same = at.register("无法访问", "r4", &object).await;
    let offered = find(json!({ "order_id": same })).await;
    assert_eq!((offered[0].order_id.as_str(), offered[0].why.as_str()), (other.as_str(), "同一对象"));
    let unlike = at.register("会议室无声音", "r5", "").await;
    assert!(find(json!({ "order_id": unlike })).await.is_empty());
    let verified: VerifyDto = at.call("audit.verify", json!({})).await;
    assert!(verified.ok, "{verified:?}");
}

#[tokio::test]
async fn a_merge_offers_what_is_alike() {
    let at = at("zhao");
    let first = at.register("三楼打印机卡纸", "r1", "").await;
    let second = at.register("三楼打印机又卡纸了", "r2", "").await;
    let _ = at.register("会议室无声音", "r3", "").await;
    let merge = at.get(&second).await.steps.into_iter().find(|step| step.step == "merge").unwrap();
    assert_eq!(merge.fields[0].kind, "order");
    let number = at.get(&first).await.row.number;
    let offered: Vec<&str> = merge.fields[0].choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(offered, [number.as_str()]);
    at.step(&second, "merge", json!({ "into": number, "reason": "重复" })).await.unwrap();
    assert_eq!(at.get(&second).await.row.status, OrderStatusDto::Merged);
}

#[tokio::test]
async fn an_escalation_says_when_the_contract_names_nobody() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "r1", "").await;
    let escalate = at.get(&id).await.steps.into_iter().find(|step| step.step == "escalate").unwrap();
    let hint = escalate.fields[0].hint.clone().unwrap_or_default();
    assert!(hint.contains("没有写升级给谁"), "{hint}");
}

/// The bar is 100 ms on a built program; here only that reading stays far from growing wild.
#[tokio::test]
#[allow(clippy::print_stderr, clippy::disallowed_methods, reason = "a figure for whoever runs it by itself")]
async fn an_order_with_200_events_opens() {
    let at = at("wang");
    let id = at.register("核心交换机中断", "r1", "").await;
    at.step(&id, "accept", json!({})).await.unwrap();
    for n in 0..198 {
        let args = json!({
            "order_id": id, "step": "note", "text": format!("第 {n} 次核对"), "idempotency_key": format!("n{n}"),
        });
        let _: Written = at.call("order.step", args).await;
    }
    let mut took: Vec<u128> = Vec::new();
    for _ in 0..20 {
        let begun = std::time::Instant::now();
        let order = at.get(&id).await;
        took.push(begun.elapsed().as_micros());
        assert_eq!(order.timeline.len(), 200);
    }
    took.sort_unstable();
    eprintln!("an order with 200 events: median {} µs, worst {} µs", took[10], took[19]);
}
