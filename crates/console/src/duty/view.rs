//! The month as the grid shows it.

use super::check::{Cells, cost, coverage, loads, needed_dates};
use super::month::Roster;
use super::words::{badge, days_text, hours_text, kind_text, letters, weekday};
use crate::door::dto::{
    CellDto, CellPersonDto, ConfirmationDto, DoorError, PlaceDto, PostDto, RosterActDto, RosterCommentDto,
    RosterDayDto, RosterLeaveDto, RosterMay, RosterPersonDto, RosterStage, RosterVersionDto, RosterView,
    TakeoverDto, TemplateDto, WishDto,
};
use crate::order::{Desk, day_code};
use crate::store::{Person, StoreError};
use jiff::civil::Date;
use std::collections::BTreeSet;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::AGREED;
use zaigang_domain::duty::month::payload::DutyPost;
use zaigang_domain::duty::month::{Consent, Place, Stage, Takeover, TakeoverState, table};
use zaigang_domain::event::UserId;
use zaigang_domain::people::{Role, may};

/// Longest list of comments and acts on a screen; the newest.
const LISTED_MAX: usize = 200;

impl Desk<'_> {
    /// A month with everything the grid shows.
    ///
    /// # Errors
    /// Not found for a month that was not opened; internal when the store fails.
    pub fn roster_view(&self, month: &str) -> Result<RosterView, DoorError> {
        let roster = self.roster(month)?;
        let cells = roster.month.cells_of(0).unwrap_or_default();
        let checked = self.compiled(&roster)?;
        let problems = self.problems(&roster, &checked, &cells);
        let open = problems.iter().filter(|one| one.severity == "hard" && one.waived.is_none()).count();
        let state = &roster.month;
        let loads = loads(&roster, &checked, &cells);
        let mut people: Vec<RosterPersonDto> =
            roster.team.iter().map(|person| self.roster_person(person, &checked)).collect();
        for person in &mut people {
            person.load = loads.get(&person.id).cloned().unwrap_or_default();
        }
        let leave = checked.away.iter().map(|one| RosterLeaveDto {
            person: one.leave.person.clone(),
            from: one.leave.from.to_string(),
            to: one.leave.to.to_string(),
            letter: one.letter.clone(),
            asked: one.asked,
        });
        Ok(RosterView {
            month: state.name(),
            contract: roster.contract.clone(),
            stage: RosterStage::of(state.stage),
            stage_text: stage_text(&roster),
            version: state.version(),
            today: roster.today.to_string(),
            frozen_before: state.frozen_before(roster.today).map(|date| date.to_string()),
            days: roster.days().into_iter().map(|date| day(&roster, date)).collect(),
            posts: state.posts.iter().map(|post| post_dto(&roster, post)).collect(),
            people,
            cells: self.roster_cells(&roster)?,
            template: template(&roster),
            leave: leave.collect(),
            wishes: wishes(&roster, &cells),
            coverage: coverage(&roster, &cells),
            cost: cost(&checked, &cells),
            may: self.roster_may(&roster, open),
            comments: self.roster_comments(&roster)?,
            versions: self.roster_versions(&roster)?,
            confirmations: self.roster_confirmations(&roster),
            acts: self.roster_acts(&roster)?,
            takeovers: state.takeovers.iter().map(|one| self.roster_takeover(&roster, one)).collect(),
            problems,
            pending: state.pending,
        })
    }

    fn roster_person(&self, person: &Person, checked: &super::check::Checked) -> RosterPersonDto {
        let known = checked.known.get(&person.id).cloned().unwrap_or_default();
        let scope = &self.actor.divisions;
        let in_scope = scope.is_empty() || person.divisions.iter().any(|name| scope.contains(name));
        RosterPersonDto {
            id: person.id.clone(),
            name: person.name.clone(),
            initials: person.initials.clone(),
            division: person.divisions.join("、"),
            post: person.post.clone(),
            onsite: person.onsite,
            skills: known.skills,
            joined: known.joined.map(|date| date.to_string()),
            left: known.left.map(|date| date.to_string()),
            load: Default::default(),
            missing: known.missing,
            mine: self.actor.user().is_some_and(|user| user.as_str() == person.id),
            may_edit: self.actor.has(Role::Supervisor) && in_scope,
        }
    }

    fn roster_cells(&self, roster: &Roster) -> Result<Vec<CellDto>, StoreError> {
        let state = &roster.month;
        let mut found = Vec::new();
        // A comment can stand on a cell that nobody was ever put in.
        let spoken = state
            .comments
            .iter()
            .filter_map(|comment| Some(Place { date: comment.date?, post: comment.post.clone()? }.key()));
        let keys: BTreeSet<String> = state.cells.keys().cloned().chain(spoken).collect();
        for key in keys {
            let Some(at) = Place::of_key(&key) else { continue };
            let cell = state.cells.get(&key);
            let comments = state
                .comments
                .iter()
                .filter(|comment| comment.date == Some(at.date) && comment.post.as_ref() == Some(&at.post));
            let comments = u32::try_from(comments.count()).unwrap_or(u32::MAX);
            let pinned = state.pins.get(&key).map(|pins| pins.iter().map(ToString::to_string).collect());
            let waived = waived(roster, &at);
            if state.people(&key).is_empty() && comments == 0 && waived.is_empty() {
                continue;
            }
            let people = state.people(&key).iter().map(|id| CellPersonDto {
                id: id.to_string(),
                swapped: state.came_by_swap(&at, id),
                pending: cell.is_some_and(|cell| cell.pending),
            });
            let by = cell.and_then(|cell| cell.by.as_ref());
            found.push(CellDto {
                date: at.date.to_string(),
                post: at.post.clone(),
                people: people.collect(),
                pinned: pinned.unwrap_or_default(),
                waived,
                by: by.map(|by| self.name(by.as_str())).transpose()?,
                comments,
            });
        }
        Ok(found)
    }

    /// What the person may do now; `open` breaches stand against publishing.
    fn roster_may(&self, roster: &Roster, open: usize) -> RosterMay {
        let state = &roster.month;
        let right = |kind: &str| may(self.actor, kind, &roster.log);
        let legal = |kind: &str, payload: &str| {
            right(kind) && table::allows(kind, state, self.actor, payload).is_ok()
        };
        let said = r#"{"text":"-"}"#;
        let alone = if self.is_alone(roster) { r#"{"alone":true}"# } else { "{}" };
        let consent = r#"{"who":"-","paper":"-"}"#;
        let wished = format!(r#"{{"date":"{}","want":"none"}}"#, state.first);
        let publish = legal("roster.published", "{}");
        let mine = self.actor.user().map(UserId::as_str).unwrap_or_default();
        let confirmed = state.confirmations.get(mine).is_some_and(|known| known.confirmed_at.is_some());
        let (approve, consents) = (legal("roster.approved", alone), legal("roster.consented", consent));
        let submit = legal("roster.submitted", "{}") && self.has_news(roster);
        RosterMay {
            edit: right("roster.edited") && table::allows_stage("roster.edited", state.stage),
            submit,
            send_back: legal("roster.returned", said),
            approve,
            consent: consents,
            publish: publish && open == 0,
            comment: right("roster.commented"),
            wish: legal("roster.wished", &wished),
            confirm: legal("roster.confirmed", "{}") && !confirmed,
            swap: right("roster.swap_asked") && state.held().any(|(_, people)| holds(&people, mine)),
            take_over: right("roster.taken_over") && state.published.is_some(),
            why_not: match state.stage {
                Stage::Draft if self.actor.has(Role::Supervisor) && !submit => Some(why_no_submit(roster)),
                Stage::Submitted if !approve => {
                    Some("待另一位项目经理审核（编制与审核不能是同一人）。".to_owned())
                }
                Stage::Approved if !consents => {
                    Some("待采购人同意：由采购人账号办理，或由项目经理记录。".to_owned())
                }
                Stage::Consented if publish && open > 0 => {
                    Some(format!("还有 {open} 个问题须解决，或写明理由放行后才能发布。"))
                }
                _ => None,
            },
        }
    }

    /// Whether there is anything to submit: a first version, or a change.
    fn has_news(&self, roster: &Roster) -> bool {
        roster.month.published.is_none() || !roster.month.changes(roster.today).is_empty()
    }

    /// Whether nobody else may review for the whole contract.
    pub(super) fn is_alone(&self, roster: &Roster) -> bool {
        let me = self.actor.user().map(UserId::as_str).unwrap_or_default();
        let reviews = |person: &&Person| {
            person.id != me && !person.disabled && person.divisions.is_empty() && person.has(Role::Supervisor)
        };
        !roster.team.iter().any(|person| reviews(&person))
    }

    fn roster_comments(&self, roster: &Roster) -> Result<Vec<RosterCommentDto>, StoreError> {
        newest(&roster.month.comments)
            .iter()
            .map(|comment| {
                Ok(RosterCommentDto {
                    id: comment.id.to_string(),
                    date: comment.date.map(|date| date.to_string()),
                    post: comment.post.clone(),
                    text: comment.text.clone(),
                    by: self.by(comment.by.as_ref())?,
                    at: format_instant(comment.at),
                    pending: comment.pending,
                })
            })
            .collect()
    }

    fn by(&self, user: Option<&UserId>) -> Result<String, StoreError> {
        user.map_or_else(|| Ok("中心端".to_owned()), |user| self.name(user.as_str()))
    }

    fn roster_versions(&self, roster: &Roster) -> Result<Vec<RosterVersionDto>, StoreError> {
        let name = |user: Option<&UserId>| user.map(|user| self.name(user.as_str())).transpose();
        let versions = roster.month.versions.iter().map(|version| {
            Ok(RosterVersionDto {
                n: version.n,
                at: format_instant(version.at),
                by: self.by(version.by.as_ref())?,
                submitted_by: name(version.submitted_by.as_ref())?,
                approved_by: name(version.approved_by.as_ref())?,
                consent: version.consent.as_ref().map(|consent| self.consent_text(consent)).transpose()?,
                note: version.note.clone(),
                changes: u32::try_from(version.before.len()).unwrap_or(u32::MAX),
            })
        });
        versions.collect()
    }

    /// `科信办（2025-09-28，值班表确认单）`, or the name of the buyer's account.
    pub(super) fn consent_text(&self, consent: &Consent) -> Result<String, StoreError> {
        if consent.said.who.is_empty() {
            return self.by(consent.by.as_ref());
        }
        let date = consent.said.date.map(|date| format!("{date}，")).unwrap_or_default();
        Ok(format!("{}（{date}{}）", consent.said.who, consent.said.paper))
    }

    fn roster_confirmations(&self, roster: &Roster) -> Vec<ConfirmationDto> {
        let me = self.actor.user().map(UserId::as_str).unwrap_or_default();
        let known = roster.month.confirmations.iter().map(|(person, known)| ConfirmationDto {
            person: person.clone(),
            name: roster.name(person),
            version: known.version,
            seen_at: known.seen_at.map(format_instant),
            confirmed_at: known.confirmed_at.map(format_instant),
            mine: person == me,
        });
        known.collect()
    }

    fn roster_acts(&self, roster: &Roster) -> Result<Vec<RosterActDto>, StoreError> {
        newest(&roster.month.acts)
            .iter()
            .map(|act| {
                let kind = format!("roster.{}", act.act);
                let row = zaigang_domain::event::event_type(&kind);
                Ok(RosterActDto {
                    act: act.act.clone(),
                    title: row.map_or(act.act.as_str(), |row| row.title).to_owned(),
                    by: self.by(act.by.as_ref())?,
                    at: format_instant(act.at),
                    text: act.text.clone(),
                    pending: act.pending,
                })
            })
            .collect()
    }

    /// A takeover is to be decided by the end of the next workday: 本项目约定.
    fn roster_takeover(&self, roster: &Roster, takeover: &Takeover) -> TakeoverDto {
        let decide_by = roster.bound.calendar.workday_after(civil_date(takeover.from), 1);
        let open = takeover.state == TakeoverState::Open;
        let payload = format!(r#"{{"of":"{}","on":"{}","approve":true}}"#, takeover.id, roster.today);
        let kind = "roster.takeover_decided";
        let may_decide = may(self.actor, kind, &roster.log)
            && table::allows(kind, &roster.month, self.actor, &payload).is_ok();
        TakeoverDto {
            id: takeover.id.to_string(),
            place: PlaceDto { date: takeover.place.date.to_string(), post: takeover.place.post.clone() },
            from: format_instant(takeover.from),
            person: takeover.person.to_string(),
            instead_of: takeover.instead_of.to_string(),
            reason: takeover.reason.clone(),
            state: takeover.state.as_str().to_owned(),
            decide_by: decide_by.filter(|_| open).map(|date| date.to_string()),
            late: open && decide_by.is_some_and(|date| date < roster.today),
            may_decide,
            pending: takeover.pending,
        }
    }
}

fn holds(people: &[UserId], id: &str) -> bool {
    people.iter().any(|person| person.as_str() == id)
}

/// The last of a list, as many as a screen shows.
fn newest<T>(all: &[T]) -> &[T] {
    all.get(all.len().saturating_sub(LISTED_MAX)..).unwrap_or_default()
}

fn why_no_submit(roster: &Roster) -> String {
    match roster.month.published {
        Some(_) => "与已发布的版本没有差别，没有可提交的改动。".to_owned(),
        None => "由合同项目经理（不限总队）提交审核。".to_owned(),
    }
}

fn stage_text(roster: &Roster) -> String {
    let state = &roster.month;
    let title = state.stage.title();
    match (state.stage, state.version()) {
        (Stage::Published, n) => format!("{title}（第 {n} 版）"),
        (_, 0) => title.to_owned(),
        (_, n) => format!("{title}（第 {} 版，现行第 {n} 版）", n + 1),
    }
}

fn day(roster: &Roster, date: Date) -> RosterDayDto {
    let day = roster.bound.calendar.day(date);
    RosterDayDto {
        date: date.to_string(),
        weekday: weekday(date).to_owned(),
        kind: day_code(day.kind).to_owned(),
        badge: badge(day.kind, day.holiday).map(str::to_owned),
        holiday: day.holiday.map(str::to_owned),
        off: day.kind.is_worked() == Some(false),
    }
}

pub(super) fn post_dto(roster: &Roster, post: &DutyPost) -> PostDto {
    PostDto {
        id: post.id.clone(),
        name: post.name.clone(),
        kind: post.kind.as_str().to_owned(),
        kind_text: kind_text(post.kind).to_owned(),
        letter: letters(&roster.month.posts).remove(&post.id).unwrap_or_default(),
        shift: post.shift.as_str().to_owned(),
        hours: hours_text(post.shift).to_owned(),
        count: post.count,
        dates: needed_dates(roster, &post.id).iter().map(ToString::to_string).collect(),
        days_text: days_text(post),
        skill: post.skill.clone(),
        pair_of: post.pair_of.clone(),
        onsite: post.onsite,
        standby: post.is_standby(),
        call_in_minutes: post.call_in_minutes,
        divisions: post.divisions.clone(),
        place: post.place.clone(),
        source: post.clause.clone(),
        basis: Some(post.basis.clone().unwrap_or_else(|| AGREED.to_owned())),
    }
}

fn waived(roster: &Roster, at: &Place) -> Vec<String> {
    let mid = format!("/{}/{}/", at.date, at.post);
    let keys = roster.month.waivers.keys().filter(|key| key.contains(&mid));
    keys.filter_map(|key| key.split('/').next()).map(str::to_owned).collect()
}

/// 白 on days with office hours, for those on site.
fn template(roster: &Roster) -> Vec<TemplateDto> {
    let hours = &roster.bound.profile.hours;
    let letter = |person: &Person, date: Date| {
        let day = roster.bound.calendar.day(date);
        let division = person.divisions.first().map(String::as_str);
        let works = match hours.windows(day, division) {
            Some(windows) => !windows.is_empty(),
            None => day.kind.is_worked() == Some(true),
        };
        if works { "白".to_owned() } else { String::new() }
    };
    let onsite = roster.team.iter().filter(|person| person.onsite);
    let rows = onsite.map(|person| TemplateDto {
        person: person.id.clone(),
        letters: roster.days().into_iter().map(|date| letter(person, date)).collect(),
    });
    rows.collect()
}

fn wishes(roster: &Roster, cells: &Cells) -> Vec<WishDto> {
    let wish = |wish: &zaigang_domain::duty::month::WishOf| {
        let has = super::check::places(cells)
            .any(|(at, people)| at.date == wish.date && people.contains(&wish.person));
        WishDto {
            person: wish.person.to_string(),
            date: wish.date.to_string(),
            want: if wish.on { "on" } else { "off" }.to_owned(),
            weight: wish.weight,
            granted: has == wish.on,
        }
    };
    roster.month.wishes.values().map(wish).collect()
}
