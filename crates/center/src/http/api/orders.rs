//! Orders: register, find, see, comment on.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use zaigang_domain::clock::{Share, SystemClass};
use zaigang_domain::order::OrderKind;
use zaigang_domain::order::payload::{Facts, Reporter};
use zaigang_sync::hash::{Use, digest};

use super::fields::{Fields, Lines};
use super::refused::Refused;
use super::{Body, answered, caller, json_body};
use crate::core::api::{ApiError, By, Once, OrderAsk, Told};
use crate::http::app::{App, Desk};

/// Header that makes a repeated request count once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Header of an answer that was given before.
const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";
/// Longest idempotency key, characters.
const KEY_CHARS_MAX: usize = 128;
/// Longest texts, characters: title as the console takes it, detail and comment well below an event's 64 KiB.
const TITLE_CHARS_MAX: usize = 200;
const TEXT_CHARS_MAX: usize = 8_000;
/// Longest names, numbers and keys, characters.
const WORD_CHARS_MAX: usize = 100;

pub(super) async fn register(
    State(app): State<Arc<App>>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let body = json_body(&headers, body)?;
        let once = once(&headers, "orders", &body)?;
        let ask = order_ask(Fields::of(&body)?)?;
        let id = source.clone();
        Ok::<Told, Refused>(
            app.on(Desk::Pushes, move |centre| Ok(centre.order_register(&id, &once, &ask))).await??,
        )
    };
    answered(&source, act.await.map(answer))
}

pub(super) async fn comment(
    State(app): State<Arc<App>>,
    order: Result<Path<String>, PathRejection>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let Path(order) = order.map_err(|_| ApiError::NotFound)?;
        let body = json_body(&headers, body)?;
        let once = once(&headers, &format!("orders/{order}/comments"), &body)?;
        let mut fields = Fields::of(&body)?;
        let text = fields.required("text", TEXT_CHARS_MAX, Lines::Many)?;
        fields.done()?;
        let id = source.clone();
        Ok::<Told, Refused>(
            app.on(Desk::Pushes, move |centre| Ok(centre.order_comment(&id, &once, &order, &text))).await??,
        )
    };
    answered(&source, act.await.map(answer))
}

pub(super) async fn standing(
    State(app): State<Arc<App>>,
    order: Result<Path<String>, PathRejection>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let Path(order) = order.map_err(|_| ApiError::NotFound)?;
        let id = order.parse().map_err(|_| ApiError::NotFound)?;
        let found = ask(&app, &source, By::Id(id)).await?;
        let order = found.into_iter().next().ok_or(ApiError::NotFound)?;
        Ok::<Response, Refused>(Json(order).into_response())
    };
    answered(&source, act.await)
}

/// What orders are looked for by.
#[derive(Debug, Deserialize)]
pub(super) struct Find {
    number: Option<String>,
    external_no: Option<String>,
}

pub(super) async fn find(
    State(app): State<Arc<App>>,
    query: Result<Query<Find>, QueryRejection>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let unreadable = |_| ApiError::BadRequest("查询条件无法读取，请核对地址中的编码。".to_owned());
        let by = match query.map_err(unreadable)?.0 {
            Find { number: Some(number), external_no: None } => By::Number(number),
            Find { number: None, external_no: Some(number) } => By::External(number),
            _ => {
                let message = "请给出 number（工单编号）或 external_no（外部编号）其中之一。";
                return Err(ApiError::field("number", message).into());
            }
        };
        let orders = ask(&app, &source, by).await?;
        Ok::<Response, Refused>(Json(json!({ "orders": orders })).into_response())
    };
    answered(&source, act.await)
}

async fn ask(app: &Arc<App>, source: &str, by: By) -> Result<Vec<crate::core::api::Standing>, Refused> {
    let id = source.to_owned();
    Ok(app.on(Desk::Reads, move |centre| Ok(centre.order_standing(&id, &by))).await??)
}

pub(super) fn answer(told: Told) -> Response {
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::OK);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let mut response = (status, kind, told.body).into_response();
    if told.repeated {
        response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

pub(super) fn once(headers: &HeaderMap, path: &str, body: &[u8]) -> Result<Once, ApiError> {
    let key = headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let printable = key.bytes().all(|c| c.is_ascii_graphic());
    if key.is_empty() || key.len() > KEY_CHARS_MAX || !printable {
        let message =
            "须带 Idempotency-Key 请求头：1 至 128 个可见英文字符，每个新请求各不相同，重发时不变。";
        return Err(ApiError::field("Idempotency-Key", message));
    }
    let request_hash = digest(Use::Request, &[path.as_bytes(), &[0], body]).0;
    Ok(Once { key: key.to_owned(), request_hash })
}

fn order_ask(mut fields: Fields) -> Result<OrderAsk, ApiError> {
    let kind = match fields.choice("kind", &["incident", "request"])?.as_deref() {
        Some("request") => OrderKind::Request,
        _ => OrderKind::Incident,
    };
    let ask = OrderAsk {
        title: fields.required("title", TITLE_CHARS_MAX, Lines::One)?,
        detail: fields.text("detail", TEXT_CHARS_MAX, Lines::Many)?.unwrap_or_default(),
        kind,
        division: fields.text("division", WORD_CHARS_MAX, Lines::One)?,
        object: fields.text("object", WORD_CHARS_MAX, Lines::One)?,
        level: fields.text("level", WORD_CHARS_MAX, Lines::One)?,
        level_reason: fields.text("level_reason", TEXT_CHARS_MAX, Lines::Many)?,
        facts: facts(&mut fields)?,
        reason: fields.text("reason", TEXT_CHARS_MAX, Lines::Many)?,
        reporter: reporter(&mut fields)?,
        reporter_unit: fields.text("reporter_unit", WORD_CHARS_MAX, Lines::One)?.unwrap_or_default(),
        reported_at: fields.instant("reported_at")?,
        external_no: fields.text("external_no", WORD_CHARS_MAX, Lines::One)?,
        alarm_key: fields.text("alarm_key", WORD_CHARS_MAX, Lines::One)?,
    };
    fields.done()?;
    Ok(ask)
}

fn facts(fields: &mut Fields) -> Result<Facts, ApiError> {
    let Some(mut within) = fields.object("facts")? else { return Ok(Facts::default()) };
    let facts = Facts {
        system_class: within.choice("system_class", &words(SystemClass::ALL, SystemClass::as_str))?,
        share: within.choice("share", &words(Share::ALL, Share::as_str))?,
        vip: within.flag("vip")?,
        security_event: within.flag("security_event")?,
        request: within.flag("request")?,
    };
    within.done()?;
    Ok(facts)
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| word(*one)).collect()
}

fn reporter(fields: &mut Fields) -> Result<Option<Reporter>, ApiError> {
    let Some(mut within) = fields.object("reporter")? else { return Ok(None) };
    let reporter = Reporter {
        name: within.text("name", WORD_CHARS_MAX, Lines::One)?.unwrap_or_default(),
        phone: within.text("phone", WORD_CHARS_MAX, Lines::One)?.unwrap_or_default(),
        room: within.text("room", WORD_CHARS_MAX, Lines::One)?.unwrap_or_default(),
        extension: within.text("extension", WORD_CHARS_MAX, Lines::One)?.unwrap_or_default(),
    };
    within.done()?;
    Ok(Some(reporter))
}
