//! Writes a scenario's raw tables as Parquet.
fn main() {}
