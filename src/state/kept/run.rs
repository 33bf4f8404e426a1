//! A run that opens a copy: nothing is generated and no model is built.

use std::rc::Rc;

use leptos::prelude::*;

use super::copy::Copy;
use super::device::key_of;
use super::standing::Kept;
use crate::state::engine::Engine;
use crate::state::run::{Published, Run, unless};
use crate::state::run_error::RunError;
use crate::state::serving::{Before, Sources};
use crate::state::vars::vars_of;
use crate::state::{Stage, StageState, Starting};
use crate::transformation::RunReport;
use crate::warehouse::WarehouseError;

impl Run {
    /// The copy of this scenario, where one may be used and is whole.
    pub(in crate::state) async fn open_copy(&self) -> Option<Rc<Kept>> {
        let keeper = self.copies?;
        // A second try of this run goes on with the copy that it has opened.
        if let Some(kept) = self.opened.borrow().clone() {
            return Some(kept);
        }
        let copy = Copy::open(key_of(&self.scenario)?).await?;
        keeper.note_copy(&copy);
        let kept = Rc::new(Kept::new(copy, keeper));
        *self.opened.borrow_mut() = Some(Rc::clone(&kept));
        Some(kept)
    }

    /// Hands on the dataset of a copy, and then starts the engine for its tables.
    pub(in crate::state) async fn carry_out_kept(
        &self,
        engine: &mut Engine,
        kept: Rc<Kept>,
    ) -> Result<(), RunError> {
        self.check()?;
        let facts = kept.facts();
        (self.report)(&|status| {
            for (stage, (done, elapsed_ms)) in status.stages.iter_mut().zip(&facts.stages) {
                let is_kept = matches!(stage.stage, Stage::Rows | Stage::Warehouse | Stage::Models);
                if is_kept {
                    stage.state = StageState::Reused;
                    (stage.done, stage.total) = (*done, Some(*done));
                    stage.elapsed_ms = *elapsed_ms;
                }
            }
        });
        let serving = self.serving(Sources {
            manifest: Rc::clone(self.edits.manifest()),
            vars: vars_of(&self.scenario, &self.edits),
            edited: Default::default(),
            before: Before::default(),
        });
        serving.restore(&facts.serving);
        (self.publish)(Published {
            warehouse: None,
            fingerprint: kept.fingerprint().to_owned(),
            models: Rc::new(facts.models.clone()),
            serving,
            based_on: None,
            changed: None,
            kept: Some(Rc::clone(&kept)),
            learned: true,
        });
        // Charts come first: the engine's program would take a core from them.
        kept.until_wanted(self.draw()).await;
        let report = Rc::clone(&self.report);
        let on_step = move |step| {
            report(&|status| status.starting = Some(Starting::from(step)));
        };
        let starting = async {
            let warehouse = engine.new_database(&self.scenario, on_step).await;
            warehouse.inspect(|warehouse| kept.stand_on(warehouse.clone()))
        };
        unless(&self.given_up, starting).await?;
        (self.report)(&|status| status.starting = None);
        kept.copy.in_store.note_use().await;
        self.draw().await
    }

    /// The run is over; what it opened and has no engine for by now will not have one.
    pub(in crate::state) fn close_copy(&self, error: Option<&RunError>) {
        if let (Some(kept), Some(error)) = (&*self.opened.borrow(), error) {
            kept.give_up(match error {
                RunError::Warehouse(error) => error.clone(),
                _ => WarehouseError::Cancelled,
            });
        }
    }

    /// Whether what a copy held is what the run made again, where it runs for that.
    pub(in crate::state) fn agrees(&self, fingerprint: &str, models: &RunReport) -> bool {
        let Some(kept) = &self.completes else {
            return false;
        };
        let rows = |report: &RunReport| {
            let rows = report.models.iter();
            let rows = rows.map(|run| (run.name.clone(), run.stands(), run.rows));
            rows.collect::<Vec<_>>()
        };
        let agrees =
            kept.fingerprint() == fingerprint && rows(&kept.facts().models) == rows(models);
        if agrees {
            let completed = Some((self.revision, Rc::clone(&kept.copy)));
            let state = kept.keeper.state;
            state.update_value(|state| state.completed = completed);
        } else {
            kept.keeper.refute_copy(&kept.copy);
        }
        agrees
    }
}
