//! 外协 and 协办 of an order, as its detail shows them.

use super::desk::Desk;
use super::detail::may_see_reporter;
use super::words::instant_text;
use crate::door::dto::{AssistDto, VendorDto};
use crate::store::{Step, StoreError};
use std::collections::BTreeSet;
use zaigang_domain::event::Verdict;
use zaigang_domain::order::payload::{VendorNoted, Visitors};
use zaigang_domain::order::{Assist, AssistState, Order};

impl Desk<'_> {
    /// What was told of outside parties, newest first; rejected and parked words are left out.
    pub(crate) fn vendors(&self, steps: &[Step]) -> Result<Vec<VendorDto>, StoreError> {
        let (mut seen, mut vendors) = (BTreeSet::new(), Vec::new());
        for (step, noted) in vendor_notes(steps) {
            let current = seen.insert(noted.maker.clone());
            vendors.push(self.vendor(step, noted, current)?);
        }
        Ok(vendors)
    }

    fn vendor(&self, step: &Step, noted: VendorNoted, current: bool) -> Result<VendorDto, StoreError> {
        let escort = noted.escort.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        let by = step.user.as_ref().map(|user| self.name(user)).transpose()?;
        Ok(VendorDto {
            id: step.id.to_string(),
            maker: noted.maker,
            case_no: noted.case_no,
            promised_at: noted.promised_at.map(|at| instant_text(at.as_millisecond())),
            arrived_at: noted.arrived_at.map(|at| instant_text(at.as_millisecond())),
            people: noted.people,
            names: self.visitors(step)?,
            escort,
            permit_no: noted.permit_no,
            text: noted.text,
            by: by.unwrap_or_default(),
            at: instant_text(step.at()),
            current,
        })
    }

    fn visitors(&self, step: &Step) -> Result<Option<String>, StoreError> {
        if !may_see_reporter(self.actor) {
            return Ok(None);
        }
        let Some(text) = self.store.sealed_part(step.id, "visitors")? else { return Ok(None) };
        let visitors: Visitors = serde_json::from_str(&text)?;
        Ok(Some(visitors.names))
    }

    /// Who was asked to assist.
    pub(crate) fn assists(&self, order: &Order) -> Result<Vec<AssistDto>, StoreError> {
        order.assists.iter().map(|assist| self.assist(assist)).collect()
    }

    fn assist(&self, assist: &Assist) -> Result<AssistDto, StoreError> {
        Ok(AssistDto {
            id: assist.id.to_string(),
            who: self.assistant(assist)?,
            text: assist.text.clone(),
            state: match assist.state {
                AssistState::Asked => "asked",
                AssistState::Accepted => "accepted",
                AssistState::Finished => "finished",
            }
            .to_owned(),
            mine: assist.to.is_some() && self.actor.is(assist.to.as_ref()),
        })
    }

    /// Colleague and unit that were asked.
    pub(crate) fn assistant(&self, assist: &Assist) -> Result<String, StoreError> {
        let name = assist.to.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        Ok(match name {
            Some(name) if assist.unit.is_empty() => name,
            Some(name) => format!("{name}（{}）", assist.unit),
            None => assist.unit.clone(),
        })
    }
}

/// What was told of outside parties and counts, newest first.
pub(super) fn vendor_notes(steps: &[Step]) -> impl Iterator<Item = (&Step, VendorNoted)> {
    let counts = |step: &&Step| {
        let verdict = step.committed.as_ref().map(|committed| committed.verdict);
        step.kind == "order.vendor_noted" && !matches!(verdict, Some(Verdict::Rejected | Verdict::Parked))
    };
    // Of two told at the same time the later one comes first.
    let mut told: Vec<&Step> = steps.iter().rev().filter(counts).collect();
    told.sort_by_key(|step| std::cmp::Reverse(step.at()));
    told.into_iter().filter_map(|step| Some((step, serde_json::from_str(&step.payload).ok()?)))
}
