//! The one place where stage and right of a call are checked.

use super::dto::{DoorCode, DoorError};
use super::table::{CommandSpec, Right, Works};
use crate::session::{Console, SessionError, Stage};
use zaigang_domain::people::{Actor, EXPORTS, Role};

/// Whether the command may be called now by whoever is at the console.
pub(super) fn check(console: &Console, spec: &CommandSpec) -> Result<(), DoorError> {
    match (spec.works, console.stage()) {
        (Works::Always, _) => return Ok(()),
        (_, Stage::NotEnrolled) => return Err(SessionError::NotEnrolled.into()),
        (_, Stage::LoggedOut) => return Err(SessionError::LogInNeeded.into()),
        (Works::Open, Stage::Locked) => return Err(SessionError::Locked.into()),
        (Works::Locked, _) | (Works::Open, Stage::Open) => {}
    }
    let Some(session) = console.session() else { return Err(SessionError::LogInNeeded.into()) };
    if spec.works == Works::Open && session.must_change_password && spec.name != "session.change_password" {
        return Err(DoorError::new(DoorCode::NotAllowed, "密码已被重置，请先修改密码，然后继续。"));
    }
    if spec.right == Right::Anyone {
        return Ok(());
    }
    let actor = console.store()?.actor(&session.user)?;
    if may(&actor, spec.right) { Ok(()) } else { Err(refusal(&actor, spec.right)) }
}

fn may(actor: &Actor, right: Right) -> bool {
    match right {
        Right::Anyone => true,
        Right::User => actor.enabled,
        Right::Export => actor.enabled && EXPORTS.iter().any(|row| actor.has(row.role)),
        Right::Register => {
            actor.enabled
                && [Role::Engineer, Role::Dispatcher, Role::Supervisor].iter().any(|role| actor.has(*role))
        }
    }
}

fn refusal(actor: &Actor, right: Right) -> DoorError {
    DoorError::not_allowed(match right {
        _ if !actor.enabled => "本机还没有收到您的账号信息，或账号已停用。请先同步；仍不行时请联系管理员。",
        Right::Export => "您的角色不能导出或打印；请由项目经理、服务台或驻场工程师办理。",
        Right::Anyone | Right::User | Right::Register => {
            "您的角色不能登记工单；请由驻场工程师、服务台或项目经理登记。"
        }
    })
}
