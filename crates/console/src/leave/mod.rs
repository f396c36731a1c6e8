//! 请假: who is away when, what waits for whose word, and who stands in.
//!
//! Promises: what a person may do is asked of the domain with the very act the key would write; the reason is
//! shown to the person, to whoever wrote it down, and to those who decide. Left out: rosters and attendance,
//! which read the leaves of the log.

mod act;
mod words;

use crate::door::dto::{
    DoorError, LeaveArgs, LeaveAsk, LeaveCheck, LeaveKindDto, LeaveList, LeaveMay, LeaveRow, LeaveStep,
};
use crate::order::{Desk, day_dto};
use crate::staff::{Team, colleague, leaves_beside};
use crate::store::StoreError;
use jiff::civil::Date;
use zaigang_domain::calendar::{Calendar, format_instant};
use zaigang_domain::duty::AGREED;
use zaigang_domain::duty::leave::{
    Act, Answered, ChainStage, Consent, DAYS_MAX, Decided, Leave, LeaveKind, REASON, Said, Stage, Step,
    Substituted, Why, Withdrawn, dates, legal, workdays,
};
use zaigang_domain::event::{EntityId, UserId};
use zaigang_domain::judge::Beside;
use zaigang_domain::people::Role;

/// Own leaves shown whatever the month.
const OWN_MAX: usize = 20;

/// What kind of leave a person is on, on a day: a granted one, or an emergency that nobody refused.
pub(crate) fn away_on(facts: &Beside, person: &str, date: Date) -> Option<LeaveKind> {
    let mut leaves = facts.leaves().filter(|leave| leave.counts() && leave.overlaps(date, date));
    leaves.find(|leave| leave.person.as_str() == person).map(|leave| leave.kind)
}

impl Desk<'_> {
    /// Leaves of a month, and whatever waits for a word.
    ///
    /// # Errors
    /// Bad input for a month that is none; not now where this console holds no common log.
    pub fn leave_list(&self, args: &LeaveArgs) -> Result<LeaveList, DoorError> {
        let team = self.team(args.contract.as_deref())?;
        let (first, last) = month(args.month.as_deref(), team.today)?;
        let calendar = self.calendar()?;
        let mut shown: Vec<(&EntityId, &Leave)> = leaves_beside(&team).collect();
        shown.sort_by_key(|(_, leave)| (std::cmp::Reverse(leave.from), leave.person.clone(), leave.asked_in));
        let mut own = 0;
        shown.retain(|(_, leave)| {
            own += usize::from(self.actor.is(Some(&leave.person)));
            let waits = leave.is_live() && (leave.stage == Stage::Asked || chain_waits(leave));
            let mine = self.actor.is(Some(&leave.person)) && own <= OWN_MAX;
            (leave.overlaps(first, last) && leave.stage != Stage::Withdrawn) || waits || mine
        });
        let rows = shown.into_iter().map(|(id, leave)| self.leave_row(&team, &calendar, id, leave));
        let kind = |kind: LeaveKind| LeaveKindDto {
            code: kind.code().to_owned(),
            name: kind.title().to_owned(),
            letter: kind.letter().to_owned(),
        };
        let (rule, source) = substitute_rule(&team);
        let chiefs: Result<Vec<String>, StoreError> =
            team.chiefs(self.actor).iter().map(|chief| self.name(chief.as_str())).collect();
        Ok(LeaveList {
            month: first.strftime("%Y-%m").to_string(),
            today: team.today.to_string(),
            days: dates(first, last).map(|date| day_dto(&calendar, date)).collect(),
            leaves: rows.collect::<Result<_, _>>()?,
            kinds: LeaveKind::ALL.map(kind).to_vec(),
            people: team.people.iter().map(colleague).collect(),
            me: self.actor.user().map(ToString::to_string).unwrap_or_default(),
            deputy_for: chiefs?.join("、"),
            substitute_rule: rule,
            substitute_source: source,
            contract: team.contract,
        })
    }

    /// What a request would come to, without writing it.
    ///
    /// # Errors
    /// Bad input naming the field; not now where this console holds no common log.
    pub fn check_leave(&self, args: &LeaveAsk) -> Result<LeaveCheck, DoorError> {
        let team = self.team(args.contract.as_deref())?;
        let asked = self.asked(args)?;
        let calendar = self.calendar()?;
        let days = zaigang_domain::duty::leave::days(asked.from, asked.to);
        let fits = (1..=DAYS_MAX).contains(&days);
        let due = calendar.workday_after(team.today, 1).filter(|_| asked.emergency);
        let worked = fits.then(|| workdays(asked.from, asked.to, &calendar)).flatten();
        let problem = legal(None, &Act::Asked(asked), self.actor, &team.contract, &team.beside).err();
        Ok(LeaveCheck {
            days: u32::try_from(days).unwrap_or(0),
            workdays: worked,
            problem: problem.map(|objection| objection.message),
            due: due.map(|date| date.to_string()),
        })
    }

    fn leave_row(
        &self,
        team: &Team,
        calendar: &Calendar,
        id: &EntityId,
        leave: &Leave,
    ) -> Result<LeaveRow, DoorError> {
        let person = team.person(leave.person.as_str());
        let substitute = leave.substitute.as_ref();
        let due = leave.consent_due(calendar);
        let may = self.may_do(team, leave);
        Ok(LeaveRow {
            id: id.to_string(),
            person: leave.person.to_string(),
            name: self.name(leave.person.as_str())?,
            division: person.map(|person| person.divisions.join("、")).unwrap_or_default(),
            kind: leave.kind.code().to_owned(),
            kind_name: leave.kind.title().to_owned(),
            letter: leave.kind.letter().to_owned(),
            from: leave.from.to_string(),
            to: leave.to.to_string(),
            days: u32::try_from(leave.days()).unwrap_or(0),
            workdays: workdays(leave.from, leave.to, calendar),
            emergency: leave.emergency,
            reason: self.reason(team, leave)?,
            stage: leave.stage.code().to_owned(),
            stage_name: leave.stage.title().to_owned(),
            counts: leave.counts(),
            steps: self.leave_steps(leave)?,
            substitute: substitute.map(|s| self.name(s.person.as_str())).transpose()?,
            substitute_stage: substitute.map(|s| s.stage.code().to_owned()),
            substitute_name: substitute.map(|s| s.stage.title().to_owned()),
            stands_in: leave.stand_in().is_some(),
            overdue: due.is_some_and(|due| due < team.today),
            due: due.map(|date| date.to_string()),
            may,
            pending: !leave.pending.is_empty(),
            mine: self.actor.is(Some(&leave.person)),
        })
    }

    /// Why, for the person, for whoever wrote it down, and for those who decide.
    fn reason(&self, team: &Team, leave: &Leave) -> Result<Option<String>, StoreError> {
        let own = self.actor.is(Some(&leave.person)) || self.actor.is(leave.asked_by.as_ref());
        let decides = self.approver_for(team, &leave.person).is_some();
        if !own && !decides {
            return Ok(None);
        }
        let Some(text) = self.store.sealed_part(leave.asked_in, REASON)? else { return Ok(None) };
        let why: Why = serde_json::from_str(&text)?;
        Ok(Some(why.text).filter(|text| !text.is_empty()))
    }

    /// As whom this person decides about somebody today: `Some(None)` as himself, else for an approver.
    pub(crate) fn approver_for(&self, team: &Team, person: &UserId) -> Option<Option<UserId>> {
        use zaigang_domain::duty::staff::{Standing, stands_in};
        let chiefs = team.chiefs(self.actor).into_iter().map(Some);
        std::iter::once(None).chain(chiefs).find(|chief| {
            let standing = Standing { for_user: chief.as_ref(), on: team.today };
            stands_in(self.actor, person, standing, &team.contract, &team.beside).is_ok()
        })
    }

    fn may_do(&self, team: &Team, leave: &Leave) -> LeaveMay {
        let may = |act: Act| legal(Some(leave), &act, self.actor, &team.contract, &team.beside).is_ok();
        let on = team.today;
        let for_user = self.approver_for(team, &leave.person).flatten();
        let decided = Decided { approve: true, on, for_user: for_user.clone(), words: String::new() };
        let next = leave.substitute.as_ref().and_then(|substitute| substitute.stage.next());
        let answer = |step: Step, consent: Option<Consent>| {
            Act::Answered(Answered {
                step,
                approve: true,
                on,
                for_user: for_user.clone(),
                words: String::new(),
                consent,
            })
        };
        let told = Consent { unit: "-".to_owned(), paper: "-".to_owned(), date: Some(on) };
        let recorded = next.filter(|step| may(answer(*step, Some(told.clone()))));
        let mut others = team.people.iter().filter_map(|person| UserId::new(&person.id).ok());
        LeaveMay {
            withdraw: may(Act::Withdrawn(Withdrawn { on })),
            decide: may(Act::Decided(decided)),
            substitute: others.any(|person| may(Act::Substituted(Substituted { person }))),
            records_buyer: recorded == Some(Step::Buyer) && !self.actor.has(Role::BuyerContact),
            answer: recorded.map(|step| step.code().to_owned()),
        }
    }

    fn leave_steps(&self, leave: &Leave) -> Result<Vec<LeaveStep>, StoreError> {
        let by = self.optional_name(leave.asked_by.as_ref())?;
        let behalf = leave.asked_by.as_ref() != Some(&leave.person);
        let mut steps = vec![LeaveStep {
            step: "asked".to_owned(),
            name: "申请".to_owned(),
            state: "done".to_owned(),
            by,
            at: Some(format_instant(leave.asked_at)),
            text: if behalf { "代记".to_owned() } else { String::new() },
        }];
        steps.push(self.said_step(
            "decision",
            "审批",
            leave.decision.as_ref(),
            leave.stage == Stage::Asked,
            "项目经理",
        )?);
        let Some(substitute) = &leave.substitute else { return Ok(steps) };
        for step in Step::ALL {
            let next = leave.is_live() && substitute.stage.next() == Some(step);
            let asked = match step {
                Step::Substitute => self.name(substitute.person.as_str())?,
                Step::Manager | Step::Buyer => step.title().to_owned(),
            };
            steps.push(self.said_step(
                step.code(),
                step.title(),
                substitute.said.get(&step),
                next,
                &asked,
            )?);
        }
        Ok(steps)
    }

    fn said_step(
        &self,
        step: &str,
        name: &str,
        said: Option<&Said>,
        next: bool,
        asked: &str,
    ) -> Result<LeaveStep, StoreError> {
        let state = match said {
            Some(said) if said.approve => "done",
            Some(_) => "refused",
            None if next => "next",
            None => "waiting",
        };
        Ok(LeaveStep {
            step: step.to_owned(),
            name: name.to_owned(),
            state: state.to_owned(),
            by: match said {
                Some(said) => self.said_by(said)?,
                None => asked.to_owned(),
            },
            at: said.map(|said| format_instant(said.at)),
            text: said.map(said_text).unwrap_or_default(),
        })
    }

    fn said_by(&self, said: &Said) -> Result<String, StoreError> {
        let name = |user: Option<&UserId>| user.map(|user| self.name(user.as_str())).transpose();
        let by = name(said.by.as_ref())?.unwrap_or_default();
        Ok(match name(said.for_user.as_ref())? {
            Some(chief) => format!("{by}（代{chief}）"),
            None => by,
        })
    }
}

fn said_text(said: &Said) -> String {
    let mut parts = Vec::new();
    if let Some(consent) = &said.consent {
        let date = consent.date.map(|date| date.to_string()).unwrap_or_default();
        parts.push(format!("{} {date}，凭{}", consent.unit, consent.paper));
    }
    parts.extend(Some(said.words.clone()).filter(|words| !words.is_empty()));
    parts.join("；")
}

fn chain_waits(leave: &Leave) -> bool {
    leave.substitute.as_ref().is_some_and(|s| !matches!(s.stage, ChainStage::Consented | ChainStage::Refused))
}

fn substitute_rule(team: &Team) -> (String, String) {
    team.rules.substitute.clone().unwrap_or_else(|| {
        let words =
            "驻场人员缺岗须有替班人，依次经替班人、项目经理、采购人同意；紧急时先顶岗，一个工作日内补办";
        (words.to_owned(), AGREED.to_owned())
    })
}

/// First and last day of `2025-10`, or of the month of `today`.
fn month(text: Option<&str>, today: Date) -> Result<(Date, Date), DoorError> {
    let text = text.filter(|text| !text.trim().is_empty());
    let first = text.map_or_else(|| Ok(today.first_of_month()), crate::duty::first_day)?;
    Ok((first, first.last_of_month()))
}
