//! Rows of what a model has learned, which come once it is fitted and follow the filters.

use leptos::prelude::*;

use super::rows::{AnyFilteredRows, FilteredRows, Rows, use_filtered_rows};
use crate::components::panel_state::PanelFailure;
use crate::ml::Model;
use crate::results::Row;
use crate::state::filters::Filters;
use crate::state::{Fit, Pipeline};

/// How often a model was fitted on the dataset at hand; 0 until it is. Watching it, a statement is
/// asked again once there is something new to read.
pub fn use_fits(model: Model) -> Memo<u64> {
    let pipeline = expect_context::<Pipeline>();
    // Progress must not ask again, so only the count of fits is watched.
    Memo::new(move |_| pipeline.learning.with(|learning| learning.fits(model)))
}

/// Why what a model would add is not there yet, in words; `None` once it is. `what` begins the
/// sentence: "The forecast".
pub fn why_missing(pipeline: Pipeline, model: Model, what: &str) -> Option<String> {
    if let Some(why) = pipeline.why_no_data() {
        return Some(why.to_owned());
    }
    match pipeline.learning.with(|learning| learning.of(model)) {
        Fit::Waiting | Fit::Running(_) => Some(format!("{what} is still training.")),
        Fit::Failed(message) => Some(format!("{what} could not be trained: {message}")),
        Fit::Cancelled => Some(format!(
            "{what} is missing because its training was stopped. Start it again on the Model cards page."
        )),
        Fit::Fitted(_) => None,
    }
}

/// Runs the statement that `sql` gives for the filters once `model` is fitted, and whenever it is
/// fitted anew; before that the rows are waited for.
pub fn use_learned_filtered_rows<R: Row + 'static>(
    model: Model,
    sql: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> FilteredRows<R> {
    let pipeline = expect_context::<Pipeline>();
    let fits = use_fits(model);
    let asked: FilteredRows<R> = use_filtered_rows(move |filters| {
        // The tables change under the same statement: the count tells the two apart.
        let fit = fits.get();
        format!(
            "{}\n-- {} model, fit {fit}\n",
            sql(filters).trim_end(),
            model.label()
        )
    });
    once_fitted(pipeline, model, asked.any()).of()
}

/// Rows once the model is fitted, and why they are not there before.
fn once_fitted(pipeline: Pipeline, model: Model, asked: AnyFilteredRows) -> AnyFilteredRows {
    let AnyFilteredRows {
        rows, is_pending, ..
    } = asked;
    let rows = Signal::derive_local(move || {
        match pipeline.learning.with(|learning| learning.of(model)) {
            // A run that was refused leaves nothing to learn from.
            Fit::Waiting | Fit::Running(_) => {
                pipeline.why_no_data().map_or(Rows::Waiting, Rows::Missing)
            }
            Fit::Failed(message) => Rows::Failed(PanelFailure::of_model(&message)),
            Fit::Cancelled => Rows::Missing(
                "Training of this model was stopped. Start it again on the Model cards page.",
            ),
            Fit::Fitted(_) => match rows.get() {
                // An answer from before the fit.
                Rows::Here(fetched) if fetched.is_empty() && is_pending.get() => Rows::Waiting,
                rows => rows,
            },
        }
    });
    AnyFilteredRows { rows, ..asked }
}
