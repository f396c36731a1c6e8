//! The oracle: a second, small opinion on what the centre must answer. It shares no code with the
//! folds, the table of steps or the judge, works on plain JSON and strings, and is written from
//! SYNC 8-10 and the design's description of a work order.
//!
//! It is told every entry the centre commits, in the order of commits, and says which verdict and
//! winner it would have given. Any difference is a failed run.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An entry as the oracle sees it.
#[derive(Debug, Clone)]
pub struct Told {
    /// Event id, hex.
    pub id: String,
    /// Log.
    pub log: String,
    /// Entity.
    pub entity: String,
    /// Device, hex.
    pub device: String,
    /// Session entity, if a person did it.
    pub session: Option<String>,
    /// Type.
    pub kind: String,
    /// Version of the type.
    pub tv: u16,
    /// User, if a person did it.
    pub user: Option<String>,
    /// Whether the user's session was open, the user's signature (where asked) right, and so on:
    /// what the simulator itself arranged.
    pub standing: Standing,
    /// What a claim relied on.
    pub expect: Vec<(String, String)>,
    /// Ids it stands on.
    pub deps: Vec<String>,
    /// A member of its group failed, so that none may count.
    pub group_failed: bool,
    /// Payload text.
    pub payload: String,
    /// Verdict the centre gave: `accepted|unreconciled|rejected|parked`.
    pub verdict: String,
    /// Reason code the centre gave.
    pub reason: Option<String>,
    /// Winner the centre named.
    pub winner: Option<String>,
}

impl Told {
    fn at(&self) -> (String, String) {
        (self.log.clone(), self.entity.clone())
    }
}

/// How the author stood when the centre judged, known from what the simulator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The device was not revoked.
    pub device: bool,
    /// The event was written while its session was open on its device.
    pub session: bool,
    /// The user's own signature was there where the act needs one.
    pub consent: bool,
}

/// A user as the site log made him.
#[derive(Debug, Clone, Default)]
struct Person {
    roles: BTreeSet<String>,
    divisions: Vec<String>,
    disabled: bool,
}

/// An order as the oracle keeps it: text only.
#[derive(Debug, Clone, Default)]
pub struct Ticket {
    /// Status letter, see [`RULES`].
    status: char,
    assignee: String,
    suspended: bool,
    work_record: bool,
    frozen: bool,
    voided: bool,
    registered_by: String,
    /// Cooperations not ended: the event that asked, and whom; empty for a unit.
    assists: Vec<(String, String)>,
    fields: BTreeMap<String, String>,
    /// Field → id of the event that set it last.
    by: BTreeMap<String, String>,
}

/// What may happen: type, class (c claim, f fact), then who:from … with
/// r registered, d dispatched, a accepted, v arrived, w worked around, s restored, c confirmed,
/// x closed, m merged; who: F free engineer, A engineer in charge, E any engineer, K engineer on a
/// work record, G the engineer who wrote a work record, H an engineer asked to assist, D dispatcher,
/// S supervisor, B buyer, O overseer, * anyone.
const RULES: &[(&str, char, &str)] = &[
    ("order.accepted", 'c', "F:rd"),
    ("order.dispatched", 'c', "D:rd S:rd E:r"),
    ("order.responded", 'f', "F:rda D:rda S:rda"),
    ("order.arrived", 'f', "F:rdavw"),
    ("order.work_started", 'f', "F:rdavw"),
    ("order.diagnosed", 'f', "F:rdavw D:rdavw S:rdavw"),
    ("order.solution_given", 'f', "F:rdavw D:rdavw S:rdavw"),
    ("order.alternative_given", 'f', "F:rdavw D:rdavw S:rdavw"),
    ("order.remote_failed", 'f', "F:rdavw D:rdavw S:rdavw"),
    ("order.workaround", 'f', "F:rdav"),
    ("order.restored", 'f', "F:rdavw D:rd S:rd"),
    ("order.swapped", 'f', "F:rdavws"),
    ("order.escalated", 'f', "F:rdavw D:rdavw S:rdavw"),
    ("order.report_submitted", 'f', "E:rdavwscx D:rdavwscx S:rdavwscx"),
    ("order.suspended", 'c', "F:rdavw D:rdavw S:rdavw"),
    ("order.resumed", 'c', "F:rdavw D:rdavw S:rdavw"),
    ("order.level_changed", 'c', "F:rdavws D:rdavwsc S:rdavwsc"),
    ("order.rule_chosen", 'c', "F:rdavwsc D:rdavwsc S:rdavwscx"),
    ("order.rebound", 'c', "D:rdavwsc S:rdavwsc"),
    ("order.returned", 'c', "A:dav"),
    ("order.transferred", 'c', "A:davw D:davw S:davw"),
    ("order.confirmed", 'c', "B:s E:s D:s S:s"),
    ("order.closed", 'c', "E:c K:rdavws D:sc S:sc"),
    ("order.reopened", 'c', "B:scx E:scx D:scx S:scx"),
    ("order.merged", 'c', "D:rdavw S:rdavw"),
    ("order.reconciled", 'c', "D:rdavwscxm S:rdavwscxm"),
    ("order.urged", 'f', "B:rdavwscxm D:rdavwscxm S:rdavwscxm O:rdavwscxm"),
    ("order.supervised", 'f', "S:rdavwscxm O:rdavwscxm B:rdavwscxm"),
    ("order.called", 'f', "E:rdavwsc D:rdavwsc S:rdavwsc"),
    ("order.spot_checked", 'f', "O:rdavwscxm B:rdavwscxm E:rdavwscxm D:rdavwscxm S:rdavwscxm"),
    ("order.entered", 'f', "E:rdavwscxm D:rdavwscxm S:rdavwscxm"),
    ("order.assist_asked", 'f', "A:rdavw D:rdavw S:rdavw"),
    ("order.assist_accepted", 'f', "H:rdavwsc A:rdavwsc D:rdavwsc S:rdavwsc"),
    ("order.assist_finished", 'f', "H:rdavwsc A:rdavwsc D:rdavwsc S:rdavwsc"),
    ("order.vendor_noted", 'f', "E:rdavwscx D:rdavwscx S:rdavwscx"),
    ("order.knowledge_noted", 'f', "E:rdavwscx D:rdavwscx S:rdavwscx"),
    ("order.voided", 'c', "G:x"),
    ("order.noted", 'f', "*:rdavwscxm"),
];

const STATUS_WORDS: &[(char, &str)] = &[
    ('r', "registered"),
    ('d', "dispatched"),
    ('a', "accepted"),
    ('v', "arrived"),
    ('w', "worked_around"),
    ('s', "restored"),
    ('c', "confirmed"),
    ('x', "closed"),
    ('m', "merged"),
];

/// What may still be said of a void record.
const OF_VOID: [&str; 4] = ["order.noted", "order.reconciled", "order.urged", "order.supervised"];

/// What the oracle would have answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Verdict.
    pub verdict: &'static str,
    /// Winner, where one must be named.
    pub winner: Option<String>,
}

fn say(verdict: &'static str) -> Opinion {
    Opinion { verdict, winner: None }
}

/// The second opinion over all logs.
#[derive(Debug, Default)]
pub struct Oracle {
    people: BTreeMap<String, Person>,
    /// By log and entity: no log reaches into another's entity.
    tickets: BTreeMap<(String, String), Ticket>,
    /// Sessions opened, with user and device.
    sessions: BTreeMap<String, (String, String)>,
    revoked: BTreeSet<String>,
    verdicts: BTreeMap<String, String>,
}

impl Oracle {
    /// Whether the type is a claim, by the oracle's own table.
    #[must_use]
    pub fn is_claim(kind: &str) -> bool {
        RULES.iter().any(|(name, class, _)| *name == kind && *class == 'c')
    }

    /// Whether the type is a fact about an order.
    #[must_use]
    pub fn is_fact(kind: &str) -> bool {
        kind == "order.registered" || RULES.iter().any(|(name, class, _)| *name == kind && *class == 'f')
    }

    /// Tells it a committed entry: compares, then goes on with the centre's verdict.
    ///
    /// # Errors
    /// The difference, in words.
    pub fn tell(&mut self, told: &Told) -> Result<(), String> {
        let compared = if told.kind.starts_with("order.") { self.compare(told) } else { Ok(()) };
        self.verdicts.insert(told.id.clone(), told.verdict.clone());
        if told.verdict == "accepted" {
            self.apply(told);
        }
        compared
    }

    fn compare(&self, told: &Told) -> Result<(), String> {
        if told.group_failed {
            // All or nothing: that none of them counts is checked over the whole group (I15).
            return Ok(());
        }
        let opinion = self.opinion(told);
        if opinion.verdict != told.verdict {
            return Err(format!("oracle: {} must be {}, centre says {told:?}", told.kind, opinion.verdict));
        }
        if opinion.winner.is_some() && opinion.winner != told.winner {
            return Err(format!(
                "oracle: winner over {} must be {:?}, centre says {told:?}",
                told.kind, opinion.winner
            ));
        }
        Ok(())
    }

    fn opinion(&self, told: &Told) -> Opinion {
        let rule = RULES.iter().find(|(name, _, _)| *name == told.kind);
        let claim = rule.is_some_and(|(_, class, _)| *class == 'c');
        if (rule.is_none() && told.kind != "order.registered") || told.tv != 1 || !self.stands(told) {
            return say("parked");
        }
        if told.kind == "order.confirmed" && !told.standing.consent {
            return say("rejected");
        }
        if let Some(opinion) = self.on_deps(told, claim) {
            return opinion;
        }
        let Ok(payload) = serde_json::from_str::<Value>(&told.payload) else { return say("rejected") };
        let Some(ticket) = self.tickets.get(&told.at()) else {
            return say(if told.kind == "order.registered" { "accepted" } else { "parked" });
        };
        if ticket.frozen {
            return say("parked");
        }
        if ["text", "reason", "level"]
            .iter()
            .any(|name| payload.get(name).is_some_and(|v| !v.is_string() && !v.is_null()))
        {
            return say("rejected");
        }
        let Some((_, _, legal)) = rule else { return say("unreconciled") };
        if claim {
            for (field, value) in &told.expect {
                if ticket.value(field) != *value {
                    return Opinion { verdict: "rejected", winner: ticket.by.get(field).cloned() };
                }
            }
        }
        if self.legal(ticket, told, legal, &payload) {
            return say("accepted");
        }
        say(if claim { "rejected" } else { "unreconciled" })
    }

    /// Right, session, device.
    fn stands(&self, told: &Told) -> bool {
        let Some(person) = told.user.as_ref().and_then(|user| self.people.get(user)) else { return false };
        let division = told.log.rsplit('/').next().unwrap_or_default();
        let in_scope = person.divisions.is_empty() || person.divisions.iter().any(|d| d == division);
        let held = match RULES.iter().find(|(name, _, _)| *name == told.kind) {
            None => person.any("engineer dispatcher supervisor"),
            Some((_, _, legal)) => legal.split(' ').any(|part| match part.chars().next() {
                Some('F' | 'A' | 'E' | 'K' | 'G' | 'H') => person.any("engineer"),
                Some('D') => person.any("dispatcher"),
                Some('S') => person.any("supervisor"),
                Some('B') => person.any("buyer_contact"),
                Some('O') => person.any("overseer"),
                _ => !person.roles.is_empty(),
            }),
        };
        let opened = told.session.as_ref().and_then(|session| self.sessions.get(session));
        let session =
            opened.is_some_and(|(user, device)| Some(user) == told.user.as_ref() && *device == told.device);
        let device = told.standing.device && !self.revoked.contains(&told.device);
        device && session && told.standing.session && !person.disabled && in_scope && held
    }

    fn on_deps(&self, told: &Told, claim: bool) -> Option<Opinion> {
        let verdict = |dep: &String| self.verdicts.get(dep).map(String::as_str);
        if let Some(dep) = told.deps.iter().find(|dep| verdict(dep) == Some("rejected")) {
            let verdict = if claim { "rejected" } else { "unreconciled" };
            return Some(Opinion { verdict, winner: Some(dep.clone()) });
        }
        told.deps.iter().any(|dep| matches!(verdict(dep), None | Some("parked"))).then(|| say("parked"))
    }

    fn legal(&self, ticket: &Ticket, told: &Told, legal: &str, payload: &Value) -> bool {
        if told.kind == "order.suspended" && ticket.suspended
            || told.kind == "order.resumed" && !ticket.suspended
        {
            return false;
        }
        if ticket.voided && !OF_VOID.contains(&told.kind.as_str()) {
            return false;
        }
        let me = told.user.clone().unwrap_or_default();
        let doer = payload.get("on_behalf").and_then(Value::as_str).map_or(me.clone(), str::to_owned);
        let Some(person) = self.people.get(&me) else { return false };
        legal.split(' ').filter_map(|part| part.split_once(':')).any(|(who, from)| {
            let engineer = person.any("engineer");
            from.contains(ticket.status)
                && match who {
                    "F" => engineer && (ticket.assignee.is_empty() || ticket.assignee == doer),
                    "A" => engineer && !ticket.assignee.is_empty() && ticket.assignee == doer,
                    "E" => engineer,
                    "K" => engineer && ticket.work_record,
                    "G" => engineer && ticket.work_record && ticket.registered_by == me,
                    "H" => engineer && ticket.assists.iter().any(|(_, to)| *to == doer),
                    "D" => person.any("dispatcher"),
                    "S" => person.any("supervisor"),
                    "B" => person.any("buyer_contact"),
                    "O" => person.any("overseer"),
                    _ => true,
                }
        })
    }

    fn apply(&mut self, told: &Told) {
        let payload: Value = serde_json::from_str(&told.payload).unwrap_or(Value::Null);
        match told.kind.as_str() {
            "user.added" | "user.changed" => self.person(told, &payload),
            "user.disabled" => {
                if let Some(person) = self.people.get_mut(local(&told.entity)) {
                    person.disabled = true;
                }
            }
            "session.opened" => {
                let user = told.user.clone().unwrap_or_default();
                self.sessions.insert(told.entity.clone(), (user, told.device.clone()));
            }
            "device.revoked" => {
                self.revoked.insert(local(&told.entity).to_owned());
            }
            "order.registered" => {
                let registered_by = told.user.clone().unwrap_or_default();
                self.tickets.insert(told.at(), Ticket { registered_by, ..Ticket::new(&told.id, &payload) });
            }
            kind if kind.starts_with("order.") => {
                if let Some(ticket) = self.tickets.get_mut(&told.at()) {
                    ticket.apply(told, &payload);
                }
            }
            _ => {}
        }
    }

    fn person(&mut self, told: &Told, payload: &Value) {
        let person = self.people.entry(local(&told.entity).to_owned()).or_default();
        let list = |name: &str| {
            let items = payload.get(name)?.as_array()?;
            Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        if let Some(roles) = list("roles") {
            person.roles = roles.into_iter().collect();
        }
        if let Some(divisions) = list("divisions") {
            person.divisions = divisions;
        }
    }

    /// Status word, assignee and suspension of every order: what a projection must show.
    #[must_use]
    pub fn summary(&self) -> BTreeMap<(String, String), (String, String, bool)> {
        let line = |(at, t): (&(String, String), &Ticket)| {
            (at.clone(), (t.value("status"), t.assignee.clone(), t.suspended))
        };
        self.tickets.iter().map(line).collect()
    }
}

fn local(entity: &str) -> &str {
    entity.split_once('/').map_or("", |(_, id)| id)
}

impl Person {
    fn any(&self, roles: &str) -> bool {
        roles.split(' ').any(|role| self.roles.contains(role))
    }
}

impl Ticket {
    fn new(id: &str, payload: &Value) -> Self {
        let mut ticket = Self { status: 'r', ..Self::default() };
        ticket.work_record = payload.get("kind").and_then(Value::as_str) == Some("work_record");
        for name in ["level", "contract_hash", "calendar_hash"] {
            let value = payload.get(name).and_then(Value::as_str).unwrap_or_default();
            ticket.set(name, value, id);
        }
        for name in ["status", "assignee", "suspended"] {
            ticket.by.insert(name.to_owned(), id.to_owned());
        }
        ticket
    }

    fn value(&self, field: &str) -> String {
        match field {
            "status" => {
                STATUS_WORDS.iter().find(|(c, _)| *c == self.status).map_or("", |(_, word)| word).to_owned()
            }
            "assignee" => self.assignee.clone(),
            "suspended" => self.suspended.to_string(),
            other => self.fields.get(other).cloned().unwrap_or_default(),
        }
    }

    fn set(&mut self, field: &str, value: &str, id: &str) {
        self.fields.insert(field.to_owned(), value.to_owned());
        self.by.insert(field.to_owned(), id.to_owned());
    }

    fn go(&mut self, status: char, id: &str) {
        if self.status != status {
            self.status = status;
            self.by.insert("status".to_owned(), id.to_owned());
        }
    }

    fn charge(&mut self, who: &str, id: &str) {
        if self.assignee != who {
            self.assignee = who.to_owned();
            self.by.insert("assignee".to_owned(), id.to_owned());
        }
    }

    fn pause(&mut self, on: bool, id: &str) {
        if self.suspended != on {
            self.suspended = on;
            self.by.insert("suspended".to_owned(), id.to_owned());
        }
    }

    fn apply(&mut self, told: &Told, payload: &Value) {
        let id = told.id.as_str();
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let doer = Some(text("on_behalf"))
            .filter(|d| !d.is_empty())
            .or_else(|| told.user.clone())
            .unwrap_or_default();
        match told.kind.strip_prefix("order.").unwrap_or_default() {
            "dispatched" | "transferred" => {
                self.charge(&text("to"), id);
                self.go('d', id);
            }
            "accepted" => {
                self.charge(&doer, id);
                self.go('a', id);
            }
            "arrived" => {
                if self.assignee.is_empty() {
                    self.charge(&doer, id);
                }
                if "rda".contains(self.status) {
                    self.go('v', id);
                }
            }
            "workaround" => self.go('w', id),
            "restored" => {
                self.pause(false, id);
                self.go('s', id);
            }
            "suspended" => self.pause(true, id),
            "resumed" => self.pause(false, id),
            "level_changed" => self.set("level", &text("level"), id),
            "rule_chosen" => self.set(&format!("rule.{}", text("target")), &text("rule"), id),
            "rebound" => {
                self.set("contract_hash", &text("contract_hash"), id);
                self.set("calendar_hash", &text("calendar_hash"), id);
            }
            "returned" => {
                self.charge("", id);
                self.go('r', id);
            }
            "reopened" => self.go(if self.assignee.is_empty() { 'r' } else { 'a' }, id),
            "confirmed" => self.go('c', id),
            "closed" => {
                self.pause(false, id);
                self.go('x', id);
            }
            "merged" => {
                self.pause(false, id);
                self.go('m', id);
            }
            "assist_asked" => self.assists.push((id.to_owned(), text("to"))),
            "assist_finished" => self.assists.retain(|(asked, _)| *asked != text("assist")),
            "voided" => {
                self.voided = true;
                self.by.insert("status".to_owned(), id.to_owned());
            }
            _ => {}
        }
    }
}
