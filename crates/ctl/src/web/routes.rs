//! The routes: the UI, a token for a code, calls, and pushes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use zaigang_console::door::dto::{DoorCode, DoorError, FileRef, PushDto};
use zaigang_console::door::{Caller, Door};

use super::code::{Keys, Refused};
use super::files::Files;
use super::guard;

/// Longest request body, in bytes: well above the largest event.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What the routes share.
#[derive(Clone)]
pub(super) struct Web {
    pub(super) door: Door,
    pub(super) keys: Arc<Keys>,
    pub(super) ui: Arc<Files>,
    pub(super) port: u16,
}

pub(super) fn router(web: Web) -> Router {
    Router::new()
        .route("/api/token", post(token))
        .route("/api/call", post(call))
        .route("/api/file", post(download))
        .route("/api/events", get(events))
        .fallback(get(file))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(web.clone(), guard::check))
        .with_state(web)
}

async fn file(State(web): State<Web>, uri: Uri) -> Response {
    let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
    match web.ui.get(path).filter(|_| !path.starts_with("/api/")) {
        Some(file) => ([(header::CONTENT_TYPE, file.kind)], file.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct TokenRequest {
    code: String,
}

async fn token(State(web): State<Web>, Json(request): Json<TokenRequest>) -> Response {
    match web.keys.trade(&request.code) {
        Ok(token) => Json(json!({ "token": token })).into_response(),
        Err(Refused::Wrong(left)) if left > 0 => {
            let message = format!("登录码不对，还可试 {left} 次。请核对终端上显示的登录码。");
            refused(DoorError::new(DoorCode::WrongPassword, message).at("code"))
        }
        Err(Refused::Wrong(_) | Refused::NoCode) => {
            let message = "登录码已失效。请在运行 zaigangctl web 的终端按回车，换一个新的。";
            refused(DoorError::new(DoorCode::TooManyFailures, message).at("code"))
        }
    }
}

#[derive(Deserialize)]
struct CallRequest {
    command: String,
    #[serde(default)]
    args: Value,
}

async fn call(State(web): State<Web>, headers: HeaderMap, Json(request): Json<CallRequest>) -> Response {
    if !is_known(&web.keys, &headers) {
        return no_token();
    }
    match web.door.call(&request.command, request.args, Caller::Web).await {
        Ok(reply) => Json(reply).into_response(),
        Err(error) => refused(error),
    }
}

/// A file as a download, which no browser shows as a page whatever is in it.
async fn download(State(web): State<Web>, headers: HeaderMap, Json(request): Json<FileRef>) -> Response {
    if !is_known(&web.keys, &headers) {
        return no_token();
    }
    match web.door.download(request, Caller::Web).await {
        Ok(file) => {
            let carried = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename*=UTF-8''{}", encoded(&file.name)),
                ),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            (carried, file.content.to_vec()).into_response()
        }
        Err(error) => refused(error),
    }
}

/// A name as RFC 5987 writes it in a header.
fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

async fn events(State(web): State<Web>, headers: HeaderMap) -> Response {
    if !is_known(&web.keys, &headers) {
        return no_token();
    }
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(pushes(&web.door)).keep_alive(keep_alive).into_response()
}

fn pushes(door: &Door) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    stream::unfold(door.pushes(), |mut pushes| async {
        let push = match pushes.recv().await {
            Ok(push) => push,
            // Missed pushes: everything may be stale.
            Err(RecvError::Lagged(_)) => PushDto { changed: vec!["*".to_owned()], reminders: Vec::new() },
            Err(RecvError::Closed) => return None,
        };
        let event = Event::default().json_data(&push).unwrap_or_default();
        Some((Ok(event), pushes))
    })
}

fn is_known(keys: &Keys, headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|token| keys.knows(token))
}

/// Not a door's error: the UI tells by it that a new code is needed.
fn no_token() -> Response {
    (StatusCode::UNAUTHORIZED, Json(json!({ "reason": "token" }))).into_response()
}

fn refused(error: DoorError) -> Response {
    let status = match error.code {
        DoorCode::BadInput => StatusCode::BAD_REQUEST,
        DoorCode::LogInNeeded | DoorCode::WrongPassword => StatusCode::UNAUTHORIZED,
        DoorCode::Locked => StatusCode::LOCKED,
        DoorCode::NotAllowed => StatusCode::FORBIDDEN,
        DoorCode::NotFound => StatusCode::NOT_FOUND,
        DoorCode::NotNow | DoorCode::NotEnrolled | DoorCode::LogStopped => StatusCode::CONFLICT,
        DoorCode::TooManyFailures => StatusCode::TOO_MANY_REQUESTS,
        DoorCode::CentreNeeded => StatusCode::SERVICE_UNAVAILABLE,
        DoorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, Json(error)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_header() {
        assert_eq!(encoded("机柜 1.png"), "%E6%9C%BA%E6%9F%9C%201.png");
        assert_eq!(encoded("a\"\r\nX: y;.txt"), "a%22%0D%0AX%3A%20y%3B.txt");
    }
}
