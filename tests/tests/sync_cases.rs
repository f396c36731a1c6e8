//! Sync, case by case, on the real stores: all interleavings of two accepts (I10), gaps (I7), replays
//! (I4, I8), cuts at every length (I9), and what is known not to hold yet.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use std::collections::BTreeMap;

use zaigang_console::store::Draft;
use zaigang_console::sync::{Request, Round, RoundReport};
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_sync::page::{PullPage, PushPage, pack, unpack};
use zaigang_sync::protocol::{Outcome, PATH_HELLO, PATH_PULL, PATH_PUSH, PullRequest, PushReply};
use zaigang_tests::sim::centre::SimCentre;
use zaigang_tests::sim::console::Console;
use zaigang_tests::sim::site::{self, CONTRACT, Scratch};
use zaigang_tests::sim::view;

const LOG: &str = "c/sim/d/E总队";

struct Site {
    scratch: Scratch,
    centre: SimCentre,
    consoles: Vec<Console>,
}

impl Site {
    fn new() -> Self {
        let scratch = site::scratch(2, false).unwrap();
        let centre = scratch.open_centre(1).unwrap();
        let consoles = (0..2).map(|index| scratch.open_console(index, 7 + index as u64).unwrap()).collect();
        let mut site = Self { scratch, centre, consoles };
        for (index, login) in ["e1", "e2"].into_iter().enumerate() {
            let user = site.scratch.user(login);
            site.consoles[index].log_in(&user).unwrap();
            site.round(index);
        }
        site
    }

    fn device(&self, index: usize) -> [u8; 16] {
        self.consoles[index].store.identity().unwrap().device
    }

    fn answer(&mut self, index: usize, request: &Request) -> zaigang_tests::sim::console::Reply {
        let device = self.device(index);
        self.centre.answer(device, request, 1_000_000)
    }

    /// Goes on with the round up to and with the first request to `path`; to its end without one.
    fn drive(&mut self, index: usize, path: Option<&str>) {
        while let Some(request) = self.consoles[index].next_request().unwrap() {
            let reply = self.answer(index, &request);
            self.consoles[index].take(&reply).unwrap();
            if Some(request.path) == path {
                return;
            }
        }
    }

    fn round(&mut self, index: usize) {
        self.drive(index, None);
    }

    fn write(&mut self, index: usize, entity: &EntityId, drafts: Vec<Draft>) -> Vec<EventId> {
        self.consoles[index].write(&LogName::new(LOG).unwrap(), entity, drafts).unwrap()
    }

    /// An order everybody has seen.
    fn order(&mut self) -> EntityId {
        let entity = EntityId::new("order/01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let now = self.consoles[0].host_now();
        let form = serde_json::json!({
            "number": "E-1", "kind": "incident", "title": "t", "division": "E总队", "contract": CONTRACT,
            "contract_hash": "h", "calendar_hash": "k",
            "reported_at": jiff::Timestamp::from_millisecond(now).unwrap(),
        });
        self.write(0, &entity, vec![Draft::fact("order.registered", form.to_string(), now)]);
        self.round(0);
        self.round(1);
        entity
    }

    fn note(&mut self, index: usize, entity: &EntityId, text: &str) -> EventId {
        let now = self.consoles[index].host_now();
        let payload = serde_json::json!({ "text": text }).to_string();
        self.write(index, entity, vec![Draft::fact("order.noted", payload, now)])[0]
    }

    /// The first request to `path` of a fresh round.
    fn request(&mut self, index: usize, path: &str) -> Request {
        loop {
            let request = self.consoles[index].next_request().unwrap().unwrap();
            if request.path == path {
                self.consoles[index].round = None;
                return request;
            }
            let reply = self.answer(index, &request);
            self.consoles[index].take(&reply).unwrap();
        }
    }

    fn entries(&self) -> Vec<view::Entry> {
        let log =
            view::centre_logs(&self.centre.look).unwrap().into_iter().find(|log| log.name == LOG).unwrap();
        view::entries(&self.centre.look, log.n, 0).unwrap()
    }

    fn whole(&self, index: usize) -> zaigang_sync::Hash {
        view::whole(self.consoles[index].store.reader()).unwrap()
    }
}

fn accept(now: i64, text: &str) -> Draft {
    let mut draft = Draft::fact("order.accepted", serde_json::json!({ "text": text }).to_string(), now);
    draft.expect =
        BTreeMap::from([("status".into(), "registered".into()), ("assignee".into(), String::new())]);
    draft
}

/// I10: two people accept the same order as they last saw it. Each writes, pushes, pulls; all twenty
/// orders of these six steps.
#[test]
fn of_two_accepts_one_wins_in_every_interleaving() {
    let mut tried = 0;
    for mask in 0_u32..64 {
        if mask.count_ones() != 3 {
            continue;
        }
        tried += 1;
        let mut site = Site::new();
        let order = site.order();
        let mut done = [0; 2];
        let mut ids: [Option<EventId>; 2] = [None; 2];
        for step in 0..6 {
            let who = usize::from(mask & (1 << step) != 0);
            match done[who] {
                0 => {
                    let draft = accept(site.consoles[who].host_now(), &format!("text {who}"));
                    ids[who] = Some(site.write(who, &order, vec![draft])[0]);
                }
                1 => site.drive(who, Some(PATH_PUSH)),
                _ => site.round(who),
            }
            done[who] += 1;
        }
        for who in [0, 1, 0, 1] {
            site.round(who);
        }
        let fate = |id: Option<EventId>| {
            let entry = site.entries().into_iter().find(|e| EventId(*e.content.id) == id.unwrap()).unwrap();
            (entry.verdict(), entry.commit.winner.map(|w| EventId(*w)), entry.content.payload)
        };
        let fates = [fate(ids[0]), fate(ids[1])];
        let winner = fates.iter().position(|f| f.0 == "accepted").unwrap();
        let loser = 1 - winner;
        assert_eq!((fates[loser].0, fates[loser].1), ("rejected", ids[winner]), "mask {mask:06b}");
        for (who, fate) in fates.iter().enumerate() {
            assert!(fate.2.contains(&format!("text {who}")), "both texts are kept");
        }
        let kept = site.consoles[loser].store.conflicts().unwrap();
        assert!(
            kept.iter().any(|c| Some(c.id) == ids[loser] && c.payload.contains("text")),
            "mask {mask:06b}"
        );
        let states: Vec<_> =
            (0..2).map(|who| site.consoles[who].store.order(order.as_str()).unwrap().unwrap().1).collect();
        assert_eq!(states[0], states[1]);
        assert_eq!(
            states[0].assignee.as_ref().map(ToString::to_string),
            Some(site.scratch.user(["e1", "e2"][winner]))
        );
    }
    assert_eq!(tried, 20);
}

/// I7: a page that skips events is answered with the first missing place; nothing of it is taken.
#[test]
fn a_gap_is_named_and_filled_in_any_order() {
    let mut site = Site::new();
    let order = site.order();
    for text in ["a", "b", "c", "d"] {
        site.note(0, &order, text);
    }
    let request = site.request(0, PATH_PUSH);
    let page: PushPage = unpack(&request.body).unwrap();
    let before = site.entries().len();
    let from = |skip: usize| {
        let page = PushPage { entries: page.entries[skip..].to_vec(), ..page.clone() };
        Request { path: PATH_PUSH, body: pack(&page) }
    };
    for skip in [3, 1, 2] {
        let reply: PushReply = serde_json::from_slice(&site.answer(0, &from(skip)).body).unwrap();
        // The registration was the first of this chain.
        assert_eq!(reply.gap_from, Some(2), "skip {skip}");
        assert_eq!(site.entries().len(), before);
    }
    assert_eq!(site.answer(0, &from(0)).status, 200);
    assert_eq!(site.entries().len(), before + 4);
    // I4: what came already is answered alike, and counts once.
    let first: PushReply = serde_json::from_slice(&site.answer(0, &from(0)).body).unwrap();
    let again: PushReply = serde_json::from_slice(&site.answer(0, &from(2)).body).unwrap();
    assert_eq!(first.verdicts[2..], again.verdicts[..]);
    assert_eq!(site.entries().len(), before + 4);
}

/// I8: a page pulled before changes nothing when it comes again.
#[test]
fn an_old_page_changes_nothing() {
    let mut site = Site::new();
    let order = site.order();
    site.note(0, &order, "x");
    site.round(0);
    let request = site.request(1, PATH_PULL);
    let reply = site.answer(1, &request);
    let page: PullPage = unpack(&reply.body).unwrap();
    site.consoles[1].store.apply_page(&page.log, &page).unwrap();
    let before = site.whole(1);
    for _ in 0..2 {
        assert!(site.consoles[1].store.apply_page(&page.log, &page).is_err());
        assert!(site.consoles[1].store.apply_page("site", &page).is_err());
    }
    assert_eq!(before, site.whole(1));
}

/// I9: pages cut at every length and with every byte altered change no row, on either side.
#[test]
fn cut_and_altered_pages_change_nothing() {
    let mut site = Site::new();
    let order = site.order();
    site.note(0, &order, "x");
    let push = site.request(0, PATH_PUSH);
    let before = view::whole(&site.centre.look).unwrap();
    let sent: PushPage = unpack(&push.body).unwrap();
    for body in damaged(&push.body) {
        // zstd headers hold bits without meaning.
        if unpack::<PushPage>(&body).is_ok_and(|page| page == sent) {
            continue;
        }
        let reply = site.answer(0, &Request { path: PATH_PUSH, body });
        assert_ne!(reply.status, 200);
    }
    // Under another device's name, a whole page is refused too.
    let reply = site.answer(1, &push);
    assert_ne!(reply.status, 200);
    assert_eq!(before, view::whole(&site.centre.look).unwrap());
    site.round(0);
    let pull = site.request(1, PATH_PULL);
    let reply = site.answer(1, &pull);
    let whole: PullPage = unpack(&reply.body).unwrap();
    let before = site.whole(1);
    for body in damaged(&reply.body) {
        let Ok(page) = unpack::<PullPage>(&body) else { continue };
        if page != whole {
            assert!(site.consoles[1].store.apply_page(LOG, &page).is_err());
        }
    }
    assert_eq!(before, site.whole(1));
}

fn damaged(body: &[u8]) -> Vec<Vec<u8>> {
    let cuts = (0..body.len()).map(|n| body[..n].to_vec());
    let flips = (0..body.len()).map(|n| {
        let mut body = body.to_vec();
        body[n] ^= 1 << (n % 8);
        body
    });
    cuts.chain(flips).collect()
}

/// I19: a log that was not given is refused, whoever asks.
#[test]
fn a_foreign_log_is_refused() {
    let mut site = Site::new();
    let ask = PullRequest {
        log: "c/sim/d/A总队".into(),
        after_seq: 0,
        head: zaigang_sync::Hash::ZERO.to_hex(),
        bytes_max: 1_000,
    };
    let request = Request { path: PATH_PULL, body: serde_json::to_vec(&ask).unwrap() };
    assert_ne!(site.answer(1, &request).status, 200);
}

/// I21: an answer that mentions no log hides nothing.
#[test]
fn an_empty_hello_hides_nothing() {
    let mut site = Site::new();
    let order = site.order();
    let before = site.consoles[1].store.order(order.as_str()).unwrap();
    let request = site.consoles[1].next_request().unwrap().unwrap();
    assert_eq!(request.path, PATH_HELLO);
    let mut reply = site.answer(1, &request);
    let mut hello: zaigang_sync::protocol::HelloReply = serde_json::from_slice(&reply.body).unwrap();
    hello.logs.clear();
    reply.body = serde_json::to_vec(&hello).unwrap();
    site.consoles[1].take(&reply).unwrap();
    site.drive(1, None);
    assert_eq!(before, site.consoles[1].store.order(order.as_str()).unwrap());
}

/// I9: an altered device's signature, its clocks, or an altered end of the log is noticed before a byte
/// is stored, also where the centre itself signed it so.
#[test]
fn an_altered_device_signature_or_end_of_the_log_is_not_stored() {
    let mut site = Site::new();
    let order = site.order();
    site.note(0, &order, "x");
    site.round(0);
    let pull = site.request(1, PATH_PULL);
    let page: PullPage = unpack(&site.answer(1, &pull).body).unwrap();
    let before = site.whole(1);
    let mut signature = page.clone();
    signature.attestations[0].signature = [9; 64].into();
    let mut clocks = page.clone();
    clocks.attestations[0].sent.uptime_ms += 1;
    let mut place = page.clone();
    place.attestations[0].seq += 1;
    let none = PullPage { attestations: vec![], ..page.clone() };
    let shorter = PullPage { log_seq: page.after_seq, ..page.clone() };
    let longer = PullPage { log_seq: page.log_seq + 1, ..page.clone() };
    let key = ed25519_dalek::SigningKey::from_bytes(&zaigang_tests::sim::centre::CENTRE_KEY);
    for (bent, by_the_centre_too) in
        [(signature, true), (clocks, true), (place, true), (none, true), (shorter, true), (longer, false)]
    {
        assert!(site.consoles[1].store.apply_page(LOG, &bent).is_err());
        if by_the_centre_too {
            let mut signed = bent;
            signed.signature = signed.signed_head().sign(&key).into();
            assert!(site.consoles[1].store.apply_page(LOG, &signed).is_err());
        }
        assert_eq!(before, site.whole(1));
    }
    site.consoles[1].store.apply_page(LOG, &page).unwrap();
    assert_eq!(site.consoles[1].store.verify().unwrap().problems, []);
}

/// I11: whether an event was written before its session was closed is told by its place in the
/// device's chain: neither a clock set back by years nor another boot changes the verdict.
#[test]
fn a_closed_session_covers_by_place_whatever_the_clocks_show() {
    for (days, reboot) in [(0, false), (30, false), (30, true), (-900, true), (900, true)] {
        let mut site = Site::new();
        let order = site.order();
        let then = site.consoles[0].host_now();
        let set = |site: &Site, ms: i64| {
            site.consoles[0].host.set_wall(jiff::Timestamp::from_millisecond(ms).unwrap());
        };
        set(&site, then + days * 86_400_000);
        let covered = site.note(0, &order, "written while logged in");
        if reboot {
            site.consoles[0].host.reboot();
        }
        set(&site, then);
        let session = site.consoles[0].logged_in.clone();
        site.consoles[0].log_out().unwrap();
        // A program with a bug writes on under the session that is over.
        site.consoles[0].logged_in = session;
        set(&site, then - 900 * 86_400_000);
        let late = site.note(0, &order, "written after it");
        site.round(0);
        let entries = site.entries();
        let of = |id: EventId| {
            let entry = entries.iter().find(|e| EventId(*e.content.id) == id).unwrap();
            (entry.verdict(), entry.commit.reason.clone())
        };
        assert_eq!(of(covered), ("accepted", None), "{days} days, reboot {reboot}");
        assert_eq!(of(late), ("parked", Some("no_session".into())), "{days} days, reboot {reboot}");
    }
}

/// A closing tells where its own device's chains end: from another device it says nothing.
#[test]
fn a_session_is_closed_on_its_own_device_only() {
    let mut site = Site::new();
    // The same person at both consoles.
    let user = site.scratch.user("e1");
    site.consoles[1].log_in(&user).unwrap();
    site.round(1);
    let opened = site.consoles[1].logged_in.clone().unwrap().session;
    let entity = EntityId::new(format!("session/{}", zaigang_sync::hex::encode(&opened))).unwrap();
    let closed = serde_json::to_string(&site.consoles[0].store.session_closed().unwrap()).unwrap();
    let draft = Draft::fact("session.closed", closed, site.consoles[0].host_now());
    let id = site.consoles[0].write(&LogName::site(), &entity, vec![draft]).unwrap()[0];
    site.round(0);
    let log =
        view::centre_logs(&site.centre.look).unwrap().into_iter().find(|log| log.name == "site").unwrap();
    let entries = view::entries(&site.centre.look, log.n, 0).unwrap();
    let entry = entries.iter().find(|e| EventId(*e.content.id) == id).unwrap();
    assert_eq!((entry.verdict(), entry.commit.reason.as_deref()), ("parked", Some("no_right")));
}

/// The logs that console 1 may hold, said by the administrator at console 0.
fn grant(site: &mut Site, logs: &[&str]) {
    let administrator = site.scratch.user("adm");
    site.consoles[0].log_in(&administrator).unwrap();
    let device = EntityId::new(format!("device/{}", zaigang_sync::hex::encode(&site.device(1)))).unwrap();
    let payload = serde_json::json!({ "logs": logs }).to_string();
    let draft = Draft::fact("device.changed", payload, site.consoles[0].host_now());
    site.consoles[0].write(&LogName::site(), &device, vec![draft]).unwrap();
    site.round(0);
}

fn log_of(site: &Site, index: usize) -> view::Log {
    let logs = view::console_logs(site.consoles[index].store.reader()).unwrap();
    logs.into_iter().find(|log| log.name == LOG).unwrap()
}

/// I19, I20: a right taken away in the middle of a round stops the log; given back, the log goes on by
/// itself, with all that was not sent, once.
#[test]
fn a_log_goes_on_by_itself_when_its_right_comes_back() {
    for path in [PATH_PUSH, PATH_PULL] {
        let mut site = Site::new();
        let order = site.order();
        let note = site.note(1, &order, "written before the right was gone");
        site.note(0, &order, "of another");
        site.drive(1, Some(PATH_HELLO));
        if path == PATH_PULL {
            site.drive(1, Some(PATH_PUSH));
        }
        grant(&mut site, &["site", "c/sim/common"]);
        site.drive(1, None);
        assert_eq!(log_of(&site, 1).stopped.as_deref(), Some("revoked"), "{path}");
        site.round(1);
        assert_eq!(log_of(&site, 1).stopped.as_deref(), Some("revoked"), "still without the right");
        assert_eq!(site.consoles[1].store.waiting().unwrap(), 1, "the note is kept");

        grant(&mut site, &["site", "c/sim/common", LOG]);
        site.round(1);
        assert_eq!(log_of(&site, 1).stopped, None, "{path}");
        assert_eq!(site.consoles[1].store.waiting().unwrap(), 0);
        let entries = site.entries();
        assert_eq!(entries.iter().filter(|e| EventId(*e.content.id) == note).count(), 1, "{path}");
        assert_eq!(log_of(&site, 1).seq, entries.len() as u64, "all of it comes");
        assert_eq!(site.consoles[1].store.verify().unwrap().problems, []);
    }
}

/// A round of console 0 in which the push of [`LOG`] is answered with `reply`.
fn round_answered(site: &mut Site, reply: &PushReply) -> RoundReport {
    let mut round = Round::new();
    loop {
        let console = &mut site.consoles[0];
        let Some(request) = round.next(&mut console.store, console.host.as_ref()).unwrap() else {
            return round.report().clone();
        };
        let answered = unpack::<PushPage>(&request.body).is_ok_and(|page| page.log == LOG);
        let body = if answered && request.path == PATH_PUSH {
            serde_json::to_vec(reply).unwrap()
        } else {
            site.answer(0, &request).body
        };
        round.on_reply(&mut site.consoles[0].store, 200, &body).unwrap();
    }
}

/// A push the centre cannot read stops nothing: the work waits, everything else goes on, and the next
/// round tries again.
#[test]
fn a_centre_that_asks_for_an_upgrade_stops_nothing() {
    let mut site = Site::new();
    let order = site.order();
    site.note(1, &order, "of another");
    site.round(1);
    let note = site.note(0, &order, "mine");
    let upgrade = PushReply { outcome: Outcome::Upgrade, verdicts: vec![], gap_from: None, reissued: vec![] };
    let report = round_answered(&mut site, &upgrade);
    assert_eq!((report.outcome, report.stopped.len(), report.garbled), (Outcome::Upgrade, 0, None));
    assert!(report.pulled > 0, "what others wrote comes in all the same");
    assert_eq!(log_of(&site, 0).stopped, None);
    assert_eq!(site.consoles[0].store.waiting().unwrap(), 1);
    site.round(0);
    assert_eq!(site.consoles[0].store.waiting().unwrap(), 0);
    assert_eq!(site.entries().iter().filter(|e| EventId(*e.content.id) == note).count(), 1);
}

/// Events that are in the log under an earlier incarnation are no fork: it is told as what it is.
#[test]
fn events_already_there_under_another_place_are_not_told_as_a_fork() {
    let mut site = Site::new();
    let order = site.order();
    let note = site.note(0, &order, "mine");
    let again = PushReply {
        outcome: Outcome::Ok,
        verdicts: vec![],
        gap_from: None,
        reissued: vec![zaigang_sync::hex::encode(&note.0)],
    };
    assert_eq!(round_answered(&mut site, &again).stopped, [LOG]);
    assert_eq!(log_of(&site, 0).stopped.as_deref(), Some("reissued"));
    assert_eq!(site.consoles[0].store.waiting().unwrap(), 1, "nothing is discarded");
    let fork = PushReply { outcome: Outcome::NewIncarnation, reissued: vec![], ..again };
    let mut site = Site::new();
    let order = site.order();
    site.note(0, &order, "mine");
    round_answered(&mut site, &fork);
    assert_eq!(log_of(&site, 0).stopped.as_deref(), Some("fork"));
}

/// I15: a page of a thousand events ends before a group that would not fit, so that none is cut in two.
#[test]
fn a_full_page_cuts_no_group() {
    let mut site = Site::new();
    for n in 0..999 {
        let nowhere = EntityId::new(format!("order/nowhere{n}")).unwrap();
        site.note(0, &nowhere, "x");
    }
    let now = site.consoles[0].host_now();
    let form = serde_json::json!({
        "number": "E-2", "kind": "incident", "title": "t", "division": "E总队", "contract": CONTRACT,
        "contract_hash": "h", "calendar_hash": "k", "reported_at": jiff::Timestamp::from_millisecond(now).unwrap(),
    });
    let mut take = accept(now, "mine");
    take.after = vec![0];
    let entity = EntityId::new("order/01890a5d-ac96-774b-bcce-b302099a8058").unwrap();
    let ids = site.write(0, &entity, vec![Draft::fact("order.registered", form.to_string(), now), take]);
    site.round(0);
    let entries = site.entries();
    let members: Vec<_> = entries.iter().filter(|e| ids.contains(&EventId(*e.content.id))).collect();
    assert_eq!(members.iter().map(|e| e.verdict()).collect::<Vec<_>>(), ["accepted", "accepted"]);
    assert_eq!(members[0].place.device_seq, 1_000, "the group lies across the end of the first thousand");
}
