//! The webhook of Prometheus Alertmanager, version 4.
//! Its shape: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use zaigang_domain::calendar::format_instant;

use super::refused::Refused;
use super::{Body, answered, caller, json_body};
use crate::core::api::{ALERTS_MAX, Alert, ApiError};
use crate::http::app::{App, Desk};

/// Labels by which an alarm says where it belongs.
const DIVISION: &str = "zaigang_division";
const OBJECT: &str = "zaigang_object";
const LEVEL: &str = "zaigang_level";
const OWN_LABELS: [&str; 3] = [DIVISION, OBJECT, LEVEL];

/// Longest texts made of an alarm, characters; the rest is cut.
const TITLE_CHARS_MAX: usize = 200;
const DETAIL_CHARS_MAX: usize = 4_000;
const WORD_CHARS_MAX: usize = 100;

/// A notification; fields of newer versions are left alone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(default)]
    version: String,
    #[serde(default)]
    truncated_alerts: u64,
    alerts: Vec<Sent>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    status: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    starts_at: String,
    #[serde(default)]
    ends_at: String,
    #[serde(default, rename = "generatorURL")]
    generator_url: String,
    #[serde(default)]
    fingerprint: String,
}

pub(super) async fn take(
    State(app): State<Arc<App>>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let body = json_body(&headers, body)?;
        let alerts = read(&body)?;
        let id = source.clone();
        let taken = app.on(Desk::Pushes, move |centre| Ok(centre.alerts_take(&id, &alerts))).await??;
        tracing::info!(
            source,
            registered = taken.registered,
            merged = taken.merged,
            resolved = taken.resolved,
            repeated = taken.repeated,
            ignored = taken.ignored,
            "alarms taken"
        );
        Ok::<Response, Refused>(Json(taken).into_response())
    };
    answered(&source, act.await)
}

fn read(body: &[u8]) -> Result<Vec<Alert>, ApiError> {
    let notification: Notification = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        ApiError::BadRequest(format!(
            "请求内容不是 Alertmanager 的通知（第 {line} 行第 {column} 列），请核对 webhook 配置。"
        ))
    })?;
    if notification.version != "4" {
        return Err(ApiError::field(
            "version",
            "只支持 Alertmanager webhook 第 4 版，请升级或更换对接方式。",
        ));
    }
    if notification.alerts.len() > ALERTS_MAX {
        let message = format!("一次通知最多 {ALERTS_MAX} 条告警，请在 webhook_configs 中设置 max_alerts。");
        return Err(ApiError::field("alerts", message));
    }
    if notification.truncated_alerts > 0 {
        tracing::warn!(cut = notification.truncated_alerts, "a notification came without some of its alarms");
    }
    (0..).zip(notification.alerts).map(|(at, sent)| alert(at, &sent)).collect()
}

fn alert(at: usize, sent: &Sent) -> Result<Alert, ApiError> {
    let wrong = |field: &str, message: &str| Err(ApiError::field(format!("alerts[{at}].{field}"), message));
    if sent.fingerprint.is_empty() || sent.fingerprint.len() > WORD_CHARS_MAX {
        return wrong("fingerprint", "缺少 fingerprint 或太长。");
    }
    let Ok(starts_at) = sent.starts_at.parse::<Timestamp>() else {
        return wrong("startsAt", "startsAt 须是带时区的时间。");
    };
    let ended_at = match sent.status.as_str() {
        "firing" => None,
        "resolved" => match sent.ends_at.parse::<Timestamp>() {
            Ok(at) => Some(at),
            Err(_) => return wrong("endsAt", "endsAt 须是带时区的时间。"),
        },
        _ => return wrong("status", "status 只能是 firing 或 resolved。"),
    };
    Ok(Alert {
        fingerprint: sent.fingerprint.clone(),
        starts_at,
        ended_at,
        title: title(sent),
        detail: detail(sent, starts_at),
        division: label(sent, DIVISION),
        object: label(sent, OBJECT),
        level: label(sent, LEVEL),
    })
}

fn label(sent: &Sent, name: &str) -> Option<String> {
    let text = sent.labels.get(name)?.trim();
    (!text.is_empty()).then(|| cut(text, WORD_CHARS_MAX))
}

/// The summary, else the alarm's name, with the instance where it is not in there.
fn title(sent: &Sent) -> String {
    let said = |map: &BTreeMap<String, String>, key: &str| {
        map.get(key)
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|t| !t.is_empty())
    };
    let title = said(&sent.annotations, "summary")
        .or_else(|| said(&sent.labels, "alertname"))
        .unwrap_or_else(|| "监控告警".to_owned());
    let title = match said(&sent.labels, "instance") {
        Some(instance) if !title.contains(&instance) => format!("{title}（{instance}）"),
        _ => title,
    };
    cut(&title.replace(char::is_control, " "), TITLE_CHARS_MAX)
}

fn detail(sent: &Sent, starts_at: Timestamp) -> String {
    let mut text = String::new();
    if let Some(description) = sent.annotations.get("description") {
        let _ = writeln!(text, "{}", description.trim());
    }
    let _ = writeln!(text, "告警开始：{}", format_instant(starts_at));
    for (name, value) in sent.labels.iter().filter(|(name, _)| !OWN_LABELS.contains(&name.as_str())) {
        let _ = writeln!(text, "{name}: {value}");
    }
    if !sent.generator_url.is_empty() {
        let _ = writeln!(text, "{}", sent.generator_url);
    }
    cut(text.trim(), DETAIL_CHARS_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    text.chars().take(chars_max - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(change: serde_json::Value) -> Vec<u8> {
        let mut alert = json!({
            "status": "firing",
            "labels": {"alertname": "HostDown", "instance": "10.1.2.3:9100", "zaigang_object": "12.6"},
            "annotations": {"summary": "主机\n无响应", "description": "连续 5 分钟抓取失败"},
            "startsAt": "2025-10-15T02:30:00.123Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prom/graph", "fingerprint": "0123456789abcdef",
        });
        let alert_map = alert.as_object_mut().unwrap();
        alert_map.extend(change.as_object().unwrap().clone());
        serde_json::to_vec(&json!({"version": "4", "groupKey": "{}", "status": "firing", "alerts": [alert]}))
            .unwrap()
    }

    #[test]
    fn an_alarm_in_the_words_of_an_order() {
        let alert = read(&sent(json!({}))).unwrap().remove(0);
        assert_eq!(alert.title, "主机 无响应（10.1.2.3:9100）");
        assert_eq!(
            alert.detail,
            "连续 5 分钟抓取失败\n告警开始：2025-10-15T10:30:00.123+08:00\nalertname: HostDown\n\
             instance: 10.1.2.3:9100\nhttp://prom/graph"
        );
        assert_eq!((alert.object.as_deref(), alert.ended_at), (Some("12.6"), None));
        let long = "很".repeat(300);
        let alert = read(&sent(json!({"annotations": {"summary": long}}))).unwrap().remove(0);
        assert_eq!(alert.title.chars().count(), TITLE_CHARS_MAX);
        let alert = read(&sent(json!({"labels": {}, "annotations": {}}))).unwrap().remove(0);
        assert_eq!(alert.title, "监控告警");
        let over = json!({"status": "resolved", "endsAt": "2025-10-15T02:40:00Z"});
        assert!(read(&sent(over)).unwrap().remove(0).ended_at.is_some());
    }

    #[test]
    fn what_is_no_alarm_is_told_by_its_field() {
        for (change, expected) in [
            (json!({"fingerprint": ""}), "alerts[0].fingerprint"),
            (json!({"startsAt": "yesterday"}), "alerts[0].startsAt"),
            (json!({"status": "resolved", "endsAt": ""}), "alerts[0].endsAt"),
            (json!({"status": "pending"}), "alerts[0].status"),
        ] {
            match read(&sent(change)) {
                Err(ApiError::Field { field, .. }) => assert_eq!(field, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
        assert!(matches!(read(b"{}"), Err(ApiError::BadRequest(_))));
        let older = br#"{"version":"3","alerts":[]}"#;
        assert!(matches!(read(older), Err(ApiError::Field { field, .. }) if field == "version"));
        let many = json!({"version": "4", "alerts": vec![json!({"status": "firing", "startsAt": ""}); ALERTS_MAX + 1]});
        let many = serde_json::to_vec(&many).unwrap();
        assert!(matches!(read(&many), Err(ApiError::Field { field, .. }) if field == "alerts"));
    }
}
