//! What happened in a run, in order: printed when it fails, hashed to prove that it repeats.

use zaigang_sync::hash::{Hash, Use, digest};

/// Lines of a run.
#[derive(Debug, Default)]
pub struct Trace {
    lines: Vec<String>,
    hash: Hash,
}

impl Trace {
    /// Adds a line.
    pub fn say(&mut self, line: String) {
        self.hash = digest(Use::Request, &[b"trace", &self.hash.0, line.as_bytes()]);
        self.lines.push(line);
    }

    /// Hash over all lines so far.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The last lines, or those that name `word` among all when given.
    #[must_use]
    pub fn shortened(&self, word: Option<&str>) -> String {
        let kept: Vec<&String> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(i, line)| i + 40 >= self.lines.len() || word.is_some_and(|w| line.contains(w)))
            .map(|(_, line)| line)
            .collect();
        let skipped = self.lines.len() - kept.len();
        let mut text = format!("… {skipped} lines left out\n");
        for line in kept {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}
