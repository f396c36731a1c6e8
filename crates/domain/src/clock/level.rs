//! The level assistant: what the document's own matrix says about a fault.

use super::case::CaseFacts;
use super::kind::{Subject, SystemClass};
use crate::contract::LevelCase;

/// The one level that fits the facts; `None` when none or several do, and a person has to say.
#[must_use]
pub fn level_of<'a>(cases: &'a [LevelCase], facts: &CaseFacts) -> Option<&'a str> {
    let mut fitting = levels_that_fit(cases, facts);
    fitting.dedup();
    match fitting.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Every level that fits, in the matrix's order, for a person to choose from.
#[must_use]
pub fn levels_that_fit<'a>(cases: &'a [LevelCase], facts: &CaseFacts) -> Vec<&'a str> {
    let mut fitting: Vec<&str> =
        cases.iter().filter(|case| fits(case, facts)).map(|case| case.level.as_str()).collect();
    fitting.dedup();
    fitting
}

/// A VIP's report is decided by that alone; a request, then a security event, hide the class of the system.
fn fits(case: &LevelCase, facts: &CaseFacts) -> bool {
    if facts.vip == Some(true) {
        return case.vip == Some(true);
    }
    let (Some(subject), Some(share)) = (subject(facts), facts.share) else { return false };
    case.vip != Some(true) && case.subjects.contains(&subject) && case.shares.contains(&share)
}

fn subject(facts: &CaseFacts) -> Option<Subject> {
    if facts.request == Some(true) {
        return Some(Subject::Request);
    }
    if facts.security_event == Some(true) {
        return Some(Subject::SecurityEvent);
    }
    facts.system_class.map(|class| match class {
        SystemClass::Core => Subject::Core,
        SystemClass::Important => Subject::Important,
        SystemClass::General => Subject::General,
    })
}
