//! 备件: a store-room with many models and a year of movements behind it, as a keeper looks at it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use zaigang_console::door::dto::{
    BalanceAtArgs, LedgerArgs, PartArgs, StockImportAccept, StockImportArgs, StockPartsArgs,
};
use zaigang_console::host::FixedHost;
use zaigang_console::order::{Desk, Pen};
use zaigang_console::store::{Author, search_query};
use zaigang_domain::calendar::format_instant;
use zaigang_domain::event::{EntityId, EventId, UserId};
use zaigang_domain::order::Draft;
use zaigang_domain::people::{Actor, Doer, Role};
use zaigang_domain::stock::{Made, MovementKind, Owner, PartCard, PlaceCard, PlaceKind, Tracking};

use super::data::{Console, Data};
use super::{Bar, Percentiles, Table, apply};
use crate::demo::assets::Assets;
use crate::demo::plan::{SEED, Scale};
use crate::demo::random::Random;
use crate::demo::write::Fleet;
use crate::harness::wait::timed;

/// Who books.
const KEEPER: &str = "linyizhou";
/// Movements pushed at a time.
const PUSHED: u32 = 20_000;
/// Times each question is asked.
const TIMES: usize = 40;
/// Rows of the table that is imported.
const IMPORTED: u32 = 10_000;

const PLACES: [(&str, PlaceKind); 10] = [
    ("一号柜", PlaceKind::Cabinet),
    ("二号柜", PlaceKind::Cabinet),
    ("三号柜", PlaceKind::Cabinet),
    ("四号柜", PlaceKind::Cabinet),
    ("五号柜", PlaceKind::Cabinet),
    ("六号柜", PlaceKind::Cabinet),
    ("应急车", PlaceKind::Vehicle),
    ("送修厂商", PlaceKind::Vendor),
    ("外借", PlaceKind::Loan),
    ("坏件区", PlaceKind::Removed),
];
/// Places things are kept at; the vehicle, the vendor and the loan follow.
const CABINETS: usize = 6;
const VEHICLE: usize = 6;
const VENDOR: usize = 7;
const LOAN: usize = 8;

const NAMES: [&str; 16] = [
    "企业级硬盘",
    "固态硬盘",
    "服务器内存",
    "电源模块",
    "风扇模块",
    "光模块",
    "网卡",
    "阵列卡电池",
    "交换机",
    "摄像机",
    "编码器",
    "显示单元",
    "跳线",
    "配线架",
    "话筒",
    "主板",
];
const MAKERS: [&str; 6] = ["甲厂", "乙厂", "丙厂", "丁厂", "戊厂", "己厂"];

/// Models and movements.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Models.
    pub items: u32,
    /// Movements, the first receipts among them.
    pub movements: u32,
}

/// A store-room being filled.
struct Room<'d, 'a> {
    data: &'d mut Data<'a>,
    random: Random,
    places: Vec<EntityId>,
    parts: Vec<EntityId>,
    /// Movements of each model so far.
    moved: Vec<u32>,
}

/// Fills a store-room through the centre and measures.
///
/// # Errors
/// What the rules, the centre or the desk do not allow.
pub fn measure(assets: &Assets, dir: &Path, until: Timestamp, size: Size, table: &mut Table) -> Result<()> {
    let dir = dir.join("stock");
    std::fs::create_dir_all(&dir).context("making a folder")?;
    let scale = Scale::orders(until, 0);
    let mut data = Data::found(assets, &dir, scale)?;
    let (filled, took) = timed(|| fill(&mut data, scale, size));
    let parts = filled?;
    table.notes.push(format!("store-room made in {:.1} s", took.as_secs_f64()));
    let (mut console, events, time) = apply::fill(&mut data, "stock")?;
    let rate = apply::per_second(events, time);
    table.add(
        format!("apply {} movements of {} models", size.movements, size.items),
        rate,
        "events/s",
        Bar::None,
    );
    let actor = Actor {
        doer: Doer::User(UserId::new("u1")?),
        roles: vec![Role::StoreKeeper, Role::Supervisor],
        contracts: Vec::new(),
        divisions: Vec::new(),
        ..Actor::centre()
    };
    let past = until.checked_sub(SignedDuration::from_hours(24 * 182))?;
    read(
        &Desk { store: &console.store, contracts: &console.contracts, actor: &actor, now: until },
        past,
        &parts,
        table,
    )?;
    book(&mut console, &actor, until, &parts, table)?;
    import(&mut console, &actor, until, &dir, table)
}

fn fill(data: &mut Data<'_>, scale: Scale, size: Size) -> Result<Vec<EntityId>> {
    let from = Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
    let (random, moved) = (Random::new(SEED).branch(11), vec![0; size.items as usize]);
    let mut room = Room { data, random, places: Vec::new(), parts: Vec::new(), moved };
    for (name, kind) in PLACES {
        let card = PlaceCard { name: name.to_owned(), kind, ..PlaceCard::default() };
        let place = room.note("place", "place.noted", &card, from)?;
        room.places.push(place);
    }
    for n in 0..size.items {
        let part = room.note("part", "part.noted", &card(n), from)?;
        room.parts.push(part);
        room.push_now_and_then(n, from)?;
    }
    let span = scale.until.duration_since(from).as_millis() / i128::from(size.movements.max(1));
    let (step, mut at) = (SignedDuration::from_millis(i64::try_from(span)?), from);
    for n in 0..size.movements {
        at = at.checked_add(step)?;
        // Each once, then some much oftener than others.
        let model = if n < size.items { n } else { room.popular(size.items) };
        room.move_one(model, at)?;
        room.push_now_and_then(n, at)?;
    }
    room.push(at)?;
    Ok(room.parts)
}

fn card(n: u32) -> PartCard {
    let pick = |list: &[&str], by: u32| {
        list.get((n / by) as usize % list.len()).copied().unwrap_or_default().to_owned()
    };
    PartCard {
        name: pick(&NAMES, 1),
        category: format!("{}类", pick(&NAMES, 1)),
        maker: pick(&MAKERS, 16),
        model: format!("ZG-{:05}", n / 16),
        unit: "块".to_owned(),
        tracking: if is_serial(n) { Tracking::Serial } else { Tracking::Plain },
        minimum: if n.is_multiple_of(40) { 30 } else { u32::from(n.is_multiple_of(7)) * 3 },
        compatible: vec![format!("设备 {}", n % 97)],
        ..PartCard::default()
    }
}

/// One model of ten is told apart by serial numbers.
fn is_serial(n: u32) -> bool {
    n % 10 == 3
}

impl Room<'_, '_> {
    fn tell<T: serde::Serialize>(
        &mut self,
        entity: &EntityId,
        kind: &'static str,
        payload: &T,
        at: Timestamp,
    ) -> Result<()> {
        let draft = Draft::new(kind, serde_json::to_string(payload)?, at);
        self.data.site.fleet.say(KEEPER, entity, at, &[draft])
    }

    fn note<T: serde::Serialize>(
        &mut self,
        entity: &str,
        kind: &'static str,
        card: &T,
        at: Timestamp,
    ) -> Result<EntityId> {
        let id = fresh(&mut self.data.site.fleet, entity, at)?;
        self.tell(&id, kind, card, at)?;
        Ok(id)
    }

    fn popular(&mut self, items: u32) -> u32 {
        let mut draw = || u64::try_from(self.random.between(0, i64::from(items) - 1)).unwrap_or(0);
        u32::try_from(draw() * draw() / u64::from(items)).unwrap_or(0)
    }

    fn place(&self, at: usize) -> Option<EntityId> {
        self.places.get(at).cloned()
    }

    fn move_one(&mut self, n: u32, at: Timestamp) -> Result<()> {
        use MovementKind as K;
        let Some(part) = self.parts.get(n as usize).cloned() else { return Ok(()) };
        let k = self.moved.get(n as usize).copied().unwrap_or(0);
        if let Some(moved) = self.moved.get_mut(n as usize) {
            *moved += 1;
        }
        let home = n as usize % CABINETS;
        let (kind, quantity, from, to) = if is_serial(n) {
            match k % 3 {
                0 => (K::Received, 1, None, Some(home)),
                1 => (K::Transferred, 1, Some(home), Some(VEHICLE)),
                _ => (K::Issued, 1, Some(VEHICLE), None),
            }
        } else {
            match k % 10 {
                // Of a few less came in than goes out.
                0 => (K::Received, if n.is_multiple_of(500) { 2 } else { 20 }, None, Some(home)),
                5 => (K::Transferred, 2, Some(home), Some(VEHICLE)),
                6 => (K::SentToRepair, 1, Some(home), Some(VENDOR)),
                // Of some a piece stays away.
                7 if !n.is_multiple_of(50) => (K::BackFromRepair, 1, Some(VENDOR), Some(home)),
                8 => (K::Borrowed, 1, Some(home), Some(LOAN)),
                9 if !n.is_multiple_of(60) => (K::GivenBack, 1, Some(LOAN), Some(home)),
                _ => (K::Issued, self.random.between(1, 3), Some(home), None),
            }
        };
        let made = Made {
            serial: is_serial(n).then(|| format!("SN{n:05}{:04}", k / 3)),
            from: from.and_then(|at| self.place(at)),
            to: to.and_then(|at| self.place(at)),
            document: format!("RK-{n:05}-{k}"),
            ..Made::new(kind, part, quantity, Owner::Supplier)
        };
        let id = fresh(&mut self.data.site.fleet, "movement", at)?;
        self.tell(&id, "movement.made", &made, at)
    }

    fn push_now_and_then(&mut self, n: u32, at: Timestamp) -> Result<()> {
        if (n + 1).is_multiple_of(PUSHED) { self.push(at) } else { Ok(()) }
    }

    fn push(&mut self, at: Timestamp) -> Result<()> {
        self.data.site.host.set(at);
        self.data.site.push()
    }
}

fn fresh(fleet: &mut Fleet<'_>, entity: &str, at: Timestamp) -> Result<EntityId> {
    let id: EventId = fleet.fresh(at);
    Ok(EntityId::new(format!("{entity}/{id}"))?)
}

/// Looks at the store-room as screens do.
fn read(desk: &Desk<'_>, past: Timestamp, parts: &[EntityId], table: &mut Table) -> Result<()> {
    let conn = desk.store.reader();
    let views = ["all", "below_minimum", "in_repair", "on_loan", "discrepant", "closed"];
    let page =
        |view: &str| StockPartsArgs { view: Some(view.to_owned()), limit: 50, ..StockPartsArgs::default() };
    let questions: Vec<StockPartsArgs> = views.map(page).into();
    let asked = asking(&questions, |question| desk.stock_parts(question).map(drop))?;
    add(table, "备件: first page of a view, with all counts, p99", asked, Bar::Below(20.0)).floor =
        Some(floor(|| plain_page(conn))?);

    let deep: Vec<StockPartsArgs> = [10_000, 40_000]
        .map(|offset| StockPartsArgs { offset, ..page("all") })
        .into_iter()
        .chain([StockPartsArgs { category: Some("电源模块类".to_owned()), ..page("all") }])
        .collect();
    let asked = asking(&deep, |question| desk.stock_parts(question).map(drop))?;
    add(table, "备件: later page, one category, p99", asked, Bar::Below(20.0));

    let words = ["硬盘", "阵列卡", "yp", "ZG-0012", "SN000130001", "电源 乙厂", "设备 42"];
    let searches: Vec<StockPartsArgs> =
        words.map(|text| StockPartsArgs { text: Some(text.to_owned()), ..page("all") }).into();
    let asked = asking(&searches, |question| desk.stock_parts(question).map(drop))?;
    add(table, "备件: search by name, model, piece, pinyin, p99", asked, Bar::Below(50.0)).floor =
        Some(floor(|| plain_search(conn, &words))?);

    let at = |text: Option<&str>, offset| BalanceAtArgs {
        at: format_instant(past),
        text: text.map(str::to_owned),
        offset,
        limit: 200,
        ..BalanceAtArgs::default()
    };
    let asked = asking(&[at(None, 0), at(None, 20_000), at(Some("内存"), 0)], |question| {
        desk.stock_balance_at(question).map(drop)
    })?;
    add(table, "备件: balances of 200 models half a year ago, p99", asked, Bar::Below(100.0)).floor =
        Some(floor(|| whole_balance(conn, past))?);
    table.notes.push("floor of the balances: one pass over the effects of all models".to_owned());

    let one: Vec<PartArgs> = [0, 1, 3]
        .into_iter()
        .filter_map(|n| parts.get(n))
        .map(|id| PartArgs { id: id.to_string(), limit: 50, width: 640, height: 160, ..PartArgs::default() })
        .collect();
    let asked = asking(&one, |question| desk.stock_part(question).map(drop))?;
    add(table, "备件: one model with its ledger and chart, p99", asked, Bar::None);
    let ledgers =
        [LedgerArgs::default(), LedgerArgs { kind: Some("issued".to_owned()), ..LedgerArgs::default() }];
    let asked = asking(&ledgers, |question| desk.stock_ledger(question).map(drop))?;
    add(table, "备件: last movements, p99", asked, Bar::None);
    Ok(())
}

/// One movement of the model with most of them, as a keeper books it.
fn book(
    console: &mut Console,
    actor: &Actor,
    now: Timestamp,
    parts: &[EntityId],
    table: &mut Table,
) -> Result<()> {
    let (host, key) = (FixedHost::new(now, SEED), ed25519_dalek::SigningKey::from_bytes(&[15; 32]));
    let user = UserId::new("u1")?;
    let part = parts.first().context("there is no model")?.to_string();
    let place: String = console.store.reader().query_row(
        "SELECT id FROM stock_place WHERE kind = 'vehicle' LIMIT 1",
        [],
        |row| row.get(0),
    )?;
    let mut times = Vec::with_capacity(TIMES);
    for n in 0..TIMES {
        let args = serde_json::json!({ "kind": "received", "lines": [{ "part": part, "quantity": 1 }], "to": place,
            "owner": "supplier", "idempotency_key": format!("bench-{n}") });
        let args = serde_json::from_value(args)?;
        host.advance_ms(1_000);
        let author = Author { user: &user, session: [17; 16], key: &key };
        let mut pen =
            Pen { store: &mut console.store, contracts: &console.contracts, host: &host, actor, author };
        let (booked, took) = timed(|| pen.stock_move(&args));
        booked.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        times.push(took);
    }
    add(table, "备件: booking a movement of the busiest model, p99", times, Bar::None);
    Ok(())
}

/// A table of new models with first quantities, looked at and taken.
fn import(console: &mut Console, actor: &Actor, now: Timestamp, dir: &Path, table: &mut Table) -> Result<()> {
    let mut text =
        String::from("型号编号\t名称\t类别\t品牌\t规格型号\t单位\t管理方式\t下限\t库位\t期初数量\n");
    for n in 0..IMPORTED - 1 {
        let name = NAMES.get(n as usize % NAMES.len()).copied().unwrap_or_default();
        text.push_str(&format!(
            "\t{name}\t新到\t庚厂\tXD-{n:05}\t块\t按数量\t{}\t一号柜\t{}\n",
            n % 5,
            1 + n % 9
        ));
    }
    let source = StockImportArgs { text: Some(text), ..StockImportArgs::default() };
    let before: i64 = console.store.reader().query_row("SELECT max(n) FROM entity", [], |row| row.get(0))?;
    let host = FixedHost::new(now.checked_add(SignedDuration::from_hours(1))?, SEED);
    let (key, user) = (ed25519_dalek::SigningKey::from_bytes(&[15; 32]), UserId::new("u1")?);
    let desk = Desk { store: &console.store, contracts: &console.contracts, actor, now };
    let (looked, looking) = timed(|| desk.preview_stock(&source));
    let looked = looked.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    ensure!(looked.mistakes.is_empty(), "{:?}", looked.mistakes.first());
    let accept = StockImportAccept {
        source,
        digest: looked.digest,
        document: "RK-2025-1".to_owned(),
        idempotency_key: "bench-import".to_owned(),
    };
    let author = Author { user: &user, session: [17; 16], key: &key };
    let mut pen =
        Pen { store: &mut console.store, contracts: &console.contracts, host: &host, actor, author };
    let (taken, taking) = timed(|| pen.import_stock(&accept));
    taken.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    table.notes.push(format!(
        "import: looked at in {:.2} s, taken in {:.2} s",
        looking.as_secs_f64(),
        taking.as_secs_f64()
    ));
    let plain = plain_rows(console, before, dir)?;
    let figure = (looking + taking).as_secs_f64();
    table
        .add(format!("备件: import of {IMPORTED} rows, looked at and taken"), figure, "s", Bar::Below(5.0))
        .floor = Some(plain.as_secs_f64());
    Ok(())
}

/// The rows an import left, written plainly to an empty store in one transaction.
fn plain_rows(console: &Console, after: i64, dir: &Path) -> Result<Duration> {
    let dir = dir.join("floor");
    let target = apply::empty(&dir)?;
    let source = console.store.reader();
    let new = format!("n > {after}");
    let of_new = format!("entity > {after}");
    let parts = format!("part IN (SELECT id FROM stock_part WHERE {of_new})");
    let batch = [
        apply::rows(source, "entity", &new)?,
        apply::rows(source, "pending", &of_new)?,
        apply::rows(source, "stock_part", &of_new)?,
        apply::rows(source, "stock_movement", &of_new)?,
        apply::rows(source, "stock_effect", &parts)?,
        apply::rows(source, "stock_balance", &parts)?,
    ];
    let (written, took) = timed(|| apply::write(&target, &batch));
    written?;
    drop(target);
    std::fs::remove_dir_all(&dir).context("removing the floor's folder")?;
    Ok(took)
}

fn asking<Q, E: std::fmt::Debug>(
    questions: &[Q],
    ask: impl Fn(&Q) -> Result<(), E>,
) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(questions.len() * TIMES);
    for question in questions {
        for _ in 0..TIMES {
            let (answer, took) = timed(|| ask(question));
            answer.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            times.push(took);
        }
    }
    Ok(times)
}

fn add<'t>(table: &'t mut Table, what: &str, times: Vec<Duration>, bar: Bar) -> &'t mut super::Row {
    let spread = Percentiles::of(times);
    let row = table.add(what, spread.p99, "ms", bar);
    row.spread = Some(spread);
    row
}

/// The slowest of a few plain readings, in milliseconds.
fn floor(read: impl Fn() -> Result<()>) -> Result<f64> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let (done, took) = timed(&read);
        done?;
        times.push(took);
    }
    Ok(Percentiles::of(times).p99)
}

/// Fifty states of models, read by the list's index.
fn plain_page(conn: &Connection) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(shown, confirmed) FROM stock_part p JOIN entity ON entity.n = p.entity
         WHERE p.closed = 0 ORDER BY p.category, p.name, p.model, p.entity LIMIT 50",
    )?;
    let mut rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(rows.try_for_each(|row| row.map(drop))?)
}

fn plain_search(conn: &Connection, words: &[&str]) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM stock_text WHERE stock_text MATCH ?1")?;
    for word in words.iter().filter_map(|word| search_query(word)) {
        statement.query_row([word], |row| row.get::<_, i64>(0))?;
    }
    Ok(())
}

fn whole_balance(conn: &Connection, at: Timestamp) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT part, place, owner, sum(change) FROM stock_effect WHERE at <= ?1 GROUP BY log, part, place, owner",
    )?;
    let mut rows = statement.query_map(params![at.as_millisecond()], |row| row.get::<_, String>(0))?;
    Ok(rows.try_for_each(|row| row.map(drop))?)
}
