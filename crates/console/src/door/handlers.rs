//! Handlers of the command table.

use super::dto::*;
use super::{Caller, Door};

fn not_built<T>() -> Result<T, DoorError> {
    Err(DoorError::new(DoorCode::Internal, "此功能正在安装中。"))
}

pub(super) fn session_get(_: &Door, _: &Caller, _: Nothing) -> Result<SessionDto, DoorError> {
    not_built()
}

pub(super) fn session_enrol(_: &Door, _: &Caller, _: Enrol) -> std::future::Ready<Result<SessionDto, DoorError>> {
    std::future::ready(not_built())
}

pub(super) fn session_log_in(_: &Door, _: &Caller, _: LogIn) -> std::future::Ready<Result<SessionDto, DoorError>> {
    std::future::ready(not_built())
}

pub(super) fn session_log_out(_: &Door, _: &Caller, _: Nothing) -> Result<SessionDto, DoorError> {
    not_built()
}

pub(super) fn session_lock(_: &Door, _: &Caller, _: Nothing) -> Result<SessionDto, DoorError> {
    not_built()
}

pub(super) fn session_unlock(_: &Door, _: &Caller, _: Unlock) -> Result<SessionDto, DoorError> {
    not_built()
}

pub(super) fn session_change_password(_: &Door, _: &Caller, _: ChangePassword) -> std::future::Ready<Result<SessionDto, DoorError>> {
    std::future::ready(not_built())
}

pub(super) fn sync_status(_: &Door, _: &Caller, _: Nothing) -> Result<SyncStatus, DoorError> {
    not_built()
}

pub(super) fn sync_now(_: &Door, _: &Caller, _: Nothing) -> std::future::Ready<Result<SyncStatus, DoorError>> {
    std::future::ready(not_built())
}

pub(super) fn sync_conflicts(_: &Door, _: &Caller, _: Nothing) -> Result<Vec<ConflictDto>, DoorError> {
    not_built()
}

pub(super) fn sync_settle(_: &Door, _: &Caller, _: SettleConflict) -> Result<Written, DoorError> {
    not_built()
}

pub(super) fn order_list(_: &Door, _: &Caller, _: OrderListArgs) -> Result<OrderPage, DoorError> {
    not_built()
}

pub(super) fn order_counts(_: &Door, _: &Caller, _: Nothing) -> Result<QueueCounts, DoorError> {
    not_built()
}

pub(super) fn order_get(_: &Door, _: &Caller, _: OrderGet) -> Result<OrderDetail, DoorError> {
    not_built()
}

pub(super) fn order_step(_: &Door, _: &Caller, _: StepArgs) -> Result<Written, DoorError> {
    not_built()
}

pub(super) fn order_explain(_: &Door, _: &Caller, _: ExplainArgs) -> Result<ExplainDto, DoorError> {
    not_built()
}

pub(super) fn order_register_form(_: &Door, _: &Caller, _: Nothing) -> Result<RegisterForm, DoorError> {
    not_built()
}

pub(super) fn order_level_advice(_: &Door, _: &Caller, _: LevelAsk) -> Result<LevelAdvice, DoorError> {
    not_built()
}

pub(super) fn order_register(_: &Door, _: &Caller, _: RegisterArgs) -> Result<Written, DoorError> {
    not_built()
}

pub(super) fn today_get(_: &Door, _: &Caller, _: Nothing) -> Result<TodayDto, DoorError> {
    not_built()
}

pub(super) fn chart_met_missed(_: &Door, _: &Caller, _: ChartArgs) -> Result<ChartDto, DoorError> {
    not_built()
}

pub(super) fn settings_get(_: &Door, _: &Caller, _: Nothing) -> Result<SettingsDto, DoorError> {
    not_built()
}

pub(super) fn settings_change(_: &Door, _: &Caller, _: SettingsChange) -> Result<SettingsDto, DoorError> {
    not_built()
}

pub(super) fn audit_verify(_: &Door, _: &Caller, _: Nothing) -> Result<VerifyDto, DoorError> {
    not_built()
}
