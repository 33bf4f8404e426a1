//! The engine beside runs: what it is busy with, how it is stopped, and that it is alive.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Phase;
use super::clock::now_ms;
use super::dataset::Dataset;
use super::edits::Edits;
use super::engine::OpenQueries;
use super::pipeline::{Busy, LONG_GRACE_MS, Pipeline};
use crate::warehouse::{CancelFlag, DuckDbEngine};

/// How long a statement that may be anybody's has to stop, once the reader cancels it.
const GRACE_MS: u32 = 300;

/// How long a statement runs before its time is shown.
const SHOWN_AFTER_MS: f64 = 1_000.0;

/// How long the engine is silent before that is shown.
const SILENT_AFTER_MS: f64 = 2_000.0;

/// How long a restarted engine must have lived to be restarted once more by itself.
const AGAIN_AFTER_MS: f64 = 20_000.0;

impl Pipeline {
    /// Stops what the engine works on: a run, or the statements and tests under way without one.
    ///
    /// They are asked first. An engine that gives no sign of life is ended, and the dataset that stood
    /// is built again; what was drawn stays on screen.
    pub fn cancel(self) {
        let is_running = self
            .status
            .with_untracked(|status| status.phase == Phase::Running);
        let open_queries = self.open_queries.get_value();
        let has_edits = self.edits.with_untracked(|edits| !edits.is_empty());
        let is_suspect = if is_running {
            has_edits || self.dataset.with_untracked(Option::is_none)
        } else {
            has_edits || !open_queries.is_idle()
        };
        if is_running || open_queries.is_idle() {
            self.cancel.with_value(CancelFlag::set);
        }
        if is_running {
            self.given_up.with_value(CancelFlag::set);
        }
        open_queries.stop();
        let Some(engine) = self.engine_now() else {
            return;
        };
        let grace_ms = if is_suspect { GRACE_MS } else { LONG_GRACE_MS };
        spawn_local(async move {
            let is_ended = engine.end_unless_answering(grace_ms).await;
            // A run notices by itself that its engine is gone.
            if is_ended && !is_running {
                self.replace_engine(None);
            }
        });
    }

    /// Builds the dataset again after its engine was ended, or ended by itself, outside a run.
    fn replace_engine(self, because: Option<String>) {
        // A view that an edit made may be what the engine was lost in.
        let models = self.set_aside(self.edits.with_untracked(Edits::cleared));
        self.restore(because);
        self.note_set_aside(models);
    }

    /// Notices when the engine ends by itself outside a run, and builds its dataset again. If it soon
    /// ends once more, that waits for the reader.
    pub(super) fn mind_engine(self) {
        let is_complete = self.status.with_untracked(|status| {
            matches!(
                status.phase,
                Phase::Ready | Phase::Cancelled | Phase::Refused(_)
            )
        });
        if !is_complete || !self.is_dataset_lost() {
            return;
        }
        let restored_ms = self.restored_ms.get_value();
        if restored_ms.is_none_or(|restored_ms| now_ms() - restored_ms > AGAIN_AFTER_MS) {
            self.replace_engine(Some("The engine stopped.".to_owned()));
        } else {
            let words = "The engine stopped again, soon after it was restarted. What is drawn stays, but can't be asked.";
            self.write_status
                .update(|status| status.phase = Phase::Failed(words.to_owned()));
        }
    }

    /// What the engine is busy with, beside a run.
    pub(super) fn busy_now(self) -> Option<Busy> {
        let is_running = self
            .status
            .with_untracked(|status| status.phase == Phase::Running);
        if is_running {
            return None;
        }
        let seconds = |ms: f64| (ms / 1_000.0) as u32;
        let oldest_ms = self.open_queries.with_value(OpenQueries::oldest_ms);
        if oldest_ms >= SHOWN_AFTER_MS {
            return Some(Busy::Statement(seconds(oldest_ms)));
        }
        let silent_ms = self.engine_now().map_or(0.0, |engine| engine.silent_ms());
        (silent_ms >= SILENT_AFTER_MS).then(|| Busy::Silent(seconds(silent_ms)))
    }

    /// The engine, also while a run holds it.
    pub(super) fn engine_now(self) -> Option<DuckDbEngine> {
        self.warehouse.with_value(|engine| engine.borrow().clone())
    }

    /// Whether the engine that holds the dataset is gone.
    pub(super) fn is_dataset_lost(self) -> bool {
        self.dataset.with_untracked(|dataset| {
            let dataset = dataset.as_ref();
            let is_stopped = |one: &Dataset| match (&one.warehouse, &one.kept) {
                (Some(warehouse), _) => warehouse.is_stopped(),
                (None, kept) => kept.as_ref().is_some_and(|kept| kept.is_stopped()),
            };
            dataset.is_some_and(is_stopped)
        })
    }
}
