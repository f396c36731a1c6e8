//! The age chip: how old the data is, and why.

use super::Door;
use super::dto::{DoorError, ExportDto, FileTrafficDto, LinkState, LogStatus, SyncStatus, VerifyDto};
use super::file::traffic_dto;
use crate::order::instant_text;
use crate::session::Console;
use crate::store::{LogRow, Stop, Store};
use crate::sync::driver::LinkStatus;
use zaigang_domain::event::{LogKind, LogName};

/// Beyond this age data counts as stale. A guess: one working day without the centre.
const STALE_AFTER_SECONDS: u32 = 24 * 3600;

impl Door {
    pub(super) fn sync_status(&self) -> Result<SyncStatus, DoorError> {
        let link = self.link_status().unwrap_or_else(offline);
        sync_status(&self.console(), link)
    }

    pub(super) fn export(&self) -> Result<ExportDto, DoorError> {
        self.read(|desk| {
            let sealed = crate::order::may_see_reporter(desk.actor);
            let mut lines = desk.store.exported_lines()?;
            if !sealed {
                lines.iter_mut().for_each(|line| line.sealed.clear());
            }
            let lines = lines.iter().map(serde_json::to_string).collect::<Result<_, _>>();
            Ok(ExportDto { lines: lines.map_err(DoorError::broken)? })
        })
    }

    pub(super) fn verify(&self) -> Result<VerifyDto, DoorError> {
        let mut console = self.console();
        let report = console.store_mut()?.verify()?;
        let ok = report.problems.is_empty();
        let problems = report.problems.iter().map(|problem| {
            let place = if problem.log.is_empty() {
                String::new()
            } else {
                format!("{} 第{}条：", problem.log, problem.seq)
            };
            format!("{place}{}", problem.what)
        });
        let message = if ok {
            format!(
                "共核对 {} 条记录、{} 个签名，哈希链、签名和台账一致，未发现改动。",
                report.events, report.attestations
            )
        } else {
            format!(
                "核对了 {} 条记录，发现 {} 处不一致。请勿删除任何文件，立即联系管理员。",
                report.events,
                report.problems.len()
            )
        };
        let events = u32::try_from(report.events).unwrap_or(u32::MAX);
        Ok(VerifyDto { ok, events, problems: problems.collect(), message })
    }
}

fn sync_status(console: &Console, link: LinkStatus) -> Result<SyncStatus, DoorError> {
    let Ok(store) = console.store() else { return Ok(closed(console, link)) };
    let last = store.last_synced_at()?;
    let age = last.map(|at| (console.host().evidence().wall_at - at).max(0) / 1_000);
    let logs = store.logs()?;
    let stopped = logs.iter().any(|log| log.stopped.is_some());
    Ok(SyncStatus {
        state: if stopped && link.state == LinkState::Synced { LinkState::Stopped } else { link.state },
        last_synced_at: last.map(instant_text),
        age_seconds: age.map(|age| u32::try_from(age).unwrap_or(u32::MAX)),
        stale_after_seconds: STALE_AFTER_SECONDS,
        waiting: waiting(store)?,
        conflicts: store.conflict_count()?,
        next_try_at: link.next_try_at.map(instant_text),
        trouble: link.trouble.or_else(|| console.trouble().map(str::to_owned)),
        files: traffic_dto(store.file_traffic()?),
        logs: logs.into_iter().map(log_status).collect(),
    })
}

/// Before anything opened the store.
fn closed(console: &Console, link: LinkStatus) -> SyncStatus {
    SyncStatus {
        state: LinkState::Offline,
        last_synced_at: None,
        age_seconds: None,
        stale_after_seconds: STALE_AFTER_SECONDS,
        waiting: 0,
        conflicts: 0,
        next_try_at: None,
        trouble: console.trouble().map(str::to_owned).or(link.trouble),
        files: FileTrafficDto::default(),
        logs: Vec::new(),
    }
}

/// No driver runs: before the first log-in, or in a command that needs none.
fn offline() -> LinkStatus {
    LinkStatus { state: LinkState::Offline, last_synced_at: None, next_try_at: None, trouble: None }
}

/// Own events the centre has not answered yet.
fn waiting(store: &Store) -> Result<u32, DoorError> {
    let count = store
        .reader()
        .query_row("SELECT count(*) FROM pending WHERE state = 'pending'", [], |row| row.get(0));
    Ok(count.map_err(crate::store::StoreError::from)?)
}

fn log_status(log: LogRow) -> LogStatus {
    LogStatus {
        title: title(&log.name),
        seq: log.seq.to_string(),
        head: log.head.to_hex().chars().take(8).collect(),
        stopped: log.stopped.as_deref().map(|code| Stop::sentence(code).to_owned()),
        log: log.name,
    }
}

fn title(name: &str) -> String {
    let Ok(name) = LogName::new(name) else { return name.to_owned() };
    match name.kind() {
        LogKind::Site => "人员、设备、合同与日历".to_owned(),
        LogKind::Common { .. } => "排班、考勤与保障".to_owned(),
        LogKind::Division { division, .. } => format!("{division}工单"),
        LogKind::Store { store, .. } => format!("{store}备件"),
    }
}
