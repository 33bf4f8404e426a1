//! The tables of the serving layer in the warehouse, each built once a dataset and when first needed
//! (`docs/decisions/0161-serving-layer.md`).

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures::lock::Mutex;
use serde_json::Value;

use super::clock::now_ms;
use crate::transformation::{
    CompiledText, Compiler, Manifest, Model, ModelRun, ModelState, ProjectError, RunOptions,
    RunReport, Selection, run_model,
};
use crate::warehouse::{
    CancelFlag, DuckDb, Home, Warehouse as _, WarehouseError, create_schema_sql,
};

/// What became of the tables of a dataset's serving layer so far; one that is not in it waits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServingStatus {
    /// The run whose dataset they are made from.
    pub revision: u64,
    /// The tables that were needed, in the order in which they were built.
    pub report: Rc<RunReport>,
}

/// A table, and the database that holds it.
type Standing = (ModelRun, Home);

/// The tables of the dataset before, for one that is based on it.
#[derive(Default)]
pub(super) struct Before {
    /// Models whose rows the run may have changed.
    affected: BTreeSet<String>,
    /// Tables that are still right, and those of affected models over the same raw rows, which stay
    /// where an edit breaks a model (decision 0071). Each is let go once it is not needed any more.
    tables: RefCell<BTreeMap<String, Standing>>,
}

impl Before {
    /// What is left of `serving` once `changed` nodes are other than they were.
    pub(super) fn new(
        serving: &Serving,
        manifest: &Manifest,
        changed: &BTreeSet<String>,
        is_of_same_rows: bool,
    ) -> Self {
        let affected = match manifest.dag() {
            Ok(dag) => dag.affected_by(changed),
            Err(_) => manifest.serving().map(|model| model.name.clone()).collect(),
        };
        let mut tables = serving.standing();
        tables.retain(|name, _| is_of_same_rows || !affected.contains(name));
        Self {
            affected,
            tables: RefCell::new(tables),
        }
    }
}

/// What a dataset's tables are built from.
pub(super) struct Sources {
    /// The project, edits included.
    pub(super) manifest: Rc<Manifest>,
    /// Values of `var`.
    pub(super) vars: BTreeMap<String, Value>,
    /// Models whose text is not the project's own, as [`RunOptions::edited`].
    pub(super) edited: BTreeMap<String, Result<CompiledText, String>>,
    /// The dataset before.
    pub(super) before: Before,
}

/// The serving layer of one dataset.
pub(super) struct Serving {
    sources: Sources,
    compiler: OnceCell<Result<Compiler, ProjectError>>,
    /// Models and seeds of the run that can't be read.
    missing: RefCell<BTreeSet<String>>,
    report: RefCell<Rc<RunReport>>,
    /// Which database holds each table that stands.
    homes: RefCell<BTreeMap<String, Home>>,
    /// Held while one is built, so that none is built twice.
    building: Mutex<()>,
    on_change: Box<dyn Fn(Rc<RunReport>)>,
}

impl Serving {
    /// None has been built yet; `on_change` hears of each that is.
    pub(super) fn new(sources: Sources, on_change: impl Fn(Rc<RunReport>) + 'static) -> Self {
        Self {
            sources,
            compiler: OnceCell::new(),
            missing: RefCell::default(),
            report: RefCell::default(),
            homes: RefCell::default(),
            building: Mutex::new(()),
            on_change: Box::new(on_change),
        }
    }

    /// Takes over the tables of a copy: they stand, and are read from it.
    pub(super) fn restore(&self, report: &RunReport) {
        *self.report.borrow_mut() = Rc::new(report.clone());
    }

    /// Takes down models and seeds of the run that can't be read.
    pub(super) fn note_missing(&self, names: impl IntoIterator<Item = String>) {
        self.missing.borrow_mut().extend(names);
    }

    /// Builds what `sql` names and does not stand yet.
    ///
    /// # Errors
    /// Why one can't be read that it names.
    pub(super) async fn ready_for(
        &self,
        warehouse: &DuckDb,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<(), WarehouseError> {
        // The engine knows no case.
        let lower = sql.to_lowercase();
        for model in self.sources.manifest.serving_named_in(&lower) {
            self.build(warehouse, model, cancel).await?;
            if model.is_named_in(&lower) && !self.report.borrow().is_readable(&model.name) {
                return Err(WarehouseError::Query {
                    sql: sql.to_owned(),
                    message: self.why_missing(&model.name),
                });
            }
        }
        Ok(())
    }

    /// Builds the models among `names`; says which of them can't be read, if any.
    ///
    /// # Errors
    /// Only when nothing more can be built.
    pub(super) async fn ready(
        &self,
        warehouse: &DuckDb,
        names: &BTreeSet<String>,
        cancel: &CancelFlag,
    ) -> Result<Option<String>, WarehouseError> {
        let models = self.sources.manifest.serving_behind(names.clone());
        for model in &models {
            self.build(warehouse, model, cancel).await?;
        }
        let report = self.report.borrow();
        let mut missing = models.iter().map(|model| &model.name);
        let missing = missing.find(|name| names.contains(*name) && !report.is_readable(name));
        Ok(missing.cloned())
    }

    /// Builds all of them, as long as `is_wanted`; between two, others may ask the warehouse.
    ///
    /// # Errors
    /// Only when nothing more can be built.
    pub(super) async fn build_all(
        &self,
        warehouse: &DuckDb,
        is_wanted: impl Fn() -> bool,
        cancel: impl Fn() -> CancelFlag,
    ) -> Result<(), WarehouseError> {
        for model in self.sources.manifest.serving() {
            if !is_wanted() {
                break;
            }
            self.build(warehouse, model, &cancel()).await?;
        }
        Ok(())
    }

    /// What became of them so far.
    pub(super) fn report(&self) -> Rc<RunReport> {
        Rc::clone(&self.report.borrow())
    }

    /// Models whose rows the run may have changed, where it is based on a dataset before.
    pub(super) const fn affected(&self) -> &BTreeSet<String> {
        &self.sources.before.affected
    }

    /// The tables that a dataset based on this one finds.
    pub(super) fn standing(&self) -> BTreeMap<String, Standing> {
        let (report, homes) = (self.report.borrow(), self.homes.borrow());
        let before = &self.sources.before;
        // One that nobody needed of this dataset may still be right.
        let mut standing = before.tables.borrow().clone();
        standing.retain(|name, _| !before.affected.contains(name));
        for run in &report.models {
            match homes.get(&run.name) {
                Some(home) => standing.insert(run.name.clone(), (run.clone(), home.clone())),
                None => standing.remove(&run.name),
            };
        }
        standing
    }

    /// Builds a model, unless its table stands; what it reads stands, or is known to be missing.
    async fn build(
        &self,
        warehouse: &DuckDb,
        model: &Model,
        cancel: &CancelFlag,
    ) -> Result<(), WarehouseError> {
        let name = model.name.as_str();
        if self.report.borrow().is_readable(name) {
            return Ok(());
        }
        let _building = self.building.lock().await;
        if self.report.borrow().is_readable(name) {
            return Ok(());
        }
        let before = &self.sources.before;
        let table = before.tables.borrow().get(name).cloned();
        let is_affected = before.affected.contains(name);
        if let Some((run, home)) = table.clone().filter(|_| !is_affected)
            && adopted(warehouse, model, &home).await?
        {
            let kept = ModelRun {
                state: ModelState::Kept,
                elapsed_ms: 0.0,
                ..run
            };
            self.note(kept, Some(home), false);
            return Ok(());
        }
        let run = self.run(warehouse, model, cancel).await?;
        if run.stands() {
            let home = run.rows.map(|_| warehouse.home());
            self.note(run, home, false);
            return Ok(());
        }
        match table {
            Some((earlier, home)) if adopted(warehouse, model, &home).await? => {
                let rows = earlier.rows;
                self.note(ModelRun { rows, ..run }, Some(home), true);
            }
            _ => self.note(run, None, false),
        }
        Ok(())
    }

    async fn run(
        &self,
        warehouse: &DuckDb,
        model: &Model,
        cancel: &CancelFlag,
    ) -> Result<ModelRun, WarehouseError> {
        let Sources {
            manifest,
            vars,
            edited,
            before: _,
        } = &self.sources;
        let compiler = self.compiler.get_or_init(|| Compiler::new(manifest, vars));
        let mut missing = self.missing.borrow().clone();
        {
            let report = self.report.borrow();
            let own = report.models.iter().map(|run| run.name.clone());
            missing.extend(own.filter(|name| !report.is_readable(name)));
        }
        warehouse.query(&create_schema_sql(&model.schema)).await?;
        let options = RunOptions {
            selection: Selection::All,
            edited,
            vars,
            cancel,
            now_ms: &now_ms,
        };
        run_model(warehouse, model, compiler, &missing, &options).await
    }

    /// Takes down what became of a model, in the place of what became of it before.
    fn note(&self, run: ModelRun, home: Option<Home>, is_earlier: bool) {
        let name = run.name.clone();
        if let Some(home) = home {
            self.homes.borrow_mut().insert(name.clone(), home);
        }
        let report = {
            let mut report = self.report.borrow_mut();
            if run.stands() || is_earlier {
                self.sources.before.tables.borrow_mut().remove(&name);
            }
            let new = Rc::make_mut(&mut report);
            new.elapsed_ms += run.elapsed_ms;
            new.models.retain(|other| other.name != name);
            new.models.push(run);
            if is_earlier {
                new.earlier.insert(name);
            }
            Rc::clone(&report)
        };
        (self.on_change)(report);
    }

    fn why_missing(&self, name: &str) -> String {
        let report = self.report.borrow();
        match report.model(name).map(|run| &run.state) {
            Some(ModelState::Failed { error }) => format!("{name} could not be built: {error}"),
            Some(ModelState::Skipped { because }) => {
                format!("{name} was not built: it reads {because}, which could not be built")
            }
            _ => format!("{name} was not built"),
        }
    }
}

/// Lets a model's table be that of another database; `false` where the engine can't.
async fn adopted(warehouse: &DuckDb, model: &Model, home: &Home) -> Result<bool, WarehouseError> {
    match warehouse.adopt(&model.relation(), home).await {
        Ok(()) => Ok(true),
        Err(WarehouseError::Query { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
