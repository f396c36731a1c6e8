//! Who is acting, and what that person may do.

use crate::event::{EventType, Home, Issuer, LogKind, LogName, UserId, event_type};
use crate::people::{DeviceState, Role, Source, SourceState, UserState};

/// Who acts. Said outright: a name that is missing is nobody's, never the centre's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doer {
    /// The centre's own process.
    Centre,
    /// The centre's own process for another program, which it knows by its key.
    Source(Source),
    /// A person.
    User(UserId),
}

/// Whoever is behind an event or a screen, as far as rights go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub doer: Doer,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Contracts they hold for; empty means all.
    pub contracts: Vec<String>,
    /// Divisions they hold for; empty means all.
    pub divisions: Vec<String>,
    /// The user exists and is not disabled.
    pub enabled: bool,
    /// The device exists and is not revoked.
    pub device_active: bool,
    /// The event names a session that was open when it was written, closings told by place in the chain.
    pub session_open: bool,
}

impl Actor {
    /// The centre's own process.
    pub fn centre() -> Self {
        Self {
            doer: Doer::Centre,
            roles: Vec::new(),
            contracts: Vec::new(),
            divisions: Vec::new(),
            enabled: true,
            device_active: true,
            session_open: true,
        }
    }

    /// A user as the site log tells. `session_open` is for the caller to establish.
    pub fn of(user: UserId, state: &UserState, device: Option<&DeviceState>, session_open: bool) -> Self {
        Self {
            doer: Doer::User(user),
            roles: state.roles.clone(),
            contracts: state.contracts.clone(),
            divisions: state.divisions.clone(),
            enabled: !state.disabled,
            device_active: device.is_some_and(|d| !d.revoked),
            session_open,
        }
    }

    /// Another program as the site log tells. Its contract and divisions are its scope.
    pub fn of_source(id: &str, state: &SourceState) -> Self {
        Self {
            doer: Doer::Source(Source { id: id.to_owned(), name: state.name.clone() }),
            contracts: vec![state.contract.clone()],
            divisions: state.divisions.clone(),
            enabled: !state.revoked,
            ..Self::centre()
        }
    }

    /// A name the site log does not hold: may do nothing.
    pub fn unknown(user: UserId) -> Self {
        Self {
            doer: Doer::User(user),
            enabled: false,
            session_open: false,
            device_active: false,
            ..Self::centre()
        }
    }

    /// Whether one of the roles is held.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the person's scope covers this division of this contract.
    pub fn covers(&self, contract: &str, division: &str) -> bool {
        covers(&self.contracts, contract) && covers(&self.divisions, division)
    }

    /// Whether the person's scope reaches this contract.
    pub fn reaches(&self, contract: &str) -> bool {
        covers(&self.contracts, contract)
    }

    /// The person, unless it is the centre or another program.
    pub fn user(&self) -> Option<&UserId> {
        match &self.doer {
            Doer::Centre | Doer::Source(_) => None,
            Doer::User(user) => Some(user),
        }
    }

    /// The other program, if it is one.
    pub fn source(&self) -> Option<&Source> {
        match &self.doer {
            Doer::Source(source) => Some(source),
            Doer::Centre | Doer::User(_) => None,
        }
    }

    /// Whether this is that user.
    pub fn is(&self, user: Option<&UserId>) -> bool {
        user.is_some() && self.user() == user
    }
}

fn covers(scope: &[String], name: &str) -> bool {
    scope.is_empty() || scope.iter().any(|s| s == name)
}

/// Whether `actor` may issue events of type `kind` in `log`. A disabled user and an unknown type
/// may not; sessions and devices are the judge's to check.
pub fn may(actor: &Actor, kind: &str, log: &LogName) -> bool {
    event_type(kind)
        .is_some_and(|row| actor.enabled && lives_in(row.home, log.kind()) && held(actor, row, log))
}

fn lives_in(home: Home, log: LogKind<'_>) -> bool {
    match home {
        Home::Site => log == LogKind::Site,
        Home::Common => matches!(log, LogKind::Common { .. }),
        Home::Division => matches!(log, LogKind::Division { .. }),
        Home::Store => matches!(log, LogKind::Store { .. }),
        Home::Any => true,
    }
}

fn held(actor: &Actor, row: &EventType, log: &LogName) -> bool {
    let roles = match (row.issuer, &actor.doer) {
        (Issuer::CentreOr(_), Doer::Centre) => return true,
        (Issuer::SourceOr(_), Doer::Source(_)) => return in_scope(actor, log),
        (_, Doer::Centre | Doer::Source(_)) => return false,
        (Issuer::Anyone, Doer::User(_)) => return true,
        (Issuer::CentreOr(roles) | Issuer::SourceOr(roles) | Issuer::Roles(roles), Doer::User(_)) => roles,
    };
    actor.roles.iter().any(|role| roles.contains(role)) && in_scope(actor, log)
}

fn in_scope(actor: &Actor, log: &LogName) -> bool {
    match log.kind() {
        LogKind::Site => true,
        LogKind::Common { contract } | LogKind::Store { contract, .. } => covers(&actor.contracts, contract),
        LogKind::Division { contract, division } => actor.covers(contract, division),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;

    fn actor(roles: &[Role], contracts: &[&str], divisions: &[&str]) -> Actor {
        let state = UserState {
            roles: roles.to_vec(),
            contracts: contracts.iter().map(|s| (*s).to_owned()).collect(),
            divisions: divisions.iter().map(|s| (*s).to_owned()).collect(),
            ..UserState::default()
        };
        Actor::of(UserId::new("u1").unwrap(), &state, Some(&DeviceState::default()), true)
    }

    #[test]
    fn rights_by_role_scope_and_log() {
        let e = LogName::division("c1", "E总队").unwrap();
        let common = LogName::common("c1").unwrap();
        let site = LogName::site();
        let state = SourceState {
            name: "监控平台".into(),
            contract: "c1".into(),
            divisions: vec!["E总队".into()],
            ..SourceState::default()
        };
        let source = Actor::of_source("s1", &state);
        let engineer = actor(&[Role::Engineer], &["c1"], &["E总队"]);
        let admin = actor(&[Role::Administrator], &[], &[]);
        let table: &[(&Actor, &str, &LogName, bool)] = &[
            (&engineer, "order.accepted", &e, true),
            (&engineer, "order.accepted", &LogName::division("c1", "A总队").unwrap(), false),
            (&engineer, "order.accepted", &LogName::division("c2", "E总队").unwrap(), false),
            (&engineer, "order.accepted", &common, false),
            (&engineer, "order.merged", &e, false),
            (&engineer, "order.future", &e, false),
            (&engineer, "user.added", &site, false),
            (&engineer, "session.opened", &site, true),
            (&engineer, "session.opened", &e, false),
            (&admin, "user.added", &site, true),
            (&admin, "user.added", &e, false),
            (&admin, "order.accepted", &e, false),
            (&admin, "user.key_certified", &site, false),
            (&Actor::centre(), "user.key_certified", &site, true),
            (&Actor::centre(), "user.added", &site, true),
            (&Actor::centre(), "order.accepted", &e, false),
            (&Actor::centre(), "session.opened", &site, false),
            (&Actor::centre(), "order.registered", &e, false),
            (&source, "order.registered", &e, true),
            (&source, "order.registered", &LogName::division("c1", "A总队").unwrap(), false),
            (&source, "order.registered", &LogName::division("c2", "E总队").unwrap(), false),
            (&source, "order.dispatched", &e, true),
            (&source, "order.noted", &e, true),
            (&source, "order.alarmed", &e, true),
            (&source, "order.accepted", &e, false),
            (&source, "order.closed", &e, false),
            (&source, "source.added", &site, false),
            (&source, "user.added", &site, false),
            (&engineer, "order.alarmed", &e, false),
            (&admin, "source.added", &site, false),
            (&Actor::centre(), "source.added", &site, true),
        ];
        for (actor, kind, log, expected) in table {
            assert_eq!(may(actor, kind, log), *expected, "{kind} in {log} by {:?}", actor.roles);
        }
        assert!(!may(&Actor { enabled: false, ..engineer }, "order.accepted", &e), "disabled");
        let revoked = SourceState { revoked: true, ..state };
        assert!(!may(&Actor::of_source("s1", &revoked), "order.registered", &e), "revoked");
    }
}
