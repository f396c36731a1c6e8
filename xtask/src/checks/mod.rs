//! Checks that no ready-made tool of the toolchain does. Each gives its findings, one a line.

mod dependencies;
mod generated;
mod licence;
mod sources;
mod words;

pub(crate) use dependencies::dependencies;
pub(crate) use generated::generated;
pub(crate) use sources::licences;
pub(crate) use words::words;
