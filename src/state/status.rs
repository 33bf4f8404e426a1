//! How far a run has come.

use std::rc::Rc;

use serde::Serialize;

use crate::quality::TestReport;

/// One of the six stages of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The scenario is read and checked.
    Parameters,
    /// Rows are generated.
    Rows,
    /// Rows are loaded.
    Warehouse,
    /// Models are built.
    Models,
    /// Marts are read back.
    Results,
    /// Panels are drawn.
    Charts,
}

impl Stage {
    /// The six stages, in order.
    pub const ALL: [Self; 6] = [
        Self::Parameters,
        Self::Rows,
        Self::Warehouse,
        Self::Models,
        Self::Results,
        Self::Charts,
    ];

    /// The stage's name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Parameters => "Parameters",
            Self::Rows => "Rows",
            Self::Warehouse => "Warehouse",
            Self::Models => "Models",
            Self::Results => "Results",
            Self::Charts => "Charts",
        }
    }
}

/// The state of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StageState {
    /// Not started.
    #[default]
    Waiting,
    /// Under way.
    Running,
    /// Finished.
    Done,
    /// Kept from the run before, since its inputs did not change.
    Reused,
    /// Stopped by an error or by the user.
    Stopped,
}

/// One stage of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageStatus {
    /// The stage.
    pub stage: Stage,
    /// Its state.
    pub state: StageState,
    /// Units finished: rows, or models for [`Stage::Models`].
    pub done: u64,
    /// Units expected, when known.
    pub total: Option<u64>,
    /// Milliseconds from its first unit to its last, so far.
    pub elapsed_ms: f64,
    /// What it is doing right now ("raw.events", "fct_mrr"); may be empty.
    pub detail: String,
}

impl StageStatus {
    /// About how many milliseconds its remaining units take, at the pace so far.
    ///
    /// Only for rows, which take equally long, and only once the pace has settled: a model may take
    /// a hundred times as long as the one before it, so nothing is said of models.
    #[must_use]
    pub fn remaining_ms(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > self.done)? as f64;
        let is_steady = self.stage == Stage::Rows
            && self.state == StageState::Running
            && self.elapsed_ms >= SETTLED_AFTER_MS
            && self.done as f64 >= SETTLED_SHARE * total;
        is_steady.then(|| self.elapsed_ms / self.done as f64 * (total - self.done as f64))
    }
}

/// How long a stage runs before its pace says something.
const SETTLED_AFTER_MS: f64 = 1_500.0;
/// The share of a stage that is done before its pace says something.
const SETTLED_SHARE: f64 = 0.15;

/// What a run does before its first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Starting {
    /// The run before is still letting go of the engine.
    Stopping,
    /// The engine is downloaded.
    Downloading {
        /// Bytes that have come.
        bytes: u64,
        /// Bytes in all, when the host says so.
        total: Option<u64>,
    },
    /// The engine is compiled.
    Compiling,
    /// A database is opened.
    Opening,
}

impl Starting {
    /// What it does, for the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stopping => "Stopping the previous run",
            Self::Downloading { .. } => "Downloading the engine",
            Self::Compiling => "Compiling the engine",
            Self::Opening => "Opening the database",
        }
    }
}

/// The state of a run as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase", tag = "phase", content = "reason")]
pub enum Phase {
    /// Nothing has been run.
    #[default]
    Idle,
    /// Under way.
    Running,
    /// Every stage finished.
    Ready,
    /// Cancelled by the user; the last complete dataset stays, drawn and in the warehouse.
    Cancelled,
    /// Refused, since it would not fit into the tab; says why.
    Refused(String),
    /// Failed, with a sentence that says what, what still works and what to do.
    Failed(String),
}

impl Phase {
    /// Why there is no data, for whoever waits for it while none is drawn; `None` where it is on its
    /// way.
    #[must_use]
    pub const fn why_no_data(&self) -> Option<&'static str> {
        match self {
            Self::Idle | Self::Running | Self::Ready => None,
            Self::Cancelled => {
                Some("Nothing was built: the run was cancelled before any data was ready.")
            }
            Self::Refused(_) => Some(
                "Nothing was built: the scenario is too large for this tab. Choose a size that fits.",
            ),
            Self::Failed(_) => Some("Nothing was built: the run failed before any data was ready."),
        }
    }
}

/// One run of the flow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Rises with each run; a result of an older one is dropped.
    pub revision: u64,
    /// The state of the run.
    #[serde(flatten)]
    pub phase: Phase,
    /// The six stages.
    pub stages: Vec<StageStatus>,
    /// What the run does before its first row; `None` once rows come.
    pub starting: Option<Starting>,
    /// Whether it rebuilds the previous dataset, since the engine that held it had to be ended.
    pub is_restoring: bool,
    /// Whether it makes raw rows again that the copy on this device does not hold.
    pub is_making_rows: bool,
    /// Whether it was begun again, since a worker ended on the way.
    pub is_second_try: bool,
    /// Seconds for which nothing has come on, once they are many.
    pub still_secs: Option<u32>,
    /// Edited models whose edits a cancelled run did not carry out; they wait as drafts.
    pub set_aside: Vec<String>,
    /// Bytes the engine holds, when it could be asked.
    pub memory_bytes: Option<u64>,
    /// Milliseconds since the run began.
    pub elapsed_ms: f64,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            revision: 0,
            phase: Phase::Idle,
            stages: Stage::ALL
                .into_iter()
                .map(|stage| StageStatus {
                    stage,
                    state: StageState::Waiting,
                    done: 0,
                    total: None,
                    elapsed_ms: 0.0,
                    detail: String::new(),
                })
                .collect(),
            starting: None,
            is_restoring: false,
            is_making_rows: false,
            is_second_try: false,
            still_secs: None,
            set_aside: Vec::new(),
            memory_bytes: None,
            elapsed_ms: 0.0,
        }
    }
}

impl Status {
    /// The status of `stage`.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> &StageStatus {
        &self.stages[stage as usize]
    }

    /// The status of `stage`, to be changed.
    pub fn stage_mut(&mut self, stage: Stage) -> &mut StageStatus {
        &mut self.stages[stage as usize]
    }

    /// The stage under way, if any.
    #[must_use]
    pub fn running(&self) -> Option<&StageStatus> {
        self.stages
            .iter()
            .find(|status| status.state == StageState::Running)
    }
}

/// How far the data tests of a dataset have come.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestStatus {
    /// The run whose dataset is tested.
    pub revision: u64,
    /// Whether they are under way.
    pub is_running: bool,
    /// Tests finished.
    pub done: usize,
    /// Tests in all; 0 before they begin.
    pub total: usize,
    /// What they said, once all have run.
    pub report: Option<Rc<TestReport>>,
    /// Why they stopped, when they did.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(done: u64, total: Option<u64>, elapsed_ms: f64) -> StageStatus {
        StageStatus {
            stage: Stage::Rows,
            state: StageState::Running,
            done,
            total,
            elapsed_ms,
            detail: String::new(),
        }
    }

    /// Where a run was refused, "The model is training" stood on Churn for ever.
    #[test]
    fn whoever_waits_for_a_run_that_is_over_is_told_so() {
        let ended = [
            Phase::Refused("Too large.".to_owned()),
            Phase::Failed("It broke.".to_owned()),
            Phase::Cancelled,
        ];
        for phase in ended {
            let why = phase.why_no_data().unwrap_or_default();
            assert!(why.starts_with("Nothing was built"), "{phase:?}: {why}");
        }
        let refused = Phase::Refused(String::new())
            .why_no_data()
            .unwrap_or_default();
        assert!(refused.ends_with("Choose a size that fits."), "{refused}");
        for phase in [Phase::Idle, Phase::Running, Phase::Ready] {
            assert_eq!(phase.why_no_data(), None);
        }
    }

    #[test]
    fn the_time_left_is_said_only_when_the_pace_is_steady() {
        assert_eq!(
            rows(250, Some(1_000), 2_000.0).remaining_ms(),
            Some(6_000.0)
        );
        for unsteady in [
            rows(250, Some(1_000), 1_000.0),
            rows(100, Some(1_000), 9_000.0),
            rows(250, None, 2_000.0),
            rows(1_001, Some(1_000), 2_000.0),
        ] {
            assert_eq!(unsteady.remaining_ms(), None, "{unsteady:?}");
        }
        let models = StageStatus {
            stage: Stage::Models,
            ..rows(20, Some(34), 9_000.0)
        };
        assert_eq!(models.remaining_ms(), None);
    }
}
