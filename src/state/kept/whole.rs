//! Raw rows made again, once something needs them that a copy does not hold.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::dataset::Dataset;
use crate::state::pipeline::Pipeline;
use crate::state::{Phase, Status};
use crate::warehouse::WarehouseError;

impl Pipeline {
    /// Waits until the dataset has raw rows.
    ///
    /// # Errors
    /// When they could not be made again.
    pub async fn until_whole(self) -> Result<(), WarehouseError> {
        match self.dataset.get_untracked() {
            Some(dataset) => dataset.whole().await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Does something once the dataset has raw rows; at once, where it has.
    pub(in crate::state) fn when_whole(self, work: impl FnOnce() + 'static) {
        let is_whole = self
            .dataset
            .with_untracked(|dataset| dataset.as_ref().is_none_or(|one| one.kept.is_none()));
        if is_whole {
            work();
            return;
        }
        spawn_local(async move {
            if self.until_whole().await.is_ok() {
                work();
            }
        });
    }

    /// Runs the scenario of `before` from its raw rows on, unless that is under way.
    pub(in crate::state) async fn make_rows(
        self,
        before: &Dataset,
    ) -> Result<Dataset, WarehouseError> {
        let state = self.keeper.state;
        let turned = state.with_value(|state| std::rc::Rc::clone(&state.turned));
        let mut awaited = None;
        loop {
            let turn = turned.notified();
            let standing = self.dataset.get_untracked();
            if let Some(standing) = standing.filter(|dataset| dataset.kept.is_none()) {
                let is_same = standing.scenario == before.scenario;
                return is_same.then_some(standing).ok_or(WarehouseError::Cancelled);
            }
            let status = self.status.get_untracked();
            let is_running = status.phase == Phase::Running;
            let is_opening = status.revision == before.revision;
            if is_running && (status.is_making_rows || !is_opening) {
                awaited = status.is_making_rows.then_some(status.revision).or(awaited);
            } else if awaited == Some(status.revision) {
                return Err(why(status));
            } else if self.scenario.get_untracked() == *before.scenario {
                self.begin_rows();
                awaited = Some(self.status.with_untracked(|status| status.revision));
            } else {
                return Err(WarehouseError::Cancelled);
            }
            turn.await;
        }
    }
}

/// Why there are no raw rows after a run for them.
fn why(status: Status) -> WarehouseError {
    match status.phase {
        Phase::Failed(reason) | Phase::Refused(reason) => WarehouseError::Query {
            sql: String::new(),
            message: format!("Its raw rows could not be made again. {reason}"),
        },
        _ => WarehouseError::Cancelled,
    }
}
