//! A table of figures.

use leptos::prelude::*;

use super::table::Table;

/// A table with sticky headings and figures aligned right.
#[component]
pub fn DataTable(
    /// What it shows.
    table: Table,
    /// What it is called, for those who don't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let Table { columns, rows } = table;
    let numeric: Vec<bool> = columns.iter().map(|column| column.is_number).collect();
    let class = move |is_number: bool| if is_number { "number" } else { "" };
    let headings = columns
        .into_iter()
        .map(|column| view! { <th scope="col" class=class(column.is_number)>{column.name}</th> })
        .collect_view();
    let body = rows
        .into_iter()
        .map(|row| {
            let cells = row.into_iter().zip(&numeric);
            let cells = cells
                .map(|(cell, is_number)| view! { <td class=class(*is_number)>{cell}</td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="data-table">
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
