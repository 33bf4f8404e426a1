//! Data tests in the background: they begin when the charts are drawn and never hold up the page.

use std::rc::Rc;

use leptos::prelude::*;

use super::clock::now_ms;
use super::dataset::Dataset;
use super::pipeline::Pipeline;
use super::status::TestStatus;
use super::vars::vars_of;
use crate::quality::{TestOptions, TestReport, run_tests};
use crate::transformation::{DataTest, Manifest};
use crate::warehouse::{CancelFlag, WarehouseError};

impl Pipeline {
    /// Runs the data tests of `dataset`; those whose models were kept keep their result.
    ///
    /// A newer run sets `cancel`, and what this one still says is dropped.
    pub(super) async fn test_data(self, dataset: &Dataset, cancel: &CancelFlag) {
        let revision = dataset.revision;
        let before = self.tests.get_untracked();
        let previous = before
            .report
            .filter(|_| Some(before.revision) == dataset.based_on);
        self.write_tests.set(TestStatus {
            revision,
            is_running: true,
            ..TestStatus::default()
        });
        let outcome = self
            .run_data_tests(dataset, previous.as_deref(), cancel)
            .await;
        self.report_tests(revision, |status| {
            status.is_running = false;
            match outcome {
                Ok(report) => status.report = Some(Rc::new(report)),
                Err(error) => status.error = Some(error),
            }
        });
    }

    async fn run_data_tests(
        self,
        dataset: &Dataset,
        previous: Option<&TestReport>,
        cancel: &CancelFlag,
    ) -> Result<TestReport, String> {
        let manifest = Manifest::embedded().map_err(|error| error.to_string())?;
        let vars = vars_of(&dataset.scenario, &dataset.edits);
        let mut changed = dataset.changed.as_deref().cloned().unwrap_or_default();
        changed.extend(dataset.serving.affected().iter().cloned());
        let options = TestOptions {
            models: &dataset.models,
            previous,
            changed: &changed,
            vars: &vars,
            cancel,
            now_ms: &now_ms,
        };
        let revision = dataset.revision;
        let warehouse = dataset.warehouse().map_err(|error| error.to_string())?;
        let serving = &dataset.serving;
        let ready = async |test: &DataTest| serving.ready(warehouse, &test.refs, cancel).await;
        run_tests(warehouse, &manifest, &options, ready, |progress| {
            let (done, total) = (progress.done, progress.total);
            // A signal for each would redraw the line eight hundred times.
            if done % 12 == 0 || done == total {
                self.report_tests(revision, |status| {
                    (status.done, status.total) = (done, total)
                });
            }
        })
        .await
        .map_err(|error| match error {
            WarehouseError::Cancelled => "they were stopped".to_owned(),
            error => error.to_string(),
        })
    }

    fn report_tests(self, revision: u64, change: impl FnOnce(&mut TestStatus)) {
        if self
            .tests
            .with_untracked(|status| status.revision == revision)
        {
            self.write_tests.update(change);
        }
    }
}
