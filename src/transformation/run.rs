//! Builds seeds and models in a warehouse.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::report::{ModelRun, ModelState, RunReport};
use super::{CompiledText, Compiler, Manifest, Materialization, Model, ProjectError, Seed};
use crate::warehouse::{
    CancelFlag, Place, Warehouse, WarehouseError, create_schema_sql, first_number, literal, prove,
};

/// Rows from which a fresh table is compressed at once rather than later.
const CHECKPOINT_FROM_ROWS: u64 = 400_000;

/// What to build.
#[derive(Debug, Clone, Copy, Default)]
pub enum Selection<'a> {
    /// Seeds and all models but those of the serving layer.
    #[default]
    All,
    /// Only what of these the changed nodes (`raw.events`, `fct_mrr`, a seed) affect, and what did not
    /// stand after the run before; the rest is kept.
    Changed {
        /// Sources by `source.table`, models and seeds by name.
        nodes: &'a BTreeSet<String>,
        /// The run before.
        previous: &'a RunReport,
    },
}

/// How to run.
pub struct RunOptions<'a> {
    /// What to build.
    pub selection: Selection<'a>,
    /// Models whose text is not the project's own, as they were compiled away from here: the engine
    /// must take each for one SELECT before it is built.
    pub edited: &'a BTreeMap<String, Result<CompiledText, String>>,
    /// Values of `var` that go before the project's own.
    pub vars: &'a BTreeMap<String, Value>,
    /// Stops the run between two statements, and a model under way where the warehouse can.
    pub cancel: &'a CancelFlag,
    /// The clock, in milliseconds; passed in, since a worker, a page and a test have different ones.
    pub now_ms: &'a dyn Fn() -> f64,
}

/// A step of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RunProgress<'a> {
    /// A model is being built.
    Started {
        /// Its name.
        model: &'a str,
        /// Models finished before it.
        done: usize,
        /// Models to build in all.
        total: usize,
    },
    /// A model was built, failed or was skipped.
    Finished {
        /// What became of it.
        run: &'a ModelRun,
        /// Models finished, with it.
        done: usize,
        /// Models to build in all.
        total: usize,
    },
}

/// Who waits for models while they are built: a page that draws what stands.
pub trait Demand {
    /// What each question reads that can't be answered yet, with everything behind it; the oldest
    /// question first.
    fn wanted(&self) -> Vec<BTreeSet<String>>;

    /// A model was built, failed or was skipped.
    fn built(&self, run: &ModelRun);
}

/// Nobody waits: models are built in the project's order.
#[derive(Debug, Clone, Copy, Default)]
pub struct InOrder;

impl Demand for InOrder {
    fn wanted(&self) -> Vec<BTreeSet<String>> {
        Vec::new()
    }

    fn built(&self, _: &ModelRun) {}
}

/// The place of the model to build next: of the questions that wait, the one with the fewest models
/// left is let through first.
fn next(left: &[&Model], wanted: &[BTreeSet<String>]) -> usize {
    let of = |names: &BTreeSet<String>| {
        let left = left.iter().filter(|model| names.contains(&model.name));
        left.count()
    };
    let waiting = wanted.iter().map(|names| (of(names), names));
    let soonest = waiting
        .filter(|(count, _)| *count > 0)
        .min_by_key(|(count, _)| *count);
    soonest
        .and_then(|(_, names)| left.iter().position(|model| names.contains(&model.name)))
        .unwrap_or(0)
}

/// Builds what `options` select, each model behind what it reads, and first what `demand` waits for.
/// Those of the serving layer are built one by one when first needed, by [`run_model`].
///
/// A model that fails is noted and everything that reads it is skipped; the rest is built.
///
/// # Errors
/// Only when nothing more can be built (what stands then is unknown, so the next run builds all): [`WarehouseError::Cancelled`] after a cancel,
/// [`WarehouseError::Stopped`] when the warehouse is gone.
pub async fn run_models(
    warehouse: &impl Warehouse,
    manifest: &Manifest,
    options: &RunOptions<'_>,
    demand: &impl Demand,
    mut on_progress: impl FnMut(RunProgress<'_>),
) -> Result<RunReport, WarehouseError> {
    let begun = (options.now_ms)();
    let compiler = Compiler::new(manifest, options.vars);
    let selected = selected(manifest, options.selection);
    let total = selected.len();
    let mut missing = BTreeSet::new();
    let mut report = RunReport::default();
    create_schemas(warehouse, manifest).await?;
    for seed in &manifest.seeds {
        let affected = match options.selection {
            Selection::All => true,
            Selection::Changed { nodes, .. } => nodes.contains(&seed.name),
        };
        if affected && let Err(message) = built(options, warehouse.query(&seed_sql(seed)).await)? {
            missing.insert(seed.name.clone());
            report.failed_seeds.insert(seed.name.clone(), message);
        }
    }
    let models = || manifest.models.iter().filter(|model| !model.is_serving());
    let mut runs = BTreeMap::new();
    let mut left = Vec::new();
    for model in models() {
        if selected.contains(&model.name) {
            left.push(model);
        } else {
            runs.insert(model.name.as_str(), kept(model, options.selection));
        }
    }
    for done in 0..total {
        let model = left.remove(next(&left, &demand.wanted()));
        on_progress(RunProgress::Started {
            model: &model.name,
            done,
            total,
        });
        let run = run_model(warehouse, model, &compiler, &missing, options).await?;
        if !run.stands() {
            missing.insert(model.name.clone());
        }
        on_progress(RunProgress::Finished {
            run: &run,
            done: done + 1,
            total,
        });
        demand.built(&run);
        runs.insert(&model.name, run);
    }
    report.models = models()
        .filter_map(|model| runs.remove(model.name.as_str()))
        .collect();
    report.elapsed_ms = (options.now_ms)() - begun;
    Ok(report)
}

/// Builds one model, unless something it reads is `missing`; its schema and what it reads stand already.
///
/// # Errors
/// As [`run_models`].
pub async fn run_model(
    warehouse: &impl Warehouse,
    model: &Model,
    compiler: &Result<Compiler, ProjectError>,
    missing: &BTreeSet<String>,
    options: &RunOptions<'_>,
) -> Result<ModelRun, WarehouseError> {
    let started = (options.now_ms)();
    let mut run = ModelRun {
        name: model.name.clone(),
        layer: model.layer,
        state: ModelState::Built,
        rows: None,
        elapsed_ms: 0.0,
        compiled_sql: String::new(),
        source_lines: Vec::new(),
    };
    let compiled = match (options.edited.get(&model.name), compiler) {
        (Some(edited), _) => edited.clone().map(|text| {
            run.source_lines = text.lines;
            text.sql
        }),
        (None, Ok(compiler)) => compiler.model(model).map_err(|error| error.to_string()),
        (None, Err(error)) => Err(error.to_string()),
    };
    let because = model.refs.iter().find(|name| missing.contains(*name));
    run.state = match (compiled, because) {
        (Err(error), _) => ModelState::Failed { error },
        (Ok(sql), Some(because)) => {
            run.compiled_sql = sql;
            ModelState::Skipped {
                because: because.clone(),
            }
        }
        (Ok(sql), None) => {
            run.compiled_sql = sql;
            match build(warehouse, model, &run.compiled_sql, options).await? {
                Ok(rows) => {
                    run.rows = rows;
                    ModelState::Built
                }
                Err(error) => ModelState::Failed { error },
            }
        }
    };
    run.elapsed_ms = (options.now_ms)() - started;
    Ok(run)
}

/// Names of the models that a selection builds; none of the serving layer.
#[must_use]
pub fn selected(manifest: &Manifest, selection: Selection<'_>) -> BTreeSet<String> {
    let built = || manifest.models.iter().filter(|model| !model.is_serving());
    let models = built().map(|model| model.name.clone());
    let Selection::Changed { nodes, previous } = selection else {
        return models.collect();
    };
    let Ok(dag) = manifest.dag() else {
        return models.collect();
    };
    let mut changed = nodes.clone();
    changed.extend(
        built()
            .filter(|model| !previous.model(&model.name).is_some_and(ModelRun::stands))
            .map(|model| model.name.clone()),
    );
    let affected = dag.affected_by(&changed);
    models.filter(|name| affected.contains(name)).collect()
}

/// A model that is not built again, as the run before left it.
fn kept(model: &Model, selection: Selection<'_>) -> ModelRun {
    let before = match selection {
        Selection::Changed { previous, .. } => previous.model(&model.name),
        Selection::All => None,
    };
    ModelRun {
        name: model.name.clone(),
        layer: model.layer,
        state: ModelState::Kept,
        rows: before.and_then(|run| run.rows),
        elapsed_ms: 0.0,
        compiled_sql: before.map_or_else(String::new, |run| run.compiled_sql.clone()),
        source_lines: before.map_or_else(Vec::new, |run| run.source_lines.clone()),
    }
}

async fn create_schemas(
    warehouse: &impl Warehouse,
    manifest: &Manifest,
) -> Result<(), WarehouseError> {
    let models = manifest.models.iter().map(|model| &model.schema);
    let schemas: BTreeSet<&String> = models
        .chain(manifest.seeds.iter().map(|seed| &seed.schema))
        .collect();
    for schema in schemas {
        warehouse.query(&create_schema_sql(schema)).await?;
    }
    Ok(())
}

/// Builds one model; a table's rows are known then.
async fn build(
    warehouse: &impl Warehouse,
    model: &Model,
    select: &str,
    options: &RunOptions<'_>,
) -> Result<Result<Option<u64>, String>, WarehouseError> {
    if options.edited.contains_key(&model.name) {
        let proven = prove(warehouse, select, Place::Model).await;
        if let Err(message) = built(options, proven)? {
            return Ok(Err(message));
        }
    }
    let (relation, kind) = (model.relation(), model.materialized);
    let sql = format!("create or replace {} {relation} as\n{select}", kind.name());
    let mut answer = built(options, warehouse.query_until(&sql, options.cancel).await)?;
    // Edited from view to table or back: the engine does not replace one with the other.
    if let Err(message) = &answer
        && message.contains("Existing object")
    {
        let other = match kind {
            Materialization::View => Materialization::Table,
            Materialization::Table => Materialization::View,
        };
        let drop = format!("drop {} if exists {relation}", other.name());
        if built(options, warehouse.query(&drop).await)?.is_ok() {
            answer = built(options, warehouse.query_until(&sql, options.cancel).await)?;
        }
    }
    let made = match answer {
        Ok(batches) => batches,
        Err(message) => return Ok(Err(message)),
    };
    if kind == Materialization::View {
        return Ok(Ok(None));
    }
    // The engine answers with the rows it wrote; one that does not is asked.
    let rows = match first_number(&made, 0) {
        Ok(rows) => rows,
        Err(_) => {
            let count = format!("select count(*) from {relation}");
            match built(options, warehouse.query(&count).await)? {
                Ok(batches) => first_number(&batches, 0)?,
                Err(message) => return Ok(Err(message)),
            }
        }
    };
    let rows = u64::try_from(rows).unwrap_or_default();
    if rows >= CHECKPOINT_FROM_ROWS {
        warehouse.checkpoint().await?;
    }
    Ok(Ok(Some(rows)))
}

/// Parts what one model did wrong from what ends the run.
fn built<T>(
    options: &RunOptions<'_>,
    answer: Result<T, WarehouseError>,
) -> Result<Result<T, String>, WarehouseError> {
    match answer {
        _ if options.cancel.is_set() => Err(WarehouseError::Cancelled),
        Ok(answer) => Ok(Ok(answer)),
        Err(WarehouseError::Query { message, .. } | WarehouseError::Decode { message }) => {
            Ok(Err(message))
        }
        Err(error) => Err(error),
    }
}

/// The statement that makes a seed.
#[must_use]
pub fn seed_sql(seed: &Seed) -> String {
    let relation = seed.relation();
    let columns: Vec<String> = seed
        .types
        .iter()
        .enumerate()
        .map(|(index, (name, kind))| format!("    cast(column{index} as {kind}) as {name}"))
        .collect();
    let aliases: Vec<String> = (0..seed.types.len())
        .map(|index| format!("column{index}"))
        .collect();
    let rows: Vec<String> = seed
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| match cell {
                    Some(text) => literal(text),
                    None => "null".to_owned(),
                })
                .collect();
            format!("    ({})", cells.join(", "))
        })
        .collect();
    let mut sql = format!(
        "create or replace table {relation} as\nselect\n{}\nfrom ",
        columns.join(",\n")
    );
    if rows.is_empty() {
        let nulls = vec!["null"; seed.types.len()].join(", ");
        sql.push_str(&format!(
            "(values ({nulls})) as seed({}) where false",
            aliases.join(", ")
        ));
    } else {
        sql.push_str(&format!(
            "(values\n{}\n) as seed({})",
            rows.join(",\n"),
            aliases.join(", ")
        ));
    }
    sql
}
