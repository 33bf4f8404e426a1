//! What a panel shows.

use std::fmt;
use std::rc::Rc;

use super::format::sentence;
use super::table::Table;

/// The state of a panel's data.
#[derive(Debug, Clone, Default)]
pub enum PanelState {
    /// Not there yet.
    #[default]
    Loading,
    /// There, and there is nothing to show; says why.
    Empty(&'static str),
    /// Not to be had.
    Failed(PanelFailure),
    /// There.
    Ready(Rc<PanelContent>),
}

/// Why a panel has no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelFailure {
    /// What failed, as a sentence.
    pub what: &'static str,
    /// The engine's, the decoder's or the model's own words.
    pub message: String,
    /// What still works and what to do, as sentences.
    pub advice: &'static str,
}

impl PanelFailure {
    /// Its rows could not be read.
    #[must_use]
    pub const fn of_rows(message: String) -> Self {
        Self {
            what: "This panel’s query failed.",
            message,
            advice: "Other panels are not affected. Open SQL to see the query.",
        }
    }

    /// The model that it shows could not be learned.
    #[must_use]
    pub fn of_model(message: &str) -> Self {
        Self {
            what: "The model behind this panel could not be trained on this scenario.",
            message: sentence(message),
            advice: "Other panels are not affected. See Model cards for details and to train it again.",
        }
    }
}

/// What stands beside a panel's chart.
#[derive(Debug, Clone, Default)]
pub struct PanelContent {
    /// The answer to the panel's question.
    pub answer: String,
    /// A remark under the chart; may be empty.
    pub caption: String,
    /// The chart's figures.
    pub table: OnDemand<Table>,
    /// The same, raw, as CSV.
    pub csv: OnDemand<String>,
}

/// Made on demand: most tables and files are never opened.
#[derive(Clone)]
pub struct OnDemand<T>(Rc<dyn Fn() -> T>);

impl<T> OnDemand<T> {
    /// Made by `make`.
    pub fn new(make: impl Fn() -> T + 'static) -> Self {
        Self(Rc::new(make))
    }

    /// Makes it.
    #[must_use]
    pub fn get(&self) -> T {
        (self.0)()
    }
}

impl<T: Default + 'static> Default for OnDemand<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T> fmt::Debug for OnDemand<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnDemand")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_models_message_is_a_sentence() {
        let failure = PanelFailure::of_model("the hold-out has 31 rows; choose more users");
        assert_eq!(
            failure.message,
            "The hold-out has 31 rows; choose more users."
        );
    }
}
