//! Puts declared panels on the page.

use leptos::prelude::*;

use super::declared::{Panel, Source, View};
use super::learned::use_learned_filtered_rows;
use super::panel::QueryPanel;
use super::rows::{FilteredRows, use_filtered_rows, use_rows_compared_on};

/// The rows that a source gives for the filters as they are; `options` is what its statement depends on besides.
pub fn use_source<S: Source>(
    options: impl Fn() -> S::Options + Send + Sync + 'static,
) -> FilteredRows<S::Row> {
    let sql = move |filters: &_| S::sql(filters, &options());
    match (S::LEARNED, S::COMPARED_ON) {
        (Some(model), _) => use_learned_filtered_rows(model, sql),
        (None, Some(basis)) => use_rows_compared_on(basis, sql),
        (None, None) => use_filtered_rows(sql),
    }
}

/// The panel over rows of its source; `options` is what it shows depends on besides.
pub fn show<P: Panel>(
    rows: FilteredRows<<P::Source as Source>::Row>,
    options: impl Fn() -> P::Options + Clone + 'static,
) -> AnyView {
    declared::<P>(rows, options).view()
}

/// The same, before it is put on the page: it may be given a body, people or what it is split by.
pub fn declared<P: Panel>(
    rows: FilteredRows<<P::Source as Source>::Row>,
    options: impl Fn() -> P::Options + Clone + 'static,
) -> QueryPanel<<P::Source as Source>::Row> {
    let (of_caption, of_figure) = (options.clone(), options.clone());
    QueryPanel::new(&P::SPEC, rows, move |fetched| {
        P::answer(&View {
            fetched,
            options: &options(),
        })
    })
    .caption(move |fetched| {
        P::caption(&View {
            fetched,
            options: &of_caption(),
        })
    })
    .figure(P::TICKS, move |fetched, theme| {
        P::figure(
            &View {
                fetched,
                options: &of_figure(),
            },
            theme,
        )
    })
}
