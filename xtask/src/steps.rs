//! The steps of a check: each with its outcome and its time, summed up at the end.

use std::fmt::Write;
use std::io;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps that were taken so far.
#[derive(Default)]
pub(crate) struct Steps {
    taken: Vec<Step>,
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    duration: Duration,
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

impl Steps {
    /// Takes a step and says whether it passed; a failure does not end the check.
    pub(crate) fn take(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n── {name}");
        let start = Instant::now();
        let outcome = match step() {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                eprintln!("failed: {error:#}");
                Outcome::Failed(format!("{error:#}"))
            }
        };
        let passed = matches!(outcome, Outcome::Passed);
        self.taken.push(Step {
            name,
            outcome,
            duration: start.elapsed(),
        });
        passed
    }

    /// Names a step that is not taken, and why.
    pub(crate) fn skip(&mut self, name: &'static str, reason: &str) {
        self.taken.push(Step {
            name,
            outcome: Outcome::Skipped(reason.to_owned()),
            duration: Duration::ZERO,
        });
    }

    /// Prints the summary; an error when a step failed.
    pub(crate) fn finish(&self) -> Result<()> {
        io::Write::write_all(&mut io::stdout(), self.summary().as_bytes())?;
        self.verdict()
    }

    fn verdict(&self) -> Result<()> {
        match self.count(|outcome| matches!(outcome, Outcome::Failed(_))) {
            0 => Ok(()),
            failed => bail!("{failed} of {} steps failed", self.taken.len()),
        }
    }

    fn summary(&self) -> String {
        let mut text = String::from("\n── summary\n");
        for Step {
            name,
            outcome,
            duration,
        } in &self.taken
        {
            let line = match outcome {
                Outcome::Passed => format!("passed   {:>7.1} s  {name}", duration.as_secs_f64()),
                Outcome::Failed(reason) => {
                    let reason = reason.replace('\n', "\n                    ");
                    format!("FAILED   {:>7.1} s  {name}: {reason}", duration.as_secs_f64())
                }
                Outcome::Skipped(reason) => format!("skipped             {name}: {reason}"),
            };
            text.push_str(&line);
            text.push('\n');
        }
        let passed = self.count(|outcome| matches!(outcome, Outcome::Passed));
        let failed = self.count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let _ = writeln!(text, "steps: {passed} passed, {failed} failed, {skipped} skipped"); // a String takes everything
        text
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.taken.iter().filter(|step| is(&step.outcome)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_whole_and_the_others_are_taken() {
        let mut steps = Steps::default();
        assert!(!steps.take("lints", || bail!("3 warnings")));
        assert!(steps.take("tests", || Ok(())));
        steps.skip("corpus", "not here");
        assert_eq!(steps.verdict().unwrap_err().to_string(), "1 of 3 steps failed");
        assert!(steps.summary().contains("  lints: 3 warnings\n"));
        assert!(steps.summary().ends_with("steps: 1 passed, 1 failed, 1 skipped\n"));
    }
}
