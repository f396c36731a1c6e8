//! Files on this console: finding out what they are, encrypting them, showing pictures of them, and the
//! folder that holds what a person opened.
//!
//! Promises: nothing plain is written but into that folder, which is wiped; SVG and HTML are never taken
//! for anything that is shown; a picture is decoded within limits and encoded anew before it is shown.
//! Left out: where the encrypted content lies (the store) and how it travels (sync).

pub(crate) mod opened;
pub(crate) mod picture;
pub(crate) mod seal;
pub(crate) mod sniff;
pub(crate) mod staging;
