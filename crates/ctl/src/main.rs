//! Command line of the console: `zaigangctl`.
//!
//! One file per command. The commands here are pure: they need no store, no log-in and no centre.
//! Results go to stdout, messages to stderr; exit codes are those of [`shell::Failure`].

mod calendar;
mod clock;
mod contract;
mod shell;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// 在岗命令行
#[derive(Debug, Parser)]
#[command(name = "zaigangctl", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 放假安排与办公时间
    Calendar(calendar::Arguments),
    /// 一张工单的各个时限
    Clock(clock::Arguments),
    /// 合同数据
    Contract(contract::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Calendar(arguments) => calendar::run(&arguments),
        Command::Clock(arguments) => clock::run(&arguments),
        Command::Contract(arguments) => contract::run(&arguments),
    };
    shell::exit(result)
}
