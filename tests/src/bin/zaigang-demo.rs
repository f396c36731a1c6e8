//! Makes the demo's folders: `zaigang-demo --dir DIR --listen ADDR [--orders N]`.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use zaigang_console::keys::Cost;
use zaigang_tests::demo::make::make;

/// 演示数据：一个中心端和几台已登记、已同步的工作台
#[derive(Debug, Parser)]
#[command(name = "zaigang-demo")]
struct Arguments {
    /// 演示数据的目录
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 中心端将要监听的地址
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// 一年内约这么多工单，代替四十五天的演示
    #[arg(long, value_name = "N")]
    orders: Option<u32>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let made = make(&arguments.dir, arguments.listen, arguments.orders, Cost::PRODUCT)?;
    println!("{} orders, {} events", made.orders, made.judged.events());
    Ok(())
}
