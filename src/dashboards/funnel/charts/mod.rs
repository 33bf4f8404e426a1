//! The page's charts: pure functions from rows to [`charming::Chart`].

pub mod activation;
pub mod attribution;
pub mod experiment;
pub mod paths;
pub mod segments;
pub mod steps;
pub mod times;
