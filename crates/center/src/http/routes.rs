//! One small handler per path.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{Extensions, HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::de::DeserializeOwned;
use zaigang_sync::file::{
    GetRequest, HasReply, HasRequest, PATH_FILES_GET, PATH_FILES_HAS, PATH_FILES_PUT, PUT_BYTES_MAX, PutReply,
};
use zaigang_sync::page::PAGE_BYTES_MAX;
use zaigang_sync::protocol::{
    EnrolReply, EnrolRequest, HelloReply, HelloRequest, LogInReply, LogInRequest, PATH_ENROL, PATH_HELLO,
    PATH_LOGIN, PATH_PASSWORD, PATH_PULL, PATH_PUSH, PATH_WAKE, PasswordRequest, PullRequest, PushReply,
};

use super::api::{self, API_PATH, FromSource};
use super::app::{App, Desk};
use super::error::HttpError;
use super::wake::wake;
use crate::error::CentreError;

type Answer<T> = Result<Json<T>, HttpError>;
type Shared = State<Arc<App>>;

/// The whole protocol, and the interface for other programs.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route(PATH_ENROL, post(enrol))
        .route(PATH_HELLO, post(hello))
        .route(PATH_PUSH, post(push))
        .route(PATH_PULL, post(pull))
        .route(PATH_LOGIN, post(login))
        .route(PATH_PASSWORD, post(change_password))
        .route(PATH_WAKE, get(wake))
        .nest(API_PATH, api::router())
        .route(PATH_FILES_HAS, post(files_has))
        .route(PATH_FILES_PUT, post(files_put).layer(DefaultBodyLimit::max(PUT_BYTES_MAX)))
        .route(PATH_FILES_GET, post(files_get))
        .layer(DefaultBodyLimit::max(PAGE_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), log))
        .with_state(app)
}

/// One line per request: what, who, how it ended, how long; never a body, a header or a query.
async fn log(State(app): Shared, request: axum::extract::Request, next: middleware::Next) -> Response {
    let began = app.host.now_ms();
    let path = request.uri().path().to_owned();
    let device = request.headers().get(zaigang_sync::protocol::HEADER_DEVICE);
    let device =
        device.and_then(|value| value.to_str().ok()).map(|text| text.chars().take(32).collect::<String>());
    let response = next.run(request).await;
    let ms = app.host.now_ms() - began;
    let source = response.extensions().get::<FromSource>().map(|source| source.0.clone());
    tracing::info!(path, device, source, status = response.status().as_u16(), ms, "request");
    response
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, HttpError> {
    // The message names the place, not the value: a body may hold a password.
    serde_json::from_slice(body).map_err(|error| {
        HttpError(CentreError::BadRequest(format!("JSON, line {} column {}", error.line(), error.column())))
    })
}

async fn enrol(State(app): Shared, extensions: Extensions, body: Bytes) -> Answer<EnrolReply> {
    let request: EnrolRequest = read(&body)?;
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let source = peer.map_or_else(String::new, |peer| peer.0.ip().to_string());
    let reply = app.on(Desk::Accounts, move |centre| centre.enrol(&source, &request)).await?;
    tracing::info!("device enrolled");
    Ok(Json(reply))
}

async fn hello(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<HelloReply> {
    let device = app.signed(&headers, PATH_HELLO, &body).await?;
    let request: HelloRequest = read(&body)?;
    // A hello may commit a watermark; on the connection that judges, it does not cost that one its cache.
    let desk = if request.complete_to.is_some() { Desk::Pushes } else { Desk::Reads };
    Ok(Json(app.on(desk, move |centre| centre.hello(device, &request)).await?))
}

async fn push(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<PushReply> {
    let device = app.signed(&headers, PATH_PUSH, &body).await?;
    let reply = app.on(Desk::Pushes, move |centre| centre.push(device, &body)).await?;
    tracing::debug!(events = reply.verdicts.len(), outcome = ?reply.outcome, "page taken");
    Ok(Json(reply))
}

async fn pull(State(app): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, HttpError> {
    let device = app.signed(&headers, PATH_PULL, &body).await?;
    let request: PullRequest = read(&body)?;
    let page = app.on(Desk::Reads, move |centre| centre.pull(device, &request)).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], page).into_response())
}

async fn files_has(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<HasReply> {
    let device = app.signed(&headers, PATH_FILES_HAS, &body).await?;
    let request: HasRequest = read(&body)?;
    Ok(Json(app.on(Desk::Files, move |centre| centre.files_has(device, &request)).await?))
}

async fn files_put(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<PutReply> {
    let device = app.signed(&headers, PATH_FILES_PUT, &body).await?;
    Ok(Json(app.on(Desk::Files, move |centre| centre.files_put(device, &body)).await?))
}

async fn files_get(State(app): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, HttpError> {
    let device = app.signed(&headers, PATH_FILES_GET, &body).await?;
    let request: GetRequest = read(&body)?;
    let range = app.on(Desk::Files, move |centre| centre.files_get(device, &request)).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], range).into_response())
}

async fn login(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<LogInReply> {
    let device = app.signed(&headers, PATH_LOGIN, &body).await?;
    let request: LogInRequest = read(&body)?;
    Ok(Json(app.on(Desk::Accounts, move |centre| centre.login(device, &request)).await?))
}

async fn change_password(State(app): Shared, headers: HeaderMap, body: Bytes) -> Answer<serde_json::Value> {
    let device = app.signed(&headers, PATH_PASSWORD, &body).await?;
    let request: PasswordRequest = read(&body)?;
    app.on(Desk::Accounts, move |centre| centre.change_password(device, &request)).await?;
    Ok(Json(serde_json::json!({})))
}
