//! Refusals of the interface as JSON. The detail goes to the log once, here, without what was sent.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::FromSource;
use crate::core::api::ApiError;
use crate::error::CentreError;

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    told: Box<Told>,
    retry_after_seconds: Option<u32>,
    source: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Told {
    /// Stable word.
    code: &'static str,
    /// What is wrong and what to do, in Chinese.
    message: String,
    /// Path of the field, where one is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The order that is there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let told = Box::new(Told { code, message: message.into(), ..Told::default() });
        Self { status, told, retry_after_seconds: None, source: None }
    }

    /// What HTTP itself refuses.
    pub(super) fn plain(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(status, "not_found", "没有这个接口，请核对地址。"),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "此接口不支持这种请求方法，请查看接口文档。")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "too_large", "请求内容超过 256 KiB，请减少内容或分批发送。")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(status, "unsupported_media_type", "请求须带 Content-Type: application/json。")
            }
            _ => Self::new(StatusCode::BAD_REQUEST, "bad_request", "请求内容未能读完，请重试。"),
        }
    }

    pub(super) fn unauthorized() -> Self {
        let message = "密钥缺失、无效或已停用，请核对 Authorization: Bearer 请求头，或向管理员索取新的密钥。";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// Notes who was refused, for the log.
    pub(super) fn from(mut self, source: &str) -> Self {
        self.source = Some(source.to_owned());
        self
    }
}

impl From<CentreError> for Refused {
    fn from(error: CentreError) -> Self {
        ApiError::Centre(error).into()
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::BadRequest(message) => Self::new(StatusCode::BAD_REQUEST, "bad_request", message),
            ApiError::Field { field, message } => {
                let mut refused = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_input", message);
                refused.told.field = Some(field);
                refused
            }
            ApiError::NotAllowed(message) => Self::new(StatusCode::FORBIDDEN, "not_allowed", message),
            ApiError::NotFound => {
                let message = "没有这张工单，或它不在此对接系统的范围内。";
                Self::new(StatusCode::NOT_FOUND, "not_found", message)
            }
            ApiError::NotNow(message) | ApiError::Centre(CentreError::Refused(message)) => {
                Self::new(StatusCode::CONFLICT, "not_now", message)
            }
            ApiError::Exists { order } => {
                let message = "此外部编号已登记过工单，编号见 order；需要补充时请用备注接口。";
                let mut refused = Self::new(StatusCode::CONFLICT, "already_exists", message);
                refused.told.field = Some("external_no".to_owned());
                refused.told.order = Some(order);
                refused
            }
            ApiError::KeyReused => {
                let message = "此 Idempotency-Key 已用于另一请求；新的请求请换一个，重发请保持内容不变。";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message)
            }
            ApiError::TooMany { retry_after_seconds } => {
                let message = format!("请求过于频繁，请在 {retry_after_seconds} 秒后重试。");
                let mut refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message);
                refused.retry_after_seconds = Some(retry_after_seconds);
                refused
            }
            ApiError::Centre(CentreError::Unauthorized) => Self::unauthorized(),
            ApiError::Centre(error) => {
                tracing::error!(%error, "request of another program failed");
                let message = "中心端出现故障，请稍后以同一 Idempotency-Key 重试；持续出现请联系管理员。";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        // The field's name, never its value: a body may hold personal data.
        tracing::info!(
            code = self.told.code,
            field = self.told.field,
            source = self.source,
            "request of another program refused"
        );
        let unauthorized = self.status == StatusCode::UNAUTHORIZED;
        let mut response = (self.status, Json(self.told)).into_response();
        if unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(source) = self.source {
            response.extensions_mut().insert(FromSource(source));
        }
        response
    }
}
