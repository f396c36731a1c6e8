//! Not one packet but to the centre: the story in a window, told in a network namespace that has loopback
//! and nothing else, where the kernel counts every attempt to reach anything beyond.
//!
//! In such a namespace a connection or datagram to any other host fails for want of a route, and the kernel
//! counts it (`OutNoRoutes`, RFC 4293 `ipSystemStatsOutNoRoutes`). The name server is one of those
//! hosts, so that asking for a name counts as well.

#![allow(
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and reads its environment"
)]

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use zaigang_tests::harness::programs::{run_within, tool};
use zaigang_tests::harness::screen::Screen;
use zaigang_tests::harness::screen_story::tell;

/// Set inside the namespace.
const INSIDE: &str = "ZAIGANG_ALONE";
/// Three windows on two busy cores.
const LIMIT: Duration = Duration::from_secs(280);

#[test]
fn nothing_leaves_but_to_the_centre() -> Result<()> {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let dir = tempfile::tempdir()?;
    let resolver = dir.path().join("resolv.conf");
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody's, and beyond loopback.
    std::fs::write(&resolver, "nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")?;
    let is_root = Command::new("id").arg("-u").output()?.stdout.starts_with(b"0\n");
    let mut command = Command::new(tool("unshare", "util-linux")?);
    command.args(["--net", "--mount"]);
    if !is_root {
        command.arg("--map-root-user");
    }
    let ip = tool("ip", "iproute2")?;
    let script = format!(
        "{} link set lo up && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"",
        ip.display()
    );
    command.args(["--", "sh", "-c", &script, "sh"]).arg(&resolver);
    command.arg(std::env::current_exe()?).args([
        "--exact",
        "nothing_leaves_but_to_the_centre",
        "--nocapture",
    ]);
    let said = run_within(command.env(INSIDE, "1"), LIMIT)?;
    ensure!(said.code == 0, "in the namespace:\n{}{}", said.out, said.err);
    Ok(())
}

/// The same test, alone with loopback.
fn inside() -> Result<()> {
    ensure!(attempts()? == 0, "the namespace is fresh");
    tell(|dir, name| Screen::window(dir, &format!("alone-{name}")))?;
    let seen = attempts()?;
    ensure!(seen == 0, "{seen} attempts to reach something beyond the centre");

    // And the counter counts: a connection, and a name.
    ensure!(std::net::TcpStream::connect(("192.0.2.1", 80)).is_err(), "there is no way out");
    let by_address = attempts()?;
    ensure!(by_address > 0, "an attempt by address was not counted");
    ensure!(
        std::net::ToSocketAddrs::to_socket_addrs(&("zaigang.invalid", 80)).is_err(),
        "there is no name server"
    );
    ensure!(attempts()? > by_address, "asking for a name was not counted");
    Ok(())
}

/// Attempts so far to send where no route leads, over both families.
fn attempts() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/net/snmp").context("reading the kernel's counters")?;
    let mut rows = text.lines().filter_map(|line| line.strip_prefix("Ip: "));
    let (names, values) = (rows.next().context("no names")?, rows.next().context("no values")?);
    let mut both = names.split(' ').zip(values.split(' '));
    let (_, four) = both.find(|(name, _)| *name == "OutNoRoutes").context("no OutNoRoutes")?;
    let text = std::fs::read_to_string("/proc/self/net/snmp6").unwrap_or_default();
    let six = text.lines().find_map(|line| line.strip_prefix("Ip6OutNoRoutes")).unwrap_or("0");
    Ok(four.trim().parse::<u64>()? + six.trim().parse::<u64>()?)
}
