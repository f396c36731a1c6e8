//! 人员资料: dates of papers and phones of everybody, written down by the supervisor in the first days.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::duty::staff::{Noted, PHONES, Paper, Phones, Staff, staff_of};
use zaigang_domain::order::SealedPart;

use super::{Act, SUPERVISOR, Turn, draft, moment, user};
use crate::demo::assets::{Assets, Person};
use crate::demo::write::Fleet;

/// Whoever may hold 带班.
const LEADERS: &[&str] =
    &["linyizhou", "hewanqing", "longwangshu", "qinchuanxing", "muxiyu", "shenxingzhou", "yezhiqiu"];
/// The skill that 带班 asks for.
const LEAD: &str = "带班";
/// Who lacks a paper, and which.
pub(super) const LACKING: &[(&str, Paper)] = &[("luyuanfan", Paper::Nda), ("kangpingye", Paper::Filing)];
/// Whose 工作证 runs out soon.
const EXPIRING: &str = "qiuchangfeng";

/// What is noted of one person.
#[derive(Debug, Clone)]
pub(super) struct Noting {
    login: String,
    noted: Noted,
    phones: Phones,
}

/// Everybody of the contract, a minute each.
pub(super) fn turns(assets: &Assets) -> Result<Vec<Turn>> {
    let begin = moment(date(2025, 9, 8), 9, 0)?;
    let staff = assets.people.iter().filter(|person| person.post.is_some());
    (0..)
        .zip(staff)
        .map(|(n, person)| {
            let at = begin.checked_add(SignedDuration::from_mins(n))?;
            Ok((at, Act::Papers(Box::new(noting(person, n)))))
        })
        .collect()
}

fn noting(person: &Person, n: i64) -> Noting {
    let joined = date(2024, 9, 1);
    let badge: Date = if person.login == EXPIRING { date(2025, 11, 5) } else { date(2026, 8, 31) };
    let papers = [
        (Paper::Vetting, date(2024, 8, 12)),
        (Paper::Nda, date(2024, 8, 15)),
        (Paper::Filing, date(2024, 8, 26)),
        (Paper::Badge, badge),
    ];
    let lacks = |paper: &Paper| LACKING.contains(&(person.login.as_str(), *paper));
    let papers: BTreeMap<_, _> = papers
        .into_iter()
        .filter(|(paper, _)| !lacks(paper))
        .map(|(paper, date)| (paper, Some(date)))
        .collect();
    let leads = LEADERS.contains(&person.login.as_str());
    let noted = Noted {
        skills: leads.then(|| vec![LEAD.to_owned()]),
        joined: Some(Some(joined)),
        papers,
        phones: true,
        ..Noted::default()
    };
    let phones = Phones { mobile: format!("演示手机 {:03}", n + 1), extension: (61_000 + n).to_string() };
    Noting { login: person.login.clone(), noted, phones }
}

pub(super) fn note(fleet: &mut Fleet<'_>, noting: &Noting, at: Timestamp) -> Result<()> {
    let mut draft = draft("staff.noted", &noting.noted, at)?;
    // Nothing was known of anybody before.
    let absent = Staff::default();
    draft.expect = noting
        .noted
        .fields()
        .into_iter()
        .filter_map(|field| Some((field.clone(), absent.field(&field)?)))
        .collect();
    draft.sealed = vec![SealedPart { name: PHONES, json: serde_json::to_string(&noting.phones)? }];
    fleet.tell(SUPERVISOR, &staff_of(&user(fleet, &noting.login)?), at, &[draft])
}
