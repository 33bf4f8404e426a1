//! One run of the flow: `parameters → rows → warehouse → models → results → charts`.

use std::rc::Rc;

use futures::future::try_join;
use gloo::timers::future::TimeoutFuture;

use super::clock::now_ms;
use super::engine::{Engine, Loaded};
use super::learning::create_learned_tables;
use super::loading::{check_raw_rows, names_of, raw_rows};
use super::modelling::{homes, views};
use super::run::{Published, Run, unless};
use super::run_error::RunError;
use super::size::{OutOfMemory, is_memory};
use super::{Stage, Starting, Status};
use crate::generation::TableSet;
use crate::warehouse::{StartStep, WarehouseError};

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
