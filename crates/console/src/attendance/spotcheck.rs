//! 抽查记录: noted by whoever oversees, with the 去向 of that moment; explained by the person himself.

use jiff::Timestamp;
use zaigang_domain::attendance::{
    SpotCheck, SpotExplained, SpotNoted, ToldThen, UNIT_CHARS_MAX, spotcheck_of,
};
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::AGREED;
use zaigang_domain::event::{EntityId, EventId, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{Role, Told, whereabouts_of};

use super::clock_text;
use super::write::worded;
use crate::door::dto::{
    DoorError, SpotArgs, SpotExplain, SpotExplanation, SpotList, SpotNote, SpotRow, Written,
};
use crate::host::new_id;
use crate::order::{Desk, Pen, already, key, stated_time};
use crate::staff::{Team, colleague};
use crate::store::StoreError;

/// Roles that note checks: those of the event's row.
const NOTING: [Role; 4] = [Role::Dispatcher, Role::Supervisor, Role::BuyerContact, Role::Overseer];
/// How long afterwards a check is written down, in days. A guess: a month.
const DAYS_BACK_MAX: i64 = 31;

impl Desk<'_> {
    /// Checks of a month: of one's scope for those who note them, else one's own.
    ///
    /// # Errors
    /// Bad input for an unreadable month; not now where this console holds no common log.
    pub fn spot_checks(&self, args: &SpotArgs) -> Result<SpotList, DoorError> {
        let team = self.team(None)?;
        let first = super::month_of(args.month.as_deref(), team.today)?;
        let may_note = NOTING.iter().any(|role| self.actor.has(*role));
        let mut rows = Vec::new();
        for (id, check) in self.checks(&team)? {
            let within = civil_date(check.noted.at).first_of_month() == first;
            if within && self.sees_check(&team, &check, may_note) {
                rows.push(self.spot_row(&team, &id, &check)?);
            }
        }
        rows.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        let whom = team.people.iter().filter(|one| may_note && one.onsite && !self.is_me(&one.id));
        let whom = whom.filter(|one| self.reaches(one, &team.contract));
        Ok(SpotList {
            month: first.strftime("%Y-%m").to_string(),
            rows,
            people: whom.map(colleague).collect(),
            may_note,
            rule: format!("抽查不在岗的，由本人当天说明去向（{AGREED}）。"),
        })
    }

    pub(super) fn checks(&self, team: &Team) -> Result<Vec<(EntityId, SpotCheck)>, StoreError> {
        let states = self.store.states(&team.log, "spotcheck")?.into_iter();
        Ok(states
            .filter_map(|(id, state)| match state {
                EntityState::SpotCheck(check) => Some((id, *check)),
                _ => None,
            })
            .collect())
    }

    fn sees_check(&self, team: &Team, check: &SpotCheck, may_note: bool) -> bool {
        let person = &check.noted.person;
        let scope = team.person(person.as_str()).is_some_and(|one| self.reaches(one, &team.contract));
        self.actor.is(Some(person)) || (may_note && scope)
    }

    fn spot_row(&self, team: &Team, id: &EntityId, check: &SpotCheck) -> Result<SpotRow, DoorError> {
        let noted = &check.noted;
        let person = team.person(noted.person.as_str());
        let (state, state_name) = self.spot_state(check);
        let checker = match noted.unit.as_str() {
            "" => self.optional_name(check.by.as_ref())?,
            unit => unit.to_owned(),
        };
        let explanation = |one: &zaigang_domain::attendance::Explanation| SpotExplanation {
            words: one.words.clone(),
            at: format_instant(one.at),
        };
        Ok(SpotRow {
            id: id.to_string(),
            person: noted.person.to_string(),
            name: self.name(noted.person.as_str())?,
            division: person.map(|person| person.divisions.join("、")).unwrap_or_default(),
            at: format_instant(noted.at),
            found: noted.found,
            checker,
            told: noted.told.map_or_else(|| "当时没有登记去向".to_owned(), told_text),
            note: noted.note.clone(),
            explained: check.explained.iter().map(explanation).collect(),
            state: state.to_owned(),
            state_name: state_name.to_owned(),
            may_explain: self.actor.is(Some(&noted.person)) && !noted.found,
            pending: check.pending,
        })
    }

    fn spot_state(&self, check: &SpotCheck) -> (&'static str, &'static str) {
        if check.noted.found {
            return ("found", "在岗");
        }
        let over = civil_date(self.now) > civil_date(check.noted.at);
        match (check.owes_explanation(), check.is_explained_in_time()) {
            (true, _) if over => ("overdue", "不在岗，当天未说明"),
            (true, _) => ("owed", "不在岗，待本人当天说明"),
            (false, true) => ("explained", "不在岗，当天已说明"),
            (false, false) => ("late", "不在岗，次日以后才说明"),
        }
    }

    /// What a person had told of where he is, at a moment.
    fn told_at(&self, person: &UserId, at: Timestamp) -> Result<Option<ToldThen>, StoreError> {
        let steps = self.store.timeline(whereabouts_of(person).as_str())?;
        let told =
            steps.iter().filter(|step| step.kind == "whereabouts.told" && step.at() <= at.as_millisecond());
        let last = told.max_by_key(|step| step.at());
        Ok(last.and_then(|step| {
            let told: Told = serde_json::from_str(&step.payload).ok()?;
            let since = Timestamp::from_millisecond(step.at()).ok()?;
            // A word of an earlier day says nothing of this one.
            (civil_date(since) == civil_date(at)).then_some(ToldThen { at: told.at, since })
        }))
    }
}

fn told_text(told: ToldThen) -> String {
    format!("{}（{} 起）", told.at.title(), clock_text(told.since))
}

impl Pen<'_> {
    /// Notes a check.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed about oneself or outside one's scope.
    pub fn note_spot_check(&mut self, args: &SpotNote) -> Result<Written, DoorError> {
        let key = key(self, "spotcheck.noted", &args.idempotency_key)?;
        let team = self.desk().team(None)?;
        let unknown = || DoorError::bad_input("请选择被抽查的驻场人员。").at("person");
        let person = team.person(args.person.trim()).filter(|one| one.onsite).ok_or_else(unknown)?;
        let message = format!("已记录抽查：{} {}", person.name, if args.found { "在岗" } else { "不在岗" });
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let noting = NOTING.iter().any(|role| self.actor.has(*role));
        let desk = self.desk();
        if !noting || desk.is_me(&person.id) || !desk.reaches(person, &team.contract) {
            let message = "抽查由项目经理、服务台、甲方联系人或监理记录，不能记录自己或负责范围以外的人。";
            return Err(DoorError::not_allowed(message));
        }
        let now = self.host.now();
        let at = stated_time(args.at.as_deref(), "at")?.unwrap_or(now);
        if at > now || (now.as_second() - at.as_second()) / 86_400 > DAYS_BACK_MAX {
            return Err(DoorError::bad_input("抽查时间不能晚于现在，也不能早于一个月前。").at("at"));
        }
        let user = UserId::new(&person.id).map_err(|_| unknown())?;
        let told = desk.told_at(&user, at)?;
        let unit = worded(&args.unit, "unit", "抽查单位")?;
        if unit.chars().count() > UNIT_CHARS_MAX {
            return Err(DoorError::bad_input(format!("抽查单位太长，最多 {UNIT_CHARS_MAX} 字。")).at("unit"));
        }
        let note = worded(&args.note, "note", "情况")?;
        let noted = SpotNoted { person: user, at, found: args.found, unit, told, note };
        let draft = self.fact("spotcheck.noted", &noted)?;
        let id = spotcheck_of(EventId(new_id(self.host)));
        self.put(&team.log, &id, draft, &key, message)
    }

    /// Explains a check of oneself.
    ///
    /// # Errors
    /// Bad input without words; not allowed about another; not found.
    pub fn explain_spot_check(&mut self, args: &SpotExplain) -> Result<Written, DoorError> {
        let key = key(self, "spotcheck.explained", &args.idempotency_key)?;
        let missing = || DoorError::not_found("本机没有这条抽查记录，请同步后重试。").at("id");
        let (_, log) = self.desk().common_log(None)?;
        let id = EntityId::new(args.id.trim()).map_err(|_| missing())?;
        let Some(EntityState::SpotCheck(check)) = self.store.entity_in(log.as_str(), id.as_str())? else {
            return Err(missing());
        };
        let message = "已说明，项目经理可以看到".to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        if !self.actor.is(Some(&check.noted.person)) {
            return Err(DoorError::not_allowed("抽查只能由被抽查的本人说明。"));
        }
        let words = worded(&args.words, "words", "说明")?;
        if words.is_empty() {
            return Err(DoorError::bad_input("请写明当时的去向和原因。").at("words"));
        }
        let draft = self.fact("spotcheck.explained", &SpotExplained { words })?;
        self.put(&log, &id, draft, &key, message)
    }
}
