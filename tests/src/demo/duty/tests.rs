use std::collections::BTreeSet;

use super::*;
use crate::demo::cases::cases;
use crate::demo::feed::Feed;
use crate::demo::plan::{Plan, SEED, Scale};
use zaigang_domain::calendar::Calendar;
use zaigang_domain::duty::coverage::{PlanStage, dues};
use zaigang_domain::duty::handover::Stage;
use zaigang_domain::duty::layers::is_needed;
use zaigang_domain::duty::leave::Stage as LeaveStage;
use zaigang_domain::duty::month::month_days;
use zaigang_domain::duty::staff::{StaffRules, missing_papers};
use zaigang_domain::duty::{dutylog::dutylog_of, month::Stage as MonthStage};
use zaigang_domain::judge::EntityState;

/// The demo's duty beside the few orders of the cases.
fn told(assets: &Assets) -> Fleet<'_> {
    let now = assets.logins.now;
    let scale = Scale { from: civil_date(now), ..Scale::demo(now) };
    let mut fleet = Fleet::new(assets, SEED, 0);
    for (device, login) in fleet.seats() {
        fleet.open_session(device, &login, 1).unwrap();
    }
    let plan = Plan::new(assets, Scale { workday: (1, 1), ..scale });
    let mut feed = Feed::new(plan, cases(assets).unwrap()).with(Duty::new(assets).unwrap());
    feed.run(&mut fleet, now).unwrap();
    fleet
}

#[test]
fn october_is_published_whole_and_shared_by_everybody_on_site() {
    let assets = Assets::load().unwrap();
    let fleet = told(&assets);
    let month = roster::of(&fleet).unwrap();
    assert_eq!((month.stage, month.version()), (MonthStage::Published, 1));
    let calendar = Calendar::builtin();
    let mut holders = BTreeSet::new();
    for post in &month.posts {
        for date in month_days(MONTH).filter(|date| is_needed(post, *date, &calendar)) {
            let at = zaigang_domain::duty::month::Place { date, post: post.id.clone() };
            let people = month.holders(&at.key());
            assert_eq!(people.len(), post.count as usize, "{} on {date}", post.name);
            holders.extend(people);
        }
    }
    assert_eq!((on_site(&assets).count(), holders.len()), (33, 33));
    let (main, deputy) = (date(2025, 10, 15), date(2025, 10, 15));
    assert_eq!(roster::holder(&fleet, main, "duty-main").unwrap().as_str(), "renpingsheng");
    assert_eq!(roster::holder(&fleet, deputy, "duty-deputy").unwrap().as_str(), "xiayunqi");
    let silent = month.confirmations.values().filter(|one| one.confirmed_at.is_none()).count();
    assert_eq!(silent, 3);
}

#[test]
fn the_holiday_is_summed_up_and_another_plan_runs() {
    let assets = Assets::load().unwrap();
    let fleet = told(&assets);
    let (_, holiday) = coverage::found(&fleet, 0).unwrap();
    assert_eq!((holiday.stage, holiday.plan.from), (PlanStage::Closed, MONTH));
    let open: Vec<_> = dues(holiday).into_iter().filter(|due| due.done(holiday).is_none()).collect();
    assert_eq!(open.iter().map(|due| due.slot.as_str()).collect::<Vec<_>>(), ["2025-10-05 21:00"]);
    assert!(holiday.summary().unwrap().contains("特巡应 16 次，已做 15 次"), "{:?}", holiday.summary());
    let (_, running) = coverage::found(&fleet, 1).unwrap();
    assert_eq!(running.stage, PlanStage::Consented);
    let now = assets.logins.now;
    let left = dues(running).into_iter().filter(|due| due.done(running).is_none());
    assert!(left.clone().all(|due| due.at > now), "nothing of it is late");
    assert_eq!(left.filter(|due| due.date == civil_date(now)).count(), 2, "a report and a patrol today");
}

#[test]
fn what_waits_and_what_is_done() {
    let assets = Assets::load().unwrap();
    let fleet = told(&assets);
    let rules = StaffRules::of(&assets.profile);
    let (mut staff, mut lacking, mut leaves, mut offered, mut accepted, mut calls) =
        (0, 0, vec![], vec![], 0, 0);
    for (_, state) in fleet.states() {
        match state {
            EntityState::Staff(one) => {
                staff += 1;
                lacking += usize::from(!missing_papers(Some(one), MONTH.last_of_month(), &rules).is_empty());
            }
            EntityState::Leave(leave) => leaves.push(leave.stage),
            EntityState::Handover(one) if one.stage == Stage::Accepted => accepted += 1,
            EntityState::Handover(one) => offered.push(one.signed.to.clone().unwrap()),
            EntityState::Hotline(call) => calls += usize::from(!call.logged.is_sound()) * 100 + 1,
            _ => {}
        }
    }
    let devices: Vec<_> = fleet.states().filter_map(|(_, state)| state.asset()).collect();
    let objects: BTreeSet<&str> = devices.iter().map(|device| device.card.object.as_str()).collect();
    let ended = devices.iter().filter(|device| device.card.cover_end() < Some(date(2025, 10, 15)));
    assert!(
        (150..=300).contains(&devices.len()) && objects.len() > 30,
        "{} on {}",
        devices.len(),
        objects.len()
    );
    assert!((10..devices.len()).contains(&ended.count()));
    assert_eq!((staff, lacking), (63, papers::LACKING.len()));
    let count = |stage| leaves.iter().filter(|one| **one == stage).count();
    let stages = [LeaveStage::Approved, LeaveStage::Refused, LeaveStage::Asked];
    assert_eq!(stages.map(count), [4, 1, 1]);
    assert_eq!((accepted, calls), (20, 6), "three posts each morning since the ninth, the last but one");
    assert_eq!(offered.iter().map(UserId::as_str).collect::<Vec<_>>(), ["renpingsheng"]);
    let Some(EntityState::DutyLog(log)) = fleet.state(&dutylog_of(date(2025, 10, 14))) else {
        panic!("yesterday has no log");
    };
    let report = log.reports.last().unwrap();
    assert!(report.reported.is_sound() && report.received.is_some());
    assert_eq!(log.notes.len(), 4);
}
