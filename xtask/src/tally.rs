//! Adds up what the test runners say at their end, for one closing line.
//!
//! It reads `cargo test`, `cargo nextest` and `vitest`. It is for people: whether a step is green is decided
//! by the exit code alone.

use std::fmt;

/// Tests that passed and failed so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed, timed out or could not be started.
    pub(crate) failed: u32,
}

impl Tally {
    /// Takes one line of output; lines that close no run are passed over.
    pub(crate) fn hear(&mut self, line: &str) {
        let line = without_colour(line);
        let line = line.trim();
        if let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        // cargo test
        {
            self.add(counts.split(';'));
        } else if let Some(counts) = line.strip_prefix("Summary [").and_then(after_tests_run) {
            self.add(counts.split(',')); // nextest
        } else if let Some(counts) = line.strip_prefix("Tests  ") {
            self.add(counts.split('|')); // vitest
        }
    }

    fn add<'a>(&mut self, counts: impl Iterator<Item = &'a str>) {
        for count in counts {
            let mut words = count.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u32>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed" | "timed" | "exec") => self.failed += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// nextest: `0.012s] 3 tests run: 2 passed (1 slow), 1 failed, 0 skipped`.
fn after_tests_run(line: &str) -> Option<&str> {
    line.split_once(" run: ").map(|(_, counts)| counts)
}

/// Drops `ESC [ … letter`, the only sequences these runners write.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().take_while(|c| !c.is_ascii_alphabetic()).for_each(drop);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.hear(line));
        tally
    }

    #[test]
    fn adds_up_the_three_runners() {
        let tally = heard(&[
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n",
            "     Summary [   0.012s] 9 tests run: 5 passed (1 slow), 2 failed, 1 timed out, 1 exec failed, 4 skipped\n",
            "      Tests  2 failed | 10 passed (12)\n",
        ]);
        assert_eq!(tally, Tally { passed: 27, failed: 6 });
    }

    #[test]
    fn colours_and_other_lines_do_not_disturb() {
        let tally = heard(&[
            "\u{1b}[32m     Summary\u{1b}[0m [   0.012s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m passed, 0 skipped",
            "test calendar::passed ... ok",
            " Test Files  3 passed (3)",
        ]);
        assert_eq!(tally, Tally { passed: 1, failed: 0 });
    }
}
