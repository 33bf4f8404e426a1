//! The dbt project in `sql/`: read, checked and compiled to plain SQL.
//!
//! `build.rs` compiles this folder, too, so nothing here may name the rest of the crate.

mod check;
mod compile;
mod config;
mod dag;
mod definition;
mod definitions;
mod edit;
mod error;
mod jinja;
mod line_map;
mod manifest;
mod nodes;
mod properties;
mod read;
mod seed;
mod serving;
mod test_nodes;
mod variable;
mod variables;

pub use compile::Compiler;
pub use dag::{Cycle, Dag};
pub use definition::{MetricDefinition, OtherDefinition, ResultUnit};
pub use edit::{CompiledText, ReadText, RenderedText, TextFault};
pub use error::ProjectError;
pub use manifest::{
    Column, DataTest, Layer, MacroFile, Manifest, Materialization, Model, Seed, Severity, Source,
    TestKind,
};
pub use read::{Files, ParseYaml, read_project};
pub use variable::{Variable, VariableError, VariableUnit};
