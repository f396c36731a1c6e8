//! Reading ahead: pages of an encrypted store cost most the first time, and every list and search walks
//! over the same few trees.

use super::Store;
use super::error::Result;

/// What lists walk over, then what searches do; each reads its tree whole.
const TREES: [&str; 2] = [
    "SELECT count(*) FROM orders INDEXED BY orders_filter WHERE open IN (0, 1) AND unreconciled >= 0",
    "SELECT total(length(block)) FROM order_text_data",
];

impl Store {
    /// Trees there are to read ahead.
    pub const WARMED: usize = TREES.len();

    /// Reads one of them, so that the first list or search finds its pages decrypted. Changes nothing.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn warm(&self, tree: usize) -> Result<()> {
        let Some(sql) = TREES.get(tree) else { return Ok(()) };
        Ok(self.conn.query_row(sql, [], |_| Ok(()))?)
    }
}
