use std::collections::BTreeMap;

use super::*;
use crate::demo::feed::Feed;
use crate::demo::plan::{Plan, SEED, Scale};
use zaigang_sync::page::check_push;

/// Writes the whole demo and gives its pages.
fn written(assets: &Assets, scale: Scale) -> (Fleet<'_>, Vec<(usize, PushPage)>) {
    let start = zaigang_domain::calendar::midnight(scale.from) / 1_000;
    let mut fleet = Fleet::new(assets, SEED, start - 3_600_000);
    for (device, login) in fleet.seats() {
        fleet.open_session(device, &login, start).unwrap();
    }
    let mut feed = Feed::new(Plan::new(assets, scale), crate::demo::cases::cases(assets).unwrap());
    let after = scale.until.checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
    feed.run(&mut fleet, after).unwrap();
    assert!(feed.is_done());
    let pages = fleet.pages(scale.until.as_millisecond());
    (fleet, pages)
}

#[test]
fn every_act_is_legal_and_every_page_checks() {
    let assets = Assets::load().unwrap();
    let (fleet, pages) = written(&assets, Scale::demo(assets.logins.now));
    let mut heads: BTreeMap<(usize, String), u64> = BTreeMap::new();
    let mut events = 0;
    for (device, page) in &pages {
        let key = fleet.devices[*device].key.verifying_key().to_bytes();
        let checked = check_push(page, &key).unwrap();
        let head = heads.entry((*device, page.log.clone())).or_default();
        assert_eq!(checked[0].place.device_seq, *head + 1, "pages of a device follow one another");
        *head = checked.last().unwrap().place.device_seq;
        events += checked.len() as u64;
    }
    assert_eq!(events, fleet.written);
    assert!(fleet.devices.iter().all(|device| device.queues.values().all(VecDeque::is_empty)));
}

#[test]
fn an_order_has_about_eight_events() {
    let assets = Assets::load().unwrap();
    let scale = Scale::orders(assets.logins.now, 2_000);
    let orders = Plan::new(&assets, scale).count() as u64;
    let (fleet, _) = written(&assets, scale);
    let per_hundred = fleet.written * 100 / orders;
    assert!((650..900).contains(&per_hundred), "{per_hundred} events for 100 orders");
}
