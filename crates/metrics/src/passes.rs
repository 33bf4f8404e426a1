//! A pass: measures that one scan of one table answers together.

use crate::declared::{Choice, PeriodAggregation};
use crate::expression::Condition;
use crate::project::{Measure, SemanticModel};
use crate::{Grain, Window};

#[derive(Debug, Clone)]
pub(crate) struct Pass<'a> {
    pub(crate) model: &'a SemanticModel,
    /// The metric it was first needed for, for what errors say.
    pub(crate) metric: String,
    pub(crate) time: &'a str,
    pub(crate) conditions: Vec<Condition>,
    /// How much later its rows count than they happened.
    pub(crate) offset: Option<Window>,
    pub(crate) kind: PassKind,
    pub(crate) measures: Vec<&'a Measure>,
}

/// How values of a day become values of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassKind {
    /// All rows of the period together.
    Plain,
    /// The rows of its last day, or of its first.
    Balance(Choice),
    /// What had come together by a day.
    Running(Running),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) window: Option<Window>,
    pub(crate) to_date: Option<Grain>,
    pub(crate) period: PeriodAggregation,
    /// Whether different members are counted, which needs a pass of its own.
    pub(crate) is_distinct: bool,
}

impl PassKind {
    /// How values of a measure become values of a period where nothing runs on.
    pub(crate) fn of(measure: &Measure) -> Self {
        measure.balance.map_or(Self::Plain, Self::Balance)
    }
}

impl Running {
    /// What comes together in a window, or since the beginning of a period, or from the first day on.
    pub(crate) const fn new(
        window: Option<Window>,
        to_date: Option<Grain>,
        period: PeriodAggregation,
    ) -> Self {
        Self {
            window,
            to_date,
            period,
            is_distinct: false,
        }
    }
}

impl Pass<'_> {
    /// Whether another measure fits in.
    pub(crate) fn takes(&self, other: &Self) -> bool {
        let is_alone = matches!(
            self.kind,
            PassKind::Running(Running {
                is_distinct: true,
                ..
            })
        );
        let is_same = self.model.name == other.model.name
            && self.time == other.time
            && self.conditions == other.conditions
            && self.offset == other.offset
            && self.kind == other.kind;
        is_same && (!is_alone || self.measures[0].name == other.measures[0].name)
    }

    /// Whether measures go by the model's usual time, by which its other tables are kept.
    pub(crate) fn is_usual_time(&self) -> bool {
        self.model.default_time.as_deref() == Some(self.time)
    }
}
