//! Rows of what a model has learned, which come once it is fitted and follow the filters.

use leptos::prelude::*;

use super::rows::{FilteredRows, Rows, use_filtered_rows};
use crate::ml::Model;
use crate::results::Row;
use crate::state::filters::Filters;
use crate::state::{Fit, Pipeline};

/// Runs the statement that `sql` gives for the filters once `model` is fitted, and whenever it is
/// fitted anew; before that the rows are waited for.
pub fn use_learned_filtered_rows<R: Row + 'static>(
    model: Model,
    sql: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> FilteredRows<R> {
    let pipeline = expect_context::<Pipeline>();
    // Progress must not ask anew, so only the count of fits is watched.
    let fits = Memo::new(move |_| pipeline.learning.with(|learning| learning.fits(model)));
    let FilteredRows {
        rows,
        sql,
        is_pending,
    } = use_filtered_rows(move |filters| {
        // The tables change under the same statement: the count tells the two apart.
        let fit = fits.get();
        format!(
            "{}\n-- {} model, fit {fit}\n",
            sql(filters).trim_end(),
            model.label()
        )
    });
    let rows = Signal::derive_local(move || {
        match pipeline.learning.with(|learning| learning.of(model)) {
            Fit::Waiting | Fit::Running(_) => Rows::Waiting,
            Fit::Failed(message) => Rows::Failed(message),
            Fit::Cancelled => Rows::Missing(
                "The training of this model was stopped; start it again on the Model cards page.",
            ),
            Fit::Fitted(_) => match rows.get() {
                // An answer from before the fit.
                Rows::Here(fetched) if fetched.rows.is_empty() && is_pending.get() => Rows::Waiting,
                rows => rows,
            },
        }
    });
    FilteredRows {
        rows,
        sql,
        is_pending,
    }
}
