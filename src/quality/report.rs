//! What the data tests said.

use serde::{Deserialize, Serialize};

use crate::transformation::Severity;

/// What one test said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum TestState {
    /// Nothing is wrong, or less than its threshold.
    Passed,
    /// Rows are to be looked at.
    Warned,
    /// Rows are wrong.
    Failed,
    /// The engine or the compiler refused the test itself.
    Errored {
        /// In its own words.
        error: String,
    },
    /// Not run, since a model it reads is missing.
    Skipped {
        /// The missing model.
        because: String,
    },
}

/// One data test in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRun {
    /// dbt's name of it.
    pub name: String,
    /// The model, seed or `source.table` it is declared on; none for singular tests.
    pub model: Option<String>,
    /// Models, seeds and sources it reads.
    pub reads: Vec<String>,
    /// The column it is declared on.
    pub column: Option<String>,
    /// The generic test's name, or `singular`.
    pub kind: String,
    /// What it checks, in words; may be empty.
    pub description: String,
    /// What a failure means.
    pub severity: Severity,
    /// What it said.
    #[serde(flatten)]
    pub state: TestState,
    /// Rows it returned.
    pub failures: u64,
    /// Milliseconds it took; 0 when its result was kept.
    pub elapsed_ms: f64,
    /// The SELECT that returns the failing rows; empty when it could not be compiled.
    pub compiled_sql: String,
    /// Whether the result is from the run before, since nothing it reads changed.
    pub kept: bool,
}

/// All data tests of one run, in the order of the models they test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TestReport {
    /// The tests.
    pub tests: Vec<TestRun>,
    /// Milliseconds from first to last.
    pub elapsed_ms: f64,
}

/// How many tests said what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TestCounts {
    /// Passed.
    pub passed: usize,
    /// Warned.
    pub warned: usize,
    /// Failed, or could not be run.
    pub failed: usize,
    /// Skipped.
    pub skipped: usize,
}

impl TestReport {
    /// Counts all tests.
    #[must_use]
    pub fn counts(&self) -> TestCounts {
        count(self.tests.iter())
    }

    /// Counts the tests of one model: those declared on it and singular ones that read it.
    #[must_use]
    pub fn counts_of(&self, model: &str) -> TestCounts {
        count(self.of(model))
    }

    /// The tests of one model: those declared on it and singular ones that read it.
    pub fn of<'a>(&'a self, model: &'a str) -> impl Iterator<Item = &'a TestRun> {
        self.tests.iter().filter(move |test| match &test.model {
            Some(declared) => declared == model,
            None => test.reads.iter().any(|read| read == model),
        })
    }

    /// The run of a test.
    #[must_use]
    pub fn test(&self, name: &str) -> Option<&TestRun> {
        self.tests.iter().find(|test| test.name == name)
    }

    /// Tests that warned, failed or could not be run.
    pub fn not_passed(&self) -> impl Iterator<Item = &TestRun> {
        self.tests
            .iter()
            .filter(|test| !matches!(test.state, TestState::Passed | TestState::Skipped { .. }))
    }
}

fn count<'a>(tests: impl Iterator<Item = &'a TestRun>) -> TestCounts {
    let mut counts = TestCounts::default();
    for test in tests {
        let counter = match test.state {
            TestState::Passed => &mut counts.passed,
            TestState::Warned => &mut counts.warned,
            TestState::Failed | TestState::Errored { .. } => &mut counts.failed,
            TestState::Skipped { .. } => &mut counts.skipped,
        };
        *counter += 1;
    }
    counts
}
