//! People, devices and log-ins: folds of the site log, roles, and what a person may do where.
//!
//! Promises: [`may`] is the only place that answers "may this person issue this type in this
//! log"; relations to one order (assignee or not) are the order's table, not this one.
//! Left out: passwords and keys as secrets (centre and console keep those), signatures (sync).

mod actor;
mod export;
mod source;
mod state;
mod whereabouts;

pub use actor::{Actor, Doer, may};
pub use export::{EXPORTS, Export, ExportMade, ExportRow, Reach, may_export};
pub use source::{Deed, RATE_PER_MINUTE_MAX, Source, SourceState, fold_source};
pub use state::{
    ChainEnd, DeviceState, Published, PublishedVersion, SessionClosed, SessionState, Settled, UserKey,
    UserState, fold_device, fold_published, fold_session, fold_user,
};
pub use whereabouts::{
    PLACE_CHARS_MAX, Told, Where, Whereabouts, fold_whereabouts, may_tell, whereabouts_of,
};

use serde::{Deserialize, Serialize};

/// A role a user can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 驻场工程师.
    Engineer,
    /// 服务台.
    Dispatcher,
    /// 项目经理.
    Supervisor,
    /// 库管员.
    StoreKeeper,
    /// 甲方联系人.
    BuyerContact,
    /// 监理.
    Overseer,
    /// 系统管理员.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] = [
        Self::Engineer,
        Self::Dispatcher,
        Self::Supervisor,
        Self::StoreKeeper,
        Self::BuyerContact,
        Self::Overseer,
        Self::Administrator,
    ];

    /// Stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Engineer => "engineer",
            Self::Dispatcher => "dispatcher",
            Self::Supervisor => "supervisor",
            Self::StoreKeeper => "store_keeper",
            Self::BuyerContact => "buyer_contact",
            Self::Overseer => "overseer",
            Self::Administrator => "administrator",
        }
    }

    /// Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Engineer => "驻场工程师",
            Self::Dispatcher => "服务台",
            Self::Supervisor => "项目经理",
            Self::StoreKeeper => "库管员",
            Self::BuyerContact => "甲方联系人",
            Self::Overseer => "监理",
            Self::Administrator => "系统管理员",
        }
    }

    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}
