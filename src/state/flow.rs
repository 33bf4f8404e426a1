//! One run of the flow: `parameters → rows → warehouse → models → results → charts`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::future::{Either, select, try_join};
use gloo::timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use serde_json::Value;

use super::assets::render;
use super::awaited::Awaited;
use super::clock::now_ms;
use super::edits::Edits;
use super::engine::{Engine, Loaded, OpenQueries};
use super::ingest::{blocks_per_insert, changed_table, create_table, expected_rows};
use super::kept::{Keeper, Kept};
use super::learning::create_learned_tables;
use super::run_error::RunError;
use super::serving::{Before, Serving, Sources};
use super::size::{OutOfMemory, is_memory};
use super::vars::vars_of;
use super::{Phase, Stage, StageState, Starting, Status};
use crate::generation::{Fingerprint, Table, TableSet};
use crate::parameters::Scenario;
use crate::transformation::{
    CompiledText, Demand, InOrder, Manifest, ModelRun, ModelState, RunOptions, RunProgress,
    RunReport, Selection, run_models, selected,
};
use crate::warehouse::{
    CancelFlag, DuckDb, Home, StartStep, Warehouse, WarehouseError, counts_sql, create_schema_sql,
    create_view_sql, first_number,
};
use crate::workers::{
    BlockChecksum, GenerationPool, Request, Response, Stream, TemplateRenderer, WorkerError,
};

/// How long nothing comes on before that is told.
const STILL_AFTER_MS: f64 = 30_000.0;

/// Applies a change to the status of the run's own revision.
pub(super) type Report = dyn Fn(&dyn Fn(&mut Status));

/// A finished dataset, as a run hands it on.
pub(super) struct Published {
    /// None for one that stands on a copy.
    pub(super) warehouse: Option<DuckDb>,
    pub(super) fingerprint: String,
    pub(super) models: Rc<RunReport>,
    pub(super) serving: Rc<Serving>,
    /// The run whose tables it keeps in part.
    pub(super) based_on: Option<u64>,
    /// The sources it made anew, and the data tests that say something else.
    pub(super) changed: Option<BTreeSet<String>>,
    /// The copy that it stands on.
    pub(super) kept: Option<Rc<Kept>>,
    /// Whether what a copy says was learned stands in it.
    pub(super) learned: bool,
}

/// One run: its scenario, its clock and its way to report.
pub(super) struct Run {
    pub(super) revision: u64,
    pub(super) scenario: Scenario,
    /// The project it builds.
    pub(super) edits: Edits,
    /// Where it may open a copy that this device has.
    pub(super) copies: Option<Keeper>,
    /// The copy that it has opened.
    pub(super) opened: RefCell<Option<Rc<Kept>>>,
    /// The copy whose raw rows it makes again.
    pub(super) completes: Option<Rc<Kept>>,
    /// Raised when the reader cancels it or a newer run takes over.
    pub(super) cancel: CancelFlag,
    /// Raised when the reader cancels it. An engine that starts is then given up; a newer run would
    /// only have to start it again.
    pub(super) given_up: CancelFlag,
    /// Applies a change to the status, unless a newer run has taken over.
    pub(super) report: Rc<Report>,
    /// Hands on the first dataset of the page, whose models are still built.
    pub(super) publish_early: Box<dyn Fn(Published, Rc<Awaited>)>,
    /// Takes the first dataset back that it handed on.
    pub(super) withdraw: Box<dyn Fn()>,
    /// Hands on the finished dataset.
    pub(super) publish: Box<dyn Fn(Published)>,
    /// Hears of the tables of its serving layer.
    pub(super) on_serving: Rc<dyn Fn(Rc<RunReport>)>,
    pub(super) open_queries: OpenQueries,
    /// Renders texts of edited models away from the page.
    pub(super) renderer: TemplateRenderer,
    pub(super) started_ms: f64,
    /// When each stage began.
    pub(super) began_ms: RefCell<[f64; 6]>,
    /// When anything last came on.
    pub(super) moved_ms: Rc<Cell<f64>>,
    /// Milliseconds since the engine last said anything; `None` while nothing is asked of it.
    pub(super) engine_silent_ms: Box<dyn Fn() -> Option<f64>>,
}

impl Run {
    /// Carries the scenario through all stages; once more when a worker ended by itself on the way.
    pub(super) async fn carry_out(&self, engine: &mut Engine) -> Result<(), RunError> {
        let error = match self.carry_out_once(engine).await.map_err(named) {
            Err(error) if !self.cancel.is_set() => error,
            outcome => return outcome,
        };
        // Without the dataset before, there is more memory. An edit may be what the engine broke in.
        let is_by_neighbour = matches!(error, RunError::OutOfMemory(_)) && engine.loaded.is_some();
        let is_by_edit = !error.is_of_generation() && !self.edits.is_empty();
        if is_by_edit || !(is_by_neighbour || error.is_worth_another_try()) {
            return Err(error);
        }
        leptos::logging::warn!("the run is begun again: {error}");
        if error.is_of_generation() {
            engine.end_generation();
        } else {
            engine.shut_down();
        }
        (self.withdraw)();
        (self.report)(&|status| {
            status.stages = Status::default().stages;
            status.is_second_try = true;
        });
        self.carry_out_once(engine).await.map_err(named)
    }

    async fn carry_out_once(&self, engine: &mut Engine) -> Result<(), RunError> {
        self.begin(Stage::Parameters);
        self.end(Stage::Parameters);

        if let Some(kept) = self.open_copy().await {
            return self.carry_out_kept(engine, kept).await;
        }
        let pool = engine.pool()?;
        let report = Rc::clone(&self.report);
        let moved_ms = Rc::clone(&self.moved_ms);
        let on_step = move |step| {
            moved_ms.set(now_ms());
            report(&|status| status.starting = Some(Starting::from(step)));
        };
        on_step(StartStep::Opening);
        let opening = async {
            let opening = engine.new_database(&self.scenario, on_step);
            // Both are loading; what is missing of either is told at once.
            let listening = async { Ok(pool.ready().await?) };
            let (warehouse, ()) = try_join(opening, listening).await?;
            Ok::<_, RunError>(warehouse)
        };
        let warehouse = unless(&self.given_up, opening).await?;
        self.check()?;
        let stale = engine.stale_tables(&self.scenario);
        let kept = engine.loaded.as_ref().filter(|_| stale != TableSet::ALL);
        let rows = self.load(&pool, &warehouse, stale, kept).await?;
        let loaded_rows = raw_rows(&warehouse).await?;
        if let Some(kept) = kept {
            check_raw_rows(&kept.raw_rows, &loaded_rows, |table| !stale.contains(table))?;
        }
        create_learned_tables(&warehouse).await?;
        let fingerprint = format!("{:016x}", rows.fingerprint.dataset());
        let manifest = self.edits.manifest();
        let (models, serving) = match kept {
            Some(kept) => self.transform(&warehouse, manifest, stale, kept).await?,
            None => {
                let first = self.transform_first(&warehouse, manifest, &fingerprint);
                first.await?
            }
        };
        check_raw_rows(&loaded_rows, &raw_rows(&warehouse).await?, |_| true)?;

        let learned = match &self.completes {
            Some(kept) if self.agrees(&fingerprint, &models) => {
                kept.fill_learned(&warehouse).await?
            }
            _ => false,
        };
        let published = Published {
            warehouse: Some(warehouse.clone()),
            fingerprint,
            models: Rc::clone(&models),
            serving: Rc::clone(&serving),
            based_on: kept.map(|kept| kept.revision),
            changed: kept.map(|kept| {
                let tests = self.edits.tests_changed_from(&kept.edits);
                names_of(stale).into_iter().chain(tests).collect()
            }),
            kept: None,
            learned,
        };
        let loaded = Loaded {
            revision: self.revision,
            homes: homes(&warehouse, manifest, stale, kept, &models),
            views: views(kept, &models),
            edits: self.edits.clone(),
            warehouse,
            models,
            serving,
            scenario: self.scenario.clone(),
            raw_rows: loaded_rows,
            total_exposure: rows.total_exposure,
            fingerprint: rows.fingerprint,
        };
        engine.loaded = Some(loaded);
        (self.publish)(published);
        self.draw().await
    }

    /// Rows and warehouse: they overlap, since rows are loaded as they come.
    async fn load(
        &self,
        pool: &Rc<GenerationPool>,
        warehouse: &DuckDb,
        stale: TableSet,
        kept: Option<&Loaded>,
    ) -> Result<LoadedRows, RunError> {
        self.begin(Stage::Rows);
        let expected = expected_rows(&self.scenario);
        self.stage(Stage::Rows, |stage| {
            stage.total = stale.contains(Table::Events).then_some(expected);
        });
        if let Some(kept) = kept.filter(|_| stale == TableSet::EMPTY) {
            return self.keep_rows(warehouse, kept).await;
        }
        self.stage(Stage::Rows, |stage| stage.detail = "planning".to_owned());
        let query = self.scenario.to_query();
        let blocks = unless(&self.cancel, pool.open(&query)).await?;
        let total_exposure = match kept {
            Some(kept) if !stale.contains(Table::Events) => kept.total_exposure,
            _ => unless(&self.cancel, pool.total_exposure(blocks)).await?,
        };
        self.stage(Stage::Rows, |stage| stage.detail.clear());

        self.begin(Stage::Warehouse);
        for schema in ["raw", "truth"] {
            warehouse.query(&create_schema_sql(schema)).await?;
        }
        let mut loaded = LoadedRows {
            total_exposure,
            fingerprint: kept.map_or_else(Fingerprint::new, |kept| kept.fingerprint.clone()),
        };
        for table in Table::ALL {
            let relation = table.qualified();
            let home = kept.and_then(|kept| kept.homes.get(relation));
            if let Some(home) = home.filter(|_| !stale.contains(table)) {
                warehouse.adopt(relation, home).await?;
            }
        }
        for table in stale.iter() {
            loaded.fingerprint.forget(table);
            warehouse.query(&create_table(table)).await?;
        }
        self.check()?;

        let per_insert = blocks_per_insert(&self.scenario);
        let tables: Vec<String> = stale
            .iter()
            .map(|table| table.qualified().to_owned())
            .collect();
        let size = pool.size() as u64;
        let groups = (0..blocks.div_ceil(per_insert)).map(|group| {
            let request = Request::Blocks {
                first: group * per_insert,
                end: ((group + 1) * per_insert).min(blocks),
                total_exposure,
                tables: tables.clone(),
            };
            pool.ask((group % size) as usize, request)
        });
        // Two requests a worker keep it busy while an insert runs, and bound what waits in memory.
        // Rows are loaded in the order of the blocks, whichever worker is first.
        let mut groups = futures::stream::iter(groups).buffered(2 * pool.size());
        loop {
            let next = async { groups.next().await.transpose() };
            let Some(answer) = unless(&self.cancel, next).await? else {
                break;
            };
            self.take(warehouse, answer, stale, &mut loaded).await?;
        }
        drop(groups);
        if stale.iter().any(|table| !table.is_by_block()) {
            let answer = unless(&self.cancel, pool.ask(0, Request::GlobalTables)).await?;
            self.take(warehouse, answer, stale, &mut loaded).await?;
        }
        warehouse.checkpoint().await?;
        self.stage(Stage::Rows, |stage| stage.total = Some(stage.done));
        self.end(Stage::Rows);
        self.end(Stage::Warehouse);
        Ok(loaded)
    }

    /// No row changes: all raw tables stay where they are.
    async fn keep_rows(&self, warehouse: &DuckDb, kept: &Loaded) -> Result<LoadedRows, RunError> {
        for table in Table::ALL {
            let relation = table.qualified();
            if let Some(home) = kept.homes.get(relation) {
                warehouse.adopt(relation, home).await?;
            }
        }
        for stage in [Stage::Rows, Stage::Warehouse] {
            self.stage(stage, |stage| stage.state = StageState::Reused);
        }
        Ok(LoadedRows {
            total_exposure: kept.total_exposure,
            fingerprint: kept.fingerprint.clone(),
        })
    }

    /// Loads one answer's streams and notes their checksums; tables that stand already are left out,
    /// since the tables that belong to no user only come together.
    async fn take(
        &self,
        warehouse: &DuckDb,
        (response, buffers): (Response, Vec<Uint8Array>),
        stale: TableSet,
        loaded: &mut LoadedRows,
    ) -> Result<(), RunError> {
        self.check()?;
        let Response::Rows { streams, checksums } = response else {
            let message = "it answered something else than rows".to_owned();
            return Err(WorkerError::Failed { message }.into());
        };
        let generated: u64 = streams.iter().map(|stream| stream.rows).sum();
        self.stage(Stage::Rows, |stage| stage.done += generated);
        for BlockChecksum {
            table,
            block,
            checksum,
        } in checksums
        {
            if let Some(table) = table_of(&table).filter(|&table| stale.contains(table)) {
                loaded.fingerprint.add(table, block, checksum);
            }
        }
        for (Stream { table: name, rows }, buffer) in streams.into_iter().zip(buffers) {
            if !table_of(&name).is_some_and(|table| stale.contains(table)) {
                continue;
            }
            self.stage(Stage::Warehouse, |stage| stage.detail.clone_from(&name));
            warehouse.append_buffer(&name, buffer, rows).await?;
            self.stage(Stage::Warehouse, |stage| stage.done += rows);
            self.check()?;
        }
        if let Ok(bytes) = warehouse.memory_bytes().await {
            (self.report)(&|status| status.memory_bytes = Some(bytes));
        }
        Ok(())
    }

    /// All models, for a page that shows nothing yet: what it asks is built first, and answered as soon as it
    /// stands.
    async fn transform_first(
        &self,
        warehouse: &DuckDb,
        manifest: &Rc<Manifest>,
        fingerprint: &str,
    ) -> Result<(Rc<RunReport>, Rc<Serving>), RunError> {
        self.begin(Stage::Models);
        let vars = vars_of(&self.scenario, &self.edits);
        let edited = self.rendered_edits(&vars).await?;
        let serving = self.serving(Sources {
            manifest: Rc::clone(manifest),
            vars: vars.clone(),
            edited: edited.clone(),
            before: Before::default(),
        });
        let noted = Rc::clone(&serving);
        let on_built = move |run: &ModelRun| {
            noted.note_missing((!run.stands()).then(|| run.name.clone()));
        };
        let awaited = Rc::new(Awaited::new(Rc::clone(manifest), on_built));
        let published = Published {
            warehouse: Some(warehouse.clone()),
            fingerprint: fingerprint.to_owned(),
            models: Rc::default(),
            serving: Rc::clone(&serving),
            based_on: None,
            changed: None,
            kept: None,
            learned: false,
        };
        (self.publish_early)(published, Rc::clone(&awaited));
        let options = self.run_options(Selection::All, &edited, &vars);
        let report = self.build(warehouse, manifest, &options, &*awaited).await?;
        serving.note_missing(report.failed_seeds.keys().cloned());
        awaited.complete();
        let edited = self.edits.models();
        serving.ready(warehouse, &edited, &self.cancel).await?;
        self.check()?;
        self.end(Stage::Models);
        Ok((Rc::new(report), serving))
    }

    /// Models: those that read a changed table, and what reads them. Of the serving layer only what was
    /// edited: the reader asked for it, and is told when the engine refuses it.
    async fn transform(
        &self,
        warehouse: &DuckDb,
        manifest: &Rc<Manifest>,
        stale: TableSet,
        kept: &Loaded,
    ) -> Result<(Rc<RunReport>, Rc<Serving>), RunError> {
        self.begin(Stage::Models);
        let mut nodes = names_of(stale);
        nodes.extend(self.edits.changed_from(&kept.edits));
        let vars = vars_of(&self.scenario, &self.edits);
        let texts = self.rendered_edits(&vars).await?;
        nodes.extend(other_statements(&texts, kept));
        let selection = Selection::Changed {
            nodes: &nodes,
            previous: &kept.models,
        };
        self.adopt_models(warehouse, manifest, selection, kept)
            .await?;
        let options = self.run_options(selection, &texts, &vars);
        let mut report = self.build(warehouse, manifest, &options, &InOrder).await?;
        if stale == TableSet::EMPTY {
            self.keep_earlier(warehouse, manifest, &mut report, kept)
                .await?;
        }
        let mut changed = nodes.clone();
        let built = report.models.iter();
        let built = built.filter(|run| run.state != ModelState::Kept);
        changed.extend(built.map(|run| run.name.clone()));
        let is_of_same_rows = stale == TableSet::EMPTY;
        let serving = self.serving(Sources {
            manifest: Rc::clone(manifest),
            before: Before::new(&kept.serving, manifest, &changed, is_of_same_rows),
            vars,
            edited: texts,
        });
        let missing = report.missing().into_iter().map(str::to_owned);
        serving.note_missing(missing.filter(|name| !report.earlier.contains(name)));
        let edited = self.edits.edited_since(&kept.edits);
        serving.ready(warehouse, &edited, &self.cancel).await?;
        self.check()?;
        self.end(Stage::Models);
        Ok((Rc::new(report), serving))
    }

    pub(super) fn serving(&self, sources: Sources) -> Rc<Serving> {
        let on_serving = Rc::clone(&self.on_serving);
        Rc::new(Serving::new(sources, move |report| on_serving(report)))
    }

    const fn run_options<'a>(
        &'a self,
        selection: Selection<'a>,
        edited: &'a BTreeMap<String, Result<CompiledText, String>>,
        vars: &'a BTreeMap<String, Value>,
    ) -> RunOptions<'a> {
        RunOptions {
            selection,
            edited,
            vars,
            cancel: &self.cancel,
            now_ms: &now_ms,
        }
    }

    /// Builds models, and says how far that has come.
    async fn build(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        options: &RunOptions<'_>,
        demand: &impl Demand,
    ) -> Result<RunReport, RunError> {
        let on_progress = |progress: RunProgress<'_>| match progress {
            RunProgress::Started { model, total, .. } => self.stage(Stage::Models, |stage| {
                stage.total = Some(total as u64);
                model.clone_into(&mut stage.detail);
            }),
            RunProgress::Finished { done, .. } => {
                self.stage(Stage::Models, |stage| stage.done = done as u64)
            }
        };
        let report = run_models(warehouse, manifest, options, demand, on_progress).await?;
        self.check()?;
        match failed_unedited(&report, manifest, &self.edits) {
            Some((name, message)) => Err(RunError::Model { name, message }),
            None => Ok(report),
        }
    }

    /// The statements of the edited models: what a text makes depends on the scenario, so it is
    /// rendered anew for each run, and never by the page.
    async fn rendered_edits(
        &self,
        vars: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Result<CompiledText, String>>, RunError> {
        let mut edited = BTreeMap::new();
        for (name, text) in self.edits.texts() {
            let rendering = render(&self.renderer, name, text, vars.clone());
            let rendered =
                unless(&self.cancel, async { Ok::<_, RunError>(rendering.await) }).await?;
            let compiled = rendered.and_then(|rendered| rendered.compiled);
            let model = self.edits.original().model(name);
            let compiled = compiled.map_err(|fault| match model {
                Some(model) => fault.of(model).to_string(),
                None => fault.message,
            });
            edited.insert(name.clone(), compiled);
        }
        Ok(edited)
    }

    /// Over the same rows, a model that an edit broke and what reads it show their earlier tables:
    /// see `docs/decisions/0071-failing-edits.md`.
    async fn keep_earlier(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        report: &mut RunReport,
        kept: &Loaded,
    ) -> Result<(), RunError> {
        let missing: Vec<String> = report.missing().into_iter().map(str::to_owned).collect();
        for name in missing {
            let Some(model) = manifest.model(&name) else {
                continue;
            };
            let relation = model.relation();
            let stands = if let Some(home) = kept.homes.get(&relation) {
                warehouse.adopt(&relation, home).await
            } else if let Some(select) = kept.views.get(&name) {
                warehouse.declare_view(&relation, select).await
            } else {
                continue;
            };
            match stands {
                // The model is missing then, as its own error says; the run goes on.
                Err(WarehouseError::Query { .. }) => {}
                stands => {
                    stands?;
                    report.keep_earlier(&name, &kept.models);
                }
            }
        }
        Ok(())
    }

    /// Seeds and models that are not built again: tables stay where they are, views are declared anew.
    async fn adopt_models(
        &self,
        warehouse: &DuckDb,
        manifest: &Manifest,
        selection: Selection<'_>,
        kept: &Loaded,
    ) -> Result<(), RunError> {
        let built = selected(manifest, selection);
        let seeds = manifest
            .seeds
            .iter()
            .map(|seed| (&seed.name, seed.relation()));
        let models = manifest
            .models
            .iter()
            .map(|model| (&model.name, model.relation()));
        for (name, relation) in seeds.chain(models) {
            if built.contains(name) {
                continue;
            }
            self.check()?;
            let view = kept.models.model(name).filter(|run| run.rows.is_none());
            match (kept.homes.get(&relation), view) {
                (Some(home), _) => warehouse.adopt(&relation, home).await?,
                (None, Some(run)) => {
                    let schema = relation.split('.').next().unwrap_or_default();
                    let select = &run.compiled_sql;
                    for sql in [
                        create_schema_sql(schema),
                        create_view_sql(&relation, select),
                    ] {
                        warehouse.query(&sql).await?;
                    }
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// Results and charts: panels read their marts and draw; the run ends when they are quiet.
    pub(super) async fn draw(&self) -> Result<(), RunError> {
        self.begin(Stage::Results);
        let mut quiet = 0;
        while quiet < 3 {
            TimeoutFuture::new(16).await;
            self.check()?;
            quiet = if self.open_queries.is_idle() {
                quiet + 1
            } else {
                0
            };
        }
        self.end(Stage::Results);
        self.begin(Stage::Charts);
        // Charts are set in the tick after their rows came; two more let them paint.
        for _ in 0..2 {
            TimeoutFuture::new(16).await;
        }
        self.check()?;
        self.end(Stage::Charts);
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), RunError> {
        if self.cancel.is_set() {
            return Err(RunError::Cancelled);
        }
        Ok(())
    }

    fn begin(&self, stage: Stage) {
        self.began_ms.borrow_mut()[stage as usize] = now_ms();
        if stage > Stage::Parameters {
            (self.report)(&|status| status.starting = None);
        }
        self.stage(stage, |status| status.state = StageState::Running);
    }

    /// Lets the clocks of the run and of its stages go on while nothing else is reported.
    pub(super) fn tick(&self) {
        let now = now_ms();
        let began = *self.began_ms.borrow();
        let still_ms = now - self.moved_ms.get();
        let still_ms = (self.engine_silent_ms)().map_or(still_ms, |silent| silent.min(still_ms));
        (self.report)(&|status| {
            if status.phase != Phase::Running {
                return;
            }
            status.elapsed_ms = now - self.started_ms;
            status.still_secs = (still_ms >= STILL_AFTER_MS).then_some((still_ms / 1_000.0) as u32);
            for stage in &mut status.stages {
                if stage.state == StageState::Running {
                    stage.elapsed_ms = now - began[stage.stage as usize];
                }
            }
        });
    }

    fn end(&self, stage: Stage) {
        self.stage(stage, |status| {
            status.state = StageState::Done;
            status.detail.clear();
        });
    }

    /// Changes a stage's status; its time runs on with each change.
    fn stage(&self, stage: Stage, change: impl Fn(&mut super::StageStatus)) {
        let now = now_ms();
        self.moved_ms.set(now);
        let began = self.began_ms.borrow()[stage as usize];
        (self.report)(&|status| {
            let of_stage = status.stage_mut(stage);
            change(of_stage);
            of_stage.elapsed_ms = now - began;
            status.elapsed_ms = now - self.started_ms;
        });
    }
}

/// A model that the engine refused although neither it nor anything it reads was edited.
fn failed_unedited(
    report: &RunReport,
    manifest: &Manifest,
    edits: &Edits,
) -> Option<(String, String)> {
    let dag = manifest.dag().ok()?;
    let edited: BTreeSet<String> = edits.texts().keys().cloned().collect();
    let affected = dag.affected_by(&edited);
    report.models.iter().find_map(|run| match &run.state {
        ModelState::Failed { error } if !affected.contains(&run.name) => {
            Some((run.name.clone(), error.clone()))
        }
        _ => None,
    })
}

/// An error that memory is behind, as such.
fn named(error: RunError) -> RunError {
    let what = match &error {
        RunError::Model { name, message } if is_memory(message) => format!("building {name}"),
        RunError::Warehouse(WarehouseError::Ingest { table, message, .. })
            if is_memory(message) =>
        {
            format!("loading {table}")
        }
        RunError::Warehouse(WarehouseError::Query { message, .. }) if is_memory(message) => {
            "preparing the database".to_owned()
        }
        _ => return error,
    };
    OutOfMemory { what }.into()
}

/// Rows of each raw table; the engine knows them without reading any.
async fn raw_rows(warehouse: &DuckDb) -> Result<Vec<(Table, u64)>, WarehouseError> {
    let counts = counts_sql(Table::ALL.map(Table::qualified));
    let batches = warehouse.query(&counts).await?;
    let tables = Table::ALL.into_iter().enumerate();
    tables
        .map(|(column, table)| {
            let rows = first_number(&batches, column)?;
            Ok((table, u64::try_from(rows).unwrap_or_default()))
        })
        .collect()
}

/// Fails a run in which somebody else than the loading changed a raw table.
fn check_raw_rows(
    before: &[(Table, u64)],
    after: &[(Table, u64)],
    is_same: impl Fn(Table) -> bool,
) -> Result<(), RunError> {
    match changed_table(before, after, is_same) {
        None => Ok(()),
        Some((table, loaded, found)) => Err(RunError::RawChanged {
            table: table.qualified(),
            loaded,
            found,
        }),
    }
}

impl From<StartStep> for Starting {
    fn from(step: StartStep) -> Self {
        match step {
            StartStep::Downloading { bytes, total } => Self::Downloading { bytes, total },
            StartStep::Compiling => Self::Compiling,
            StartStep::Opening => Self::Opening,
        }
    }
}

/// Does `work`, unless `flag` is raised meanwhile: then `work` is dropped.
pub(super) async fn unless<T, E: Into<RunError>>(
    flag: &CancelFlag,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, RunError> {
    match select(pin!(work), pin!(flag.raised())).await {
        Either::Left((outcome, _)) => outcome.map_err(Into::into),
        Either::Right(_) => Err(RunError::Cancelled),
    }
}

/// What loading leaves to know.
struct LoadedRows {
    total_exposure: u64,
    fingerprint: Fingerprint,
}

/// Where each table of a finished run stands; views stand nowhere.
fn homes(
    warehouse: &DuckDb,
    manifest: &Manifest,
    stale: TableSet,
    kept: Option<&Loaded>,
    models: &RunReport,
) -> BTreeMap<String, Home> {
    let mut homes = kept.map_or_else(BTreeMap::new, |kept| kept.homes.clone());
    let here = warehouse.home();
    for table in stale.iter() {
        homes.insert(table.qualified().to_owned(), here.clone());
    }
    if kept.is_none() {
        homes.extend(
            manifest
                .seeds
                .iter()
                .map(|seed| (seed.relation(), here.clone())),
        );
    }
    for model in &manifest.models {
        let run = models.model(&model.name);
        // Over the same rows, the earlier table of a model that an edit broke stays.
        let is_earlier = stale == TableSet::EMPTY && run.is_some_and(|run| !run.stands());
        if run.is_some_and(|run| run.state != ModelState::Kept) && !is_earlier {
            homes.remove(&model.relation());
        }
        if run.is_some_and(|run| run.state == ModelState::Built && run.rows.is_some()) {
            homes.insert(model.relation(), here.clone());
        }
    }
    homes
}

/// What the models that stand as views select.
fn views(kept: Option<&Loaded>, models: &RunReport) -> BTreeMap<String, String> {
    let mut views = kept.map_or_else(BTreeMap::new, |kept| kept.views.clone());
    for run in models
        .models
        .iter()
        .filter(|run| run.state == ModelState::Built)
    {
        if run.rows.is_none() {
            views.insert(run.name.clone(), run.compiled_sql.clone());
        } else {
            views.remove(&run.name);
        }
    }
    views
}

/// Edited models that another statement was made of than stands: a text may read vars in ways that only
/// its rendering shows.
fn other_statements(
    edited: &BTreeMap<String, Result<CompiledText, String>>,
    kept: &Loaded,
) -> Vec<String> {
    let serving = kept.serving.report();
    let is_other = |name: &str, text: &CompiledText| {
        let stands = kept.models.model(name).or_else(|| serving.model(name));
        stands.is_some_and(|run| run.compiled_sql != text.sql)
    };
    let compiled = edited
        .iter()
        .filter_map(|(name, text)| Some((name, text.as_ref().ok()?)));
    let others = compiled.filter(|(name, text)| is_other(name, text));
    others.map(|(name, _)| name.clone()).collect()
}

fn names_of(tables: TableSet) -> BTreeSet<String> {
    let names = tables.iter().map(|table| table.qualified().to_owned());
    names.collect()
}

fn table_of(name: &str) -> Option<Table> {
    Table::ALL
        .into_iter()
        .find(|table| table.qualified() == name)
}
