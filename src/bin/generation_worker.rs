//! A worker that makes rows.
fn main() {}
