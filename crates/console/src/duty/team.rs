//! What other entities tell about the people of a month: who is away, and what is known of each.

use super::month::Roster;
use crate::order::Desk;
use jiff::civil::Date;
use zaigang_domain::duty::roster::Leave;

/// What is known of a person beside his account. Nothing noted means nothing is held against him.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// First day of work here.
    pub(crate) joined: Option<Date>,
    /// Last day of work here.
    pub(crate) left: Option<Date>,
    /// Skills, as posts ask for them.
    pub(crate) skills: Vec<String>,
    /// Papers he lacks, in Chinese.
    pub(crate) missing: Vec<String>,
}

/// An absence as the grid shows it.
#[derive(Debug, Clone)]
pub(crate) struct Away {
    /// Days.
    pub(crate) leave: Leave,
    /// Letter of its kind.
    pub(crate) letter: String,
    /// Asked for, not decided yet.
    pub(crate) asked: bool,
}

impl Desk<'_> {
    /// Who is away in a month. Until leave is kept here, nobody.
    pub(crate) fn away(&self, _roster: &Roster) -> Vec<Away> {
        Vec::new()
    }

    /// What is known of a person. Until staff facts are kept here, nothing.
    pub(crate) fn staff_known(&self, _person: &str) -> Known {
        Known::default()
    }
}
