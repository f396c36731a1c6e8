//! Command line of the console.
fn main() {}
