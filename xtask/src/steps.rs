//! Named, timed steps, run one after another up to the first red one.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::invocation::Invocation;
use crate::tally::Tally;
use crate::workspace::Workspace;

/// One step.
pub(crate) struct Step {
    /// One word, as typed after `--only`.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) action: Action,
}

/// What a step does.
pub(crate) enum Action {
    /// Another program; its exit code decides.
    Call(Invocation),
    /// The same, a test runner whose closing lines are added up.
    Count(Invocation),
    /// A function of this program; its error decides.
    Task(fn(&Workspace) -> Result<()>),
}

impl Step {
    /// A step that calls a program.
    pub(crate) fn call(name: &'static str, invocation: Invocation) -> Self {
        Self { name, action: Action::Call(invocation) }
    }

    /// A step that calls a test runner.
    pub(crate) fn count(name: &'static str, invocation: Invocation) -> Self {
        Self { name, action: Action::Count(invocation) }
    }

    /// A step of this program.
    pub(crate) fn task(name: &'static str, task: fn(&Workspace) -> Result<()>) -> Self {
        Self { name, action: Action::Task(task) }
    }

    /// The line that does this step again and nothing else.
    pub(crate) fn again(&self) -> String {
        match &self.action {
            Action::Call(invocation) | Action::Count(invocation) => invocation.to_string(),
            Action::Task(_) => format!("cargo xtask test --only {}", self.name),
        }
    }

    fn run(&self, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
        match &self.action {
            Action::Call(invocation) => invocation.run(&workspace.root),
            Action::Count(invocation) => {
                invocation.run_counting(&workspace.root, tally, &mut std::io::stdout())
            }
            Action::Task(task) => task(workspace),
        }
    }
}

/// Runs the steps and says at the end how long each took; `false` when one was red.
pub(crate) fn run_all(workspace: &Workspace, steps: &[Step]) -> bool {
    let mut tally = Tally::default();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let began = Instant::now();
    for (index, step) in steps.iter().enumerate() {
        println!("\n── {}/{} {}: {}", index + 1, steps.len(), step.name, step.again());
        let step_began = Instant::now();
        let result = step.run(workspace, &mut tally);
        times.push((step.name, step_began.elapsed()));
        if let Err(error) = result {
            println!("\n{error:#}\n");
            println!("RED: {} after {}", step.name, spoken(step_began.elapsed()));
            println!("  only this again:  {}", step.again());
            println!("  go on from here:  cargo xtask test --from {}", step.name);
            println!("tests: {tally}; {index} of {} steps green in {}", steps.len(), spoken(began.elapsed()));
            return false;
        }
    }
    println!();
    times.iter().for_each(|(name, time)| println!("{name:>14}  {}", spoken(*time)));
    println!("tests: {tally}; all {} steps green in {}", steps.len(), spoken(began.elapsed()));
    true
}

/// An error made of findings, one a line, or nothing where there are none.
pub(crate) fn no_findings(findings: &[String]) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{}", findings.join("\n"))
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spoken_in_the_unit_people_use() {
        assert_eq!(spoken(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(605)), "10 min 05 s");
    }

    #[test]
    fn a_step_of_this_program_is_repeated_by_its_name() {
        assert_eq!(Step::task("words", |_| Ok(())).again(), "cargo xtask test --only words");
    }
}
