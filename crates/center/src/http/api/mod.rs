//! The interface for other programs under `/api/v1`: bearer keys, JSON in and out, every refusal with a
//! stable code, a Chinese sentence and, where there is one, the field. Described by `docs/openapi.json`,
//! which it also serves; a test holds the two together.

mod alertmanager;
mod fields;
mod limit;
mod orders;
mod receipts;
mod refused;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::app::{App, Desk, lock};
use crate::core::SourceListing;
use crate::core::api::ApiError;
pub(super) use limit::Limiter;
use refused::Refused;

/// Where the interface lies.
pub const API_PATH: &str = "/api/v1";
/// Largest body, bytes. A guess: two hundred alarms with long texts.
pub const API_BODY_BYTES_MAX: usize = 256 * 1024;
/// Requests a minute with keys that nobody holds, per address. A guess.
const STRANGERS_PER_MINUTE: u32 = 30;
const OPENAPI: &str = include_str!("../../../../../docs/openapi.json");

/// Which source a request came from, for the line in the log.
#[derive(Debug, Clone)]
pub(super) struct FromSource(pub(super) String);

/// Method, path below [`API_PATH`], handler.
pub(super) type Route = (&'static str, &'static str, MethodRouter<Arc<App>>);

/// The whole interface.
pub(super) fn routes() -> Vec<Route> {
    vec![
        ("get", "/openapi.json", get(openapi)),
        ("post", "/orders", post(orders::register)),
        ("get", "/orders", get(orders::find)),
        ("get", "/orders/{id}", get(orders::standing)),
        ("post", "/orders/{id}/comments", post(orders::comment)),
        ("post", "/receipts", post(receipts::receive)),
        ("post", "/alertmanager", post(alertmanager::take)),
    ]
}

/// The interface as a router of its own.
pub(super) fn router() -> Router<Arc<App>> {
    let routes = routes().into_iter();
    routes
        .fold(Router::new(), |router, (_, path, handler)| router.route(path, handler))
        .method_not_allowed_fallback(async || Refused::plain(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(async || Refused::plain(StatusCode::NOT_FOUND))
        .layer(DefaultBodyLimit::max(API_BODY_BYTES_MAX))
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], OPENAPI).into_response()
}

type Body = Result<Bytes, BytesRejection>;

/// Who calls: a source with a key, within its rate. Everything else is asked of the centre.
async fn caller(
    app: &Arc<App>,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<SourceListing, Refused> {
    let held = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = held.and_then(|text| text.strip_prefix("Bearer ")).map(|key| key.trim().to_owned());
    let found = match key {
        Some(key) => app.on(Desk::Reads, move |centre| centre.source_of_key(&key)).await?,
        None => None,
    };
    let Some(source) = found else {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or_else(String::new, |peer| peer.0.ip().to_string());
        within(app, &format!("peer/{peer}"), STRANGERS_PER_MINUTE)?;
        return Err(Refused::unauthorized());
    };
    within(app, &source.source, source.state.per_minute).map_err(|refused| refused.from(&source.source))?;
    Ok(source)
}

/// Adds to an answer or a refusal who gets it, for the log.
fn answered(source: &str, answer: Result<Response, Refused>) -> Result<Response, Refused> {
    let mut response = answer.map_err(|refused| refused.from(source))?;
    response.extensions_mut().insert(FromSource(source.to_owned()));
    Ok(response)
}

fn within(app: &App, who: &str, per_minute: u32) -> Result<(), Refused> {
    let taken = lock(&app.limiter).take(who, per_minute, app.host.now_ms());
    taken.map_err(|retry_after_seconds| ApiError::TooMany { retry_after_seconds }.into())
}

/// The body of a request that says it is JSON and is not too large.
fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Refused> {
    let body = body.map_err(|rejection| Refused::plain(rejection.status()))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        Ok(body)
    } else {
        Err(Refused::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document and the router are the same list.
    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document["servers"][0]["url"], API_PATH);
        let mut described: Vec<(String, String)> = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            let verbs = methods.as_object().unwrap().keys().filter(|key| *key != "parameters");
            described.extend(verbs.map(|method| (method.clone(), path.clone())));
        }
        let mut routed: Vec<(String, String)> =
            routes().into_iter().map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
        described.sort();
        routed.sort();
        assert_eq!(described, routed);
    }

    /// Whatever is pointed at is there.
    #[test]
    fn references_of_the_document_lead_somewhere() {
        fn references(value: &serde_json::Value, found: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(map) => {
                    found.extend(map.get("$ref").and_then(|text| text.as_str()).map(str::to_owned));
                    map.values().for_each(|value| references(value, found));
                }
                serde_json::Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }
}
