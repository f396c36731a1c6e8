//! How the console stands with the centre, and what the end of a round means for it.

use std::time::Duration;

use zaigang_sync::protocol::{ErrorReply, Outcome};

use super::link::{LinkError, OfflineReason};
use crate::door::dto::LinkState;
use crate::store::StoreError;
use crate::sync::RoundReport;

/// How the console stands with the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkStatus {
    /// The state shown.
    pub state: LinkState,
    /// When the last complete round ended by this console's clock, Unix milliseconds.
    pub last_synced_at: Option<i64>,
    /// When the next try starts, Unix milliseconds; only while something is wrong.
    pub next_try_at: Option<i64>,
    /// Chinese sentence about what is wrong, if anything.
    pub trouble: Option<String>,
}

impl LinkStatus {
    /// Before the first round.
    #[must_use]
    pub fn starting() -> Self {
        Self { state: LinkState::Syncing, last_synced_at: None, next_try_at: None, trouble: None }
    }

    /// The centre answered hello and there is something to push or pull.
    pub(super) fn at_work(&mut self) {
        self.state = LinkState::Syncing;
        self.next_try_at = None;
        self.trouble = None;
    }

    /// The connection broke a moment ago; a try follows at once.
    pub(super) fn broken(&self) -> Self {
        let trouble = Some(LinkError::Offline(OfflineReason::Broken).sentence());
        Self { state: LinkState::Offline, last_synced_at: self.last_synced_at, next_try_at: None, trouble }
    }
}

/// How a round ended.
#[derive(Debug)]
pub(super) enum End {
    /// The centre answered to the end.
    Report(RoundReport),
    /// No way to the centre.
    Link(LinkError),
    /// The store failed.
    Store(StoreError),
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The centre is there: listen to it, and try again in a minute.
    Online,
    /// Try again after a pause that grows.
    BackOff {
        /// The centre asked for at least this pause.
        at_least: Duration,
    },
    /// Time does not heal this: ask once a minute whether a person did.
    Slow,
}

/// The meaning of a round's end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: LinkState,
    pub(super) trouble: Option<String>,
    pub(super) next: Next,
}

impl Standing {
    /// What the end of a round means.
    pub(super) fn after(end: &End) -> Self {
        match end {
            End::Report(report) => after_report(report),
            End::Link(LinkError::Refused(reply)) => refused(reply),
            End::Link(error @ LinkError::WrongCentre) => slow(LinkState::WrongCentre, &error.sentence()),
            End::Link(error) => back_off(&error.sentence()),
            // There is no state for it: nothing can be said of the centre while the own disk fails.
            End::Store(_) => {
                back_off("本机数据读写失败，暂时无法同步，稍后自动重试。请检查磁盘空间，仍不行请联系管理员。")
            }
        }
    }
}

fn after_report(report: &RoundReport) -> Standing {
    match report.outcome {
        Outcome::Upgrade => slow(
            LinkState::UpgradeNeeded,
            "中心端要求升级工作台：两边的程序版本不相容。未发送的记录仍在本机，升级后自动发送。请联系管理员。",
        ),
        Outcome::Revoked => {
            slow(LinkState::Revoked, "本机已被停用，已停止同步；未发送的记录仍在本机。请联系管理员。")
        }
        Outcome::OtherServer => slow(
            LinkState::WrongCentre,
            "该地址上的中心端不是本机登记的中心端，已停止同步；未发送的记录仍在本机。请联系管理员。",
        ),
        Outcome::Ok | Outcome::NewIncarnation | Outcome::Rollback => match (&report.refused, &report.garbled)
        {
            (Some(reply), _) => refused(reply),
            (None, Some(detail)) => {
                tracing::warn!(detail, "a reply of the centre could not be read");
                back_off(&LinkError::Malformed(String::new()).sentence())
            }
            (None, None) => complete(report),
        },
    }
}

/// A round that went to its end. Logs that are not stopped go on as ever.
fn complete(report: &RoundReport) -> Standing {
    if report.stopped.is_empty() && report.outcome == Outcome::Ok {
        return Standing { state: LinkState::Synced, trouble: None, next: Next::Online };
    }
    let text = "部分数据与中心端的记录不一致，已停止同步这部分；内容都在，可导出。请联系管理员。";
    Standing { state: LinkState::Stopped, trouble: Some(text.to_owned()), next: Next::Online }
}

fn refused(reply: &ErrorReply) -> Standing {
    match reply.code.as_str() {
        "revoked" => slow(LinkState::Revoked, &reply.message),
        // Enrolled here, unknown there: the centre's history is not the one this console knows.
        "unauthorized" => slow(LinkState::Stopped, &reply.message),
        _ => {
            let at_least = Duration::from_secs(reply.retry_after_seconds.unwrap_or(0).into());
            Standing { next: Next::BackOff { at_least }, ..back_off(&reply.message) }
        }
    }
}

fn slow(state: LinkState, text: &str) -> Standing {
    Standing { state, trouble: Some(text.to_owned()), next: Next::Slow }
}

fn back_off(text: &str) -> Standing {
    let next = Next::BackOff { at_least: Duration::ZERO };
    Standing { state: LinkState::Offline, trouble: Some(text.to_owned()), next }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Topics;

    fn report(outcome: Outcome) -> RoundReport {
        RoundReport {
            outcome,
            refused: None,
            garbled: None,
            pushed: 0,
            pulled: 0,
            conflicts: 0,
            files: 0,
            files_left: false,
            stopped: vec![],
            changed: Topics::new(),
        }
    }

    #[test]
    fn every_end_has_a_state_words_and_a_next_try() {
        let stopped = RoundReport { stopped: vec!["site".into()], ..report(Outcome::Rollback) };
        let garbled = RoundReport { garbled: Some("HTTP 502".into()), ..report(Outcome::Ok) };
        let patience = Next::BackOff { at_least: Duration::ZERO };
        for (end, state, next) in [
            (End::Report(report(Outcome::Upgrade)), LinkState::UpgradeNeeded, Next::Slow),
            (End::Report(report(Outcome::Revoked)), LinkState::Revoked, Next::Slow),
            (End::Report(report(Outcome::OtherServer)), LinkState::WrongCentre, Next::Slow),
            (End::Report(stopped), LinkState::Stopped, Next::Online),
            (End::Report(garbled), LinkState::Offline, patience),
            (End::Link(LinkError::WrongCentre), LinkState::WrongCentre, Next::Slow),
            (End::Link(LinkError::Offline(OfflineReason::TimedOut)), LinkState::Offline, patience),
            (End::Store(StoreError::NotEnrolled), LinkState::Offline, patience),
        ] {
            let standing = Standing::after(&end);
            assert_eq!((standing.state, standing.next), (state, next), "{end:?}");
            assert!(standing.trouble.is_some_and(|text| text.ends_with('。')), "{end:?}");
        }
        let good = Standing { state: LinkState::Synced, trouble: None, next: Next::Online };
        assert_eq!(Standing::after(&End::Report(report(Outcome::Ok))), good);
    }

    #[test]
    fn the_centres_refusals_are_told_in_its_own_words() {
        for (code, state, next) in [
            ("revoked", LinkState::Revoked, Next::Slow),
            ("unauthorized", LinkState::Stopped, Next::Slow),
            ("internal", LinkState::Offline, Next::BackOff { at_least: Duration::from_secs(7) }),
        ] {
            let reply =
                ErrorReply { code: code.into(), message: "原因。".into(), retry_after_seconds: Some(7) };
            let told = Standing { state, trouble: Some("原因。".into()), next };
            let in_round = RoundReport { refused: Some(reply.clone()), ..report(Outcome::Ok) };
            assert_eq!(Standing::after(&End::Report(in_round)), told);
            assert_eq!(Standing::after(&End::Link(LinkError::Refused(reply))), told);
        }
    }
}
