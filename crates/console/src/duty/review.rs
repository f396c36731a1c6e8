//! The review of a month: submitted, returned, approved, consented, published, seen, confirmed.

use crate::door::dto::{DoorError, RosterAct, RosterConsent, Written};
use crate::order::{Pen, stated_date};
use zaigang_domain::duty::month::payload::{Consented, Said};
use zaigang_domain::people::Role;

impl Pen<'_> {
    /// Submits the cells for review.
    ///
    /// # Errors
    /// Not now where nothing differs from what is published.
    pub fn submit_roster(&mut self, args: &RosterAct) -> Result<Written, DoorError> {
        let roster = self.desk().roster(&args.month)?;
        let nothing = roster.month.cells_of(0).is_none_or(|cells| cells.is_empty());
        if nothing && roster.month.published.is_none() {
            return Err(DoorError::not_now("排班表还是空的，请先编排再提交。"));
        }
        self.act_on(&roster, "roster.submitted", &said(args), &args.idempotency_key, "已提交审核")
    }

    /// Sends it back with words.
    ///
    /// # Errors
    /// Bad input without words.
    pub fn return_roster(&mut self, args: &RosterAct) -> Result<Written, DoorError> {
        self.roster_act(
            &args.month,
            "roster.returned",
            &said(args),
            &args.idempotency_key,
            "已退回，可以继续编排",
        )
    }

    /// Approves it.
    ///
    /// # Errors
    /// Not allowed for whoever submitted it while another supervisor is there.
    pub fn approve_roster(&mut self, args: &RosterAct) -> Result<Written, DoorError> {
        let desk = self.desk();
        let roster = desk.roster(&args.month)?;
        let own = self.actor.is(roster.month.submitted_by.as_ref());
        let said = Said { alone: own && desk.is_alone(&roster), ..said(args) };
        self.act_on(&roster, "roster.approved", &said, &args.idempotency_key, "已审核，待采购人同意")
    }

    /// The buyer's own consent, or one recorded from a paper.
    ///
    /// # Errors
    /// Bad input without unit and paper, but for the buyer's account.
    pub fn consent_roster(&mut self, args: &RosterConsent) -> Result<Written, DoorError> {
        let date = stated_date(args.date.as_deref(), "date")?;
        let (who, paper) = (args.who.trim().to_owned(), args.paper.trim().to_owned());
        let own = self.actor.has(Role::BuyerContact);
        for (text, field, message) in [
            (&who, "who", "请写明同意的单位或岗位（不写姓名）。"),
            (&paper, "paper", "请写明依据文件：名称，连同文号或日期。"),
        ] {
            if text.is_empty() && !own {
                return Err(DoorError::bad_input(message).at(field));
            }
        }
        let consented = Consented { who, date, paper };
        self.roster_act(
            &args.month,
            "roster.consented",
            &consented,
            &args.idempotency_key,
            "已记录采购人同意，可以发布",
        )
    }

    /// Publishes what was consented to; breaches block it unless they were let pass.
    ///
    /// # Errors
    /// Not now with breaches.
    pub fn publish_roster(&mut self, args: &RosterAct) -> Result<Written, DoorError> {
        let desk = self.desk();
        let roster = desk.roster(&args.month)?;
        let cells = roster.month.cells_of(0).unwrap_or_default();
        let checked = desk.compiled(&roster)?;
        let problems = desk.problems(&roster, &checked, &cells);
        let open: Vec<_> =
            problems.iter().filter(|one| one.severity == "hard" && one.waived.is_none()).collect();
        if let Some(first) = open.first() {
            return Err(DoorError::not_now(format!(
                "还有 {} 个问题不能发布，请先解决或写明理由放行。第一个：{}",
                open.len(),
                first.text
            )));
        }
        let version = roster.month.version() + 1;
        let said = Said { version, on: Some(roster.today), ..said(args) };
        let message = format!("已发布第 {version} 版，班次有变的人员同步后可见");
        self.act_on(&roster, "roster.published", &said, &args.idempotency_key, &message)
    }

    /// The person saw what changed for him, or confirms it.
    ///
    /// # Errors
    /// Not now where nothing changed for him.
    pub fn know_roster(&mut self, args: &RosterAct, confirms: bool) -> Result<Written, DoorError> {
        let roster = self.desk().roster(&args.month)?;
        let said = Said { version: roster.month.version(), ..said(args) };
        let (kind, message) =
            if confirms { ("roster.confirmed", "已确认") } else { ("roster.seen", "已阅") };
        self.act_on(&roster, kind, &said, &args.idempotency_key, message)
    }
}

fn said(args: &RosterAct) -> Said {
    Said { text: args.text.trim().to_owned(), ..Said::default() }
}
