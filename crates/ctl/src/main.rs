//! Command line of the console: `zaigangctl`.
//!
//! One file per command. `attendance`, `calendar`, `clock`, `contract`, `stock` and `roster draft|check` are
//! pure: they need no store, no log-in and no centre. The others call the door: of the running owner of the profile where one runs, else as the
//! owner themselves. Results go to stdout, messages to stderr; exit codes are those of
//! [`shell::Failure`].

mod account;
mod attendance;
mod calendar;
mod clock;
mod contract;
mod order;
mod order_text;
mod password;
mod reach;
mod record;
mod roster;
mod shell;
mod stock;
mod web;
mod work_record;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// 在岗命令行
#[derive(Debug, Parser)]
#[command(name = "zaigangctl", version)]
struct Arguments {
    #[command(flatten)]
    profile: reach::ProfileArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 放假安排与办公时间
    Calendar(calendar::Arguments),
    /// 一张工单的各个时限
    Clock(clock::Arguments),
    /// 考勤
    Attendance(attendance::Arguments),
    /// 合同数据
    Contract(contract::Arguments),
    /// 排班：由程序排出、核对、查看、发布
    Roster(roster::Arguments),
    /// 备件台账
    Stock(stock::Arguments),
    /// 在浏览器中使用本机的工作台
    Web(web::Arguments),
    /// 用登记码把本机登记到中心端
    Enrol(account::Enrol),
    /// 登录
    Login(account::Plain),
    /// 退出登录
    Logout(account::Plain),
    /// 谁在登录、数据多旧、有无待处理
    Status(account::Plain),
    /// 立即同步
    Sync(account::Plain),
    /// 工单
    Order(order::Arguments),
    /// 工作记录
    Record(work_record::Arguments),
    /// 核对本机全部记录的哈希链、签名与台账
    Verify(account::Plain),
    /// 导出未发送和未处理的记录（逐行 JSON）
    Export(record::Export),
    /// 时限按时与超时的图（SVG）
    Chart(record::Chart),
}

fn main() -> ExitCode {
    let Arguments { profile, command } = Arguments::parse();
    let result = match command {
        Command::Calendar(arguments) => calendar::run(&arguments),
        Command::Clock(arguments) => clock::run(&arguments),
        Command::Attendance(arguments) => attendance::run(&arguments),
        Command::Contract(arguments) => contract::run(&arguments),
        Command::Roster(arguments) => roster::run(&profile, &arguments),
        Command::Stock(arguments) => stock::run(&arguments),
        Command::Web(arguments) => reach::run(web::run(&profile, &arguments)),
        Command::Enrol(arguments) => reach::run(account::enrol(&profile, &arguments)),
        Command::Login(arguments) => reach::run(account::login(&profile, &arguments)),
        Command::Logout(arguments) => reach::run(account::logout(&profile, &arguments)),
        Command::Status(arguments) => reach::run(account::status(&profile, &arguments)),
        Command::Sync(arguments) => reach::run(account::sync(&profile, &arguments)),
        Command::Order(arguments) => reach::run(order::run(&profile, &arguments)),
        Command::Record(arguments) => reach::run(work_record::run(&profile, &arguments)),
        Command::Verify(arguments) => reach::run(record::verify(&profile, &arguments)),
        Command::Export(arguments) => reach::run(record::export(&profile, &arguments)),
        Command::Chart(arguments) => reach::run(record::chart(&profile, &arguments)),
    };
    shell::exit(result)
}
