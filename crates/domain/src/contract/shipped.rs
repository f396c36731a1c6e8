//! The profiles compiled into the program.

use super::profile::{Profile, Text};
use crate::mistake::Mistakes;

/// Texts of a shipped profile.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its id.
    pub id: &'static str,
    /// The facts.
    pub facts: Text<'static>,
    /// Our reading of its words.
    pub reading: Text<'static>,
    /// The site's settings, where some are shipped.
    pub settings: Option<Text<'static>>,
}

macro_rules! asset {
    ($name:literal) => {
        Text { file: $name, text: include_str!(concat!("../../../../assets/contracts/", $name)) }
    };
}

/// Every shipped profile.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        id: "guangxi-petition",
        facts: asset!("guangxi-petition.toml"),
        reading: asset!("guangxi-petition.reading.toml"),
        settings: None,
    },
    Shipped {
        id: "guangxi-police",
        facts: asset!("guangxi-police.toml"),
        reading: asset!("guangxi-police.reading.toml"),
        settings: Some(asset!("guangxi-police.settings.toml")),
    },
    Shipped {
        id: "xuchang",
        facts: asset!("xuchang.toml"),
        reading: asset!("xuchang.reading.toml"),
        settings: None,
    },
    Shipped {
        id: "shaanxi-civil",
        facts: asset!("shaanxi-civil.toml"),
        reading: asset!("shaanxi-civil.reading.toml"),
        settings: None,
    },
    Shipped {
        id: "dazhou-onestop",
        facts: asset!("dazhou-onestop.toml"),
        reading: asset!("dazhou-onestop.reading.toml"),
        settings: None,
    },
];

/// The shipped texts of a contract.
#[must_use]
pub fn shipped(id: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.id == id)
}

impl Shipped {
    /// Reads the profile with the shipped settings.
    ///
    /// # Errors
    /// The mistakes in it; a test keeps the shipped ones free of any.
    pub fn load(&self) -> Result<Profile, Mistakes> {
        Profile::load(self.id, self.facts, Some(self.reading), self.settings)
    }
}

impl Profile {
    /// A shipped profile by id.
    ///
    /// # Errors
    /// The mistakes in it; a test keeps the shipped ones free of any.
    pub fn builtin(id: &str) -> Option<Result<Self, Mistakes>> {
        shipped(id).map(Shipped::load)
    }
}
