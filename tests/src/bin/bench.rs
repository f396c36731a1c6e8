//! Prints the table of the project's speed bars: `bench [--orders N] [--items N] [--movements N]
//! [--only apply,lists,clocks,duty,stock]`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people: it talks to a terminal and reads its arguments"
)]

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use zaigang_tests::bench::{
    Table, apply, clocks, data::Data, duty, lists, opening, start, stock, window, wire,
};
use zaigang_tests::demo::assets::Assets;
use zaigang_tests::demo::plan::Scale;
use zaigang_tests::harness::wait::timed;

/// Parts in the order in which they run.
const PARTS: &[&str] = &["clocks", "duty", "stock", "wire", "apply", "lists", "opening", "start", "window"];

struct Arguments {
    orders: u32,
    stock: stock::Size,
    only: Vec<String>,
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments {
        orders: 100_000,
        stock: stock::Size { items: 50_000, movements: 1_000_000 },
        only: Vec::new(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} wants a value"))?;
        match word.as_str() {
            "--orders" => found.orders = value.parse().with_context(|| format!("--orders {value}"))?,
            "--items" => found.stock.items = value.parse().with_context(|| format!("--items {value}"))?,
            "--movements" => {
                found.stock.movements = value.parse().with_context(|| format!("--movements {value}"))?;
            }
            "--only" => found.only = value.split(',').map(str::to_owned).collect(),
            _ => bail!("bench does not know {word}"),
        }
    }
    if let Some(unknown) = found.only.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("there is no part {unknown}; there are {}", PARTS.join(", "));
    }
    Ok(found)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(3),
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, dir, login, password] = words.as_slice()
        && mode == "--start"
    {
        start::child(Path::new(dir), login, password, |line| println!("{line}"))?;
        return Ok(true);
    }
    let arguments = arguments()?;
    let wanted = |part: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == part);
    let assets = Assets::load()?;
    let mut table = Table::default();
    if wanted("clocks") {
        clocks::measure(&assets, &mut table)?;
    }
    if wanted("duty") {
        duty::measure(&mut table)?;
    }
    let dir = tempfile::tempdir().context("making a folder")?;
    let scale = Scale::orders(assets.logins.now, arguments.orders);
    if wanted("stock") {
        stock::measure(&assets, dir.path(), scale.until, arguments.stock, &mut table)?;
        eprintln!("{}", table.text());
    }
    let mut site = None;
    if wanted("wire") {
        site = Some(wire::measure(&assets, dir.path(), scale, &mut table)?);
        eprintln!("{}", table.text());
    }
    if ["apply", "lists", "opening", "start", "window"].into_iter().any(wanted) {
        let mut data = match site.take() {
            Some(data) => data,
            None => made(&assets, dir.path(), scale)?,
        };
        let console = apply::measure(&mut data, &mut table)?;
        if wanted("lists") {
            lists::measure(&console, &assets, scale.until, &mut table)?;
        }
        if wanted("opening") {
            opening::measure(&console, &assets, scale.until, &mut table)?;
        }
        if wanted("start") || wanted("window") {
            let (profile, account) = start::measure(&mut data, &mut table)?;
            if wanted("window") {
                window::measure(&profile, &account, &mut table)?;
            }
        }
        eprintln!("{} orders, {} events", data.orders, data.site.judged.events());
    }
    println!("{}", table.text());
    for note in &table.notes {
        println!("{note}");
    }
    Ok(table.is_ok())
}

/// The site without the wire.
fn made<'a>(assets: &'a Assets, dir: &Path, scale: Scale) -> Result<Data<'a>> {
    let mut data = Data::found(assets, dir, scale)?;
    let (worked, took) = timed(|| data.work(scale));
    worked?;
    eprintln!("made in {:.1} s", took.as_secs_f64());
    Ok(data)
}
