//! How far a run has come.

use serde::Serialize;

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

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StageState {
    /// Not begun.
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
    /// Where it stands.
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

/// Where a run stands as a whole.
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
    /// Failed, with a sentence that says what, what still works and what to do.
    Failed(String),
}

/// One run of the flow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Rises with each run; a result of an older one is dropped.
    pub revision: u64,
    /// Where the run stands.
    #[serde(flatten)]
    pub phase: Phase,
    /// The six stages.
    pub stages: Vec<StageStatus>,
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
