//! Errors as HTTP answers. The detail goes to the log once, here.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::CentreError;

/// An error on its way out.
pub(super) struct HttpError(pub(super) CentreError);

impl From<CentreError> for HttpError {
    fn from(error: CentreError) -> Self {
        Self(error)
    }
}

fn status(error: &CentreError) -> StatusCode {
    match error {
        CentreError::BadRequest(_) => StatusCode::BAD_REQUEST,
        CentreError::Unauthorized | CentreError::WrongPassword => StatusCode::UNAUTHORIZED,
        CentreError::Revoked | CentreError::NoRight(_) | CentreError::ExpiredCode => StatusCode::FORBIDDEN,
        CentreError::Locked { .. } | CentreError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        CentreError::NoFile => StatusCode::NOT_FOUND,
        CentreError::WeakPassword(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CentreError::Rollback | CentreError::Refused(_) => StatusCode::CONFLICT,
        CentreError::CentreRolledBack(_) | CentreError::NewerFile { .. } | CentreError::Store(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let (status, reply) = (status(&self.0), self.0.reply());
        if status.is_server_error() {
            tracing::error!(error = %self.0, "request failed");
        } else {
            tracing::info!(code = reply.code, "request refused");
        }
        let retry = reply.retry_after_seconds;
        let mut response = (status, Json(reply)).into_response();
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
