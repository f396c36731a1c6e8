//! The program `zaigang-center`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    zaigang_center::cli::run(&zaigang_center::cli::Args::parse())
}
