//! What becomes of one order: who does what when, as it goes on such a site.
//!
//! Times are drawn against the limits of 001 so that most are met, a few missed, and something is
//! always under way. Steps follow the domain's table; [`super::write`] would fail on one that does not.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::calendar::ZONE;
use zaigang_domain::contract::Object;
use zaigang_domain::event::UserId;
use zaigang_domain::order::payload::Registered;
use zaigang_domain::order::{OrderKind, Step, StepInput, Then};

use super::assets::{Assets, Person};
use super::plan::{Act, Subject, What};
use super::random::Random;

/// What is known of an order before anybody touches it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The texts.
    pub assets: &'a Assets,
    /// The object.
    pub object: &'a Object,
    /// The form.
    pub form: &'a Registered,
    /// What it is about.
    pub subject: &'a Subject,
    /// Whether it was reported on a day that is worked.
    pub worked: bool,
}

/// Draws the acts of an order.
///
/// # Errors
/// When the committed texts have nobody or nothing for it.
pub fn run(case: &Case<'_>, random: &mut Random) -> Result<Vec<Act>> {
    let mut course = Course::start(case, random)?;
    if case.form.kind == OrderKind::WorkRecord {
        course.daily();
    } else {
        course.registered()?;
        course.taken();
        course.worked_on();
        course.ended();
    }
    Ok(course.acts)
}

struct Course<'a, 'r> {
    case: &'a Case<'a>,
    random: &'r mut Random,
    engineer: &'a Person,
    desk: &'a Person,
    /// The remote engineer for whom the colleague on site records.
    remote: Option<&'a Person>,
    /// The moment the course has come to.
    at: Timestamp,
    acts: Vec<Act>,
}

impl<'a, 'r> Course<'a, 'r> {
    fn start(case: &'a Case<'a>, random: &'r mut Random) -> Result<Self> {
        let engineers = case.assets.engineers(&case.object.id, &case.form.division);
        let engineer = *random.pick(&engineers).context("nobody on site")?;
        let desks: Vec<&Person> =
            case.assets.people.iter().filter(|person| person.has("dispatcher")).collect();
        let desk = *random.pick(&desks).context("no service desk")?;
        let remote = case.assets.remote(&case.object.id).filter(|_| random.chance(500));
        Ok(Self { case, random, engineer, desk, remote, at: case.form.reported_at, acts: Vec::new() })
    }

    /// One line of a daily service: written down when it is done, closed at once.
    fn daily(&mut self) {
        self.remote = None;
        self.act(self.engineer, What::Register(Then::Accept));
        if self.random.chance(600) {
            self.pass(1, 8, 25);
            self.take(Step::StartWork, &[]);
        }
        self.pass(3, 20, 70);
        let done = self.case.subject.done.clone();
        self.take(Step::Restore, &[("text", &done)]);
        self.pass(0, 2, 30);
        self.take(Step::Close, &[]);
        self.entered();
    }

    fn registered(&mut self) -> Result<()> {
        match self.case.form.channel.as_str() {
            "dispatch" | "alarm" => {
                self.pass(1, 2, 4);
                let pool = self.random.chance(600);
                let charged = self.remote.unwrap_or(self.engineer);
                let then = if pool { Then::Pool } else { Then::DispatchTo(UserId::new(&charged.login)?) };
                self.act(self.desk, What::Register(then));
                if !pool && self.remote.is_none() && self.random.chance(40) {
                    self.sent_back();
                }
            }
            _ => {
                self.remote = None;
                // By phone or at the door: written down soon; in one case of five later the same day,
                // with the time at which the call was answered.
                if self.random.chance(200) {
                    let answered = self.random.between(60, 480);
                    self.pass(15, 40, 110);
                    self.act(self.engineer, What::Register(Then::Nothing));
                    let claimed_at =
                        self.case.form.reported_at.checked_add(SignedDuration::from_secs(answered))?;
                    let text = self.text(|steps| &steps.respond);
                    let input =
                        StepInput { claimed_at: Some(claimed_at), ..StepInput::of(&[("text", &text)]) };
                    self.act(self.engineer, What::Take(Step::Respond, input));
                    self.take(Step::Accept, &[]);
                } else {
                    self.pass(1, 4, 9);
                    self.act(self.engineer, What::Register(Then::Accept));
                }
            }
        }
        Ok(())
    }

    /// Sent to the wrong one and back; then to whoever is free.
    fn sent_back(&mut self) {
        self.pass(2, 6, 20);
        let reason = self.text(|steps| &steps.return_reason);
        self.by(self.engineer, Step::Return, &[("reason", &reason)]);
        self.pass(1, 4, 9);
        self.by(self.desk, Step::Dispatch, &[]);
    }

    fn taken(&mut self) {
        let limit = response_limit_minutes(self.case);
        if !matches!(self.case.form.channel.as_str(), "dispatch" | "alarm") {
            return; // taken with the registration
        }
        // Six of a hundred are answered too late.
        if self.random.chance(60) {
            self.pass(limit, limit * 5 / 4, limit * 2)
        } else {
            self.pass(1, limit / 4, limit * 3 / 4)
        }
        self.take(Step::Accept, &[]);
        if self.random.chance(20) {
            let urge = self.text(|steps| &steps.urge);
            self.pass(5, 15, 40);
            self.by(self.desk, Step::Urge, &[("text", &urge)]);
        }
    }

    fn worked_on(&mut self) {
        let incident = self.case.form.kind == OrderKind::Incident;
        if self.random.chance(650) {
            self.pass(1, 3, 8);
            let text = self.text(|steps| &steps.respond);
            self.take(Step::Respond, &[("text", &text)]);
        }
        self.rest();
        if self.remote.is_none() && self.random.chance(if incident { 850 } else { 550 }) {
            self.pass(3, 12, 30);
            let text = self.text(|steps| &steps.arrive);
            self.take(Step::Arrive, &[("text", &text)]);
        }
        if self.random.chance(450) {
            self.pass(1, 4, 12);
            self.take(Step::StartWork, &[]);
        }
        if self.random.chance(if incident { 750 } else { 250 }) {
            self.pass(4, 20, 60);
            let found = self.case.subject.found.clone();
            self.take(Step::Diagnose, &[("text", &found)]);
        }
        if self.random.chance(300) {
            self.pass(2, 10, 40);
            let text = self.text(|steps| &steps.note);
            self.take(Step::Note, &[("text", &text)]);
        }
        if incident {
            self.fault();
        }
        if self.remote.is_none() && self.random.chance(if incident { 70 } else { 25 }) {
            self.waits();
        }
    }

    /// What happens to faults only.
    fn fault(&mut self) {
        if self.case.form.level.as_deref() == Some("1") {
            self.pass(2, 6, 15);
            let text = format!("{}影响范围大，已报项目经理。", self.case.subject.title);
            self.take(Step::Escalate, &[("to", "项目经理"), ("text", &text)]);
        }
        if self.remote.is_none() && self.random.chance(150) {
            self.pass(5, 15, 45);
            let text = self.text(|steps| &steps.workaround);
            self.take(Step::Workaround, &[("text", &text)]);
        }
        if self.random.chance(80) {
            self.pass(10, 30, 90);
            let serial = self.random.between(100_000, 999_999);
            let (old, new) = (format!("YS{serial}"), format!("YS{}", serial + 7));
            self.take(
                Step::Swap,
                &[("text", "更换备件，旧件留存。"), ("old_serial", &old), ("new_serial", &new)],
            );
        }
        if self.case.form.level.as_deref() == Some("4") && self.random.chance(20) {
            let reason = self.text(|steps| &steps.raise_reason);
            self.pass(2, 8, 20);
            self.by(self.desk, Step::ChangeLevel, &[("level", "3"), ("reason", &reason)]);
        }
    }

    /// Suspended for hours or until another day.
    fn waits(&mut self) {
        self.pass(2, 10, 30);
        let Some([reason, party, evidence]) = self.random.pick(&self.case.assets.work.steps.pause) else {
            return;
        };
        self.take(Step::Suspend, &[("reason", reason), ("party", party), ("evidence", evidence)]);
        self.pass(90, 300, 2_600);
        self.rest();
        let text = self.text(|steps| &steps.resume);
        self.take(Step::Resume, &[("text", &text)]);
    }

    fn ended(&mut self) {
        let (usual, most) = restoration_minutes(self.case);
        if self.random.chance(30) {
            self.pass(most, most * 5 / 4, most * 2)
        } else {
            self.pass(2, usual, usual * 3)
        }
        self.rest();
        let (found, done) = (self.case.subject.found.clone(), self.case.subject.done.clone());
        if self.case.form.kind == OrderKind::Incident {
            self.take(Step::Restore, &[("text", &done), ("cause", &found), ("party", "supplier")]);
        } else {
            self.take(Step::Restore, &[("text", &done)]);
        }
        if self.random.chance(15) {
            self.pass(10, 60, 600);
            let reason = self.text(|steps| &steps.reopen_reason);
            self.by(self.engineer, Step::Reopen, &[("reason", &reason)]);
            self.pass(10, 40, 180);
            self.take(Step::Restore, &[("text", &done)]);
        }
        self.reported_on();
        // Most confirm at once; some take a day, and on the demo's last morning these stand open.
        if self.random.chance(150) {
            self.pass(240, 600, 1_900)
        } else {
            self.pass(2, 10, 90)
        }
        self.rest();
        let (who, way) = (format!("演示用户{:02}", self.random.between(1, 60)), ["paper", "phone", "onsite"]);
        let way = self.random.pick(&way).copied().unwrap_or("phone");
        let text = self.text(|steps| &steps.confirm);
        let unit = self.case.subject.unit.clone();
        self.by(
            self.engineer,
            Step::Confirm,
            &[("who", &who), ("unit", &unit), ("way", way), ("text", &text)],
        );
        self.pass(1, 8, 400);
        self.rest();
        let text = self.text(|steps| &steps.close);
        self.by(self.engineer, Step::Close, &[("text", &text)]);
        self.entered();
    }

    /// Entered in the buyer's platform when there is time for it, mostly within the working day; some are
    /// forgotten.
    fn entered(&mut self) {
        self.pass(5, 90, 600);
        self.rest();
        if self.random.chance(4) {
            return;
        }
        let number = platform_number(&self.case.form.number);
        self.by(self.engineer, Step::Enter, &[("number", &number)]);
    }

    /// Every fault owes its report within three days of its end (001:1921); one in twenty-five is late.
    fn reported_on(&mut self) {
        if self.case.form.kind != OrderKind::Incident {
            return;
        }
        if self.random.chance(40) {
            self.pass(4_330, 4_700, 6_000)
        } else {
            self.pass(10, 90, 1_400)
        }
        self.rest();
        self.by(
            self.engineer,
            Step::SubmitReport,
            &[("to", "采购人、监理"), ("text", "故障处理及分析报告已提交。")],
        );
    }

    /// A step of the engineer in charge, recorded for the remote one where he is.
    fn take(&mut self, step: Step, fields: &[(&str, &str)]) {
        let mut input = StepInput::of(fields);
        if let Some(remote) = self.remote {
            input.fields.insert("on_behalf".to_owned(), remote.login.clone());
        }
        self.act(self.engineer, What::Take(step, input));
    }

    fn by(&mut self, person: &Person, step: Step, fields: &[(&str, &str)]) {
        self.act(person, What::Take(step, StepInput::of(fields)));
    }

    fn act(&mut self, person: &Person, what: What) {
        self.acts.push(Act { at: self.at, by: person.login.clone(), what });
    }

    /// Lets time pass: mostly near `usual` minutes.
    fn pass(&mut self, low: i64, usual: i64, high: i64) {
        let seconds = self.random.skewed(low * 60, usual.max(low) * 60, high.max(usual).max(low) * 60);
        let seconds = seconds + self.random.between(1, 50);
        self.at = self.at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(self.at);
    }

    /// Small things reported on a working day wait for the next morning once the day is over.
    fn rest(&mut self) {
        if !self.case.worked || matches!(self.case.form.level.as_deref(), Some("1" | "2")) {
            return;
        }
        let local = ZONE.to_datetime(self.at);
        let next_morning = match local.hour() {
            20.. => local.date().tomorrow(),
            0..7 => Ok(local.date()),
            _ => return,
        };
        let Ok(date) = next_morning else { return };
        let second = self.random.between(8 * 3_600, 9 * 3_600);
        let midnight = ZONE.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
        if let Ok(at) = midnight.and_then(|at| at.checked_add(SignedDuration::from_secs(second))) {
            self.at = at;
        }
    }

    fn text(&mut self, choose: impl Fn(&super::assets::Steps) -> &Vec<String>) -> String {
        self.random.pick(choose(&self.case.assets.work.steps)).cloned().unwrap_or_default()
    }
}

/// The number in the buyer's platform of an order with this number: its date and serial number.
#[must_use]
pub fn platform_number(number: &str) -> String {
    let mut parts = number.split('-').skip(1);
    let (date, serial) = (parts.next().unwrap_or_default(), parts.last().unwrap_or_default());
    format!("YW{date}{serial}")
}

/// 001:52-63 by level; 60 minutes where it prints none.
fn response_limit_minutes(case: &Case<'_>) -> i64 {
    match case.form.level.as_deref() {
        Some("1") => 15,
        Some("2") => 30,
        Some("3") => 45,
        _ => 60,
    }
}

/// Usual and limit minutes until it works again.
fn restoration_minutes(case: &Case<'_>) -> (i64, i64) {
    match (case.form.kind, case.form.level.as_deref()) {
        (_, Some("1")) => (70, 240),
        (_, Some("2")) => (110, 480),
        (OrderKind::Incident, Some("3")) => (100, 1_440),
        (OrderKind::Incident, _) => (80, 2_880),
        _ => (25, 2_880),
    }
}
