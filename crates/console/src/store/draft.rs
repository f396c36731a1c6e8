//! Text people have not sent yet: theirs alone, and gone when another logs in here, for it may hold names
//! and phones.

use super::Store;
use super::error::Result;

/// Name under which drafts stand among the settings of this console.
const DRAFTS: &str = "draft/";

fn name(user: &str, key: &str) -> String {
    format!("{DRAFTS}{user}/{key}")
}

impl Store {
    /// The drafts of a person by their keys.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn drafts(&self, user: &str) -> Result<Vec<(String, String)>> {
        let prefix = name(user, "");
        let kept = self.settings_under(&prefix)?.into_iter();
        Ok(kept.map(|(name, text)| (name.strip_prefix(&prefix).unwrap_or(&name).to_owned(), text)).collect())
    }

    /// Keeps a draft; an empty text drops it.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn keep_draft(&mut self, user: &str, key: &str, text: &str) -> Result<()> {
        let name = name(user, key);
        if text.is_empty() { self.remove_setting(&name) } else { self.set_setting(&name, text) }
    }

    /// Drops what everybody but this person left half typed.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn drop_drafts_of_others(&mut self, user: &str) -> Result<()> {
        let own = name(user, "");
        for (name, _) in self.settings_under(DRAFTS)? {
            if !name.starts_with(&own) {
                self.remove_setting(&name)?;
            }
        }
        Ok(())
    }
}
