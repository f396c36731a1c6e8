//! An alarm of another program, told by the whole program: it goes in over TLS, reaches a console within a
//! second, comes again, is worked on, and its end is noted.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use zaigang_tests::harness::centre::{CONTRACT, ENGINEER, RealCentre};
use zaigang_tests::harness::seat::Seat;

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A monitoring system with its key.
struct Monitor {
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    address: String,
    key: String,
}

impl Monitor {
    fn added(centre: &RealCentre) -> Result<Self> {
        let words = ["--name", "监控平台", "--contract", CONTRACT, "--division", "L总队", "--pool"];
        let added = centre.command(&["source", "add"], &words)?.json()?;
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(centre.dir().join("keys/ca.pem"))?)?;
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots)
                .with_no_client_auth();
        Ok(Self {
            http: reqwest::Client::builder().no_proxy().tls_backend_preconfigured(tls).build()?,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            address: format!("https://{}/api/v1", centre.address),
            key: text(&added, "/key"),
        })
    }

    fn send(&self, status: &str, starts_at: &str) -> Result<Value> {
        let alert = json!({
            "status": status, "fingerprint": "9f86d081884c7d65", "startsAt": starts_at,
            "endsAt": "2025-10-15T02:29:00Z", "labels": {"alertname": "HostDown", "zaigang_object": "12.6"},
            "annotations": {"summary": "主机无响应"},
        });
        self.post("/alertmanager", &json!({"version": "4", "alerts": [alert]}))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.runtime.block_on(async {
            let request = self.http.post(format!("{}{path}", self.address)).bearer_auth(&self.key).json(body);
            let response = request.send().await?;
            let (status, body) = (response.status(), response.json::<Value>().await?);
            anyhow::ensure!(status.is_success(), "{status} {body}");
            Ok(body)
        })
    }

    fn standing(&self, id: &str) -> Result<Value> {
        self.runtime.block_on(async {
            let request = self.http.get(format!("{}/orders/{id}", self.address)).bearer_auth(&self.key);
            Ok(request.send().await?.error_for_status()?.json().await?)
        })
    }
}

#[test]
fn an_alarm_reaches_a_console_within_a_second_and_counts() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let monitor = Monitor::added(&centre)?;
    let seat = Seat::open(&centre.profile(&dir.path().join("first"))?)?;
    seat.take(&centre.code("值班室1号机", &["L总队"])?, "值班室1号机", &ENGINEER)?;
    seat.wait_for("the first round", |seat| {
        Ok((text(&seat.call("sync.status", json!({}))?, "/state") == "synced").then_some(()))
    })?;
    // The first order also lets the driver open its stream of wakes.
    let first = monitor.send("firing", "2025-10-15T01:00:00Z")?;
    let id = format!("order/{}", text(&first, "/orders/0/id"));
    seat.wait_for("the order", |seat| Ok(seat.order(&id).ok()))?;

    let began = Instant::now();
    monitor.send("firing", "2025-10-15T02:20:00Z")?;
    let order = seat.wait("the second alarm", Duration::from_secs(1), |seat| {
        let order = seat.order(&id)?;
        Ok((order["row"]["alarms"] == 2).then_some(order))
    })?;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(
        (text(&order, "/row/status").as_str(), text(&order, "/source").as_str()),
        ("dispatched", "监控平台")
    );
    assert_eq!(text(&order, "/channel"), "alarm");
    let clocks = order["clocks"].as_array().context("no clocks")?;
    assert!(!clocks.is_empty(), "bound to the contract as any other order");
    let said: Vec<(String, String)> = order["timeline"]
        .as_array()
        .context("no timeline")?
        .iter()
        .map(|line| (text(line, "/title"), text(line, "/by")))
        .collect();
    let by = "监控平台（对接系统）".to_owned();
    for title in ["登记", "派单", "再次告警"] {
        assert!(said.contains(&(title.to_owned(), by.clone())), "{title}: {said:?}");
    }

    seat.step(&id, "accept", json!({}))?;
    seat.wait_for("the verdict", |seat| Ok((seat.order(&id)?["row"]["pending"] == 0).then_some(())))?;
    monitor.send("resolved", "2025-10-15T02:20:00Z")?;
    seat.wait_for("the note", |seat| {
        let order = seat.order(&id)?;
        let noted = |line: &&Value| text(line, "/kind") == "order.noted";
        Ok(order["timeline"].as_array().and_then(|lines| lines.iter().find(noted).map(|_| ())))
    })?;
    let standing = monitor.standing(id.trim_start_matches("order/"))?;
    assert_eq!((text(&standing, "/status").as_str(), &standing["alarms"]), ("accepted", &json!(2)));
    assert!(!standing.to_string().contains(ENGINEER.name), "who works on it is not told");

    centre.kill()?;
    assert_eq!(centre.verify()?["bad"], Value::Null);
    Ok(())
}
