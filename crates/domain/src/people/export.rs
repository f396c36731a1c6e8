//! What leaves the program: who may take out which lists, and what is kept of each time.
//!
//! Promises: [`EXPORTS`] is the only place that answers who may export what (DESIGN 5); each use is one
//! `export.made` in the site log. Left out: making the file, and what its rows hold.

use crate::people::{Actor, Role};
use serde::{Deserialize, Serialize};

/// Kinds of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// A list of orders as a table.
    Orders,
    /// Records in the field order of the buyer's platform; they can name the reporter.
    Entries,
    /// 《运维服务记录单》 on paper; it can name the reporter.
    Sheets,
    /// A month of duty: names and posts, no phones.
    Roster,
    /// 《交接班记录》, 日报 and 保障方案 on paper; they name nobody of the buyer.
    Duty,
    /// 《驻场人员考勤表》 on paper.
    Attendance,
    /// Devices under contract, without their addresses.
    Assets,
    /// Stock: models, balances, the ledger, slips, stocktakes and registers.
    Stock,
}

/// How far a role's right to an output reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Whatever the person's scope covers.
    Scope,
    /// Divisions the account names; where it names none, one division at a time.
    OwnDivision,
}

/// One row of the table of rights.
#[derive(Debug, Clone, Copy)]
pub struct ExportRow {
    /// The output.
    pub export: Export,
    /// Who.
    pub role: Role,
    /// How far.
    pub reach: Reach,
}

const fn row(export: Export, role: Role, reach: Reach) -> ExportRow {
    ExportRow { export, role, reach }
}

/// The table. What names a reporter goes to those who may read the sealed part, nobody else.
pub static EXPORTS: &[ExportRow] = &[
    row(Export::Orders, Role::Supervisor, Reach::Scope),
    row(Export::Orders, Role::Dispatcher, Reach::Scope),
    row(Export::Orders, Role::Administrator, Reach::Scope),
    row(Export::Orders, Role::Engineer, Reach::OwnDivision),
    row(Export::Entries, Role::Supervisor, Reach::Scope),
    row(Export::Entries, Role::Dispatcher, Reach::Scope),
    row(Export::Entries, Role::Engineer, Reach::OwnDivision),
    row(Export::Sheets, Role::Supervisor, Reach::Scope),
    row(Export::Sheets, Role::Dispatcher, Reach::Scope),
    row(Export::Sheets, Role::Engineer, Reach::Scope),
    row(Export::Roster, Role::Supervisor, Reach::Scope),
    row(Export::Roster, Role::Dispatcher, Reach::Scope),
    row(Export::Roster, Role::Engineer, Reach::Scope),
    row(Export::Duty, Role::Supervisor, Reach::Scope),
    row(Export::Duty, Role::Dispatcher, Reach::Scope),
    row(Export::Duty, Role::Engineer, Reach::Scope),
    row(Export::Attendance, Role::Supervisor, Reach::Scope),
    row(Export::Attendance, Role::Dispatcher, Reach::Scope),
    row(Export::Assets, Role::StoreKeeper, Reach::Scope),
    row(Export::Assets, Role::Supervisor, Reach::Scope),
    row(Export::Assets, Role::Dispatcher, Reach::Scope),
    row(Export::Assets, Role::Engineer, Reach::OwnDivision),
    row(Export::Stock, Role::StoreKeeper, Reach::Scope),
    row(Export::Stock, Role::Supervisor, Reach::Scope),
    row(Export::Stock, Role::Dispatcher, Reach::Scope),
    row(Export::Stock, Role::Engineer, Reach::Scope),
];

/// Whether a person may take out this list; `division` is the one it is narrowed to.
///
/// # Errors
/// A Chinese sentence: who may, or what to narrow first.
pub fn may_export(actor: &Actor, export: Export, division: Option<&str>) -> Result<(), &'static str> {
    let held: Vec<Reach> = EXPORTS
        .iter()
        .filter(|row| row.export == export && actor.enabled && actor.has(row.role))
        .map(|row| row.reach)
        .collect();
    if held.contains(&Reach::Scope) {
        return Ok(());
    }
    if !held.contains(&Reach::OwnDivision) {
        return Err("您的角色不能导出或打印；请由项目经理、服务台或驻场工程师办理。");
    }
    if actor.divisions.is_empty() && division.is_none() {
        return Err("您的账号不限部门，请先在筛选中选定一个部门再导出；要全部导出请由项目经理或服务台办理。");
    }
    Ok(())
}

/// Payload of `export.made`: what left the program. Never what was searched for, nor whom it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportMade {
    /// What kind of output.
    pub export: Export,
    /// What the list was, for people.
    pub what: String,
    /// Rows, or sheets of paper.
    pub rows: u32,
    /// `xlsx|csv|text|print`.
    pub format: String,
    /// BLAKE3 of the file, or of the sheets as they were handed to the printer; 64 hex digits.
    pub hash: String,
    /// The watermark written on it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub watermark: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::UserId;
    use crate::people::{DeviceState, UserState};

    fn actor(role: Role, divisions: &[&str]) -> Actor {
        let divisions = divisions.iter().map(|s| (*s).to_owned()).collect();
        let state = UserState { roles: vec![role], divisions, ..UserState::default() };
        Actor::of(UserId::new("u1").unwrap(), &state, Some(&DeviceState::default()), true)
    }

    /// Role, the account's divisions, what, narrowed to, allowed.
    type Case = (Role, &'static [&'static str], Export, Option<&'static str>, bool);

    #[test]
    fn who_may_take_out_what() {
        use Export::{Entries, Orders, Sheets};
        use Role::{Administrator, BuyerContact, Dispatcher, Engineer, Overseer, StoreKeeper, Supervisor};
        let one = Some("E总队");
        let table: &[Case] = &[
            (Supervisor, &[], Orders, None, true),
            (Dispatcher, &[], Entries, None, true),
            (Administrator, &[], Orders, None, true),
            (Administrator, &[], Entries, None, false),
            (Administrator, &[], Sheets, None, false),
            (Engineer, &["E总队"], Orders, None, true),
            (Engineer, &[], Orders, None, false),
            (Engineer, &[], Orders, one, true),
            (Engineer, &[], Entries, None, false),
            (Engineer, &[], Sheets, None, true),
            (StoreKeeper, &[], Orders, one, false),
            (BuyerContact, &[], Orders, one, false),
            (Overseer, &["E总队"], Sheets, one, false),
        ];
        for (role, divisions, export, division, expected) in table {
            let actor = actor(*role, divisions);
            assert_eq!(may_export(&actor, *export, *division).is_ok(), *expected, "{role:?} {export:?}");
            assert!(may_export(&Actor { enabled: false, ..actor }, *export, *division).is_err());
        }
    }

    #[test]
    fn whoever_may_export_may_also_write_that_he_did() {
        let site = crate::event::LogName::site();
        for row in EXPORTS {
            assert!(crate::people::may(&actor(row.role, &[]), "export.made", &site), "{:?}", row.role);
        }
    }

    /// The bytes of these payloads are in logs for ever.
    #[test]
    fn the_payload_is_frozen() {
        let json =
            r#"{"export":"entries","what":"待录入","rows":2,"format":"xlsx","hash":"ab","watermark":"甲"}"#;
        let read: ExportMade = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
