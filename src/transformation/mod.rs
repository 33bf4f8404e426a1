//! Stage 4, **models**: our own runner of the dbt project in `sql/`.
//!
//! The crate [`project`] reads, checks and compiles it; models are run here, over a
//! [`Warehouse`](crate::warehouse::Warehouse).

mod report;
mod run;

pub use project;
pub use project::{
    Column, CompiledText, Compiler, Cycle, Dag, DataTest, Layer, Manifest, Materialization,
    MetricDefinition, Model, OtherDefinition, ProjectError, ReadText, RenderedText, ResultUnit,
    Seed, Severity, Source, TestKind, TextFault, Variable, VariableError, VariableUnit,
    declared_metrics,
};
pub use report::{ModelRun, ModelState, RunReport};
pub use run::{
    Demand, InOrder, RunOptions, RunProgress, Selection, run_model, run_models, seed_sql, selected,
};
