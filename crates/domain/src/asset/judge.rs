//! Who may change what of a device, and what the centre makes of it.

use super::{Asset, Changed, LifeState, Noted};
use crate::duty::Objection;
use crate::event::{EventId, Reason};
use crate::judge::{Fields, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};
use crate::stock::Sheet as _;

impl Fields for Asset {
    fn field(&self, name: &str) -> Option<String> {
        self.field(name)
    }

    fn touched(&self, name: &str) -> Option<EventId> {
        self.touched.get(name).copied().or(Some(self.first))
    }
}

/// The states a device may go to: whatever else while it is not scrapped; a scrapped one was noted wrongly,
/// which a project manager puts right.
#[must_use]
pub fn next_states(life: LifeState, actor: &Actor) -> Vec<LifeState> {
    if life == LifeState::Scrapped && !actor.has(Role::Supervisor) {
        return Vec::new();
    }
    LifeState::ALL.into_iter().filter(|next| *next != life).collect()
}

/// Whether a change of state is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_change(asset: &Asset, changed: &Changed, actor: &Actor) -> Result<(), Objection> {
    let winner = asset.touched.get("life").copied().or(Some(asset.first));
    if asset.life == changed.life {
        let message = format!("设备已是“{}”，不需要再登记。", asset.life.title());
        return Err(Objection { winner, ..Objection::new(Reason::NotLegalNow, message) });
    }
    if next_states(asset.life, actor).contains(&changed.life) {
        return Ok(());
    }
    let message = "设备已报废，不能再改状态；登记有误的，请项目经理更正。";
    Err(Objection { winner, ..Objection::new(Reason::NotLegalNow, message) })
}

/// Judges an event of a device.
pub(crate) fn on_asset(state: Option<&Asset>, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    if incoming.kind == "asset.noted" {
        let noted = serde_json::from_str::<Noted>(incoming.payload).ok();
        let sound = noted.is_some_and(|Noted { card, .. }| {
            card.is_sound() && card.secret_in().is_none() && card.parent.as_ref() != Some(incoming.entity)
        });
        return match state {
            _ if !sound => malformed,
            None => Judgement::ACCEPTED,
            Some(asset) => expectation(asset, incoming).unwrap_or(Judgement::ACCEPTED),
        };
    }
    let changed = serde_json::from_str::<Changed>(incoming.payload).ok();
    let Some(changed) = changed.filter(|changed| changed.fault_in().is_none()) else { return malformed };
    let Some(asset) = state else { return Judgement::parked(Reason::NoEntity) };
    if let Some(lost) = expectation(asset, incoming) {
        return lost;
    }
    legal_change(asset, &changed, actor)
        .map_or_else(|objection| objection.judgement(), |()| Judgement::ACCEPTED)
}
