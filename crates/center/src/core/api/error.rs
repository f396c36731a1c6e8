//! Why another program is refused, told apart by what it does about it.

use zaigang_domain::order::{Refusal, RefusalCode};

use crate::error::CentreError;

/// Why a request of another program is refused. Messages are Chinese and say what to do.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be read.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// A field is missing or wrong.
    #[error("{field}: {message}")]
    Field {
        /// Its path, such as `reporter.phone`.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The source was not granted this.
    #[error("not allowed: {0}")]
    NotAllowed(String),
    /// No such order in the source's scope.
    #[error("no such order")]
    NotFound,
    /// The rules or the state do not allow it now.
    #[error("not now: {0}")]
    NotNow(String),
    /// The source registered an order with this external number before.
    #[error("registered before as {order}")]
    Exists {
        /// The order.
        order: String,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Too many requests.
    #[error("too many requests; wait {retry_after_seconds} s")]
    TooMany {
        /// Seconds until the next try makes sense.
        retry_after_seconds: u32,
    },
    /// The centre's own.
    #[error(transparent)]
    Centre(#[from] CentreError),
}

impl ApiError {
    /// A field that is missing or wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { field: field.into(), message: message.into() }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal.code {
            RefusalCode::BadInput { field } => Self::field(field, refusal.message),
            RefusalCode::NotAllowed => Self::NotAllowed(refusal.message),
            RefusalCode::NotNow => Self::NotNow(refusal.message),
        }
    }
}
