//! The workbench: where data is made, inspected and taken away.

pub mod scenario;
