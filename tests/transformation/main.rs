//! The dbt runner on small projects: reading, checking, compiling, running and testing.

mod compile;
mod fake;
mod project;
mod run;
mod tests;
