//! Stage 4, **models**: our own runner of the dbt project in `sql/`.
//!
//! `build.rs` reads and checks the project; the tab starts from the manifest it wrote, since a
//! YAML parser has no place in the page. Models are compiled and run here, over a
//! [`Warehouse`](crate::warehouse::Warehouse).

pub mod project;
mod report;
mod run;

pub use project::{
    Column, CompiledText, Compiler, Cycle, Dag, DataTest, Layer, Manifest, Materialization,
    MetricDefinition, Model, OtherDefinition, ProjectError, ReadText, RenderedText, ResultUnit,
    Seed, Severity, Source, TestKind, TextFault, Variable, VariableError, VariableUnit,
};
pub use report::{ModelRun, ModelState, RunReport};
pub use run::{
    Demand, InOrder, RunOptions, RunProgress, Selection, run_model, run_models, seed_sql, selected,
};

impl Manifest {
    /// The project this program was built with.
    ///
    /// # Errors
    /// When the manifest that `build.rs` wrote can't be read, which no built program should show.
    pub fn embedded() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/manifest.json")))
    }
}
