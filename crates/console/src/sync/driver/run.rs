//! The driver's task.

use std::sync::Arc;

use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::link::Link;
use super::status::LinkStatus;
use super::{OnChange, Syncable};
use crate::host::Host;

/// All the task is given.
pub(super) struct Parts<L> {
    pub(super) link: Arc<L>,
    pub(super) profile: Arc<dyn Syncable>,
    pub(super) host: Arc<dyn Host>,
    pub(super) on_change: OnChange,
    pub(super) status: watch::Sender<LinkStatus>,
    pub(super) written: Arc<Notify>,
    pub(super) asked: mpsc::Receiver<oneshot::Sender<LinkStatus>>,
    pub(super) stopped: watch::Receiver<()>,
}

pub(super) async fn run<L: Link>(mut parts: Parts<L>) {
    let _ = parts.stopped.changed().await;
}
