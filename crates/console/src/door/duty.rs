//! Signing a handover at a console where another is logged in.

use super::Door;
use super::dto::{DoorCode, DoorError, HandoverAnswer, HandoverDto, KnownUser, Written};
use crate::order::{Pen, instant_text};
use crate::session::Session;

impl Door {
    /// One handover, with the colleagues who can sign here by their own password.
    pub(super) fn handover(&self, id: &str) -> Result<HandoverDto, DoorError> {
        let signers = self.signers();
        self.read(|desk| Ok(HandoverDto { signers, ..desk.handover(id)? }))
    }

    /// Whoever logged in here before, but the person logged in now.
    fn signers(&self) -> Vec<KnownUser> {
        let console = self.console();
        let own = console.session().map(|session| session.login.clone());
        let slots = console.slots().into_iter().flat_map(|slots| &slots.users);
        let others = slots.filter(|slot| Some(&slot.login) != own.as_ref());
        others
            .map(|slot| KnownUser {
                login: slot.login.clone(),
                name: slot.name.clone(),
                offline_until: Some(instant_text(slot.offline_until())),
            })
            .collect()
    }

    /// Accepts, refuses or watches: as the person logged in, or as the one whose password is given.
    pub(super) fn answer_handover(&self, args: &HandoverAnswer, kind: &str) -> Result<Written, DoorError> {
        let login = args.login.as_deref().map(str::trim).filter(|login| !login.is_empty());
        match login {
            None => self.write(|pen| pen.answer_handover(args, kind)),
            Some(login) => {
                let password = args.password.as_deref().unwrap_or_default();
                self.write_as(login, password, |pen| pen.answer_handover(args, kind))
            }
        }
    }

    /// Writes as somebody who gives his password here; whoever is logged in stays so.
    pub(super) fn write_as(
        &self,
        login: &str,
        password: &str,
        write: impl FnOnce(&mut Pen<'_>) -> Result<Written, DoorError>,
    ) -> Result<Written, DoorError> {
        let written = {
            let mut console = self.console();
            let visit: Session = console
                .begin_visit(login, password)
                .map_err(|error| DoorError::from(error).at("password"))?;
            let done = if visit.must_change_password {
                let message = "您的密码已被重置，请先登录并修改密码，再来办理。";
                Err(DoorError::new(DoorCode::NotAllowed, message).at("password"))
            } else {
                self.write_under(&mut console, &visit, write)
            };
            // Closed whatever came of the act.
            console.end_visit(&visit)?;
            done?
        };
        Ok(self.told(((), written)).1)
    }
}
