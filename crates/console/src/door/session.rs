//! People coming and going, with the centre where it answers and without it where that is allowed.

use super::dto::{
    ChangePassword, DoorError, Enrol, KnownUser, LogIn, PunchArgs, RoleDto, SessionDto, Stage, UserDto,
    Written,
};
use super::sync::Trouble;
use super::{Door, settings};
use crate::order::instant_text;
use crate::session::{Console, Session, SessionError, Stage as ConsoleStage};
use crate::sync::driver::LinkError;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::people::{Role, UserState};

impl Door {
    pub(super) fn session_now(&self) -> Result<SessionDto, DoorError> {
        session_dto(&self.console())
    }

    fn changed_session(&self) -> Result<SessionDto, DoorError> {
        self.push(["session", "orders", "counts", "sync"].map(str::to_owned));
        self.session_now()
    }

    pub(super) async fn enrol(&self, args: Enrol) -> Result<SessionDto, DoorError> {
        if args.device_name.trim().is_empty() || args.device_name.trim().chars().count() > 40 {
            return Err(
                DoorError::bad_input("请给本机起个名字（40 字以内），如“值班室1号机”。").at("device_name")
            );
        }
        let enrolling =
            self.console().begin_enrol(&args.code, &args.device_name).map_err(|error| match error {
                SessionError::BadCode => DoorError::from(error).at("code"),
                other => other.into(),
            })?;
        let reply = self.send_unsigned(&enrolling.code, enrolling.request.clone()).await?;
        self.console().finish_enrol(enrolling, reply.status, &reply.body)?;
        self.ensure_driver()?;
        self.changed_session()
    }

    pub(super) async fn log_in(&self, args: LogIn) -> Result<SessionDto, DoorError> {
        match self.log_in_online(&args).await {
            Ok(()) => {
                self.ensure_driver()?;
                // The first round brings who this is and what he may do: the page that follows needs both.
                self.round().await;
            }
            Err(Trouble::No(error)) => return Err(error),
            Err(Trouble::Link(error)) => {
                self.log_in_offline(args, &error).await?;
                self.ensure_driver()?;
            }
        }
        self.wake();
        self.changed_session()
    }

    async fn log_in_online(&self, args: &LogIn) -> Result<(), Trouble> {
        let (door, login, password) = (self.clone(), args.login.clone(), args.password.clone());
        // Deriving a key from a password takes a while: not on the async threads.
        let begun = tokio::task::spawn_blocking(move || door.console().begin_log_in(&login, &password));
        let logging_in = begun.await.map_err(DoorError::broken)??;
        let reply = self.send_signed(logging_in.request.clone()).await?;
        let door = self.clone();
        let finish = move || door.console().finish_log_in(logging_in, reply.status, &reply.body);
        Ok(tokio::task::spawn_blocking(finish).await.map_err(DoorError::broken)??)
    }

    async fn log_in_offline(&self, args: LogIn, why: &LinkError) -> Result<(), DoorError> {
        tracing::info!(%why, "logging in without the centre");
        let door = self.clone();
        let offline = move || door.console().log_in_offline(&args.login, &args.password);
        Ok(tokio::task::spawn_blocking(offline).await.map_err(DoorError::broken)??)
    }

    pub(super) async fn change_password(&self, args: ChangePassword) -> Result<SessionDto, DoorError> {
        let door = self.clone();
        let begin = move || door.console().begin_change_password(&args.old_password, &args.new_password);
        let changing = tokio::task::spawn_blocking(begin).await.map_err(DoorError::broken)??;
        let reply = self.send_signed(changing.request.clone()).await.map_err(Trouble::told)?;
        let door = self.clone();
        let finish = move || door.console().finish_change_password(&changing, reply.status, &reply.body);
        tokio::task::spawn_blocking(finish).await.map_err(DoorError::broken)??;
        self.changed_session()
    }

    pub(super) fn log_out(&self) -> Result<SessionDto, DoorError> {
        self.discard_files()?;
        self.console().log_out()?;
        self.wake();
        self.changed_session()
    }

    pub(super) fn lock(&self) -> Result<SessionDto, DoorError> {
        self.console().lock();
        self.changed_session()
    }

    /// Punches for whoever is logged in, or for a colleague at this console by his own password.
    pub(super) fn punch(&self, args: &PunchArgs) -> Result<Written, DoorError> {
        let own = self.console().session().map(|session| session.login.clone());
        let login = args.login.as_deref().map(str::trim).filter(|login| !login.is_empty());
        match login.filter(|login| Some(*login) != own.as_deref()) {
            None => self.write(|pen| pen.punch(&args.idempotency_key)),
            Some(login) => self.write_as(login, &args.password, |pen| pen.punch(&args.idempotency_key)),
        }
    }

    pub(super) fn unlock(&self, password: &str) -> Result<SessionDto, DoorError> {
        self.console().unlock(password)?;
        self.changed_session()
    }
}

fn session_dto(console: &Console) -> Result<SessionDto, DoorError> {
    let user = console.session().map(|session| user_dto(console, session)).transpose()?;
    let slots = console.slots();
    let known = slots.map(|slots| &slots.users).into_iter().flatten().map(|slot| KnownUser {
        login: slot.login.clone(),
        name: slot.name.clone(),
        offline_until: Some(instant_text(slot.offline_until())),
    });
    Ok(SessionDto {
        stage: match console.stage() {
            ConsoleStage::NotEnrolled => Stage::NotEnrolled,
            ConsoleStage::LoggedOut => Stage::LoggedOut,
            ConsoleStage::Locked => Stage::Locked,
            ConsoleStage::Open => Stage::Open,
        },
        user,
        site: slots.map(|slots| slots.site.clone()).unwrap_or_default(),
        device: slots.map(|slots| slots.device_name.clone()).unwrap_or_default(),
        idle_lock_minutes: settings::idle_lock_minutes(console)?,
        known_users: known.collect(),
        demo: console.host().is_demo(),
        now: format_instant(console.host().now()),
    })
}

fn user_dto(console: &Console, session: &Session) -> Result<UserDto, DoorError> {
    // Before the first round the site log has not told yet who this is.
    let state = console.store()?.user(&session.user)?.unwrap_or_else(|| UserState {
        login: session.login.clone(),
        name: session.login.clone(),
        ..UserState::default()
    });
    Ok(UserDto {
        id: session.user.to_string(),
        name: state.name,
        login: session.login.clone(),
        roles: state.roles.iter().copied().map(role_dto).collect(),
        divisions: state.divisions,
        post: state.post,
        must_change_password: session.must_change_password,
    })
}

fn role_dto(role: Role) -> RoleDto {
    match role {
        Role::Engineer => RoleDto::Engineer,
        Role::Dispatcher => RoleDto::Dispatcher,
        Role::Supervisor => RoleDto::Supervisor,
        Role::StoreKeeper => RoleDto::StoreKeeper,
        Role::BuyerContact => RoleDto::BuyerContact,
        Role::Overseer => RoleDto::Overseer,
        Role::Administrator => RoleDto::Administrator,
    }
}
