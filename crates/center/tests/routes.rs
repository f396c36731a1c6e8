//! The protocol through the router, with signed requests.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong"
)]

mod common;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use common::*;
use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zaigang_center::core::Centre;
use zaigang_center::http::{App, router};
use zaigang_sync::envelope::Id;
use zaigang_sync::file::{PATH_FILES_GET, PATH_FILES_HAS, PATH_FILES_PUT, PutRequest, RANGE_BYTES_MAX};
use zaigang_sync::hex;
use zaigang_sync::keys::sign_request;
use zaigang_sync::protocol::*;

/// A console that speaks to a router.
struct Wire {
    app: axum::Router,
    console: Console,
    server_id: Id,
}

impl Wire {
    fn headers(&self, path: &str, body: &[u8]) -> Vec<(&'static str, String)> {
        let nonce = [5; 16];
        let signature = sign_request(&self.console.key, path, self.server_id, nonce, body);
        vec![
            (HEADER_DEVICE, hex::encode(&self.console.device)),
            (HEADER_NONCE, hex::encode(&nonce)),
            (HEADER_SIGNATURE, hex::encode(&signature)),
        ]
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let headers = self.headers(path, &body);
        read(self.send(Method::POST, path, &headers, body).await).await
    }

    async fn json(&self, path: &str, body: &impl Serialize) -> (StatusCode, Value) {
        let (status, _, body) = self.post(path, serde_json::to_vec(body).unwrap()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }
}

async fn read(response: axum::response::Response) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, to_bytes(body, 2_000_000).await.unwrap().to_vec())
}

fn wire(dir: &std::path::Path, world: &Arc<World>) -> (Centre, Wire) {
    let (centre, console) = staffed(dir, world);
    let app = App::open(&dir.join("centre.db"), world.clone(), &CENTRE_KEY).unwrap();
    let server_id = centre.meta().server_id;
    (centre, Wire { app: router(app), console, server_id })
}

#[tokio::test]
async fn a_round_over_http() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (_, mut wire) = wire(dir.path(), &world);
    let log = division("E总队");
    let hello = HelloRequest {
        protocol_min: 1,
        protocol_max: 1,
        server_id: hex::encode(&wire.server_id),
        chains: vec![],
        cursors: vec![],
        wall_at: NOON,
        complete_to: Some(NOON),
    };
    let (status, reply) = wire.json(PATH_HELLO, &hello).await;
    assert_eq!((status, &reply["outcome"]), (StatusCode::OK, &json!("ok")));
    let written = wire.console.write(&wire.console.register("E总队", "1"));
    let page = wire.console.page(&log, &[written]);
    let (status, _, body) = wire.post(PATH_PUSH, page).await;
    let reply: PushReply = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, reply.verdicts.len()), (StatusCode::OK, 1));
    let pull = PullRequest { log: log.clone(), after_seq: 0, head: "00".repeat(32), bytes_max: 1 << 20 };
    let (status, headers, body) = wire.post(PATH_PULL, serde_json::to_vec(&pull).unwrap()).await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "application/octet-stream")
    );
    let page: zaigang_sync::page::PullPage = zaigang_sync::page::unpack(&body).unwrap();
    assert_eq!(page.entries.len(), 1);
    let other = PullRequest { head: "11".repeat(32), ..pull };
    let (status, error) = wire.json(PATH_PULL, &other).await;
    assert_eq!((status, &error["code"]), (StatusCode::CONFLICT, &json!("rollback")));
}

#[tokio::test]
async fn only_enrolled_devices_are_heard() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, wire) = wire(dir.path(), &world);
    let body = b"{}".to_vec();
    let good = wire.headers(PATH_HELLO, &body);
    let mut altered = good.clone();
    altered[2].1 = hex::encode(&[1; 64]);
    let mut stranger = good.clone();
    stranger[0].1 = hex::encode(&[9; 16]);
    let other_path = wire.headers(PATH_PULL, &body);
    let other_body = wire.headers(PATH_HELLO, b"{ }");
    for headers in [vec![], altered, stranger, other_path, other_body] {
        for path in [PATH_HELLO, PATH_PUSH, PATH_PULL, PATH_LOGIN, PATH_PASSWORD] {
            if path == PATH_PULL && headers == wire.headers(PATH_PULL, &body) {
                continue;
            }
            let response = wire.send(Method::POST, path, &headers, body.clone()).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path} {headers:?}");
        }
    }
    assert_eq!(
        wire.send(Method::POST, PATH_HELLO, &good, body).await.status(),
        StatusCode::BAD_REQUEST,
        "signed, but no hello"
    );
    let large = vec![0; 1_000_001];
    let headers = wire.headers(PATH_PUSH, &large);
    assert_eq!(
        wire.send(Method::POST, PATH_PUSH, &headers, large).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    // Another process revokes it: from then on no data, and no wakes.
    centre.device_revoke(&hex::encode(&wire.console.device)).unwrap();
    let pull = PullRequest { log: "site".into(), after_seq: 0, head: "00".repeat(32), bytes_max: 1 };
    assert_eq!(wire.json(PATH_PULL, &pull).await.0, StatusCode::FORBIDDEN);
    let headers = wire.headers(PATH_WAKE, b"");
    assert_eq!(wire.send(Method::GET, PATH_WAKE, &headers, vec![]).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn wrong_passwords_are_told_when_to_come_back() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (_, wire) = wire(dir.path(), &world);
    let wrong = wire.console.login_request("wang", "Wrong-Horse1");
    for _ in 0..4 {
        let (status, error) = wire.json(PATH_LOGIN, &wrong).await;
        assert_eq!((status, &error["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_password")));
    }
    let (status, headers, body) = wire.post(PATH_LOGIN, serde_json::to_vec(&wrong).unwrap()).await;
    let error: ErrorReply = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, error.code.as_str(), error.retry_after_seconds),
        (StatusCode::TOO_MANY_REQUESTS, "locked", Some(900))
    );
    assert_eq!(headers["retry-after"], "900");
}

#[tokio::test]
async fn enrolment_needs_no_signature_but_a_fresh_code() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, wire) = wire(dir.path(), &world);
    let request = zaigang_center::core::CodeRequest { logs: vec![division("E总队")], ..Default::default() };
    let code = EnrolmentCode::from_text(&centre.device_code(&request).unwrap().text).unwrap();
    let enrol = |seed| serde_json::to_vec(&Console::new(seed).enrol_request(&code.secret)).unwrap();
    let (status, _, body) = read(wire.send(Method::POST, PATH_ENROL, &[], enrol(7)).await).await;
    let reply: EnrolReply = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, reply.incarnation), (StatusCode::OK, 1));
    let (status, _, body) = read(wire.send(Method::POST, PATH_ENROL, &[], enrol(8)).await).await;
    let error: ErrorReply = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, error.code.as_str()), (StatusCode::FORBIDDEN, "expired_code"));
}

#[tokio::test]
async fn a_commit_wakes_those_who_may_hear_of_it() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut wire) = wire(dir.path(), &world);
    let log = division("E总队");
    let headers = wire.headers(PATH_WAKE, b"");
    let response = wire.send(Method::GET, PATH_WAKE, &headers, vec![]).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut events = response.into_body().into_data_stream();
    let mut next = async || {
        let chunk = events.next().await?.unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        Some(serde_json::from_str::<Wake>(text.trim().strip_prefix("data: ").unwrap()).unwrap())
    };
    assert_eq!(next().await.unwrap().log, "site", "the heads as they are come first");
    let written = wire.console.write(&wire.console.register("E总队", "1"));
    let (status, ..) = wire.post(PATH_PUSH, wire.console.page(&log, &[written])).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(next().await, Some(Wake { log: log.clone(), seq: 1 }));
    // Revoked: the stream ends once the server notices the site log's news.
    centre.device_revoke(&hex::encode(&wire.console.device)).unwrap();
    let (status, _) = wire.json(PATH_LOGIN, &wire.console.login_request("wang", PASSWORD)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// A whole range fits through; nothing is taken that no event names, nor without a signature.
#[tokio::test]
async fn files_go_in_whole_ranges_and_only_signed() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (_centre, wire) = wire(dir.path(), &world);
    let range = vec![1; RANGE_BYTES_MAX];
    let put =
        PutRequest {
            log: division("E总队"), hash: [7; 32].into(), from: 0, bytes: range.as_slice().into()
        }
        .encode();
    let (status, _, body) = wire.post(PATH_FILES_PUT, put.clone()).await;
    let reply: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, reply["code"].as_str()), (StatusCode::NOT_FOUND, Some("no_file")));
    let (status, _, _) = read(wire.send(Method::POST, PATH_FILES_PUT, &[], put).await).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, reply) =
        wire.json(PATH_FILES_HAS, &json!({ "log": division("E总队"), "hashes": ["07".repeat(32)] })).await;
    assert_eq!((status, reply["files"][0]["state"].as_str()), (StatusCode::OK, Some("unknown")));
    let get = json!({ "log": "c/other/d/X", "hash": "07".repeat(32), "from": 0, "bytes_max": 10 });
    assert_eq!(wire.json(PATH_FILES_GET, &get).await.0, StatusCode::FORBIDDEN);
}
