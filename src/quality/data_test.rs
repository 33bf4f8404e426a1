//! Runs data tests in a warehouse.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::report::{TestReport, TestRun, TestState};
use crate::transformation::{
    Compiler, DataTest, Manifest, ModelRun, ModelState, RunReport, Severity,
};
use crate::warehouse::{
    CancelFlag, Warehouse, WarehouseError, count_sql, first_number, first_rows_sql,
};

/// How to run the tests.
pub struct TestOptions<'a> {
    /// The run of the models: tests of models that can't be read are skipped.
    pub models: &'a RunReport,
    /// The tests of the run before. Results of tests whose models were all kept are kept, too.
    pub previous: Option<&'a TestReport>,
    /// Changed sources, seeds and models of the serving layer, whose own tests are run again whatever
    /// the models of the run did; and tests whose statement changed.
    pub changed: &'a BTreeSet<String>,
    /// Values of `var` that go before the project's own.
    pub vars: &'a BTreeMap<String, Value>,
    /// Stops the run between two tests, and a test under way where the warehouse can.
    pub cancel: &'a CancelFlag,
    /// The clock, in milliseconds.
    pub now_ms: &'a dyn Fn() -> f64,
}

/// A finished test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestProgress<'a> {
    /// What it said.
    pub run: &'a TestRun,
    /// Tests finished, with it.
    pub done: usize,
    /// Tests in all.
    pub total: usize,
}

/// Runs all data tests, one statement each: so each has its time, and a faulty one hurts no other.
///
/// Before a test, `ready` builds what it reads of the serving layer, and says what of that is missing.
///
/// # Errors
/// Only when nothing more can be run: [`WarehouseError::Cancelled`] after a cancel,
/// [`WarehouseError::Stopped`] when the warehouse is gone.
pub async fn run_tests(
    warehouse: &impl Warehouse,
    manifest: &Manifest,
    options: &TestOptions<'_>,
    ready: impl AsyncFn(&DataTest) -> Result<Option<String>, WarehouseError>,
    mut on_progress: impl FnMut(TestProgress<'_>),
) -> Result<TestReport, WarehouseError> {
    let begun = (options.now_ms)();
    let compiler = Compiler::new(manifest, options.vars);
    let mut missing = options.models.missing();
    missing.retain(|name| !options.models.earlier.contains(*name));
    let total = manifest.tests.len();
    let mut report = TestReport::default();
    for test in &manifest.tests {
        let run = match kept(test, options) {
            Some(run) => run,
            None => {
                let mut run = TestRun {
                    name: test.name.clone(),
                    model: test.node.clone(),
                    reads: test.refs.iter().chain(&test.sources).cloned().collect(),
                    column: test.column.clone(),
                    kind: test.kind_name().to_owned(),
                    description: test.description.clone(),
                    severity: test.severity,
                    state: TestState::Passed,
                    failures: 0,
                    elapsed_ms: 0.0,
                    compiled_sql: String::new(),
                    kept: false,
                };
                let compiled = match &compiler {
                    Ok(compiler) => compiler.test(test).map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                let mut refs = test.refs.iter();
                let because = match refs.find(|name| missing.contains(name.as_str())) {
                    Some(because) => Some(because.clone()),
                    None => ready(test).await?,
                };
                let started = (options.now_ms)();
                run.state = match (compiled, because) {
                    (Err(error), _) => TestState::Errored { error },
                    (Ok(sql), because) => {
                        run.compiled_sql = sql;
                        match because {
                            Some(because) => TestState::Skipped { because },
                            None => evaluate(warehouse, test, &mut run, options.cancel).await?,
                        }
                    }
                };
                run.elapsed_ms = (options.now_ms)() - started;
                run
            }
        };
        if options.cancel.is_set() {
            return Err(WarehouseError::Cancelled);
        }
        report.tests.push(run);
        if let Some(run) = report.tests.last() {
            on_progress(TestProgress {
                run,
                done: report.tests.len(),
                total,
            });
        }
    }
    report.elapsed_ms = (options.now_ms)() - begun;
    Ok(report)
}

/// The statement that shows at most `limit` failing rows of a test.
#[must_use]
pub fn failing_rows_sql(test: &TestRun, limit: u64) -> String {
    first_rows_sql(&test.compiled_sql, limit)
}

/// The result of the run before, when nothing the test reads was built or changed since.
fn kept(test: &DataTest, options: &TestOptions<'_>) -> Option<TestRun> {
    let before = options.previous?.test(&test.name)?;
    let models = options.models;
    let is_model_kept = |name: &String| {
        let is_kept = |run: &ModelRun| run.state == ModelState::Kept;
        models.earlier.contains(name) || models.model(name).is_none_or(is_kept)
    };
    let reads = || test.refs.iter().chain(&test.sources);
    let still = matches!(
        before.state,
        TestState::Passed | TestState::Warned | TestState::Failed
    ) && !options.changed.contains(&test.name)
        && reads().all(|name| is_model_kept(name) && !options.changed.contains(name));
    still.then(|| TestRun {
        kept: true,
        elapsed_ms: 0.0,
        ..before.clone()
    })
}

async fn evaluate(
    warehouse: &impl Warehouse,
    test: &DataTest,
    run: &mut TestRun,
    cancel: &CancelFlag,
) -> Result<TestState, WarehouseError> {
    let sql = count_sql(&run.compiled_sql);
    let failures = match warehouse.query_until(&sql, cancel).await {
        Ok(batches) => first_number(&batches, 0),
        Err(error) => Err(error),
    };
    match failures {
        Ok(failures) => {
            run.failures = u64::try_from(failures).unwrap_or_default();
            Ok(judge(test, run.failures))
        }
        Err(WarehouseError::Query { message, .. } | WarehouseError::Decode { message }) => {
            Ok(TestState::Errored { error: message })
        }
        Err(error) => Err(error),
    }
}

/// dbt's rule: an error test may fail or else warn, a warn test may only warn.
fn judge(test: &DataTest, failures: u64) -> TestState {
    if test.severity == Severity::Error && holds(&test.error_if, failures) {
        TestState::Failed
    } else if holds(&test.warn_if, failures) {
        TestState::Warned
    } else {
        TestState::Passed
    }
}

/// Evaluates a threshold like "!= 0", "> 10" or "between 1 and 5".
///
/// One that can't be read holds for any failure, as the default does.
fn holds(condition: &str, failures: u64) -> bool {
    let condition = condition.trim().to_lowercase();
    let number = |text: &str| text.trim().parse::<u64>().ok();
    if let Some((low, high)) = condition
        .strip_prefix("between ")
        .and_then(|range| range.split_once(" and "))
        .and_then(|(low, high)| Some((number(low)?, number(high)?)))
    {
        return (low..=high).contains(&failures);
    }
    // Longer signs first: `>` also begins `>=`.
    let signs = ["!=", "<>", ">=", "<=", "==", "=", ">", "<"];
    signs
        .iter()
        .find_map(|sign| {
            let bound = number(condition.strip_prefix(sign)?)?;
            Some(match *sign {
                "!=" | "<>" => failures != bound,
                ">=" => failures >= bound,
                "<=" => failures <= bound,
                ">" => failures > bound,
                "<" => failures < bound,
                _ => failures == bound,
            })
        })
        .unwrap_or(failures != 0)
}
