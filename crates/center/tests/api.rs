//! The interface for other programs through the router: what it refuses, what it does once, what alarms
//! become, and what a console then pulls.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong"
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request};
use common::*;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zaigang_center::core::{Centre, ContractTexts, NewSource};
use zaigang_center::http::{API_BODY_BYTES_MAX, App, router};
use zaigang_domain::contract::Text;
use zaigang_domain::people::{Deed, Role};
use zaigang_sync::commit::VerdictCode;

const ORDERS: &str = "/api/v1/orders";
const ALERTS: &str = "/api/v1/alertmanager";
const RECEIPTS: &str = "/api/v1/receipts";
const STORE: &str = "c/guangxi-police/s/main";

fn publish(centre: &mut Centre) {
    let text = |file, text| Text { file, text };
    centre
        .contract_publish(&ContractTexts {
            id: CONTRACT,
            profile: text("profile", include_str!("../../../assets/contracts/guangxi-police.toml")),
            reading: Some(text(
                "reading",
                include_str!("../../../assets/contracts/guangxi-police.reading.toml"),
            )),
            settings: Some(text(
                "settings",
                include_str!("../../../assets/demo/guangxi-police.settings.toml"),
            )),
        })
        .unwrap();
}

fn new_source(divisions: &[&str]) -> NewSource {
    NewSource {
        name: "监控平台".into(),
        contract: CONTRACT.into(),
        divisions: divisions.iter().map(|d| (*d).to_owned()).collect(),
        per_minute: 600,
        ..NewSource::default()
    }
}

/// A centre with its router and one source.
struct Site {
    _dir: tempfile::TempDir,
    world: Arc<World>,
    centre: Centre,
    app: axum::Router,
    key: String,
    source: String,
}

impl Site {
    fn of(new: &NewSource) -> Self {
        let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
        let mut centre = centre(dir.path(), &world);
        publish(&mut centre);
        let added = centre.source_add(new).unwrap();
        let app = router(App::open(&dir.path().join("centre.db"), world.clone(), &CENTRE_KEY).unwrap());
        Self { _dir: dir, world, centre, app, key: added.key, source: added.source }
    }

    fn open() -> Self {
        Self::of(&new_source(&["L总队"]))
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 2_000_000).await.unwrap();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    async fn post(&self, path: &str, once: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", once),
        ];
        self.send(Method::POST, path, &headers, serde_json::to_vec(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {}", self.key);
        self.send(Method::GET, path, &[("authorization", bearer.as_str())], vec![]).await
    }

    /// The events of a division as a console pulls them: kind, payload, whether it has sealed parts.
    fn pulled(&mut self, division_name: &str, classes: &[&str]) -> Vec<(String, Value, Vec<String>)> {
        let seed = 50 + u8::try_from(self.centre.device_list().unwrap().len()).unwrap();
        let mut console = Console::new(seed);
        console.enrol(&mut self.centre, &[&division(division_name)], classes);
        let entries = console.pull_all(&mut self.centre, &division(division_name));
        let of = |entry: zaigang_sync::page::CheckedEntry| {
            let content = &entry.event.content;
            assert_eq!((entry.commit.verdict, &content.user), (VerdictCode::Accepted, &None));
            let parts = entry.event.parts.iter().map(|part| part.part.clone()).collect();
            (content.kind.clone(), serde_json::from_str(&content.payload).unwrap(), parts)
        };
        entries.into_iter().map(of).collect()
    }

    fn kinds(&mut self, division_name: &str) -> Vec<String> {
        self.pulled(division_name, &[]).into_iter().map(|(kind, ..)| kind).collect()
    }
}

#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

fn fault() -> Value {
    json!({"title": "平台级联断开", "object": "12.6"})
}

fn alert(fingerprint: &str, starts_at: &str) -> Value {
    json!({
        "status": "firing", "fingerprint": fingerprint, "startsAt": starts_at,
        "endsAt": "0001-01-01T00:00:00Z", "labels": {"alertname": "HostDown", "instance": fingerprint},
    })
}

fn resolved(mut alert: Value, ends_at: &str) -> Value {
    alert["status"] = "resolved".into();
    alert["endsAt"] = ends_at.into();
    alert
}

fn with_label(mut alert: Value, name: &str, value: &str) -> Value {
    alert["labels"][name] = value.into();
    alert
}

fn notification(alerts: &[Value]) -> Value {
    json!({"version": "4", "groupKey": "{}", "status": "firing", "receiver": "zaigang", "alerts": alerts})
}

#[tokio::test]
async fn what_cannot_be_registered_is_told_by_code_and_field() {
    let site = Site::of(&new_source(&[]));
    let long = "长".repeat(201);
    let table: &[(Value, u16, &str, &str)] = &[
        (json!({"title": "x"}), 422, "bad_input", "division"),
        (json!({"division": "L总队"}), 422, "bad_input", "title"),
        (json!({"division": "L总队", "title": "  "}), 422, "bad_input", "title"),
        (json!({"division": "L总队", "title": long}), 422, "bad_input", "title"),
        (json!({"division": "L总队", "title": "两\n行"}), 422, "bad_input", "title"),
        (json!({"division": "L总队", "title": 7}), 422, "bad_input", "title"),
        (json!({"division": "不存在的部门", "title": "x"}), 422, "bad_input", "division"),
        (json!({"division": "a/b", "title": "x"}), 422, "bad_input", "division"),
        (json!({"division": "L总队", "title": "x", "kind": "work_record"}), 422, "bad_input", "kind"),
        (json!({"division": "L总队", "title": "x", "object": "99.9"}), 422, "bad_input", "object"),
        (json!({"division": "L总队", "title": "x", "level": "9"}), 422, "bad_input", "level"),
        (
            json!({"division": "L总队", "title": "x", "object": "12.6", "level": "1",
                "facts": {"system_class": "core", "share": "under_half"}}),
            422,
            "bad_input",
            "level_reason",
        ),
        (json!({"division": "L总队", "title": "x", "facts": {"vip": "yes"}}), 422, "bad_input", "facts.vip"),
        (json!({"division": "L总队", "title": "x", "facts": []}), 422, "bad_input", "facts"),
        (
            json!({"division": "L总队", "title": "x", "facts": {"share": "all"}}),
            422,
            "bad_input",
            "facts.share",
        ),
        (
            json!({"division": "L总队", "title": "x", "reporter": {"tel": "1"}}),
            422,
            "bad_input",
            "reporter.tel",
        ),
        (json!({"division": "L总队", "title": "x", "externalNo": "1"}), 422, "bad_input", "externalNo"),
        (json!({"division": "L总队", "title": "x", "reported_at": "昨天"}), 422, "bad_input", "reported_at"),
        (
            json!({"division": "L总队", "title": "x", "reported_at": "2025-10-01T08:00:00"}),
            422,
            "bad_input",
            "reported_at",
        ),
        (
            json!({"division": "L总队", "title": "x", "reported_at": "2025-10-02T00:00:00Z"}),
            422,
            "bad_input",
            "reported_at",
        ),
        (
            json!({"division": "L总队", "title": "x", "reported_at": "2024-10-02T00:00:00Z"}),
            422,
            "bad_input",
            "reported_at",
        ),
        (
            json!({"division": "L总队", "title": "x", "reported_at": "2025-09-30T22:00:00Z"}),
            422,
            "bad_input",
            "reason",
        ),
        (json!([1]), 400, "bad_request", ""),
    ];
    for (n, (body, status, code, field)) in table.iter().enumerate() {
        let reply = site.post(ORDERS, &format!("k{n}"), body).await;
        let told = (reply.status, reply.body["code"].as_str().unwrap(), reply.body["field"].as_str());
        assert_eq!(told, (*status, *code, Some(*field).filter(|f| !f.is_empty())), "{body}");
        let message = reply.body["message"].as_str().unwrap();
        assert!(message.ends_with('。') && message.chars().any(|c| c > '\u{4e00}'), "{message}");
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused_as_json() {
    let site = Site::open();
    let bearer = format!("Bearer {}", site.key);
    let auth = ("authorization", bearer.as_str());
    let json_type = ("content-type", "application/json");
    let key = ("idempotency-key", "k");
    let body = || serde_json::to_vec(&fault()).unwrap();
    let large = vec![b' '; API_BODY_BYTES_MAX + 1];
    let post = Method::POST;
    let wrong = ("authorization", "Bearer zgk_00");
    let long_key = "k".repeat(129);
    let order = format!("{ORDERS}/01999a50-7a00-7abc-8def-0123456789ab");
    let comments = format!("{order}/comments");
    type Row<'a> = (Method, &'a str, Vec<(&'a str, &'a str)>, Vec<u8>, u16, &'a str);
    let table: Vec<Row<'_>> = vec![
        (post.clone(), ORDERS, vec![json_type, key], body(), 401, "unauthorized"),
        (post.clone(), ORDERS, vec![wrong, json_type, key], body(), 401, "unauthorized"),
        (
            post.clone(),
            ORDERS,
            vec![("authorization", &site.key), json_type, key],
            body(),
            401,
            "unauthorized",
        ),
        (post.clone(), ORDERS, vec![auth, key], body(), 415, "unsupported_media_type"),
        (post.clone(), ORDERS, vec![auth, json_type], body(), 422, "bad_input"),
        (post.clone(), ORDERS, vec![auth, json_type, ("idempotency-key", "a b")], body(), 422, "bad_input"),
        (
            post.clone(),
            ORDERS,
            vec![auth, json_type, ("idempotency-key", &long_key)],
            body(),
            422,
            "bad_input",
        ),
        (post.clone(), ORDERS, vec![auth, json_type, key], b"{\"title\":".to_vec(), 400, "bad_request"),
        (post.clone(), ORDERS, vec![auth, json_type, key], large, 413, "too_large"),
        (Method::DELETE, ORDERS, vec![auth], vec![], 405, "method_not_allowed"),
        (Method::GET, ORDERS, vec![auth], vec![], 422, "bad_input"),
        (Method::GET, "/api/v1/orders?number=1&external_no=2", vec![auth], vec![], 422, "bad_input"),
        (Method::GET, "/api/v1/order", vec![auth], vec![], 404, "not_found"),
        (Method::GET, &order, vec![auth], vec![], 404, "not_found"),
        (Method::GET, "/api/v1/orders/%FF", vec![auth], vec![], 404, "not_found"),
        (Method::GET, "/api/v1/orders/7", vec![auth], vec![], 404, "not_found"),
        (post.clone(), &comments, vec![auth, json_type, key], b"{\"text\":\"x\"}".to_vec(), 404, "not_found"),
        (post.clone(), &comments, vec![auth, json_type, key], b"{}".to_vec(), 422, "bad_input"),
        (post, ALERTS, vec![auth, json_type], b"{}".to_vec(), 400, "bad_request"),
    ];
    for (method, path, headers, body, status, code) in table {
        let reply = site.send(method.clone(), path, &headers, body).await;
        assert_eq!((reply.status, reply.body["code"].as_str()), (status, Some(code)), "{method} {path}");
        assert_eq!(reply.headers.contains_key("www-authenticate"), status == 401);
    }
    // A document without secrets needs no key.
    let document = site.send(Method::GET, "/api/v1/openapi.json", &[], vec![]).await;
    assert_eq!((document.status, &document.body["info"]["version"]), (200, &json!("1")));
}

#[tokio::test]
async fn the_same_request_counts_once_and_another_under_its_key_not_at_all() {
    let mut site = Site::open();
    let first = site.post(ORDERS, "k1", &fault()).await;
    assert_eq!((first.status, &first.body["merged"]), (201, &json!(false)));
    let again = site.post(ORDERS, "k1", &fault()).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let other = site.post(ORDERS, "k1", &json!({"title": "另一个"})).await;
    assert_eq!((other.status, &other.body["code"]), (422, &json!("idempotency_key_reused")));
    // What was refused leaves its key free.
    assert_eq!(site.post(ORDERS, "k2", &json!({"title": ""})).await.status, 422);
    assert_eq!(site.post(ORDERS, "k2", &fault()).await.status, 201);
    let comments = format!("{ORDERS}/{}/comments", first.body["id"].as_str().unwrap());
    let comment = json!({"text": "用户来电催问"});
    let said = site.post(&comments, "k3", &comment).await;
    assert_eq!((said.status, &site.post(&comments, "k3", &comment).await.body), (201, &said.body));
    assert_eq!(site.kinds("L总队"), ["order.registered", "order.registered", "order.noted"]);
    // Another source's keys are its own.
    let second = site.centre.source_add(&new_source(&["L总队"])).unwrap();
    site.key = second.key;
    assert_eq!(site.post(ORDERS, "k1", &json!({"title": "另一个"})).await.status, 201);
    // Answers are kept ten days.
    site.world.pass(11 * 24 * 3_600_000);
    let late = site.post(ORDERS, "k9", &fault()).await;
    assert_eq!((late.status, site.post(ORDERS, "k1", &fault()).await.status), (201, 201));
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

#[tokio::test]
async fn an_order_comes_to_consoles_whole_and_under_its_source() {
    let mut site = Site::of(&NewSource { pool: true, ..new_source(&["L总队"]) });
    let body = json!({
        "title": "平台级联断开（柳州）", "object": "12.6", "external_no": "WX-31",
        "facts": {"system_class": "core", "share": "under_half"},
        "reporter": {"name": "演示用户", "phone": "60007"}, "reported_at": "2025-10-01T07:50:00+08:00",
    });
    let reply = site.post(ORDERS, "k1", &body).await;
    assert_eq!((reply.status, &reply.body["status"]), (201, &json!("dispatched")));
    let number = reply.body["number"].as_str().unwrap();
    assert!(number.starts_with("L总队-20251001-") && number.ends_with("-001"), "{number}");

    let events = site.pulled("L总队", &["personal"]);
    let (kind, payload, parts) = &events[0];
    assert_eq!((kind.as_str(), parts.len()), ("order.registered", 1));
    assert!(parts[0].contains("60007") && !payload.to_string().contains("60007"));
    assert_eq!(payload["source"], json!({"id": site.source, "name": "监控平台"}));
    assert_eq!((&payload["level"], &payload["channel"]), (&json!("2"), &json!("platform")), "by the matrix");
    assert_eq!(payload["contract_hash"].as_str().unwrap().len(), 64);
    let (kind, payload, _) = &events[1];
    assert_eq!((kind.as_str(), &payload["pool"]), ("order.dispatched", &json!(true)));
    assert_eq!(payload["source"]["name"], "监控平台");
    assert!(site.pulled("L总队", &["restricted"])[0].2.is_empty(), "sealed parts go to those with the right");

    let by = |path: &str| format!("{ORDERS}{path}");
    let id = reply.body["id"].as_str().unwrap().to_owned();
    let standing = site.get(&by(&format!("/{id}"))).await;
    assert_eq!((standing.status, &standing.body["external_no"]), (200, &json!("WX-31")));
    assert_eq!(standing.body["reported_at"], "2025-10-01T07:50:00+08:00");
    assert_eq!(standing.body["restored_at"], Value::Null);
    let text = standing.body.to_string();
    assert!(!text.contains("60007") && !text.contains("级联") && !text.contains("演示用户"), "{text}");
    let encoded: String = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in [by(&format!("?number={encoded}")), by("?external_no=WX-31")] {
        assert_eq!(site.get(&path).await.body["orders"], json!([standing.body]), "{path}");
    }
    assert_eq!(site.get(&by("?external_no=none")).await.body, json!({"orders": []}));
    let twice = site.post(ORDERS, "k2", &body).await;
    assert_eq!(
        (twice.status, &twice.body["code"], &twice.body["order"]),
        (409, &json!("already_exists"), &json!(id))
    );
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

#[tokio::test]
async fn a_source_stays_within_what_it_was_granted() {
    let mut site = Site::open();
    let numbered = json!({"title": "x", "external_no": "WX-1"});
    let id = site.post(ORDERS, "k1", &numbered).await.body["id"].as_str().unwrap().to_owned();
    let by_number = format!("{ORDERS}?external_no=WX-1");
    assert_eq!(site.get(&by_number).await.body["orders"][0]["id"], id);
    let elsewhere = site.post(ORDERS, "k2", &json!({"title": "x", "division": "A总队"})).await;
    assert_eq!((elsewhere.status, &elsewhere.body["code"]), (403, &json!("not_allowed")));

    let reader = NewSource { may: vec![Deed::Read], ..new_source(&["A总队"]) };
    site.key = site.centre.source_add(&reader).unwrap().key;
    assert_eq!(site.post(ORDERS, "k1", &fault()).await.status, 403);
    assert_eq!(site.post(ALERTS, "k1", &notification(&[])).await.status, 403);
    assert_eq!(site.get(&format!("{ORDERS}/{id}")).await.status, 404, "of another division");
    assert_eq!(site.get(&by_number).await.body, json!({"orders": []}));
    let writer = NewSource { may: vec![Deed::Comment], ..new_source(&["L总队"]) };
    let added = site.centre.source_add(&writer).unwrap();
    site.key = added.key;
    assert_eq!(site.get(&format!("{ORDERS}/{id}")).await.status, 403);
    let comments = format!("{ORDERS}/{id}/comments");
    assert_eq!(site.post(&comments, "k1", &json!({"text": "x"})).await.status, 201);
    site.centre.source_revoke(&added.source).unwrap();
    assert_eq!(
        site.post(&comments, "k1", &json!({"text": "x"})).await.status,
        401,
        "not even what was answered"
    );
    assert!(site.centre.source_list().unwrap().iter().any(|source| source.state.revoked));
    assert!(!format!("{:?}", site.centre.source_list().unwrap()).contains("zgk_"));
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

#[tokio::test]
async fn too_many_requests_wait_by_the_centres_clock() {
    let site = Site::of(&NewSource { per_minute: 60, ..new_source(&["L总队"]) });
    for _ in 0..10 {
        assert_eq!(site.get(&format!("{ORDERS}?number=x")).await.status, 200);
    }
    let refused = site.get(&format!("{ORDERS}?number=x")).await;
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!("too_many_requests")));
    let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    site.world.pass(wait * 1_000);
    assert_eq!(site.get(&format!("{ORDERS}?number=x")).await.status, 200);
    // Guessing keys is slowed as well.
    let wrong = [("authorization", "Bearer zgk_00")];
    let mut told = Vec::new();
    for _ in 0..6 {
        told.push(site.send(Method::GET, "/api/v1/orders?number=x", &wrong, vec![]).await.status);
    }
    assert_eq!(told, [401, 401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn alarms_with_one_key_are_one_order_while_it_is_worked_on() {
    let mut site = Site::open();
    let alarm = |text: &str| json!({"title": text, "alarm_key": "host-1"});
    let first = site.post(ORDERS, "k1", &alarm("主机无响应")).await;
    let second = site.post(ORDERS, "k2", &alarm("主机仍无响应")).await;
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!((&second.body["id"], &second.body["alarms"]), (&first.body["id"], &json!(2)));
    assert_eq!(site.post(ORDERS, "k2", &alarm("主机仍无响应")).await.body, second.body, "counted once");
    assert_eq!(site.post(ORDERS, "k3", &json!({"title": "x", "alarm_key": "host-2"})).await.status, 201);
    let standing = site.get(&format!("{ORDERS}/{}", first.body["id"].as_str().unwrap())).await;
    assert_eq!(standing.body["alarms"], 2);

    // Restored at a console: the next alarm is another fault.
    add_user(&mut site.centre, "wang", Role::Engineer, &[]);
    let mut console = Console::new(9);
    let log = division("L总队");
    console.enrol(&mut site.centre, &[&log], &[]);
    console.login(&mut site.centre, "wang");
    let order = format!("order/{}", first.body["id"].as_str().unwrap());
    let restored = console.say(&log, &order, "order.restored", json!({"text": "已重启"}));
    let written = console.write(&restored);
    let reply = console.push(&mut site.centre, &log, &[written]);
    assert_eq!(commit(&reply.verdicts[0]).verdict, VerdictCode::Accepted);
    let third = site.post(ORDERS, "k4", &alarm("主机又无响应")).await;
    assert_eq!((third.status, &third.body["alarms"]), (201, &json!(1)));
    assert_ne!(third.body["id"], first.body["id"]);
    let fourth = site.post(ORDERS, "k5", &alarm("主机又无响应")).await;
    assert_eq!(fourth.body["id"], third.body["id"]);
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

#[tokio::test]
async fn a_notification_counts_each_alarm_once_and_notes_its_end() {
    let mut site = Site::of(&NewSource { pool: true, ..new_source(&["L总队"]) });
    let began = "2025-09-30T23:59:00Z";
    let (cpu, disk) = (alert("aaaa", began), alert("bbbb", began));
    let counts = |reply: &Reply| {
        ["registered", "merged", "resolved", "repeated", "ignored"]
            .map(|key| reply.body[key].as_u64().unwrap())
    };
    let both = notification(&[cpu.clone(), disk.clone()]);
    let first = site.post(ALERTS, "-", &both).await;
    assert_eq!((first.status, counts(&first)), (200, [2, 0, 0, 0, 0]), "{:?}", first.body);
    assert_eq!(counts(&site.post(ALERTS, "-", &both).await), [0, 0, 0, 2, 0], "sent again every few hours");
    let later = notification(&[alert("aaaa", "2025-09-30T23:59:30Z"), disk.clone()]);
    let merged = site.post(ALERTS, "-", &later).await;
    assert_eq!((counts(&merged), &merged.body["orders"][0]["alarms"]), ([0, 1, 0, 1, 0], &json!(2)));
    let over = notification(&[
        resolved(disk.clone(), "2025-10-01T00:00:00Z"),
        resolved(alert("cccc", began), "2025-10-01T00:00:00Z"),
    ]);
    assert_eq!(counts(&site.post(ALERTS, "-", &over).await), [0, 0, 1, 0, 1]);
    assert_eq!(counts(&site.post(ALERTS, "-", &over).await), [0, 0, 0, 1, 1]);
    let kinds = site.kinds("L总队");
    assert_eq!(
        kinds,
        [
            "order.registered",
            "order.dispatched",
            "order.registered",
            "order.dispatched",
            "order.alarmed",
            "order.noted"
        ]
    );
    let note = &site.pulled("L总队", &[])[5].1;
    assert_eq!(note["text"], "告警已恢复：HostDown（bbbb）（2025-10-01T08:00:00+08:00）");
    assert_eq!(note["source"]["name"], "监控平台");
    assert_eq!(site.centre.verify().unwrap().bad, None);
}

#[tokio::test]
async fn alarms_of_one_object_are_one_order_and_unknown_labels_lose_none() {
    let mut site = Site::of(&new_source(&[]));
    let began = "2025-09-30T23:59:00Z";
    let of = |fingerprint: &str, object: &str| {
        let alert = with_label(alert(fingerprint, began), "zaigang_division", "L总队");
        with_label(alert, "zaigang_object", object)
    };
    let storm = notification(&[of("aaaa", "12.6"), of("bbbb", "12.6"), of("cccc", "12.6")]);
    let reply = site.post(ALERTS, "-", &storm).await;
    assert_eq!((&reply.body["registered"], &reply.body["merged"]), (&json!(1), &json!(2)));
    assert_eq!(reply.body["orders"].as_array().unwrap().len(), 1);
    assert_eq!(reply.body["orders"][0]["alarms"], 3);
    let odd = with_label(of("dddd", "没有这个"), "zaigang_level", "特急");
    let reply = site.post(ALERTS, "-", &notification(&[odd])).await;
    assert_eq!((reply.status, &reply.body["registered"]), (200, &json!(1)));
    let (_, payload, _) = site.pulled("L总队", &[]).pop().unwrap();
    let detail = payload["detail"].as_str().unwrap();
    assert!(detail.contains("没有这个") && detail.contains("特急"), "{detail}");
    assert_eq!((&payload["object"], &payload["level"]), (&Value::Null, &Value::Null));
    // A division that is wrong is a mistake of the set-up: all is refused, nothing half taken.
    let before = site.kinds("L总队").len();
    let mixed = [of("eeee", "12.5"), with_label(alert("ffff", began), "zaigang_division", "没有")];
    let reply = site.post(ALERTS, "-", &notification(&mixed)).await;
    assert_eq!((reply.status, &reply.body["field"]), (422, &json!("division")));
    assert_eq!(site.kinds("L总队").len(), before);
}

#[tokio::test]
async fn nothing_is_registered_before_a_contract_is_published() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let mut centre = centre(dir.path(), &world);
    let error = centre.source_add(&new_source(&[])).unwrap_err().to_string();
    assert!(error.contains("没有已发布的合同"), "{error}");
    publish(&mut centre);
    let wrong = centre.source_add(&new_source(&["没有"])).unwrap_err().to_string();
    assert!(wrong.contains("L总队"), "names those there are: {wrong}");
    for bad in [
        NewSource { name: " ".into(), ..new_source(&[]) },
        NewSource { per_minute: 0, ..new_source(&[]) },
        NewSource { per_minute: 9_999, ..new_source(&[]) },
    ] {
        assert!(centre.source_add(&bad).is_err(), "{bad:?}");
    }
    assert!(centre.source_revoke("s0").is_err());
}

/// What the document shows as requests is taken, and what comes back has the members it names.
#[tokio::test]
async fn the_examples_of_the_document_work() {
    let site = Site::of(&new_source(&[]));
    site.world.now.store(1_760_496_600_000, std::sync::atomic::Ordering::SeqCst);
    let document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let example = |path: &str| {
        let content = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        content["example"].clone()
    };
    let members = |schema: &str| {
        let schema = &document["components"]["schemas"][schema];
        let mut names: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let order = site.post(ORDERS, "k1", &example("/orders")).await;
    assert_eq!(order.status, 201, "{:?}", order.body);
    let alarmed = json!({"title": "x", "division": "L总队", "alarm_key": "a"});
    assert_eq!(keys(&site.post(ORDERS, "k2", &alarmed).await.body), members("OrderTold"));
    let id = order.body["id"].as_str().unwrap();
    let comment =
        site.post(&format!("{ORDERS}/{id}/comments"), "k3", &example("/orders/{id}/comments")).await;
    assert_eq!((comment.status, keys(&comment.body)), (201, members("CommentTold")));
    let alerts = site.post(ALERTS, "-", &example("/alertmanager")).await;
    assert_eq!((alerts.status, keys(&alerts.body)), (200, members("AlertsTaken")));
    assert_eq!(keys(&site.get(&format!("{ORDERS}/{id}")).await.body), members("Standing"));
    // Every field of a new order that the document names is read, and no other.
    let mut whole = example("/orders").as_object().unwrap().clone();
    for name in members("NewOrder") {
        whole.entry(name).or_insert(Value::Null);
    }
    whole.insert("external_no".into(), "WX-2".into());
    assert_eq!(site.post(ORDERS, "k4", &Value::Object(whole)).await.status, 201);
}

/// A store with a room and two models, as its keeper noted them.
fn stocked(site: &mut Site) {
    add_user(&mut site.centre, "keeper", Role::StoreKeeper, &[]);
    let mut console = Console::new(40);
    console.enrol(&mut site.centre, &["site", STORE], &[]);
    console.login(&mut site.centre, "keeper");
    for (entity, kind, card) in [
        ("place/p1", "place.noted", json!({"name": "主库", "kind": "store"})),
        ("place/p2", "place.noted", json!({"name": "借出", "kind": "loan"})),
        ("part/f", "part.noted", json!({"name": "交换机风扇模块", "model": "LSPM1FANSB", "unit": "个"})),
        (
            "part/d",
            "part.noted",
            json!({"name": "企业级硬盘", "model": "ST4000NM000A 4TB", "unit": "块", "tracking": "serial"}),
        ),
    ] {
        let say = console.say(STORE, entity, kind, card);
        assert_eq!(console.do_now(&mut site.centre, &say).verdict, VerdictCode::Accepted, "{entity}");
    }
}

fn may_receive(divisions: &[&str]) -> NewSource {
    NewSource { name: "物资平台".into(), may: vec![Deed::Receive], ..new_source(divisions) }
}

#[tokio::test]
async fn receipts_come_to_consoles_under_their_source_once() {
    let mut site = Site::of(&may_receive(&[]));
    stocked(&mut site);
    let document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let example =
        document["paths"]["/receipts"]["post"]["requestBody"]["content"]["application/json"]["example"]
            .clone();
    let told = site.post(RECEIPTS, "r1", &example).await;
    assert_eq!(told.status, 201, "{:?}", told.body);
    assert_eq!(
        (told.body["place"].as_str(), told.body["movements"].as_array().unwrap().len()),
        (Some("主库"), 3)
    );
    let again = site.post(RECEIPTS, "r1", &example).await;
    assert_eq!((again.body, again.headers.contains_key("idempotency-replayed")), (told.body, true));
    let mut console = Console::new(41);
    console.enrol(&mut site.centre, &["site", STORE], &[]);
    let entries = console.pull_all(&mut site.centre, STORE);
    let received: Vec<Value> = entries
        .iter()
        .filter(|entry| entry.event.content.kind == "movement.made")
        .map(|entry| {
            assert_eq!((entry.commit.verdict, &entry.event.content.user), (VerdictCode::Accepted, &None));
            serde_json::from_str(&entry.event.content.payload).unwrap()
        })
        .collect();
    assert_eq!(received.len(), 3, "a repeat books nothing");
    assert_eq!(received[0]["quantity"], 4);
    assert_eq!(
        (&received[2]["serial"], &received[2]["source"]["name"]),
        (&json!("ZC40A2"), &json!("物资平台"))
    );
    assert!(received.iter().all(|made| made["to"] == "place/p1" && made["document"] == "RK-2025-0088"));
}

#[tokio::test]
async fn what_cannot_be_received_is_told_by_its_field() {
    let mut site = Site::of(&may_receive(&[]));
    stocked(&mut site);
    let fans = json!({"name": "交换机风扇模块", "model": "LSPM1FANSB", "quantity": 1});
    let disk =
        |serials: &[&str]| json!({"name": "企业级硬盘", "model": "ST4000NM000A 4TB", "serials": serials});
    let whole = json!({"store": "main", "document": "RK-1", "lines": [fans]});
    let table = [
        (json!({"store": "other"}), "store"),
        (json!({"store": ""}), "store"),
        (json!({"document": null}), "document"),
        (json!({"place": "借出"}), "place"),
        (json!({"owner": "nobody"}), "owner"),
        (json!({"lines": []}), "lines"),
        (json!({"lines": [fans, {"name": "没有这种"}]}), "lines.1.model"),
        (json!({"lines": [{"model": "LSPM1FANSB"}]}), "lines.0.name"),
        (json!({"lines": [{"name": "交换机风扇模块", "model": "LSPM1FANSB"}]}), "lines.0.quantity"),
        (
            json!({"lines": [{"name": "交换机风扇模块", "model": "LSPM1FANSB", "quantity": -1}]}),
            "lines.0.quantity",
        ),
        (json!({"lines": [disk(&[])]}), "lines.0.serials"),
        (json!({"lines": [disk(&["A", "A"])]}), "lines.0.serials"),
        (json!({"lines": [disk(&["A", ""])]}), "lines.0.serials"),
        (
            json!({"lines": [{"name": "交换机风扇模块", "model": "LSPM1FANSB", "quantity": 1, "serial": "x"}]}),
            "lines.0.serial",
        ),
        (json!({"colour": "red"}), "colour"),
    ];
    for (n, (change, field)) in table.into_iter().enumerate() {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let reply = site.post(RECEIPTS, &format!("b{n}"), &body).await;
        let found = (reply.status, reply.body["code"].as_str(), reply.body["field"].as_str());
        assert_eq!(found, (422, Some("bad_input"), Some(field)), "{body}: {:?}", reply.body);
    }
    let mut console = Console::new(41);
    console.enrol(&mut site.centre, &["site", STORE], &[]);
    let entries = console.pull_all(&mut site.centre, STORE);
    assert!(entries.iter().all(|entry| entry.event.content.kind != "movement.made"), "all of it or nothing");
    // Whoever may register orders may not book parts.
    let other = Site::open();
    assert_eq!(other.post(RECEIPTS, "k", &whole).await.status, 403);
}

/// Two orders of alarms are found to be one fault: what comes of either is noted where the work goes on.
#[tokio::test]
async fn alarms_follow_their_order_into_the_one_it_was_merged_into() {
    let mut site = Site::open();
    let began = "2025-09-30T23:59:00Z";
    let both = notification(&[alert("aaaa", began), alert("bbbb", began)]);
    let orders = site.post(ALERTS, "-", &both).await.body["orders"].clone();
    let [merged, into] = [0, 1].map(|n| format!("order/{}", orders[n]["id"].as_str().unwrap()));
    add_user(&mut site.centre, "li", Role::Supervisor, &[]);
    let mut console = Console::new(9);
    let log = division("L总队");
    console.enrol(&mut site.centre, &[&log], &[]);
    console.login(&mut site.centre, "li");
    let merge = console.say(&log, &merged, "order.merged", json!({"into": into, "reason": "同一故障"}));
    assert_eq!(console.do_now(&mut site.centre, &merge).verdict, VerdictCode::Accepted);

    let over = notification(&[
        resolved(alert("aaaa", began), "2025-10-01T00:00:00Z"),
        alert("aaaa", "2025-10-01T00:00:00Z"),
    ]);
    let reply = site.post(ALERTS, "-", &over).await;
    assert_eq!((&reply.body["resolved"], &reply.body["merged"]), (&json!(1), &json!(1)), "{:?}", reply.body);
    assert_eq!(format!("order/{}", reply.body["orders"][0]["id"].as_str().unwrap()), into);
    let entries = console.pull_all(&mut site.centre, &log);
    let last: Vec<_> = entries.iter().rev().take(2).map(|entry| &entry.event.content).collect();
    let said: Vec<_> = last.iter().map(|content| (content.kind.as_str(), content.entity.as_str())).collect();
    assert_eq!(said, [("order.alarmed", into.as_str()), ("order.noted", into.as_str())]);
}

/// An older store has orders that no table names yet, and states as the folds of its program left them.
#[test]
fn orders_of_an_older_store_are_found_by_their_number_and_folded_anew() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let log = division("E总队");
    let written = console.write(&console.register("E总队", "1"));
    console.push(&mut centre, &log, &[written]);
    drop(centre);
    step_back(&dir.path().join("centre.db"));
    let mut centre = reopen(dir.path(), &world).unwrap();
    assert_eq!(centre.verify().unwrap().bad, None, "the tables are what the entries give");
}

/// Takes a store back to version 2.
fn step_back(path: &Path) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch(
        "DROP TABLE source_key; DROP TABLE source_reply; DROP TABLE alarm; DROP TABLE order_serial;
         DROP TABLE order_name; DROP TABLE file; ALTER TABLE meta DROP COLUMN fold_version;
         UPDATE entity SET state = json_remove(state, '$.order.registered_by') WHERE name LIKE 'order/%';
         PRAGMA user_version = 2;",
    )
    .unwrap();
}
