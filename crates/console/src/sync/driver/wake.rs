//! Server-sent events of the centre: which log has a new head.
//!
//! Reads only what [`PATH_WAKE`](zaigang_sync::protocol::PATH_WAKE) sends: `data:` lines, one JSON
//! [`Wake`] each, and comments that keep the connection alive. Anything else in a line is skipped,
//! for a newer centre may send more; a line without end is an error.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use zaigang_sync::protocol::Wake;

/// Longest line in bytes: a wake is below 200, a log name below 100.
const LINE_BYTES_MAX: usize = 4_096;

/// Why a stream of wakes ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WakeError {
    /// The connection ended or broke.
    #[error("the stream of wakes ended: {0}")]
    Ended(String),
    /// Not a stream of wakes.
    #[error("the stream of wakes cannot be read: {0}")]
    Malformed(&'static str),
}

type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, String>> + Send>>;

/// An open stream of wakes.
pub struct WakeStream {
    chunks: Chunks,
    lines: Lines,
}

impl fmt::Debug for WakeStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WakeStream").field("lines", &self.lines).finish_non_exhaustive()
    }
}

/// A sign of life on the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// A log has a new head.
    Wake(Wake),
    /// Bytes came, but no wake.
    Alive,
}

impl WakeStream {
    /// A stream over chunks of bytes as they come; an error is the connection's, in words.
    pub fn new(chunks: impl Stream<Item = Result<Vec<u8>, String>> + Send + 'static) -> Self {
        Self { chunks: Box::pin(chunks), lines: Lines::default() }
    }

    /// The next wake. May be dropped at any moment and called again: nothing is lost.
    ///
    /// # Errors
    /// [`WakeError`]; the stream is over then.
    pub async fn next(&mut self) -> Result<Wake, WakeError> {
        loop {
            if let Sign::Wake(wake) = self.sign().await? {
                return Ok(wake);
            }
        }
    }

    /// The next sign of life; like [`WakeStream::next`] it may be dropped.
    pub(super) async fn sign(&mut self) -> Result<Sign, WakeError> {
        if let Some(wake) = self.lines.wakes.pop_front() {
            return Ok(Sign::Wake(wake));
        }
        match self.chunks.next().await {
            Some(Ok(chunk)) => {
                self.lines.take(&chunk)?;
                Ok(self.lines.wakes.pop_front().map_or(Sign::Alive, Sign::Wake))
            }
            Some(Err(error)) => Err(WakeError::Ended(error)),
            None => Err(WakeError::Ended("closed by the centre".into())),
        }
    }
}

/// Bytes cut into lines, lines into wakes.
#[derive(Debug, Default)]
struct Lines {
    rest: Vec<u8>,
    wakes: VecDeque<Wake>,
}

impl Lines {
    fn take(&mut self, chunk: &[u8]) -> Result<(), WakeError> {
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() > LINE_BYTES_MAX {
                return Err(WakeError::Malformed("a line is too long"));
            }
            self.rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.rest);
                self.line(line.trim_ascii_end());
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) {
        let Some(json) = line.strip_prefix(b"data:") else { return };
        match serde_json::from_slice::<Wake>(json.trim_ascii_start()) {
            // Later news of a log outdates earlier, so that the queue stays as short as the list of logs.
            Ok(wake) => {
                self.wakes.retain(|waiting| waiting.log != wake.log);
                self.wakes.push_back(wake);
            }
            Err(error) => tracing::debug!(%error, "skipped a wake of another kind"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Result<Vec<(String, u64)>, WakeError> {
        let mut lines = Lines::default();
        for chunk in chunks {
            lines.take(chunk)?;
        }
        Ok(lines.wakes.into_iter().map(|wake| (wake.log, wake.seq)).collect())
    }

    const TEXT: &[u8] = b": hi\r\n\r\nevent: wake\ndata: {\"log\":\"site\",\"seq\":7}\n\ndata:{\"log\":\"c/x/common\",\"seq\":1}\r\n\r\ndata: {\"new\":1}\n\n";

    #[test]
    fn wakes_are_read_however_the_bytes_are_cut() {
        let whole = read(&[TEXT]).unwrap();
        assert_eq!(whole, [("site".to_owned(), 7), ("c/x/common".to_owned(), 1)]);
        for at in 0..TEXT.len() {
            let (front, back) = TEXT.split_at(at);
            assert_eq!(read(&[front, back]).unwrap(), whole, "cut at {at}");
        }
        let bytes: Vec<&[u8]> = TEXT.chunks(1).collect();
        assert_eq!(read(&bytes).unwrap(), whole);
    }

    #[test]
    fn later_news_outdates_earlier() {
        let text = b"data: {\"log\":\"site\",\"seq\":7}\ndata: {\"log\":\"site\",\"seq\":9}\n";
        assert_eq!(read(&[text]).unwrap(), [("site".to_owned(), 9)]);
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let error = Err(WakeError::Malformed("a line is too long"));
        assert_eq!(read(&[&[b'x'; LINE_BYTES_MAX + 1]]), error);
        assert_eq!(read(&[&[b'x'; LINE_BYTES_MAX], b"x"]), error);
        assert_eq!(read(&[&[b'x'; LINE_BYTES_MAX - 1], b"\n", &[b'y'; 100]]), Ok(vec![]));
    }
}
