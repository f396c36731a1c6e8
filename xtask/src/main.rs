//! Build and run tasks.
fn main() {}
