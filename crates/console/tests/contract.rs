//! Contracts and settings at the door: what is shown, what settings would change, and publishing them
//! on consoles that cannot always reach the centre.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::{Value, json};
use site::seat::Seat;
use site::{CONTRACT as POLICE, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::{SHIPPED, Text, shipped};
use zaigang_domain::people::Role;

/// A centre with the police contract, a supervisor of it and one of another contract.
fn site() -> Site {
    let mut site = Site::published();
    for (login, name, role, contracts) in [
        ("qian", "钱进", Role::Supervisor, vec![]),
        ("sun", "孙立", Role::Supervisor, vec!["xuchang".to_owned()]),
        ("admin", "管理员", Role::Administrator, vec![]),
    ] {
        let new = NewUser { contracts, ..person(login, name, role) };
        site.centre.user_add(&new).unwrap();
    }
    site
}

impl Seat {
    async fn register(&self, title: &str) -> String {
        let args = json!({ "kind": "incident", "title": title, "division": "E总队", "level": "2",
            "level_reason": "测试", "idempotency_key": title });
        self.call::<Written>("order.register", args).await.id
    }

    async fn step(&self, order: &str, step: &str, fields: Value) {
        let key = format!("{order}/{step}");
        let args = json!({ "order_id": order, "step": step, "text": "好", "fields": fields, "idempotency_key": key });
        let _: Written = self.call("order.step", args).await;
    }

    /// Deadline of the restoration.
    async fn due(&self, order: &str) -> String {
        let order: OrderDetail = self.call("order.get", json!({ "id": order })).await;
        let clock = order.clocks.into_iter().find(|clock| clock.target == "restoration").unwrap();
        clock.deadline.unwrap_or(clock.state)
    }

    async fn form(&self) -> SettingForm {
        self.call("setting.form", json!({ "contract": POLICE })).await
    }

    async fn conflicts(&self) -> Vec<ConflictDto> {
        self.call("sync.conflicts", json!({})).await
    }

    fn verifies(&self) {
        assert_eq!(self.door.console().store_mut().unwrap().verify().unwrap().problems, []);
    }
}

/// Office hours, a pause reason, and restorations that count office hours only.
fn office(form: &SettingForm) -> Value {
    let mut values: Value = serde_json::from_str(&form.values).unwrap();
    values["office_hours"] = json!([{ "windows": ["08:00-12:00", "15:00-18:00"], "basis.effective": "2025-10-01",
        "basis.who": "科信办", "basis.paper": "确认单（2025-09-28）" }]);
    values["calendar"] = json!([{ "targets": ["restoration"], "calendar": "office" }]);
    values["pause"] = json!([{ "reason": "等采购人停机窗口", "party": "buyer" }]);
    values
}

fn publishing(form: &SettingForm, values: &Value, rebind: &[&str], key: &str) -> Value {
    json!({ "contract": POLICE, "values": values.to_string(), "base_hash": form.base_hash,
        "note": "科信办确认单（2025-09-28）", "rebind": rebind, "idempotency_key": key })
}

#[tokio::test]
async fn all_published_contracts_are_listed_and_shown() {
    let mut site = site();
    for shipped in SHIPPED.iter().filter(|shipped| shipped.id != POLICE) {
        site.publish(shipped.id);
    }
    let seat = Seat::new(&mut site, "sun", 1);
    let list: Vec<ContractItem> = seat.call("contract.list", json!({})).await;
    assert_eq!(list.len(), SHIPPED.len());
    for item in &list {
        assert_eq!(item.mine, item.id == "xuchang");
        assert_eq!((item.version, item.published_by.as_str()), (1, "中心端"));
        assert!(item.open_questions > 0, "{item:?}");
        let args = json!({ "contract": item.id });
        let view: ContractView = seat.call("contract.view", args.clone()).await;
        let profile = shipped(&item.id).unwrap().load().unwrap();
        assert_eq!(view.rules.len(), profile.rules.len());
        assert_eq!(view.objects.len(), profile.objects.len());
        assert_eq!(view.tables.iter().map(|table| table.count as usize).sum::<usize>(), profile.rows.len());
        let known = |id: &String| view.rules.iter().any(|rule| rule.id == *id);
        assert!(view.objects.iter().flat_map(|object| &object.rules).all(known));
        let questions: Vec<QuestionItem> = seat.call("contract.questions", args.clone()).await;
        assert_eq!(questions.len(), item.open_questions as usize);
        let form: SettingForm = seat.call("setting.form", args).await;
        assert_eq!(form.may_publish, item.mine);
        let section = |question: &QuestionItem| form.sections.iter().any(|one| one.key == question.section);
        assert!(questions.iter().all(section));
        assert_eq!(form.sections.iter().map(|one| one.open).sum::<u32>(), item.open_questions);
    }
    let error = seat.try_call("contract.view", json!({ "contract": "none" })).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotFound);
}

#[tokio::test]
async fn the_police_contract_shows_what_it_says() {
    let mut site = site();
    let seat = Seat::new(&mut site, "wang", 1);
    let order = seat.register("打印机不工作").await;
    let view: ContractView = seat.call("contract.view", json!({ "contract": POLICE })).await;
    assert!(view.head.iter().any(|line| line.label == "采购人" && line.text.contains("公安厅")));
    let months = view.periods.iter().find(|period| period.begins.is_some()).unwrap();
    assert!(months.agreed && months.from.as_deref() == Some("2024-09-01"), "{months:?}");
    let level = view.rules.iter().find(|rule| rule.level.as_deref() == Some("2")).unwrap();
    assert_eq!(level.open_orders, 1, "{level:?}");
    assert!(view.rules.iter().any(|rule| rule.note.is_some()));
    let first = view.objects.iter().find(|object| object.no == "1.1").unwrap();
    assert_eq!((first.class.as_deref(), first.from.as_deref()), (Some("core"), Some("2024-07-27")));

    let search = |words: &str| json!({ "contract": POLICE, "search": words, "offset": 0, "limit": 5 });
    let page: RowPage = seat.call("contract.rows", search("小时 故障")).await;
    assert!(page.total > 0 && page.rows.len() <= 5);
    let page: RowPage = seat.call("contract.rows", search(&level.id)).await;
    let row = page.rows.iter().find(|row| row.table == "sla" && row.id == level.id).unwrap();
    assert!(row.text.is_some() && row.source.starts_with("001:"), "{row:?}");
    let page: RowPage = seat.call("contract.rows", search("没有这样的词")).await;
    assert_eq!(page.total, 0);

    let by_rule = |rule: &str| json!({ "view": "all", "limit": 10, "rule": rule, "contract": POLICE });
    let page: OrderPage = seat.call("order.list", by_rule(&level.id)).await;
    assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [order.as_str()]);
    for rule in ["L", "none", "|"] {
        assert_eq!(seat.call::<OrderPage>("order.list", by_rule(rule)).await.total, 0, "{rule}");
    }
}

#[tokio::test]
async fn a_clock_is_explained_with_words_and_moves() {
    let mut site = site();
    let seat = Seat::new(&mut site, "wang", 1);
    let order = seat.register("打印机不工作").await;
    let args = json!({ "order_id": order, "target": "restoration" });
    let told: ExplainDto = seat.call("order.explain", args).await;
    assert!(told.text.is_some());
    let first = told.moves.first().unwrap();
    assert!(first.before.is_none() && first.after.as_ref().unwrap().starts_with("到期 "), "{first:?}");
}

#[tokio::test]
async fn the_level_assistant_asks_for_any_contract() {
    let mut site = site();
    site.publish("xuchang");
    let seat = Seat::new(&mut site, "wang", 1);
    let advice: LevelAdvice = seat.call("order.level_advice", json!({ "contract": POLICE })).await;
    assert_eq!((advice.outcome.as_str(), advice.questions[0].key.as_str()), ("ask", "vip"));
    let advice: LevelAdvice =
        seat.call("order.level_advice", json!({ "contract": POLICE, "vip": true })).await;
    assert_eq!((advice.outcome.as_str(), advice.clauses.len()), ("level", 1));
    let facts = json!({ "vip": false, "request": false, "security_event": false, "system_class": "core",
        "share": "individual" });
    let advice: LevelAdvice = seat.call("order.level_advice", facts).await;
    assert_eq!(advice.outcome, "overlap");
    assert_eq!(advice.clauses.iter().map(|one| one.level.as_str()).collect::<Vec<_>>(), advice.fits);
    let words: LevelAdvice =
        seat.call("order.level_advice", json!({ "contract": "xuchang", "object": "36" })).await;
    assert_eq!(words.outcome, "ask", "{words:?}");
}

#[tokio::test]
async fn bad_values_name_section_row_and_field_and_change_nothing() {
    let mut site = site();
    let seat = Seat::new(&mut site, "qian", 1);
    let form = seat.form().await;
    let mut values = office(&form);
    values["day"] =
        json!([{ "date": "2025-10-09", "reason": "停电" }, { "date": "十月九日", "reason": "停电" }]);
    let args = json!({ "contract": POLICE, "values": values.to_string() });
    let preview: SettingPreview = seat.call("setting.preview", args).await;
    let problem = &preview.problems[0];
    assert_eq!(
        (problem.section.as_str(), problem.row, problem.field.as_deref()),
        ("day", Some(1), Some("date"))
    );
    let error = seat.try_call("setting.publish", publishing(&form, &values, &[], "k1")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("values")));
    assert!(error.message.contains("特定日期第 2 条"), "{}", error.message);

    let long = json!([{ "reason": "甲".repeat(30_000) }]);
    values["day"] = json!([]);
    values["pause"] = long;
    let error = seat.try_call("setting.publish", publishing(&form, &values, &[], "k2")).await.unwrap_err();
    assert!(error.message.contains("上限"), "{}", error.message);

    let same: Value = serde_json::from_str(&form.values).unwrap();
    let error = seat.try_call("setting.publish", publishing(&form, &same, &[], "k3")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow, "nothing to publish");
    let mut without_note = publishing(&form, &office(&form), &[], "k4");
    without_note["note"] = json!(" ");
    let error = seat.try_call("setting.publish", without_note).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("note"));
    assert_eq!(seat.form().await, form, "nothing was written");
}

#[tokio::test]
async fn only_supervisors_and_administrators_of_the_contract_publish() {
    let mut site = site();
    for (seed, (login, may)) in
        [("wang", false), ("sun", false), ("qian", true), ("admin", true)].into_iter().enumerate()
    {
        let seat = Seat::new(&mut site, login, seed as u64 + 1);
        let form = seat.form().await;
        assert_eq!(form.may_publish, may, "{login}");
        let said = seat.try_call("setting.publish", publishing(&form, &office(&form), &[], "k")).await;
        assert_eq!(said.map_err(|error| error.code).err(), (!may).then_some(DoorCode::NotAllowed), "{login}");
    }
}

#[tokio::test]
async fn settings_reach_new_orders_and_those_ticked_and_no_others() {
    let mut site = site();
    let desk = Seat::new(&mut site, "zhao", 1);
    let ticked = desk.register("工单甲").await;
    let other = desk.register("工单乙").await;
    let closed = desk.register("工单丙").await;
    desk.sync(&mut site);
    let engineer = Seat::new(&mut site, "wang", 2);
    for step in ["accept", "arrive", "restore"] {
        engineer.step(&closed, step, json!({})).await;
    }
    engineer.sync(&mut site);
    let boss = Seat::new(&mut site, "qian", 3);
    let confirmed = json!({ "who": "甲方值班员", "unit": "科信处", "way": "phone" });
    boss.step(&closed, "confirm", confirmed).await;
    boss.step(&closed, "close", json!({})).await;
    let before = [boss.due(&ticked).await, boss.due(&other).await, boss.due(&closed).await];

    let form = boss.form().await;
    let values = office(&form);
    let args = json!({ "contract": POLICE, "values": values.to_string() });
    let preview: SettingPreview = boss.call("setting.preview", args).await;
    assert_eq!((preview.problems.as_slice(), preview.open_orders), (&[][..], 2));
    let sections: Vec<&str> = preview.changes.iter().map(|change| change.section.as_str()).collect();
    assert_eq!(sections, ["office_hours", "pause", "calendar"]);
    let affected: Vec<&str> = preview.orders.iter().map(|order| order.id.as_str()).collect();
    assert_eq!(affected.len(), 2, "the closed one is not asked about: {preview:?}");
    assert!(affected.contains(&ticked.as_str()) && affected.contains(&other.as_str()));
    let sentence = &preview.orders[0].changes[0];
    assert!(sentence.starts_with("恢复：到期 10-15 "), "{sentence}");

    let refused =
        boss.try_call("setting.publish", publishing(&form, &values, &[&closed], "k0")).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (DoorCode::NotNow, Some("rebind")));
    let args = publishing(&form, &values, &[&ticked], "k1");
    let written: Written = boss.call("setting.publish", args.clone()).await;
    let again: Written = boss.call("setting.publish", args).await;
    assert_eq!((written.id.as_str(), &again.id), ("contract/guangxi-police", &written.id));
    assert!(written.changed.contains(&"contract".to_owned()), "its screens read it again: {written:?}");

    let waiting: ContractView = boss.call("contract.view", json!({ "contract": POLICE })).await;
    assert!(waiting.pending && waiting.versions[0].pending && !waiting.versions[1].pending, "{waiting:?}");
    let after = [boss.due(&ticked).await, boss.due(&other).await, boss.due(&closed).await];
    assert_ne!(after[0], before[0], "the ticked one follows at once");
    assert_eq!(after[1..], before[1..]);
    let pending = boss.register("公布前登记").await;
    assert_eq!(boss.due(&pending).await, before[0], "nothing new is bound to what may yet be refused");

    boss.sync(&mut site);
    desk.sync(&mut site);
    for seat in [&boss, &desk] {
        let now = [seat.due(&ticked).await, seat.due(&other).await, seat.due(&closed).await];
        assert_eq!(now, after);
        let form = seat.form().await;
        assert_eq!((form.version, form.may_publish), (2, std::ptr::eq(seat, &boss)));
        seat.verifies();
    }
    let fresh = desk.register("公布后登记").await;
    assert_eq!(desk.due(&fresh).await, after[0], "a new order follows the new settings");
    let view: ContractView = desk.call("contract.view", json!({ "contract": POLICE })).await;
    assert_eq!(view.versions.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(), ["钱进", "中心端"]);
    assert!(!view.pending && view.versions.iter().all(|one| !one.pending), "the centre confirmed it");
    assert!(boss.conflicts().await.is_empty());
    assert!(site.centre.verify().unwrap().bad.is_none());
}

#[tokio::test]
async fn of_two_who_publish_at_once_one_wins_and_the_others_text_is_kept() {
    let mut site = site();
    let first = Seat::new(&mut site, "qian", 1);
    let order = first.register("工单甲").await;
    first.sync(&mut site);
    let second = Seat::new(&mut site, "qian", 2);
    let before = second.due(&order).await;
    let form = second.form().await;

    let mut theirs: Value = serde_json::from_str(&form.values).unwrap();
    theirs["vip"].as_array_mut().unwrap().push(json!({ "name": "总值班室" }));
    let _: Written = first.call("setting.publish", publishing(&form, &theirs, &[], "a")).await;
    let mine = office(&form);
    let _: Written = second.call("setting.publish", publishing(&form, &mine, &[&order], "b")).await;
    let again = second.form().await;
    let mut more: Value = serde_json::from_str(&again.values).unwrap();
    more["vip"] = json!([]);
    let _: Written = second.call("setting.publish", publishing(&again, &more, &[], "c")).await;
    assert_ne!(second.due(&order).await, before);
    first.sync(&mut site);
    second.sync(&mut site);
    first.sync(&mut site);

    let conflicts = second.conflicts().await;
    let mut acts: Vec<&str> = conflicts.iter().map(|item| item.act.as_str()).collect();
    acts.sort_unstable();
    assert_eq!(acts, ["发布项目约定", "发布项目约定", "换用合同版本"]);
    let lost = conflicts.iter().find(|item| item.reason.contains("已有人发布了新的版本")).unwrap();
    assert!(lost.text.contains("等采购人停机窗口") && lost.text.contains("科信办确认单"), "{lost:?}");
    assert!(lost.winner.as_ref().unwrap().contains("钱进"), "{lost:?}");
    assert!(!lost.can_redo && lost.order.starts_with("合同“"), "{lost:?}");
    for seat in [&first, &second] {
        assert_eq!(seat.due(&order).await, before, "what stood on the loser does not count");
        let form = seat.form().await;
        assert!(form.version == 2 && form.values.contains("总值班室"), "{form:?}");
        seat.verifies();
    }
    let late = second.try_call("setting.publish", publishing(&form, &mine, &[], "d")).await.unwrap_err();
    assert_eq!((late.code, late.field.as_deref()), (DoorCode::NotNow, Some("base_hash")));
    assert!(site.centre.verify().unwrap().bad.is_none());
}

#[tokio::test]
async fn corrected_facts_keep_the_settings_and_leave_orders_alone() {
    let mut site = site();
    let boss = Seat::new(&mut site, "qian", 1);
    let form = boss.form().await;
    let _: Written = boss.call("setting.publish", publishing(&form, &office(&form), &[], "a")).await;
    boss.sync(&mut site);
    let order = boss.register("工单甲").await;
    let before = boss.due(&order).await;
    let printed = shipped(POLICE).unwrap().facts.text;
    let facts = printed.replace("resolve_minutes = 480", "resolve_minutes = 60");
    assert_ne!(facts, printed);
    let texts = zaigang_center::core::ContractTexts {
        id: POLICE,
        profile: Text { file: "corrected", text: &facts },
        reading: None,
        settings: None,
    };
    site.centre.contract_publish(&texts).unwrap();
    boss.sync(&mut site);
    let now = boss.form().await;
    assert_eq!(now.version, 3);
    assert!(now.values.contains("等采购人停机窗口"));
    assert_eq!(boss.due(&order).await, before);
    let view: ContractView = boss.call("contract.view", json!({ "contract": POLICE })).await;
    assert!(view.rules.iter().any(|rule| rule.note.is_some()), "the reading stayed too");
}
