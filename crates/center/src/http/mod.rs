//! The protocol over HTTP: a thin shell around [`crate::core::Centre`]. It reads, checks signatures, calls, answers.
//!
//! Four connections to one database: pages are judged on one, read on another, passwords are hashed on
//! the third and files go over the fourth, so that none waits for another's work. A reply is sent only
//! after its commit is on disk. Other programs than consoles are served beside, under [`API_PATH`].

mod api;
mod app;
mod error;
mod routes;
mod serve;
mod wake;

pub use api::{API_BODY_BYTES_MAX, API_PATH};
pub use app::App;
pub use routes::router;
pub use serve::{Running, ServeError, serve};
